-- One row per edge of the compared graphs: the sums that its shares of the node that is left, their errors and
-- their covariance are made of.
--
-- grain:    from_no, to_no
-- columns:
--   from_no        integer  node that is left; -5: any, then the share is that of the visits at to_no
--   to_no          integer  node that is entered
--   numerator_1    bigint   moves of group 1 along the edge
--   denominator_1  bigint   moves of group 1 out of the node
--   customers_1    bigint   customers of group 1 who leave the node
--   squares_1      double   sum of the squares of its customers' moves along the edge
--   products_1     double   sum of the products of its customers' moves along the edge and out of the node
--   bases_1        double   sum of the squares of its customers' moves out of the node
--   numerator_2    bigint   the same of group 2
--   denominator_2  bigint   the same of group 2
--   customers_2    bigint   the same of group 2
--   squares_2      double   the same of group 2
--   products_2     double   the same of group 2
--   bases_2        double   the same of group 2
--   shared_nn      double   of customers in both: sum of moves along it in group 1 * along it in group 2
--   shared_nd      double   the same of along it in group 1 * out of the node in group 2
--   shared_dn      double   the same of out of the node in group 1 * along it in group 2
--   shared_dd      double   the same of out of the node in both
with

lived as (

    select group_no, customer_no, from_no, sum(moves) as moves
    from compare_moves
    group by group_no, customer_no, from_no

),

nodes as (

    select
        from_no,
        cast(sum(case when group_no = 1 then moves else 0 end) as bigint) as denominator_1,
        count(case when group_no = 1 then 1 end) as customers_1,
        cast(sum(case when group_no = 1 then moves * moves else 0 end) as double) as bases_1,
        cast(sum(case when group_no = 2 then moves else 0 end) as bigint) as denominator_2,
        count(case when group_no = 2 then 1 end) as customers_2,
        cast(sum(case when group_no = 2 then moves * moves else 0 end) as double) as bases_2
    from lived
    group by from_no

),

met as (

    select one.from_no, cast(sum(one.moves * other.moves) as double) as shared_dd
    from lived as one
    inner join lived as other on other.customer_no = one.customer_no and other.from_no = one.from_no
    where one.group_no = 1 and other.group_no = 2
    group by one.from_no

),

walked as (

    select
        edge.from_no,
        edge.to_no,
        sum(case when edge.group_no = 1 then edge.moves else 0 end) as numerator_1,
        sum(case when edge.group_no = 1 then edge.moves * edge.moves else 0 end) as squares_1,
        sum(case when edge.group_no = 1 then edge.moves * own.moves else 0 end) as products_1,
        sum(case when edge.group_no = 2 then edge.moves else 0 end) as numerator_2,
        sum(case when edge.group_no = 2 then edge.moves * edge.moves else 0 end) as squares_2,
        sum(case when edge.group_no = 2 then edge.moves * own.moves else 0 end) as products_2,
        sum(case when edge.group_no = 1 then edge.moves * other.moves end) as shared_nd,
        sum(case when edge.group_no = 2 then edge.moves * other.moves end) as shared_dn
    from compare_moves as edge
    inner join lived as own
        on own.group_no = edge.group_no
        and own.customer_no = edge.customer_no
        and own.from_no = edge.from_no
    left join lived as other
        on other.group_no = 3 - edge.group_no
        and other.customer_no = edge.customer_no
        and other.from_no = edge.from_no
    group by edge.from_no, edge.to_no

),

both_ways as (

    select one.from_no, one.to_no, cast(sum(one.moves * other.moves) as double) as shared_nn
    from compare_moves as one
    inner join compare_moves as other
        on other.customer_no = one.customer_no
        and other.from_no = one.from_no
        and other.to_no = one.to_no
    where one.group_no = 1 and other.group_no = 2
    group by one.from_no, one.to_no

)

select
    walked.from_no,
    walked.to_no,
    cast(walked.numerator_1 as bigint) as numerator_1,
    nodes.denominator_1,
    nodes.customers_1,
    cast(walked.squares_1 as double) as squares_1,
    cast(walked.products_1 as double) as products_1,
    nodes.bases_1,
    cast(walked.numerator_2 as bigint) as numerator_2,
    nodes.denominator_2,
    nodes.customers_2,
    cast(walked.squares_2 as double) as squares_2,
    cast(walked.products_2 as double) as products_2,
    nodes.bases_2,
    coalesce(both_ways.shared_nn, 0) as shared_nn,
    cast(coalesce(walked.shared_nd, 0) as double) as shared_nd,
    cast(coalesce(walked.shared_dn, 0) as double) as shared_dn,
    coalesce(met.shared_dd, 0) as shared_dd
from walked
inner join nodes on nodes.from_no = walked.from_no
left join met on met.from_no = walked.from_no
left join both_ways on both_ways.from_no = walked.from_no and both_ways.to_no = walked.to_no
order by walked.from_no, walked.to_no

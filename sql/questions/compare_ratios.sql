-- One row per measure and item: the sums that its ratios, their errors and their covariance are made of.
--
-- grain:    measure, item
-- columns:
--   measure        varchar  measure
--   item           varchar  currency of money; empty for the others
--   units_1        bigint   journeys, visits, orders or answers of group 1
--   customers_1    bigint   customers of group 1
--   numerator_1    double   sum of the numerators of group 1
--   denominator_1  double   sum of its denominators
--   squares_1      double   sum of the squares of its customers' numerators
--   products_1     double   sum of the products of its customers' numerators and denominators
--   bases_1        double   sum of the squares of its customers' denominators
--   units_2        bigint   the same of group 2
--   customers_2    bigint   the same of group 2
--   numerator_2    double   the same of group 2
--   denominator_2  double   the same of group 2
--   squares_2      double   the same of group 2
--   products_2     double   the same of group 2
--   bases_2        double   the same of group 2
--   shared_nn      double   of customers in both: sum of numerator of group 1 * numerator of group 2
--   shared_nd      double   the same of numerator of group 1 * denominator of group 2
--   shared_dn      double   the same of denominator of group 1 * numerator of group 2
--   shared_dd      double   the same of the two denominators
with

paired as (

    select
        measure,
        item,
        customer_no,
        max(case when group_no = 1 then numerator end) as n1,
        max(case when group_no = 1 then denominator end) as d1,
        max(case when group_no = 1 then units end) as u1,
        max(case when group_no = 2 then numerator end) as n2,
        max(case when group_no = 2 then denominator end) as d2,
        max(case when group_no = 2 then units end) as u2
    from compare_measures
    group by measure, item, customer_no

)

select
    measure,
    item,
    cast(coalesce(sum(u1), 0) as bigint) as units_1,
    count(d1) as customers_1,
    cast(coalesce(sum(n1), 0) as double) as numerator_1,
    cast(coalesce(sum(d1), 0) as double) as denominator_1,
    cast(coalesce(sum(cast(n1 as double) * n1), 0) as double) as squares_1,
    cast(coalesce(sum(cast(n1 as double) * d1), 0) as double) as products_1,
    cast(coalesce(sum(cast(d1 as double) * d1), 0) as double) as bases_1,
    cast(coalesce(sum(u2), 0) as bigint) as units_2,
    count(d2) as customers_2,
    cast(coalesce(sum(n2), 0) as double) as numerator_2,
    cast(coalesce(sum(d2), 0) as double) as denominator_2,
    cast(coalesce(sum(cast(n2 as double) * n2), 0) as double) as squares_2,
    cast(coalesce(sum(cast(n2 as double) * d2), 0) as double) as products_2,
    cast(coalesce(sum(cast(d2 as double) * d2), 0) as double) as bases_2,
    cast(coalesce(sum(cast(n1 as double) * n2), 0) as double) as shared_nn,
    cast(coalesce(sum(cast(n1 as double) * d2), 0) as double) as shared_nd,
    cast(coalesce(sum(cast(d1 as double) * n2), 0) as double) as shared_dn,
    cast(coalesce(sum(cast(d1 as double) * d2), 0) as double) as shared_dd
from paired
group by measure, item
order by measure, item

-- One row per loop and value of a segment, with its figures: what loops and segment_loops show.
--
-- kind:     view
-- grain:    map_no, level_no, segment_no, value_no, form, moves, loop_no
-- columns:
--   map_no            integer  map
--   level_no          integer  1 touchpoint, 2 stage
--   segment_no        integer  segment; 0: all
--   value_no          integer  value
--   form              varchar  return: comes back to the node, whatever lies between; repeat: the node twice in a row;
--                              ping-pong: A > B > A; cycle: round three or four nodes
--   moves             integer  moves round the loop: 1 for a repeat, 2 to 4 for a cycle; NULL for a return
--   loop_no           integer  rank by frequency among its form and length, from 1; 0: (other)
--   loop              varchar  nodes parted by " > ", the first again at the end; (other): all beyond the hundredth
--   node              varchar  first node of the loop; NULL for (other)
--   returns           bigint   how often a journey comes back by it: A > B > A > B > A comes back three times
--   runs              bigint   walks round the cycle without a break: A > B > A > B > A is one; NULL for other forms
--   journeys          bigint   journeys that do so at least once
--   customers         bigint   customers who do
--   open_journeys     bigint   of these journeys, those whose outcome is open
--   all_journeys      bigint   all journeys; at the level of stages, those with a stage
--   journey_share     double   of all journeys, the share that does so at least once
--   journey_share_lo  double   lower end of its 95 % Wilson interval
--   journey_share_hi  double   upper end of its 95 % Wilson interval
--   returns_per_100   double   returns per 100 journeys of all
--   returns_lo        double   lower end of its 95 % interval, by customer; NULL: fewer than two customers, or all alike
--   returns_hi        double   upper end of its 95 % interval, by customer
--   converted         bigint   of these journeys, those that converted
--   conversion_rate   double   of these journeys without the open ones, the share that converted; NULL: all are open
--   conversion_lo     double   lower end of its 95 % Wilson interval
--   conversion_hi     double   upper end of its 95 % Wilson interval
--   median_s          double   median seconds from the arrival at a node to the arrival back; NULL for (other)
--   chain_chance      double   how likely a walk that forgets where it came from goes round at once; NULL: no cycle, or not all journeys
select
    counted.map_no,
    counted.level_no,
    counted.segment_no,
    counted.value_no,
    named.form,
    nullif(counted.moves, 0) as moves,
    counted.loop_no,
    named.loop,
    named.node,
    counted.returns,
    case when counted.moves >= 2 then counted.runs end as runs,
    counted.journeys,
    counted.customers,
    counted.open_journeys,
    counted.all_journeys,
    share.rate as journey_share,
    share.lo as journey_share_lo,
    share.hi as journey_share_hi,
    100 * counted.returns / cast(counted.all_journeys as double) as returns_per_100,
    case
        when counted.returns_se > 0
            then greatest(100 * (counted.returns / cast(counted.all_journeys as double) - 1.959964 * counted.returns_se), 0)
    end as returns_lo,
    case
        when counted.returns_se > 0
            then 100 * (counted.returns / cast(counted.all_journeys as double) + 1.959964 * counted.returns_se)
    end as returns_hi,
    counted.converted,
    conversion.rate as conversion_rate,
    conversion.lo as conversion_lo,
    conversion.hi as conversion_hi,
    timed.median_us / 1000000.0 as median_s,
    chance.chain_chance
from loop_counts as counted
inner join loop_names as named
    on named.map_no = counted.map_no
    and named.level_no = counted.level_no
    and named.moves = counted.moves
    and named.loop_no = counted.loop_no
left join path_intervals as share
    on share.figure = 'loop_share' and share.map_no = counted.map_no and share.item = counted.item
left join path_intervals as conversion
    on conversion.figure = 'loop_conversion' and conversion.map_no = counted.map_no and conversion.item = counted.item
left join loop_times as timed
    on timed.map_no = counted.map_no
    and timed.level_no = counted.level_no
    and timed.segment_no = counted.segment_no
    and timed.value_no = counted.value_no
    and timed.moves = counted.moves
    and timed.loop_no = counted.loop_no
left join loop_chances as chance
    on counted.segment_no = 0
    and chance.map_no = counted.map_no
    and chance.level_no = counted.level_no
    and chance.moves = counted.moves
    and chance.loop_no = counted.loop_no

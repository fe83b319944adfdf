-- One row per loop and value of a segment: the figures of loops, for the journeys with that value.
--
-- The loops are those that are listed for all journeys, with the same rank.
--
-- grain:    map_name, level, segment, value, form, moves, loop_no
-- columns:
--   map_name          varchar  map
--   level             varchar  touchpoint or stage
--   segment           varchar  segment
--   value             varchar  value of the segment
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
select
    map.map_name,
    levels.level,
    segment.segment,
    segment.value,
    figures.form,
    figures.moves,
    figures.loop_no,
    figures.loop,
    figures.node,
    figures.returns,
    figures.runs,
    figures.journeys,
    figures.customers,
    figures.open_journeys,
    figures.all_journeys,
    figures.journey_share,
    figures.journey_share_lo,
    figures.journey_share_hi,
    figures.returns_per_100,
    figures.returns_lo,
    figures.returns_hi,
    figures.converted,
    figures.conversion_rate,
    figures.conversion_lo,
    figures.conversion_hi,
    figures.median_s
from loop_figures as figures
inner join cfg_maps as map on map.map_no = figures.map_no
inner join levels on levels.level_no = figures.level_no
inner join segment_values as segment
    on segment.segment_no = figures.segment_no and segment.value_no = figures.value_no
where figures.segment_no > 0
order by figures.map_no, figures.level_no, figures.segment_no, figures.value_no, figures.form, figures.moves, figures.loop_no

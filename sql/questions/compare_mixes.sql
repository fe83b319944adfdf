-- One row per group, stage, segment and value: how many of those followed for T went beyond within it.
--
-- Counted alone, without a curve, so that the values add up to the group.
--
-- grain:    group_no, stage_no, segment_no, value_no
-- columns:
--   group_no    integer  group
--   stage_no    integer  stage, or 0 for the journey as a whole
--   segment_no  integer  segment
--   value_no    integer  value, as in segment_values
--   followed    bigint   journeys that reached the stage T or longer before the as-of moment
--   progressed  bigint   of them, those that went beyond within T
select
    timed.group_no,
    timed.stage_no,
    segment.segment_no,
    segment.value_no,
    count(*) as followed,
    count(case when timed.outcome = 1 then 1 end) as progressed
from compare_times as timed
inner join asked_scope as scope on scope.group_no = timed.group_no
inner join journey_segments as segment
    on segment.map_no = scope.map_no
    and segment.customer_no = timed.customer_no
    and segment.journey_no = timed.journey_no
where timed.is_followed
group by timed.group_no, timed.stage_no, segment.segment_no, segment.value_no
order by timed.group_no, timed.stage_no, segment.segment_no, segment.value_no

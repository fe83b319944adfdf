-- One row per map and value of a segment: how its journeys ended, conversion, and how straight they were.
select
    told.map_name,
    told.segment,
    told.value,
    told.journeys,
    told.staged_journeys,
    told.customers,
    told.converted,
    told.dropped_explicit,
    told.dropped_silent,
    told.open,
    told.left_truncated,
    told.within_days,
    told.conversion_rate,
    told.conversion_lo,
    told.conversion_hi,
    told.conversion_rate_naive,
    told.median_days_to_goal,
    told.median_steps_to_goal,
    coalesce(straight.moving_journeys, 0) as moving_journeys,
    straight.straight_journeys,
    straight.straight_share,
    straight.straight_lo,
    straight.straight_hi,
    1 - straight.straight_share as turning_share,
    1 - straight.straight_hi as turning_lo,
    1 - straight.straight_lo as turning_hi,
    straight.squiggle_index,
    straight.squiggle_lo,
    straight.squiggle_hi,
    whole.unmapped_share,
    whole.off_axis_share,
    whole.tie_share,
    whole.left_truncated_share
from segment_summary as told
inner join segment_values as named
    on named.segment_no = told.segment_no and named.value_no = told.value_no
inner join shown_values as shown
    on shown.map_no = told.map_no
    and shown.segment_no = told.segment_no
    and shown.value_no = told.value_no
    and shown.values = named.values
left join segment_squiggle as straight
    on straight.map_no = told.map_no
    and straight.segment_no = told.segment_no
    and straight.value_no = told.value_no
    and straight.population = 'headline'
left join map_summary as whole on whole.map_name = told.map_name and told.segment_no = 0
where shown.segment_no <= 8
order by told.map_name, told.segment_no, told.value_no

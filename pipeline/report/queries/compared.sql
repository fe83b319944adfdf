-- One row per value of a segment: how many journeys of the group convert in time, and how tangled they are.
select
    told.map_name,
    told.segment as by_segment,
    told.value as of_value,
    told.staged_journeys as journeys,
    told.within_days,
    told.conversion_rate,
    told.conversion_lo,
    told.conversion_hi,
    told.median_days_to_goal,
    shape.squiggle_index,
    shape.squiggle_lo,
    shape.squiggle_hi,
    coalesce(shape.moving_journeys < 30, false) as is_squiggle_small,
    told.is_small,
    told.is_partial
from segment_summary as told
inner join segment_values as named
    on named.segment_no = told.segment_no and named.value_no = told.value_no
inner join shown_values as shown
    on shown.map_no = told.map_no
    and shown.segment_no = told.segment_no
    and shown.value_no = told.value_no
    and shown.values = named.values
left join segment_squiggle as shape
    on shape.map_no = told.map_no
    and shape.segment_no = told.segment_no
    and shape.value_no = told.value_no
    and shape.population = 'headline'
where told.segment_no <= 8 and exists (select 1 from segment_values as declared where declared.segment_no > 0)
order by told.map_name, told.segment_no, told.value_no

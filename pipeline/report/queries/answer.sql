-- One row per map: its journeys by how they ended, conversion, and how straight they were.
select
    map_name,
    journeys,
    staged_journeys,
    customers,
    converted,
    dropped_explicit,
    dropped_silent,
    open,
    left_truncated,
    within_days,
    conversion_rate,
    conversion_lo,
    conversion_hi,
    conversion_rate_naive,
    median_days_to_goal,
    median_steps_to_goal,
    moving_journeys,
    straight_journeys,
    straight_share,
    straight_lo,
    straight_hi,
    squiggle_index,
    squiggle_lo,
    squiggle_hi,
    unmapped_share,
    off_axis_share,
    tie_share,
    left_truncated_share
from map_summary
left join (
    select
        map_name,
        moving_journeys,
        straight_journeys,
        straight_share,
        straight_lo,
        straight_hi,
        squiggle_index,
        squiggle_lo,
        squiggle_hi
    from squiggle_summary
    where population = 'headline'
) as headline using (map_name)
order by map_name

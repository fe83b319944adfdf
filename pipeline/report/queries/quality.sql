-- One row per thing that limits what the figures can say, with how much it touches. Its share, and the
-- figures with and without it, are small where one of them rests on fewer than 30.
select
    told.finding,
    told.subject,
    told.rows,
    told.of_rows,
    told.share,
    told.of_rows < 30 as is_share_small,
    told.concerns,
    told.map_name,
    told.conversion_share,
    told.conversion_without,
    told.squiggle_index,
    told.squiggle_without,
    effect.of_journeys - effect.journeys < 30 as is_small
from quality_register as told
left join quality_effects as effect
    on effect.finding = told.finding
    and effect.subject = told.subject
    and effect.map_name = told.map_name
order by told.share desc nulls last, told.finding, told.subject

-- One row per thing that limits what the figures can say, with how much it touches.
select
    finding,
    subject,
    rows,
    of_rows,
    share,
    concerns,
    map_name,
    conversion_share,
    conversion_without,
    squiggle_index,
    squiggle_without
from quality_register
order by share desc nulls last, finding, subject

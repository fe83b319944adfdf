-- One row per source: what was read and what became of it.
select
    source,
    files,
    rows_read,
    rows_loaded,
    rows_duplicate,
    rows_rejected,
    first_at,
    last_at,
    events_after_as_of,
    unidentified_events,
    unmapped_events,
    tied_events
from source_quality
order by source

-- One row per stage: who reached it, who went on, who is open, who stopped, and the rates.
select
    map_name,
    stage_no,
    stage,
    reached,
    touched,
    skipped,
    progressed,
    open,
    dropped,
    completed,
    frontier,
    within_days,
    drop_rate,
    drop_lo,
    drop_hi,
    naive_drop_rate,
    naive_lo,
    naive_hi,
    resolved_drop_rate,
    resolved_lo,
    resolved_hi,
    median_days_to_next
from stage_dropoff
order by map_name, stage_no

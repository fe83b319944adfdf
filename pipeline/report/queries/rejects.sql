-- One row per source, reason and column: rows that could not be loaded.
select
    source,
    reason,
    column_name,
    rows
from reject_reasons
order by rows desc, source, reason, column_name

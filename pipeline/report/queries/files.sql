-- One row per input file: what was read and what became of it.
select
    source,
    path,
    rows_read,
    rows_loaded,
    rows_duplicate,
    rows_rejected,
    first_at,
    last_at,
    content_hash,
    fault
from input_files
order by source, path, file_no

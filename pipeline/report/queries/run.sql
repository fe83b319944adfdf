-- One row: what was run, on which data and definitions, up to which moment.
select
    project,
    squiggle_version,
    data_fingerprint,
    definitions_fingerprint,
    (select timezone from cfg_settings) as timezone,
    (select min(first_at) from as_of) as first_at,
    (select max(as_of_at) from as_of) as as_of_at
from run_info

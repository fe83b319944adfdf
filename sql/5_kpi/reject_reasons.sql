-- One row per source and reason for which records were rejected.
--
-- grain:    source, reason, column_name
-- columns:
--   source       varchar  source
--   reason       varchar  reason
--   column_name  varchar  our name of the column at fault; - for the record as a whole
--   rows         bigint   records
--   example      varchar  one value at fault; NULL: there is none
select
    source.source,
    rejected.reason,
    coalesce(rejected.column_name, '-') as column_name,
    count(*) as rows,
    min(rejected.bad_value) as example
from rejected_rows as rejected
inner join parts as part on part.file_no = rejected.file_no
inner join cfg_sources as source on source.source_no = part.source_no
where rejected.row_no > 0
group by source.source, rejected.reason, coalesce(rejected.column_name, '-')
order by source.source, rejected.reason, column_name

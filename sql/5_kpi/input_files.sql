-- One row per input file: what became of each of its records.
--
-- rows_read = rows_loaded + rows_duplicate + rows_rejected, where rows_read is counted from the bytes.
--
-- grain:    file_no
-- columns:
--   file_no         integer    number by source, then by name, from 1
--   source          varchar    source
--   path            varchar    path relative to the project file
--   rows_read       bigint     records in the file
--   rows_loaded     bigint     records that are events
--   rows_duplicate  bigint     records that repeat another one
--   rows_rejected   bigint     records that could not be used
--   first_at        timestamp  earliest time accepted, UTC
--   last_at         timestamp  latest time accepted, UTC
--   time_format     varchar    how its times are written
--   dst_gap_rows    bigint     records at a local time that never was: clocks went forward over it
--   dst_overlap_rows  bigint     records at a local time that was twice: clocks went back over it
--   bytes           bigint     size of the file
--   content_hash    varchar    SHA-256 of its bytes
--   fault           varchar    why the file could not be read at all; NULL: it could
with

repeated as (

    select file_no, count(*) as rows
    from duplicate_rows
    group by file_no

)

select
    part.file_no,
    source.source,
    part.path,
    part.rows_read,
    part.rows_accepted - coalesce(repeated.rows, 0) as rows_loaded,
    coalesce(repeated.rows, 0) as rows_duplicate,
    part.rows_rejected,
    make_timestamp(part.first_us) as first_at,
    make_timestamp(part.last_us) as last_at,
    part.time_format,
    part.dst_gap_rows,
    part.dst_overlap_rows,
    part.bytes,
    part.content_hash,
    part.fault
from parts as part
inner join cfg_sources as source on source.source_no = part.source_no
left join repeated on repeated.file_no = part.file_no
order by part.file_no

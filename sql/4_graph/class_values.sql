-- One row per class of journeys, segment and outcome by which the report may choose it.
--
-- kind:     working
-- grain:    class_no, segment_no, among_no
-- columns:
--   class_no    bigint   class
--   segment_no  integer  segment; 0: all
--   shown_no    integer  value that is shown
--   among_no    integer  0 all journeys, 1 converted, 2 dropped, 3 open
with

known as (

    select distinct class_no
    from journey_classes

),

listed as (

    select distinct segment_no
    from shown_values
    where segment_no <= 8

)

select
    known.class_no,
    listed.segment_no,
    cast(
        case
            when listed.segment_no = 0 then 0
            else cast(floor(known.class_no / (4 * power(16, listed.segment_no - 1))) as bigint) % 16
        end as integer
    ) as shown_no,
    amongst.among_no
from known
cross join listed
inner join amongst on amongst.among_no in (0, known.class_no % 4)

-- One row per value of a segment as the report shows it, for each map.
--
-- Segments are the first eight, the period being one of them; others are in no view.
--
-- grain:    map_no, segment_no, shown_no
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   shown_no    integer  number, from 1; 0 is all, or (other)
--   segment     varchar  name of the segment
--   shown       varchar  value
--   is_partial  boolean  whether it is a period in which the data begin or end
--   values      bigint   values that it stands for; more than one for (other)
select
    map_no,
    segment_no,
    shown_no,
    max(segment) as segment,
    max(shown) as shown,
    bool_or(is_partial) as is_partial,
    max(values) as values
from shown_values
where segment_no <= 8
group by map_no, segment_no, shown_no
order by map_no, segment_no, shown_no

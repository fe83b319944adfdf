-- One row per reporting period in which something happened, or which bounds the log.
--
-- grain:    period_no
-- columns:
--   period_no    integer  number, without a gap
--   period       varchar  for instance 2026-01-31, 2026-W05 (ISO), 2026-01, 2026-Q1 or 2026
--   has_event    boolean  whether something happened in it
--   is_partial   boolean  whether the data begin or end in it
--   is_first     boolean  whether the recording begins in it
--   is_last      boolean  whether the observation ends in it
--   may_predate  boolean  whether customers who are first seen in it may be older than the log
select
    period_no,
    min(period) as period,
    bool_or(has_event) as has_event,
    bool_or(is_first or is_last) as is_partial,
    bool_or(is_first) as is_first,
    bool_or(is_last) as is_last,
    not bool_and(is_settled) as may_predate
from local_quarters
group by period_no

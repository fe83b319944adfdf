-- One row per quarter of an hour in which something happened: the period of a retention question.
--
-- kind:     view
-- grain:    quarter_hour
-- columns:
--   quarter_hour  bigint   quarters of an hour since 1970, UTC
--   period_no     integer  its period, without a gap in the numbers
--   is_last       boolean  whether the observation ends in it
--   is_settled    boolean  whether customers who are new in it, or later, are no older than the log
select
    quarter.quarter_hour,
    cast(
        case asked.length
            when 'hour' then quarter.hour_no
            when 'day' then quarter.day_no
            when 'week' then floor((quarter.day_no - asked.week_starts) / 7)
            when 'month' then quarter.month_no
            when 'quarter' then floor(quarter.month_no / 3)
            else floor(quarter.month_no / 12)
        end as integer
    ) as period_no,
    quarter.is_last,
    quarter.is_settled
from local_quarters as quarter
cross join asked_retention as asked

-- One row per source and column of ours that any of its records fills: how often it is empty.
--
-- grain:    source, column_name
-- columns:
--   source       varchar  source
--   column_name  varchar  our name of the column
--   rows         bigint   records that are events
--   filled       bigint   of them, those with a value
--   null_share   double   share without one
with

counted as (

    select
        source_no,
        count(*) as rows,
        count(channel) as channel,
        count(event_id) as event_id,
        count(sequence) as sequence,
        count(user_id) as user_id,
        count(email) as email,
        count(phone) as phone,
        count(crm_id) as crm_id,
        count(account_id) as account_id,
        count(device_id) as device_id,
        count(cookie_id) as cookie_id,
        count(session_key) as session_key,
        count(value) as value,
        count(order_id) as order_id,
        count(campaign) as campaign,
        count(device) as device,
        count(country) as country,
        count(score) as score,
        count(currency) as currency,
        count(cost) as cost,
        count(direction) as direction,
        count(actor) as actor,
        count(score_type) as score_type,
        count(sentiment) as sentiment,
        count(duration_s) as duration_s
    from loaded_events
    where event_no not in (select event_no from duplicate_rows)
    group by source_no

),

listed as (

    select source_no, rows, 'channel' as column_name, channel as filled from counted
    union all
    select source_no, rows, 'event_id', event_id from counted
    union all
    select source_no, rows, 'sequence', sequence from counted
    union all
    select source_no, rows, 'user_id', user_id from counted
    union all
    select source_no, rows, 'email', email from counted
    union all
    select source_no, rows, 'phone', phone from counted
    union all
    select source_no, rows, 'crm_id', crm_id from counted
    union all
    select source_no, rows, 'account_id', account_id from counted
    union all
    select source_no, rows, 'device_id', device_id from counted
    union all
    select source_no, rows, 'cookie_id', cookie_id from counted
    union all
    select source_no, rows, 'session_key', session_key from counted
    union all
    select source_no, rows, 'value', value from counted
    union all
    select source_no, rows, 'order_id', order_id from counted
    union all
    select source_no, rows, 'campaign', campaign from counted
    union all
    select source_no, rows, 'device', device from counted
    union all
    select source_no, rows, 'country', country from counted
    union all
    select source_no, rows, 'score', score from counted
    union all
    select source_no, rows, 'currency', currency from counted
    union all
    select source_no, rows, 'cost', cost from counted
    union all
    select source_no, rows, 'direction', direction from counted
    union all
    select source_no, rows, 'actor', actor from counted
    union all
    select source_no, rows, 'score_type', score_type from counted
    union all
    select source_no, rows, 'sentiment', sentiment from counted
    union all
    select source_no, rows, 'duration_s', duration_s from counted

)

select
    source.source,
    listed.column_name,
    listed.rows,
    listed.filled,
    1 - listed.filled / cast(nullif(listed.rows, 0) as double) as null_share
from listed
inner join cfg_sources as source on source.source_no = listed.source_no
where listed.filled > 0
order by source.source_no, listed.column_name

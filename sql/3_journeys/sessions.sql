-- One row per session: a customer's events with no silence longer than the session gap.
--
-- A gap exactly as long as the session gap does not split. Days, campaigns and a greatest length split
-- where [session] says so; passive events begin no session, keep none going, and may be in none.
-- Events after the as-of moment are in sessions, though in no journey.
--
-- kind:     view
-- grain:    customer_no, session_no
-- columns:
--   session_id        varchar    stable while earlier events do not change
--   customer_no       integer    customer
--   customer_id       varchar    customer, as a pseudonym
--   session_no        integer    number among the customer's sessions, from 1
--   started_at        timestamp  first event, UTC
--   ended_at          timestamp  last event that is not passive, UTC
--   split_cause       varchar    what ended the session before it: silence, day, campaign or length; NULL: none was
--   events            bigint     how many events it holds
--   active_events     bigint     of them, those that are not passive
--   duration_s        double     seconds from started_at to ended_at; NULL with a single active event
--   first_touchpoint  varchar    where it begins
--   last_touchpoint   varchar    where it ends: touchpoint of its last event that is not passive
--   channel           varchar    channel of its first event
select
    customer.customer_id || '-' || summed.session_no as session_id,
    summed.customer_no,
    customer.customer_id,
    summed.session_no,
    make_timestamp(summed.started_us) as started_at,
    make_timestamp(summed.ended_us) as ended_at,
    case summed.split_no
        when 2 then 'silence'
        when 3 then 'day'
        when 4 then 'campaign'
        when 5 then 'length'
    end as split_cause,
    summed.events,
    summed.active_events,
    case when summed.active_events > 1 then (summed.ended_us - summed.started_us) / 1000000.0 end as duration_s,
    first_name.touchpoint as first_touchpoint,
    last_name.touchpoint as last_touchpoint,
    channel.channel
from session_sums as summed
inner join numbered_customers as customer on customer.customer_no = summed.customer_no
inner join touchpoint_names as first_name on first_name.touchpoint_no = summed.first_touchpoint_no
inner join touchpoint_names as last_name on last_name.touchpoint_no = summed.last_touchpoint_no
inner join channels as channel on channel.channel_no = summed.channel_no

-- One row per event that carries more than who, when and what.
--
-- grain:    event_no
-- columns:
--   event_no     bigint         the event
--   session_key  varchar        the export's own session
--   value        decimal(18,2)  money
--   currency     varchar        its currency
--   order_id     varchar        order
--   cost         decimal(18,2)  cost of the contact
--   campaign     varchar        campaign
--   device       varchar        kind of device
--   country      varchar        country
--   direction    varchar        inbound or outbound
--   actor        varchar        customer, agent or system
--   score_type   varchar        kind of score
--   score        double         score
--   sentiment    double         sentiment, -1 to 1
--   duration_s   double         how long it took, seconds
--   attributes   varchar        kept columns of the export, as a JSON object
select
    loaded.event_no,
    loaded.session_key,
    loaded.value,
    loaded.currency,
    loaded.order_id,
    loaded.cost,
    loaded.campaign,
    loaded.device,
    loaded.country,
    loaded.direction,
    loaded.actor,
    loaded.score_type,
    loaded.score,
    loaded.sentiment,
    loaded.duration_s,
    loaded.attributes
from loaded_events as loaded
left join duplicate_rows as repeated on repeated.event_no = loaded.event_no
where
    repeated.event_no is null
    and (
        loaded.session_key is not null
        or loaded.value is not null
        or loaded.currency is not null
        or loaded.order_id is not null
        or loaded.cost is not null
        or loaded.campaign is not null
        or loaded.device is not null
        or loaded.country is not null
        or loaded.direction is not null
        or loaded.actor is not null
        or loaded.score_type is not null
        or loaded.score is not null
        or loaded.sentiment is not null
        or loaded.duration_s is not null
        or loaded.attributes is not null
    )

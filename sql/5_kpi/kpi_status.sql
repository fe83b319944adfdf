-- One row per KPI: whether these data have what it needs, and if not, what is missing.
--
-- The table of a KPI without data is there all the same; its figures are NULL. What no behaviour log
-- can hold is listed too, so that nobody takes its absence for an answer.
--
-- grain:    kpi
-- columns:
--   kpi_no      integer  place in the list
--   kpi         varchar  name
--   table_name  varchar  table that holds it; NULL: none, by design
--   status      varchar  ok, insufficient (there are data, but too few, too short or doubtful) or no data
--   cases       bigint   how many cases it rests on; NULL: none, by design
--   cases_are   varchar  what the cases are
--   reason      varchar  why it is not ok, and what to do; NULL: it is ok
with

roles as (

    select
        count(case when role = 'support' then 1 end) as support,
        count(case when role = 'complaints' then 1 end) as complaints,
        count(case when role = 'cancels' then 1 end)
        + (select count(*) from cfg_map_roles as listed where listed.role = 'abandon') as cancels,
        count(case when role in ('nps_sends', 'csat_sends', 'ces_sends', 'emotion_sends') then 1 end) as sends,
        count(case when role = 'interactions' then 1 end) as interactions,
        count(case when role = 'attendees' then 1 end) as attendees
    from cfg_kpi_roles

),

facts as (

    select
        (select count(*) from orders) as orders,
        (select count(*) from orders where value is not null) as valued_orders,
        (
            select count(*)
            from orders
            cross join cfg_kpi as kpi
            where is_told_twice and kpi.order_rows = 'order'
        ) as doubtful_orders,
        (select count(*) from refunds) as refunds,
        (select count(*) from customer_spans) as customers,
        (select coalesce(max(customers), 0) from cohort_counts where cohort_no is null and periods_since = 1)
            as watched_customers,
        (select count(*) from journey_touches) as goals,
        (select count(*) from contacts where kind = 'support') as contacts,
        (select count(*) from contacts where kind = 'complaints') as complaints,
        (select coalesce(sum(units), 0) from kpi_durations where figure = 'cancel') as joined,
        (select coalesce(sum(sends), 0) from sending_counts where level = 'all') as sends,
        (select count(*) from responses where score_type = 'other') as other_answers,
        (select max(all_events) from mix_counts where dimension = 'channel') as channel_events,
        (select max(all_events) from mix_counts where dimension = 'device') as device_events,
        (select min(months_seen) from seasonality) as months_seen

),

horizons as (

    select basis, silences, is_identified, basis_of_days
    from return_horizons

),

listed as (

    select
        1 as kpi_no,
        'retention' as kpi,
        'cohort_retention' as table_name,
        facts.watched_customers as cases,
        'new customers watched for a whole period' as cases_are,
        facts.watched_customers > 0 as is_ok,
        facts.customers > 0 as has_data,
        'no cohort that is newer than the log was watched for a whole period; load a longer log, or set '
        || 'a shorter [reporting] period or [kpi] new_after' as lack
    from facts
    union all
    select 2, 'churn', 'churn_rates', facts.joined, 'customers who joined', roles.cancels > 0 and facts.joined > 0,
        false,
        case
            when roles.cancels > 0 then 'nobody has joined; name under [kpi] joins what a customer begins with'
            else 'no touchpoint counts as a cancellation; name some under [kpi] cancels, or under abandon of a map'
        end
    from facts cross join roles
    union all
    select 3, 'activity and silence', 'recency_classes', horizons.silences, 'silences between events',
        horizons.is_identified, horizons.silences > 0,
        'the days of inactive and lost are an ' || horizons.basis_of_days
    from horizons
    where horizons.basis = 'activity'
    union all
    select 4, 'silence between orders', 'return_horizons', horizons.silences, 'silences between days with an order',
        horizons.is_identified, horizons.silences > 0,
        case
            when horizons.silences = 0 then 'there is no order of a known customer'
            else 'the days of inactive and lost are an ' || horizons.basis_of_days
        end
    from horizons
    where horizons.basis = 'order'
    union all
    select 5, 'sales cycle', 'sales_cycles', facts.goals, 'journeys that reached a goal', facts.goals > 0, false,
        'no journey reached its goal'
    from facts
    union all
    select 6, 'touches to goal', 'touches_to_goal', facts.goals, 'journeys that reached a goal', facts.goals > 0, false,
        'no journey reached its goal'
    from facts
    union all
    select 7, 'orders', 'order_kpis', facts.orders, 'orders', facts.orders > 0, false,
        'no event carries an order_id and a value above 0; map them under [source.columns], or name the touchpoints '
        || 'that count as orders under [kpi] orders'
    from facts
    union all
    select 8, 'order value', 'order_kpis', facts.valued_orders, 'orders with money',
        facts.valued_orders > 0 and facts.doubtful_orders * 100 <= facts.valued_orders, facts.valued_orders > 0,
        case
            when facts.valued_orders = 0 then 'no order says for how much; map value under [source.columns]'
            else facts.doubtful_orders || ' orders have records with different money, of which the first counts; where '
                || 'records are the lines of an order, set [kpi] order_rows = "line"'
        end
    from facts
    union all
    select 9, 'refunds', 'order_kpis', facts.refunds, 'refunds', facts.refunds > 0, false,
        'no order was given back, or refunds are not told: they are events with an order_id and a value below 0, or '
        || 'touchpoints under [kpi] refunds'
    from facts
    union all
    select 10, 'seasonality', 'seasonality', facts.orders, 'orders', facts.orders > 0 and facts.months_seen >= 2,
        facts.orders > 0, 'a month of the year was seen less than twice as a whole; a season cannot be told from growth'
    from facts
    union all
    select 11, 'RFM classes', 'rfm', facts.orders, 'orders', facts.orders > 0, false, 'there are no orders'
    from facts
    union all
    select
        12 + kinds.place,
        kinds.label,
        'survey_kpis',
        survey.respondents,
        'customers whose answer counts',
        survey.value is not null,
        survey.responses > 0,
        survey.reason || case
            when survey.responses = 0
                then '; map score and score_type under [source.columns], or name its touchpoints under [kpi] ' || kinds.score_type
                || case
                    when facts.other_answers > 0 then ' (' || facts.other_answers || ' scores are of no known kind)' else ''
                end
            else ''
        end
    from (
        select 0 as place, 'nps' as score_type, 'NPS' as label
        union all
        select 1, 'csat', 'CSAT'
        union all
        select 2, 'ces', 'CES'
        union all
        select 3, 'emotion', 'emotion'
    ) as kinds
    inner join survey_kpis as survey on survey.score_type = kinds.score_type and survey.period = '(all)'
    cross join facts
    union all
    select 16, 'sentiment', 'survey_kpis', survey.respondents, 'customers whose answer counts',
        survey.value is not null, survey.responses > 0,
        survey.reason || '; map sentiment, -1 to 1, under [source.columns]: it is not inferred here'
    from survey_kpis as survey
    where survey.score_type = 'sentiment' and survey.period = '(all)'
    union all
    select 17, 'survey response rate', 'survey_kpis', facts.sends, 'sendings', facts.sends > 0, roles.sends > 0,
        case
            when roles.sends = 0 then 'no touchpoint counts as the sending of a survey; name some under [kpi] nps_sends'
            else 'no sending is old enough to have been answered'
        end
    from facts cross join roles
    union all
    select 18, 'channel mix', 'channel_mix', coalesce(facts.channel_events, 0), 'events with a channel',
        facts.channel_events > 0, false, 'no event has a channel; map channel under [source.columns]'
    from facts
    union all
    select 19, 'device mix', 'channel_mix', coalesce(facts.device_events, 0), 'events with a device',
        facts.device_events > 0, false, 'no event has a device; map device under [source.columns]'
    from facts
    union all
    select 20, 'support contacts', 'support_contacts', facts.contacts, 'contacts', roles.support > 0 and facts.contacts > 0,
        roles.support > 0,
        case
            when roles.support = 0 then 'no touchpoint counts as support; name some under [kpi] support'
            else 'there was no contact'
        end
    from facts cross join roles
    union all
    select 21, 'complaints', 'contact_rates', facts.complaints, 'complaints', roles.complaints > 0, false,
        'no touchpoint counts as a complaint; name some under [kpi] complaints'
    from facts cross join roles
    union all
    select 22, 'visits', 'touchpoint_kpis', facts.customers, 'customers', facts.customers > 0, false, 'there are no events'
    from facts
    union all
    select 23, 'interactions', 'touchpoint_kpis', roles.interactions, 'touchpoints', roles.interactions > 0, false,
        'no touchpoint is for interactions; name some under [kpi] interactions'
    from roles
    union all
    select 24, 'attendees', 'touchpoint_kpis', roles.attendees, 'touchpoints', roles.attendees > 0, false,
        'no touchpoint is attended; name some under [kpi] attendees'
    from roles
    union all
    select 25, 'motives, thoughts and doubts', null, null, null, false, false,
        'not in a behaviour log; ask customers, and load their answers as events or kept columns'
    union all
    select 26, 'personality, income and age', null, null, null, false, false,
        'not in a behaviour log; keep such columns where an export has them, and declare a [[segment]]'
    union all
    select 27, 'pains in the customers'' words', null, null, null, false, false,
        'not in a behaviour log; read tickets and comments, and load what you make of them as scores or sentiment'

)

select
    cast(kpi_no as integer) as kpi_no,
    kpi,
    table_name,
    case when is_ok then 'ok' when has_data then 'insufficient' else 'no data' end as status,
    cast(cases as bigint) as cases,
    cases_are,
    case when not coalesce(is_ok, false) then lack end as reason
from listed
order by kpi_no

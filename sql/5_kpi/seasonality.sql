-- One row per month of the year: its share of the orders, where every month was seen at least twice.
--
-- Only whole months count. A share is of the orders per day, so that a longer month, or one that was seen
-- more often, has no advantage. Where a month was seen less than twice, a season cannot be told from
-- growth: shares are NULL.
--
-- grain:    month
-- columns:
--   month           integer  1 January to 12 December
--   months_seen     bigint   whole months of it in the log
--   days            bigint   their days
--   orders          bigint   orders in them
--   orders_per_day  double   orders / days; NULL: never seen whole
--   month_share     double   orders_per_day / the sum of it over the twelve months
--   season_index    double   orders_per_day / its mean over the twelve months; 1 is an even year
--   status          varchar  ok, insufficient (a month was seen less than twice) or no data (no orders)
with

bounded as (

    select
        min(
            case
                when is_first
                    then
                        case
                            when
                                hour_no
                                = 24 * (make_date(cast(floor(month_no / 12.0) as integer), month_no % 12 + 1, 1) - date '1970-01-01')
                                then month_no - 1
                            else month_no
                        end
            end
        ) as first_no,
        min(case when is_last then month_no end) as last_no
    from local_quarters

),

seen as (

    select
        cast(month.month as integer) as month,
        bounded.first_no + whole.place as month_no,
        make_date(
            cast(floor((bounded.first_no + whole.place) / 12) as integer),
            cast(month.month as integer),
            1
        ) as begins
    from bounded
    cross join (select unnest(range(1, 6000)) as place) as whole
    inner join (select unnest(range(1, 13)) as month) as month
        on (bounded.first_no + whole.place) % 12 = month.month - 1
    where bounded.first_no + whole.place < bounded.last_no

),

ordered as (

    select quarter.month_no, count(*) as orders
    from orders as made
    inner join local_quarters as quarter
        on quarter.quarter_hour = cast(floor(made.occurred_us / 900000000) as bigint)
    group by quarter.month_no

),

summed as (

    select
        cast(calendar.month as integer) as month,
        count(seen.month_no) as months_seen,
        cast(coalesce(sum(cast(seen.begins + interval 1 month as date) - seen.begins), 0) as bigint) as days,
        cast(coalesce(sum(ordered.orders), 0) as bigint) as orders
    from (select unnest(range(1, 13)) as month) as calendar
    left join seen on seen.month = calendar.month
    left join ordered on ordered.month_no = seen.month_no
    group by calendar.month

),

rated as (

    select
        month,
        months_seen,
        days,
        orders,
        orders / cast(nullif(days, 0) as double) as orders_per_day
    from summed

),

judged as (

    select
        case
            when not exists (select 1 from orders) then 'no data'
            when min(months_seen) < 2 then 'insufficient'
            else 'ok'
        end as status,
        round(sum(orders_per_day), 12) as whole
    from rated

)

select
    rated.month,
    rated.months_seen,
    rated.days,
    rated.orders,
    rated.orders_per_day,
    case when judged.status = 'ok' then rated.orders_per_day / nullif(judged.whole, 0) end as month_share,
    case when judged.status = 'ok' then 12 * rated.orders_per_day / nullif(judged.whole, 0) end as season_index,
    judged.status
from rated
cross join judged
order by rated.month

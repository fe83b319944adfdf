-- One row per currency of the buyers: what the RFM classes of this run were cut at.
--
-- A threshold is a value that occurs: the smallest with at least that share of the buyers at or below it.
-- Where nobody has ordered, one row says so.
--
-- grain:    currency
-- columns:
--   currency       varchar        currency; NULL: nobody has ordered
--   buyers         bigint         customers who order mostly in it
--   vip_money      decimal(38,2)  VIP: money of at least this, the 95th percentile of them, and two days or more
--   loyal_cycles   integer        loyal: orders in at least this many of the last six cycles
--   cycle_days     double         length of a cycle: median days between two days with an order
--   frequent_days  bigint         frequent: days with an order of at least this, 3 or the 80th percentile of all
--   rfm_days       integer        days up to the as-of moment in which days with an order and money count
with

ranked as (

    select
        currency,
        monetary,
        frequency,
        cycle_days,
        count(*) over (partition by currency) as buyers,
        count(monetary) over (partition by currency) as valued,
        count(monetary) over (
            partition by currency
            order by monetary
            range between unbounded preceding and current row
        ) as up_to_money,
        count(*) over () as everybody,
        count(*) over (order by frequency range between unbounded preceding and current row) as up_to_days
    from buyer_sums
    where recency_days is not null

),

frequent as (

    select greatest(3, min(frequency)) as frequent_days
    from ranked
    where up_to_days * 100 >= everybody * 80

)

select
    ranked.currency,
    max(ranked.buyers) as buyers,
    min(case when ranked.up_to_money * 100 >= ranked.valued * 95 then ranked.monetary end) as vip_money,
    4 as loyal_cycles,
    max(ranked.cycle_days) as cycle_days,
    max(frequent.frequent_days) as frequent_days,
    max(kpi.rfm_days) as rfm_days
from ranked
cross join frequent
cross join cfg_kpi as kpi
group by ranked.currency
union all
select null, 0, null, 4, null, null, rfm_days
from cfg_kpi
where not exists (select 1 from ranked)

-- One row per stage or touchpoint and group of journeys that stops there more than the rest, dearest first.
-- Money is called by its currency where all orders are in one. Journeys without a value, or with one of many
-- rare ones, are no group that anybody could do something about.
select
    pain.map_name,
    pain.rank,
    pain.level as kind,
    pain.place,
    pain.segment as by_segment,
    pain.value as of_value,
    pain.n,
    pain.rate,
    pain.reference_n,
    pain.reference_rate,
    pain.excess,
    pain.excess_lo,
    pain.excess_hi,
    pain.q_value,
    case when pain.unit = 'money per month' then coalesce(paid.currency, 'money') || ' per month' else pain.unit end as unit,
    pain.recoverable,
    pain.recoverable_lo
from pain_points as pain
inner join segment_values as named
    on named.segment_no = pain.segment_no and named.value_no = pain.value_no
inner join shown_values as shown
    on shown.map_no = pain.map_no
    and shown.segment_no = pain.segment_no
    and shown.value_no = pain.value_no
    and shown.values = named.values
cross join (
    select case when count(distinct currency) = 1 and regexp_full_match(min(currency), '[A-Z]{3}') then min(currency) end as currency
    from order_kpis
) as paid
where
    pain.reference = 'rest'
    and pain.rank <= 30
    and (pain.segment_no = 0 or pain.value not in ('(none)', '(other)'))
order by pain.map_name, pain.rank

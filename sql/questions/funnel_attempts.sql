-- One row per attempt at a funnel that counts attempts: where it begins, and where the next one does.
--
-- An attempt opens at the first entry at which none is running. It is over when it leads to the last step,
-- when an exclusion comes (where all hold for the whole funnel), or when its window is. Which entry is next is known for each
-- entry; from there the attempts are found by doubling the leap: one after the other, two, four, …
--
-- grain:    funnel_no, customer_no, hold_no, start_position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   hold_no         integer  number of the value that is held; 0: none is
--   start_position  integer  place of the entry among the customer's events
--   start_place     bigint   what orders it: its position or its time
with recursive

starts as (

    select
        entry.funnel_no,
        entry.customer_no,
        entry.hold_no,
        entry.place,
        min(entry.position) as position,
        max(entry.occurred_us) as start_us,
        min(entry.ends_place) as ends_place,
        min(completion.done_us) as done_us,
        min(completion.done_position) as done_position
    from funnel_entries as entry
    inner join asked_funnels as funnel on funnel.funnel_no = entry.funnel_no and funnel.unit = 'attempt'
    left join funnel_completions as completion
        on completion.funnel_no = entry.funnel_no
        and completion.customer_no = entry.customer_no
        and completion.hold_no = entry.hold_no
        and completion.step_no = entry.step_no
        and completion.position = entry.position
    group by entry.funnel_no, entry.customer_no, entry.hold_no, entry.place

),

judged as (

    select
        starts.funnel_no,
        starts.customer_no,
        starts.hold_no,
        starts.place,
        starts.position,
        starts.start_us,
        case when partial.funnel_no is null then starts.ends_place end as ends_place,
        funnel.within_us,
        greatest(
            starts.place,
            case when funnel.ties = 'position' then cast(starts.done_position as bigint) else starts.done_us end
        ) as done_place,
        starts.done_us is not null
        and (funnel.within_us is null or starts.done_us - starts.start_us <= funnel.within_us) as is_done
    from starts
    inner join asked_funnels as funnel on funnel.funnel_no = starts.funnel_no
    left join (
        select distinct role.funnel_no
        from asked_funnel_roles as role
        inner join asked_funnels as funnel on funnel.funnel_no = role.funnel_no
        where role.is_exclusion and (role.from_step > 1 or role.to_step < funnel.steps)
    ) as partial on partial.funnel_no = starts.funnel_no

),

lined as (

    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        'place' as how,
        2 * place as order_key,
        place as start_place
    from judged
    union all
    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        'place',
        2 * case when is_done then done_place else ends_place end + 1,
        null
    from judged
    where is_done or ends_place is not null
    union all
    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        'time',
        2 * start_us,
        place
    from judged
    union all
    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        'time',
        2 * (start_us + within_us) + 1,
        null
    from judged
    where not is_done and within_us is not null

),

followed as (

    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        start_place,
        min(start_place) over (
            partition by funnel_no, customer_no, hold_no, how
            order by order_key, place
            rows between current row and unbounded following
        ) as next_place
    from lined

),

chained as (

    select
        funnel_no,
        customer_no,
        hold_no,
        place,
        min(case when start_place is null then next_place end) as next_place
    from followed
    group by funnel_no, customer_no, hold_no, place

),

hops as (

    select
        chained.funnel_no,
        chained.customer_no,
        chained.hold_no,
        chained.place,
        chained.next_place,
        chained.place = min(chained.place) over (
            partition by chained.funnel_no, chained.customer_no, chained.hold_no
        ) as is_attempt,
        max(case when chained.next_place is not null then 1 else 0 end) over () = 1 as goes_on
    from chained
    union all
    (
        with

        met as (

            select distinct
                funnel_no,
                customer_no,
                hold_no,
                next_place as place
            from hops
            where is_attempt and next_place is not null

        )

        select
            hops.funnel_no,
            hops.customer_no,
            hops.hold_no,
            hops.place,
            further.next_place,
            hops.is_attempt or met.place is not null,
            max(case when further.next_place is not null then 1 else 0 end) over () = 1
        from hops
        left join hops as further
            on further.funnel_no = hops.funnel_no
            and further.customer_no = hops.customer_no
            and further.hold_no = hops.hold_no
            and further.place = hops.next_place
        left join met
            on met.funnel_no = hops.funnel_no
            and met.customer_no = hops.customer_no
            and met.hold_no = hops.hold_no
            and met.place = hops.place
        where hops.goes_on
    )

),

attempts as (

    select distinct
        funnel_no,
        customer_no,
        hold_no,
        place
    from hops
    where is_attempt

)

select
    attempts.funnel_no,
    attempts.customer_no,
    attempts.hold_no,
    judged.position as start_position,
    attempts.place as start_place
from attempts
inner join judged
    on judged.funnel_no = attempts.funnel_no
    and judged.customer_no = attempts.customer_no
    and judged.hold_no = attempts.hold_no
    and judged.place = attempts.place

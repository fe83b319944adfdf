-- One row per funnel, step after the entry, and event that a chain of steps leads to, with its latest entry.
--
-- A chain is a row of events that are the steps in their order, within all limits. Of the chains that
-- lead to an event at a step only the one with the latest entry matters for the steps to come: whatever
-- another one can reach in time, it can reach too. Its last link is the latest event that may be one.
-- So one pass per step finds the best chains of all units. That holds among chains that take the same
-- steps, which is why each lane goes by itself.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    funnel_no, customer_no, unit_no, hold_no, lane, step_no, position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no         integer  number of the value that is held; 0: none is
--   lane            bigint   which steps it takes, and which at one moment: see asked_funnel_moves.weight
--   taken           integer  how many steps it takes
--   step_no         integer  step that it leads to
--   from_step       integer  step before
--   weight          bigint   move that leads here: see asked_funnel_moves
--   position        integer  place of the event among the customer's events
--   event_no        bigint   the event
--   occurred_us     bigint   when it happened, UTC microseconds
--   place           bigint   what orders it: its position or its time
--   first_position  integer  first position of its place
--   last_position   integer  last position of its place
--   cut_key         bigint   links to it have a smaller key: twice their time, or position
--   ends_place      bigint   place of the next exclusion that ends the chain here; NULL: none
--   ends_us         bigint   time of that exclusion
--   start_position  integer  place of the entry among the customer's events
--   start_us        bigint   time of the entry
--   is_void         boolean  whether an exclusion lies between the step before and this one: no step follows
with recursive

walked as (

    select
        1 as round,
        true as is_new,
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        lane,
        taken,
        step_no,
        0 as from_step,
        lane as weight,
        position,
        event_no,
        occurred_us,
        place,
        position as first_position,
        last_position,
        cast(null as bigint) as cut_key,
        ends_place,
        ends_us,
        position as start_position,
        occurred_us as start_us,
        false as is_void
    from funnel_last_entries
    union all
    (
        with

        now as (

            select distinct round, funnel_no, customer_no, unit_no, hold_no, step_no, lane, taken
            from walked
            where not is_void

        ),

        lined as (

            select
                chain.round,
                chain.funnel_no,
                chain.customer_no,
                chain.unit_no,
                chain.hold_no,
                chain.lane + move.weight as lane,
                chain.taken,
                move.to_step as step_no,
                move.from_step,
                move.weight,
                chain.position,
                2 * case when move.is_timed then chain.occurred_us else chain.position end as order_key,
                cast(null as bigint) as event_no,
                cast(null as bigint) as occurred_us,
                cast(null as bigint) as place,
                cast(null as integer) as first_position,
                cast(null as integer) as last_position,
                cast(null as bigint) as ends_place,
                cast(null as bigint) as ends_us,
                cast(null as bigint) as max_us,
                cast(null as bigint) as within_us,
                cast(null as boolean) as is_strict,
                chain.occurred_us as before_us,
                chain.last_position as before_position,
                coalesce(chain.ends_place, 9223372036854775807) as before_ends_place,
                chain.start_position,
                chain.start_us
            from walked as chain
            inner join asked_funnel_moves as move
                on move.funnel_no = chain.funnel_no
                and move.from_step = chain.step_no
                and move.to_step = chain.round + 1
            inner join (
                select distinct funnel_no, customer_no, unit_no, hold_no, step_no
                from funnel_links
            ) as going
                on going.funnel_no = chain.funnel_no
                and going.customer_no = chain.customer_no
                and going.unit_no = chain.unit_no
                and going.hold_no = chain.hold_no
                and going.step_no = move.to_step
            where not chain.is_void
            union all
            select
                now.round,
                offer.funnel_no,
                offer.customer_no,
                offer.unit_no,
                offer.hold_no,
                now.lane + offer.weight,
                now.taken + offer.steps,
                offer.step_no,
                offer.from_step,
                offer.weight,
                offer.position,
                offer.cut_key,
                offer.event_no,
                offer.occurred_us,
                offer.place,
                offer.first_position,
                offer.last_position,
                offer.ends_place,
                offer.ends_us,
                offer.max_us,
                offer.within_us,
                offer.is_strict,
                null,
                null,
                null,
                null,
                null
            from funnel_links as offer
            inner join now
                on now.funnel_no = offer.funnel_no
                and now.customer_no = offer.customer_no
                and now.unit_no = offer.unit_no
                and now.hold_no = offer.hold_no
                and now.round + 1 = offer.step_no
                and now.step_no = offer.from_step

        ),

        linked as (

            select
                round,
                funnel_no,
                customer_no,
                unit_no,
                hold_no,
                lane,
                taken,
                step_no,
                from_step,
                weight,
                position,
                event_no,
                occurred_us,
                place,
                first_position,
                last_position,
                ends_place,
                ends_us,
                max_us,
                within_us,
                is_strict,
                order_key as cut_key,
                max(before_us) over earlier as linked_us,
                max(before_position) over earlier as linked_position,
                max(before_ends_place) over earlier as linked_ends_place,
                max(start_position) over earlier as linked_start_position,
                max(start_us) over earlier as linked_start_us
            from lined
            window earlier as (
                partition by funnel_no, customer_no, unit_no, hold_no, lane, step_no, from_step
                order by order_key, position
                rows between unbounded preceding and current row
            )

        )

        select
            round + 1,
            true,
            funnel_no,
            customer_no,
            unit_no,
            hold_no,
            lane,
            taken,
            step_no,
            from_step,
            weight,
            position,
            event_no,
            occurred_us,
            place,
            first_position,
            last_position,
            cut_key,
            ends_place,
            ends_us,
            linked_start_position,
            linked_start_us,
            linked_ends_place < place
        from linked
        where
            event_no is not null
            and linked_us is not null
            and (within_us is null or occurred_us - linked_start_us <= within_us)
            and (max_us is null or occurred_us - linked_us <= max_us)
            and (not is_strict or first_position <= linked_position + 1)
        union all
        select
            chain.round + 1,
            false,
            chain.funnel_no,
            chain.customer_no,
            chain.unit_no,
            chain.hold_no,
            chain.lane,
            chain.taken,
            chain.step_no,
            chain.from_step,
            chain.weight,
            chain.position,
            chain.event_no,
            chain.occurred_us,
            chain.place,
            chain.first_position,
            chain.last_position,
            chain.cut_key,
            chain.ends_place,
            chain.ends_us,
            chain.start_position,
            chain.start_us,
            chain.is_void
        from walked as chain
        where
            chain.step_no > chain.round
            or exists (
                select 1
                from asked_funnel_moves as move
                where
                    move.funnel_no = chain.funnel_no
                    and move.from_step = chain.step_no
                    and move.to_step > chain.round + 1
            )
    )

)

select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    lane,
    taken,
    step_no,
    from_step,
    weight,
    position,
    event_no,
    occurred_us,
    place,
    first_position,
    last_position,
    cut_key,
    ends_place,
    ends_us,
    start_position,
    start_us,
    is_void
from walked
where is_new and from_step > 0

-- One row per funnel that counts attempts, step, event and way on, with the earliest end of the funnel.
--
-- The mirror image of funnel_walks: of the chains that lead from an event to the last step only the one
-- that ends first matters, and its next link is the earliest event that may be one.
--
-- grain:    funnel_no, customer_no, hold_no, lane, step_no, position
-- columns:
--   funnel_no      integer  funnel
--   customer_no    integer  customer
--   hold_no        integer  number of the value that is held; 0: none is
--   lane           bigint   which steps are still to come, and which at one moment
--   step_no        integer  step
--   position       integer  place of its event among the customer's events
--   done_position  integer  place of the event that is the last step
--   done_us        bigint   its time
with recursive

counting as (

    select
        funnel_no,
        steps,
        step_order
    from asked_funnels
    where unit = 'attempt' and step_order <> 'any'

),

offers as (

    select
        offer.funnel_no,
        offer.customer_no,
        offer.hold_no,
        offer.step_no,
        offer.from_step,
        offer.weight,
        offer.position,
        offer.cut_key,
        offer.max_us,
        offer.occurred_us,
        offer.place,
        offer.first_position
    from funnel_offers as offer
    inner join counting on counting.funnel_no = offer.funnel_no

),

led as (

    select
        counting.steps as round,
        true as is_new,
        counting.step_order,
        placed.funnel_no,
        placed.customer_no,
        placed.hold_no,
        cast(0 as bigint) as lane,
        placed.step_no,
        placed.position,
        placed.position as done_position,
        placed.occurred_us as done_us
    from funnel_places as placed
    inner join counting on counting.funnel_no = placed.funnel_no and counting.steps = placed.step_no
    union all
    (
        with

        now as (

            select distinct
                led.round,
                led.funnel_no,
                led.step_no,
                led.lane,
                move.from_step,
                move.weight,
                move.is_timed
            from led
            inner join asked_funnel_moves as move
                on move.funnel_no = led.funnel_no
                and move.to_step = led.step_no
                and move.from_step = led.round - 1
            where led.round > 1

        ),

        lined as (

            select
                now.round,
                led.step_order,
                led.funnel_no,
                led.customer_no,
                led.hold_no,
                now.lane + now.weight as lane,
                led.step_no as to_step,
                led.position,
                offer.cut_key as order_key,
                false as is_asking,
                cast(null as bigint) as occurred_us,
                cast(null as integer) as last_position,
                cast(null as bigint) as ends_place,
                offer.max_us,
                offer.occurred_us as next_us,
                offer.place as next_place,
                offer.first_position as next_position,
                led.done_position,
                led.done_us
            from led
            inner join now
                on now.funnel_no = led.funnel_no and now.step_no = led.step_no and now.lane = led.lane
            inner join offers as offer
                on offer.funnel_no = led.funnel_no
                and offer.customer_no = led.customer_no
                and offer.hold_no = led.hold_no
                and offer.step_no = led.step_no
                and offer.position = led.position
                and offer.from_step = now.from_step
                and offer.weight = now.weight
            union all
            select
                now.round,
                counting.step_order,
                placed.funnel_no,
                placed.customer_no,
                placed.hold_no,
                now.lane + now.weight,
                now.step_no,
                placed.position,
                2 * case when now.is_timed then placed.occurred_us else placed.position end,
                true,
                placed.occurred_us,
                placed.last_position,
                placed.ends_place,
                null,
                null,
                null,
                null,
                null,
                null
            from funnel_places as placed
            inner join now on now.funnel_no = placed.funnel_no and now.from_step = placed.step_no
            inner join counting on counting.funnel_no = placed.funnel_no

        ),

        linked as (

            select
                round,
                step_order,
                funnel_no,
                customer_no,
                hold_no,
                lane,
                position,
                is_asking,
                occurred_us,
                last_position,
                ends_place,
                min(max_us) over later as max_us,
                min(next_us) over later as next_us,
                min(next_place) over later as next_place,
                min(next_position) over later as next_position,
                min(done_position) over later as done_position,
                min(done_us) over later as done_us
            from lined
            window later as (
                partition by funnel_no, customer_no, hold_no, lane, to_step
                order by order_key, position
                rows between current row and unbounded following
            )

        )

        select
            round - 1,
            true,
            step_order,
            funnel_no,
            customer_no,
            hold_no,
            lane,
            round - 1,
            position,
            done_position,
            done_us
        from linked
        where
            is_asking
            and done_us is not null
            and (max_us is null or next_us - occurred_us <= max_us)
            and (ends_place is null or ends_place >= next_place)
            and (step_order <> 'strict' or next_position <= last_position + 1)
        union all
        select
            led.round - 1,
            false,
            led.step_order,
            led.funnel_no,
            led.customer_no,
            led.hold_no,
            led.lane,
            led.step_no,
            led.position,
            led.done_position,
            led.done_us
        from led
        where
            led.round > 1
            and exists (
                select 1
                from asked_funnel_moves as move
                where
                    move.funnel_no = led.funnel_no
                    and move.to_step = led.step_no
                    and move.from_step > 0
                    and move.from_step < led.round - 1
            )
    )

)

select
    funnel_no,
    customer_no,
    hold_no,
    lane,
    step_no,
    position,
    done_position,
    done_us
from led
where is_new

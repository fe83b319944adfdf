-- One row per journey of the map: which conversion its touches lead to.
--
-- Its own, up to the step that reaches the goal; after that, and where it has none, the customer's next.
-- What led to a conversion is spent, whether that one is asked for or not. As in all rates, a journey without
-- a stage is none that failed.
--
-- kind:     working
-- grain:    customer_no, journey_no
-- columns:
--   customer_no      integer        customer
--   journey_no       integer        journey
--   is_asked         boolean        whether the question is about it
--   status           varchar        converted, dropped_explicit, dropped_silent or open
--   steps_to_goal    integer        place of the first step that reaches the goal; NULL: none does
--   converted_us     bigint         when it does, UTC microseconds
--   value            decimal(38,2)  money of the journey's events; 0: none carries any
--   later_no         integer        next journey of the customer that reaches the goal; NULL: none does
--   later_us         bigint         when it does
--   later_value      decimal(38,2)  its money
--   is_later_asked   boolean        whether the question is about it
with

valued as (

    select
        fact.customer_no,
        fact.journey_no,
        scoped.customer_no is not null and (fact.staged_steps > 0 or fact.goal_us is not null) as is_asked,
        fact.status,
        fact.steps_to_goal,
        fact.goal_us,
        coalesce(money.value, 0) as value
    from journey_facts as fact
    inner join asked_attribution as asked on asked.map_no = fact.map_no
    left join journey_values as money
        on money.map_no = fact.map_no
        and money.customer_no = fact.customer_no
        and money.journey_no = fact.journey_no
    left join scoped_journeys as scoped
        on scoped.customer_no = fact.customer_no and scoped.journey_no = fact.journey_no

)

select
    customer_no,
    journey_no,
    is_asked,
    status,
    steps_to_goal,
    goal_us as converted_us,
    cast(value as decimal(38, 2)) as value,
    lead(case when goal_us is not null then journey_no end ignore nulls) over walk as later_no,
    lead(goal_us ignore nulls) over walk as later_us,
    cast(lead(case when goal_us is not null then value end ignore nulls) over walk as decimal(38, 2)) as later_value,
    lead(case when goal_us is not null then is_asked end ignore nulls) over walk as is_later_asked
from valued
window walk as (partition by customer_no order by journey_no)

-- One row per selector and touchpoint whose events it may choose, by what the touchpoint alone tells.
--
-- Where a selector of an item takes all events of a touchpoint, the others of the item are not needed.
--
-- grain:    item_no, selector_no, touchpoint_no
-- columns:
--   item_no        integer  step or exclusion
--   selector_no    integer  selector
--   touchpoint_no  integer  touchpoint
--   rest           integer  conditions that the event itself must meet; 0: all events are taken
with

met as (

    select
        condition.item_no,
        condition.selector_no,
        name.touchpoint_no,
        count(distinct condition.condition_no) as conditions_met
    from asked_conditions as condition
    inner join asked_properties as property
        on property.property_no = condition.property_no
        and property.column_name in ('touchpoint', 'stage')
        and property.json_path is null
    inner join touchpoint_names as name
        on (
            coalesce(case property.column_name when 'stage' then name.stage else name.touchpoint end, '')
            like condition.like_pattern escape '\'
        ) = (condition.comparison = 'like')
    group by condition.item_no, condition.selector_no, name.touchpoint_no

),

taken as (

    select
        selector.item_no,
        selector.selector_no,
        name.touchpoint_no,
        selector.conditions - selector.on_names as rest
    from asked_selectors as selector
    cross join touchpoint_names as name
    left join met
        on met.item_no = selector.item_no
        and met.selector_no = selector.selector_no
        and met.touchpoint_no = name.touchpoint_no
    where coalesce(met.conditions_met, 0) = selector.on_names

),

ranked as (

    select
        item_no,
        selector_no,
        touchpoint_no,
        rest,
        min(rest) over (partition by item_no, touchpoint_no) as least_rest,
        min(case when rest = 0 then selector_no end) over (partition by item_no, touchpoint_no) as whole_no
    from taken

)

select
    item_no,
    selector_no,
    touchpoint_no,
    rest
from ranked
where least_rest > 0 or selector_no = whole_no

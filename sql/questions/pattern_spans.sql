-- One row per journey and path pattern that matches it: where, and how often.
--
-- A journey is spelled as a text, a letter a step, and the text is searched from left to right; a
-- match begins as early as it can, and the next one after its end. Journeys that lack what no match
-- does without are not spelled. This is the one question that leaves the portable core of SQL: to
-- spell in order, and to search. Equal texts are searched once.
--
-- ranges:   customer_no
-- grain:    group_no, pattern_no, map_no, customer_no, journey_no
-- columns:
--   group_no     integer  group
--   pattern_no   integer  pattern
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   matches      bigint   how many matches, none of which overlap
--   first_step   integer  first step of the first match
--   last_step    integer  last step of the first match
with

meeting as (

    select asked.group_no, asked.pattern_no, step.map_no, step.customer_no, step.journey_no
    from journey_steps as step
    inner join asked_pattern_musts as sought on sought.touchpoint_no = step.touchpoint_no
    inner join asked_pattern as asked
        on asked.group_no = sought.group_no and asked.pattern_no = sought.pattern_no
    group by asked.group_no, asked.pattern_no, step.map_no, step.customer_no, step.journey_no
    having bit_or(sought.must) = max(asked.musts)

),

searching as (

    select
        asked.group_no,
        asked.pattern_no,
        chosen.map_no,
        chosen.customer_no,
        chosen.journey_no
    from chosen_journeys as chosen
    inner join asked_pattern as asked on asked.group_no = chosen.group_no
    left join meeting
        on meeting.group_no = asked.group_no
        and meeting.pattern_no = asked.pattern_no
        and meeting.map_no = chosen.map_no
        and meeting.customer_no = chosen.customer_no
        and meeting.journey_no = chosen.journey_no
    where asked.musts = 0 or meeting.journey_no is not null

),

spelled as (

    select
        searching.group_no,
        searching.pattern_no,
        searching.map_no,
        searching.customer_no,
        searching.journey_no,
        string_agg(symbol.symbol, '' order by step.step_no) as spelling
    from searching
    inner join journey_steps as step
        on step.map_no = searching.map_no
        and step.customer_no = searching.customer_no
        and step.journey_no = searching.journey_no
    left join asked_pattern_touchpoints as touchpoint
        on touchpoint.group_no = searching.group_no
        and touchpoint.pattern_no = searching.pattern_no
        and touchpoint.touchpoint_no = step.touchpoint_no
    left join asked_pattern_channels as channel
        on channel.group_no = searching.group_no
        and channel.pattern_no = searching.pattern_no
        and channel.channel_no = step.channel_no
    inner join asked_pattern_symbols as symbol
        on symbol.group_no = searching.group_no
        and symbol.pattern_no = searching.pattern_no
        and symbol.touchpoint_class = coalesce(touchpoint.touchpoint_class, 0)
        and symbol.channel_class = coalesce(channel.channel_class, 0)
    group by
        searching.group_no,
        searching.pattern_no,
        searching.map_no,
        searching.customer_no,
        searching.journey_no

),

spellings as (

    select distinct group_no, pattern_no, spelling
    from spelled

),

-- Materialized, or every column below would search again.
searched as materialized (

    select
        spellings.group_no,
        spellings.pattern_no,
        spellings.spelling,
        regexp_extract_all(spellings.spelling, asked.expression) as pieces,
        asked.to_end
    from spellings
    inner join asked_pattern as asked
        on asked.group_no = spellings.group_no and asked.pattern_no = spellings.pattern_no

),

-- No match lies before the first one; so its text is not met before it, unless it has to be the end.
found as (

    select
        group_no,
        pattern_no,
        spelling,
        cast(len(pieces) as bigint) as matches,
        case
            when to_end then length(spelling) - length(pieces[1]) + 1
            else strpos(spelling, pieces[1])
        end as first_step,
        length(pieces[1]) as steps
    from searched
    where len(pieces) > 0

)

select
    spelled.group_no,
    spelled.pattern_no,
    spelled.map_no,
    spelled.customer_no,
    spelled.journey_no,
    found.matches,
    cast(found.first_step as integer) as first_step,
    cast(found.first_step + found.steps - 1 as integer) as last_step
from spelled
inner join found
    on found.group_no = spelled.group_no
    and found.pattern_no = spelled.pattern_no
    and found.spelling = spelled.spelling

-- One row per law that must hold and what it is held for. Any that does not fails the run.
--
-- A comma in a name is doubled in the subject, so that no two of them read alike.
--
-- grain:    law, subject
-- columns:
--   law          varchar  what must hold
--   subject      varchar  file, map, level or node that it is held for
--   left_name    varchar  what is counted on the left
--   left_count   bigint   its count
--   right_name   varchar  what is counted on the right
--   right_count  bigint   its count
--   is_met       boolean  whether both are equal
with

counted as (

    select
        'every record is loaded, a duplicate or rejected' as law,
        source || ', ' || path as subject,
        'records in the file' as left_name,
        rows_read as left_count,
        'loaded + duplicate + rejected' as right_name,
        rows_loaded + rows_duplicate + rows_rejected as right_count
    from input_files
    where fault is null
    union all
    select
        'every rejected record is kept',
        files.source || ', ' || files.path,
        'rejected in the ledger',
        files.rows_rejected,
        'rows of rejected_rows',
        (select count(*) from rejected_rows as rejected where rejected.file_no = files.file_no and rejected.row_no > 0)
    from input_files as files
    where files.fault is null
    union all
    select
        'every loaded record is an event of a customer or unidentified',
        'all sources',
        'loaded',
        (select cast(coalesce(sum(rows_loaded), 0) as bigint) from input_files),
        'events + unidentified',
        (select count(*) from ordered_events)
        + (
            select count(*)
            from clean_events as event
            left join combination_customers as owner on owner.identity_key = event.identity_key
            where owner.customer_no is null
        )
    union all
    select
        'every event that is not passive is in one session',
        'all customers',
        'events',
        (select count(*) from ordered_events where touchpoint_no not in (select touchpoint_no from passive_touchpoints)),
        'events of sessions',
        (select cast(coalesce(sum(active_events), 0) as bigint) from sessions)
    union all
    select
        'every step is a visit to a touchpoint',
        map.map_name,
        'steps of journeys',
        (select cast(coalesce(sum(journey.steps), 0) as bigint) from journey_facts as journey where journey.map_no = map.map_no),
        'visits to touchpoints',
        (
            select cast(coalesce(sum(visited.visits), 0) as bigint)
            from nodes as visited
            where visited.map_name = map.map_name and visited.level = 'touchpoint' and visited.kind = 'real'
        )
    from cfg_maps as map
    union all
    select
        'every visit to a node is its first, a repeat or a return',
        visited.map_name || ', ' || visited.level,
        'visits',
        visited.visits,
        'journeys at the node + repeats + returns',
        visited.journeys
        + (
            select cast(coalesce(sum(walked.returns), 0) as bigint)
            from loops as walked
            where walked.map_name = visited.map_name and walked.level = visited.level and walked.form in ('repeat', 'return')
        )
    from (
        select map_name, level, cast(sum(visits) as bigint) as visits, cast(sum(journeys) as bigint) as journeys
        from nodes
        where kind = 'real' and level <> 'channel'
        group by map_name, level
    ) as visited
    union all
    select
        'all movement back is made of tangles',
        map.map_name || ', ' || levels.level,
        'movement back of journeys',
        (
            select cast(coalesce(sum(journey.back_distance), 0) as bigint)
            from journey_facts as journey
            where journey.map_no = map.map_no
        ),
        'movement back of tangles',
        (
            select cast(coalesce(sum(tangle.back_distance), 0) as bigint)
            from squiggle_tangles as tangle
            where tangle.map_name = map.map_name and tangle.level = levels.level and tangle.population = 'all'
        )
    from cfg_maps as map
    cross join levels
    where levels.level_no < 3
    union all
    select
        'what does not match the intended path is a deviation',
        map.map_name,
        'visits and steps that do not match',
        (
            select cast(coalesce(sum(path.journeys * path.path_cost), 0) as bigint)
            from stage_paths as path
            where path.map_no = map.map_no
        ),
        'deviations',
        (
            select cast(coalesce(sum(deviation.occurrences), 0) as bigint)
            from path_deviations as deviation
            where deviation.map_name = map.map_name and deviation.population = 'all'
        )
    from cfg_maps as map
    union all
    select
        'as many moves leave a node as enter it',
        replace(map_name, ',', ',,') || ', ' || level || ', ' || replace(node, ',', ',,'),
        'moves in',
        moves_in,
        'moves out',
        moves_out
    from nodes
    where kind = 'real'
    union all
    select
        'every journey that has a stage leaves the flows once',
        map.map_name,
        'journeys with a stage',
        (
            select count(*)
            from journey_facts as journey
            where journey.map_no = map.map_no and journey.staged_steps > 0
        ),
        'links to (exit), (open) and (more)',
        (
            select cast(coalesce(sum(flow.journeys), 0) as bigint)
            from stage_flows as flow
            where flow.map_name = map.map_name and flow.to_stage_no is null
        )
    from cfg_maps as map
    union all
    select
        'every column of the flows passes on what enters it',
        replace(entered.map_name, ',', ',,') || ', column ' || entered.step_no,
        'journeys that enter the column',
        entered.journeys,
        'journeys that leave it',
        coalesce(departed.journeys, 0)
    from (
        select map_name, step_no + 1 as step_no, cast(sum(journeys) as bigint) as journeys
        from stage_flows
        where to_stage_no is not null
        group by map_name, step_no
    ) as entered
    left join (
        select map_name, step_no, cast(sum(journeys) as bigint) as journeys
        from stage_flows
        group by map_name, step_no
    ) as departed on departed.map_name = entered.map_name and departed.step_no = entered.step_no
    union all
    select
        'the flows and the graph have the same moves between stages',
        map.map_name,
        'moves in the first twelve columns',
        (
            select cast(coalesce(sum(flow.journeys), 0) as bigint)
            from stage_flows as flow
            where flow.map_name = map.map_name and flow.to_stage_no is not null
        ),
        'transitions between stages, less those beyond',
        (
            select cast(coalesce(sum(moved.transitions), 0) as bigint)
            from move_counts as moved
            where moved.map_no = map.map_no and moved.level_no = 2
                and moved.from_no > 0 and moved.to_no > 0 and moved.from_no <> moved.to_no
        )
        - (
            select count(*)
            from stage_visits as visit
            where visit.map_no = map.map_no and visit.visit_no >= 12 and visit.next_stage_no is not null
        )
    from cfg_maps as map
    union all
    select
        'reached = progressed + dropped + open + completed',
        replace(stage.map_name, ',', ',,') || ', ' || replace(stage.stage, ',', ',,'),
        'reached',
        stage.reached,
        'progressed + dropped + open + completed',
        stage.progressed + stage.dropped + stage.open + stage.completed
    from stage_dropoff as stage
    union all
    select
        'the values of a segment hold every journey once',
        replace(whole.map_name, ',', ',,') || ', ' || replace(parts.segment, ',', ',,') || ', ' || whole.among,
        'journeys',
        whole.journeys,
        'journeys of its values',
        parts.journeys
    from segment_outcomes as whole
    inner join (
        select map_name, among, segment, cast(sum(journeys) as bigint) as journeys
        from segment_outcomes
        group by map_name, among, segment
    ) as parts on parts.map_name = whole.map_name and parts.among = whole.among
    where whole.segment = 'all'
    union all
    select
        'every journey with a stage is in the flows of each segment',
        replace(whole.map_name, ',', ',,') || ', ' || replace(parts.segment, ',', ',,') || ', ' || parts.among,
        'journeys with a stage',
        whole.staged_journeys,
        'journeys in the first column',
        parts.journeys
    from segment_outcomes as whole
    inner join (
        select map_name, segment, among, cast(sum(journeys) as bigint) as journeys
        from segment_flows
        where step_no = 1
        group by map_name, segment, among
    ) as parts on parts.map_name = whole.map_name and parts.among = whole.among
    where whole.segment = 'all'
    union all
    select
        'the steps around a touchpoint and the graph have the same journeys',
        replace(map.map_name, ',', ',,') || ', ' || replace(anchor.anchor, ',', ',,'),
        'journeys that visit it',
        anchor.journeys,
        'journeys in the steps around it',
        cast(sum(told.journeys) as bigint)
    from anchors as anchor
    inner join cfg_maps as map on map.map_no = anchor.map_no
    inner join segment_steps as told
        on told.map_name = map.map_name
        and told.anchor_no = anchor.anchor_no
        and told.segment = 'all'
        and told.among = 'all'
        and told.step_no = 0
    group by map.map_name, anchor.anchor, anchor.journeys
    union all
    select
        'every journey that reached a stage is at it in each segment',
        replace(whole.map_name, ',', ',,') || ', ' || replace(whole.stage, ',', ',,') || ', ' || replace(parts.segment, ',', ',,'),
        'journeys that reached it',
        whole.reached,
        'those of the values',
        parts.reached
    from segment_dropoff as whole
    inner join (
        select map_no, stage_no, segment, cast(sum(reached) as bigint) as reached
        from segment_dropoff
        where segment_no > 0
        group by map_no, stage_no, segment
    ) as parts on parts.map_no = whole.map_no and parts.stage_no = whole.stage_no
    where whole.segment_no = 0
    union all
    select
        'every journey with a stage that dropped stopped at one touchpoint',
        map.map_name,
        'journeys that dropped',
        (
            select count(*)
            from journey_facts as fact
            where fact.map_no = map.map_no and fact.staged_steps > 0 and fact.status in ('dropped_explicit', 'dropped_silent')
        ),
        'those after each touchpoint',
        (
            select cast(coalesce(sum(stopped.dropped), 0) as bigint)
            from touchpoint_stops as stopped
            where stopped.map_name = map.map_name
        )
    from cfg_maps as map

)

select
    law,
    subject,
    left_name,
    left_count,
    right_name,
    right_count,
    left_count = right_count as is_met
from counted
order by law, subject

-- One row per step of the intended path of a map: declared, by default, or found from the data.
--
-- The path that is found is the most frequent one of the journeys that converted and whose beginning was
-- seen; of equally frequent ones the shorter, then the one that is at the earlier stage where they part.
--
-- grain:    map_no, step_no
-- columns:
--   map_no         integer  map
--   step_no        integer  place in the path, from 1
--   stage_no       integer  stage that is to be visited
--   is_optional    boolean  whether it may be left out
--   is_repeatable  boolean  whether it may be returned to
--   origin         varchar  declared, default or found
with

spelt as (

    -- Stages as digits of a number: nine of them, then nine more.
    select
        map_no,
        path_no,
        sum(case when visit_no <= 9 then stage_no * (cast(1 as bigint) << (6 * (9 - visit_no))) else 0 end) as begins,
        sum(
            case when visit_no between 10 and 18 then stage_no * (cast(1 as bigint) << (6 * (18 - visit_no))) else 0 end
        ) as goes_on
    from path_visits
    where map_no in (select map_no from cfg_path_steps where origin = 'found')
    group by map_no, path_no

),

ranked as (

    select
        path.map_no,
        path.path_no,
        row_number() over (
            partition by path.map_no
            order by count(*) desc, min(journey.moves), min(spelt.begins), min(spelt.goes_on), path.path_no
        ) as place
    from journey_paths as path
    inner join journey_facts as journey
        on journey.map_no = path.map_no
        and journey.customer_no = path.customer_no
        and journey.journey_no = path.journey_no
    inner join (select map_no from cfg_path_steps where origin = 'found' group by map_no) as wanted
        on wanted.map_no = path.map_no
    inner join spelt on spelt.map_no = path.map_no and spelt.path_no = path.path_no
    where journey.status = 'converted' and journey.truncated_by is null
    group by path.map_no, path.path_no

),

found as (

    select ranked.map_no, visit.visit_no as step_no, visit.stage_no
    from ranked
    inner join path_visits as visit on visit.map_no = ranked.map_no and visit.path_no = ranked.path_no
    where ranked.place = 1

)

select map_no, step_no, stage_no, false as is_optional, false as is_repeatable, 'found' as origin
from found
union all
select
    declared.map_no,
    declared.step_no,
    declared.stage_no,
    declared.is_optional,
    declared.is_repeatable,
    case when declared.origin = 'found' then 'default' else declared.origin end
from cfg_path_steps as declared
left join (select map_no from found group by map_no) as replaced on replaced.map_no = declared.map_no
where replaced.map_no is null

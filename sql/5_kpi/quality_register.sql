-- One row per thing that limits what the figures can say, with how much it touches.
--
-- grain:    finding, subject
-- columns:
--   finding             varchar  what it is
--   subject             varchar  where it was found: a source, a map, a rule, kinds of id or names, all customers
--   rows                bigint   records, events, journeys or days that it touches
--   of_rows             bigint   of how many
--   share               double   rows / of_rows
--   concerns            varchar  figures that it bears on, and how
--   map_name            varchar  map whose conversion leans most on the journeys that it touches; NULL: it
--                                touches none that is over
--   conversion_share    double   of the map's journeys that are over, the share that converted; of all of them,
--                                where the finding is that some are not over
--   conversion_without  double   the same without the touched ones; see quality_effects
--   squiggle_index      double   squiggle index of those journeys
--   squiggle_without    double   the same without the touched ones
with

listed as (

    select
        'rejected records' as finding,
        source as subject,
        rows_rejected as rows,
        rows_read as of_rows,
        'they are in no figure; see rejected_rows' as concerns
    from source_quality
    union all
    select 'duplicate records', source, rows_duplicate, rows_read, 'they are counted once; see duplicate_rows'
    from source_quality
    union all
    select 'one event id, several contents', source, conflicts, rows_read, 'the first by file and row is used'
    from source_quality
    union all
    select
        'events without a usable id',
        source,
        unidentified_events,
        rows_loaded,
        'they are in no journey: visits are undercounted'
    from source_quality
    union all
    select
        'events after the as-of moment',
        source,
        events_after_as_of,
        rows_loaded,
        'they are in no journey: the as-of moment is declared, or a required source has not reached them'
    from source_quality
    union all
    select
        'events at the same time as another of the customer',
        source,
        tied_events,
        rows_loaded - unidentified_events,
        'their order is that of sequence, file and row: transitions between them may be the wrong way round'
    from source_quality
    union all
    select
        'events that no touchpoint rule matches',
        source,
        unmapped_events,
        rows_loaded,
        'they have no stage: drop-off and squiggle do not see them'
    from source_quality
    union all
    select
        'local times that do not exist, or exist twice',
        source.source,
        cast(sum(part.dst_gap_rows + part.dst_overlap_rows) as bigint),
        cast(sum(part.rows_accepted) as bigint),
        'clock changes: they may be an hour off'
    from parts as part
    inner join cfg_sources as source on source.source_no = part.source_no
    group by source.source
    union all
    select 'surprising days without any event', gap.source, cast(sum(gap.days) as bigint), cast(null as bigint),
        'an export may be missing: journeys look silent in between'
    from source_gaps as gap
    where gap.is_surprising
    group by gap.source
    union all
    select
        case when gap.is_late then 'events long after all others' else 'events long before all others' end,
        gap.source,
        max(gap.strays),
        max(source.rows_loaded),
        case
            when gap.is_late then 'their clock may be wrong: where they set the as-of moment, whoever came before looks silent'
            else 'their clock may be wrong: no journey looks left-truncated'
        end
    from source_gaps as gap
    inner join source_quality as source on source.source = gap.source
    where gap.strays > 0
    group by gap.source, gap.is_late
    union all
    select 'rules that never fire', touchpoint, 1, cast(null as bigint), 'nothing is ever at this touchpoint by this rule'
    from touchpoint_rules
    where status = 'never fires'
    union all
    select 'rules that never fire', channel || ' (channel)', 1, cast(null as bigint), 'no channel is ever called so by this rule'
    from channel_rules
    where status = 'never fires'
    union all
    select 'rules that earlier ones leave nothing to', name, 1, cast(null as bigint), 'the rule can be left out, or moved up'
    from (
        select touchpoint as name from touchpoint_rules where status = 'shadowed'
        union all
        select channel || ' (channel)' from channel_rules where status = 'shadowed'
    ) as shadowed
    union all
    select 'names that are written alike', kind, cast(sum(events) as bigint), cast(null as bigint),
        'they count apart, and may be one: give them one rule, or mend the export; see similar_names'
    from similar_names
    group by kind
    union all
    select
        'times that are coarser than those of other sources',
        rough.source,
        rough.rows_loaded,
        rough.rows_loaded,
        'its events come first in their ' || rough.resolution || ': moves from and to them may be the wrong way round'
    from source_quality as rough
    cross join (
        select
            count(case when resolution <> 'minute' then 1 end) as past_minute,
            count(case when resolution in ('millisecond', 'finer') then 1 end) as past_second
        from source_quality
    ) as fine
    where
        (rough.resolution = 'minute' and fine.past_minute > 0)
        or (rough.resolution = 'second' and fine.past_second > 0)
    union all
    select
        'sessions longer than 12 hours or 2,500 events',
        'all customers',
        count(endless.session_no),
        count(*),
        'a robot, a heartbeat or an id that many share: block the id, or list as passive what beats'
    from session_sums as summed
    left join endless_sessions as endless
        on endless.customer_no = summed.customer_no and endless.session_no = summed.session_no
    union all
    select 'values in several kinds of id', kind || ' and ' || other, count(*), cast(null as bigint),
        'they are kept apart: a device "123" is not the user "123"'
    from ambiguous_ids
    group by kind, other
    union all
    select 'ids in quarantine', kind, count(*), cast(null as bigint), 'too many other ids come with them: they link nobody'
    from quarantined_ids
    group by kind
    union all
    select
        'journeys whose beginning may lie before the data',
        map_name,
        left_truncated,
        staged_journeys,
        'they are left out of the headline squiggle'
    from map_summary
    union all
    select 'journeys that may still go on', map_name, open, staged_journeys, 'they are neither converted nor dropped'
    from map_summary
    union all
    select
        finding,
        subject,
        journeys,
        of_journeys,
        'a person who comes back on another device is counted twice: visits undercount, conversion is low'
    from quality_effects
    where finding = 'journeys of customers whom no strong id names'

),

leaning as (

    select
        finding,
        subject,
        map_name,
        conversion_share,
        conversion_without,
        squiggle_index,
        squiggle_without,
        row_number() over (
            partition by finding, subject
            order by abs(conversion_effect) desc nulls last, map_name
        ) as place
    from quality_effects

),

summed as (

    select
        finding,
        subject,
        cast(sum(rows) as bigint) as rows,
        cast(sum(of_rows) as bigint) as of_rows,
        min(concerns) as concerns
    from listed
    group by finding, subject

)

select
    summed.finding,
    summed.subject,
    summed.rows,
    summed.of_rows,
    summed.rows / cast(nullif(summed.of_rows, 0) as double) as share,
    summed.concerns,
    leaning.map_name,
    leaning.conversion_share,
    leaning.conversion_without,
    leaning.squiggle_index,
    leaning.squiggle_without
from summed
left join leaning
    on leaning.finding = summed.finding and leaning.subject = summed.subject and leaning.place = 1
where summed.rows > 0
order by summed.finding, summed.subject

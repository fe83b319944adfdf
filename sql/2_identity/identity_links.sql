-- One row per pair of ids that events carry together, or that is declared: used or not, and why.
--
-- grain:    id_no, other_id_no
-- columns:
--   id_no         bigint     the id with the smaller number
--   other_id_no   bigint     the other one
--   kind          varchar    column of the one id
--   value         varchar    the one id
--   other_kind    varchar    column of the other id
--   other_value   varchar    the other id
--   rule          varchar    merges: two strong ids; lends: a strong and a weak one; neighbours: two weak
--   status        varchar    kept, cut, quarantined or unused
--   why           varchar    in words
--   is_declared   boolean    whether the project file declares it
--   events        bigint     events that carry both
--   first_at      timestamp  first of them, UTC
--   last_at       timestamp  last of them, UTC
with

-- Of several devices of an event one is followed: the others lend nothing.
followed as (

    select distinct
        least(carried.device_id_no, listed.id_no) as id_no,
        greatest(carried.device_id_no, listed.id_no) as other_id_no
    from identity_combination_ids as carried
    inner join identity_values as listed on listed.identity_key = carried.identity_key
    where listed.is_strong and carried.device_id_no is not null

),

judged as (

    select
        pair.id_no,
        pair.other_id_no,
        pair.rule,
        pair.is_declared,
        pair.events,
        pair.first_us,
        pair.last_us,
        case
            when pair.id_no in (select id_no from quarantined_ids)
                or pair.other_id_no in (select id_no from quarantined_ids)
                then 'quarantined'
            when cut.id_no is not null then 'cut'
            when candidate.id_no is not null then 'kept'
            when pair.rule = 'lends' and setting.policy = 'guarded' and shared.is_kiosk then 'unused'
            when pair.rule = 'lends' and setting.policy not in ('none', 'components') and followed.id_no is not null
                then 'kept'
            else 'unused'
        end as status,
        cut.kind as cut_kind,
        setting.policy,
        coalesce(shared.is_kiosk, false) as is_kiosk,
        coalesce(shared.is_shared, false) as is_shared,
        followed.id_no is not null as is_followed
    from identity_pairs as pair
    cross join cfg_settings as setting
    left join cut_links as cut on cut.id_no = pair.id_no and cut.other_id_no = pair.other_id_no
    left join merge_candidates as candidate
        on candidate.id_no = pair.id_no and candidate.other_id_no = pair.other_id_no
    left join shared_devices as shared
        on pair.rule = 'lends' and shared.device_id_no in (pair.id_no, pair.other_id_no)
    left join followed on followed.id_no = pair.id_no and followed.other_id_no = pair.other_id_no

)

select
    judged.id_no,
    judged.other_id_no,
    near.kind,
    near.value,
    far.kind as other_kind,
    far.value as other_value,
    judged.rule,
    judged.status,
    case judged.status
        when 'quarantined' then 'one of the two is quarantined: too many other ids come with it'
        when 'cut' then 'the person would have had too many of kind ' || judged.cut_kind
        when 'unused' then case
            when judged.is_kiosk and judged.policy = 'guarded'
                then 'a kiosk, on which too many persons were identified, lends nothing'
            when judged.rule = 'lends' and judged.policy not in ('none', 'components') and not judged.is_followed
                and judged.events = 0
                then 'no event carries both: nobody was identified on the device'
            when judged.rule = 'lends' and judged.policy not in ('none', 'components') and not judged.is_followed
                then 'of the devices of these events another one is followed'
            else 'policy ' || judged.policy || ' makes no use of it'
        end
        else case
            when judged.rule = 'merges' and judged.is_declared then 'declared in the project file: one person'
            when judged.rule = 'merges' then 'on the same event: one person'
            when judged.policy = 'components' then 'on the same event: one person, by policy components'
            when judged.policy = 'last_user' then 'by policy last_user all of the device is its last user''s'
            when judged.policy = 'first_user' then 'by policy first_user all of the device is its first user''s'
            when judged.policy = 'guarded' and judged.is_shared
                then 'the person was identified on the device, which others share: it lends within a session of one person'
            else 'the person was identified on the device, which may lend its anonymous events'
        end
    end as why,
    judged.is_declared,
    judged.events,
    make_timestamp(judged.first_us) as first_at,
    make_timestamp(judged.last_us) as last_at
from judged
inner join identity_ids as near on near.id_no = judged.id_no
inner join identity_ids as far on far.id_no = judged.other_id_no

-- One row per channel, campaign or touchpoint, whichever is credited: its number and its name.
--
-- grain:    node_no
-- columns:
--   node_no    integer  number, from 1
--   name       varchar  name
--   is_direct  boolean  whether last_non_direct passes it over
with

named as (

    select channel.channel_no as node_no, channel.channel as name
    from channels as channel
    inner join asked_attribution as asked on asked.credited = 'channel'
    where channel.channel_no > 0
    union all
    select touchpoint.touchpoint_no, touchpoint.touchpoint
    from touchpoint_names as touchpoint
    inner join asked_attribution as asked on asked.credited = 'touchpoint'
    union all
    select cast(row_number() over (order by known.campaign) as integer), known.campaign
    from (
        select distinct detail.campaign
        from event_details as detail
        inner join asked_attribution as asked on asked.credited = 'campaign'
        where detail.campaign is not null
    ) as known

)

select named.node_no, named.name, direct.name is not null as is_direct
from named
left join asked_attribution_direct as direct on direct.name = named.name

-- One row per loop between touchpoints that journeys walk most.
select
    loop.map_name,
    loop.form,
    loop.loop,
    loop.returns_per_100,
    loop.returns_lo,
    loop.returns_hi,
    loop.journeys,
    loop.journey_share,
    loop.conversion_rate,
    loop.conversion_lo,
    loop.conversion_hi,
    loop.median_s
from loops as loop
cross join cfg_settings as setting
where
    loop.level = 'touchpoint'
    and loop.form in ('ping-pong', 'cycle')
    and loop.loop_no between 1 and 6
    and loop.customers >= setting.privacy_k
order by loop.map_name, loop.returns_per_100 desc, loop.loop

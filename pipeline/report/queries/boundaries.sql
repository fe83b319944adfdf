-- One row per boundary between two stages: how often it was crossed ahead, and back again.
select
    map_name,
    boundary_no,
    from_stage,
    to_stage,
    advances,
    fallbacks,
    fallback_rate
from squiggle_boundaries
order by map_name, boundary_no

-- One row per distinct path of stages and deviation that it has, or could have had.
--
-- A path could skip a step, or go back to it, where it got beyond it; it could repeat one that it has
-- met. Any path could insert a stage: only those that do are listed.
--
-- kind:     view
-- grain:    map_no, path_no, kind, stage_no
-- columns:
--   map_no       integer  map
--   path_no      bigint   path
--   kind         varchar  skipped, inserted, repeated or backward
--   stage_no     integer  stage
--   occurrences  bigint   how often; 0: it could have had the deviation
select map_no, path_no, 'skipped' as kind, stage_no, skipped as occurrences
from path_fits
where skipped > 0 or (is_passed and owed > 0)
union all
select map_no, path_no, 'inserted', stage_no, inserted
from path_fits
where inserted > 0
union all
select map_no, path_no, 'repeated', stage_no, repeated
from path_fits
where fitting > 0 or repeated > 0
union all
select map_no, path_no, 'backward', stage_no, backward
from path_fits
where is_passed or backward > 0

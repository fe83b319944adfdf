-- One row per pair of ids that come together, neither of which is left out of joined_ids.
--
-- kind:     working
-- grain:    id_no, other_id_no
-- columns:
--   id_no        bigint  the id with the smaller number
--   other_id_no  bigint  the other one
select pair.id_no, pair.other_id_no
from identity_pairs as pair
inner join joined_ids as near on near.id_no = pair.id_no
inner join joined_ids as far on far.id_no = pair.other_id_no

-- One row per touchpoint that step flows can be drawn around, the most frequent first.
select map.map_name, anchor.anchor_no as rank, anchor.anchor as node
from anchors as anchor
inner join cfg_maps as map on map.map_no = anchor.map_no
order by anchor.map_no, anchor.anchor_no

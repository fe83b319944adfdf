-- One row per stage and value of a segment: who reached it, who went on, is open, stopped, and the rates.
select
    told.map_name,
    told.segment,
    told.value,
    told.stage_no,
    told.stage,
    stage.is_goal,
    told.reached,
    told.touched,
    told.skipped,
    told.progressed,
    told.open,
    told.dropped,
    told.completed,
    told.frontier,
    told.within_days,
    told.drop_rate,
    told.drop_lo,
    told.drop_hi,
    told.naive_drop_rate,
    told.naive_lo,
    told.naive_hi,
    told.resolved_drop_rate,
    told.resolved_lo,
    told.resolved_hi,
    told.median_days_to_next
from segment_dropoff as told
inner join segment_values as named
    on named.segment_no = told.segment_no and named.value_no = told.value_no
inner join shown_values as shown
    on shown.map_no = told.map_no
    and shown.segment_no = told.segment_no
    and shown.value_no = told.value_no
    and shown.values = named.values
inner join cfg_map_stages as stage on stage.map_no = told.map_no and stage.stage_no = told.stage_no
where shown.segment_no <= 8
order by told.map_name, told.segment_no, told.value_no, told.stage_no

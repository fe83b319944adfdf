-- One row per touchpoint that is the sending of a survey and counts as nothing else.
--
-- An order that is followed by a survey is an order; an e-mail that asks is only that.
--
-- kind:     view
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
select touchpoint_no
from kpi_roles
group by touchpoint_no
having bool_and(role in ('nps_sends', 'csat_sends', 'ces_sends', 'emotion_sends'))

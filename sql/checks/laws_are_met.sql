-- A law of the reconciliation that does not hold.
select law, subject, left_name, left_count, right_name, right_count
from reconciliation
where not is_met

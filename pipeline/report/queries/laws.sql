-- One row per law of conservation and subject: two counts that must be equal.
select
    law,
    subject,
    left_name,
    left_count,
    right_name,
    right_count,
    is_met
from reconciliation
order by is_met, law, subject, left_name, right_name

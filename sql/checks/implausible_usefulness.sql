/*
label = "Nut van hulp ligt niet tussen 1 en 10"
description = "Outcomes with a usefulness outside 1 to 10"
severity = "warning"
family = "plausibility"
total = "select count(*) from core.outcome where usefulness is not null"
threshold = { count = 0 }
needs = ["core.outcome"]
affects = ["client_satisfaction"]
tags = ["outcomes"]
how_to_read = """
Het nut van de hulp is een cijfer van 1 tot en met 10. Een 0 betekent vaak dat niemand antwoordde; laat de cel dan leeg. Vraag
de aanbieder om verbeterde regels.
"""

[columns]
child_id = "pseudonym of the child"
measured_on = "day of measuring"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    child_id,
    measured_on,
    source_file_id,
    source_line,
from core.outcome
where usefulness < 1 or usefulness > 10

/*
label = "Open einde bij een volume per week"
description = "Indications with a weekly volume (frequency 2) without planned end, which iJw does not allow"
severity = "note"
family = "conformance"
total = "select count(*) from core.indication where law = 'jeugdwet' and frequency = '2'"
threshold = { share = 0.05 }
needs = ["core.indication"]
affects = ["indication_duration", "short_indication_share", "horizon_match", "care_cost"]
tags = ["indications"]
how_to_read = """
Deze indicaties hebben een volume per week en geen einddatum. Volgens iJw hoort daar een einddatum bij. Zij tellen als
lopende hulp, ook als de hulp in werkelijkheid is gestopt. De duur van indicaties gaat alleen over die met een einddatum.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
start_date = "first day"
*/
select
    municipality_code,
    allocation_number,
    start_date,
from core.indication
where law = 'jeugdwet' and frequency = '2' and planned_end_date is null

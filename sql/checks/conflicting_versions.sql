/*
label = "Zelfde beslismoment, andere inhoud"
description = "Indications of which two versions carry the same decision stamp and say something else; the later delivery counts"
severity = "warning"
family = "conformance"
total = "select count(*) from (select distinct municipality_code, law, allocation_number, decided_at from staging.indication_version)"
threshold = { share = 0.01 }
needs = ["raw.indications"]
affects = ["conflict_share", "indication_duration", "assigned_hours_week"]
tags = ["indications"]
how_to_read = """
Een gemeente leverde twee versies van dezelfde toewijzing met hetzelfde beslismoment en een andere inhoud. Welke de
juiste is, valt niet te zien; de versie uit de laatste levering telt. Vraag de gemeente welke versie geldt, en om
voortaan het tijdstip van de beslissing mee te leveren.
"""

[columns]
municipality_code = "responsible municipality"
law = "law"
allocation_number = "number of the indication"
decided_at = "stamp that occurs with more than one content"
contents = "number of different contents"
*/
select
    municipality_code,
    law,
    allocation_number,
    decided_at,
    contents,
from staging.indication_conflict

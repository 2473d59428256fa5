/*
label = "Reden van beëindiging onbekend"
description = "Deliveries of care that ended without a reason"
severity = "warning"
family = "completeness"
total = "select count(*) from core.delivery where end_date is not null"
threshold = { share = 0.1 }
needs = ["core.delivery"]
affects = ["unknown_share", "dropout_rate", "planned_end_share"]
tags = ["unknown"]
how_to_read = """
Van deze beëindigde hulp is niet bekend waarom zij stopte. Uitval en afsluiting volgens plan gaan alleen over de bekende
redenen. Vraag de aanbieder om de reden in het stopbericht in te vullen.
"""

[columns]
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
child_id = "pseudonym of the child"
start_date = "first day of care"
*/
select
    municipality_code,
    provider_id,
    child_id,
    start_date,
from core.delivery
where end_date is not null and end_reason is null

/*
label = "Afgekeurde berichten"
description = "iJw messages and products that a retour rejected; they count as not sent"
severity = "warning"
family = "completeness"
total = "raw.message"
threshold = { share = 0.02 }
needs = ["raw.message"]
affects = ["delivery_completeness"]
tags = ["landing"]
how_to_read = """
De ontvanger heeft deze berichten of producten afgekeurd. Ze tellen niet mee, ook als de afkeuring later binnenkwam dan
het bericht. De afzender hoort een verbeterd bericht te sturen; zolang dat er niet is, ontbreekt de zorg van dit
bericht in de cijfers. Vraag bij veel afgekeurde berichten of de verbeterde berichten ook zijn aangeleverd.
"""

[columns]
file_id = "delivery of the message"
message_name = "iJw message"
municipality_code = "municipality on one end"
provider_id = "AGB of the provider on the other end"
message_level = "bericht or product"
allocation_number = "number of the indication, for a product"
rejected_on = "day of the first retour that rejects it"
*/
select
    file_id,
    message_name,
    municipality_code,
    provider_id,
    message_level,
    allocation_number,
    rejected_on,
from staging.rejection

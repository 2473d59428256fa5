/*
label = "Verwijzer onbekend"
description = "Indications under the Jeugdwet of which neither the indication nor the provider's request tells who referred"
severity = "warning"
family = "completeness"
total = "select count(*) from core.indication where law = 'jeugdwet'"
threshold = { share = 0.25 }
needs = ["core.indication"]
affects = ["unknown_share", "referrer_mix", "gp_route_share", "gp_route_cost_share"]
tags = ["unknown"]
how_to_read = """
Van deze indicaties is niet bekend wie het kind verwees. De verdeling over verwijzers gaat alleen over de bekende. Bij
een groot deel onbekend zegt die verdeling weinig. Vraag of de gemeente de berichten met het verzoek om toewijzing (JW315)
kan meeleveren: daar staat de verwijzer in.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
*/
select
    municipality_code,
    allocation_number,
from core.indication
where law = 'jeugdwet' and referrer is null

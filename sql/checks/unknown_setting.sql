/*
label = "Plaats van de hulp onbekend"
description = "Indications under the Jeugdwet of which the product list does not tell where care is given"
severity = "warning"
family = "completeness"
total = "select count(*) from core.indication where law = 'jeugdwet'"
threshold = { share = 0.25 }
needs = ["core.product"]
affects = ["unknown_share", "in_school_share", "home_school_split_share"]
tags = ["unknown"]
how_to_read = """
Voor deze indicaties zegt de productlijst niet waar de hulp plaatsvindt: op school, thuis of bij de aanbieder. Het aandeel
hulp op school gaat alleen over de bekende. Vul in producten.csv de kolom plaats aan.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
*/
select
    municipality_code,
    allocation_number,
from core.indication
where law = 'jeugdwet' and coalesce(setting, 'onbekend') = 'onbekend'

/*
label = "Product onbekend"
description = "Indications under the Jeugdwet without product category (generic indications)"
severity = "warning"
family = "completeness"
total = "select count(*) from core.indication where law = 'jeugdwet'"
threshold = { share = 0.1 }
needs = ["core.indication"]
affects = ["unknown_share", "care_form_mix", "heavy_share", "light_share", "intensity_index"]
tags = ["unknown"]
how_to_read = """
Deze indicaties noemen geen product (generieke toewijzing). Wat voor hulp het is, hoe zwaar en hoeveel uren, is dan niet
te zeggen. Ze tellen wel mee als hulp. Is het deel groot, gebruik dan de declaraties: die noemen het product altijd.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
*/
select
    municipality_code,
    allocation_number,
from core.indication
where law = 'jeugdwet' and product_category is null

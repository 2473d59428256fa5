/*
label = "Hetzelfde product dubbel toegewezen"
description = "Indications that overlap an earlier one of the same child, municipality, provider and product"
severity = "warning"
family = "conformance"
total = "select count(*) from core.indication where law = 'jeugdwet'"
threshold = { share = 0.02 }
needs = ["core.indication"]
affects = ["conflict_share", "assigned_hours_week", "hours_per_pupil", "care_cost", "indications_per_pupil_year"]
tags = ["indications"]
how_to_read = """
Deze indicaties lopen tegelijk met een eerdere van hetzelfde kind, dezelfde aanbieder en hetzelfde product. Volgens de
regels van iJw mag dat niet. Voor de vraag of een kind hulp heeft maakt het niet uit, maar uren en kosten tellen dubbel.
Vraag de gemeente of de eerdere indicatie had moeten eindigen.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
child_id = "pseudonym of the child"
provider_id = "AGB of the provider"
start_date = "first day of this indication"
earlier_until = "last day of the earlier ones; 31 December 9999 is open"
*/
with
    earlier as (
        select
            municipality_code,
            allocation_number,
            child_id,
            provider_id,
            start_date,
            max(coalesce(end_date, date '9999-12-31')) over (
                partition by child_id, municipality_code, provider_id, product_category, product_code
                order by start_date, allocation_number
                rows between unbounded preceding and 1 preceding
            ) as earlier_until,
        from core.indication
        where law = 'jeugdwet'
    )

select
    municipality_code,
    allocation_number,
    child_id,
    provider_id,
    start_date,
    earlier_until,
from earlier
where earlier_until >= start_date

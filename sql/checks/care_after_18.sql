/*
label = "Jeugdhulp na de achttiende verjaardag"
description = "Indications under the Jeugdwet that run on more than a month after the 18th birthday (the 1st of the birth month stands for it)"
severity = "note"
family = "plausibility"
total = "select count(*) from core.indication as i inner join core.child as c on c.child_id = i.child_id where i.law = 'jeugdwet' and c.birth_month is not null"
threshold = { share = 0.1 }
needs = ["core.indication", "core.child"]
affects = ["transition18_prepared", "care_share"]
tags = ["indications", "age"]
how_to_read = """
Deze hulp loopt door nadat het kind achttien werd. Dat mag in enkele gevallen, zoals bij pleegzorg, jeugdreclassering en
verlengde jeugdhulp. Is het er veel, dan is de einddatum vaak vergeten of klopt de geboortedatum niet. Deze hulp telt wel
mee: achttien worden beëindigt in de cijfers niets.
"""

[columns]
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
child_id = "pseudonym of the child"
start_date = "first day"
end_date = "last day; null is open"
eighteen_from = "first day of the month in which the child turns 18"
*/
select
    i.municipality_code,
    i.allocation_number,
    i.child_id,
    i.start_date,
    i.end_date,
    cast(c.birth_month + interval 18 year as date) as eighteen_from,
from core.indication as i
inner join core.child as c on c.child_id = i.child_id
where
    i.law = 'jeugdwet'
    and coalesce(i.end_date, cast(getvariable('checked_at') as date)) >= c.birth_month + interval 18 year + interval 1 month
    and i.start_date <= cast(getvariable('checked_at') as date)

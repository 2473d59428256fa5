/*
label = "Eén kind, twee geboortemaanden"
description = "Children of whom the deliveries give more than one birth month, or both m and f as sex"
severity = "warning"
family = "plausibility"
total = "core.child"
threshold = { share = 0.01 }
needs = ["core.child"]
affects = ["link_rate", "care_share", "pupils_with_care"]
tags = ["age", "linkage"]
how_to_read = """
Onder hetzelfde pseudoniem komen verschillende geboortemaanden of geslachten voor. Meestal is een gegeven verkeerd
ingetypt; het nieuwste telt dan. Het kan ook zijn dat een verkeerd burgerservicenummer is gebruikt: dan lopen twee
kinderen door elkaar. Vraag de leveranciers om dit na te kijken als het vaker voorkomt.
"""

[columns]
child_id = "pseudonym of the child"
birth_months = "number of different birth months"
sexes = "number of different values m and f"
*/
with
    said as (
        select child_id, birth_month, sex from raw.indications
        union all
        select child_id, birth_month, sex from raw.enrolments
        union all
        select child_id, birth_month, sex from raw.referrals
    )

select
    child_id,
    count(distinct birth_month) as birth_months,
    count(distinct sex) filter (where sex in ('m', 'f')) as sexes,
from said
where child_id is not null
group by child_id
having count(distinct birth_month) > 1 or count(distinct sex) filter (where sex in ('m', 'f')) > 1

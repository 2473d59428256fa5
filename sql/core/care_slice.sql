/*
description = "Levels that divide care and not schools: who pays for it, who gives it, and in which consortium"
grain = "one row per indication under the Jeugdwet, level and first day"
key = ["indication_key", "level", "from_day"]
steps = [
    "every indication belongs to its responsible municipality and to its provider, always",
    "it belongs to the consortium of its provider as long as the provider list says so; no consortium, no row",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["CONTRACT 4"]

[columns]
indication_key = "number of the indication"
child_key = "number of the child"
level = "responsible_municipality, provider or consortium"
unit_id = "code of the unit within its level"
hours_per_day = "hours a day; null when the volume has no hours"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
select
    indication_key,
    child_key,
    'responsible_municipality' as level,
    municipality_code as unit_id,
    hours_per_day,
    from_day,
    until_day
from core.indication
where law = 'jeugdwet'
union all
select indication_key, child_key, 'provider', provider_id, hours_per_day, from_day, until_day
from core.indication
where law = 'jeugdwet'
union all
select
    care.indication_key,
    care.child_key,
    'consortium',
    belongs.group_name,
    care.hours_per_day,
    greatest(care.from_day, belongs.from_day),
    least(care.until_day, belongs.until_day)
from core.indication as care
inner join core.provider_group as belongs
    on care.provider_key = belongs.provider_key
    and belongs.bundling = 'consortium'
    and care.from_day < belongs.until_day
    and care.until_day > belongs.from_day
where care.law = 'jeugdwet' and belongs.group_name <> care.provider_id

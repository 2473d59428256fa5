/*
description = "Indications that start in a period, at the attendances that are enrolled on the first day"
grain = "one row per period, attendance and indication; and one for its responsible municipality"
key = ["period_key", "unit_set_key", "attendance_key", "indication_key"]
steps = [
    "take the indications under the Jeugdwet, with the periods that contain their first day",
    "at every attendance of the child that is enrolled on that day; metrics.place_unit says for which units and types of school it counts",
    "the responsible municipality counts those of the attendance at all schools of the region, in a set of its own",
]
seeds = ["METRICS 0.7", "METRICS 10"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for (metrics.place_unit)"
indication_key = "number of the indication"
child_key = "number of the child"
day = "number of its first day"
*/
with
    started as (
        select
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            care.indication_key,
            care.child_key,
            care.municipality_code,
            care.from_day as day
        from core.care as care
        inner join core.period as period
            on care.from_day >= period.from_day
            and care.from_day < period.until_day
        inner join core.attendance_spell as spell
            on care.child_key = spell.child_key
            and care.from_day >= spell.from_day
            and care.from_day < spell.until_day
    )

select period_key, attendance_key, unit_set_key, indication_key, child_key, day
from started
union all
select
    started.period_key,
    started.attendance_key,
    payer.unit_set_key,
    started.indication_key,
    started.child_key,
    started.day
from started
inner join core.unit_set as region on started.unit_set_key = region.unit_set_key and region.level = 'region'
inner join metrics.place_unit as payer
    on started.municipality_code = payer.unit_id
    and payer.level = 'responsible_municipality'

/*
description = "Indications that start in a period, by their planned length"
grain = "one row per period, unit and length"
key = ["period_key", "unit_key", "planned_days"]
steps = [
    "take the indications under the Jeugdwet with their planned length, both ends counted; open-ended ones have none",
    "count them at the attendances that are enrolled on the first day, per set of units, then per unit",
    "of several that start for one child in the period the first is marked, so that children can be counted",
]
tests = ["planned_days > 0", "indications > 0", "children <= indications"]
seeds = ["METRICS 2.6", "OT3 2.6"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
planned_days = "planned length in days; null is open-ended"
indications = "number of indications"
children = "children of whom the first of these indications has this length; their sum over lengths counts every child once"
*/
with
    started as (
        select
            indication_key,
            child_key,
            from_day as day,
            cast(datediff('day', start_date, planned_end_date) + 1 as integer) as planned_days
        from core.indication
        where law = 'jeugdwet'
    ),
    placed as (
        select
            period.period_key,
            spell.unit_set_key,
            started.planned_days,
            row_number() over (
                partition by period.period_key, spell.attendance_key
                order by started.day, started.indication_key
            ) as place
        from started
        inner join core.attendance_spell as spell
            on started.child_key = spell.child_key
            and started.day >= spell.from_day
            and started.day < spell.until_day
        inner join core.period as period
            on started.day >= period.from_day
            and started.day < period.until_day
    ),
    counted as (
        select
            period_key,
            unit_set_key,
            planned_days,
            count(*) as indications,
            sum(case when place = 1 then 1 else 0 end) as children
        from placed
        group by period_key, unit_set_key, planned_days
    )

select
    counted.period_key,
    unit_set.unit_key,
    counted.planned_days,
    cast(sum(counted.indications) as bigint) as indications,
    cast(sum(counted.children) as bigint) as children
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key, counted.planned_days

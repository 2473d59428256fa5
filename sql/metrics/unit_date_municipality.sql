/*
description = "Responsible municipalities of the pupils of a unit on the reference dates"
grain = "one row per reference date, unit and municipality"
key = ["day", "unit_key", "municipality_code"]
steps = [
    "take the municipalities that pay for an enrolled pupil on the day",
    "a pupil with k municipalities gives 1/k to each",
    "add up per set of units, then per unit",
]
tests = ["0 < weight and weight <= pupils"]
seeds = ["CATALOGUE 3", "OT3 2.18"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
municipality_code = "responsible municipality"
pupils = "pupils for whom the municipality pays"
weight = "sum over those pupils of 1 / their number of municipalities"
*/
with
    active as (
        select
            date.day,
            attendance.attendance_key,
            attendance.unit_set_key,
            spell.municipality_code,
            count(*) over (partition by date.day, attendance.attendance_key) as municipalities
        from core.municipality_spell as spell
        inner join core.reference_date as date
            on spell.from_day <= date.day
            and spell.until_day > date.day
        inner join core.attendance_spell as attendance
            on spell.child_key = attendance.child_key
            and attendance.from_day <= date.day
            and attendance.until_day > date.day
    ),
    counted as (
        select
            day,
            unit_set_key,
            municipality_code,
            count(*) as pupils,
            sum(cast(ratio(1, municipalities) as decimal(38, 12))) as weight
        from active
        group by day, unit_set_key, municipality_code
    )

select
    counted.day,
    unit_set.unit_key,
    counted.municipality_code,
    cast(sum(counted.pupils) as bigint) as pupils,
    cast(sum(counted.weight) as double) as weight
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.day, unit_set.unit_key, counted.municipality_code

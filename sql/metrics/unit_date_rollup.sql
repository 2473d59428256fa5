/*
description = "How care of a unit is divided over parent organisations and consortia on the reference dates"
grain = "one row per reference date, unit and roll-up with care"
key = ["day", "unit_key", "bundling"]
steps = [
    "take the groups that are active for an enrolled pupil on the day",
    "a pupil with k groups gives 1/k to each",
    "add up per set of units and group, then per unit and group",
    "number of groups, largest, and squares of their weights",
]
tests = ["unique key", "groups <= links"]
seeds = ["METRICS 0.4", "CATALOGUE 3"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
bundling = "parent or consortium"
groups = "distinct groups"
links = "sum over pupils of the number of distinct groups"
largest_weight = "pupils of the largest group, each divided over its groups"
squared_weight = "sum over groups of the square of their weight"
*/
with
    active as (
        select
            date.day,
            spell.attendance_key,
            spell.unit_set_key,
            care.bundling,
            care.group_key,
            count(*) over (partition by date.day, spell.attendance_key, care.bundling) as groups
        from core.group_spell as care
        inner join core.reference_date as date
            on care.from_day <= date.day
            and care.until_day > date.day
        inner join core.attendance_spell as spell
            on care.child_key = spell.child_key
            and spell.from_day <= date.day
            and spell.until_day > date.day
    ),
    counted as (
        select
            day,
            unit_set_key,
            bundling,
            group_key,
            count(*) as pupils,
            sum(cast(ratio(1, groups) as decimal(38, 12))) as weight
        from active
        group by day, unit_set_key, bundling, group_key
    ),
    divided as (
        select
            counted.day,
            unit_set.unit_key,
            counted.bundling,
            counted.group_key,
            sum(counted.pupils) as pupils,
            cast(sum(counted.weight) as double) as weight
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        group by counted.day, unit_set.unit_key, counted.bundling, counted.group_key
    )

select
    day,
    unit_key,
    bundling,
    count(*) as groups,
    cast(sum(pupils) as bigint) as links,
    max(weight) as largest_weight,
    exact_sum(weight * weight) as squared_weight
from divided
group by day, unit_key, bundling

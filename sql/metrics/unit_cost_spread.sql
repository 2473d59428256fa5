/*
description = "How the cost of care is spread over children"
grain = "one row per basis, period and unit with at least one child in care; groups of schools and payers only"
key = ["basis", "period_key", "level", "unit_id"]
steps = [
    "add up the cost of every child in the unit",
    "median and 90th percentile over the children whose cost is known (type 7)",
    "the dearest tenth: of all children in care, rounded up; a child whose cost is not known comes last",
]
tests = ["unique key", "median_cents <= p90_cents", "top_children <= children", "0 < children"]
seeds = ["OZG 4.4"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
level = "school_type, school_municipality, swv, region or responsible_municipality"
unit_id = "code of the unit within its level"
children = "children in care"
priced_children = "of these: with a known cost"
median_cents = "median over the children with a known cost, in eurocents"
p90_cents = "90th percentile, in eurocents"
top_children = "a tenth of the children, rounded up"
top_cents = "cost of that many children with the highest cost, in eurocents"
cents = "cost of all, in eurocents"
*/
with
    part as (
        select
            cost.basis,
            cost.period_key,
            cost.attendance_key,
            cost.municipality_code,
            unit_set.level,
            unit_set.unit_id,
            cost.cents
        from metrics.child_cost as cost
        inner join core.unit_set as unit_set on cost.unit_set_key = unit_set.unit_set_key
        where
            cost.funder = 'jeugdwet'
            and unit_set.level in ('school_type', 'school_municipality', 'swv', 'region')
    ),
    child as (
        select basis, period_key, level, unit_id, attendance_key, sum(cents) as cents
        from part
        group by basis, period_key, level, unit_id, attendance_key
        union all
        select basis, period_key, 'responsible_municipality', municipality_code, attendance_key, sum(cents)
        from part
        where level = 'region'
        group by basis, period_key, municipality_code, attendance_key
    ),
    placed as (
        select
            basis,
            period_key,
            level,
            unit_id,
            cents,
            row_number() over (
                partition by basis, period_key, level, unit_id
                order by case when cents is null then 1 else 0 end, cents desc
            ) as place,
            count(*) over (partition by basis, period_key, level, unit_id) as children
        from child
    )

select
    basis,
    period_key,
    level,
    unit_id,
    count(*) as children,
    count(cents) as priced_children,
    percentile(cents, 0.5) as median_cents,
    percentile(cents, 0.9) as p90_cents,
    cast(floor((count(*) + 9) / 10) as bigint) as top_children,
    cast(sum(case when place <= floor((children + 9) / 10) then cents end) as double) as top_cents,
    cast(sum(cents) as double) as cents
from placed
group by basis, period_key, level, unit_id

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
    cost as (
        select basis, period_key, attendance_key, unit_set_key, municipality_code, sum(cents) as cents
        from metrics.child_cost
        where funder = 'jeugdwet'
        group by basis, period_key, attendance_key, unit_set_key, municipality_code
    ),
    child as (
        select basis, period_key, attendance_key, unit_set_key, sum(cents) as cents
        from cost
        group by basis, period_key, attendance_key, unit_set_key
    ),
    -- A number per unit sorts faster than its codes; the numbers of payers are below 0.
    placed as (
        select child.basis, child.period_key, unit_set.unit_key, child.cents
        from child
        inner join core.unit_set as unit_set on child.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school_type', 'school_municipality', 'swv', 'region')
        union all
        select cost.basis, cost.period_key, payer.unit_set_key, cost.cents
        from cost
        inner join core.unit_set as region on cost.unit_set_key = region.unit_set_key and region.level = 'region'
        inner join metrics.place_unit as payer
            on cost.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
    ),
    ranked as (
        select
            basis,
            period_key,
            unit_key,
            cents,
            row_number() over (
                partition by basis, period_key, unit_key
                order by case when cents is null then 1 else 0 end, cents desc
            ) as place,
            count(*) over (partition by basis, period_key, unit_key) as children
        from placed
    ),
    unit as (
        select unit_key, level, unit_id
        from core.unit
        union all
        select unit_set_key, level, unit_id
        from metrics.place_unit
        where level = 'responsible_municipality'
    )

select
    ranked.basis,
    ranked.period_key,
    unit.level,
    unit.unit_id,
    count(*) as children,
    count(ranked.cents) as priced_children,
    percentile(ranked.cents, 0.5) as median_cents,
    percentile(ranked.cents, 0.9) as p90_cents,
    cast(floor((count(*) + 9) / 10) as bigint) as top_children,
    cast(sum(case when ranked.place <= floor((ranked.children + 9) / 10) then ranked.cents end) as double) as top_cents,
    cast(sum(ranked.cents) as double) as cents
from ranked
inner join unit on ranked.unit_key = unit.unit_key
group by ranked.basis, ranked.period_key, unit.level, unit.unit_id

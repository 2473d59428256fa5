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
    payer as (
        select unit_id as municipality_code, place_key
        from metrics.place_unit
        where level = 'responsible_municipality'
    ),
    -- Numbers in the place of codes: they group and sort faster.
    cost as (
        select
            cost.basis = 'assigned' as is_assigned,
            cost.period_key,
            cost.attendance_key,
            cost.unit_set_key,
            payer.place_key as payer_key,
            sum(cost.cents) as cents
        from metrics.child_cost as cost
        left join payer on cost.municipality_code = payer.municipality_code
        where cost.funder = 'jeugdwet'
        group by
            cost.basis = 'assigned',
            cost.period_key,
            cost.attendance_key,
            cost.unit_set_key,
            payer.place_key
    ),
    -- A double for order and percentiles, made once per child and payer: what is added up stays exact. Few children
    -- have two payers.
    valued as (
        select is_assigned, period_key, attendance_key, unit_set_key, payer_key, cents, cast(cents as double) as amount
        from cost
    ),
    child as (
        select
            is_assigned,
            period_key,
            unit_set_key,
            sum(cents) as cents,
            case when count(amount) > 1 then cast(sum(cents) as double) else max(amount) end as amount
        from valued
        group by is_assigned, period_key, attendance_key, unit_set_key
    ),
    placed as (
        select child.is_assigned, child.period_key, unit.place_key, child.cents, child.amount
        from child
        inner join metrics.place_unit as unit
            on child.unit_set_key = unit.unit_set_key
            and unit.school_type = ''
            and unit.level in ('school_type', 'school_municipality', 'swv', 'region')
        union all
        select valued.is_assigned, valued.period_key, valued.payer_key, valued.cents, valued.amount
        from valued
        inner join core.unit_set as region on valued.unit_set_key = region.unit_set_key and region.level = 'region'
        where valued.payer_key is not null
    ),
    ranked as (
        select
            is_assigned,
            period_key,
            place_key,
            cents,
            amount,
            row_number() over (
                partition by is_assigned, period_key, place_key
                order by amount desc nulls last
            ) as place,
            count(*) over (partition by is_assigned, period_key, place_key) as children
        from placed
    ),
    spread as (
        select
            is_assigned,
            period_key,
            place_key,
            count(*) as children,
            count(amount) as priced_children,
            percentile(amount, [0.5, 0.9]) as quantiles,
            sum(case when place <= floor((children + 9) / 10) then cents end) as top_cents,
            sum(cents) as cents
        from ranked
        group by is_assigned, period_key, place_key
    ),
    unit as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
    )

select
    case when spread.is_assigned then 'assigned' else 'declared' end as basis,
    spread.period_key,
    unit.level,
    unit.unit_id,
    spread.children,
    spread.priced_children,
    spread.quantiles[1] as median_cents,
    spread.quantiles[2] as p90_cents,
    cast(floor((spread.children + 9) / 10) as bigint) as top_children,
    cast(spread.top_cents as double) as top_cents,
    cast(spread.cents as double) as cents
from spread
inner join unit on spread.place_key = unit.place_key

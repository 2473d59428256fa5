/*
description = "Cost of care of every unit in a period, as a whole and in parts"
grain = "one row per basis, period, unit and part with at least one day of care"
key = ["basis", "period_key", "level", "unit_id", "dimension", "dimension_value"]
steps = [
    "add up per child first: a child counts once in a unit and in a part",
    "add up per set of units, then per unit",
    "for a municipality that pays: its part of the region as a whole",
    "everything but the payers is about the Jeugdwet alone; other parts are left out for boards, and for types within a municipality",
]
tests = ["unique key", "priced_days <= days", "0 < children"]
seeds = ["ZKIJ 3.13", "OT3 2.25", "OZG 4.2", "OZG 4.4"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
level = "level of the unit; responsible_municipality is who pays"
unit_id = "code of the unit within its level"
dimension = "empty, care_form, weight_class, product_category, responsible_municipality or funder"
dimension_value = "which part; empty for the whole, onbekend when it is not known"
days = "days times indications"
priced_days = "of these: with a known cost"
cents = "cost in eurocents; null when none is known"
school_cents = "of this: help with hours that is given at school"
children = "children with such care"
*/
with
    dimension as (
        select '' as dimension
        union all
        select 'care_form'
        union all
        select 'weight_class'
        union all
        select 'product_category'
        union all
        select 'responsible_municipality'
        union all
        select 'funder'
    ),
    part as (
        select
            cost.basis,
            cost.period_key,
            cost.attendance_key,
            cost.unit_set_key,
            cost.municipality_code,
            dimension.dimension,
            case dimension.dimension
                when 'care_form' then coalesce(cost.care_form, 'onbekend')
                when 'weight_class' then coalesce(cost.weight_class, 'onbekend')
                when 'product_category' then coalesce(cost.product_category, 'onbekend')
                when 'responsible_municipality' then cost.municipality_code
                when 'funder' then cost.funder
                else ''
            end as dimension_value,
            cost.days,
            cost.priced_days,
            cost.cents,
            cost.school_cents
        from metrics.child_cost as cost
        inner join dimension on cost.funder = 'jeugdwet' or dimension.dimension = 'funder'
    ),
    child as (
        select
            basis,
            period_key,
            attendance_key,
            unit_set_key,
            dimension,
            dimension_value,
            sum(days) as days,
            sum(priced_days) as priced_days,
            sum(cents) as cents,
            sum(school_cents) as school_cents
        from part
        group by basis, period_key, attendance_key, unit_set_key, dimension, dimension_value
    ),
    gathered as (
        select
            basis,
            period_key,
            unit_set_key,
            dimension,
            dimension_value,
            sum(days) as days,
            sum(priced_days) as priced_days,
            sum(cents) as cents,
            sum(school_cents) as school_cents,
            count(*) as children
        from child
        group by basis, period_key, unit_set_key, dimension, dimension_value
    ),
    of_payer as (
        select
            part.basis,
            part.period_key,
            part.attendance_key,
            part.municipality_code,
            part.dimension,
            part.dimension_value,
            sum(part.days) as days,
            sum(part.priced_days) as priced_days,
            sum(part.cents) as cents,
            sum(part.school_cents) as school_cents
        from part
        inner join core.unit_set as unit_set
            on part.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
        where part.dimension <> 'responsible_municipality'
        group by
            part.basis,
            part.period_key,
            part.attendance_key,
            part.municipality_code,
            part.dimension,
            part.dimension_value
    )

select
    gathered.basis,
    gathered.period_key,
    unit_set.level,
    unit_set.unit_id,
    gathered.dimension,
    gathered.dimension_value,
    cast(sum(gathered.days) as bigint) as days,
    cast(sum(gathered.priced_days) as bigint) as priced_days,
    cast(sum(gathered.cents) as double) as cents,
    cast(sum(gathered.school_cents) as double) as school_cents,
    cast(sum(gathered.children) as bigint) as children
from gathered
inner join core.unit_set as unit_set on gathered.unit_set_key = unit_set.unit_set_key
where
    unit_set.level <> 'responsible_municipality'
    and (gathered.dimension in ('', 'funder') or unit_set.level not in ('municipality_type', 'board'))
group by
    gathered.basis,
    gathered.period_key,
    unit_set.level,
    unit_set.unit_id,
    gathered.dimension,
    gathered.dimension_value
union all
select
    basis,
    period_key,
    'responsible_municipality',
    municipality_code,
    dimension,
    dimension_value,
    cast(sum(days) as bigint),
    cast(sum(priced_days) as bigint),
    cast(sum(cents) as double),
    cast(sum(school_cents) as double),
    count(*)
from of_payer
group by basis, period_key, municipality_code, dimension, dimension_value

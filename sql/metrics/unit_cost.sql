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
    -- What is told apart in cost comes in a few hundred combinations. Their numbers are grouped by in the place
    -- of six texts.
    kind as (
        select
            cast(
                row_number() over (
                    order by basis, funder, municipality_code, care_form, weight_class, product_category
                ) as integer
            ) as kind_key,
            basis,
            funder,
            municipality_code,
            care_form,
            weight_class,
            product_category
        from metrics.child_cost
        group by basis, funder, municipality_code, care_form, weight_class, product_category
    ),
    dimension as (
        select dimension, is_payer
        from (
            values
                ('', 0), ('care_form', 0), ('weight_class', 0), ('product_category', 0), ('responsible_municipality', 0),
                ('funder', 0), ('', 1), ('care_form', 1), ('weight_class', 1), ('product_category', 1), ('funder', 1)
        ) as dimension (dimension, is_payer)
    ),
    kind_part as (
        select
            kind.kind_key,
            kind.basis,
            case when dimension.is_payer = 1 then kind.municipality_code else '' end as payer,
            dimension.dimension,
            case dimension.dimension
                when 'care_form' then coalesce(kind.care_form, 'onbekend')
                when 'weight_class' then coalesce(kind.weight_class, 'onbekend')
                when 'product_category' then coalesce(kind.product_category, 'onbekend')
                when 'responsible_municipality' then kind.municipality_code
                when 'funder' then kind.funder
                else ''
            end as dimension_value
        from kind
        inner join dimension on kind.funder = 'jeugdwet' or dimension.dimension = 'funder'
    ),
    part as (
        select
            cast(row_number() over (order by basis, payer, dimension, dimension_value) as integer) as part_key,
            basis,
            payer,
            dimension,
            dimension_value
        from kind_part
        group by basis, payer, dimension, dimension_value
    ),
    kind_in_part as (
        select kind_part.kind_key, part.part_key, case when part.payer = '' then 0 else 1 end as is_payer
        from kind_part
        inner join part
            on kind_part.basis = part.basis
            and kind_part.payer = part.payer
            and kind_part.dimension = part.dimension
            and kind_part.dimension_value = part.dimension_value
    ),
    cost as (
        select
            cost.period_key,
            cost.attendance_key,
            cost.unit_set_key,
            case when region.unit_set_key is null then 0 else 1 end as is_region,
            kind.kind_key,
            cost.days,
            cost.priced_days,
            cost.cents,
            cost.school_cents
        from metrics.child_cost as cost
        inner join kind
            on cost.basis = kind.basis
            and cost.funder = kind.funder
            and cost.municipality_code = kind.municipality_code
            and cost.care_form is not distinct from kind.care_form
            and cost.weight_class is not distinct from kind.weight_class
            and cost.product_category is not distinct from kind.product_category
        left join core.unit_set as region on cost.unit_set_key = region.unit_set_key and region.level = 'region'
    ),
    amount as (
        select
            period_key,
            unit_set_key,
            is_region,
            kind_key,
            sum(days) as days,
            sum(priced_days) as priced_days,
            sum(cents) as cents,
            sum(school_cents) as school_cents
        from cost
        group by period_key, unit_set_key, is_region, kind_key
    ),
    set_amount as (
        select
            amount.period_key,
            amount.unit_set_key,
            kind.part_key,
            sum(amount.days) as days,
            sum(amount.priced_days) as priced_days,
            sum(amount.cents) as cents,
            sum(amount.school_cents) as school_cents
        from amount
        inner join kind_in_part as kind on amount.kind_key = kind.kind_key and kind.is_payer <= amount.is_region
        group by amount.period_key, amount.unit_set_key, kind.part_key
    ),
    child as (
        select distinct cost.period_key, cost.attendance_key, cost.unit_set_key, kind.part_key
        from cost
        inner join kind_in_part as kind on cost.kind_key = kind.kind_key and kind.is_payer <= cost.is_region
    ),
    set_children as (
        select period_key, unit_set_key, part_key, count(*) as children
        from child
        group by period_key, unit_set_key, part_key
    ),
    gathered as (
        select
            amount.period_key,
            unit_set.unit_key,
            amount.part_key,
            sum(amount.days) as days,
            sum(amount.priced_days) as priced_days,
            sum(amount.cents) as cents,
            sum(amount.school_cents) as school_cents,
            sum(child.children) as children
        from set_amount as amount
        inner join set_children as child
            on amount.period_key = child.period_key
            and amount.unit_set_key = child.unit_set_key
            and amount.part_key = child.part_key
        inner join part on amount.part_key = part.part_key
        inner join core.unit_set as unit_set
            on amount.unit_set_key = unit_set.unit_set_key
            and case
                when part.payer <> '' then unit_set.level = 'region'
                else part.dimension in ('', 'funder') or unit_set.level not in ('municipality_type', 'board')
            end
        group by amount.period_key, unit_set.unit_key, amount.part_key
    )

select
    part.basis,
    gathered.period_key,
    case when part.payer = '' then unit.level else 'responsible_municipality' end as level,
    case when part.payer = '' then unit.unit_id else part.payer end as unit_id,
    part.dimension,
    part.dimension_value,
    cast(gathered.days as bigint) as days,
    cast(gathered.priced_days as bigint) as priced_days,
    cast(gathered.cents as double) as cents,
    cast(gathered.school_cents as double) as school_cents,
    cast(gathered.children as bigint) as children
from gathered
inner join part on gathered.part_key = part.part_key
inner join core.unit as unit on gathered.unit_key = unit.unit_key

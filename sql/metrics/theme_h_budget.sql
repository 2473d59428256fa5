/*
description = "Theme H, budgets: what collective provision would cost, who would pay which part, and what was spent of a budget"
steps = [
    "present cost: the assigned cost of a school year; part of it is help with hours that is given at school",
    "of that part 40 of the 52.18 weeks of a year are school weeks: those hours can be given collectively, at the same price less the efficiency of a team (0, 10 or 20 %)",
    "the rest of the cost stays as it is",
    "the middle estimate divided over municipalities by three keys: pupils by home, present cost by payer, pupils in care by payer",
    "realised over budgeted: only items of which the realised amount is known",
]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
seeds = ["OT3 2.13", "OT3 2.25", "OT3 2.28"]
shape = "figure"
*/
with
    present as (
        select
            period.period_key,
            period.period,
            cost.level,
            cost.unit_id,
            cost.children,
            cost.cents / 100 as euro,
            coalesce(cost.school_cents, 0) / 100 * (40 * 7 / cast(365.25 as double)) as school_euro
        from metrics.unit_cost as cost
        inner join core.period as period
            on cost.period_key = period.period_key
            and period.kind = 'school_year'
        where
            cost.basis = 'assigned'
            and cost.dimension = ''
            and cost.level in ('school', 'swv', 'region')
            and cost.cents is not null
    ),
    bound as (
        select bound.name, cast(bound.efficiency as double) as efficiency
        from (values ('laag', 0.2), ('midden', 0.1), ('hoog', 0.0)) as bound (name, efficiency)
    ),
    estimate as (
        select
            present.period_key,
            present.period,
            present.level,
            present.unit_id,
            present.children,
            bound.name,
            present.school_euro * (1 - bound.efficiency) + present.euro - present.school_euro as euro
        from present
        cross join bound
    ),
    home as (
        select pc4, min(municipality_code) as municipality_code
        from core.place
        group by pc4
    ),
    -- Of several stretches of enrolment the first one in a period counts: an attendance is there once.
    resident_set as (
        select
            period.period_key,
            spell.unit_set_key,
            coalesce(home.municipality_code, 'onbekend') as municipality_code,
            count(*) as children
        from core.attendance_spell as spell
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        inner join core.child as child on spell.child_key = child.child_key
        left join home on child.pc4 = home.pc4
        where
            period.kind = 'school_year'
            and (spell.earlier_until is null or spell.earlier_until <= period.from_day)
        group by period.period_key, spell.unit_set_key, coalesce(home.municipality_code, 'onbekend')
    ),
    weight as (
        select
            resident_set.period_key,
            unit_set.level,
            unit_set.unit_id,
            'woonplaats' as allocation_key,
            resident_set.municipality_code,
            cast(sum(resident_set.children) as double) as weight,
            cast(sum(resident_set.children) as bigint) as children
        from resident_set
        inner join core.unit_set as unit_set on resident_set.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school', 'swv', 'region')
        group by resident_set.period_key, unit_set.level, unit_set.unit_id, resident_set.municipality_code
        union all
        select period_key, level, unit_id, 'historisch', dimension_value, cents, children
        from metrics.unit_cost
        where basis = 'assigned' and dimension = 'responsible_municipality' and cents is not null
        union all
        select period_key, level, unit_id, 'leerlingen', dimension_value, children, children
        from metrics.unit_cost
        where basis = 'assigned' and dimension = 'responsible_municipality'
    ),
    weighed as (
        select
            period_key,
            level,
            unit_id,
            allocation_key,
            municipality_code,
            children,
            ratio(
                weight,
                sum(cast(weight as decimal(38, 9))) over (partition by period_key, level, unit_id, allocation_key)
            ) as share
        from weight
    ),
    money as (
        select
            initiative_id,
            actor,
            cast(year as varchar) as period,
            cast(realised_cents as double) / 100 as realised,
            cast(budgeted_cents as double) / 100 as budgeted
        from core.budget
        where realised_cents is not null and budgeted_cents is not null
    ),
    spending as (
        select 'initiative' as level, initiative_id as unit_id, period, '' as dimension, '' as dimension_value, realised, budgeted
        from money
        where initiative_id is not null
        union all
        select 'initiative', initiative_id, period, 'actor', actor, realised, budgeted
        from money
        where initiative_id is not null
        union all
        select 'region', 'region', period, '', '', realised, budgeted
        from money
        union all
        select 'region', 'region', period, 'actor', actor, realised, budgeted
        from money
    ),
    spent as (
        select
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            exact_sum(realised) as realised,
            exact_sum(budgeted) as budgeted
        from spending
        group by level, unit_id, period, dimension, dimension_value
    ),
    figure as (
        select
            'collective_budget' as metric,
            level,
            unit_id,
            period,
            '' as dimension,
            '' as dimension_value,
            euro as value,
            euro as numerator,
            cast(null as double) as denominator,
            children as n_children
        from estimate
        where name = 'midden'
        union all
        select 'collective_budget', level, unit_id, period, 'bound', name, euro, euro, null, children
        from estimate
        union all
        select 'collective_budget', level, unit_id, period, 'bound', 'huidig', euro, euro, null, children
        from present
        union all
        select
            'collective_budget',
            estimate.level,
            estimate.unit_id,
            estimate.period,
            'allocation_key',
            concat(weighed.allocation_key, '|', weighed.municipality_code),
            estimate.euro * weighed.share,
            estimate.euro * weighed.share,
            null,
            weighed.children
        from estimate
        inner join weighed
            on estimate.period_key = weighed.period_key
            and estimate.level = weighed.level
            and estimate.unit_id = weighed.unit_id
        where estimate.name = 'midden'
        union all
        select
            'budget_realisation',
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            ratio(realised, budgeted),
            realised,
            budgeted,
            0
        from spent
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    value,
    numerator,
    denominator,
    cast(n_children as bigint) as n_children
from figure

/*
description = "Theme E, the part of the cost that came by way of the general practitioner"
steps = [
    "as assigned: what an indication costs a day, with the referrer of its trajectory",
    "as declared: the amount of a product period spread over its days, with the referrer of the indication it names; a declaration without one has no known referrer",
    "cut to the period and to the time the child is enrolled; at the payer when it is enrolled anywhere",
    "over the cost with a known referrer",
]
seeds = ["OZG 4.14"]
shape = "figure"
*/
with
    priced as (
        select
            'gp_route_cost_share_assigned' as metric,
            cost.child_key,
            cost.municipality_code,
            referral.referrer,
            cost.from_day,
            cost.until_day,
            cost.cents_per_day
        from core.cost_spell as cost
        inner join core.indication_referrer as referral on cost.record = referral.indication_key
        where cost.basis = 'assigned' and cost.funder = 'jeugdwet' and cost.cents_per_day is not null
        union all
        select
            'gp_route_cost_share_declared',
            declaration.child_key,
            declaration.municipality_code,
            referral.referrer,
            day_number(declaration.start_date),
            until_day(declaration.end_date),
            ratio(declaration.amount_cents, datediff('day', declaration.start_date, declaration.end_date) + 1)
        from core.declaration as declaration
        inner join core.indication as indication
            on declaration.delivered_municipality_code = indication.delivered_municipality_code
            and declaration.allocation_number = indication.allocation_number
            and declaration.child_key = indication.child_key
            and indication.law = 'jeugdwet'
        inner join core.indication_referrer as referral on indication.indication_key = referral.indication_key
    ),
    spent as (
        select
            priced.metric,
            period.period_key,
            unit.level,
            unit.unit_id,
            priced.municipality_code,
            priced.child_key,
            case when priced.referrer = '02' then 1 else 0 end as is_gp,
            exact_sum(
                priced.cents_per_day
                * (
                    least(priced.until_day, unit.until_day, period.until_day)
                    - greatest(priced.from_day, unit.from_day, period.from_day)
                )
            ) as cents
        from priced
        inner join metrics.enrolled_unit as unit
            on priced.child_key = unit.child_key
            and priced.from_day < unit.until_day
            and priced.until_day > unit.from_day
        inner join core.period as period
            on greatest(priced.from_day, unit.from_day) < period.until_day
            and least(priced.until_day, unit.until_day) > period.from_day
        where priced.referrer <> 'onbekend' and unit.level in ('school_municipality', 'region')
        group by
            priced.metric,
            period.period_key,
            unit.level,
            unit.unit_id,
            priced.municipality_code,
            priced.child_key,
            priced.referrer
    ),
    part as (
        select metric, period_key, level, unit_id, child_key, is_gp, cents
        from spent
        union all
        select metric, period_key, 'responsible_municipality', municipality_code, child_key, is_gp, cents
        from spent
        where level = 'region'
        union all
        select basis.metric, unit.period_key, unit.level, unit.unit_id, null, 0, 0
        from metrics.unit as unit
        cross join (
            values ('gp_route_cost_share_assigned'), ('gp_route_cost_share_declared')
        ) as basis (metric)
    ),
    total as (
        select
            metric,
            period_key,
            level,
            unit_id,
            exact_sum(case when is_gp = 1 then cents else 0 end) as gp_cents,
            exact_sum(cents) as cents,
            count(distinct case when is_gp = 1 then child_key end) as children
        from part
        group by metric, period_key, level, unit_id
    )

select
    total.metric,
    total.level,
    total.unit_id,
    period.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    ratio(total.gp_cents, total.cents) as value,
    total.gp_cents / 100 as numerator,
    total.cents / 100 as denominator,
    total.children as n_children
from total
inner join seeds.metric_level as allowed on total.metric = allowed.metric and total.level = allowed.level
inner join core.period as period on total.period_key = period.period_key

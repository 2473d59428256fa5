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
    known as (
        select
            indication.indication_key,
            indication.child_key,
            indication.delivered_municipality_code,
            indication.allocation_number,
            payer.place_key as payer_key,
            referral.referrer = '02' as is_gp
        from core.indication as indication
        inner join core.indication_referrer as referral on indication.indication_key = referral.indication_key
        inner join metrics.place_unit as payer
            on indication.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
        where indication.law = 'jeugdwet' and referral.referrer <> 'onbekend'
    ),
    priced as (
        select
            true as is_assigned,
            known.child_key,
            known.payer_key,
            known.is_gp,
            cost.from_day,
            cost.until_day,
            cost.cents_per_day
        from core.cost_spell as cost
        inner join known on cost.record = known.indication_key
        where cost.basis = 'assigned' and cost.funder = 'jeugdwet' and cost.cents_per_day is not null
        union all
        select
            false,
            known.child_key,
            known.payer_key,
            known.is_gp,
            day_number(declaration.start_date),
            until_day(declaration.end_date),
            ratio(declaration.amount_cents, datediff('day', declaration.start_date, declaration.end_date) + 1)
        from core.declaration as declaration
        inner join known
            on declaration.delivered_municipality_code = known.delivered_municipality_code
            and declaration.allocation_number = known.allocation_number
            and declaration.child_key = known.child_key
    ),
    -- Shown of municipalities and the region alone, and of who pays.
    unit as (
        select
            unit_set_key,
            place_key,
            level = 'region' as is_region
        from metrics.place_unit
        where school_type = '' and level in ('school_municipality', 'region')
    ),
    attended as (
        select distinct spell.child_key, spell.attendance_key, spell.unit_set_key, spell.from_day, spell.until_day
        from core.attendance_spell as spell
        inner join unit on spell.unit_set_key = unit.unit_set_key
    ),
    spent as (
        select
            priced.is_assigned,
            period.period_key,
            attended.attendance_key,
            attended.unit_set_key,
            priced.payer_key,
            priced.is_gp,
            sum(
                cast(
                    priced.cents_per_day
                    * (
                        least(priced.until_day, attended.until_day, period.until_day)
                        - greatest(priced.from_day, attended.from_day, period.from_day)
                    ) as decimal(38, 12)
                )
            ) as cents
        from priced
        inner join attended
            on priced.child_key = attended.child_key
            and priced.from_day < attended.until_day
            and priced.until_day > attended.from_day
        inner join core.period as period
            on greatest(priced.from_day, attended.from_day) < period.until_day
            and least(priced.until_day, attended.until_day) > period.from_day
        group by
            priced.is_assigned,
            period.period_key,
            attended.attendance_key,
            attended.unit_set_key,
            priced.payer_key,
            priced.is_gp
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    payer_set as (
        select
            is_assigned,
            period_key,
            unit_set_key,
            payer_key,
            sum(case when is_gp then cents else 0 end) as gp_cents,
            sum(cents) as cents,
            count(case when is_gp then 1 end) as children
        from spent
        group by is_assigned, period_key, unit_set_key, payer_key
    ),
    gp_child as (
        select distinct is_assigned, period_key, attendance_key, unit_set_key
        from spent
        where is_gp
    ),
    part as (
        select payer_set.is_assigned, payer_set.period_key, unit.place_key, payer_set.gp_cents, payer_set.cents, 0 as children
        from payer_set
        inner join unit on payer_set.unit_set_key = unit.unit_set_key
        union all
        select child.is_assigned, child.period_key, unit.place_key, 0, 0, count(*)
        from gp_child as child
        inner join unit on child.unit_set_key = unit.unit_set_key
        group by child.is_assigned, child.period_key, unit.place_key
        union all
        select
            payer_set.is_assigned,
            payer_set.period_key,
            payer_set.payer_key,
            payer_set.gp_cents,
            payer_set.cents,
            payer_set.children
        from payer_set
        inner join unit on payer_set.unit_set_key = unit.unit_set_key and unit.is_region
    ),
    counted as (
        select
            is_assigned,
            period_key,
            place_key,
            cast(sum(gp_cents) as double) as gp_cents,
            cast(sum(cents) as double) as cents,
            cast(sum(children) as bigint) as children
        from part
        group by is_assigned, period_key, place_key
    ),
    place as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
        where school_type = ''
    ),
    of_unit as (
        select
            case
                when counted.is_assigned then 'gp_route_cost_share_assigned'
                else 'gp_route_cost_share_declared'
            end as metric,
            counted.period_key,
            place.level,
            place.unit_id,
            counted.gp_cents,
            counted.cents,
            counted.children
        from counted
        inner join place on counted.place_key = place.place_key
    ),
    -- A unit without any has a row too: nothing to divide by.
    total as (
        select metric, period_key, level, unit_id, gp_cents, cents, children
        from of_unit
        union all
        select basis.metric, unit.period_key, unit.level, unit.unit_id, 0, 0, 0
        from metrics.unit as unit
        cross join (
            values ('gp_route_cost_share_assigned'), ('gp_route_cost_share_declared')
        ) as basis (metric)
        left join of_unit
            on basis.metric = of_unit.metric
            and unit.period_key = of_unit.period_key
            and unit.level = of_unit.level
            and unit.unit_id = of_unit.unit_id
        where of_unit.unit_id is null
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

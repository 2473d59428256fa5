/*
description = "Theme H, costs: what care costs, whom, and why it changes"
steps = [
    "take the cost of every unit, as assigned and as declared; a unit without care costs nothing",
    "declared cost only of periods that do not begin more than a month before the first declaration",
    "support by the samenwerkingsverband and school transport stand beside the Jeugdwet, as payers of their own",
    "collective supply: its amount is per year; it counts for the municipality that pays, else for that of the school",
    "money in euros; of a school only the payers apart: its forms and categories are in metrics.unit_cost",
]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
seeds = ["ZKIJ 3.13", "OT3 2.13", "OT3 2.25", "SAM 1.2", "OZG 4.2", "OZG 4.4"]
shape = "figure"
*/
with
    begun as (
        select min(from_day) as first_day
        from core.cost_spell
        where basis = 'declared'
    ),
    basis as (
        select 'assigned' as basis, period_key, period
        from core.period
        union all
        select 'declared', period.period_key, period.period
        from core.period as period
        inner join begun on begun.first_day <= period.from_day + 31
    ),
    unit as (
        select
            basis.basis,
            basis.period,
            unit.level,
            unit.unit_id,
            unit.period_key,
            unit.pupil_days
        from metrics.unit as unit
        inner join basis on unit.period_key = basis.period_key
        where unit.level in ('school', 'school_type', 'municipality_type', 'board', 'swv', 'school_municipality', 'region')
    ),
    whole as (
        select
            unit.basis,
            unit.period,
            unit.level,
            unit.unit_id,
            unit.pupil_days,
            coalesce(cost.children, 0) as children,
            coalesce(cost.days, 0) as days,
            coalesce(cost.priced_days, 0) as priced_days,
            case when cost.children is null then 0 else cost.cents / 100 end as euro
        from unit
        left join metrics.unit_cost as cost
            on unit.basis = cost.basis
            and unit.period_key = cost.period_key
            and unit.level = cost.level
            and unit.unit_id = cost.unit_id
            and cost.dimension = ''
        union all
        select
            basis.basis,
            basis.period,
            cost.level,
            cost.unit_id,
            cast(null as bigint),
            cost.children,
            cost.days,
            cost.priced_days,
            cost.cents / 100
        from basis
        inner join metrics.unit_cost as cost
            on basis.basis = cost.basis
            and basis.period_key = cost.period_key
        where cost.level = 'responsible_municipality' and cost.dimension = ''
    ),
    part as (
        select
            basis.basis,
            basis.period,
            cost.level,
            cost.unit_id,
            cost.dimension,
            cost.dimension_value,
            cost.children,
            cost.cents / 100 as euro
        from basis
        inner join metrics.unit_cost as cost
            on basis.basis = cost.basis
            and basis.period_key = cost.period_key
        where cost.dimension <> ''
    ),
    other_payer as (
        select child_key, 'swv' as funder, day_number(start_date) as from_day,
            until_day(end_date) as until_day, amount_cents
        from core.arrangement
        where child_key is not null and end_date is not null and amount_cents >= 0
        union all
        select child_key, 'vervoer', day_number(start_date), until_day(end_date), amount_cents
        from core.transport
        where child_key is not null and end_date is not null and amount_cents >= 0
    ),
    other_child as (
        select
            payer.funder,
            period.period,
            spell.attendance_key,
            min(spell.unit_set_key) as unit_set_key,
            sum(
                cast(
                    ratio(payer.amount_cents, payer.until_day - payer.from_day)
                    * (
                        least(payer.until_day, spell.until_day, period.until_day)
                        - greatest(payer.from_day, spell.from_day, period.from_day)
                    ) as decimal(38, 12)
                )
            ) as cents
        from other_payer as payer
        inner join core.attendance_spell as spell
            on payer.child_key = spell.child_key
            and payer.from_day < spell.until_day
            and payer.until_day > spell.from_day
        inner join core.period as period
            on greatest(payer.from_day, spell.from_day) < period.until_day
            and least(payer.until_day, spell.until_day) > period.from_day
        group by payer.funder, period.period, spell.attendance_key
    ),
    other_set as (
        select funder, period, unit_set_key, sum(cents) as cents, count(*) as children
        from other_child
        group by funder, period, unit_set_key
    ),
    other as (
        select
            other_set.funder,
            other_set.period,
            unit_set.level,
            unit_set.unit_id,
            cast(sum(other_set.cents) as double) / 100 as euro,
            cast(sum(other_set.children) as bigint) as children
        from other_set
        inner join core.unit_set as unit_set on other_set.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school', 'school_type', 'municipality_type', 'board', 'swv', 'school_municipality', 'region')
        group by other_set.funder, other_set.period, unit_set.level, unit_set.unit_id
    ),
    supply as (
        select
            period.period,
            school.school_key,
            coalesce(supply.municipality_code, school.municipality_code, 'onbekend') as municipality_code,
            sum(
                cast(
                    supply.amount_cents / cast(365.25 as double)
                    * (
                        least(until_day(supply.end_date), period.until_day)
                        - greatest(day_number(supply.start_date), period.from_day)
                    ) as decimal(38, 12)
                )
            ) as cents,
            sum(coalesce(supply.reach, 0)) as reach
        from core.collective_supply as supply
        inner join core.school as school on supply.school_id = school.school_id
        inner join core.period as period
            on day_number(supply.start_date) < period.until_day
            and until_day(supply.end_date) > period.from_day
        where supply.amount_cents >= 0
        group by
            period.period,
            school.school_key,
            coalesce(supply.municipality_code, school.municipality_code, 'onbekend')
    ),
    collective as (
        select
            supply.period,
            school_level.level,
            school_level.unit_id,
            supply.municipality_code,
            cast(sum(supply.cents) as double) / 100 as euro,
            cast(sum(supply.reach) as bigint) as children
        from supply
        inner join core.school_level as school_level on supply.school_key = school_level.school_key
        where school_level.level in ('school', 'school_type', 'municipality_type', 'board', 'swv', 'school_municipality', 'region')
        group by supply.period, school_level.level, school_level.unit_id, supply.municipality_code
        union all
        select
            period,
            'responsible_municipality',
            municipality_code,
            municipality_code,
            cast(sum(cents) as double) / 100,
            cast(sum(reach) as bigint)
        from supply
        group by period, municipality_code
    ),
    -- What is paid, individual and collective. A child that two municipalities pay for counts for each of
    -- them, and once where they are taken together.
    burden as (
        select basis, period, level, unit_id, 'individueel' as kind, '' as municipality_code, euro, children
        from whole
        where children > 0
        union all
        select basis, period, level, unit_id, '', dimension_value, euro, children
        from part
        where dimension = 'responsible_municipality'
        union all
        select
            basis.basis,
            basis.period,
            collective.level,
            collective.unit_id,
            kind.kind,
            case when kind.kind = '' then collective.municipality_code else '' end,
            collective.euro,
            collective.children
        from basis
        inner join collective on basis.period = collective.period
        cross join (values ('collectief'), ('')) as kind (kind)
    ),
    listed_burden as (
        select basis, period, level, unit_id, '' as dimension, '' as dimension_value, exact_sum(euro) as euro, sum(children) as children
        from burden
        where kind <> ''
        group by basis, period, level, unit_id
        union all
        select basis, period, level, unit_id, 'provision_kind', kind, exact_sum(euro), sum(children)
        from burden
        where kind <> ''
        group by basis, period, level, unit_id, kind
        union all
        select basis, period, level, unit_id, 'responsible_municipality', municipality_code, exact_sum(euro), sum(children)
        from burden
        where municipality_code <> '' and level <> 'responsible_municipality'
        group by basis, period, level, unit_id, municipality_code
    ),
    figure as (
        select
            concat('care_cost_', basis) as metric,
            level,
            unit_id,
            period,
            '' as dimension,
            '' as dimension_value,
            euro as value,
            euro as numerator,
            cast(null as double) as denominator,
            children as n_children
        from whole
        union all
        select concat('care_cost_', basis), level, unit_id, period, dimension, dimension_value, euro, euro, null, children
        from part
        where
            dimension in ('care_form', 'weight_class', 'funder', 'product_category')
            and (level <> 'school' or dimension = 'funder')
            and level not in ('municipality_type', 'board')
        union all
        select concat('care_cost_', basis.basis), other.level, other.unit_id, other.period, 'funder', other.funder, other.euro, other.euro, null, other.children
        from other
        inner join basis on other.period = basis.period
        union all
        select concat('care_cost_', basis), level, unit_id, period, 'provision_kind', 'individueel', euro, euro, null, children
        from whole
        union all
        select concat('care_cost_', basis.basis), c.level, c.unit_id, c.period, 'provision_kind', 'collectief', exact_sum(c.euro), exact_sum(c.euro), null, sum(c.children)
        from collective as c
        inner join basis on c.period = basis.period
        group by basis.basis, c.level, c.unit_id, c.period
        union all
        select concat('priced_share_', basis), level, unit_id, period, '', '', ratio(priced_days, days), priced_days, days, children
        from whole
        where basis = 'assigned'
        union all
        select concat('cost_per_client_', basis), level, unit_id, period, '', '', ratio(euro, children), euro, children, children
        from whole
        union all
        select concat('cost_per_client_', basis), level, unit_id, period, dimension, dimension_value, ratio(euro, children), euro, children, children
        from part
        where
            level in ('school_type', 'school_municipality', 'responsible_municipality', 'swv', 'region')
            and (dimension = 'weight_class' or (dimension = 'responsible_municipality' and level = 'region'))
        union all
        select concat('cost_per_client_', basis.basis, '_median'), s.level, s.unit_id, basis.period, '', '', s.median_cents / 100, s.median_cents / 100, null, s.priced_children
        from metrics.unit_cost_spread as s
        inner join basis on s.basis = basis.basis and s.period_key = basis.period_key
        union all
        select concat('cost_per_client_', basis.basis, '_p90'), s.level, s.unit_id, basis.period, '', '', s.p90_cents / 100, s.p90_cents / 100, null, s.priced_children
        from metrics.unit_cost_spread as s
        inner join basis on s.basis = basis.basis and s.period_key = basis.period_key
        union all
        select concat('cost_top10_share_', basis.basis), s.level, s.unit_id, basis.period, '', '', ratio(s.top_cents, s.cents), s.top_cents / 100, s.cents / 100, s.top_children
        from metrics.unit_cost_spread as s
        inner join basis on s.basis = basis.basis and s.period_key = basis.period_key
        where s.level in ('school_municipality', 'swv', 'region')
        union all
        select concat('cost_per_pupil_', basis), level, unit_id, period, '', '', ratio(euro, in_years(pupil_days)), euro, in_years(pupil_days), children
        from whole
        where level <> 'responsible_municipality'
        union all
        select concat('cost_by_municipality_', basis), level, unit_id, period, dimension, dimension_value, euro, euro, null, children
        from listed_burden
        where level in ('school', 'school_type', 'responsible_municipality', 'region')
        union all
        select concat('cost_municipality_share_', part.basis), part.level, part.unit_id, part.period, part.dimension, part.dimension_value, ratio(part.euro, total.euro), part.euro, total.euro, part.children
        from listed_burden as part
        inner join listed_burden as total
            on part.basis = total.basis
            and part.period = total.period
            and part.level = total.level
            and part.unit_id = total.unit_id
            and total.dimension = ''
        where
            part.level in ('school', 'school_type', 'region')
            and part.dimension = 'responsible_municipality'
        union all
        select concat('volume_price_split_', basis.basis), c.level, c.unit_id, basis.period, c.dimension, c.dimension_value, c.cents / 100, c.cents / 100, null, c.children
        from metrics.unit_cost_change as c
        inner join basis on c.basis = basis.basis and c.period_key = basis.period_key
        where c.dimension = 'effect_part' or c.level in ('swv', 'region')
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n_children as bigint) as n_children
from figure

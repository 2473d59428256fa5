/*
description = "Change in cost from one period to the next, split in volume, price and mix"
grain = "one row per basis, period with a full year before it, unit and part"
key = ["basis", "period_key", "level", "unit_id", "dimension", "dimension_value"]
steps = [
    "V is the number of care-years with a known cost, K the cost, P = K / V; 0 is the period before, 1 the period itself; both as a whole and per form f",
    "volume = (V1 - V0) * (P0 + P1) / 2",
    "price = sum over forms of (Vf0 + Vf1) / 2 * (Pf1 - Pf0); a form that is new or gone has no change in price",
    "mix = sum over forms of (Vf1 - Vf0) * (Pf0 + Pf1) / 2, minus volume: other forms, or more of them at the same time",
    "volume, price and mix add up to the whole change; with one form there is no mix",
    "per form: the change in its cost",
    "a basis that began during the year before has no change yet; nor has a year that is not over",
]
tests = ["unique key"]
seeds = ["SAM 1.2", "SAM 1.7"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
level = "school_municipality, swv, region or responsible_municipality"
unit_id = "code of the unit within its level"
dimension = "effect_part or care_form"
dimension_value = "volume, prijs, mix, totaal; or the form"
cents = "change in eurocents"
children = "children in care in the period"
*/
with
    begun as (
        select cost.basis, min(greatest(cost.from_day, spell.from_day)) as first_day
        from core.cost_spell as cost
        inner join core.attendance_spell as spell
            on cost.child_key = spell.child_key
            and cost.from_day < spell.until_day
            and cost.until_day > spell.from_day
        group by cost.basis
    ),
    pair as (
        select
            begun.basis,
            earlier.period_key as earlier_key,
            later.period_key as later_key
        from core.period as later
        inner join core.period as earlier
            on later.kind = earlier.kind
            and datediff('year', earlier.start_date, later.start_date) = 1
            and not later.is_provisional
        inner join begun on begun.first_day <= earlier.from_day + 31
    ),
    amount as (
        select
            day.basis,
            day.period_key,
            day.level,
            day.unit_id,
            day.care_form,
            in_years(day.days) as years,
            cost.cents
        from metrics.unit_priced_day as day
        inner join metrics.unit_cost as cost
            on day.basis = cost.basis
            and day.period_key = cost.period_key
            and day.level = cost.level
            and day.unit_id = cost.unit_id
            and day.care_form = cost.dimension_value
            and cost.dimension = case when day.care_form = '' then '' else 'care_form' end
    ),
    both_periods as (
        select
            pair.basis,
            pair.later_key,
            amount.level,
            amount.unit_id,
            amount.care_form,
            case when amount.period_key = pair.earlier_key then amount.years else 0 end as years_0,
            case when amount.period_key = pair.earlier_key then amount.cents else 0 end as cents_0,
            case when amount.period_key = pair.later_key then amount.years else 0 end as years_1,
            case when amount.period_key = pair.later_key then amount.cents else 0 end as cents_1
        from pair
        inner join amount
            on pair.basis = amount.basis
            and (pair.earlier_key = amount.period_key or pair.later_key = amount.period_key)
    ),
    compared as (
        select
            basis,
            later_key,
            level,
            unit_id,
            care_form,
            max(years_0) as years_0,
            max(years_1) as years_1,
            sum(cents_0) as cents_0,
            sum(cents_1) as cents_1
        from both_periods
        group by basis, later_key, level, unit_id, care_form
    ),
    priced as (
        select
            basis,
            later_key,
            level,
            unit_id,
            care_form,
            years_0,
            years_1,
            cents_1 - cents_0 as change,
            coalesce(ratio(cents_0, years_0), ratio(cents_1, years_1)) as price_0,
            coalesce(ratio(cents_1, years_1), ratio(cents_0, years_0)) as price_1
        from compared
    ),
    whole as (
        select
            basis,
            later_key,
            level,
            unit_id,
            change,
            (years_1 - years_0) * (price_0 + price_1) / 2 as volume
        from priced
        where care_form = ''
    ),
    by_form as (
        select
            basis,
            later_key,
            level,
            unit_id,
            exact_sum((years_0 + years_1) / 2 * (price_1 - price_0)) as price,
            exact_sum((years_1 - years_0) * (price_0 + price_1) / 2) as volume
        from priced
        where care_form <> ''
        group by basis, later_key, level, unit_id
    ),
    listed as (
        select basis, later_key, level, unit_id, 'effect_part' as dimension, 'totaal' as dimension_value, change as cents
        from whole
        union all
        select basis, later_key, level, unit_id, 'effect_part', 'volume', volume
        from whole
        union all
        select basis, later_key, level, unit_id, 'effect_part', 'prijs', price
        from by_form
        union all
        select whole.basis, whole.later_key, whole.level, whole.unit_id, 'effect_part', 'mix', by_form.volume - whole.volume
        from whole
        inner join by_form
            on whole.basis = by_form.basis
            and whole.later_key = by_form.later_key
            and whole.level = by_form.level
            and whole.unit_id = by_form.unit_id
        union all
        select basis, later_key, level, unit_id, 'care_form', care_form, change
        from priced
        where care_form <> ''
    )

select
    listed.basis,
    listed.later_key as period_key,
    listed.level,
    listed.unit_id,
    listed.dimension,
    listed.dimension_value,
    listed.cents,
    coalesce(cost.children, 0) as children
from listed
left join metrics.unit_cost as cost
    on listed.basis = cost.basis
    and listed.later_key = cost.period_key
    and listed.level = cost.level
    and listed.unit_id = cost.unit_id
    and cost.dimension = ''

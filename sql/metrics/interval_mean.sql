/*
description = "Intervals of means over children"
grain = "one row per metric, unit, period or reference date, and part of a breakdown"
key = ["metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value"]
steps = [
    "add up the values of the children and their squares, per set of units and then per unit",
    "the function gives the interval of Student; below ten children there is none",
]
tests = ["unique key", "0 <= lower and lower <= upper and upper <= 1"]
seeds = ["METRICS 4"]
function = "zorgdata.estimates.intervals:means"

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
*/
with
    child as (
        select
            period_key,
            unit_set_key,
            ratio(main_days, provider_days) as upc_t,
            ratio(main_days, care_days) as main_cover,
            ratio(squared_days, cast(provider_days as bigint) * provider_days) as hhi_t,
            ratio(care_days, enrolled_days) as pdc_enrolled,
            ratio(care_days, span_days) as pdc_from_start
        from metrics.child_care
    ),
    named as (
        select period_key, unit_set_key, 'upc_t' as metric, upc_t as value
        from child
        union all
        select period_key, unit_set_key, 'main_cover', main_cover
        from child
        union all
        select period_key, unit_set_key, 'hhi_t', hhi_t
        from child
        union all
        select period_key, unit_set_key, 'pdc_enrolled', pdc_enrolled
        from child
        union all
        select period_key, unit_set_key, 'pdc_from_start', pdc_from_start
        from child
    ),
    added as (
        select
            metric,
            period_key,
            unit_set_key,
            count(value) as n,
            exact_sum(value) as total,
            exact_sum(value * value) as squares
        from named
        group by metric, period_key, unit_set_key
    )

select
    added.metric,
    unit_set.level,
    unit_set.unit_id,
    period.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    sum(added.n) as n,
    exact_sum(added.total) as total,
    exact_sum(added.squares) as squares
from added
inner join core.unit_set as unit_set on added.unit_set_key = unit_set.unit_set_key
inner join core.period as period on added.period_key = period.period_key
group by added.metric, unit_set.level, unit_set.unit_id, period.period
union all
select
    'horizon_match',
    unit.level,
    unit.unit_id,
    reference.period,
    reference.reference_date,
    case when unit.school_type = '' then '' else 'school_type' end,
    unit.school_type,
    count(pupil.horizon),
    exact_sum(pupil.horizon),
    exact_sum(pupil.horizon * pupil.horizon)
from metrics.child_date as pupil
inner join core.unit_set_part as unit on pupil.unit_set_key = unit.unit_set_key
inner join core.reference_date as reference on pupil.day = reference.day
group by unit.level, unit.unit_id, reference.period, reference.reference_date, unit.school_type
union all
select metric, level, unit_id, period, cast(null as date), '', '', n, total, squares
from metrics.visit

/*
description = "Theme A, population: how many pupils"
grain = "one row per metric, unit and period or reference date"
key = ["metric", "level", "unit_id", "period", "reference_date"]
steps = [
    "take the totals of every unit, in the period and on the reference dates",
]
seeds = ["ZKIJ 3.13"]
tags = ["value"]

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
value = "the figure: numerator / denominator, of a count the count itself; null when undefined"
numerator = "numerator; of a count the count itself"
denominator = "denominator; null for a count"
n_children = "children behind the numerator"
interval = "how lower and upper are made: wilson, or null"
source = "kind of input without which the figure is not available"
*/
with
    in_period as (
        select
            'pupils_ever' as metric,
            level,
            unit_id,
            period,
            cast(pupils_ever as double) as value,
            cast(pupils_ever as double) as numerator,
            cast(null as double) as denominator,
            cast(pupils_ever as bigint) as n_children,
            cast(null as varchar) as interval
        from metrics.unit
        union all
        select 'pupil_days', level, unit_id, period, pupil_days, pupil_days, null, pupils_ever, null
        from metrics.unit
        union all
        select
            'mean_pupils',
            level,
            unit_id,
            period,
            ratio(pupil_days, window_days),
            pupil_days,
            window_days,
            pupils_ever,
            null
        from metrics.unit
    ),
    on_date as (
        select
            'pupils_enrolled' as metric,
            level,
            unit_id,
            period,
            reference_date,
            cast(pupils as double) as value,
            cast(pupils as double) as numerator,
            cast(null as double) as denominator,
            cast(pupils as bigint) as n_children,
            cast(null as varchar) as interval
        from metrics.unit_date
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    value,
    numerator,
    denominator,
    n_children,
    interval,
    'enrolments' as source
from in_period
union all
select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    '',
    '',
    value,
    numerator,
    denominator,
    n_children,
    interval,
    'enrolments'
from on_date

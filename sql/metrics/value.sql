/*
description = "Every metric of the catalogue that SQL computes, in one long table"
grain = "one row per metric, unit, period or reference date, and part of a breakdown"
key = ["metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value"]
steps = [
    "gather the themes",
    "without its input a figure is not delivered: it has no value, and no zero either",
    "intervals of proportions after Wilson; other intervals are added by the program",
]
tests = [
    "unique key",
    "not null metric, level, unit_id, period, n_children, status",
    "status in ('ok', 'provisional', 'undefined', 'not_delivered')",
    "(value is null) = (status in ('undefined', 'not_delivered'))",
    "0 <= lower and lower <= value and value <= upper and upper <= 1",
]
seeds = ["CONTRACT 4"]
tags = ["value"]

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
value = "the figure; shares as fractions; null when undefined"
numerator = "numerator; of a count the count itself"
denominator = "denominator; null for a count"
n_children = "children behind the numerator"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
status = "ok, provisional (the period ends after the last event), undefined (nothing to divide by) or not_delivered"
*/
with
    figure as (
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_a_population
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_b_use
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_c_fragmentation
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_d_continuity
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_i_initiative
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children, interval, source
        from metrics.theme_i_agreement
    ),
    valued as (
        select
            figure.metric,
            figure.level,
            figure.unit_id,
            figure.period,
            figure.reference_date,
            figure.dimension,
            figure.dimension_value,
            figure.value,
            figure.numerator,
            figure.denominator,
            figure.n_children,
            figure.interval,
            source.is_delivered,
            figure.reference_date is null and coalesce(period.is_provisional, false) as is_provisional
        from figure
        inner join core.source as source on figure.source = source.kind
        left join core.period as period on figure.period = period.period
    )

select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    dimension,
    dimension_value,
    case when is_delivered then value end as value,
    case when is_delivered then numerator end as numerator,
    case when is_delivered then denominator end as denominator,
    case when is_delivered then n_children else 0 end as n_children,
    case when is_delivered and interval = 'wilson' then wilson_lower(numerator, denominator) end as lower,
    case when is_delivered and interval = 'wilson' then wilson_upper(numerator, denominator) end as upper,
    case
        when not is_delivered then 'not_delivered'
        when value is null then 'undefined'
        when is_provisional then 'provisional'
        else 'ok'
    end as status
from valued

/*
description = "Theme A of the catalogue: pupils"
grain = "one row per metric, unit and period or reference date"
key = ["metric", "level", "unit_id", "period", "reference_date"]
steps = [
    "take the figures of METRICS section 10 per unit and period, each with what it is divided from",
    "take the figures of the reference dates",
]
tests = ["not null metric, level, unit_id, period"]
seeds = ["3.13", "2.2"]

[columns]
metric = "key of the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a point figure the school year that contains the day"
reference_date = "day of a point figure"
value = "the figure; null when undefined"
numerator = "upper part of the figure, where it is one"
denominator = "lower part of the figure, where it is one"
n_children = "children the figure is about: those with care, or the pupils where it is about pupils"
is_provisional = "whether the period or day may still change"
*/
with
    period_figure (metric, level, unit_id, period, value, numerator, denominator, n_children, is_provisional) as (
        select 'pupils_ever', level, unit_id, period, pupils_ever, null, null, pupils_ever, is_provisional
        from metrics.unit
        union all
        select 'mean_pupils', level, unit_id, period, mean_pupils, pupil_days, window_days, pupils_ever, is_provisional
        from metrics.unit
    ),
    date_figure (metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children) as (
        select 'pupils_enrolled', level, unit_id, period, reference_date, pupils, null, null, pupils
        from metrics.unit_date
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n_children as bigint) as n_children,
    is_provisional
from period_figure
union all
select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    figure.reference_date,
    cast(figure.value as double),
    cast(figure.numerator as double),
    cast(figure.denominator as double),
    cast(figure.n_children as bigint),
    figure.reference_date > span.last_day
from date_figure as figure
cross join staging.span as span

/*
description = "Theme B of the catalogue: use and intensity of care"
grain = "one row per metric, unit and period or reference date"
key = ["metric", "level", "unit_id", "period", "reference_date"]
steps = [
    "take the figures of METRICS section 10 per unit and period, each with what it is divided from",
    "take the figures of the reference dates",
]
tests = ["not null metric, level, unit_id, period"]
seeds = ["2.3", "2.13", "3.13"]

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
        select 'care_pupils', level, unit_id, period, care_pupils, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'care_share_year', level, unit_id, period, period_prev, care_pupils, pupils_ever, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'care_days', level, unit_id, period, care_days, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'persontime_prev', level, unit_id, period, persontime_prev, care_days, pupil_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'hours_assigned', level, unit_id, period, hours, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'timed_care_days', level, unit_id, period, timed_care_days, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'hours_per_pupil_week_assigned', level, unit_id, period, hours_per_pupil_week, hours, pupil_days / 7.0, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'hours_per_timed_carepupil_week', level, unit_id, period, hours_per_timed_carepupil_week, hours, timed_care_days / 7.0, care_pupils, is_provisional
        from metrics.unit
    ),
    date_figure (metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children) as (
        select 'pupils_with_care', level, unit_id, period, reference_date, care_pupils, null, null, care_pupils
        from metrics.unit_date
        union all
        select 'care_share', level, unit_id, period, reference_date, cast(care_pupils as double) / pupils, care_pupils, pupils, care_pupils
        from metrics.unit_date
        union all
        select 'assigned_hours_week', level, unit_id, period, reference_date, hours_week, null, null, care_pupils
        from metrics.unit_date
        union all
        select 'hours_per_pupil', level, unit_id, period, reference_date, hours_week / pupils, hours_week, pupils, care_pupils
        from metrics.unit_date
        union all
        select 'hours_per_care_pupil', level, unit_id, period, reference_date, hours_week / nullif(care_pupils, 0), hours_week, care_pupils, care_pupils
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

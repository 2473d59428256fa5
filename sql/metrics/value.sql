/*
description = "Every figure of the catalogue in one long table: what reports and disclosure rules start from"
grain = "one row per metric, unit, period or reference date, and item of a breakdown"
key = ["metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value"]
steps = [
    "bring the themes together",
    "shares of children get their 95 % interval (Wilson)",
    "undefined stays null and says so; what may still change is provisional",
]
tests = ["not null metric, level, unit_id, period, status"]
seeds = ["CONTRACT 4"]

[columns]
metric = "key of the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a point figure the school year that contains the day"
reference_date = "day of a point figure"
dimension = "breakdown; empty for a total"
dimension_value = "item of the breakdown; empty for a total"
value = "the figure; null when undefined"
numerator = "upper part of the figure, where it is one"
denominator = "lower part of the figure, where it is one"
n_children = "children the figure is about: those with care, or the pupils where it is about pupils"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
status = "ok, provisional or undefined"
*/
with
    theme as (
        select metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children, is_provisional
        from metrics.theme_a_pupils
        union all
        select metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children, is_provisional
        from metrics.theme_b_use
        union all
        select metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children, is_provisional
        from metrics.theme_c_fragmentation
        union all
        select metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children, is_provisional
        from metrics.theme_d_continuity
    )

select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    '' as dimension,
    '' as dimension_value,
    value,
    numerator,
    denominator,
    n_children,
    case when metric in ('care_share', 'care_share_year') then wilson_lower(numerator, denominator) end as lower,
    case when metric in ('care_share', 'care_share_year') then wilson_upper(numerator, denominator) end as upper,
    case when value is null then 'undefined' when is_provisional then 'provisional' else 'ok' end as status
from theme

/*
description = "Theme E, freely accessible help: pupils with nothing else, and hours per pupil"
steps = [
    "pupils with help on a day of the period on which they are enrolled, but without a day of care under the Jeugdwet",
    "hours at the schools of the unit, by the share of the days of a record that lies in the period; what has no end runs up to the last day the data cover",
]
seeds = ["ZKIJ 3.9", "SAM 1.6"]
shape = "figure"
*/
with
    supported as (
        select distinct
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key
        from core.light_support as support
        inner join core.attendance_spell as spell
            on support.child_key = spell.child_key
            and day_number(support.start_date) < spell.until_day
            and until_day(support.end_date) > spell.from_day
        inner join core.period as period
            on greatest(day_number(support.start_date), spell.from_day) < period.until_day
            and least(until_day(support.end_date), spell.until_day) > period.from_day
    ),
    frontline as (
        select
            supported.period_key,
            unit_set.level,
            unit_set.unit_id,
            count(*) as pupils
        from supported
        inner join core.unit_set as unit_set on supported.unit_set_key = unit_set.unit_set_key
        left join metrics.child_care as care
            on supported.period_key = care.period_key
            and supported.attendance_key = care.attendance_key
        where care.attendance_key is null
        group by supported.period_key, unit_set.level, unit_set.unit_id
    ),
    lasting as (
        select
            support.school_id,
            support.hours,
            day_number(support.start_date) as from_day,
            greatest(
                least(until_day(support.end_date), history.until_day),
                day_number(support.start_date) + 1
            ) as until_day
        from core.light_support as support
        cross join core.care_history as history
        where support.hours is not null
    ),
    worked as (
        select
            period.period_key,
            unit.level,
            unit.unit_id,
            exact_sum(
                lasting.hours
                * (least(lasting.until_day, period.until_day) - greatest(lasting.from_day, period.from_day))
                / (lasting.until_day - lasting.from_day)
            ) as hours
        from lasting
        inner join core.school as school on lasting.school_id = school.school_id
        inner join core.school_level as unit on school.school_key = unit.school_key
        inner join core.period as period
            on lasting.from_day < period.until_day
            and lasting.until_day > period.from_day
        group by period.period_key, unit.level, unit.unit_id
    ),
    figure as (
        select
            'frontline_share' as metric,
            unit.period,
            unit.level,
            unit.unit_id,
            coalesce(frontline.pupils, 0) as numerator,
            coalesce(frontline.pupils, 0) + unit.care_pupils as denominator,
            coalesce(frontline.pupils, 0) as children
        from metrics.unit as unit
        left join frontline
            on unit.period_key = frontline.period_key
            and unit.level = frontline.level
            and unit.unit_id = frontline.unit_id
        union all
        select
            'frontline_hours',
            unit.period,
            unit.level,
            unit.unit_id,
            coalesce(worked.hours, 0),
            unit.mean_pupils,
            unit.pupils_ever
        from metrics.unit as unit
        left join worked
            on unit.period_key = worked.period_key
            and unit.level = worked.level
            and unit.unit_id = worked.unit_id
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level

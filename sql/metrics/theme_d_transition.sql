/*
description = "Theme D, turning 18: who has a plan or goes on with care"
steps = [
    "take the children whose 18th birthday (first day of the birth month) lies in the period and who had care half a year before",
    "prepared: care under the Jeugdwet, Wmo or Wlz on the birthday; or that follow-up recorded in the last half year; or a recorded plan for after 18",
    "at the units of enrolment on the birthday",
]
seeds = ["OT3 2.12"]
shape = "figure"
*/
with
    turning as (
        select
            child.child_key,
            day_number(months_later(child.birth_month, 210)) as half_day,
            day_number(months_later(child.birth_month, 216)) as day
        from core.child as child
        where child.birth_month is not null
    ),
    cared as (
        select distinct turning.child_key, turning.half_day, turning.day
        from turning
        inner join core.care as care
            on turning.child_key = care.child_key
            and turning.half_day >= care.from_day
            and turning.half_day < care.until_day
    ),
    prepared as (
        select cared.child_key
        from cared
        inner join core.indication as indication
            on cared.child_key = indication.child_key
            and cared.day >= indication.from_day
            and cared.day < indication.until_day
        where indication.law in ('jeugdwet', 'wmo', 'wlz')
        union
        select cared.child_key
        from cared
        inner join core.domain as domain
            on cared.child_key = domain.child_key
            and cared.day >= day_number(domain.start_date)
            and cared.day < until_day(domain.end_date)
        where domain.domain = 'wmo'
        union
        select cared.child_key
        from cared
        inner join core.outcome as outcome on cared.child_key = outcome.child_key
        where
            day_number(outcome.measured_on) <= cared.day
            and (
                outcome.plan_18
                or (
                    day_number(outcome.measured_on) >= cared.half_day
                    and outcome.follow_up in ('jeugdhulp', 'wmo', 'wlz')
                )
            )
    ),
    placed as (
        select
            period.period_key,
            unit.level,
            unit.unit_id,
            cared.child_key,
            case when prepared.child_key is not null then 1 else 0 end as is_prepared
        from cared
        inner join core.period as period
            on cared.day >= period.from_day
            and cared.day < period.until_day
        inner join metrics.enrolled_unit as unit
            on cared.child_key = unit.child_key
            and cared.day >= unit.from_day
            and cared.day < unit.until_day
        left join prepared on cared.child_key = prepared.child_key
        union all
        select period_key, level, unit_id, null, 0
        from metrics.unit
    ),
    counted as (
        select
            'transition18_prepared' as metric,
            period_key,
            level,
            unit_id,
            sum(is_prepared) as prepared,
            count(child_key) as children
        from placed
        group by period_key, level, unit_id
    )

select
    counted.metric,
    counted.level,
    counted.unit_id,
    period.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    ratio(counted.prepared, counted.children) as value,
    cast(counted.prepared as double) as numerator,
    cast(counted.children as double) as denominator,
    cast(counted.prepared as bigint) as n_children
from counted
inner join seeds.metric_level as allowed on counted.metric = allowed.metric and counted.level = allowed.level
inner join core.period as period on counted.period_key = period.period_key

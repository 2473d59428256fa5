/*
description = "Theme D, interruptions, changes of professional, steps to heavier and lighter care, and the wait before a step"
steps = [
    "add up the interruptions and events of children per set of units, then per unit",
    "divide by care pupils, by care years, or by years with a known professional",
    "days from decision to start over the steps with a known decision date",
]
seeds = ["METRICS 2.4", "METRICS 2.5", "OT3 2.7", "SAM 1.7", "OZG 4.8"]
shape = "figure"
*/
with
    gap as (
        select
            child.period_key,
            unit_set.level,
            unit_set.unit_id,
            sum(child.gaps_g0) as gaps_g0,
            sum(child.gap_days_g0) as gap_days_g0,
            sum(child.gaps_g28) as gaps_g28,
            sum(child.gap_days_g28) as gap_days_g28,
            sum(child.longest_gap) as longest_gap,
            count(*) as interrupted
        from metrics.child_gap as child
        inner join core.unit_set as unit_set on child.unit_set_key = unit_set.unit_set_key
        group by child.period_key, unit_set.level, unit_set.unit_id
    ),
    event as (
        select
            child.period_key,
            unit_set.level,
            unit_set.unit_id,
            sum(child.worker_switches_g0) as worker_switches_g0,
            sum(child.worker_switches_g28) as worker_switches_g28,
            sum(child.worker_days) as worker_days,
            sum(case when child.worker_days > 0 then 1 else 0 end) as worker_children,
            sum(child.steps_up) as steps_up,
            sum(child.steps_down) as steps_down
        from metrics.child_event as child
        inner join core.unit_set as unit_set on child.unit_set_key = unit_set.unit_set_key
        group by child.period_key, unit_set.level, unit_set.unit_id
    ),
    total as (
        select
            unit.period_key,
            unit.level,
            unit.unit_id,
            unit.care_pupils,
            in_years(unit.care_days) as care_years,
            coalesce(gap.gaps_g0, 0) as gaps_g0,
            coalesce(gap.gap_days_g0, 0) as gap_days_g0,
            coalesce(gap.gaps_g28, 0) as gaps_g28,
            coalesce(gap.gap_days_g28, 0) as gap_days_g28,
            coalesce(gap.longest_gap, 0) as longest_gap,
            coalesce(gap.interrupted, 0) as interrupted,
            coalesce(event.worker_switches_g0, 0) as worker_switches_g0,
            coalesce(event.worker_switches_g28, 0) as worker_switches_g28,
            in_years(coalesce(event.worker_days, 0)) as worker_years,
            coalesce(event.worker_children, 0) as worker_children,
            coalesce(event.steps_up, 0) as steps_up,
            coalesce(event.steps_down, 0) as steps_down
        from metrics.unit as unit
        left join gap
            on unit.period_key = gap.period_key
            and unit.level = gap.level
            and unit.unit_id = gap.unit_id
        left join event
            on unit.period_key = event.period_key
            and unit.level = event.level
            and unit.unit_id = event.unit_id
    ),
    step as (
        select
            period.period_key,
            unit.level,
            unit.unit_id,
            step.child_key,
            step.decision_days
        from core.step as step
        inner join metrics.enrolled_unit as unit
            on step.child_key = unit.child_key
            and step.day >= unit.from_day
            and step.day < unit.until_day
        inner join core.period as period
            on step.day >= period.from_day
            and step.day < period.until_day
        where step.decision_days is not null
        union all
        select period_key, level, unit_id, null, null
        from metrics.unit
    ),
    step_wait as (
        select
            period_key,
            level,
            unit_id,
            percentile(decision_days, 0.5) as median,
            count(distinct child_key) as children
        from step
        group by period_key, level, unit_id
    ),
    rate as (
        select
            'interruptions_g0' as metric,
            period_key,
            level,
            unit_id,
            gaps_g0 as numerator,
            care_pupils as denominator,
            care_pupils as children
        from total
        union all
        select 'interruptions_g28', period_key, level, unit_id, gaps_g28, care_pupils, care_pupils
        from total
        union all
        select 'gap_days_g0', period_key, level, unit_id, gap_days_g0, care_pupils, care_pupils
        from total
        union all
        select 'gap_days_g28', period_key, level, unit_id, gap_days_g28, care_pupils, care_pupils
        from total
        union all
        select 'longest_gap', period_key, level, unit_id, longest_gap, interrupted, interrupted
        from total
        union all
        select 'worker_switch_rate_g0', period_key, level, unit_id, worker_switches_g0, worker_years, worker_children
        from total
        union all
        select 'worker_switch_rate_g28', period_key, level, unit_id, worker_switches_g28, worker_years, worker_children
        from total
        union all
        select 'step_up_rate', period_key, level, unit_id, steps_up, care_years, care_pupils
        from total
        union all
        select 'step_down_rate', period_key, level, unit_id, steps_down, care_years, care_pupils
        from total
    ),
    figure as (
        select
            metric,
            period_key,
            level,
            unit_id,
            ratio(numerator, denominator) as value,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(children as bigint) as children
        from rate
        union all
        select 'step_start_days', period_key, level, unit_id, median, median, null, children
        from step_wait
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.children as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
inner join core.period as period on figure.period_key = period.period_key

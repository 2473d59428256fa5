/*
description = "Theme F, results of care: goals, going on without help, fewer problems, a plan for after 18"
steps = [
    "results measured in the period, where the child is enrolled on that day; at the municipality of the indication they belong to",
    "goals met are geheel, grotendeels or ja; not met deels, niet or nee; other words are no judgement",
    "reliable change: the difference between start and end over the standard error of a difference, the square root of 2 times that of the questionnaire; 1.96 or more for the better counts",
    "a child with more than one pair of measurements counts with the last of the period",
    "on a reference date: pupils in care who are 16 or older, and what the last answer up to that day says about a plan",
]
seeds = ["SAM 1.3", "SAM 1.5", "OT3 2.12"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    payer as (
        select child_key, provider_id, allocation_number, min(municipality_code) as municipality_code
        from core.indication
        where law = 'jeugdwet'
        group by child_key, provider_id, allocation_number
    ),
    judged as (
        select
            outcome.child_key,
            day_number(outcome.measured_on) as day,
            payer.municipality_code,
            case
                when lower(trim(outcome.goals_met)) in ('geheel', 'grotendeels', 'ja', 'j') then 1
                when lower(trim(outcome.goals_met)) in ('deels', 'niet', 'nee', 'n') then 0
            end as goals_met,
            case
                when lower(trim(outcome.without_help)) in ('ja', 'j') then 1
                when lower(trim(outcome.without_help)) in ('nee', 'n') then 0
            end as without_help,
            case
                when outcome.standard_error > 0
                    then case when coalesce(outcome.higher_is_better, false) then -1 else 1 end
                        * (outcome.score_start - outcome.score_end)
                        / (sqrt(cast(2 as double)) * outcome.standard_error)
            end as change
        from core.outcome as outcome
        left join payer
            on outcome.child_key = payer.child_key
            and outcome.provider_id = payer.provider_id
            and outcome.allocation_number = payer.allocation_number
        where outcome.child_key is not null
    ),
    enrolled as (
        select
            unit.level,
            unit.unit_id,
            period.period,
            judged.child_key,
            judged.day,
            judged.municipality_code,
            judged.goals_met,
            judged.without_help,
            judged.change
        from judged
        inner join metrics.enrolled_unit as unit
            on judged.child_key = unit.child_key
            and judged.day >= unit.from_day
            and judged.day < unit.until_day
        inner join core.period as period
            on judged.day >= period.from_day
            and judged.day < period.until_day
    ),
    placed as (
        select level, unit_id, period, child_key, day, goals_met, without_help, change
        from enrolled
        union all
        select 'responsible_municipality', municipality_code, period, child_key, day, goals_met, without_help, change
        from enrolled
        where level = 'region' and municipality_code is not null
    ),
    changed as (
        select
            level,
            unit_id,
            period,
            child_key,
            change,
            row_number() over (partition by level, unit_id, period, child_key order by day desc, change) as place
        from placed
        where change is not null
    ),
    plan as (
        select
            outcome.child_key,
            outcome.plan_18,
            day_number(outcome.measured_on) as day
        from core.outcome as outcome
        where outcome.plan_18 is not null and outcome.child_key is not null
    ),
    teenager as (
        select distinct
            date.reference_date,
            date.period,
            date.day,
            unit.level,
            unit.unit_id,
            care.child_key
        from core.reference_date as date
        inner join core.care as care
            on care.from_day <= date.day
            and care.until_day > date.day
        inner join core.child as child
            on care.child_key = child.child_key
            and months_later(child.birth_month, 192) <= date.reference_date
        inner join metrics.enrolled_unit as unit
            on care.child_key = unit.child_key
            and unit.from_day <= date.day
            and unit.until_day > date.day
    ),
    answered as (
        select
            teenager.reference_date,
            teenager.child_key,
            plan.plan_18,
            row_number() over (
                partition by teenager.reference_date, teenager.child_key
                order by plan.day desc, case when plan.plan_18 then 0 else 1 end
            ) as place
        from (select distinct reference_date, day, child_key from teenager) as teenager
        inner join plan
            on teenager.child_key = plan.child_key
            and plan.day <= teenager.day
    ),
    planned as (
        select
            teenager.reference_date,
            teenager.period,
            teenager.level,
            teenager.unit_id,
            count(*) as teenagers,
            sum(case when answered.plan_18 then 1 else 0 end) as planned
        from teenager
        left join answered
            on teenager.reference_date = answered.reference_date
            and teenager.child_key = answered.child_key
            and answered.place = 1
        group by teenager.reference_date, teenager.period, teenager.level, teenager.unit_id
    ),
    figure as (
        select
            'goals_met_share' as metric,
            level,
            unit_id,
            period,
            cast(null as date) as reference_date,
            sum(goals_met) as numerator,
            count(goals_met) as denominator,
            count(distinct case when goals_met = 1 then child_key end) as children
        from placed
        group by level, unit_id, period
        union all
        select
            'without_help_share',
            level,
            unit_id,
            period,
            null,
            sum(without_help),
            count(without_help),
            count(distinct case when without_help = 1 then child_key end)
        from placed
        group by level, unit_id, period
        union all
        select
            'problem_reduction_share',
            level,
            unit_id,
            period,
            null,
            sum(case when change >= 1.96 then 1 else 0 end),
            count(*),
            sum(case when change >= 1.96 then 1 else 0 end)
        from changed
        where place = 1
        group by level, unit_id, period
        union all
        select 'future_plan_share', level, unit_id, period, reference_date, planned, teenagers, planned
        from planned
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    figure.reference_date,
    '' as dimension,
    '' as dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(coalesce(figure.numerator, 0) as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level

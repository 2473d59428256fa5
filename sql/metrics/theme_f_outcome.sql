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
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            judged.municipality_code,
            judged.day,
            judged.goals_met,
            judged.without_help,
            judged.change
        from judged
        inner join core.attendance_spell as spell
            on judged.child_key = spell.child_key
            and judged.day >= spell.from_day
            and judged.day < spell.until_day
        inner join core.period as period
            on judged.day >= period.from_day
            and judged.day < period.until_day
    ),
    placed as (
        select period_key, attendance_key, unit_set_key, day, goals_met, without_help, change
        from enrolled
        union all
        select
            enrolled.period_key,
            enrolled.attendance_key,
            payer.unit_set_key,
            enrolled.day,
            enrolled.goals_met,
            enrolled.without_help,
            enrolled.change
        from enrolled
        inner join core.unit_set as region on enrolled.unit_set_key = region.unit_set_key and region.level = 'region'
        inner join metrics.place_unit as payer
            on enrolled.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
    ),
    ranked as (
        select
            period_key,
            attendance_key,
            unit_set_key,
            goals_met,
            without_help,
            change,
            row_number() over (
                partition by period_key, attendance_key, unit_set_key
                order by case when change is null then 1 else 0 end, day desc, change
            ) as place
        from placed
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    child as (
        select
            period_key,
            unit_set_key,
            count(case when goals_met = 1 then 1 end) as goals_met,
            count(goals_met) as with_goals,
            count(case when without_help = 1 then 1 end) as without_help,
            count(without_help) as with_help,
            max(case when place = 1 then change end) as change
        from ranked
        group by period_key, attendance_key, unit_set_key
    ),
    child_set as (
        select
            period_key,
            unit_set_key,
            sum(goals_met) as goals_met,
            sum(with_goals) as with_goals,
            count(case when goals_met > 0 then 1 end) as goals_children,
            sum(without_help) as without_help,
            sum(with_help) as with_help,
            count(case when without_help > 0 then 1 end) as without_children,
            count(case when change >= 1.96 then 1 end) as improved,
            count(change) as with_change
        from child
        group by period_key, unit_set_key
    ),
    unit as (
        select unit_set_key, place_key
        from metrics.place_unit
        where school_type = ''
    ),
    of_unit as (
        select
            child_set.period_key,
            unit.place_key,
            sum(child_set.goals_met) as goals_met,
            sum(child_set.with_goals) as with_goals,
            sum(child_set.goals_children) as goals_children,
            sum(child_set.without_help) as without_help,
            sum(child_set.with_help) as with_help,
            sum(child_set.without_children) as without_children,
            sum(child_set.improved) as improved,
            sum(child_set.with_change) as with_change
        from child_set
        inner join unit on child_set.unit_set_key = unit.unit_set_key
        group by child_set.period_key, unit.place_key
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
        select distinct date.day, care.child_key
        from core.reference_date as date
        inner join core.care as care
            on care.from_day <= date.day
            and care.until_day > date.day
        inner join core.child as child
            on care.child_key = child.child_key
            and months_later(child.birth_month, 192) <= date.reference_date
    ),
    answered as (
        select
            teenager.day,
            teenager.child_key,
            plan.plan_18,
            row_number() over (
                partition by teenager.day, teenager.child_key
                order by plan.day desc, case when plan.plan_18 then 0 else 1 end
            ) as place
        from teenager
        inner join plan
            on teenager.child_key = plan.child_key
            and plan.day <= teenager.day
    ),
    planned_set as (
        select
            teenager.day,
            spell.unit_set_key,
            count(*) as teenagers,
            count(case when answered.plan_18 then 1 end) as planned
        from teenager
        inner join core.attendance_spell as spell
            on teenager.child_key = spell.child_key
            and spell.from_day <= teenager.day
            and spell.until_day > teenager.day
        left join answered
            on teenager.day = answered.day
            and teenager.child_key = answered.child_key
            and answered.place = 1
        group by teenager.day, spell.unit_set_key
    ),
    planned as (
        select
            planned_set.day,
            unit.place_key,
            sum(planned_set.teenagers) as teenagers,
            sum(planned_set.planned) as planned
        from planned_set
        inner join unit on planned_set.unit_set_key = unit.unit_set_key
        group by planned_set.day, unit.place_key
    ),
    measured as (
        select 'goals_met_share' as metric, period_key, place_key, goals_met as numerator, with_goals as denominator, goals_children as children
        from of_unit
        union all
        select 'without_help_share', period_key, place_key, without_help, with_help, without_children
        from of_unit
        union all
        select 'problem_reduction_share', period_key, place_key, improved, with_change, improved
        from of_unit
        where with_change > 0
    ),
    figure as (
        select
            measured.metric,
            measured.place_key,
            period.period,
            cast(null as date) as reference_date,
            measured.numerator,
            measured.denominator,
            measured.children
        from measured
        inner join core.period as period on measured.period_key = period.period_key
        union all
        select
            'future_plan_share',
            planned.place_key,
            date.period,
            date.reference_date,
            planned.planned,
            planned.teenagers,
            planned.planned
        from planned
        inner join core.reference_date as date on planned.day = date.day
    ),
    place as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
    )

select
    figure.metric,
    place.level,
    place.unit_id,
    figure.period,
    figure.reference_date,
    '' as dimension,
    '' as dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join place on figure.place_key = place.place_key
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and place.level = allowed.level

/*
description = "Theme I, agreements: milestones, meetings, pillars and money of the programme register"
steps = [
    "judge every milestone on the day of measurement; realised later counts as not yet realised",
    "without an expected day, the day of measurement is expected once the planned day has passed",
    "periods before the first milestone, and without a meeting, have no row",
    "add up meetings per level, milestones per status, kind and pillar, euros per kind of amount and party",
]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
seeds = ["OT3 2.10", "OT3 2.23", "OT3 2.28", "ZKIJ 3.2", "ZKIJ 3.6"]
shape = "figure"
*/
with
    first_day as (
        select min(least(planned_on, coalesce(realised_on, planned_on))) as first_planned
        from core.milestone
    ),
    judged as (
        select
            period.period,
            milestone.milestone_id,
            milestone.initiative_id,
            milestone.milestone_type,
            cast(milestone.pillar as varchar) as pillar,
            coalesce(milestone.realised_on <= period.measured_on, false) as is_realised,
            day_number(coalesce(milestone.expected_on, greatest(milestone.planned_on, period.measured_on)))
            - day_number(milestone.planned_on) as days_behind
        from core.milestone as milestone
        cross join first_day
        inner join core.programme_period as period on period.end_date >= first_day.first_planned
    ),
    milestone as (
        select
            judged.period,
            judged.milestone_id,
            judged.milestone_type,
            judged.pillar,
            judged.is_realised,
            unit.level,
            unit.unit_id,
            case
                when judged.is_realised then 'gereed'
                when judged.days_behind > 90 then 'vertraagd'
                when judged.days_behind > 30 then 'aandacht'
                else 'op_schema'
            end as status
        from judged
        inner join (
            select milestone_id, 'region' as level, 'region' as unit_id
            from core.milestone
            union all
            select milestone_id, 'initiative', initiative_id
            from core.milestone
            where initiative_id is not null
        ) as unit on judged.milestone_id = unit.milestone_id
    ),
    milestone_part as (
        select period, level, unit_id, '' as dimension, '' as dimension_value, is_realised
        from milestone
        union all
        select period, level, unit_id, 'milestone_status', status, is_realised
        from milestone
        union all
        select period, level, unit_id, 'milestone_type', milestone_type, is_realised
        from milestone
        where milestone_type is not null
        union all
        select period, level, unit_id, 'pillar', pillar, is_realised
        from milestone
        where pillar is not null
    ),
    milestone_count as (
        select
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            count(*) as milestones,
            sum(case when is_realised then 1 else 0 end) as realised
        from milestone_part
        group by period, level, unit_id, dimension, dimension_value
    ),
    meeting_part as (
        select
            period.period,
            part.dimension,
            part.dimension_value,
            count(*) as planned,
            sum(case when part.was_held then 1 else 0 end) as held
        from (
            select held_on, was_held, '' as dimension, '' as dimension_value
            from core.meeting
            where was_held is not null
            union all
            select held_on, was_held, 'meeting_level', meeting_level
            from core.meeting
            where was_held is not null
        ) as part
        inner join core.programme_period as period
            on part.held_on between period.start_date and period.end_date
            and part.held_on <= period.measured_on
        group by period.period, part.dimension, part.dimension_value
    ),
    budget as (
        select
            period.period,
            unit.level,
            case when unit.level = 'region' then 'region' else budget.initiative_id end as unit_id,
            budget.actor,
            budget.budgeted_cents,
            budget.expected_cents,
            budget.realised_cents
        from core.budget as budget
        inner join core.period as period
            on period.kind = 'calendar_year'
            and period.period = cast(budget.year as varchar)
        cross join (
            select 'region' as level
            union all
            select 'initiative'
        ) as unit
        where unit.level = 'region' or budget.initiative_id is not null
    ),
    amount as (
        select period, level, unit_id, '' as dimension, '' as dimension_value, budgeted_cents as cents
        from budget
        union all
        select period, level, unit_id, 'actor', actor, budgeted_cents
        from budget
        where actor is not null
        union all
        select period, level, unit_id, 'money_kind', 'begroot', budgeted_cents
        from budget
        union all
        select period, level, unit_id, 'money_kind', 'verwacht', expected_cents
        from budget
        union all
        select period, level, unit_id, 'money_kind', 'gerealiseerd', realised_cents
        from budget
    ),
    figure as (
        select
            'milestones' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            cast(milestones as double) as numerator,
            cast(null as double) as denominator
        from milestone_count
        union all
        select
            'pillar_progress',
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            realised,
            milestones
        from milestone_count
        where level = 'region' and dimension in ('', 'pillar')
        union all
        select
            'consultation_rhythm',
            'region',
            'region',
            period,
            dimension,
            dimension_value,
            held,
            planned
        from meeting_part
        union all
        select
            'project_budget',
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            cast(sum(cents) as double) / 100,
            null
        from amount
        group by level, unit_id, period, dimension, dimension_value
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    case
        when metric in ('milestones', 'project_budget') then numerator
        else ratio(numerator, denominator)
    end as value,
    numerator,
    denominator,
    cast(0 as bigint) as n_children
from figure

/*
description = "Theme J, decision support for collective provision: gates, score, band, staff and cost per school; all bounds are proposals"
steps = [
    "gates: enough care pupils, share, type of school, linked data, years; an unknown value passes no gate and fails none",
    "score: per criterion how far the value reaches between its bounds, times its weight; over the known criteria, divided by their weight",
    "band: 1 not now (a gate failed, or below 40), 3 promising (all gates passed, at least 60, at least 80 % of the weight known), 2 what is between",
    "staff: hours at school in 40 school weeks over 1,300 productive hours",
    "cost: the collective budget beside the present cost (theme H)",
]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
seeds = ["OT3 2.8", "OT3 2.13"]
shape = "figure"
*/
with
    criterion as (
        select criterion.name, criterion.low, criterion.high, criterion.weight
        from (
            values
            ('aandeel', cast(0.30 as double), cast(0.80 as double), cast(0.25 as double)),
            ('volume', 20, 150, 0.20),
            ('aanbieders', 2, 12, 0.15),
            ('gemeenten', 1, 5, 0.10),
            ('wisselingen', 0.10, 0.50, 0.10),
            ('horizon', 0.30, 0.90, 0.10),
            ('gelijke_vraag', 0.30, 0.80, 0.10)
        ) as criterion (name, low, high, weight)
    ),
    valued as (
        select period, school_id, care_pupils, 'aandeel' as name, care_share as value
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'volume', hours_at_school
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'aanbieders', effective_providers
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'gemeenten', effective_municipalities
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'wisselingen', switches
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'horizon', short_horizon
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'gelijke_vraag', similar_need
        from metrics.school_decision
    ),
    component as (
        select
            valued.period,
            valued.school_id,
            valued.care_pupils,
            valued.name,
            case when valued.value is not null then criterion.weight else 0 end as weight_known,
            100 * criterion.weight * case
                when valued.value is null then null
                when valued.value <= criterion.low then 0
                when valued.value >= criterion.high then 1
                else (valued.value - criterion.low) / (criterion.high - criterion.low)
            end as points
        from valued
        inner join criterion on valued.name = criterion.name
    ),
    scored as (
        select
            period,
            school_id,
            max(care_pupils) as care_pupils,
            sum(weight_known) as weight_known,
            sum(points) as points,
            ratio(sum(points), sum(weight_known)) as score
        from component
        group by period, school_id
    ),
    gate as (
        select period, school_id, care_pupils, 'zorgleerlingen' as name, case when care_pupils >= 20 then 1 else 0 end as passed
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'aandeel', case when care_share >= 0.40 then 1 when care_share < 0.40 then 0 end
        from metrics.school_decision
        union all
        select
            period,
            school_id,
            care_pupils,
            'schoolsoort',
            case when ikc or coalesce(school_type in ('SBO', 'SO', 'VSO', 'SO/VSO', 'PRO'), false) then 1 else 0 end
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'kwaliteit', case when link_rate >= 0.95 then 1 when link_rate < 0.95 then 0 end
        from metrics.school_decision
        union all
        select period, school_id, care_pupils, 'historie', case when school_years >= 2 then 1 else 0 end
        from metrics.school_decision
    ),
    gates as (
        select
            period,
            school_id,
            max(care_pupils) as care_pupils,
            sum(coalesce(passed, 0)) as passed,
            sum(case when passed = 0 then 1 else 0 end) as failed,
            count(*) as gates
        from gate
        group by period, school_id
    ),
    figure as (
        select
            'collective_gates' as metric,
            'school' as level,
            school_id as unit_id,
            period,
            '' as dimension,
            '' as dimension_value,
            cast(passed as double) as value,
            cast(passed as double) as numerator,
            cast(null as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from gates
        union all
        select 'collective_gates', 'school', school_id, period, 'gate', name, passed, passed, null, care_pupils
        from gate
        union all
        select 'collective_score', 'school', school_id, period, '', '', score, points, weight_known, care_pupils
        from scored
        union all
        select 'collective_score', 'school', school_id, period, 'criterion', name, points, points, null, care_pupils
        from component
        union all
        select
            'collective_band',
            'school',
            gates.school_id,
            gates.period,
            '',
            '',
            case
                when gates.failed > 0 or scored.score is null or scored.score < 40 then 1
                when gates.passed = gates.gates and scored.weight_known >= 0.7999999 and scored.score >= 60 then 3
                else 2
            end,
            scored.score,
            null,
            gates.care_pupils
        from gates
        inner join scored on gates.period = scored.period and gates.school_id = scored.school_id
        union all
        select
            'collective_fte',
            'school',
            school_id,
            period,
            '',
            '',
            ratio(hours_at_school * 40, 1300),
            hours_at_school * 40,
            1300,
            care_pupils
        from metrics.school_decision
        union all
        select 'collective_range', level, unit_id, period, dimension, dimension_value, value, numerator, denominator, n_children
        from metrics.theme_h_budget
        where metric = 'collective_budget' and level = 'school' and dimension in ('', 'bound')
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    value,
    numerator,
    denominator,
    n_children
from figure

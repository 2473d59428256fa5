/*
description = "Theme F, experiences: scores of pupils, parents, professionals and teachers, and how many answered"
steps = [
    "scores and shares from metrics.survey_score",
    "a share only over answers of which it is known whether they are 7 or higher",
    "invited and answered count once for a school, group and moment, whatever the number of questions",
]
seeds = ["OT3 2.14", "OT3 2.15", "OT3 2.26", "SAM 1.15", "OZG 4.3", "OZG 4.11"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    score as (
        select
            case subject
                when 'nut' then 'client_satisfaction'
                when 'rust' then 'calm_score'
                when 'samenwerking' then 'collaboration_score'
                when 'werkdruk' then 'teacher_workload_score'
            end as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            mean_score as value,
            sum_score as numerator,
            answers as denominator,
            answers as people
        from metrics.survey_score
        where
            subject in ('nut', 'rust', 'samenwerking', 'werkdruk')
            and (subject <> 'werkdruk' or dimension in ('', 'moment'))
            and (subject <> 'rust' or dimension <> 'question')
    ),
    high as (
        select
            case subject when 'nut' then 'client_satisfied_share' else 'teacher_capacity_score' end as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            ratio(high_answers, counted_answers) as value,
            high_answers as numerator,
            counted_answers as denominator,
            high_answers as people
        from metrics.survey_score
        where subject = 'nut' or (subject = 'toerusting' and dimension in ('', 'moment'))
    ),
    asked as (
        select
            initiative_id,
            school_id,
            respondent_group,
            moment,
            measured_on,
            max(invited) as invited,
            max(responded) as responded
        from core.survey
        where invited is not null and responded is not null and measured_on is not null
        group by initiative_id, school_id, respondent_group, moment, measured_on
    ),
    dated as (
        select period.period, asked.initiative_id, asked.respondent_group, asked.moment, asked.invited, asked.responded
        from asked
        inner join core.period as period
            on asked.measured_on >= period.start_date
            and asked.measured_on <= period.end_date
    ),
    placed as (
        select 'region' as level, 'region' as unit_id, period, respondent_group, moment, invited, responded
        from dated
        union all
        select 'initiative', initiative_id, period, respondent_group, moment, invited, responded
        from dated
        where initiative_id is not null
    ),
    parted as (
        select level, unit_id, period, '' as dimension, '' as dimension_value, invited, responded
        from placed
        union all
        select level, unit_id, period, 'respondent_group', respondent_group, invited, responded
        from placed
        where respondent_group is not null
        union all
        select level, unit_id, period, 'moment', moment, invited, responded
        from placed
        where moment is not null
    ),
    response as (
        select
            'survey_response' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            ratio(sum(responded), sum(invited)) as value,
            sum(responded) as numerator,
            sum(invited) as denominator,
            sum(responded) as people
        from parted
        group by level, unit_id, period, dimension, dimension_value
    ),
    spread as (
        select
            'collaboration_score_sd' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            sd_score as value,
            sd_score as numerator,
            cast(null as double) as denominator,
            answers as people
        from metrics.survey_score
        where subject = 'samenwerking' and level = 'region'
    ),
    figure as (
        select metric, level, unit_id, period, dimension, dimension_value, value, numerator, denominator, people
        from score
        union all
        select metric, level, unit_id, period, dimension, dimension_value, value, numerator, denominator, people
        from high
        union all
        select metric, level, unit_id, period, dimension, dimension_value, value, numerator, denominator, people
        from response
        union all
        select metric, level, unit_id, period, dimension, dimension_value, value, numerator, denominator, people
        from spread
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
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(people as bigint) as n_children
from figure

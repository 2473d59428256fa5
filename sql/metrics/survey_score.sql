/*
description = "Scores of surveys on a scale of 1 to 10, with their spread"
grain = "one row per subject, unit, period and part"
key = ["subject", "level", "unit_id", "period", "dimension", "dimension_value"]
steps = [
    "a score on another scale becomes 1 + 9 * (score - 1) / (highest - 1); without a highest score it is 10",
    "a record is the mean of the answers it says; if it says none, a record that stands alone for its school, group, moment and question is the mean of all who answered, and of several each is one answer",
    "the usefulness that was given when care was closed is one answer about nut, of the region only: who gave it is not known",
    "subjects by the first word of the question: nut, rust, samenwerking, toerusting, werkdruk",
    "mean over answers; a record of a mean counts with its answers, a standard deviation brings its own spread along",
    "spread, and with it the margin of the mean, needs the spread within every record: it is unknown when a mean came without one; answers within a school are taken as independent",
    "satisfied or equipped is 7 or higher: known of single answers, and of means that say how many",
]
tests = [
    "unique key",
    "1 <= mean_score and mean_score <= 10",
    "high_answers <= counted_answers and counted_answers <= answers",
]
seeds = ["OT3 2.14", "OT3 2.15", "OT3 2.26", "SAM 1.15", "OZG 4.3", "OZG 4.11"]

[columns]
subject = "nut, rust, samenwerking, toerusting or werkdruk"
level = "initiative or region"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
dimension = "empty, respondent_group, moment or question"
dimension_value = "which part; empty for the total"
answers = "number of answers"
mean_score = "mean score, 1 to 10"
sum_score = "sum of the scores"
sum_square = "sum of the squares of the scores; null when not known"
sd_score = "standard deviation of the answers; null when not known"
counted_answers = "answers of which it is known whether they are 7 or higher"
high_answers = "of these: 7 or higher"
*/
with
    stated as (
        select
            moment,
            initiative_id,
            respondent_group,
            question,
            measured_on,
            score,
            coalesce(scale_max, 10) as scale_max,
            score_sd,
            satisfied,
            case
                when answers is not null then answers
                when count(*) over (partition by initiative_id, school_id, respondent_group, moment, question) > 1 then 1
                else coalesce(responded, 1)
            end as answers
        from core.survey
        where score is not null and measured_on is not null
        union all
        select null, null, null, 'nut bij afsluiten van de hulp', measured_on, usefulness, 10, null, null, 1
        from core.outcome
        where usefulness is not null
    ),
    scaled as (
        select
            moment,
            initiative_id,
            respondent_group,
            question,
            case
                when lower(question) like 'nut%' and coalesce(respondent_group, 'ouder') in ('jongere', 'ouder') then 'nut'
                when lower(question) like 'rust%' then 'rust'
                when lower(question) like 'samenwerking%' then 'samenwerking'
                when lower(question) like 'toerusting%' and respondent_group = 'leerkracht' then 'toerusting'
                when lower(question) like 'werkdruk%' and respondent_group = 'leerkracht' then 'werkdruk'
            end as subject,
            measured_on,
            answers,
            1 + 9 * (score - 1) / (scale_max - 1) as score,
            case when answers = 1 then 0 else 9 * score_sd / (scale_max - 1) end as sd,
            case
                when answers = 1 then case when 1 + 9 * (score - 1) / (scale_max - 1) >= 7 then 1 else 0 end
                when satisfied <= answers then satisfied
            end as high
        from stated
        where answers >= 1 and scale_max > 1 and score >= 1 and score <= scale_max
    ),
    dated as (
        select
            scaled.subject,
            period.period,
            scaled.initiative_id,
            scaled.respondent_group,
            scaled.moment,
            scaled.question,
            scaled.answers,
            scaled.score,
            scaled.sd,
            scaled.high
        from scaled
        inner join core.period as period
            on scaled.measured_on >= period.start_date
            and scaled.measured_on <= period.end_date
        where scaled.subject is not null
    ),
    placed as (
        select 'region' as level, 'region' as unit_id, subject, period, respondent_group, moment, question, answers, score, sd, high
        from dated
        union all
        select 'initiative', initiative_id, subject, period, respondent_group, moment, question, answers, score, sd, high
        from dated
        where initiative_id is not null
    ),
    parted as (
        select level, unit_id, subject, period, '' as dimension, '' as dimension_value, answers, score, sd, high
        from placed
        union all
        select level, unit_id, subject, period, 'respondent_group', respondent_group, answers, score, sd, high
        from placed
        where respondent_group is not null
        union all
        select level, unit_id, subject, period, 'moment', moment, answers, score, sd, high
        from placed
        where moment is not null
        union all
        select level, unit_id, subject, period, 'question', question, answers, score, sd, high
        from placed
    ),
    summed as (
        select
            level,
            unit_id,
            subject,
            period,
            dimension,
            dimension_value,
            cast(sum(answers) as bigint) as answers,
            exact_sum(answers * score) as sum_score,
            case
                when sum(case when sd is null then 1 else 0 end) = 0
                    then exact_sum(answers * score * score + (answers - 1) * sd * sd)
            end as sum_square,
            cast(sum(case when high is not null then answers else 0 end) as bigint) as counted_answers,
            cast(sum(coalesce(high, 0)) as bigint) as high_answers
        from parted
        group by level, unit_id, subject, period, dimension, dimension_value
    )

select
    subject,
    level,
    unit_id,
    period,
    dimension,
    dimension_value,
    answers,
    ratio(sum_score, answers) as mean_score,
    sum_score,
    sum_square,
    case
        when answers > 1 and sum_square is not null
            then sqrt(greatest(sum_square - sum_score * sum_score / answers, 0) / (answers - 1))
    end as sd_score,
    counted_answers,
    high_answers
from summed

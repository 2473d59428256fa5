/*
description = "Answers to surveys, as they stand"
grain = "one row per record; equal records of one file all count"
key = ["file_id", "line"]
steps = [
    "a record that comes again in another file counts once; equal records within one file are numbered and all count",
]
seeds = ["OT3 2.26"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
moment = "T0, T1 or T2"
initiative_id = "initiative"
school_id = "BRIN6"
respondent_group = "who answered"
question = "question"
score = "score"
scale_max = "highest score possible"
invited = "number invited"
responded = "number who answered"
measured_on = "day of measuring; null when not told"
answers = "number of answers the score is the mean of; null when not told"
score_sd = "standard deviation of those answers"
satisfied = "number of those answers that are 7 or higher on a scale of 1 to 10"
*/
with
    numbered as (
        select
            *,
            row_number() over (
                partition by
                    file_id,
                    moment,
                    initiative_id,
                    school_id,
                    respondent_group,
                    question,
                    score,
                    scale_max,
                    invited,
                    responded,
                    measured_on,
                    answers,
                    score_sd,
                    satisfied
                order by line
            ) as occurrence,
        from raw.surveys
    )

select
    file_id,
    line,
    moment,
    initiative_id,
    school_id,
    respondent_group,
    question,
    score,
    scale_max,
    invited,
    responded,
    measured_on,
    answers,
    score_sd,
    satisfied,
from numbered
qualify
    row_number() over (
        partition by
            occurrence,
            moment,
            initiative_id,
            school_id,
            respondent_group,
            question,
            score,
            scale_max,
            invited,
            responded,
            measured_on,
            answers,
            score_sd,
            satisfied
        order by delivery_order(file_id, line) desc
    ) = 1

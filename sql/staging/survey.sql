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
                    responded
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
            responded
        order by delivery_order(file_id, line) desc
    ) = 1

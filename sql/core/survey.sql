/*
description = "Answers to surveys"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = [
    "take the records as they stand",
    "without a day of measuring, T0 falls on the first day of the initiative, T1 and T2 one and two years later: an assumption",
]
tests = ["unique key"]
seeds = ["OT3 2.26"]

[columns]
moment = "T0, T1 or T2"
initiative_id = "initiative"
school_id = "BRIN6"
respondent_group = "who answered"
question = "question"
score = "score"
scale_max = "highest score possible"
invited = "number invited"
responded = "number who answered"
measured_on = "day of measuring: as told, else the start of the initiative for T0 and one and two years later for T1 and T2; null is unknown"
answers = "number of answers the score is the mean of; null when not told"
score_sd = "standard deviation of those answers"
satisfied = "number of those answers that are 7 or higher on a scale of 1 to 10"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
with
    begun as (
        select initiative_id, min(start_date) as start_date
        from core.initiative
        group by initiative_id
    )

select
    record.moment,
    record.initiative_id,
    record.school_id,
    record.respondent_group,
    record.question,
    record.score,
    record.scale_max,
    record.invited,
    record.responded,
    coalesce(
        record.measured_on,
        case record.moment
            when 'T0' then begun.start_date
            when 'T1' then months_later(begun.start_date, 12)
            when 'T2' then months_later(begun.start_date, 24)
        end
    ) as measured_on,
    record.answers,
    record.score_sd,
    record.satisfied,
    record.file_id as source_file_id,
    record.line as source_line
from staging.survey as record
left join begun on record.initiative_id = begun.initiative_id

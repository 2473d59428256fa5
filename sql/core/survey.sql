/*
description = "Answers to surveys"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = ["take the records as they stand"]
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
answers = "number of answers the score is the mean of; null when not told"
score_sd = "standard deviation of those answers"
satisfied = "number of those answers that are 7 or higher on a scale of 1 to 10"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
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
    record.answers,
    record.score_sd,
    record.satisfied,
    record.file_id as source_file_id,
    record.line as source_line
from staging.survey as record

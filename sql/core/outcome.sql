/*
description = "Outcomes at the end of care"
grain = "one row per child, provider, number and day"
key = ["child_id", "provider_id", "allocation_number", "measured_on"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["SAM 1.3"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
provider_id = "AGB of the provider"
allocation_number = "number of the indication"
measured_on = "day of measuring"
goals_met = "whether goals were met, as delivered"
without_help = "whether the child can go on without help, as delivered"
usefulness = "usefulness, 1 to 10"
plan_18 = "whether there is a plan for after 18"
follow_up = "jeugdhulp, wmo, wlz or geen"
instrument = "questionnaire that problems were measured with, at the start and at the end of care"
score_start = "score at the start"
score_end = "score at the end"
standard_error = "standard error of measurement of the questionnaire, in points of its score"
higher_is_better = "whether a higher score means fewer problems; null is no"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.provider_id,
    record.allocation_number,
    record.measured_on,
    record.goals_met,
    record.without_help,
    record.usefulness,
    record.plan_18,
    record.follow_up,
    record.instrument,
    record.score_start,
    record.score_end,
    record.standard_error,
    record.higher_is_better,
    record.file_id as source_file_id,
    record.line as source_line
from staging.outcome as record
left join core.child as child on record.child_id = child.child_id

/*
description = "Outcomes at the end of care, as they stand"
grain = "one row per child, provider, number and day"
key = ["child_id", "provider_id", "allocation_number", "measured_on"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a child",
    "the number of an indication that a merged municipality handed over is that of the whole",
]
seeds = ["SAM 1.3"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
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
*/
with
    renumbered as (
        select child_id, allocation_number, min(home_number) as home_number
        from staging.allocation
        where home_number <> allocation_number
        group by all
    )

select
    record.file_id,
    record.line,
    record.child_id,
    record.provider_id,
    coalesce(renumbered.home_number, record.allocation_number) as allocation_number,
    record.measured_on,
    goals_met,
    without_help,
    usefulness,
    plan_18,
    follow_up,
    instrument,
    score_start,
    score_end,
    standard_error,
    higher_is_better,
from raw.outcomes as record
left join renumbered
    on record.child_id = renumbered.child_id
    and record.allocation_number = renumbered.allocation_number
where record.child_id is not null
qualify
    row_number() over (
        partition by
            record.child_id,
            record.provider_id,
            coalesce(renumbered.home_number, record.allocation_number),
            record.measured_on
        order by delivery_order(record.file_id, record.line) desc
    ) = 1

/*
description = "Every 1 October from the first enrolment on, as far as the data cover that day"
grain = "one row per day"
key = ["count_day"]
steps = [
    "pupils are counted on 1 October; enrolments that began before the first delivery tell of earlier years too",
    "at most 25 years back from the last, so that one wrong date makes no century",
]
tests = ["unique key"]
seeds = ["OT3 2.9"]

[columns]
count_day = "the day"
*/
with
    years as (
        select
            unnest(
                range(
                    greatest(year((select min(start_date) from raw.enrolments)), year(last_day) - 24),
                    year(last_day) + 1
                )
            ) as year_number,
            last_day,
        from staging.span
    )

select make_date(year_number, 10, 1) as count_day
from years
where make_date(year_number, 10, 1) <= last_day

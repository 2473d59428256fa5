/*
description = "How far back and how far on the history of care is known"
grain = "one row"
key = []
steps = [
    "the history starts where indications start to end: a region that only delivered what still ran has no history before that",
    "one in a thousand ends may lie earlier, so that a mistyped year makes no history",
    "it goes on up to the last day that the data cover",
]
seeds = ["METRICS 2.7"]

[columns]
from_day = "number of the first day; null without an ended indication"
until_day = "number of the day after the last"
*/
select
    (
        select cast(ceil(percentile(until_day, 0.001)) as integer)
        from core.care
        where until_day < 2932896
    ) as from_day,
    (select until_day(last_day) from staging.span) as until_day

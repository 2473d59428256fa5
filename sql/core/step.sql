/*
description = "Steps to heavier or lighter care: a child starts with care of another weight than it had"
grain = "one row per child and day"
key = ["child_key", "day"]
steps = [
    "of what starts on one day the heaviest counts; care of unknown weight does not",
    "up: heavier than everything that ran the day before or ended at most 180 days earlier",
    "down: lighter than the heaviest care that ended at most 180 days earlier, while nothing heavier than the new care still runs; care of the same weight that ran the day before only goes on",
    "the indication of the step is the first of that weight on that day",
]
tests = ["unique key", "direction in ('up', 'down')", "decision_days >= 0"]
seeds = ["SAM 1.7", "OZG 4.8"]

[columns]
child_key = "number of the child"
day = "number of the day"
direction = "up or down"
decision_days = "days from the first decision on the new care to its first day, 0 when decided later; null without a decision date"
*/
with
    weighed as (
        select
            indication.indication_key,
            indication.child_key,
            indication.from_day,
            indication.until_day,
            indication.first_decided_on,
            weight.rank
        from core.indication as indication
        inner join seeds.weight_class as weight on indication.weight_class = weight.code
        where indication.law = 'jeugdwet' and weight.rank is not null
    ),
    started as (
        select
            child_key,
            from_day as day,
            rank,
            first_decided_on,
            row_number() over (partition by child_key, from_day order by rank desc, indication_key) as place
        from weighed
    ),
    compared as (
        select
            started.child_key,
            started.day,
            started.rank,
            started.first_decided_on,
            max(earlier.rank) as known_rank,
            max(case when earlier.until_day <= started.day then earlier.rank end) as ended_rank,
            max(case when earlier.until_day > started.day then earlier.rank end) as running_rank,
            max(case when earlier.until_day >= started.day and earlier.rank = started.rank then 1 else 0 end) as goes_on
        from started
        inner join weighed as earlier
            on started.child_key = earlier.child_key
            and earlier.from_day < started.day
            and earlier.until_day > started.day - 180
        where started.place = 1
        group by started.child_key, started.day, started.rank, started.first_decided_on
    )

select
    child_key,
    day,
    case when rank > known_rank then 'up' else 'down' end as direction,
    case when first_decided_on is not null then greatest(day - day_number(first_decided_on), 0) end as decision_days
from compared
where rank > known_rank or (rank < ended_rank and coalesce(running_rank, 0) <= rank and goes_on = 0)

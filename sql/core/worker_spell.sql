/*
description = "The time a professional works with a child, without a hole: overlapping and adjoining deliveries are one"
grain = "one row per child, professional and unbroken time; and one per child and unbroken time with any professional"
key = ["child_key", "worker_id", "from_day"]
steps = [
    "take the deliveries that name a professional (by pseudonym); once more with the professional left empty, for days with anybody",
    "a new spell starts where a delivery begins later than every earlier one ended",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["OT3 2.7"]

[columns]
child_key = "number of the child"
worker_id = "pseudonym of the professional; empty for any of them"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    named as (
        select
            child_key,
            worker_id,
            day_number(start_date) as from_day,
            until_day(end_date) as until_day
        from core.delivery
        where worker_id is not null and (end_date is null or end_date >= start_date)
    ),
    begun as (
        select child_key, worker_id, from_day, max(until_day) as until_day
        from named
        group by child_key, worker_id, from_day
        union all
        select child_key, '', from_day, max(until_day)
        from named
        group by child_key, from_day
    ),
    ordered as (
        select
            child_key,
            worker_id,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key, worker_id
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            child_key,
            worker_id,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key, worker_id
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    child_key,
    worker_id,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by child_key, worker_id, spell

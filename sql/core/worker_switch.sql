/*
description = "Changes of professional: a professional starts with a child that had another one just before"
grain = "one row per gap, child, professional and day"
key = ["gap", "child_key", "worker_id", "day"]
steps = [
    "a start is a day on which a professional works with the child and on none of the gap + 1 days before",
    "it is a change when on any of those days another professional did; a start after nobody is none",
]
tests = ["unique key"]
seeds = ["METRICS 2.5", "OT3 2.7"]

[columns]
gap = "0 or 28 days"
child_key = "number of the child"
worker_id = "pseudonym of the professional that starts"
day = "number of the day"
*/
with
    started as (
        select
            child_key,
            worker_id,
            from_day as day,
            lag(until_day) over (partition by child_key, worker_id order by from_day) as earlier_until
        from core.worker_spell
        where worker_id <> ''
    )

select distinct
    tolerance.gap,
    started.child_key,
    started.worker_id,
    started.day
from started
cross join (values (0), (28)) as tolerance (gap)
inner join core.worker_spell as other
    on started.child_key = other.child_key
    and started.worker_id <> other.worker_id
    and other.worker_id <> ''
    and other.from_day < started.day
    and other.until_day > started.day - 1 - tolerance.gap
where started.earlier_until is null or started.day > started.earlier_until + tolerance.gap

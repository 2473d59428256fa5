/*
description = "Stretches of days on which the number of active providers of an enrolled child does not change"
grain = "one row per attendance and stretch with care"
key = ["attendance_key", "from_day"]
steps = [
    "every start of a provider adds one, every end takes one away",
    "add up per day first, so that an end and a start on one day cancel",
    "the running sum is the number of providers until the next change",
]
tests = ["unique key", "from_day < until_day", "providers > 0"]
seeds = ["METRICS 2.2", "METRICS 5"]

[columns]
attendance_key = "number of the attendance"
from_day = "number of the first day"
until_day = "number of the day after the last"
providers = "number of distinct active providers"
*/
with
    change as (
        select attendance_key, from_day as day, 1 as step
        from core.attended_care
        union all
        select attendance_key, until_day, -1
        from core.attended_care
    ),
    net as (
        select attendance_key, day, sum(step) as step
        from change
        group by attendance_key, day
    ),
    running as (
        select
            attendance_key,
            day as from_day,
            lead(day) over (partition by attendance_key order by day) as until_day,
            sum(step) over (
                partition by attendance_key
                order by day
                rows between unbounded preceding and current row
            ) as providers
        from net
    )

select
    attendance_key,
    from_day,
    until_day,
    cast(providers as integer) as providers
from running
where providers > 0

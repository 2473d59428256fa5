/*
description = "Stretches of days on which nothing changes in the care of an enrolled child"
grain = "one row per attendance and stretch with care"
key = ["attendance_key", "from_day"]
steps = [
    "every start of a provider adds one, every end takes one away; so do indications with hours, and their hours a day",
    "add up per day first, so that an end and a start on one day cancel",
    "the running sums hold until the next change",
]
tests = ["from_day < until_day", "providers > 0", "timed_indications >= 0", "hours_per_day >= 0"]
seeds = ["METRICS 2.2", "METRICS 5"]

[columns]
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
from_day = "number of the first day"
until_day = "number of the day after the last"
providers = "number of distinct active providers"
timed_indications = "number of active indications that have hours"
hours_per_day = "hours a day of all active indications, overlaps added up"
*/
with
    timed as (
        select
            spell.attendance_key,
            spell.unit_set_key,
            greatest(care.from_day, spell.from_day) as from_day,
            least(care.until_day, spell.until_day) as until_day,
            cast(care.hours_per_day as decimal(38, 15)) as hours_per_day
        from core.care as care
        inner join core.attendance_spell as spell
            on care.child_key = spell.child_key
            and care.from_day < spell.until_day
            and care.until_day > spell.from_day
        where care.hours_per_day is not null
    ),
    change as (
        select
            attendance_key,
            unit_set_key,
            from_day as day,
            1 as providers,
            0 as timed_indications,
            cast(0 as decimal(38, 15)) as hours_per_day
        from core.attended_care
        union all
        select attendance_key, unit_set_key, until_day, -1, 0, 0
        from core.attended_care
        union all
        select attendance_key, unit_set_key, from_day, 0, 1, hours_per_day
        from timed
        union all
        select attendance_key, unit_set_key, until_day, 0, -1, -hours_per_day
        from timed
    ),
    net as (
        select
            attendance_key,
            unit_set_key,
            day,
            sum(providers) as providers,
            sum(timed_indications) as timed_indications,
            sum(hours_per_day) as hours_per_day
        from change
        group by attendance_key, unit_set_key, day
    ),
    running as (
        select
            attendance_key,
            unit_set_key,
            day as from_day,
            lead(day) over (partition by attendance_key order by day) as until_day,
            sum(providers) over (
                partition by attendance_key
                order by day
                rows between unbounded preceding and current row
            ) as providers,
            sum(timed_indications) over (
                partition by attendance_key
                order by day
                rows between unbounded preceding and current row
            ) as timed_indications,
            sum(hours_per_day) over (
                partition by attendance_key
                order by day
                rows between unbounded preceding and current row
            ) as hours_per_day
        from net
    )

select
    attendance_key,
    unit_set_key,
    from_day,
    until_day,
    cast(providers as integer) as providers,
    cast(timed_indications as integer) as timed_indications,
    -- Room to multiply by a number of days: 38 digits is what every engine has.
    cast(hours_per_day as decimal(27, 15)) as hours_per_day
from running
where providers > 0

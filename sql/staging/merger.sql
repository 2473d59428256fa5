/*
description = "Municipalities that went on under another code, with every code they went on under"
grain = "one row per old code and later code on its way"
key = ["municipality_code", "later_code"]
steps = [
    "take the mergers of the settings: old code, new code and first day of the new one",
    "follow the new code as long as it went on itself; at most ten steps",
    "a code that comes back to where it began went nowhere and is left out",
]
tests = ["unique key", "not null municipality_code, later_code, merged_on, ended_on"]
seeds = ["DOMAIN 2.6", "DOMAIN 8"]

[columns]
municipality_code = "code that is no longer used"
later_code = "code it went on under, directly or by way of another"
merged_on = "first day of that later code"
ended_on = "first day on which the old code is no longer used"
is_current = "whether the later code is the one in use now"
*/
with recursive
    merger as (
        select
            substr(name, 8) as municipality_code,
            split_part(value, ' ', 1) as later_code,
            try_cast(split_part(value, ' ', 2) as date) as merged_on,
        from raw.setting
        where name like 'merger.%'
    ),
    way as (
        select municipality_code, later_code, merged_on, merged_on as ended_on, 1 as steps
        from merger
        union all
        select way.municipality_code, merger.later_code, merger.merged_on, way.ended_on, way.steps + 1
        from way
        inner join merger on way.later_code = merger.municipality_code
        where way.steps < 10
    )

select
    municipality_code,
    later_code,
    merged_on,
    ended_on,
    steps = max(steps) over (partition by municipality_code) as is_current,
from way
qualify max(steps) over (partition by municipality_code) < 10

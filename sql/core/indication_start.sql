/*
description = "Starts of indications that follow on other care, and whether the provider was already there"
grain = "one row per gap and indication with a predecessor"
key = ["gap", "indication_key"]
steps = [
    "look back from the first day of an indication over the gap + 1 days before (gap 0 and 28)",
    "keep indications with another indication of the child active on any of those days",
    "the same provider: the own provider is among the providers of those indications",
]
tests = ["unique key", "is_same in (0, 1)"]
seeds = ["METRICS 2.5", "METRICS 10"]

[columns]
gap = "tolerated gap in days"
indication_key = "number of the indication that starts"
child_key = "number of the child"
provider_key = "number of its provider"
day = "number of its first day"
is_same = "1 when its provider was active in the look-back, else 0"
*/
with
    followed as (
        select
            tolerance.gap,
            care.indication_key,
            care.child_key,
            care.provider_key,
            care.from_day,
            case when earlier.provider_key = care.provider_key then 1 else 0 end as is_same
        from core.care as care
        cross join (values (0), (28)) as tolerance (gap)
        inner join core.care as earlier
            on care.child_key = earlier.child_key
            and earlier.from_day < care.from_day
            and earlier.until_day > care.from_day - 1 - tolerance.gap
    )

select
    gap,
    indication_key,
    child_key,
    provider_key,
    from_day as day,
    max(is_same) as is_same
from followed
group by gap, indication_key, child_key, provider_key, from_day

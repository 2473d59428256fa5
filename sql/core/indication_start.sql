/*
description = "Starts of indications that follow on other care within a gap of 28 days, and whether the provider was already there"
grain = "one row per indication with a predecessor"
key = ["indication_key"]
steps = [
    "look back from the first day of an indication over the gap + 1 days before (gap 0 and 28)",
    "keep indications with another indication of the child active on any of those days",
    "the same provider: the own provider is among the providers of those indications",
]
tests = ["unique key", "same_g0 <= follows_g0", "follows_g28 = 1", "follows_g0 in (0, 1) and same_g28 in (0, 1)"]
seeds = ["METRICS 2.5", "METRICS 10"]

[columns]
indication_key = "number of the indication that starts"
child_key = "number of the child"
provider_key = "number of its provider"
day = "number of its first day"
follows_g0 = "1 when another indication was active the day before, else 0"
same_g0 = "1 when one of its own provider was, else 0"
follows_g28 = "1: another indication was active in the 29 days before"
same_g28 = "1 when one of its own provider was, else 0"
*/
select
    care.indication_key,
    care.child_key,
    care.provider_key,
    care.from_day as day,
    max(case when earlier.until_day >= care.from_day then 1 else 0 end) as follows_g0,
    max(
        case when earlier.until_day >= care.from_day and earlier.provider_key = care.provider_key then 1 else 0 end
    ) as same_g0,
    1 as follows_g28,
    max(case when earlier.provider_key = care.provider_key then 1 else 0 end) as same_g28
from core.care as care
inner join core.care as earlier
    on care.child_key = earlier.child_key
    and earlier.from_day < care.from_day
    and earlier.until_day > care.from_day - 29
group by care.indication_key, care.child_key, care.provider_key, care.from_day

/*
description = "Ends of indications, and whether another indication takes over within a gap of 0 and of 28 days"
grain = "one row per indication that ends"
key = ["indication_key"]
steps = [
    "take indications with an end",
    "another indication of the child takes over when it starts after the own start, no later than the gap after the last day + 1, and ends later",
    "the same provider, or any",
]
tests = ["unique key", "same_g0 <= any_g0 and same_g28 <= any_g28", "same_g0 <= same_g28 and any_g0 <= any_g28"]
seeds = ["METRICS 2.6", "METRICS 10", "OT3 2.6"]

[columns]
indication_key = "number of the indication that ends"
child_key = "number of the child"
provider_key = "number of its provider"
day = "number of its last day"
same_g0 = "1 when an indication of the same provider takes over the next day at the latest, else 0"
any_g0 = "1 when any indication does, else 0"
same_g28 = "1 when an indication of the same provider takes over after at most 28 days, else 0"
any_g28 = "1 when any indication does, else 0"
*/
select
    ended.indication_key,
    ended.child_key,
    ended.provider_key,
    ended.until_day - 1 as day,
    max(
        case when later.from_day <= ended.until_day and later.provider_key = ended.provider_key then 1 else 0 end
    ) as same_g0,
    max(case when later.from_day <= ended.until_day then 1 else 0 end) as any_g0,
    max(case when later.provider_key = ended.provider_key then 1 else 0 end) as same_g28,
    max(case when later.provider_key is not null then 1 else 0 end) as any_g28
from core.care as ended
left join core.care as later
    on ended.child_key = later.child_key
    and later.from_day > ended.from_day
    and later.from_day <= ended.until_day + 28
    and later.until_day > ended.until_day
where ended.until_day < 2932896
group by ended.indication_key, ended.child_key, ended.provider_key, ended.until_day

/*
description = "Ends of indications, and whether another indication takes over"
grain = "one row per gap and indication that ends"
key = ["gap", "indication_key"]
steps = [
    "take indications with an end",
    "another indication of the child takes over when it starts after the own start, no later than the gap after the last day + 1, and ends later (gap 0 and 28)",
    "the same provider, or any",
]
tests = ["unique key", "renewed_same <= renewed_any"]
seeds = ["METRICS 2.6", "METRICS 10", "OT3 2.6"]

[columns]
gap = "tolerated gap in days"
indication_key = "number of the indication that ends"
child_key = "number of the child"
provider_key = "number of its provider"
day = "number of its last day"
renewed_same = "1 when an indication of the same provider takes over, else 0"
renewed_any = "1 when any indication takes over, else 0"
*/
with
    ended as (
        select
            tolerance.gap,
            care.indication_key,
            care.child_key,
            care.provider_key,
            care.from_day,
            care.until_day
        from core.care as care
        cross join (values (0), (28)) as tolerance (gap)
        where care.until_day < 2932896
    )

select
    ended.gap,
    ended.indication_key,
    ended.child_key,
    ended.provider_key,
    ended.until_day - 1 as day,
    max(case when later.provider_key = ended.provider_key then 1 else 0 end) as renewed_same,
    max(case when later.provider_key is not null then 1 else 0 end) as renewed_any
from ended
left join core.care as later
    on ended.child_key = later.child_key
    and later.from_day > ended.from_day
    and later.from_day <= ended.until_day + ended.gap
    and later.until_day > ended.until_day
group by ended.gap, ended.indication_key, ended.child_key, ended.provider_key, ended.until_day

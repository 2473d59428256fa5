/*
description = "Starts of specialised or heavy care by a child that had none in the twelve months before"
grain = "one row per child and day"
key = ["child_key", "day"]
steps = [
    "take the indications of specialised or heavy care, except crisis care, with none of that weight in the twelve months before",
    "light before: a light indication, or freely accessible help, on any day of those twelve months",
    "the municipality is that of the first such indication of the day",
]
tests = ["unique key", "had_light in (0, 1)"]
seeds = ["OZG 4.4", "OZG 4.6", "ZON 0.6"]

[columns]
child_key = "number of the child"
day = "number of the day"
municipality_code = "responsible municipality"
had_light = "1 with light care in the twelve months before, else 0"
*/
with
    weighed as (
        select
            indication.indication_key,
            indication.child_key,
            indication.municipality_code,
            indication.from_day,
            indication.until_day,
            indication.care_form_group,
            weight.rank
        from core.indication as indication
        inner join seeds.weight_class as weight on indication.weight_class = weight.code
        where indication.law = 'jeugdwet'
    ),
    started as (
        select
            child_key,
            municipality_code,
            from_day as day,
            day_number(months_later(day_date(from_day), -12)) as look_back,
            row_number() over (partition by child_key, from_day order by indication_key) as place
        from weighed
        where rank >= 2 and coalesce(care_form_group, '') <> 'crisis'
    ),
    light as (
        select child_key, from_day, until_day
        from weighed
        where rank = 1
        union all
        select child_key, day_number(start_date), until_day(end_date)
        from core.light_support
        where child_key is not null
    )

select
    started.child_key,
    started.day,
    started.municipality_code,
    max(case when light.child_key is not null then 1 else 0 end) as had_light
from started
left join weighed as earlier
    on started.child_key = earlier.child_key
    and earlier.rank >= 2
    and earlier.from_day < started.day
    and earlier.until_day > started.look_back
left join light
    on started.child_key = light.child_key
    and light.from_day < started.day
    and light.until_day > started.look_back
where started.place = 1 and earlier.child_key is null
group by started.child_key, started.day, started.municipality_code

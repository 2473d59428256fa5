/*
description = "Pupils with care of a unit who are served by the fixed partner of their school, on the reference dates"
grain = "one row per reference date and unit with a school that has a partner"
key = ["day", "unit_key"]
steps = [
    "pupils with care on the day at a school that names a partner",
    "served: one of their active indications is with a provider that is a partner of such a school",
    "a pupil counts once per attendance; add up per set of units, then per unit",
]
tests = ["unique key", "served <= care_pupils"]
seeds = ["ZKIJ 3.12"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
care_pupils = "pupils with care at a school with a partner"
served = "of these: served by it"
*/
with
    pupil as (
        select
            present.day,
            present.attendance_key,
            min(present.unit_set_key) as unit_set_key,
            max(case when partner.provider_key is not null then 1 else 0 end) as served
        from core.pupil_date as present
        inner join core.school as school
            on present.school_key = school.school_key
            and school.lead_provider is not null
        inner join metrics.date_indication as indication
            on present.day = indication.day
            and present.attendance_key = indication.attendance_key
        left join core.partner as partner
            on present.school_key = partner.school_key
            and indication.provider_key = partner.provider_key
            and partner.from_day <= present.day
            and partner.until_day > present.day
        group by present.day, present.attendance_key
    ),
    counted as (
        select day, unit_set_key, count(*) as care_pupils, sum(served) as served
        from pupil
        group by day, unit_set_key
    )

select
    counted.day,
    unit_set.unit_key,
    cast(sum(counted.care_pupils) as bigint) as care_pupils,
    cast(sum(counted.served) as bigint) as served
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.day, unit_set.unit_key

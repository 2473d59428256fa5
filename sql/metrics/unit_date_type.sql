/*
description = "Pupils of a unit on the reference dates in special and mainstream education"
grain = "one row per reference date and unit"
key = ["day", "unit_key"]
steps = [
    "which kinds of education an attendance has on the day; schools for both special types divided by age",
    "primary: BO and SBO; secondary: VO, PRO and VSO; a pupil in two of them counts once",
    "add up the pupils per set of units, then per unit",
]
tests = ["unique key", "sbo <= primary_pupils", "vso <= secondary_pupils and pro <= secondary_pupils"]
seeds = ["SAM 1.2", "OT3 2.11"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
primary_pupils = "pupils in BO or SBO"
secondary_pupils = "pupils in VO, PRO or VSO"
sbo = "pupils in SBO"
so = "pupils in SO"
vso = "pupils in VSO"
pro = "pupils in PRO"
*/
with
    pupil as (
        select
            day,
            attendance_key,
            min(unit_set_key) as unit_set_key,
            max(case when type_by_age in ('BO', 'SBO') then 1 else 0 end) as is_primary,
            max(case when type_by_age in ('VO', 'PRO', 'VSO') then 1 else 0 end) as is_secondary,
            max(case when type_by_age = 'SBO' then 1 else 0 end) as sbo,
            max(case when type_by_age = 'SO' then 1 else 0 end) as so,
            max(case when type_by_age = 'VSO' then 1 else 0 end) as vso,
            max(case when type_by_age = 'PRO' then 1 else 0 end) as pro
        from core.pupil_date
        group by day, attendance_key
    ),
    counted as (
        select
            day,
            unit_set_key,
            sum(is_primary) as primary_pupils,
            sum(is_secondary) as secondary_pupils,
            sum(sbo) as sbo,
            sum(so) as so,
            sum(vso) as vso,
            sum(pro) as pro
        from pupil
        group by day, unit_set_key
    )

select
    counted.day,
    unit_set.unit_key,
    cast(sum(counted.primary_pupils) as bigint) as primary_pupils,
    cast(sum(counted.secondary_pupils) as bigint) as secondary_pupils,
    cast(sum(counted.sbo) as bigint) as sbo,
    cast(sum(counted.so) as bigint) as so,
    cast(sum(counted.vso) as bigint) as vso,
    cast(sum(counted.pro) as bigint) as pro
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.day, unit_set.unit_key

/*
description = "Pupils on a reference date: how near their school is to where they live"
grain = "one row per reference date, unit, type of school and pupil"
key = ["reference_date", "level", "unit_id", "school_type", "child_key"]
steps = [
    "take the pupils that are enrolled on the day, with the postcode areas of home and school",
    "the own samenwerkingsverband is the one most schools of the sector in the home municipality belong to (of equals the first in the alphabet)",
    "the own region: home and school in municipalities of the region, or in one municipality",
    "with two schools in the unit: yes when it holds for one of them, and the shortest distance",
]
tests = ["unique key", "km >= 0", "in_home_municipality in (0, 1) and in_home_region in (0, 1) and in_home_swv in (0, 1)"]
seeds = ["SAM 1.9", "OT3 2.11"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the school; empty for the unit as a whole"
child_key = "number of the child"
in_home_municipality = "1 when school and home are in one municipality, else 0; null when the home municipality is not known"
in_home_region = "1 when the school is in the region of the home, else 0; null when the home municipality is not known"
in_home_swv = "1 when the school belongs to the own samenwerkingsverband, else 0; null when that is not known"
km = "straight-line kilometres between the centres of the postcode areas; null when one is not known"
has_transport = "1 when school transport runs on the day, else 0"
*/
with
    swv_count as (
        select
            school.municipality_code,
            type.sector,
            school.swv,
            row_number() over (
                partition by school.municipality_code, type.sector
                order by count(*) desc, school.swv
            ) as place
        from core.school as school
        inner join seeds.school_type as type on school.school_type = type.code
        where school.swv is not null and school.municipality_code is not null
        group by school.municipality_code, type.sector, school.swv
    ),
    travelling as (
        select distinct reference.day, transport.child_key
        from core.reference_date as reference
        inner join core.transport as transport
            on reference.day >= day_number(transport.start_date)
            and reference.day < until_day(transport.end_date)
        where transport.child_key is not null
    ),
    present as (
        select
            reference.reference_date,
            reference.period,
            enrolment.child_key,
            enrolment.school_key,
            school.school_type,
            case
                when home.municipality_code is null then null
                when home.municipality_code = school.municipality_code then 1
                else 0
            end as in_home_municipality,
            case
                when home.municipality_code is null then null
                when home.municipality_code = school.municipality_code then 1
                when home_region.municipality_code is not null and school_region.municipality_code is not null then 1
                else 0
            end as in_home_region,
            case
                when swv_count.swv is null or school.swv is null then null
                when swv_count.swv = school.swv then 1
                else 0
            end as in_home_swv,
            sqrt(
                cast(home.x - there.x as double) * (home.x - there.x)
                + cast(home.y - there.y as double) * (home.y - there.y)
            ) / 1000 as km,
            case when travelling.child_key is not null then 1 else 0 end as has_transport
        from core.reference_date as reference
        inner join core.enrolment as enrolment
            on reference.day >= enrolment.from_day
            and reference.day < enrolment.until_day
        inner join core.child as child on enrolment.child_key = child.child_key
        inner join core.school as school on enrolment.school_key = school.school_key
        left join core.place as home on child.pc4 = home.pc4
        left join core.place as there on school.pc4 = there.pc4
        left join core.region_municipality as home_region on home.municipality_code = home_region.municipality_code
        left join core.region_municipality as school_region
            on school.municipality_code = school_region.municipality_code
        left join seeds.school_type as type on school.school_type = type.code
        left join swv_count
            on home.municipality_code = swv_count.municipality_code
            and type.sector = swv_count.sector
            and swv_count.place = 1
        left join travelling
            on reference.day = travelling.day
            and enrolment.child_key = travelling.child_key
    ),
    placed as (
        select
            present.reference_date,
            present.period,
            unit.level,
            unit.unit_id,
            '' as school_type,
            present.child_key,
            present.in_home_municipality,
            present.in_home_region,
            present.in_home_swv,
            present.km,
            present.has_transport
        from present
        inner join core.school_level as unit on present.school_key = unit.school_key
        union all
        select
            present.reference_date,
            present.period,
            unit.level,
            unit.unit_id,
            present.school_type,
            present.child_key,
            present.in_home_municipality,
            present.in_home_region,
            present.in_home_swv,
            present.km,
            present.has_transport
        from present
        inner join core.school_level as unit on present.school_key = unit.school_key
        where present.school_type is not null and unit.level in ('board', 'swv', 'school_municipality', 'region')
    )

select
    reference_date,
    period,
    level,
    unit_id,
    school_type,
    child_key,
    max(in_home_municipality) as in_home_municipality,
    max(in_home_region) as in_home_region,
    max(in_home_swv) as in_home_swv,
    min(km) as km,
    max(has_transport) as has_transport
from placed
group by reference_date, period, level, unit_id, school_type, child_key

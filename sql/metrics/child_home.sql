/*
description = "Pupils on a reference date: how near their school is to where they live"
grain = "one row per reference date and attendance"
key = ["day", "attendance_key"]
steps = [
    "take the pupils on the day, with the postcode areas of home and school",
    "the own samenwerkingsverband is the one most schools of the sector in the home municipality belong to (of equals the first in the alphabet)",
    "the own region: home and school in municipalities of the region, or in one municipality",
    "with two schools in a unit: yes when it holds for one of them, and the shortest distance",
]
tests = ["km >= 0", "in_home_municipality in (0, 1) and in_home_region in (0, 1) and in_home_swv in (0, 1)"]
seeds = ["SAM 1.9", "OT3 2.11"]

[columns]
day = "number of the day"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
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
    -- A few thousand pairs of home and school stand for a million pupils.
    pair as (
        select distinct coalesce(pc4, '') as pc4, school_key
        from core.pupil_date
    ),
    near as (
        select
            pair.pc4,
            pair.school_key,
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
            ) / 1000 as km
        from pair
        inner join core.school as school on pair.school_key = school.school_key
        left join core.place as home on pair.pc4 = home.pc4
        left join core.place as there on school.pc4 = there.pc4
        left join core.region_municipality as home_region on home.municipality_code = home_region.municipality_code
        left join core.region_municipality as school_region
            on school.municipality_code = school_region.municipality_code
        left join seeds.school_type as type on school.school_type = type.code
        left join swv_count
            on home.municipality_code = swv_count.municipality_code
            and type.sector = swv_count.sector
            and swv_count.place = 1
    )

select
    pupil.day,
    pupil.attendance_key,
    pupil.unit_set_key,
    max(near.in_home_municipality) as in_home_municipality,
    max(near.in_home_region) as in_home_region,
    max(near.in_home_swv) as in_home_swv,
    min(near.km) as km,
    max(case when travelling.child_key is not null then 1 else 0 end) as has_transport
from core.pupil_date as pupil
inner join near on coalesce(pupil.pc4, '') = near.pc4 and pupil.school_key = near.school_key
left join travelling on pupil.day = travelling.day and pupil.child_key = travelling.child_key
group by pupil.day, pupil.attendance_key, pupil.unit_set_key

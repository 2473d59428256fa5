/*
description = "The units that reports name: schools, municipalities, types, boards, samenwerkingsverbanden, the region"
grain = "one row per level and unit"
key = ["level", "unit_id"]
steps = [
    "take the schools with their name, type and municipality",
    "take each distinct value of the other levels",
    "a municipality is named as in the settings, else by its code",
    "the region is one unit, named in the settings",
]
tests = ["unique key", "not null name"]
seeds = ["3.1"]

[columns]
level = "level of the contract"
unit_id = "identifier at that level"
name = "what a reader knows it by"
school_type = "type of a school; of municipality_type its type part"
municipality_code = "municipality where a school stands"
*/
with
    school as (
        select school_id, name, school_type, municipality_code, board, swv
        from core.school
    ),
    municipality as (
        select substr(name, 14) as municipality_code, max(value) as name
        from staging.setting
        where name like 'municipality.%'
        group by substr(name, 14)
    ),
    region as (
        select max(value) as name
        from staging.setting
        where name = 'region.name'
    ),
    unit as (
        select
            'school' as level,
            school_id as unit_id,
            coalesce(name, school_id) as name,
            school_type,
            municipality_code
        from school
        union all
        select distinct 'school_type', school_type, school_type, school_type, null
        from school
        union all
        select distinct 'school_municipality', municipality_code, municipality_code, null, municipality_code
        from school
        union all
        select distinct
            'municipality_type',
            concat(municipality_code, '|', school_type),
            concat(municipality_code, ', ', school_type),
            school_type,
            municipality_code
        from school
        where municipality_code is not null and school_type is not null
        union all
        select distinct 'board', board, board, null, null
        from school
        union all
        select distinct 'swv', swv, swv, null, null
        from school
        union all
        select distinct
            'responsible_municipality', municipality_code, municipality_code, null, municipality_code
        from core.indication
        union all
        select 'region', 'region', coalesce(region.name, 'Regio'), null, null
        from region
    )

select
    unit.level,
    unit.unit_id,
    case
        when unit.level in ('school_municipality', 'responsible_municipality')
            then coalesce(municipality.name, unit.name)
        when unit.level = 'municipality_type'
            then concat(coalesce(municipality.name, unit.municipality_code), ', ', unit.school_type)
        else unit.name
    end as name,
    unit.school_type,
    unit.municipality_code
from unit
left join municipality on unit.municipality_code = municipality.municipality_code
where unit.unit_id is not null

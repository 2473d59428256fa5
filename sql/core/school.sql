/*
description = "School locations: those of the school list, and those that only occur in a pupil list"
grain = "one row per school"
key = ["school_id"]
steps = [
    "take the schools as they stand",
    "add schools that only occur in enrolments, with the type those give most often (of equals the first in the alphabet)",
    "number them in the order of BRIN6",
    "a municipality that went on under another code is that code",
]
tests = ["unique key", "not null school_key"]
seeds = ["DOMAIN 7.1"]

[columns]
school_id = "BRIN6"
school_key = "number of the school, from 1"
name = "name of the location"
school_type = "BO, SBO, SO, VSO, SO/VSO, PRO, VO or MBO"
cluster = "cluster of special education"
municipality_code = "municipality where the school stands"
pc4 = "four digits of the postcode"
board = "competent authority (bevoegd gezag)"
swv = "samenwerkingsverband"
ikc = "whether it is part of an integrated child centre"
lead_provider = "fixed partner: consortium or AGB"
successor_school_id = "BRIN6 under which the school goes on"
is_listed = "whether the school list names it"
*/
with
    type_count as (
        select school_id, school_type, count(*) as enrolments
        from staging.enrolment
        group by school_id, school_type
    ),
    type_rank as (
        select
            school_id,
            school_type,
            row_number() over (
                partition by school_id
                order by case when school_type is null then 1 else 0 end, enrolments desc, school_type
            ) as place
        from type_count
    ),
    enrolled as (
        select school_id, school_type
        from type_rank
        where place = 1
    )

select
    coalesce(listed.school_id, enrolled.school_id) as school_id,
    cast(row_number() over (order by coalesce(listed.school_id, enrolled.school_id)) as integer) as school_key,
    listed.name,
    coalesce(listed.school_type, enrolled.school_type) as school_type,
    listed.cluster,
    coalesce(merger.later_code, listed.municipality_code) as municipality_code,
    listed.pc4,
    listed.board,
    listed.swv,
    listed.ikc,
    listed.lead_provider,
    listed.successor_school_id,
    listed.school_id is not null as is_listed
from staging.school as listed
full outer join enrolled on listed.school_id = enrolled.school_id
left join staging.merger as merger
    on listed.municipality_code = merger.municipality_code
    and merger.is_current

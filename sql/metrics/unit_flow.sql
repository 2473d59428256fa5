/*
description = "From which type of school to which pupils went, from one 1 October to the next"
grain = "one row per school year, unit and flow"
key = ["period", "level", "unit_id", "flow"]
steps = [
    "the type of a pupil on 1 October is that of its main enrolment, of several the one that began last",
    "a year later it is in the type of that day, or in no pupil list at all (uit)",
    "back (terug): from SBO, SO or VSO to mainstream BO, VO or PRO",
    "count at the municipality, samenwerkingsverband and region of the school of the first year",
]
tests = ["unique key", "pupils <= denominator"]
seeds = ["ZON 0.7", "OT3 2.11"]

[columns]
period = "school year of the first 1 October"
level = "school_municipality, swv or region"
unit_id = "code of the unit within its level"
flow = "type in the first year, >, type in the second; or terug"
pupils = "pupils who went this way"
denominator = "pupils in the first type, or in SBO, SO and VSO, in the first year"
*/
with
    -- One order of all enrolments: of those of a child on a day the first counts.
    ordered as (
        select
            enrolment.child_key,
            enrolment.school_key,
            coalesce(enrolment.school_type, school.school_type) as school_type,
            enrolment.from_day,
            enrolment.until_day,
            row_number() over (
                order by
                    case when enrolment.main_enrolment then 0 else 1 end,
                    enrolment.from_day desc,
                    enrolment.school_key,
                    enrolment.child_key
            ) as place
        from core.enrolment as enrolment
        inner join core.school as school on enrolment.school_key = school.school_key
    ),
    listed as (
        select date.year_number, ordered.child_key, min(ordered.place) as place
        from ordered
        inner join core.count_day as date
            on ordered.from_day <= date.day
            and ordered.until_day > date.day
        group by date.year_number, ordered.child_key
    ),
    counted as (
        select listed.year_number, listed.child_key, ordered.school_key, ordered.school_type
        from listed
        inner join ordered on listed.place = ordered.place
        where ordered.school_type is not null
    ),
    moved as (
        select
            earlier.year_number,
            earlier.school_key,
            earlier.school_type as from_type,
            coalesce(later.school_type, 'uit') as to_type,
            count(*) as pupils
        from counted as earlier
        left join counted as later
            on earlier.child_key = later.child_key
            and earlier.year_number + 1 = later.year_number
        group by earlier.year_number, earlier.school_key, earlier.school_type, coalesce(later.school_type, 'uit')
    ),
    counted_move as (
        select
            period.period,
            school_level.level,
            school_level.unit_id,
            moved.from_type,
            moved.to_type,
            cast(sum(moved.pupils) as bigint) as pupils
        from moved
        inner join core.count_day as date on moved.year_number = date.year_number
        inner join core.period as period on date.period = period.period
        inner join core.school_level as school_level on moved.school_key = school_level.school_key
        where
            school_level.level in ('school_municipality', 'swv', 'region')
            and moved.year_number < (select max(year_number) from core.count_day)
        group by period.period, school_level.level, school_level.unit_id, moved.from_type, moved.to_type
    ),
    flow as (
        select
            period,
            level,
            unit_id,
            concat(from_type, '>', to_type) as flow,
            pupils,
            sum(pupils) over (partition by period, level, unit_id, from_type) as denominator
        from counted_move
    ),
    back as (
        select
            period,
            level,
            unit_id,
            sum(case when to_type in ('BO', 'VO', 'PRO') then pupils else 0 end) as pupils,
            sum(pupils) as denominator
        from counted_move
        where from_type in ('SBO', 'SO', 'VSO', 'SO/VSO')
        group by period, level, unit_id
    )

select
    period,
    level,
    unit_id,
    flow,
    pupils,
    cast(denominator as bigint) as denominator
from flow
union all
select period, level, unit_id, 'terug', cast(pupils as bigint), cast(denominator as bigint)
from back

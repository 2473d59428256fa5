/*
description = "Absence that makes a home-sitter, and exemptions, with the school they count for"
grain = "one row per absence or exemption"
key = ["child_id", "school_id", "absence_type", "start_date"]
steps = [
    "absolute: not enrolled anywhere; long relative: notified as such, or relative absence of more than 28 days; exemption 5a beside them",
    "withdrawn notifications, and those closed because there was no unlawful absence, leave out; so is absence that an exemption covers as a whole",
    "without an end it runs on",
    "it counts for the school of the notification; else for that of enrolment on the first day; else, and for absolute absence, for the last school before it",
    "absolute absence only between the 5th and the 18th birthday; when the month of birth is not known it counts",
]
tests = ["unique key", "from_day < until_day", "kind in ('absolute', 'long_relative', 'exemption_5a')"]
seeds = ["ZON 0.8", "SAM 1.4"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child"
kind = "absolute, long_relative or exemption_5a"
school_id = "BRIN6 of the notification"
school_key = "number of the school it counts for; null is none"
absence_type = "kind of absence as delivered"
start_date = "first day as delivered"
from_day = "number of the first day that counts"
until_day = "number of the day after the last"
*/
with
    judged as (
        select
            absence.child_id,
            absence.child_key,
            absence.school_id,
            absence.absence_type,
            absence.start_date,
            kind.is_absolute,
            kind.is_exemption_5a,
            case
                when kind.is_long_relative then true
                when kind.code = 'relatief' then until_day(absence.end_date) - day_number(absence.start_date) > 28
                else false
            end as is_long,
            day_number(absence.start_date) as from_day,
            until_day(absence.end_date) as until_day,
            child.birth_month
        from core.absence as absence
        inner join seeds.absence_type as kind on lower(trim(absence.absence_type)) = kind.code
        inner join core.child as child on absence.child_key = child.child_key
        where
            coalesce(lower(trim(absence.status)), '') not in ('ingetrokken', 'geannuleerd')
            and coalesce(lower(trim(absence.closing_reason)), '') not in ('geen_verzuim_ziek', 'geen_verzuim_legitiem')
    ),
    exemption as (
        select absence.child_key, day_number(absence.start_date) as from_day, until_day(absence.end_date) as until_day
        from core.absence as absence
        where
            lower(trim(absence.absence_type)) like 'vrijstelling%'
            and coalesce(lower(trim(absence.status)), '') not in ('ingetrokken', 'geannuleerd')
    ),
    counted as (
        select
            child_id,
            child_key,
            case when is_absolute then 'absolute' when is_exemption_5a then 'exemption_5a' else 'long_relative' end as kind,
            school_id,
            absence_type,
            start_date,
            case
                when is_absolute and birth_month is not null
                    then greatest(from_day, day_number(months_later(birth_month, 60)))
                else from_day
            end as from_day,
            case
                when is_absolute and birth_month is not null
                    then least(until_day, day_number(months_later(birth_month, 216)))
                else until_day
            end as until_day
        from judged
        where
            is_exemption_5a
            or (
                (is_absolute or is_long)
                and not exists (
                    select 1
                    from exemption
                    where
                        exemption.child_key = judged.child_key
                        and exemption.from_day <= judged.from_day
                        and exemption.until_day >= judged.until_day
                )
            )
    ),
    candidate as (
        select
            counted.child_key,
            counted.absence_type,
            counted.start_date,
            counted.school_id,
            enrolment.school_key,
            row_number() over (
                partition by counted.child_key, counted.absence_type, counted.start_date, counted.school_id
                order by
                    case when enrolment.until_day > day_number(counted.start_date) then 0 else 1 end,
                    enrolment.until_day desc,
                    enrolment.from_day desc,
                    enrolment.school_key
            ) as place
        from counted
        inner join core.enrolment as enrolment
            on counted.child_key = enrolment.child_key
            and enrolment.from_day <= day_number(counted.start_date)
    )

select
    counted.child_id,
    counted.child_key,
    counted.kind,
    counted.school_id,
    coalesce(school.school_key, candidate.school_key) as school_key,
    counted.absence_type,
    counted.start_date,
    counted.from_day,
    counted.until_day
from counted
left join core.school as school on counted.school_id = school.school_id
left join candidate
    on counted.child_key = candidate.child_key
    and counted.absence_type = candidate.absence_type
    and counted.start_date = candidate.start_date
    and coalesce(counted.school_id, '') = coalesce(candidate.school_id, '')
    and candidate.place = 1
where counted.from_day < counted.until_day

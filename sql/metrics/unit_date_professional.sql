/*
description = "Professionals of the pupils of a unit in the twelve months up to and including a reference date"
grain = "one row per reference date and unit with a pupil of whom a professional is known"
key = ["day", "unit_key"]
steps = [
    "deliveries with a professional that run on at least one enrolled day of the twelve months",
    "distinct professionals per attendance, added up per set of units and per unit; and distinct ones per unit",
    "has_history: the first delivery began before the twelve months did",
]
tests = ["unique key", "pupils_ge15 <= pupils and pupils <= links and professionals <= links"]
seeds = ["ZON 0.9", "ZKIJ 3.12"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
pupils = "pupils with at least one professional"
links = "sum over them of their distinct professionals"
pupils_ge15 = "pupils with at least fifteen"
professionals = "distinct professionals"
has_history = "whether deliveries cover the whole twelve months"
*/
with
    worked as (
        select distinct
            date.day,
            spell.attendance_key,
            spell.unit_set_key,
            delivery.worker_id
        from core.delivery as delivery
        inner join core.reference_date as date
            on day_number(delivery.start_date) <= date.day
            and until_day(delivery.end_date) > date.year_from_day
        inner join core.attendance_spell as spell
            on delivery.child_key = spell.child_key
            and greatest(day_number(delivery.start_date), date.year_from_day) < spell.until_day
            and least(until_day(delivery.end_date), date.day + 1) > spell.from_day
        where delivery.worker_id is not null and (delivery.end_date is null or delivery.end_date >= delivery.start_date)
    ),
    pupil as (
        select day, attendance_key, min(unit_set_key) as unit_set_key, count(*) as professionals
        from worked
        group by day, attendance_key
    ),
    counted as (
        select
            day,
            unit_set_key,
            count(*) as pupils,
            sum(professionals) as links,
            sum(case when professionals >= 15 then 1 else 0 end) as pupils_ge15
        from pupil
        group by day, unit_set_key
    ),
    total as (
        select
            counted.day,
            unit_set.unit_key,
            sum(counted.pupils) as pupils,
            sum(counted.links) as links,
            sum(counted.pupils_ge15) as pupils_ge15
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        group by counted.day, unit_set.unit_key
    ),
    present as (
        select distinct day, unit_set_key, worker_id
        from worked
    ),
    known as (
        select present.day, unit_set.unit_key, count(distinct present.worker_id) as professionals
        from present
        inner join core.unit_set as unit_set on present.unit_set_key = unit_set.unit_set_key
        group by present.day, unit_set.unit_key
    ),
    history as (
        select min(day_number(start_date)) as first_day
        from core.delivery
    )

select
    total.day,
    total.unit_key,
    cast(total.pupils as bigint) as pupils,
    cast(total.links as bigint) as links,
    cast(total.pupils_ge15 as bigint) as pupils_ge15,
    known.professionals,
    history.first_day <= date.year_from_day as has_history
from total
inner join known on total.day = known.day and total.unit_key = known.unit_key
inner join core.reference_date as date on total.day = date.day
cross join history

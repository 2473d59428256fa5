/*
label = "Weinig hulp gekoppeld aan een leerling"
description = "Municipalities of which less than min_rate of the indications for children of school age (4 to 17) belongs to a child that is enrolled while the indication runs; from min_records indications that started in the last months"
severity = "warning"
family = "completeness"
total = "select count(distinct municipality_code) from core.indication where law = 'jeugdwet'"
threshold = { count = 0 }
needs = ["core.indication", "core.enrolment"]
affects = ["link_rate", "care_share", "care_share_year", "pupils_with_care", "out_of_region_share"]
tags = ["linkage"]
how_to_read = """
Van deze gemeente hoort een groot deel van de hulp aan kinderen van 4 tot en met 17 jaar niet bij een leerling uit de
leerlingenlijsten. Geteld is hulp die in de laatste maanden begon: van langer geleden ontbreken vertrokken leerlingen vaak. Een deel is te verwachten: kinderen die buiten de regio naar school gaan. Is het meer, dan ontbreken
scholen, of zijn burgerservicenummers verkeerd of leeg. De cijfers per school zijn dan te laag.
"""

[parameters]
min_rate = 0.8
min_records = 20
months = 24

[columns]
municipality_code = "responsible municipality"
records = "indications of children of school age"
linked = "of which the child is enrolled while the indication runs"
rate = "linked / records"
*/
with
    record as (
        select
            i.municipality_code,
            exists (
                select 1
                from core.enrolment as e
                where e.child_key = i.child_key and e.from_day < i.until_day and e.until_day > i.from_day
            ) as is_linked,
        from core.indication as i
        inner join core.child as c on c.child_key = i.child_key
        where
            i.law = 'jeugdwet'
            and i.start_date >= c.birth_month + interval 4 year
            and i.start_date < c.birth_month + interval 18 year
            and i.start_date > (select last_day - to_months(cast(getvariable('months') as integer)) from staging.span)
    )

select
    municipality_code,
    count(*) as records,
    count(*) filter (where is_linked) as linked,
    count(*) filter (where is_linked) / count(*) as rate,
from record
group by municipality_code
having
    count(*) >= getvariable('min_records')
    and count(*) filter (where is_linked) < getvariable('min_rate') * count(*)

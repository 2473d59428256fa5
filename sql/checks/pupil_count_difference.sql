/*
label = "Leerlingen wijken af van de telling van DUO"
description = "Schools whose delivered enrolments on 1 October differ more than tolerance, and more than min_pupils pupils, from the count of DUO"
severity = "warning"
family = "completeness"
total = "select count(*) from core.pupil_count where school_id in (select school_id from core.enrolment) and pupils > 0"
threshold = { share = 0.05 }
needs = ["core.pupil_count", "core.enrolment"]
affects = ["pupils_enrolled", "care_share", "special_participation"]
tags = ["enrolments", "schools"]
how_to_read = """
Het aantal leerlingen dat deze school leverde, wijkt op 1 oktober sterk af van de telling van DUO. Levert de school te
weinig leerlingen, dan lijkt het aandeel met jeugdhulp te hoog of te laag. Vraag de school om een volledige lijst, ook met
leerlingen die dat jaar vertrokken. Kijk ook of een andere vestiging onder hetzelfde nummer levert. Jaren van vóór de
eerste inschrijving die de school leverde, tellen niet mee.
"""

[parameters]
tolerance = 0.1
min_pupils = 5

[columns]
school_id = "BRIN6"
year = "year of the count"
delivered = "children enrolled on 1 October according to the deliveries"
counted = "pupils according to DUO"
share = "delivered / counted"
*/
with
    covered as (
        select
            school_id,
            min(start_date) as first_day,
        from core.enrolment
        group by school_id
    ),
    delivered as (
        select
            c.school_id,
            c.year,
            count(distinct e.child_id) as pupils,
        from core.pupil_count as c
        inner join core.enrolment as e
            on e.school_id = c.school_id
            and e.start_date <= make_date(c.year, 10, 1)
            and coalesce(e.end_date, date '9999-12-31') >= make_date(c.year, 10, 1)
        group by c.school_id, c.year
    )

select
    c.school_id,
    c.year,
    coalesce(delivered.pupils, 0) as delivered,
    c.pupils as counted,
    coalesce(delivered.pupils, 0) / c.pupils as share,
from core.pupil_count as c
inner join covered on covered.school_id = c.school_id and covered.first_day <= make_date(c.year, 10, 1)
left join delivered on delivered.school_id = c.school_id and delivered.year = c.year
where
    c.pupils > 0
    and abs(coalesce(delivered.pupils, 0) - c.pupils) > getvariable('tolerance') * c.pupils
    and abs(coalesce(delivered.pupils, 0) - c.pupils) > getvariable('min_pupils')

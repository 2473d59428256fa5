/*
label = "School staat niet in de scholenlijst"
description = "Schools of enrolments that no school list names"
severity = "warning"
family = "conformance"
total = "core.enrolment"
threshold = { share = 0.01 }
count = "enrolments"
needs = ["core.enrolment", "raw.schools"]
affects = ["pupils_enrolled", "pupils_by_school_type", "care_share"]
tags = ["unknown", "schools"]
how_to_read = """
Deze scholen leveren leerlingen, maar staan niet in een scholenlijst. Zij ontbreken in cijfers per gemeente, bestuur
en samenwerkingsverband. Vul scholen.csv aan, of lever het bestand van DUO. Kijk ook of het vestigingsnummer klopt.
"""

[columns]
school_id = "BRIN6"
enrolments = "enrolments at the school"
*/
select
    e.school_id,
    count(*) as enrolments,
from core.enrolment as e
inner join core.school as s on s.school_id = e.school_id and not s.is_listed
group by e.school_id

/*
label = "Kinderen die nog geen leerling zijn"
description = "Children on the lists of schools who are no pupils: in groups before school, or outside PO and VO"
severity = "note"
family = "conformance"
total = "raw.enrolments"
threshold = { share = 0.1 }
count = "records"
needs = ["raw.enrolments"]
affects = ["pupils_enrolled"]
tags = ["schools"]
how_to_read = """
Een leerlingenlijst kan ook baby's, dreumesen en peuters bevatten, of kinderen van een groep buiten het onderwijs. Zij
zijn geen leerling en tellen in geen enkel cijfer per school mee. Zijn het er veel, vraag de school dan om een
lijst met alleen leerlingen.
"""

[columns]
school_id = "BRIN6"
grade = "group of these children: baby, dreumes, peuter or geen po/vo"
records = "records left out"
*/
select
    school_id,
    lower(trim(grade)) as grade,
    count(*) as records,
from raw.enrolments
where not is_pupil(grade)
group by school_id, lower(trim(grade))

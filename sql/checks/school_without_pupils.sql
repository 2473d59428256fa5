/*
label = "School in de regio levert geen leerlingen"
description = "Schools in the municipalities of the region, with pupils according to DUO, that never delivered an enrolment"
severity = "warning"
family = "completeness"
total = """
select count(*)
from core.school
where municipality_code in (select value from staging.setting where name = 'region.municipality')
    and school_id in (select school_id from core.pupil_count where pupils > 0)
"""
threshold = { share = 0.05 }
needs = ["core.school", "core.pupil_count"]
affects = ["pupils_enrolled", "care_share", "link_rate", "special_participation"]
tags = ["schools"]
seeds = ["2.20"]
how_to_read = """
Deze scholen staan in een gemeente van de regio en hebben volgens DUO leerlingen, maar leverden nog nooit een
leerlingenlijst. Hun leerlingen en de hulp aan die leerlingen ontbreken in alle cijfers per school. Vraag het bestuur om
een levering. Doet een school niet mee, verhoog dan de grens.
"""

[columns]
school_id = "BRIN6"
municipality_code = "municipality where the school stands"
pupils = "pupils at the last count of DUO"
*/
select
    s.school_id,
    s.municipality_code,
    arg_max(c.pupils, c.year) as pupils,
from core.school as s
inner join core.pupil_count as c on c.school_id = s.school_id and c.pupils > 0
where
    s.municipality_code in (select value from staging.setting where name = 'region.municipality')
    and s.school_id not in (select school_id from core.enrolment)
group by s.school_id, s.municipality_code

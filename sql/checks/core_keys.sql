/*
label = "Sleutels van de kerntabellen"
description = "Keys of core tables that are empty or occur more than once"
severity = "error"
family = "conformance"
total = "select (select count(*) from core.child) + (select count(*) from core.school) + (select count(*) from core.period) + (select count(*) from core.indication) + (select count(*) from core.enrolment)"
threshold = { count = 0 }
needs = ["core.child"]
affects = ["pupils_enrolled", "pupils_with_care", "care_share"]
tags = ["core"]
how_to_read = """
Elk kind, elke school en elke indicatie hoort precies één keer voor te komen. Dat is hier niet zo: er wordt dubbel geteld.
Publiceer niet. Maak de tabellen opnieuw met zorgdata build --full en geef het door als het dan nog voorkomt.
"""

[columns]
table_name = "table"
key = "its key as text; null when a part is empty"
rows = "rows with that key"
*/
with
    keyed as (
        select 'core.child' as table_name, child_id as key from core.child
        union all
        select 'core.school', school_id from core.school
        union all
        select 'core.period', period from core.period
        union all
        select 'core.indication', delivered_municipality_code || ' ' || law || ' ' || allocation_number from core.indication
        union all
        select 'core.enrolment', child_id || ' ' || school_id || ' ' || cast(start_date as varchar)
        from core.enrolment
    )

select
    table_name,
    key,
    count(*) as rows,
from keyed
group by table_name, key
having count(*) > 1 or key is null

/*
label = "Leeftijd die niet kan"
description = "Indications that start before birth or after the 24th birthday, and enrolments that start before the third or after the 24th birthday"
severity = "warning"
family = "plausibility"
total = "select (select count(*) from core.indication where law = 'jeugdwet') + (select count(*) from core.enrolment)"
threshold = { share = 0.005 }
needs = ["core.child"]
affects = ["pupils_enrolled", "care_share", "standardised_care_ratio"]
tags = ["age"]
how_to_read = """
Bij deze regels past de begindatum niet bij de geboortemaand van het kind. Vaak is de geboortedatum verkeerd ingetypt, of
kreeg een kind het burgerservicenummer van een ander. Vraag de leverancier om de geboortedatum na te kijken.
"""

[columns]
kind = "indication or enrolment"
child_id = "pseudonym of the child"
start_date = "first day"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
with
    record as (
        select 'indication' as kind, child_id, start_date, source_file_id, source_line, 0 as youngest
        from core.indication
        where law = 'jeugdwet'
        union all
        select 'enrolment', child_id, start_date, source_file_id, source_line, 3
        from core.enrolment
    )

select
    record.kind,
    record.child_id,
    record.start_date,
    record.source_file_id,
    record.source_line,
from record
inner join core.child as c on c.child_id = record.child_id
where
    record.start_date < c.birth_month + to_years(record.youngest)
    or record.start_date >= c.birth_month + interval 24 year + interval 1 month

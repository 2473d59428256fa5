/*
label = "Op twee scholen ingeschreven"
description = "Enrolments that overlap an earlier one of the same child at another school"
severity = "note"
family = "plausibility"
total = "core.enrolment"
threshold = { share = 0.02 }
needs = ["core.enrolment"]
affects = ["conflict_share", "pupils_enrolled", "care_share"]
tags = ["enrolments"]
how_to_read = """
Deze leerlingen staan op dezelfde dag op twee scholen ingeschreven. Dat kan kloppen, bijvoorbeeld bij een symbiose of een
plaatsing op proef. Vaker is een leerling op de oude school niet uitgeschreven. Het kind telt op beide scholen mee, en in
elk totaal één keer. Vraag de oude school om de uitschrijving.
"""

[columns]
child_id = "pseudonym of the child"
school_id = "BRIN6 of the later enrolment"
other_school_id = "BRIN6 of the earlier enrolment"
overlap_from = "first day at both"
overlap_until = "last day at both; null is open"
both_main = "whether both say they are the main enrolment, or do not say"
*/
select
    later.child_id,
    later.school_id,
    earlier.school_id as other_school_id,
    later.start_date as overlap_from,
    least(later.end_date, earlier.end_date) as overlap_until,
    coalesce(later.main_enrolment, true) and coalesce(earlier.main_enrolment, true) as both_main,
from core.enrolment as later
inner join core.enrolment as earlier
    on earlier.child_id = later.child_id
    and earlier.school_id <> later.school_id
    and earlier.from_day < later.until_day
    and earlier.until_day > later.from_day
    and (earlier.from_day < later.from_day or (earlier.from_day = later.from_day and earlier.school_id < later.school_id))

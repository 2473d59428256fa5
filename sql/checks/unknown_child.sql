/*
label = "Kind staat in geen leerlingenlijst en in geen indicatie"
description = "Children of absences, arrangements, light support, domains, outcomes, transport and leavers that no enrolment and no indication names"
severity = "note"
family = "completeness"
total = """
select count(*)
from (
    select distinct 'absences', child_id from core.absence
    union all select distinct 'arrangements', child_id from core.arrangement
    union all select distinct 'light_support', child_id from core.light_support
    union all select distinct 'domains', child_id from core.domain
    union all select distinct 'outcomes', child_id from core.outcome
    union all select distinct 'transport', child_id from core.transport
    union all select distinct 'leavers', child_id from core.leaver
) as named (kind, child_id)
where child_id is not null
"""
threshold = { share = 0.2 }
needs = ["core.enrolment"]
affects = ["home_sitters", "home_sitters_with_care", "transport_pupils", "destination", "cross_domain_share"]
tags = ["unknown", "children"]
how_to_read = """
Deze kinderen komen voor in een bestand over verzuim, vervoer, uitstroom of iets dergelijks, maar niet in een leerlingenlijst
en niet in een indicatie. Zij tellen niet mee in cijfers per school. Een deel gaat elders naar school of zit thuis. Is het er
veel, dan ontbreekt een leerlingenlijst of klopt het burgerservicenummer in een van de bestanden niet.
"""

[columns]
kind = "kind of input"
child_id = "pseudonym of the child"
*/
with
    named as (
        select distinct 'absences' as kind, child_id from core.absence
        union all
        select distinct 'arrangements', child_id from core.arrangement
        union all
        select distinct 'light_support', child_id from core.light_support
        union all
        select distinct 'domains', child_id from core.domain
        union all
        select distinct 'outcomes', child_id from core.outcome
        union all
        select distinct 'transport', child_id from core.transport
        union all
        select distinct 'leavers', child_id from core.leaver
    ),
    known as (
        select child_id from core.enrolment
        union
        select child_id from core.indication
    )

select
    named.kind,
    named.child_id,
from named
left join known on known.child_id = named.child_id
where named.child_id is not null and known.child_id is null

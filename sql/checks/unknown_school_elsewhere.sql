/*
label = "School van verzuim, vervoer of aanbod is onbekend"
description = "Schools of absences, arrangements, light support, collective supply, transport, leavers, offers, initiatives and surveys that no school list names"
severity = "warning"
family = "conformance"
total = """
select
    (select count(*) from core.absence where school_id is not null)
    + (select count(*) from core.arrangement where school_id is not null)
    + (select count(*) from core.light_support where school_id is not null)
    + (select count(*) from core.collective_supply where school_id is not null)
    + (select count(*) from core.transport where school_id is not null)
    + (select count(*) from core.leaver where school_id is not null)
    + (select count(*) from core.offer where school_id is not null)
    + (select count(*) from core.initiative where school_id is not null)
    + (select count(*) from core.survey where school_id is not null)
"""
threshold = { share = 0.01 }
count = "records"
needs = ["core.school"]
affects = ["collective_fte", "collective_hours_week", "home_sitters", "offer_coverage", "destination", "transport_cost"]
tags = ["unknown", "schools"]
how_to_read = """
Deze scholen worden genoemd in een bestand over verzuim, vervoer, collectief aanbod of iets dergelijks, maar staan niet in een
scholenlijst. De regels tellen niet mee in cijfers per gemeente, bestuur en schoolsoort. Kijk eerst of het
vestigingsnummer klopt; vul anders scholen.csv aan, of lever het bestand van DUO.
"""

[columns]
kind = "kind of input"
school_id = "BRIN6"
records = "records that name the school"
*/
with
    named as (
        select 'absences' as kind, school_id from core.absence
        union all
        select 'arrangements', school_id from core.arrangement
        union all
        select 'light_support', school_id from core.light_support
        union all
        select 'collective_supply', school_id from core.collective_supply
        union all
        select 'transport', school_id from core.transport
        union all
        select 'leavers', school_id from core.leaver
        union all
        select 'offers', school_id from core.offer
        union all
        select 'initiatives', school_id from core.initiative
        union all
        select 'surveys', school_id from core.survey
    ),
    listed as (
        select school_id
        from core.school
        where is_listed
    )

select
    named.kind,
    named.school_id,
    count(*) as records,
from named
left join listed on listed.school_id = named.school_id
where named.school_id is not null and listed.school_id is null
group by named.kind, named.school_id

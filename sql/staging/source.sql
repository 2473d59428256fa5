/*
description = "How many records of each kind of input were delivered"
grain = "one row per kind"
key = ["kind"]
steps = ["count the raw records of every kind"]

[columns]
kind = "kind of input"
records = "number of records"
*/
select kind, records
from
    (
        select 'indications' as kind, count(*) as records from raw.indications
        union all
        select 'deliveries', count(*) from raw.deliveries
        union all
        select 'declarations', count(*) from raw.declarations
        union all
        select 'enrolments', count(*) from raw.enrolments
        union all
        select 'schools', count(*) from raw.schools
        union all
        select 'providers', count(*) from raw.providers
        union all
        select 'products', count(*) from raw.products
        union all
        select 'arrangements', count(*) from raw.arrangements
        union all
        select 'absences', count(*) from raw.absences
        union all
        select 'light_support', count(*) from raw.light_support
        union all
        select 'collective_supply', count(*) from raw.collective_supply
        union all
        select 'domains', count(*) from raw.domains
        union all
        select 'outcomes', count(*) from raw.outcomes
        union all
        select 'transport', count(*) from raw.transport
        union all
        select 'leavers', count(*) from raw.leavers
        union all
        select 'offers', count(*) from raw.offers
        union all
        select 'population', count(*) from raw.population
        union all
        select 'places', count(*) from raw.places
        union all
        select 'pupil_counts', count(*) from raw.pupil_counts
        union all
        select 'initiatives', count(*) from raw.initiatives
        union all
        select 'milestones', count(*) from raw.milestones
        union all
        select 'meetings', count(*) from raw.meetings
        union all
        select 'budgets', count(*) from raw.budgets
        union all
        select 'surveys', count(*) from raw.surveys
        union all
        select 'referrals', count(*) from raw.referrals
        union all
        select 'requests', count(*) from raw.requests
        union all
        select 'retours', count(*) from raw.retours
    )

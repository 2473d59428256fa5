/*
description = "How many records fill the optional columns that metrics need"
grain = "one row per kind and column"
key = ["kind"]
steps = ["count the records in which the column is filled; a record of an identifier counts by what is stored of it"]

[columns]
kind = "kind of input and column as in the contract: deliveries.professional_id"
records = "number of records in which it is filled"
*/
select
    concat(kind, '.', column_name) as kind,
    records,
from
    (
        select 'budgets' as kind, 'budgeted_cents' as column_name, count(budgeted_cents) as records from raw.budgets
        union all
        select 'budgets', 'realised_cents', count(realised_cents) from raw.budgets
        union all
        select 'collective_supply', 'hours_per_week', count(hours_per_week) from raw.collective_supply
        union all
        select 'collective_supply', 'reach', count(reach) from raw.collective_supply
        union all
        select 'deliveries', 'end_reason', count(end_reason) from raw.deliveries
        union all
        select 'deliveries', 'hours_delivered', count(hours_delivered) from raw.deliveries
        union all
        select 'deliveries', 'professional_id', count(worker_id) from raw.deliveries
        union all
        select 'enrolments', 'postcode', count(pc4) from raw.enrolments
        union all
        select 'indications', 'applied_on', count(applied_on) from raw.indications
        union all
        select 'indications', 'decided_on', count(decided_on) from raw.indications
        union all
        select 'indications', 'delivery_form', count(delivery_form) from raw.indications
        union all
        select 'indications', 'frequency', count(frequency) from raw.indications
        union all
        select 'indications', 'referrer', count(referrer) from raw.indications
        union all
        select 'indications', 'unit', count(unit) from raw.indications
        union all
        select 'indications', 'volume', count(volume) from raw.indications
        union all
        select 'light_support', 'bsn', count(child_id) from raw.light_support
        union all
        select 'light_support', 'hours', count(hours) from raw.light_support
        union all
        select 'light_support', 'insufficient_reason', count(insufficient_reason) from raw.light_support
        union all
        select 'meetings', 'was_held', count(was_held) from raw.meetings
        union all
        select 'milestones', 'pillar', count(pillar) from raw.milestones
        union all
        select 'offers', 'is_present', count(is_present) from raw.offers
        union all
        select 'offers', 'is_required', count(is_required) from raw.offers
        union all
        select 'outcomes', 'score_start', count(score_start) from raw.outcomes
        union all
        select 'outcomes', 'score_end', count(score_end) from raw.outcomes
        union all
        select 'outcomes', 'standard_error', count(standard_error) from raw.outcomes
        union all
        select 'outcomes', 'follow_up', count(follow_up) from raw.outcomes
        union all
        select 'outcomes', 'goals_met', count(goals_met) from raw.outcomes
        union all
        select 'outcomes', 'plan_18', count(plan_18) from raw.outcomes
        union all
        select 'outcomes', 'without_help', count(without_help) from raw.outcomes
        union all
        select 'places', 'x', count(x) from raw.places
        union all
        select 'places', 'y', count(y) from raw.places
        union all
        select 'products', 'setting', count(setting) from raw.products
        union all
        select 'products', 'tariff_cents', count(tariff_cents) from raw.products
        union all
        select 'providers', 'consortium', count(consortium) from raw.providers
        union all
        select 'schools', 'lead_provider', count(lead_provider) from raw.schools
        union all
        select 'schools', 'postcode', count(pc4) from raw.schools
        union all
        select 'surveys', 'invited', count(invited) from raw.surveys
        union all
        select 'surveys', 'responded', count(responded) from raw.surveys
        union all
        select 'transport', 'amount_cents', count(amount_cents) from raw.transport
    )

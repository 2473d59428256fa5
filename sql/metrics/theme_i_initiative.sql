/*
description = "Theme I, initiatives: where they run, whom they reach, who takes part, which offer is there"
steps = [
    "quarters for the region only; no period before the first initiative",
    "an initiative runs on the last day of a period when it has begun and not ended; its phase is that of the last delivery",
    "target schools: sbo, so, vso, so/vso, pro, integrated child centres and cluster 3; covered by an initiative in pilot, execution or borging",
    "reach of collective supply on a reference date, never more than the pupils of the location",
    "a school takes part when an initiative ran there in the period; a board or municipality through its schools; a provider by collective supply at such a school",
    "an offer may be required per school type or per school; the school goes before the type; not reported is absent",
]
tests = [
    "unique key",
    "not null metric, level, unit_id, period, n_children",
    "denominator is null or numerator <= denominator",
]
seeds = ["OT3 2.16", "OT3 2.17", "OT3 2.22", "ZKIJ 3.4", "ZKIJ 3.10"]
shape = "figure"
*/
with
    running as (
        select distinct
            period.period,
            initiative.initiative_id,
            initiative.initiative_type,
            initiative.phase,
            initiative.school_id,
            coalesce(initiative.end_date >= period.end_date, true) as is_running_last_day
        from core.initiative as initiative
        inner join core.programme_period as period
            on initiative.start_date <= period.end_date
            and coalesce(initiative.end_date >= period.start_date, true)
    ),
    counted_period as (
        select period, kind
        from core.programme_period
        where end_date >= (select min(start_date) from core.initiative)
    ),
    placed as (
        select period, initiative_id, initiative_type, phase, 'region' as level, 'region' as unit_id
        from running
        where is_running_last_day
        union
        select
            running.period,
            running.initiative_id,
            running.initiative_type,
            running.phase,
            unit.level,
            unit.unit_id
        from running
        inner join core.school as school on running.school_id = school.school_id
        inner join core.school_level as unit on school.school_key = unit.school_key
        inner join counted_period as period on running.period = period.period
        where
            running.is_running_last_day
            and period.kind = 'school_year'
            and unit.level in ('school_municipality', 'swv')
    ),
    initiative_count as (
        select period, level, unit_id, '' as dimension, '' as dimension_value, count(distinct initiative_id) as initiatives
        from placed
        group by period, level, unit_id
        union all
        select period, level, unit_id, 'phase', phase, count(distinct initiative_id)
        from placed
        where phase is not null
        group by period, level, unit_id, phase
        union all
        select period, level, unit_id, 'initiative_type', initiative_type, count(distinct initiative_id)
        from placed
        where initiative_type is not null
        group by period, level, unit_id, initiative_type
    ),
    target as (
        select school_key, school_id, school_type
        from core.school
        where
            is_listed
            and (school_type in ('SBO', 'SO', 'VSO', 'SO/VSO', 'PRO') or ikc or cluster = '3')
    ),
    kind as (
        select distinct initiative_type
        from core.initiative
        where initiative_type is not null
    ),
    covering as (
        select distinct period, school_id, initiative_type
        from running
        where is_running_last_day and phase in ('pilot', 'uitvoering', 'borging')
    ),
    covered as (
        select
            period.period,
            period.kind as period_kind,
            target.school_key,
            target.school_id,
            '' as dimension,
            '' as dimension_value,
            max(case when covering.school_id is not null then 1 else 0 end) as is_covered
        from counted_period as period
        cross join target
        left join covering on period.period = covering.period and target.school_id = covering.school_id
        group by period.period, period.kind, target.school_key, target.school_id
        union all
        select
            period.period,
            period.kind,
            target.school_key,
            target.school_id,
            'school_type',
            target.school_type,
            max(case when covering.school_id is not null then 1 else 0 end)
        from counted_period as period
        cross join target
        left join covering on period.period = covering.period and target.school_id = covering.school_id
        where target.school_type is not null
        group by period.period, period.kind, target.school_key, target.school_id, target.school_type
        union all
        select
            period.period,
            period.kind,
            target.school_key,
            target.school_id,
            'initiative_type',
            kind.initiative_type,
            max(case when covering.school_id is not null then 1 else 0 end)
        from counted_period as period
        cross join target
        cross join kind
        left join covering
            on period.period = covering.period
            and target.school_id = covering.school_id
            and kind.initiative_type = covering.initiative_type
        group by period.period, period.kind, target.school_key, target.school_id, kind.initiative_type
    ),
    coverage as (
        select
            covered.period,
            unit.level,
            unit.unit_id,
            covered.dimension,
            covered.dimension_value,
            sum(covered.is_covered) as covered_schools,
            count(*) as target_schools
        from covered
        inner join core.school_level as unit on covered.school_key = unit.school_key
        where
            unit.level in ('school_type', 'school_municipality', 'swv', 'region')
            and (covered.dimension <> 'school_type' or unit.level <> 'school_type')
            and (covered.period_kind = 'school_year' or unit.level = 'region')
        group by covered.period, unit.level, unit.unit_id, covered.dimension, covered.dimension_value
    ),
    covering_on_date as (
        select distinct date.reference_date, initiative.school_id
        from core.initiative as initiative
        inner join (select distinct reference_date from metrics.unit_date) as date
            on initiative.start_date <= date.reference_date
            and coalesce(initiative.end_date >= date.reference_date, true)
        where initiative.phase in ('pilot', 'uitvoering', 'borging')
    ),
    pupil_coverage as (
        select
            pupils.period,
            pupils.reference_date,
            unit.level,
            unit.unit_id,
            sum(case when covering_on_date.school_id is not null then pupils.pupils else 0 end) as covered_pupils,
            sum(pupils.pupils) as target_pupils
        from target
        inner join metrics.unit_date as pupils on pupils.level = 'school' and target.school_id = pupils.unit_id
        inner join core.school_level as unit on target.school_key = unit.school_key
        left join covering_on_date
            on pupils.reference_date = covering_on_date.reference_date
            and target.school_id = covering_on_date.school_id
        where unit.level in ('school_type', 'school_municipality', 'swv', 'region')
        group by pupils.period, pupils.reference_date, unit.level, unit.unit_id
    ),
    supplied as (
        select
            pupils.period,
            pupils.reference_date,
            school.school_key,
            school.school_type,
            least(max(pupils.pupils), sum(coalesce(supply.reach, 0))) as reached
        from core.collective_supply as supply
        inner join metrics.unit_date as pupils
            on pupils.level = 'school'
            and supply.school_id = pupils.unit_id
            and supply.start_date <= pupils.reference_date
            and coalesce(supply.end_date >= pupils.reference_date, true)
        inner join core.school as school on supply.school_id = school.school_id
        group by pupils.period, pupils.reference_date, school.school_key, school.school_type
    ),
    reached as (
        select
            supplied.reference_date,
            unit.level,
            unit.unit_id,
            sum(supplied.reached) as reached
        from supplied
        inner join core.school_level as unit on supplied.school_key = unit.school_key
        group by supplied.reference_date, unit.level, unit.unit_id
    ),
    party as (
        select 'locatie' as party, school_id, school_id as party_id
        from core.school
        where is_listed
        union all
        select 'bestuur', school_id, board
        from core.school
        where is_listed and board is not null
        union all
        select 'gemeente', school_id, municipality_code
        from core.school
        where is_listed and municipality_code is not null
    ),
    school_year as (
        select period, start_date, end_date, day_number(start_date) as from_day, until_day(end_date) as until_day
        from core.programme_period
        where kind = 'school_year'
    ),
    taking_part as (
        select
            school_year.period,
            party.party,
            count(distinct case when running.school_id is not null then party.party_id end) as participants,
            count(distinct party.party_id) as parties
        from school_year
        cross join party
        left join running on school_year.period = running.period and party.school_id = running.school_id
        group by school_year.period, party.party
    ),
    provider as (
        select distinct school_year.period, known.provider_id, false as takes_part
        from school_year
        inner join core.care as care
            on care.from_day < school_year.until_day
            and care.until_day > school_year.from_day
        inner join core.provider as known on care.provider_key = known.provider_key
        union all
        select distinct school_year.period, supply.provider_id, running.school_id is not null
        from school_year
        inner join core.collective_supply as supply
            on supply.start_date <= school_year.end_date
            and coalesce(supply.end_date >= school_year.start_date, true)
        left join running on school_year.period = running.period and supply.school_id = running.school_id
    ),
    provider_count as (
        select
            period,
            count(distinct case when takes_part then provider_id end) as participants,
            count(distinct provider_id) as parties
        from provider
        group by period
    ),
    latest_year as (
        select max(period) as period
        from school_year
    ),
    offered as (
        select
            latest_year.period,
            unit.level,
            unit.unit_id,
            part.dimension,
            case when part.dimension = '' then '' else offer.school_type end as dimension_value,
            sum(case when offer.is_present then 1 else 0 end) as present,
            count(*) as required
        from core.school_offer as offer
        inner join core.school_level as unit on offer.school_key = unit.school_key
        cross join latest_year
        cross join (
            select '' as dimension
            union all
            select 'school_type'
        ) as part
        where
            offer.is_required
            and unit.level in ('school', 'school_type', 'school_municipality', 'swv', 'region')
            and (part.dimension = '' or (unit.level in ('school_municipality', 'swv', 'region') and offer.school_type is not null))
        group by
            latest_year.period,
            unit.level,
            unit.unit_id,
            part.dimension,
            case when part.dimension = '' then '' else offer.school_type end
    ),
    figure as (
        select
            'initiatives' as metric,
            level,
            unit_id,
            period,
            cast(null as date) as reference_date,
            dimension,
            dimension_value,
            cast(initiatives as double) as numerator,
            cast(null as double) as denominator,
            0 as n_children
        from initiative_count
        union all
        select
            'initiative_coverage',
            level,
            unit_id,
            period,
            null,
            dimension,
            dimension_value,
            covered_schools,
            target_schools,
            0
        from coverage
        union all
        select
            'initiative_coverage_pupils',
            level,
            unit_id,
            period,
            reference_date,
            '',
            '',
            covered_pupils,
            target_pupils,
            target_pupils
        from pupil_coverage
        union all
        select
            'collective_reach',
            unit.level,
            unit.unit_id,
            unit.period,
            unit.reference_date,
            '',
            '',
            least(coalesce(reached.reached, 0), unit.pupils),
            unit.pupils,
            unit.pupils
        from metrics.unit_date as unit
        left join reached
            on unit.reference_date = reached.reference_date
            and unit.level = reached.level
            and unit.unit_id = reached.unit_id
        where unit.level in ('school', 'school_type', 'municipality_type', 'board', 'swv', 'school_municipality', 'region')
        union all
        select 'participation', 'region', 'region', period, null, 'party', party, participants, parties, 0
        from taking_part
        union all
        select 'participation', 'region', 'region', period, null, 'party', 'aanbieder', participants, parties, 0
        from provider_count
        union all
        select
            'offer_coverage',
            level,
            unit_id,
            period,
            null,
            dimension,
            dimension_value,
            present,
            required,
            0
        from offered
    )

select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    dimension,
    dimension_value,
    case when metric = 'initiatives' then numerator else ratio(numerator, denominator) end as value,
    numerator,
    denominator,
    cast(n_children as bigint) as n_children
from figure

/*
description = "Theme C, fragmentation on a day: contracts, professionals, payers, home and school, the fixed partner"
steps = [
    "take the pupils with care of every unit on the reference dates; a unit without care has counts of 0 and no shares",
    "professionals of the twelve months up to the day, only where deliveries cover them",
    "providers with one pupil, at schools with at least five providers",
]
seeds = ["ZON 0.9", "ZON 0.10", "OT3 2.5", "OT3 2.6", "OT3 2.7", "ZKIJ 3.12"]
shape = "figure"
*/
with
    care as (
        select
            date.day,
            unit.unit_key,
            unit.care_pupils,
            unit.pupils,
            coalesce(care.contracts, 0) as contracts,
            coalesce(care.arranged_pupils, 0) as arranged_pupils,
            coalesce(care.split_pupils, 0) as split_pupils,
            coalesce(care.both_pupils, 0) as both_pupils,
            coalesce(home.municipalities, 0) as municipalities
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
        left join metrics.unit_date_care as care on date.day = care.day and unit.unit_key = care.unit_key
        left join metrics.unit_date_home as home on date.day = home.day and unit.unit_key = home.unit_key
    ),
    professional as (
        select
            care.day,
            care.unit_key,
            coalesce(known.has_history, false) as has_history,
            coalesce(known.pupils, 0) as pupils,
            coalesce(known.links, 0) as links,
            coalesce(known.pupils_ge15, 0) as pupils_ge15,
            coalesce(known.professionals, 0) as professionals
        from care
        left join metrics.unit_date_professional as known on care.day = known.day and care.unit_key = known.unit_key
    ),
    figure as (
        select
            'contract_combinations' as metric,
            day,
            unit_key,
            '' as dimension,
            '' as dimension_value,
            cast(contracts as double) as value,
            cast(contracts as double) as numerator,
            cast(null as double) as denominator,
            care_pupils as n_children
        from care
        union all
        select
            'dual_funding_share_on_date',
            day,
            unit_key,
            '',
            '',
            ratio(arranged_pupils, care_pupils),
            arranged_pupils,
            care_pupils,
            arranged_pupils
        from care
        union all
        select
            'home_school_split_share',
            day,
            unit_key,
            '',
            '',
            ratio(split_pupils, both_pupils),
            split_pupils,
            both_pupils,
            split_pupils
        from care
        union all
        select
            'municipalities_per_school_all_pupils',
            day,
            unit_key,
            '',
            '',
            municipalities,
            municipalities,
            null,
            pupils
        from care
        union all
        select
            'lead_consortium_share',
            day,
            unit_key,
            '',
            '',
            ratio(served, care_pupils),
            served,
            care_pupils,
            served
        from metrics.unit_date_partner
        union all
        select
            'professionals_per_pupil',
            day,
            unit_key,
            '',
            '',
            case when has_history then ratio(links, pupils) end,
            links,
            pupils,
            pupils
        from professional
        union all
        select
            'professionals_ge15_share',
            day,
            unit_key,
            '',
            '',
            case when has_history then ratio(pupils_ge15, pupils) end,
            pupils_ge15,
            pupils,
            pupils_ge15
        from professional
        union all
        select
            'professionals_per_100',
            day,
            unit_key,
            '',
            '',
            case when has_history then ratio(professionals, pupils / cast(100 as double)) end,
            professionals,
            pupils / cast(100 as double),
            pupils
        from professional
    )

select
    figure.metric,
    unit.level,
    unit.unit_id,
    date.period,
    date.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    cast(figure.n_children as bigint) as n_children
from figure
inner join core.unit as unit on figure.unit_key = unit.unit_key
inner join core.reference_date as date on figure.day = date.day
union all
select
    'single_pupil_provider_share',
    unit.level,
    unit.unit_id,
    unit.period,
    unit.reference_date,
    '',
    '',
    ratio(single.single, single.providers),
    single.single,
    single.providers,
    unit.care_pupils
from metrics.unit_date as unit
inner join core.reference_date as date on unit.reference_date = date.reference_date
left join metrics.unit_date_single as single
    on date.day = single.day
    and unit.level = single.level
    and unit.unit_id = single.unit_id

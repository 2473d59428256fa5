/*
description = "Theme B, use with collective supply at school: pupils in reach, hours a week"
steps = [
    "pupils in reach are added to those with care of their own, never beyond the pupils of the school or the unit",
    "hours of the supply that runs on the day; no children stand behind them",
]
seeds = ["OT3 2.8", "ZKIJ 3.4"]
shape = "figure"
*/
with
    unit as (
        select period, cast(null as date) as reference_date, level, unit_id, pupils_ever as pupils, care_pupils
        from metrics.unit
        union all
        select period, reference_date, level, unit_id, pupils, care_pupils
        from metrics.unit_date
    ),
    reached as (
        select
            unit.period,
            unit.reference_date,
            unit.level,
            unit.unit_id,
            unit.pupils,
            least(unit.pupils, unit.care_pupils + coalesce(supply.added_pupils, 0)) as care_pupils,
            coalesce(supply.hours_week, 0) as hours_week
        from unit
        left join metrics.unit_collective as supply
            on unit.period = supply.period
            and coalesce(unit.reference_date, date '1900-01-01') = coalesce(supply.reference_date, date '1900-01-01')
            and unit.level = supply.level
            and unit.unit_id = supply.unit_id
    ),
    given as (
        select
            date.period,
            date.reference_date,
            supply.provider_id,
            exact_sum(supply.hours_per_week) as hours_week
        from core.collective_supply as supply
        inner join core.reference_date as date
            on supply.start_date <= date.reference_date
            and coalesce(supply.end_date, date '9999-12-31') >= date.reference_date
        group by date.period, date.reference_date, supply.provider_id
    )

select
    case
        when reference_date is null then 'care_pupils_incl_collectief' else 'pupils_with_care_incl_collectief'
    end as metric,
    level,
    unit_id,
    period,
    reference_date,
    '' as dimension,
    '' as dimension_value,
    cast(care_pupils as double) as value,
    cast(care_pupils as double) as numerator,
    cast(null as double) as denominator,
    care_pupils as n_children
from reached
union all
select
    case when reference_date is null then 'care_share_year_incl_collectief' else 'care_share_incl_collectief' end,
    level,
    unit_id,
    period,
    reference_date,
    '',
    '',
    ratio(care_pupils, pupils),
    care_pupils,
    pupils,
    care_pupils
from reached
union all
select 'collective_hours_week', level, unit_id, period, reference_date, '', '', hours_week, hours_week, null, 0
from reached
where reference_date is not null
union all
select
    'collective_hours_week', 'provider', provider_id, period, reference_date, '', '', hours_week, hours_week, null, 0
from given
where hours_week is not null

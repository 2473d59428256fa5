/*
description = "Theme D, continuity: who goes on after an indication, how much changes, one provider or many"
steps = ["take the totals of every unit, with the starts of indications"]
seeds = ["OT3 2.6", "OT3 2.7", "OT3 2.9"]
shape = "figure"
*/
with
    started as (
        select
            gathered.period_key,
            unit_set.unit_key,
            sum(gathered.indications) as indications,
            sum(gathered.children) as children
        from (
            select
                period_key,
                unit_set_key,
                count(*) as indications,
                count(distinct attendance_key) as children
            from metrics.indication_place
            group by period_key, unit_set_key
        ) as gathered
        inner join core.unit_set as unit_set on gathered.unit_set_key = unit_set.unit_set_key
        group by gathered.period_key, unit_set.unit_key
    ),
    continuity as (
        select
            unit.period,
            unit.level,
            unit.unit_id,
            unit.care_pupils,
            unit.care_days,
            unit.provider_days,
            unit.main_days,
            unit.sum_upc_t,
            unit.sum_main_cover,
            unit.sum_hhi_t,
            unit.hhi_t_high,
            unit.sum_pdc_enrolled,
            unit.sum_pdc_from_start,
            unit.starts_entry_g0,
            unit.starts_replacement_g0,
            unit.starts_addition_g0,
            unit.secon_same_g0,
            unit.secon_n_g0,
            unit.renewal_ended_g0,
            unit.renewal_same_g0,
            unit.renewal_any_g0,
            unit.starts_entry_g28,
            unit.starts_replacement_g28,
            unit.starts_addition_g28,
            unit.secon_same_g28,
            unit.secon_n_g28,
            unit.renewal_ended_g28,
            unit.renewal_same_g28,
            unit.renewal_any_g28,
            unit.renewal_seamless,
            coalesce(started.indications, 0) as started,
            coalesce(started.children, 0) as start_children
        from metrics.unit as unit
        left join started
            on unit.period_key = started.period_key
            and unit.unit_key = started.unit_key
    ),
    in_period as (
        select
            'renewal_share_same_g0' as metric,
            level,
            unit_id,
            period,
            cast(ratio(renewal_same_g0, renewal_ended_g0) as double) as value,
            cast(renewal_same_g0 as double) as numerator,
            cast(renewal_ended_g0 as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from continuity
        union all
        select
            'renewal_share_any_g0',
            level,
            unit_id,
            period,
            ratio(renewal_any_g0, renewal_ended_g0),
            renewal_any_g0,
            renewal_ended_g0,
            care_pupils
        from continuity
        union all
        select
            'renewal_share_same_g28',
            level,
            unit_id,
            period,
            ratio(renewal_same_g28, renewal_ended_g28),
            renewal_same_g28,
            renewal_ended_g28,
            care_pupils
        from continuity
        union all
        select
            'renewal_share_any_g28',
            level,
            unit_id,
            period,
            ratio(renewal_any_g28, renewal_ended_g28),
            renewal_any_g28,
            renewal_ended_g28,
            care_pupils
        from continuity
        union all
        select
            'seamless_renewal_share',
            level,
            unit_id,
            period,
            ratio(renewal_seamless, renewal_any_g28),
            renewal_seamless,
            renewal_any_g28,
            care_pupils
        from continuity
        union all
        select
            'starts_entry_g0',
            level,
            unit_id,
            period,
            starts_entry_g0,
            starts_entry_g0,
            null,
            care_pupils
        from continuity
        union all
        select
            'starts_replacement_g0',
            level,
            unit_id,
            period,
            starts_replacement_g0,
            starts_replacement_g0,
            null,
            care_pupils
        from continuity
        union all
        select
            'starts_addition_g0',
            level,
            unit_id,
            period,
            starts_addition_g0,
            starts_addition_g0,
            null,
            care_pupils
        from continuity
        union all
        select
            'switches_per_careyear_g0',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g0 + starts_addition_g0, in_years(care_days)),
            starts_replacement_g0 + starts_addition_g0,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'replacements_per_careyear_g0',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g0, in_years(care_days)),
            starts_replacement_g0,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'additions_per_careyear_g0',
            level,
            unit_id,
            period,
            ratio(starts_addition_g0, in_years(care_days)),
            starts_addition_g0,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'switches_per_1000_care_days_g0',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g0 + starts_addition_g0, care_days / cast(1000 as double)),
            starts_replacement_g0 + starts_addition_g0,
            care_days / cast(1000 as double),
            care_pupils
        from continuity
        union all
        select
            'secon_t_g0',
            level,
            unit_id,
            period,
            ratio(secon_same_g0, secon_n_g0),
            secon_same_g0,
            secon_n_g0,
            care_pupils
        from continuity
        union all
        select
            'starts_entry_g28',
            level,
            unit_id,
            period,
            starts_entry_g28,
            starts_entry_g28,
            null,
            care_pupils
        from continuity
        union all
        select
            'starts_replacement_g28',
            level,
            unit_id,
            period,
            starts_replacement_g28,
            starts_replacement_g28,
            null,
            care_pupils
        from continuity
        union all
        select
            'starts_addition_g28',
            level,
            unit_id,
            period,
            starts_addition_g28,
            starts_addition_g28,
            null,
            care_pupils
        from continuity
        union all
        select
            'switches_per_careyear_g28',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g28 + starts_addition_g28, in_years(care_days)),
            starts_replacement_g28 + starts_addition_g28,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'replacements_per_careyear_g28',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g28, in_years(care_days)),
            starts_replacement_g28,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'additions_per_careyear_g28',
            level,
            unit_id,
            period,
            ratio(starts_addition_g28, in_years(care_days)),
            starts_addition_g28,
            in_years(care_days),
            care_pupils
        from continuity
        union all
        select
            'switches_per_1000_care_days_g28',
            level,
            unit_id,
            period,
            ratio(starts_replacement_g28 + starts_addition_g28, care_days / cast(1000 as double)),
            starts_replacement_g28 + starts_addition_g28,
            care_days / cast(1000 as double),
            care_pupils
        from continuity
        union all
        select
            'secon_t_g28',
            level,
            unit_id,
            period,
            ratio(secon_same_g28, secon_n_g28),
            secon_same_g28,
            secon_n_g28,
            care_pupils
        from continuity
        union all
        select
            'upc_t',
            level,
            unit_id,
            period,
            ratio(sum_upc_t, care_pupils),
            sum_upc_t,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'upc_t_dayweighted',
            level,
            unit_id,
            period,
            ratio(main_days, provider_days),
            main_days,
            provider_days,
            care_pupils
        from continuity
        union all
        select
            'main_cover',
            level,
            unit_id,
            period,
            ratio(sum_main_cover, care_pupils),
            sum_main_cover,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'hhi_t',
            level,
            unit_id,
            period,
            ratio(sum_hhi_t, care_pupils),
            sum_hhi_t,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'hhi_t_high_share',
            level,
            unit_id,
            period,
            ratio(hhi_t_high, care_pupils),
            hhi_t_high,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'pdc_enrolled',
            level,
            unit_id,
            period,
            ratio(sum_pdc_enrolled, care_pupils),
            sum_pdc_enrolled,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'pdc_from_start',
            level,
            unit_id,
            period,
            ratio(sum_pdc_from_start, care_pupils),
            sum_pdc_from_start,
            care_pupils,
            care_pupils
        from continuity
        union all
        select
            'indications_per_pupil_year',
            level,
            unit_id,
            period,
            ratio(started, in_years(care_days)),
            started,
            in_years(care_days),
            start_children
        from continuity
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    value,
    numerator,
    denominator,
    n_children
from in_period

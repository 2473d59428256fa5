/*
description = "Theme D of the catalogue: continuity of care"
grain = "one row per metric, unit and period or reference date"
key = ["metric", "level", "unit_id", "period", "reference_date"]
steps = [
    "take the figures of METRICS section 10 per unit and period, each with what it is divided from",
    "the planned length of the indications that start in the period",
]
tests = ["not null metric, level, unit_id, period"]
seeds = ["2.6", "2.7", "2.9"]

[columns]
metric = "key of the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a point figure the school year that contains the day"
reference_date = "day of a point figure"
value = "the figure; null when undefined"
numerator = "upper part of the figure, where it is one"
denominator = "lower part of the figure, where it is one"
n_children = "children the figure is about: those with care, or the pupils where it is about pupils"
is_provisional = "whether the period or day may still change"
*/
with
    period_figure (metric, level, unit_id, period, value, numerator, denominator, n_children, is_provisional) as (
        select 'starts_entry_g0', level, unit_id, period, starts_entry_g0, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'starts_replacement_g0', level, unit_id, period, starts_replacement_g0, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'starts_addition_g0', level, unit_id, period, starts_addition_g0, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'switches_per_careyear_g0', level, unit_id, period, switches_per_careyear_g0, starts_replacement_g0 + starts_addition_g0, care_days / 365.25, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'secon_t_g0', level, unit_id, period, cast(secon_same_g0 as double) / nullif(secon_n_g0, 0), secon_same_g0, secon_n_g0, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'renewal_share_same_g0', level, unit_id, period, cast(renewal_same_g0 as double) / nullif(renewal_ended_g0, 0), renewal_same_g0, renewal_ended_g0, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'renewal_share_any_g0', level, unit_id, period, cast(renewal_any_g0 as double) / nullif(renewal_ended_g0, 0), renewal_any_g0, renewal_ended_g0, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'starts_entry_g28', level, unit_id, period, starts_entry_g28, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'starts_replacement_g28', level, unit_id, period, starts_replacement_g28, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'starts_addition_g28', level, unit_id, period, starts_addition_g28, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'switches_per_careyear_g28', level, unit_id, period, switches_per_careyear_g28, starts_replacement_g28 + starts_addition_g28, care_days / 365.25, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'secon_t_g28', level, unit_id, period, cast(secon_same_g28 as double) / nullif(secon_n_g28, 0), secon_same_g28, secon_n_g28, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'renewal_share_same_g28', level, unit_id, period, cast(renewal_same_g28 as double) / nullif(renewal_ended_g28, 0), renewal_same_g28, renewal_ended_g28, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'renewal_share_any_g28', level, unit_id, period, cast(renewal_any_g28 as double) / nullif(renewal_ended_g28, 0), renewal_any_g28, renewal_ended_g28, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'upc_t', level, unit_id, period, upc_t_mean, sum_upc_t, care_pupils, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'upc_t_dayweighted', level, unit_id, period, upc_t_dayweighted, main_days, provider_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'main_cover', level, unit_id, period, main_cover_mean, sum_main_cover, care_pupils, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'hhi_t', level, unit_id, period, hhi_t_mean, sum_hhi_t, care_pupils, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'pdc_enrolled', level, unit_id, period, sum_pdc_enrolled / nullif(care_pupils, 0), sum_pdc_enrolled, care_pupils, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'pdc_from_start', level, unit_id, period, pdc_from_start_mean, sum_pdc_from_start, care_pupils, care_pupils, is_provisional
        from metrics.unit
    ),
    length_figure (metric, level, unit_id, period, value, numerator, denominator, n_children, is_provisional) as (
        select 'short_indication_share', level, unit_id, period, cast(short_184 as double) / nullif(with_end, 0),
            short_184, with_end, children, is_provisional
        from metrics.unit_indication_start
        union all
        select 'short_indication_share_366', level, unit_id, period, cast(short_366 as double) / nullif(with_end, 0),
            short_366, with_end, children, is_provisional
        from metrics.unit_indication_start
        union all
        select 'indication_duration', level, unit_id, period, median_days, null, null, children, is_provisional
        from metrics.unit_indication_start
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n_children as bigint) as n_children,
    is_provisional
from period_figure
union all
select
    metric,
    level,
    unit_id,
    period,
    null,
    cast(value as double),
    cast(numerator as double),
    cast(denominator as double),
    cast(n_children as bigint),
    is_provisional
from length_figure

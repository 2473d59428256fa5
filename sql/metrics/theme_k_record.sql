/*
description = "Theme K, records: what is unknown in them, and what contradicts itself"
steps = [
    "indications under the Jeugdwet that start in the period: without a referrer, product, form, weight or place of care",
    "deliveries that end in the period for good: without a reason, or with one that no list knows",
    "overlap: an indication that starts while an earlier one of the same child, municipality, provider and product runs",
    "two main enrolments: pupils with, on one day of the period, a main enrolment at two schools, of all pupils",
]
seeds = ["OT3 2.20"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    period as (
        select event_period_key, period, from_day, until_day
        from core.event_period
        where kind in ('school_year', 'quarter')
    ),
    indication as (
        select
            i.child_key,
            i.municipality_code,
            i.from_day,
            not coalesce(referrer.is_known, false) as no_referrer,
            i.product_code is null as no_product,
            coalesce(i.care_form_group, 'onbekend') = 'onbekend' as no_form,
            i.weight_class is null as no_weight,
            coalesce(i.setting, 'onbekend') = 'onbekend' as no_setting,
            coalesce(
                max(i.until_day) over (
                    partition by i.child_key, i.municipality_code, i.provider_key, i.product_category, i.product_code
                    order by i.from_day, i.indication_key
                    rows between unbounded preceding and 1 preceding
                ) > i.from_day,
                false
            ) as is_overlap
        from core.indication as i
        left join seeds.referrer as referrer on i.referrer = referrer.code
        where i.law = 'jeugdwet'
    ),
    stopped as (
        select
            period.period,
            delivery.child_key,
            delivery.municipality_code,
            case when reason.code is null then 1 else 0 end as is_flagged
        from core.delivery as delivery
        inner join period
            on day_number(delivery.end_date) >= period.from_day
            and day_number(delivery.end_date) < period.until_day
        left join seeds.end_reason as reason on delivery.end_reason = reason.code
        where delivery.end_date is not null and coalesce(delivery.end_reason, '') <> '20'
    ),
    -- Per child first, so that nobody counts twice; a field is unpacked when few rows are left.
    started_child as (
        select
            period.event_period_key,
            indication.municipality_code,
            indication.child_key,
            count(*) as records,
            count(case when indication.no_referrer then 1 end) as no_referrer,
            count(case when indication.no_product then 1 end) as no_product,
            count(case when indication.no_form then 1 end) as no_form,
            count(case when indication.no_weight then 1 end) as no_weight,
            count(case when indication.no_setting then 1 end) as no_setting,
            count(case when indication.is_overlap then 1 end) as is_overlap
        from indication
        inner join period
            on indication.from_day >= period.from_day
            and indication.from_day < period.until_day
        group by period.event_period_key, indication.municipality_code, indication.child_key
    ),
    started_placed as (
        select
            'responsible_municipality' as level,
            municipality_code as unit_id,
            event_period_key,
            records,
            no_referrer,
            no_product,
            no_form,
            no_weight,
            no_setting,
            is_overlap
        from started_child
        union all
        select
            'region',
            'region',
            event_period_key,
            sum(records),
            sum(no_referrer),
            sum(no_product),
            sum(no_form),
            sum(no_weight),
            sum(no_setting),
            sum(is_overlap)
        from started_child
        group by event_period_key, child_key
    ),
    started as (
        select
            started_placed.level,
            started_placed.unit_id,
            period.period,
            sum(started_placed.records) as records,
            sum(started_placed.no_referrer) as no_referrer,
            sum(started_placed.no_product) as no_product,
            sum(started_placed.no_form) as no_form,
            sum(started_placed.no_weight) as no_weight,
            sum(started_placed.no_setting) as no_setting,
            sum(started_placed.is_overlap) as is_overlap,
            count(case when started_placed.no_referrer > 0 then 1 end) as no_referrer_children,
            count(case when started_placed.no_product > 0 then 1 end) as no_product_children,
            count(case when started_placed.no_form > 0 then 1 end) as no_form_children,
            count(case when started_placed.no_weight > 0 then 1 end) as no_weight_children,
            count(case when started_placed.no_setting > 0 then 1 end) as no_setting_children,
            count(case when started_placed.is_overlap > 0 then 1 end) as overlap_children
        from started_placed
        inner join period on started_placed.event_period_key = period.event_period_key
        group by started_placed.level, started_placed.unit_id, period.period
    ),
    stopped_placed as (
        select 'region' as level, 'region' as unit_id, period, child_key, is_flagged
        from stopped
        union all
        select 'responsible_municipality', municipality_code, period, child_key, is_flagged
        from stopped
    ),
    record as (
        select
            'unknown_share' as metric,
            level,
            unit_id,
            period,
            'field' as dimension,
            'verwijzer' as dimension_value,
            no_referrer as numerator,
            records as denominator,
            no_referrer_children as children
        from started
        union all
        select 'unknown_share', level, unit_id, period, 'field', 'product', no_product, records, no_product_children
        from started
        union all
        select 'unknown_share', level, unit_id, period, 'field', 'hulpvorm', no_form, records, no_form_children
        from started
        union all
        select 'unknown_share', level, unit_id, period, 'field', 'zwaarte', no_weight, records, no_weight_children
        from started
        union all
        select 'unknown_share', level, unit_id, period, 'field', 'plaats', no_setting, records, no_setting_children
        from started
        union all
        select 'conflict_share', level, unit_id, period, 'conflict', 'overlap', is_overlap, records, overlap_children
        from started
        union all
        select
            'unknown_share',
            level,
            unit_id,
            period,
            'field',
            'reden_beeindiging',
            sum(is_flagged),
            count(*),
            count(distinct case when is_flagged = 1 then child_key end)
        from stopped_placed
        group by level, unit_id, period
    ),
    doubled as (
        select distinct period.period, one.child_key
        from core.enrolment as one
        inner join core.enrolment as other
            on one.child_key = other.child_key
            and one.school_key < other.school_key
            and one.from_day < other.until_day
            and one.until_day > other.from_day
        inner join period
            on greatest(one.from_day, other.from_day) < period.until_day
            and least(one.until_day, other.until_day) > period.from_day
        where one.main_enrolment and other.main_enrolment
    ),
    -- Pupils come and go on few days. Only the first stretch of enrolment in a period counts: a child is there once.
    stretch as (
        select spell.from_day, spell.until_day, spell.earlier_until, count(*) as pupils
        from core.attendance_spell as spell
        inner join core.unit_set as region on spell.unit_set_key = region.unit_set_key and region.level = 'region'
        group by spell.from_day, spell.until_day, spell.earlier_until
    ),
    enrolled as (
        select period.period, sum(stretch.pupils) as pupils
        from stretch
        inner join period
            on stretch.from_day < period.until_day
            and stretch.until_day > period.from_day
        where stretch.earlier_until is null or stretch.earlier_until <= period.from_day
        group by period.period
    ),
    main_twice as (
        select enrolled.period, enrolled.pupils, count(doubled.child_key) as children
        from enrolled
        left join doubled on enrolled.period = doubled.period
        group by enrolled.period, enrolled.pupils
    ),
    figure as (
        select metric, level, unit_id, period, dimension, dimension_value, numerator, denominator, children
        from record
        union all
        select 'conflict_share', 'region', 'region', period, 'conflict', 'twee_hoofdinschrijvingen', children, pupils, children
        from main_twice
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    ratio(numerator, denominator) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(children as bigint) as n_children
from figure

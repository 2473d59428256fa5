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
        select period, from_day, until_day
        from core.event_period
        where kind in ('school_year', 'quarter')
    ),
    indication as (
        select
            i.child_key,
            i.municipality_code,
            i.from_day,
            case when referrer.is_known then 0 else 1 end as no_referrer,
            case when i.product_code is null then 1 else 0 end as no_product,
            case when i.care_form_group is null or i.care_form_group = 'onbekend' then 1 else 0 end as no_form,
            case when i.weight_class is null then 1 else 0 end as no_weight,
            case when i.setting is null or i.setting = 'onbekend' then 1 else 0 end as no_setting,
            case
                when max(i.until_day) over (
                    partition by i.child_key, i.municipality_code, i.provider_key, i.product_category, i.product_code
                    order by i.from_day, i.indication_key
                    rows between unbounded preceding and 1 preceding
                ) > i.from_day then 1
                else 0
            end as is_overlap
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
            period.period,
            indication.municipality_code,
            indication.child_key,
            count(*) as records,
            sum(indication.no_referrer) as no_referrer,
            sum(indication.no_product) as no_product,
            sum(indication.no_form) as no_form,
            sum(indication.no_weight) as no_weight,
            sum(indication.no_setting) as no_setting,
            sum(indication.is_overlap) as is_overlap
        from indication
        inner join period
            on indication.from_day >= period.from_day
            and indication.from_day < period.until_day
        group by period.period, indication.municipality_code, indication.child_key
    ),
    started_placed as (
        select
            'responsible_municipality' as level,
            municipality_code as unit_id,
            period,
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
            period,
            sum(records),
            sum(no_referrer),
            sum(no_product),
            sum(no_form),
            sum(no_weight),
            sum(no_setting),
            sum(is_overlap)
        from started_child
        group by period, child_key
    ),
    started as (
        select
            level,
            unit_id,
            period,
            sum(records) as records,
            sum(no_referrer) as no_referrer,
            sum(no_product) as no_product,
            sum(no_form) as no_form,
            sum(no_weight) as no_weight,
            sum(no_setting) as no_setting,
            sum(is_overlap) as is_overlap,
            sum(case when no_referrer > 0 then 1 else 0 end) as no_referrer_children,
            sum(case when no_product > 0 then 1 else 0 end) as no_product_children,
            sum(case when no_form > 0 then 1 else 0 end) as no_form_children,
            sum(case when no_weight > 0 then 1 else 0 end) as no_weight_children,
            sum(case when no_setting > 0 then 1 else 0 end) as no_setting_children,
            sum(case when is_overlap > 0 then 1 else 0 end) as overlap_children
        from started_placed
        group by level, unit_id, period
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
    enrolled as (
        -- Only the first stretch of enrolment in a period counts: a child is there once.
        select period.period, spell.child_key
        from core.attendance_spell as spell
        inner join core.unit_set as unit_set
            on spell.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
        inner join period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        where spell.earlier_until is null or spell.earlier_until <= period.from_day
    ),
    main_twice as (
        select
            enrolled.period,
            count(*) as pupils,
            count(doubled.child_key) as children
        from enrolled
        left join doubled on enrolled.period = doubled.period and enrolled.child_key = doubled.child_key
        group by enrolled.period
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

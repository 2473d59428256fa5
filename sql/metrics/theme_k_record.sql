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
    started as (
        select
            period.period,
            indication.child_key,
            indication.municipality_code,
            indication.no_referrer,
            indication.no_product,
            indication.no_form,
            indication.no_weight,
            indication.no_setting,
            indication.is_overlap
        from indication
        inner join period
            on indication.from_day >= period.from_day
            and indication.from_day < period.until_day
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
    flagged as (
        select 'unknown_share' as metric, 'field' as dimension, 'verwijzer' as dimension_value, period, municipality_code, child_key, no_referrer as is_flagged
        from started
        union all
        select 'unknown_share', 'field', 'product', period, municipality_code, child_key, no_product
        from started
        union all
        select 'unknown_share', 'field', 'hulpvorm', period, municipality_code, child_key, no_form
        from started
        union all
        select 'unknown_share', 'field', 'zwaarte', period, municipality_code, child_key, no_weight
        from started
        union all
        select 'unknown_share', 'field', 'plaats', period, municipality_code, child_key, no_setting
        from started
        union all
        select 'unknown_share', 'field', 'reden_beeindiging', period, municipality_code, child_key, is_flagged
        from stopped
        union all
        select 'conflict_share', 'conflict', 'overlap', period, municipality_code, child_key, is_overlap
        from started
    ),
    placed as (
        select metric, 'region' as level, 'region' as unit_id, period, dimension, dimension_value, child_key, is_flagged
        from flagged
        union all
        select metric, 'responsible_municipality', municipality_code, period, dimension, dimension_value, child_key, is_flagged
        from flagged
    ),
    record as (
        select
            metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            sum(is_flagged) as numerator,
            count(*) as denominator,
            count(distinct case when is_flagged = 1 then child_key end) as children
        from placed
        group by metric, level, unit_id, period, dimension, dimension_value
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
        select distinct period.period, enrolment.child_key
        from core.enrolment as enrolment
        inner join period
            on enrolment.from_day < period.until_day
            and enrolment.until_day > period.from_day
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

/*
description = "Theme C, fragmentation in a period: two purses at once, and the share of the fixed partner"
steps = [
    "children with a day of care and an arrangement at once, and the median of their days",
    "days of the fixed partner among all provider-days, at schools that name one",
]
seeds = ["ZON 0.10", "ZKIJ 3.12"]
shape = "figure"
*/
with
    figure as (
        select
            'dual_funding_share' as metric,
            unit.level,
            unit.unit_id,
            unit.period,
            ratio(coalesce(dual.pupils, 0), unit.care_pupils) as value,
            cast(coalesce(dual.pupils, 0) as double) as numerator,
            cast(unit.care_pupils as double) as denominator,
            coalesce(dual.pupils, 0) as n_children
        from metrics.unit as unit
        left join metrics.unit_dual as dual
            on unit.period_key = dual.period_key
            and unit.unit_key = dual.unit_key
        union all
        select
            'dual_funding_days',
            unit.level,
            unit.unit_id,
            unit.period,
            dual.median_days,
            dual.median_days,
            null,
            coalesce(dual.pupils, 0)
        from metrics.unit as unit
        left join metrics.unit_dual as dual
            on unit.period_key = dual.period_key
            and unit.unit_key = dual.unit_key
        union all
        select
            'partner_day_share',
            unit.level,
            unit.unit_id,
            period.period,
            ratio(partner.partner_days, partner.provider_days),
            partner.partner_days,
            partner.provider_days,
            partner.care_pupils
        from metrics.unit_partner as partner
        inner join core.unit as unit on partner.unit_key = unit.unit_key
        inner join core.period as period on partner.period_key = period.period_key
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
from figure

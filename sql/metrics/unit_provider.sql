/*
description = "How many child-days each provider is active for the children of a unit"
grain = "one row per period, unit and provider"
key = ["period_key", "unit_key", "provider_key"]
steps = ["add up the days of the children per set of units, then per unit"]
tests = ["days > 0", "0 < children and children <= days"]
seeds = ["METRICS 3", "METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
provider_key = "number of the provider"
days = "sum over children of the days the provider is active"
children = "children for whom the provider is active on at least one day"
*/
with
    counted as (
        select
            period_key,
            unit_set_key,
            provider_key,
            sum(days) as days,
            count(*) as children
        from metrics.child_provider
        group by period_key, unit_set_key, provider_key
    )

select
    counted.period_key,
    unit_set.unit_key,
    counted.provider_key,
    cast(sum(counted.days) as bigint) as days,
    cast(sum(counted.children) as bigint) as children
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key, counted.provider_key

/*
description = "How many providers are at a school: the most on one day, and the sum over all days"
grain = "one row per period and school with care"
key = ["period_key", "unit_key"]
steps = [
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "the time a provider is active at a school: the union over its enrolled children",
    "every start of a provider at the school adds one, every end takes one away; the running sum is the number of providers",
    "cut to the period",
]
tests = ["unique key", "peak_providers > 0"]
seeds = ["METRICS 3", "METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit (a school)"
peak_providers = "most distinct providers on one day"
provider_days = "sum over days of the number of distinct providers"
*/
with
    begun as (
        select
            unit_set.unit_key,
            attended.provider_key,
            attended.from_day,
            max(attended.until_day) as until_day
        from core.attended_care as attended
        inner join core.unit_set as unit_set on attended.unit_set_key = unit_set.unit_set_key
        where unit_set.level = 'school'
        group by unit_set.unit_key, attended.provider_key, attended.from_day
    ),
    ordered as (
        select
            unit_key,
            provider_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by unit_key, provider_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            unit_key,
            provider_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by unit_key, provider_key
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    ),
    present as (
        select unit_key, provider_key, min(from_day) as from_day, max(until_day) as until_day
        from numbered
        group by unit_key, provider_key, spell
    ),
    change as (
        select unit_key, from_day as day, 1 as step
        from present
        union all
        select unit_key, until_day, -1
        from present
    ),
    net as (
        select unit_key, day, sum(step) as step
        from change
        group by unit_key, day
    ),
    running as (
        select
            unit_key,
            day as from_day,
            lead(day) over (partition by unit_key order by day) as until_day,
            sum(step) over (
                partition by unit_key
                order by day
                rows between unbounded preceding and current row
            ) as providers
        from net
    )

select
    period.period_key,
    running.unit_key,
    cast(max(running.providers) as integer) as peak_providers,
    cast(
        sum(
            running.providers
            * (least(running.until_day, period.until_day) - greatest(running.from_day, period.from_day))
        ) as bigint
    ) as provider_days
from running
inner join core.period as period
    on running.from_day < period.until_day
    and running.until_day > period.from_day
where running.providers > 0
group by period.period_key, running.unit_key

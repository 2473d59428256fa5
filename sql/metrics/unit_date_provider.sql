/*
description = "Providers of the pupils of a unit on the reference dates"
grain = "one row per reference date, unit and provider"
key = ["day", "unit_key", "provider_key"]
steps = [
    "take the providers that are active for an enrolled pupil on the day",
    "a pupil with k providers gives 1/k to each",
    "add up per set of units, then per unit",
]
tests = ["0 < weight and weight <= pupils"]
seeds = ["CATALOGUE 3"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
provider_key = "number of the provider"
pupils = "pupils for whom the provider is active"
weight = "sum over those pupils of 1 / their number of providers"
*/
with
    active as (
        select
            date.day,
            attended.attendance_key,
            attended.unit_set_key,
            attended.provider_key,
            count(*) over (partition by date.day, attended.attendance_key) as providers
        from core.attended_care as attended
        inner join core.reference_date as date
            on attended.from_day <= date.day
            and attended.until_day > date.day
    ),
    counted as (
        select
            day,
            unit_set_key,
            provider_key,
            count(*) as pupils,
            sum(cast(ratio(1, providers) as decimal(38, 12))) as weight
        from active
        group by day, unit_set_key, provider_key
    )

select
    counted.day,
    unit_set.unit_key,
    counted.provider_key,
    cast(sum(counted.pupils) as bigint) as pupils,
    cast(sum(counted.weight) as double) as weight
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.day, unit_set.unit_key, counted.provider_key

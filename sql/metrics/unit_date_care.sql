/*
description = "The pupils with care of a unit on the reference dates, by weight, form, number of trajectories and payer"
grain = "one row per reference date and unit with at least one pupil with care"
key = ["day", "unit_key"]
steps = [
    "add up the pupils per set of units, then per unit",
    "count the different combinations of municipality, provider and product per unit",
]
tests = [
    "unique key",
    "light_pupils + heavy_pupils <= care_pupils",
    "trajectories_ge3 <= trajectories_ge2 and trajectories_ge2 <= care_pupils",
    "split_pupils <= both_pupils and both_pupils <= care_pupils",
    "contracts > 0",
]
seeds = ["CATALOGUE 2", "CATALOGUE 3"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
care_pupils = "pupils with care"
light_pupils = "pupils whose heaviest class is light"
heavy_pupils = "pupils with a heavy indication"
weight = "sum over pupils of the weight of their heaviest class; unknown weighs nothing"
residential_pupils = "pupils with a form of residence"
pgb_pupils = "pupils with a personal budget"
overnight_pupils = "pupils with a volume in overnight days"
overnight_week = "overnight days a week"
trajectories = "active trajectories"
trajectories_ge2 = "pupils with at least two of them"
trajectories_ge3 = "pupils with at least three of them"
both_pupils = "pupils with care at school and at home"
split_pupils = "of these: without a provider that gives both"
arranged_pupils = "pupils with an arrangement on the same day"
domain_pupils = "pupils with another domain on the same day"
contracts = "different combinations of municipality, provider, product category and product code"
*/
with
    counted as (
        select
            day,
            unit_set_key,
            count(*) as care_pupils,
            sum(case when weight_rank = 1 then 1 else 0 end) as light_pupils,
            sum(case when weight_rank = 3 then 1 else 0 end) as heavy_pupils,
            sum(cast(coalesce(weight, 0) as decimal(38, 12))) as weight,
            sum(is_residential) as residential_pupils,
            sum(has_pgb) as pgb_pupils,
            sum(case when overnight_week is not null then 1 else 0 end) as overnight_pupils,
            sum(coalesce(overnight_week, 0)) as overnight_week,
            sum(trajectories) as trajectories,
            sum(case when trajectories >= 2 then 1 else 0 end) as trajectories_ge2,
            sum(case when trajectories >= 3 then 1 else 0 end) as trajectories_ge3,
            sum(has_both_settings) as both_pupils,
            sum(is_split) as split_pupils,
            sum(has_arrangement) as arranged_pupils,
            sum(has_domain) as domain_pupils
        from metrics.date_child
        group by day, unit_set_key
    ),
    agreed as (
        select distinct
            day,
            unit_set_key,
            provider_key,
            municipality_code,
            coalesce(product_category, '') as product_category,
            coalesce(product_code, '') as product_code
        from metrics.date_indication
    ),
    combination as (
        select distinct
            agreed.day,
            unit_set.unit_key,
            agreed.provider_key,
            agreed.municipality_code,
            agreed.product_category,
            agreed.product_code
        from agreed
        inner join core.unit_set as unit_set on agreed.unit_set_key = unit_set.unit_set_key
    ),
    contract as (
        select day, unit_key, count(*) as contracts
        from combination
        group by day, unit_key
    ),
    total as (
        select
            counted.day,
            unit_set.unit_key,
            sum(counted.care_pupils) as care_pupils,
            sum(counted.light_pupils) as light_pupils,
            sum(counted.heavy_pupils) as heavy_pupils,
            sum(counted.weight) as weight,
            sum(counted.residential_pupils) as residential_pupils,
            sum(counted.pgb_pupils) as pgb_pupils,
            sum(counted.overnight_pupils) as overnight_pupils,
            sum(counted.overnight_week) as overnight_week,
            sum(counted.trajectories) as trajectories,
            sum(counted.trajectories_ge2) as trajectories_ge2,
            sum(counted.trajectories_ge3) as trajectories_ge3,
            sum(counted.both_pupils) as both_pupils,
            sum(counted.split_pupils) as split_pupils,
            sum(counted.arranged_pupils) as arranged_pupils,
            sum(counted.domain_pupils) as domain_pupils
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        group by counted.day, unit_set.unit_key
    )

select
    total.day,
    total.unit_key,
    cast(total.care_pupils as bigint) as care_pupils,
    cast(total.light_pupils as bigint) as light_pupils,
    cast(total.heavy_pupils as bigint) as heavy_pupils,
    cast(total.weight as double) as weight,
    cast(total.residential_pupils as bigint) as residential_pupils,
    cast(total.pgb_pupils as bigint) as pgb_pupils,
    cast(total.overnight_pupils as bigint) as overnight_pupils,
    cast(total.overnight_week as double) as overnight_week,
    cast(total.trajectories as bigint) as trajectories,
    cast(total.trajectories_ge2 as bigint) as trajectories_ge2,
    cast(total.trajectories_ge3 as bigint) as trajectories_ge3,
    cast(total.both_pupils as bigint) as both_pupils,
    cast(total.split_pupils as bigint) as split_pupils,
    cast(total.arranged_pupils as bigint) as arranged_pupils,
    cast(total.domain_pupils as bigint) as domain_pupils,
    contract.contracts
from total
inner join contract on total.day = contract.day and total.unit_key = contract.unit_key

/*
description = "Declared care, credits and corrections netted"
grain = "one row per municipality, provider, child, number, product, product period and unit"
key = [
    "municipality_code", "provider_id", "child_id", "allocation_number", "product_category", "product_code",
    "start_date", "end_date", "unit",
]
steps = [
    "add up the lines of a product period; a credit takes away what it corrects",
    "leave out what nets to nothing",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["DOMAIN 3"]

[columns]
municipality_code = "responsible municipality, as it is now"
delivered_municipality_code = "code under which the indication of the number stands; without one the code delivered"
provider_id = "AGB of the provider"
child_id = "pseudonym of the child"
child_key = "number of the child"
allocation_number = "number of the indication"
product_category = "iJw product category"
product_code = "product code"
start_date = "first day of the product period"
end_date = "last day of the product period"
volume = "net volume, in units"
unit = "iJw unit"
amount_cents = "net amount in eurocents"
lines = "number of lines netted"
*/
with
    net as (
        select
            municipality_code,
            min(delivered_municipality_code) as delivered_municipality_code,
            provider_id,
            child_id,
            allocation_number,
            product_category,
            product_code,
            start_date,
            end_date,
            unit,
            exact_sum(volume) as volume,
            cast(sum(amount_cents) as bigint) as amount_cents,
            count(*) as lines
        from staging.declaration
        group by
            municipality_code,
            provider_id,
            child_id,
            allocation_number,
            product_category,
            product_code,
            start_date,
            end_date,
            unit
    )

select
    net.municipality_code,
    net.delivered_municipality_code,
    net.provider_id,
    net.child_id,
    child.child_key,
    net.allocation_number,
    net.product_category,
    net.product_code,
    net.start_date,
    net.end_date,
    net.volume,
    net.unit,
    net.amount_cents,
    net.lines
from net
inner join core.child as child on net.child_id = child.child_id
where net.amount_cents <> 0 or net.volume <> 0

/*
description = "What care costs a day, as assigned and as declared"
grain = "one row per indication and stretch with one price, and one per declared product period"
key = ["basis", "record", "from_day"]
steps = [
    "an indication costs its budget, spread evenly over its planned time, or else its volume times the price of its product",
    "the price is the one valid on the day itself, so a new price list changes the cost of running care from its first day on",
    "volume and price must fit: time with a price per minute, hour or half-day (4 hours), days with one per day, pieces with one per piece; a volume in euros needs no price",
    "a budget or a total (frequency 6) without planned end cannot be spread and has no cost; nor has a product without price",
    "cost runs to the actual end; what has no end runs on, and is cut at the end of a period where it is counted",
    "a declared amount, credits taken off, is spread evenly over the days of its product period",
    "only care under a law whose payer is known; form and weight of a declaration are those of its product on its first day",
]
tests = ["from_day < until_day", "basis in ('assigned', 'declared')", "not null funder, child_key"]
seeds = ["ZKIJ 3.13", "OT3 2.25", "OZG 4.2", "DOMAIN 3"]

[columns]
basis = "assigned or declared"
record = "number of the indication or the declared product period, unique within its basis"
funder = "who pays: jeugdwet, wmo, wlz or zvw"
child_key = "number of the child"
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
product_category = "iJw product category"
care_form = "form of care, by default that of the category"
weight_class = "licht, specialistisch or zwaar, by default that of the category"
setting = "where care is given; null is unknown"
hours_per_day = "hours a day of an indication; null when the volume has no hours, and for declarations"
from_day = "number of the first day"
until_day = "number of the day after the last"
cents_per_day = "eurocents a day; null when unknown; negative where credits exceed debits"
*/
with
    indicated as (
        select
            i.indication_key as record,
            case when i.law in ('jeugdwet', 'wmo', 'wlz', 'zvw') then i.law end as funder,
            i.child_key,
            i.municipality_code,
            i.delivered_municipality_code,
            i.provider_id,
            i.product_category,
            coalesce(i.product_code, '') as product_code,
            i.care_form_group as care_form,
            i.weight_class,
            i.setting,
            i.hours_per_day,
            i.volume,
            i.unit,
            i.frequency,
            i.from_day,
            i.until_day,
            datediff('day', i.start_date, i.planned_end_date) + 1 as planned_days,
            case when i.budget_cents >= 0 then i.budget_cents end as budget_cents
        from core.indication as i
    ),
    priced as (
        select
            i.record,
            i.funder,
            i.child_key,
            i.municipality_code,
            i.provider_id,
            i.product_category,
            i.care_form,
            i.weight_class,
            i.setting,
            i.hours_per_day,
            greatest(i.from_day, coalesce(price.from_day, i.from_day)) as from_day,
            least(i.until_day, coalesce(price.until_day, i.until_day)) as until_day,
            case
                when i.budget_cents is not null then ratio(i.budget_cents, i.planned_days)
                else
                    cents_per_day(
                        i.volume,
                        i.unit,
                        i.frequency,
                        i.planned_days,
                        price.tariff_cents,
                        price.tariff_unit
                    )
            end as cents_per_day
        from indicated as i
        left join core.product_spell as price
            on i.delivered_municipality_code = price.municipality_code
            and i.product_category = price.product_category
            and i.product_code = price.product_code
            and i.from_day < price.until_day
            and i.until_day > price.from_day
        where i.funder is not null
    ),
    declared as (
        select
            row_number() over (
                order by
                    d.child_key,
                    d.municipality_code,
                    d.provider_id,
                    d.allocation_number,
                    d.product_category,
                    d.product_code,
                    d.start_date,
                    d.end_date,
                    d.unit
            ) as record,
            d.child_key,
            d.municipality_code,
            d.delivered_municipality_code,
            d.provider_id,
            d.product_category,
            coalesce(d.product_code, '') as product_code,
            day_number(d.start_date) as from_day,
            until_day(d.end_date) as until_day,
            d.amount_cents
        from core.declaration as d
    )

select
    'assigned' as basis,
    record,
    funder,
    child_key,
    municipality_code,
    provider_id,
    product_category,
    care_form,
    weight_class,
    setting,
    hours_per_day,
    from_day,
    until_day,
    cents_per_day
from priced
union all
select
    'declared',
    d.record,
    'jeugdwet',
    d.child_key,
    d.municipality_code,
    d.provider_id,
    d.product_category,
    product.care_form,
    product.weight_class,
    product.setting,
    cast(null as double),
    d.from_day,
    d.until_day,
    ratio(d.amount_cents, d.until_day - d.from_day)
from declared as d
left join core.product_spell as product
    on d.delivered_municipality_code = product.municipality_code
    and d.product_category = product.product_category
    and d.product_code = product.product_code
    and d.from_day >= product.from_day
    and d.from_day < product.until_day

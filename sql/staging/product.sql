/*
description = "Products with the time their meaning and price were valid"
grain = "one row per municipality, category, code and start of validity"
key = ["municipality_code", "product_category", "product_code", "valid_from"]
steps = [
    "the newest delivery of a product and start of validity wins",
    "an interval ends at the latest the day before the next one of the same product starts",
    "the list of a municipality that went on under another code goes on as the list of that code, from its first day",
]
seeds = ["DOMAIN 4"]
materialized = "view"

[columns]
municipality_code = "municipality; null is all"
product_category = "iJw product category"
product_code = "product code; null is the whole category"
description = "description"
care_form = "form of care (hulpvorm)"
weight_class = "licht, specialistisch or zwaar"
setting = "where care is given: school, thuis, aanbieder, onbekend"
role = "ozg, ozs or overig"
tariff_cents = "price per unit in eurocents"
tariff_unit = "unit of the price"
valid_from = "first day; null is always"
valid_to = "last day; null is open"
*/
with
    trimmed as (
        select
            * replace (
                nullif(trim(municipality_code), '') as municipality_code,
                nullif(trim(product_code), '') as product_code
            ),
        from raw.products
    ),
    newest as (
        select *
        from trimmed
        qualify
            row_number() over (
                partition by municipality_code, product_category, product_code, valid_from
                order by delivery_order(file_id, line) desc
            ) = 1
    ),
    listed as (
        select
            * replace (
                least(
                    valid_to,
                    lead(valid_from) over (
                        partition by municipality_code, product_category, product_code
                        order by valid_from nulls first
                    ) - 1
                ) as valid_to
            ),
        from newest
    ),
    inherited as (
        select
            listed.* replace (
                merger.municipality_code as municipality_code,
                greatest(listed.valid_from, merger.merged_on) as valid_from
            ),
            merger.merged_on,
        from listed
        inner join staging.merger as merger on listed.municipality_code = merger.later_code
        where coalesce(listed.valid_to >= merger.merged_on, true)
    ),
    gone_on as (
        select *, cast(null as date) as merged_on
        from listed
        union all
        select *
        from inherited
    ),
    begun as (
        select *
        from gone_on
        qualify
            row_number() over (
                partition by municipality_code, product_category, product_code, valid_from
                order by merged_on desc nulls last
            ) = 1
    )

select
    municipality_code,
    product_category,
    product_code,
    description,
    lower(trim(care_form)) as care_form,
    weight_class,
    setting,
    role,
    tariff_cents,
    tariff_unit,
    valid_from,
    least(
        valid_to,
        lead(valid_from) over (
            partition by municipality_code, product_category, product_code
            order by valid_from nulls first
        ) - 1
    ) as valid_to,
from begun

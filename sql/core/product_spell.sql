/*
description = "What a product meant and cost at a municipality through time"
grain = "one row per municipality, category, code and stretch in which nothing changes"
key = ["municipality_code", "product_category", "product_code", "from_day"]
steps = [
    "take the products that occur in indications and declarations",
    "cut time where a product, or the category it falls back on, begins or ceases to be valid",
    "form, weight and setting as in core.indication: product of the municipality, else of all municipalities, else the category of the municipality, else of all",
    "the price is that of the first of these that has one with a unit that is known",
    "a category without a product gets its default weight and form (core.product_category)",
]
tests = ["unique key", "from_day < until_day", "tariff_cents >= 0"]
seeds = ["DOMAIN 4", "ZKIJ 3.13"]

[columns]
municipality_code = "municipality whose list of products it is, under the code that gave the care"
product_category = "iJw product category"
product_code = "product code; empty for the category as a whole"
from_day = "number of the first day"
until_day = "number of the day after the last"
care_form = "form of care, by default that of the category"
weight_class = "licht, specialistisch or zwaar, by default that of the category"
setting = "where care is given: school, thuis, aanbieder, onbekend; null is unknown"
tariff_cents = "price per unit in eurocents, valid in this stretch; null when there is none"
tariff_unit = "unit of the price"
*/
with
    occurring as (
        select delivered_municipality_code as municipality_code, product_category, coalesce(product_code, '') as product_code
        from core.indication
        where product_category is not null
        union
        select delivered_municipality_code, product_category, coalesce(product_code, '')
        from core.declaration
        where product_category is not null
    ),
    listed as (
        select
            occurring.municipality_code,
            occurring.product_category,
            occurring.product_code,
            case
                when product.product_code is not null and product.municipality_code is not null then 1
                when product.product_code is not null then 2
                when product.municipality_code is not null then 3
                else 4
            end as place,
            product.care_form,
            product.weight_class,
            product.setting,
            case when product.tariff_cents >= 0 then product.tariff_cents end as tariff_cents,
            product.tariff_unit,
            day_number(coalesce(product.valid_from, date '1900-01-01')) as from_day,
            until_day(product.valid_to) as until_day
        from occurring
        inner join core.product as product on occurring.product_category = product.product_category
        where
            (product.municipality_code is null or product.municipality_code = occurring.municipality_code)
            and (product.product_code is null or product.product_code = occurring.product_code)
    ),
    boundary as (
        select municipality_code, product_category, product_code, day_number(date '1900-01-01') as day
        from occurring
        union
        select municipality_code, product_category, product_code, from_day
        from listed
        union
        select municipality_code, product_category, product_code, until_day
        from listed
        where until_day < 2932896
    ),
    stretch as (
        select
            municipality_code,
            product_category,
            product_code,
            day as from_day,
            coalesce(
                lead(day) over (partition by municipality_code, product_category, product_code order by day),
                2932896
            ) as until_day
        from boundary
    ),
    valid as (
        select
            stretch.municipality_code,
            stretch.product_category,
            stretch.product_code,
            stretch.from_day,
            stretch.until_day,
            listed.place,
            listed.care_form,
            listed.weight_class,
            listed.setting,
            listed.tariff_cents,
            listed.tariff_unit,
            case when listed.tariff_cents is not null and tariff_class(listed.tariff_unit) is not null then listed.place end as priced_place
        from stretch
        left join listed
            on stretch.municipality_code = listed.municipality_code
            and stretch.product_category = listed.product_category
            and stretch.product_code = listed.product_code
            and stretch.from_day >= listed.from_day
            and stretch.from_day < listed.until_day
    ),
    chosen as (
        select
            municipality_code,
            product_category,
            product_code,
            from_day,
            until_day,
            coalesce(
                max(case when place = 1 then care_form end),
                max(case when place = 2 then care_form end),
                max(case when place = 3 then care_form end),
                max(case when place = 4 then care_form end)
            ) as care_form,
            coalesce(
                max(case when place = 1 then weight_class end),
                max(case when place = 2 then weight_class end),
                max(case when place = 3 then weight_class end),
                max(case when place = 4 then weight_class end)
            ) as weight_class,
            coalesce(
                max(case when place = 1 then setting end),
                max(case when place = 2 then setting end),
                max(case when place = 3 then setting end),
                max(case when place = 4 then setting end)
            ) as setting,
            min(priced_place) as priced_place
        from valid
        group by municipality_code, product_category, product_code, from_day, until_day
    )

select
    chosen.municipality_code,
    chosen.product_category,
    chosen.product_code,
    chosen.from_day,
    chosen.until_day,
    coalesce(chosen.care_form, fallback.care_form) as care_form,
    coalesce(chosen.weight_class, fallback.weight_class) as weight_class,
    chosen.setting,
    price.tariff_cents,
    price.tariff_unit
from chosen
left join valid as price
    on chosen.municipality_code = price.municipality_code
    and chosen.product_category = price.product_category
    and chosen.product_code = price.product_code
    and chosen.from_day = price.from_day
    and chosen.priced_place = price.priced_place
left join core.product_category as fallback on chosen.product_category = fallback.product_category

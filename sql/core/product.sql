/*
description = "Products with the time their meaning and price were valid"
grain = "one row per municipality, category, code and interval of validity"
key = ["municipality_code", "product_category", "product_code", "valid_from"]
steps = ["take the products as they stand"]
tests = ["unique key"]
seeds = ["DOMAIN 4"]

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
select
    municipality_code,
    product_category,
    product_code,
    description,
    care_form,
    weight_class,
    setting,
    role,
    tariff_cents,
    tariff_unit,
    valid_from,
    valid_to
from staging.product

/*
description = "Default form and weight of care per iJw product category, where the product list says nothing"
grain = "one row per product category"
key = ["product_category"]
steps = [
    "take the code list; own proposal, after the hints in the information protocol of CBS",
    "null where the category says too little",
]
tests = ["unique key"]
seeds = ["CATALOGUE 0", "DOMAIN 5"]

[columns]
product_category = "iJw product category"
care_form = "form of care as CBS names it, as far as the category tells"
weight_class = "licht, specialistisch or zwaar"
sector = "sector: jeugdhulp, ggz, verblijf, bescherming or overig"
*/
select
    code as product_category,
    care_form,
    weight_class,
    sector
from seeds.product_category

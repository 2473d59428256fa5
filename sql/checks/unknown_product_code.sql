/*
label = "Productcode staat niet in de productlijst"
description = "Product codes of indications that the product list does not name, with what hangs on them"
severity = "warning"
family = "conformance"
total = "select count(*) from core.indication where law = 'jeugdwet' and product_code is not null"
threshold = { share = 0.02 }
count = "records"
needs = ["core.indication", "core.product"]
affects = ["unknown_share", "care_form_mix", "heavy_share", "care_cost", "cost_per_client"]
tags = ["unknown", "products"]
how_to_read = """
Deze productcodes staan niet in de productlijst voor die gemeente, of niet op de dag dat de indicatie begon. Soort hulp,
zwaarte en prijs zijn dan die van de hele categorie, of onbekend. Vul producten.csv aan, te beginnen met de codes waar
de meeste indicaties op staan. Dezelfde code kan bij een andere gemeente iets anders betekenen.
"""

[columns]
municipality_code = "responsible municipality"
product_category = "iJw product category"
product_code = "product code"
records = "indications with this code"
hours_per_week = "their hours a week together; null when none has hours"
budget_cents = "their budgets together, in eurocents; null when none has one"
*/
select
    i.municipality_code,
    i.product_category,
    i.product_code,
    count(*) as records,
    round(sum(i.hours_per_week), 1) as hours_per_week,
    cast(sum(i.budget_cents) as bigint) as budget_cents,
from core.indication as i
where
    i.law = 'jeugdwet'
    and i.product_code is not null
    and not exists (
        select 1
        from core.product as p
        where
            p.product_code = i.product_code
            and p.product_category = i.product_category
            and coalesce(p.municipality_code, i.delivered_municipality_code) = i.delivered_municipality_code
            and i.start_date >= coalesce(p.valid_from, date '1900-01-01')
            and i.start_date <= coalesce(p.valid_to, date '9999-12-31')
    )
group by i.municipality_code, i.product_category, i.product_code

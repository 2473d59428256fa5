/*
label = "Dezelfde regel meer keren geleverd"
description = "Indications and declarations of which the very same content came in more than once"
severity = "note"
family = "plausibility"
total = "select (select count(*) from raw.indications) + (select count(*) from raw.declarations)"
threshold = { share = 0.1 }
count = "copies"
needs = ["meta.file"]
tags = ["landing"]
how_to_read = """
Deze regels zijn woordelijk gelijk meer dan één keer geleverd. Dat is geen fout in de cijfers: een herhaalde regel
telt één keer. Levert een gemeente elke keer haar volledige lijst, dan is dit normaal en kan de grens omhoog. Is dat
niet zo, vraag dan of een bestand per ongeluk opnieuw is gestuurd.
"""

[columns]
kind = "kind of input"
municipality_code = "responsible municipality"
record_key = "number of the indication, or number and reference of the declaration"
copies = "records beyond the first"
files = "number of files the record occurs in"
*/
with
    record as (
        select
            'indications' as kind,
            municipality_code,
            allocation_number as record_key,
            file_id,
            hash(
                child_id, provider_id, product_category, product_code, decided_on, decided_time, start_date,
                end_date, change_reason, volume, unit, frequency, budget_cents, referrer, delivery_form, law
            ) as content,
        from raw.indications
        union all
        select
            'declarations',
            municipality_code,
            concat(declaration_number, ' ', reference_number),
            file_id,
            hash(
                child_id, provider_id, previous_reference, allocation_number, product_category, product_code,
                start_date, end_date, volume, unit, amount_cents, debit_credit
            ),
        from raw.declarations
    )

select
    kind,
    municipality_code,
    record_key,
    count(*) - 1 as copies,
    count(distinct file_id) as files,
from record
group by kind, municipality_code, record_key, content
having count(*) > 1

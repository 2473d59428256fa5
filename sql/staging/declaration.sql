/*
description = "Declared lines as they stand, credits negative"
grain = "one row per provider, declaration, child, reference and reference of the line it corrects"
key = ["provider_id", "declaration_number", "child_id", "reference_number", "previous_reference"]
steps = [
    "leave out what an answer rejected: it counts as not sent",
    "the newest delivery of a key wins",
    "a credit line (C) counts negative, in money and in volume",
]
seeds = ["DOMAIN 3"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
declaration_number = "number of the declaration"
child_id = "pseudonym of the child"
reference_number = "reference of the line"
previous_reference = "reference of the line that this one corrects"
allocation_number = "number of the indication"
product_category = "iJw product category"
product_code = "product code"
start_date = "first day of the product period"
end_date = "last day of the product period"
volume = "volume delivered; negative for a credit"
unit = "iJw unit"
amount_cents = "amount in eurocents; negative for a credit"
*/
select
    file_id,
    line,
    municipality_code,
    provider_id,
    declaration_number,
    child_id,
    reference_number,
    previous_reference,
    allocation_number,
    product_category,
    product_code,
    start_date,
    end_date,
    case when upper(debit_credit) = 'C' then -abs(volume) else volume end as volume,
    unit,
    case when upper(debit_credit) = 'C' then -abs(amount_cents) else amount_cents end as amount_cents,
from raw.declarations as record
anti join staging.rejection as rejection
    on rejection.file_id = record.file_id
    and holds_for(rejection.child_id, record.child_id)
    and holds_for(rejection.allocation_number, record.allocation_number)
    and holds_for(rejection.reference, record.reference_number)
    and holds_for(rejection.product_category, record.product_category)
    and holds_for(rejection.product_code, record.product_code)
    and holds_for(rejection.start_date, record.start_date)
    and holds_for(rejection.end_date, record.end_date)
where
    child_id is not null
    and end_date >= start_date
qualify
    row_number() over (
        partition by provider_id, declaration_number, child_id, reference_number, previous_reference
        order by delivery_order(file_id, line) desc
    ) = 1

/*
description = "Declared lines as they stand, credits negative"
grain = "one row per provider, declaration, child, reference and reference of the line it corrects"
key = ["provider_id", "declaration_number", "child_id", "reference_number", "previous_reference"]
steps = [
    "leave out what an answer rejected: it counts as not sent",
    "the newest delivery of a key wins",
    "a credit line (C) counts negative, in money and in volume",
    "a municipality that went on under another code is that code; a number that was handed over is that of the whole indication",
]
seeds = ["DOMAIN 3"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality, as it is now"
delivered_municipality_code = "code under which the indication of the number stands; without one the code delivered"
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
    record.file_id,
    record.line,
    coalesce(merger.later_code, record.municipality_code) as municipality_code,
    coalesce(home.home_code, record.municipality_code) as delivered_municipality_code,
    record.provider_id,
    record.declaration_number,
    record.child_id,
    record.reference_number,
    record.previous_reference,
    coalesce(home.home_number, record.allocation_number) as allocation_number,
    record.product_category,
    record.product_code,
    record.start_date,
    record.end_date,
    case when upper(debit_credit) = 'C' then -abs(volume) else volume end as volume,
    unit,
    case when upper(debit_credit) = 'C' then -abs(amount_cents) else amount_cents end as amount_cents,
from raw.declarations as record
left join staging.merger as merger
    on record.municipality_code = merger.municipality_code
    and merger.is_current
left join staging.allocation as home
    on record.municipality_code = home.municipality_code
    and record.child_id = home.child_id
    and record.allocation_number = home.allocation_number
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
    record.child_id is not null
    and record.end_date >= record.start_date
qualify
    row_number() over (
        partition by
            record.provider_id,
            record.declaration_number,
            record.child_id,
            record.reference_number,
            record.previous_reference
        order by delivery_order(record.file_id, record.line) desc
    ) = 1

/*
description = "Requests for an allocation, with who referred (JW315)"
grain = "one row per municipality, provider, reference, child and product"
key = ["municipality_code", "provider_id", "provider_reference", "child_id", "product_category", "product_code"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["OZG 4.14"]

[columns]
municipality_code = "responsible municipality"
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
birth_month = "first day of the month of birth"
sex = "m, f or x"
provider_id = "AGB of the provider"
provider_reference = "reference of the provider's request"
product_category = "iJw product category"
product_code = "product code"
applied_on = "day of the request"
requested_start = "requested first day"
requested_end = "requested last day"
volume = "volume"
unit = "iJw unit"
frequency = "iJw frequency"
budget_cents = "budget in eurocents"
referrer = "iJw referrer"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.municipality_code,
    record.child_id,
    child.child_key,
    record.birth_month,
    record.sex,
    record.provider_id,
    record.provider_reference,
    record.product_category,
    record.product_code,
    record.applied_on,
    record.requested_start,
    record.requested_end,
    record.volume,
    record.unit,
    record.frequency,
    record.budget_cents,
    record.referrer,
    record.file_id as source_file_id,
    record.line as source_line
from staging.referral as record
left join core.child as child on record.child_id = child.child_id

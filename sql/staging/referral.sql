/*
description = "Requests for an allocation, with who referred (JW315), as they stand"
grain = "one row per municipality, provider, reference, child and product"
key = ["municipality_code", "provider_id", "provider_reference", "child_id", "product_category", "product_code"]
steps = [
    "leave out what a retour rejected: it counts as not sent",
    "a municipality that went on under another code is that code",
    "the newest delivery of a key wins",
    "leave out records that end before they start",
]
seeds = ["OZG 4.14"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality"
child_id = "pseudonym of the child"
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
*/
with
    linked as (
        select
            record.* replace (
                coalesce(link.person_id, record.child_id) as child_id,
                coalesce(merger.later_code, record.municipality_code) as municipality_code
            ),
        from raw.referrals as record
        left join raw.child_link as link on record.child_id = link.child_id
        left join staging.merger as merger
            on record.municipality_code = merger.municipality_code
            and merger.is_current
        anti join staging.rejection as rejection
            on rejection.file_id = record.file_id
            and holds_for(rejection.child_id, record.child_id)
            and holds_for(rejection.reference, record.provider_reference)
            and holds_for(rejection.product_category, record.product_category)
            and holds_for(rejection.product_code, record.product_code)
            and holds_for(rejection.start_date, record.requested_start)
            and holds_for(rejection.end_date, record.requested_end)
    )

select
    file_id,
    line,
    municipality_code,
    child_id,
    birth_month,
    sex,
    provider_id,
    provider_reference,
    product_category,
    product_code,
    applied_on,
    requested_start,
    requested_end,
    volume,
    unit,
    frequency,
    budget_cents,
    referrer,
from linked
where (requested_end is null or requested_end >= requested_start)
qualify
    row_number() over (
        partition by municipality_code, provider_id, provider_reference, child_id, product_category, product_code
        order by delivery_order(file_id, line) desc
    ) = 1

/*
description = "Every version of every indication as delivered, with its defaults filled in"
grain = "one row per delivered record"
key = ["record_key"]
steps = [
    "leave out what a retour rejected: it counts as not sent",
    "a child that linkage found again gets the pseudonym of that person",
    "an empty law is jeugdwet, an empty delivery form is zin",
    "the stamp of a version is the decision date and time; a missing date is the start date, a missing time 00:00",
    "a version is deleted when the reason is 13 (before April 2022: 01) and the end is the start",
]
seeds = ["DOMAIN 2.2", "DOMAIN 2.3"]
materialized = "view"

[columns]
record_key = "number of the record in raw.indications"
file_id = "delivery of the record"
line = "first line of the record in that delivery"
child_id = "pseudonym of the child"
municipality_code = "responsible municipality"
law = "law under which care is given; only jeugdwet counts"
allocation_number = "number, unique within municipality and law"
provider_id = "AGB of the provider"
product_category = "iJw product category"
product_code = "product code of the municipality"
applied_on = "day of application"
decided_on = "day of decision as delivered; null when it was not"
decided_at = "stamp of this version"
start_date = "first day"
end_date = "last day as assigned; null is open"
change_reason = "iJw reason of change"
volume = "volume in units per frequency"
unit = "iJw unit"
frequency = "iJw frequency"
budget_cents = "budget in eurocents"
referrer = "iJw referrer"
provider_reference = "reference of the provider's request"
delivery_form = "zin or pgb"
is_deleted = "whether this version says that the indication never existed"
content = "hash of what the version says, to tell a repetition from a conflict"
*/
with
    linked as (
        select
            record.* replace (coalesce(link.person_id, record.child_id) as child_id),
            record.rowid as record_key,
        from raw.indications as record
        left join raw.child_link as link on record.child_id = link.child_id
        anti join staging.rejection as rejection
            on rejection.file_id = record.file_id
            and holds_for(rejection.child_id, record.child_id)
            and holds_for(rejection.allocation_number, record.allocation_number)
            and holds_for(rejection.reference, record.provider_reference)
            and holds_for(rejection.product_category, record.product_category)
            and holds_for(rejection.product_code, record.product_code)
            and holds_for(rejection.start_date, record.start_date)
            and holds_for(rejection.end_date, record.end_date)
    ),
    stamped as (
        select
            *,
            coalesce(nullif(lower(trim(law)), ''), 'jeugdwet') as any_law,
            coalesce(decided_on, start_date) + coalesce(decided_time, time '00:00') as decided_at,
        from linked
        where child_id is not null
    )

select
    record_key,
    file_id,
    line,
    child_id,
    municipality_code,
    any_law as law,
    allocation_number,
    provider_id,
    product_category,
    nullif(trim(product_code), '') as product_code,
    applied_on,
    decided_on,
    decided_at,
    start_date,
    end_date,
    change_reason,
    volume,
    unit,
    nullif(ltrim(trim(frequency), '0'), '') as frequency,
    budget_cents,
    referrer,
    provider_reference,
    coalesce(delivery_form, 'zin') as delivery_form,
    coalesce(
        end_date = start_date
        and (change_reason = '13' or (change_reason = '01' and decided_at < timestamp '2022-04-01')),
        false
    ) as is_deleted,
    cast(
        hash(
            child_id,
            provider_id,
            product_category,
            product_code,
            start_date,
            end_date,
            change_reason,
            volume,
            unit,
            frequency,
            budget_cents,
            delivery_form
        ) // 2 as bigint
    ) as content,
from stamped

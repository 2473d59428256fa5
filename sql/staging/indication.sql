/*
description = "The indications that count as assigned: the latest version of every number, without deleted ones"
grain = "one row per municipality, law and number"
key = ["municipality_code", "law", "allocation_number"]
steps = [
    "rank the versions of a number by stamp; of equal stamps the later delivery comes first",
    "keep the first; leave it out when it is deleted or ends before it starts",
    "a version without referrer or reference inherits that of the latest version that has one",
    "the ranking is done on the few columns it needs: sorting whole records takes three times as long",
]
seeds = ["DOMAIN 2.2", "METRICS 10"]

[columns]
indication_key = "number of the indication"
file_id = "delivery of the version that counts"
line = "its first line"
child_id = "pseudonym of the child"
municipality_code = "responsible municipality as delivered: numbers are unique within it"
law = "law"
allocation_number = "number, unique within municipality and law"
provider_id = "AGB of the provider"
product_category = "iJw product category"
product_code = "product code of the municipality"
applied_on = "day of application"
decided_at = "stamp of the version that counts"
start_date = "first day"
end_date = "last day as assigned; null is open"
change_reason = "iJw reason of change"
volume = "volume in units per frequency"
unit = "iJw unit"
frequency = "iJw frequency"
budget_cents = "budget in eurocents"
delivery_form = "zin or pgb"
first_decided_at = "stamp of the first version"
first_decided_on = "earliest day of decision that was delivered; null without one"
versions = "number of delivered records of this number"
referrer = "iJw referrer"
provider_reference = "reference of the provider's request"
*/
with
    ranked as (
        select
            record_key,
            row_number() over newest as version_rank,
            count(*) over newest as versions,
            min(decided_at) over newest as first_decided_at,
            min(decided_on) over newest as first_decided_on,
            first_value(referrer ignore nulls) over newest as any_referrer,
            first_value(provider_reference ignore nulls) over newest as any_reference,
        from staging.indication_version
        window
            newest as (
                partition by municipality_code, law, allocation_number
                order by decided_at desc, delivery_order(file_id, line) desc
                rows between unbounded preceding and unbounded following
            )
    )

select
    version.record_key as indication_key,
    version.* exclude (record_key, is_deleted, content, decided_on, referrer, provider_reference),
    ranked.first_decided_at,
    ranked.first_decided_on,
    ranked.versions,
    ranked.any_referrer as referrer,
    ranked.any_reference as provider_reference,
from ranked
inner join staging.indication_version as version on ranked.record_key = version.record_key
where
    ranked.version_rank = 1
    and not version.is_deleted
    and (version.end_date is null or version.end_date >= version.start_date)

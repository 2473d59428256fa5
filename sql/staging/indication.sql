/*
description = "The indications that count as assigned: the latest version of every number, without deleted ones"
grain = "one row per municipality, law and number"
key = ["municipality_code", "law", "allocation_number"]
steps = [
    "keep the version that counts (see staging.indication_version)",
    "leave out deleted indications and those that end before they start",
    "number them in the order of delivery",
]
seeds = ["DOMAIN 2.2", "METRICS 10"]

[columns]
indication_key = "number of the indication, from 1"
file_id = "delivery of the version that counts"
line = "its first line"
child_id = "pseudonym of the child"
municipality_code = "responsible municipality"
law = "law"
allocation_number = "number, unique within municipality and law"
provider_id = "AGB of the provider"
product_category = "iJw product category"
product_code = "product code of the municipality"
applied_on = "day of application"
decided_at = "stamp of the version that counts"
first_decided_at = "stamp of the first version"
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
versions = "number of delivered records of this number"
*/
select
    cast(
        row_number() over (order by file_id, line, municipality_code, law, allocation_number) as integer
    ) as indication_key,
    * exclude (version_rank, is_deleted, content),
from staging.indication_version
where version_rank = 1 and not is_deleted and (end_date is null or end_date >= start_date)

/*
description = "Deliveries of care: what was started and stopped"
grain = "one row per municipality, child, provider, number, product and start"
key = [
    "delivered_municipality_code", "child_id", "provider_id", "allocation_number", "product_category", "product_code", "start_date",
]
steps = ["take the deliveries as they stand", "look up the number of the child"]
tests = ["unique key"]
seeds = ["DOMAIN 2.5"]

[columns]
municipality_code = "responsible municipality, as it is now"
delivered_municipality_code = "code under which the indication of the number stands; without one that of now"
child_id = "pseudonym of the child"
child_key = "number of the child"
provider_id = "AGB of the provider"
allocation_number = "number of the indication; null for task-funded care"
product_category = "iJw product category"
product_code = "product code"
start_date = "first day of care"
end_date = "last day of care; null is running"
end_reason = "iJw reason of ending; 20 is temporary"
worker_id = "pseudonym of the professional"
hours_delivered = "hours delivered"
source_file_id = "newest delivery of the record"
source_line = "its first line"
*/
select
    delivery.municipality_code,
    delivery.delivered_municipality_code,
    delivery.child_id,
    child.child_key,
    delivery.provider_id,
    delivery.allocation_number,
    delivery.product_category,
    delivery.product_code,
    delivery.start_date,
    delivery.end_date,
    delivery.end_reason,
    delivery.worker_id,
    delivery.hours_delivered,
    delivery.file_id as source_file_id,
    delivery.line as source_line
from staging.delivery as delivery
inner join core.child as child on delivery.child_id = child.child_id

/*
description = "Deliveries of care (start and stop messages) as they stand"
grain = "one row per municipality, child, provider, number, product and start"
key = [
    "municipality_code", "child_id", "provider_id", "allocation_number", "product_category", "product_code", "start_date",
]
steps = [
    "a record without an end is a start, one with an end a stop; both carry the key of the start",
    "within one file a deletion (status 3) comes before an addition; later files come later",
    "the last word on a start and on each stop (start, reason, end) decides whether it stands",
    "of the stops that stand a definitive one goes before a temporary one (reason 20), then the later delivery",
    "a delivery stands when its start or one of its stops stands",
]
seeds = ["DOMAIN 2.5"]
materialized = "view"

[columns]
municipality_code = "responsible municipality"
child_id = "pseudonym of the child"
provider_id = "AGB of the provider"
allocation_number = "number of the indication; null for task-funded care"
product_category = "iJw product category"
product_code = "product code"
start_date = "first day of care"
end_date = "last day of care; null is running"
end_reason = "iJw reason of ending; 20 is temporary"
worker_id = "pseudonym of the professional"
hours_delivered = "hours delivered"
file_id = "newest delivery of the record"
line = "its first line"
*/
with
    word as (
        select
            *,
            delivery_order(file_id, line) as delivered,
            row_number() over (
                partition by
                    municipality_code,
                    child_id,
                    provider_id,
                    allocation_number,
                    product_category,
                    product_code,
                    start_date,
                    end_date,
                    case when end_date is not null then end_reason end
                order by file_id desc, coalesce(delivery_status, '1') = '3', line desc
            ) as last_word,
        from raw.deliveries
        where child_id is not null and (end_date is null or end_date >= start_date)
    ),
    standing as (
        select *
        from word
        where last_word = 1 and coalesce(delivery_status, '1') <> '3'
    )

select
    municipality_code,
    child_id,
    provider_id,
    allocation_number,
    product_category,
    product_code,
    start_date,
    end_date,
    end_reason,
    last_value(worker_id ignore nulls) over same_start as worker_id,
    last_value(hours_delivered ignore nulls) over same_start as hours_delivered,
    file_id,
    line,
from standing
window
    same_start as (
        partition by
            municipality_code,
            child_id,
            provider_id,
            allocation_number,
            product_category,
            product_code,
            start_date
        order by delivered
        rows between unbounded preceding and unbounded following
    )
qualify
    row_number() over (
        partition by
            municipality_code,
            child_id,
            provider_id,
            allocation_number,
            product_category,
            product_code,
            start_date
        order by
            case when end_date is null then 2 when end_reason = '20' then 1 else 0 end,
            delivered desc
    ) = 1

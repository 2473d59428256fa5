/*
description = "Deliveries of care (start and stop messages) as they stand"
grain = "one row per municipality, child, provider, number, product and start"
key = [
    "delivered_municipality_code", "child_id", "provider_id", "allocation_number", "product_category", "product_code", "start_date",
]
steps = [
    "leave out what a retour rejected: it counts as not sent",
    "a municipality that went on under another code is that code; a number that was handed over is that of the whole indication",
    "a record without an end is a start, one with an end a stop; both carry the key of the start",
    "words are in the order of the dates of their messages, then of delivery; files that are no messages come first",
    "within one file a deletion (status 3) comes before an addition",
    "the last word on a start and on each stop (start, reason, end) decides whether it stands",
    "of the stops that stand a definitive one goes before a temporary one (reason 20), then the later delivery",
    "a delivery stands when its start or one of its stops stands",
]
seeds = ["DOMAIN 2.5"]
materialized = "view"

[columns]
municipality_code = "responsible municipality, as it is now"
delivered_municipality_code = "code under which the indication of the number stands; without one that of now"
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
            record.* replace (
                coalesce(merger.later_code, record.municipality_code) as municipality_code,
                coalesce(home.home_number, record.allocation_number) as allocation_number
            ),
            coalesce(home.home_code, merger.later_code, record.municipality_code) as delivered_municipality_code,
            coalesce(message.dated_on, date '1900-01-01') as dated_on,
            delivery_order(record.file_id, record.line) as delivered,
            row_number() over (
                partition by
                    coalesce(home.home_code, merger.later_code, record.municipality_code),
                    record.child_id,
                    record.provider_id,
                    coalesce(home.home_number, record.allocation_number),
                    record.product_category,
                    record.product_code,
                    record.start_date,
                    record.end_date,
                    case when record.end_date is not null then record.end_reason end
                order by
                    coalesce(message.dated_on, date '1900-01-01') desc,
                    record.file_id desc,
                    coalesce(record.delivery_status, '1') = '3',
                    record.line desc
            ) as last_word,
        from raw.deliveries as record
        left join raw.message as message on record.file_id = message.file_id
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
            and holds_for(rejection.product_category, record.product_category)
            and holds_for(rejection.product_code, record.product_code)
            and holds_for(rejection.start_date, record.start_date)
            and holds_for(rejection.end_date, record.end_date)
            and holds_for(rejection.delivery_status, record.delivery_status)
        where
            record.child_id is not null
            and (record.end_date is null or record.end_date >= record.start_date)
    ),
    standing as (
        select *
        from word
        where last_word = 1 and coalesce(delivery_status, '1') <> '3'
    )

select
    municipality_code,
    delivered_municipality_code,
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
            delivered_municipality_code,
            child_id,
            provider_id,
            allocation_number,
            product_category,
            product_code,
            start_date
        order by dated_on, delivered
        rows between unbounded preceding and unbounded following
    )
qualify
    row_number() over (
        partition by
            delivered_municipality_code,
            child_id,
            provider_id,
            allocation_number,
            product_category,
            product_code,
            start_date
        order by
            case when end_date is null then 2 when end_reason = '20' then 1 else 0 end,
            dated_on desc,
            delivered desc
    ) = 1

/*
description = "What retours rejected: whole messages and single products, which count as not sent"
grain = "one row per delivered message and thing that was rejected in it"
key = [
    "file_id", "message_level", "child_id", "allocation_number", "reference", "product_category", "product_code",
    "start_date", "end_date", "delivery_status",
]
steps = [
    "find the message that a retour answers: same kind, parties, identification and date (when the retour names one)",
    "code 0001 rejects the whole message, wherever in the retour it stands; when the retour came in does not matter",
    "another code on a product rejects that product: a retour lists what was rejected, and 0200 (no remark), 0233 (not judged) and 8001 (granted in full) are no rejections",
    "codes on a client or on the message as a whole leave it standing, but for 0001",
    "what a retour does not say of a product is empty, and holds for all products of the message",
]
tests = ["not null file_id, message_level"]
seeds = ["DOMAIN 2.2"]

[columns]
file_id = "delivery of the message that was answered"
message_name = "iJw message"
municipality_code = "municipality on one end"
provider_id = "AGB of the provider on the other end"
message_id = "identification of the message"
message_level = "bericht or product"
child_id = "pseudonym of the child of the product; null: any"
allocation_number = "number of the indication; null: any"
reference = "reference of the request, or of the declared line; null: any"
product_category = "iJw product category; null: any"
product_code = "product code; null: any"
start_date = "first day of the product; null: any"
end_date = "last day of the product; null: any"
delivery_status = "status of a start or stop; null: any"
rejected_on = "day of the first retour that rejects it"
*/
with
    answer as (
        select
            *,
            upper(trim(message_name)) as answered_name,
            case when return_code = '0001' then 'bericht' else message_level end as rejected_level,
        from raw.retours
        where
            return_code = '0001'
            or (
                message_level = 'product'
                and return_code not in ('0200', '0233', '8001')
                and coalesce(allocation_number, reference, cast(start_date as varchar)) is not null
            )
    )

select
    message.file_id,
    message.message_name,
    message.municipality_code,
    message.provider_id,
    message.message_id,
    answer.rejected_level as message_level,
    case when answer.rejected_level = 'product' then answer.child_id end as child_id,
    case when answer.rejected_level = 'product' then answer.allocation_number end as allocation_number,
    case when answer.rejected_level = 'product' then answer.reference end as reference,
    case when answer.rejected_level = 'product' then answer.product_category end as product_category,
    case when answer.rejected_level = 'product' then answer.product_code end as product_code,
    case when answer.rejected_level = 'product' then answer.start_date end as start_date,
    case when answer.rejected_level = 'product' then answer.end_date end as end_date,
    case when answer.rejected_level = 'product' then answer.delivery_status end as delivery_status,
    min(answer.answered_on) as rejected_on,
from answer
inner join raw.message as message
    on answer.answered_name = message.message_name
    and answer.municipality_code = message.municipality_code
    and answer.provider_id = message.provider_id
    and answer.message_id = message.message_id
    and coalesce(answer.dated_on = message.dated_on, true)
group by all

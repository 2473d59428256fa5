/*
description = "Requests for a change and their answers (JW317, JW319), as they stand"
grain = "one row per record; equal records of one file all count"
key = ["file_id", "line"]
steps = [
    "leave out messages that a retour rejected: they count as not sent",
    "a record that comes again in another file counts once; equal records within one file are numbered and all count",
]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
message_name = "iJw message"
provider_reference = "reference of the provider's request"
dated_on = "day of the message"
request_reason = "reason of the request"
answer = "answer"
rejection_reason = "reason of rejection"
*/
with
    numbered as (
        select
            *,
            row_number() over (
                partition by
                    file_id,
                    municipality_code,
                    provider_id,
                    message_name,
                    provider_reference,
                    dated_on,
                    request_reason,
                    answer,
                    rejection_reason
                order by line
            ) as occurrence,
        from raw.requests
        where file_id not in (select file_id from staging.rejection where message_level = 'bericht')
    )

select
    file_id,
    line,
    municipality_code,
    provider_id,
    message_name,
    provider_reference,
    dated_on,
    request_reason,
    answer,
    rejection_reason,
from numbered
qualify
    row_number() over (
        partition by
            occurrence,
            municipality_code,
            provider_id,
            message_name,
            provider_reference,
            dated_on,
            request_reason,
            answer,
            rejection_reason
        order by delivery_order(file_id, line) desc
    ) = 1

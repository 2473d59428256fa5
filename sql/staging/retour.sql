/*
description = "Return messages and their codes, as they stand"
grain = "one row per record; equal records of one file all count"
key = ["file_id", "line"]
steps = [
    "a record that comes again in another file counts once; equal records within one file are numbered and all count",
]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
message_name = "iJw message"
message_id = "identification of the message that is answered"
dated_on = "day of the message that is answered"
answered_on = "day of the answer"
message_level = "bericht, client or product"
allocation_number = "number of the indication"
reference = "reference of the request, or of the declared line"
return_code = "iJw return code"
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
                    message_id,
                    dated_on,
                    answered_on,
                    message_level,
                    allocation_number,
                    reference,
                    return_code
                order by line
            ) as occurrence,
        from raw.retours
    )

select
    file_id,
    line,
    municipality_code,
    provider_id,
    message_name,
    message_id,
    dated_on,
    answered_on,
    message_level,
    allocation_number,
    reference,
    return_code,
from numbered
qualify
    row_number() over (
        partition by
            occurrence,
            municipality_code,
            provider_id,
            message_name,
            message_id,
            dated_on,
            answered_on,
            message_level,
            allocation_number,
            reference,
            return_code
        order by delivery_order(file_id, line) desc
    ) = 1

/*
description = "Requests for a change and their answers (JW317, JW319)"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = ["take the records as they stand", "a municipality that went on under another code is that code"]
tests = ["unique key"]

[columns]
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
message_name = "iJw message"
provider_reference = "reference of the provider's request"
dated_on = "day of the message"
request_reason = "reason of the request"
answer = "answer"
rejection_reason = "reason of rejection"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    coalesce(merger.later_code, record.municipality_code) as municipality_code,
    record.provider_id,
    record.message_name,
    record.provider_reference,
    record.dated_on,
    record.request_reason,
    record.answer,
    record.rejection_reason,
    record.file_id as source_file_id,
    record.line as source_line
from staging.request as record
left join staging.merger as merger
    on record.municipality_code = merger.municipality_code
    and merger.is_current

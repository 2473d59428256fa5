/*
description = "Return messages and their codes"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = ["take the records as they stand", "a municipality that went on under another code is that code"]
tests = ["unique key"]

[columns]
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
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    coalesce(merger.later_code, record.municipality_code) as municipality_code,
    record.provider_id,
    record.message_name,
    record.message_id,
    record.dated_on,
    record.answered_on,
    record.message_level,
    record.allocation_number,
    record.reference,
    record.return_code,
    record.file_id as source_file_id,
    record.line as source_line
from staging.retour as record
left join staging.merger as merger
    on record.municipality_code = merger.municipality_code
    and merger.is_current

/*
description = "Which kinds of input were delivered; a metric without its input is not available"
grain = "one row per kind"
key = ["kind"]
steps = ["take the counts", "a kind is delivered when it has at least one record"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
kind = "kind of input"
records = "number of records"
is_delivered = "whether at least one record was delivered"
*/
select
    kind,
    records,
    records > 0 as is_delivered
from staging.source

/*
description = "Which inputs were delivered: kinds, and columns that may be left out"
grain = "one row per kind, and per optional column that a metric needs"
key = ["kind"]
steps = ["take the counts", "a kind is delivered when it has a record, a column when a record fills it"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
kind = "kind of input, or kind.column"
records = "number of records; of a column those that fill it"
is_delivered = "whether there is at least one"
*/
select
    kind,
    records,
    records > 0 as is_delivered
from staging.source
union all
select kind, records, records > 0
from staging.source_column

/*
description = "Budgets of initiatives"
grain = "one row per initiative, item, payer and year"
key = ["initiative_id", "item", "actor", "year"]
steps = ["take the records as they stand"]
tests = ["unique key"]
seeds = ["OT3 2.28"]

[columns]
initiative_id = "initiative"
item = "budget item"
actor = "who pays"
year = "year"
budgeted_cents = "budget in eurocents"
expected_cents = "expected, in eurocents"
realised_cents = "realised, in eurocents"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.initiative_id,
    record.item,
    record.actor,
    record.year,
    record.budgeted_cents,
    record.expected_cents,
    record.realised_cents,
    record.file_id as source_file_id,
    record.line as source_line
from staging.budget as record

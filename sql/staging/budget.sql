/*
description = "Budgets of initiatives, as they stand"
grain = "one row per initiative, item, payer and year"
key = ["initiative_id", "item", "actor", "year"]
steps = ["the newest delivery of a key wins"]
seeds = ["OT3 2.28"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
initiative_id = "initiative"
item = "budget item"
actor = "who pays"
year = "year"
budgeted_cents = "budget in eurocents"
expected_cents = "expected, in eurocents"
realised_cents = "realised, in eurocents"
*/
select
    file_id,
    line,
    initiative_id,
    item,
    actor,
    year,
    budgeted_cents,
    expected_cents,
    realised_cents,
from raw.budgets
qualify
    row_number() over (
        partition by initiative_id, item, actor, year
        order by delivery_order(file_id, line) desc
    ) = 1

/*
description = "Children: the pseudonym at the edges, a dense number inside computations"
grain = "one row per child"
key = ["child_id"]
steps = ["number the children in the order of their pseudonym"]
tests = ["unique key", "not null child_key"]
seeds = ["PRIVACY 2"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child, from 1, in the order of child_id"
birth_month = "first day of the month of birth; age events fall on that day, at most 30 days early"
sex = "m, f or x; null is unknown"
pc4 = "four digits of the postcode"
*/
select
    child_id,
    cast(row_number() over (order by child_id) as integer) as child_key,
    birth_month,
    sex,
    pc4
from staging.child

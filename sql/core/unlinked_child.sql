/*
description = "Children without a usable key: no BSN, and not found again by linkage"
grain = "one row per child"
key = ["child_key"]
steps = ["look up the number of the child"]
tests = ["unique key"]
seeds = ["OT3 2.20"]

[columns]
child_key = "number of the child"
*/
select child.child_key
from staging.unlinked_child as unlinked
inner join core.child as child on unlinked.child_id = child.child_id

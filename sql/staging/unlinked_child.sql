/*
description = "Children without a usable key: no BSN, and not found again by linkage"
grain = "one row per child"
key = ["child_id"]
steps = ["take the children that linkage looked for and did not find"]
seeds = ["2.20"]
materialized = "view"

[columns]
child_id = "pseudonym of the child"
*/
select distinct child_id
from raw.child_link
where tier = 'none'

/*
description = "Versions of one indication with the same stamp but another content; the later delivery counted"
grain = "one row per number and stamp with a conflict"
key = ["municipality_code", "law", "allocation_number", "decided_at"]
steps = ["group the versions by stamp", "keep stamps under which more than one content was delivered"]
tests = ["unique key", "contents > 1"]
seeds = ["DOMAIN 2.2"]

[columns]
municipality_code = "responsible municipality"
law = "law"
allocation_number = "number"
decided_at = "stamp that occurs with more than one content"
contents = "number of different contents"
*/
select
    municipality_code,
    law,
    allocation_number,
    decided_at,
    count(distinct content) as contents,
from staging.indication_version
group by all
having min(content) <> max(content)

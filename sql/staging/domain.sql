/*
description = "Support from other domains than the Jeugdwet, as they stand"
grain = "one row per child, domain and start"
key = ["child_id", "domain", "start_date"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a child",
    "leave out records that end before they start",
]
seeds = ["SAM 1.1"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
domain = "leerplicht, wmo, participatie or veiligheid"
start_date = "first day"
end_date = "last day; null is open"
*/
select
    file_id,
    line,
    child_id,
    domain,
    start_date,
    end_date,
from raw.domains
where child_id is not null and (end_date is null or end_date >= start_date)
qualify
    row_number() over (
        partition by child_id, domain, start_date
        order by delivery_order(file_id, line) desc
    ) = 1

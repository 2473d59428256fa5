/*
description = "Freely accessible help, as they stand"
grain = "one row per record; equal records of one file all count"
key = ["file_id", "line"]
steps = [
    "a record that comes again in another file counts once; equal records within one file are numbered and all count",
    "leave out records without a school",
    "leave out records that end before they start",
]
seeds = ["ZKIJ 3.9"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
school_id = "BRIN6"
role = "role of the worker"
start_date = "first day"
end_date = "last day; null is open"
hours = "hours"
outcome = "outcome as delivered"
insufficient_reason = "why short help was not enough"
*/
with
    linked as (
        select record.* replace (coalesce(link.person_id, record.child_id) as child_id)
        from raw.light_support as record
        left join raw.child_link as link on record.child_id = link.child_id
    ),
    numbered as (
        select
            *,
            row_number() over (
                partition by
                    file_id,
                    child_id,
                    school_id,
                    role,
                    start_date,
                    end_date,
                    hours,
                    outcome,
                    insufficient_reason
                order by line
            ) as occurrence,
        from linked
        where school_id is not null and (end_date is null or end_date >= start_date)
    )

select
    file_id,
    line,
    child_id,
    school_id,
    role,
    start_date,
    end_date,
    hours,
    outcome,
    insufficient_reason,
from numbered
qualify
    row_number() over (
        partition by
            occurrence,
            child_id,
            school_id,
            role,
            start_date,
            end_date,
            hours,
            outcome,
            insufficient_reason
        order by delivery_order(file_id, line) desc
    ) = 1

/*
description = "Under which code and number an indication stands that starts, stops and declarations of merged municipalities name"
grain = "one row per code, child and number that any of them knows"
key = ["municipality_code", "child_id", "allocation_number"]
steps = [
    "take the numbers of municipalities that went on under another code, and of those codes",
    "a number that was handed over stands for that of the whole",
    "old codes and numbers stay in use for a while: what a code does not know itself is looked up by child and number under the Jeugdwet at the other codes of what is one municipality now",
]
tests = ["unique key"]
seeds = ["DOMAIN 2.6"]

[columns]
municipality_code = "code that a record names"
child_id = "pseudonym of the child"
allocation_number = "number that a record names"
home_code = "code under which the indication stands"
home_number = "number under which it stands"
*/
with
    code as (
        select municipality_code, later_code as current_code
        from staging.merger
        where is_current
        union
        select later_code, later_code
        from staging.merger
        where is_current
    ),
    known as (
        select
            code.current_code,
            indication.municipality_code,
            indication.law = 'jeugdwet' as is_jeugdwet,
            indication.child_id,
            indication.allocation_number,
            coalesce(handover.delivered_municipality_code, indication.municipality_code) as home_code,
            coalesce(handover.allocation_number, indication.allocation_number) as home_number,
        from staging.indication as indication
        inner join code on indication.municipality_code = code.municipality_code
        left join staging.handover as handover on indication.indication_key = handover.indication_key
    )

select
    code.municipality_code,
    known.child_id,
    known.allocation_number,
    known.home_code,
    known.home_number,
from known
inner join code on known.current_code = code.current_code
where known.is_jeugdwet or known.municipality_code = code.municipality_code
qualify
    row_number() over (
        partition by code.municipality_code, known.child_id, known.allocation_number
        order by
            known.municipality_code = code.municipality_code desc,
            known.is_jeugdwet desc,
            known.municipality_code
    ) = 1

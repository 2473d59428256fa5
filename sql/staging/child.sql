/*
description = "Every child that any source names, with what is known of it"
grain = "one row per child"
key = ["child_id"]
steps = [
    "gather the pseudonyms of every source, without messages that a retour rejected",
    "of birth month, sex and postcode take the newest value that is filled",
]
seeds = ["PRIVACY 2"]
materialized = "view"

[columns]
child_id = "pseudonym of the child"
birth_month = "first day of the month of birth"
sex = "m, f or x"
pc4 = "four digits of the postcode"
*/
with
    unsent as (
        select file_id
        from staging.rejection
        where message_level = 'bericht'
    ),
    seen as (
        select child_id, birth_month, sex, pc4, delivery_order(file_id, line) as delivered
        from raw.indications
        where file_id not in (select file_id from unsent)
        union all
        select child_id, birth_month, sex, pc4, delivery_order(file_id, line) from raw.enrolments
        union all
        select child_id, birth_month, sex, null, delivery_order(file_id, line)
        from raw.referrals
        where file_id not in (select file_id from unsent)
        union all
        select
            child_id,
            cast(null as date) as birth_month,
            cast(null as varchar) as sex,
            cast(null as varchar) as pc4,
            cast(0 as bigint) as delivered,
        from
            (
                select child_id from raw.deliveries where file_id not in (select file_id from unsent)
                union all
                select child_id from raw.declarations where file_id not in (select file_id from unsent)
                union all
                select child_id from raw.arrangements
                union all
                select child_id from raw.absences
                union all
                select child_id from raw.light_support
                union all
                select child_id from raw.domains
                union all
                select child_id from raw.outcomes
                union all
                select child_id from raw.transport
                union all
                select child_id from raw.leavers
            )
    ),
    linked as (
        select seen.* replace (coalesce(link.person_id, seen.child_id) as child_id)
        from seen
        left join raw.child_link as link on seen.child_id = link.child_id
    )

select
    child_id,
    arg_max(birth_month, delivered) as birth_month,
    arg_max(sex, delivered) as sex,
    arg_max(pc4, delivered) as pc4,
from linked
where child_id is not null
group by child_id

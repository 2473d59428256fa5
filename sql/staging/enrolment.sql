/*
description = "Enrolments as they stand: the newest delivery of each"
grain = "one row per child, school and start"
key = ["child_id", "school_id", "start_date"]
steps = [
    "a child that linkage found again gets the pseudonym of that person",
    "the newest delivery of a child, school and start wins; an absent row is no deletion",
    "unless ingest.full_list says that a list is complete: then only the newest file of a school counts",
    "leave out records without a child, those that end before they start, and children who are no pupils: groups before school and outside PO and VO",
    "the ranking is done on the few columns it needs: sorting whole records takes longer",
]
seeds = ["METRICS 10"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
school_id = "BRIN6"
start_date = "first day"
end_date = "last day; null is open"
school_type = "type of school as the school delivers it"
grade = "school year of the pupil as delivered"
main_enrolment = "whether this is the main enrolment"
tlv_category = "category of the admission statement"
tlv_end_date = "last day of the admission statement"
birth_month = "first day of the month of birth"
sex = "m, f or x"
pc4 = "four digits of the postcode"
*/
with
    linked as (
        select
            record.* replace (coalesce(link.person_id, record.child_id) as child_id),
            record.rowid as record_key,
        from raw.enrolments as record
        left join raw.child_link as link on record.child_id = link.child_id
    ),
    ranked as (
        select
            record_key,
            row_number() over (
                partition by child_id, school_id, start_date
                order by delivery_order(file_id, line) desc
            ) as version_rank,
        from linked
        where child_id is not null and school_id is not null
    ),
    newest_list as (
        select school_id, max(file_id) as file_id
        from raw.enrolments
        group by school_id
    ),
    complete_lists as (
        select count(*) > 0 as declared
        from staging.setting
        where name = 'ingest.full_list' and value = 'true'
    )

select
    record.file_id,
    record.line,
    record.child_id,
    record.school_id,
    record.start_date,
    record.end_date,
    record.school_type,
    record.grade,
    record.main_enrolment,
    record.tlv_category,
    record.tlv_end_date,
    record.birth_month,
    record.sex,
    record.pc4,
from ranked
inner join linked as record on ranked.record_key = record.record_key
inner join newest_list on record.school_id = newest_list.school_id
cross join complete_lists
where
    ranked.version_rank = 1
    and (record.end_date is null or record.end_date >= record.start_date)
    and is_pupil(record.grade)
    and (not complete_lists.declared or record.file_id = newest_list.file_id)

/*
description = "Enrolments of children at schools"
grain = "one row per child, school and start"
key = ["child_id", "school_id", "start_date"]
steps = [
    "take the enrolments as they stand",
    "look up the numbers of child and school; a school that goes on under another number is that school",
    "where the enrolment has no type it is that of the school as it was",
]
tests = ["unique key", "not null child_key, school_key", "from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child"
school_id = "BRIN6 as delivered"
school_key = "number of the school, or of the one under which it goes on"
start_date = "first day"
end_date = "last day; null is open"
school_type = "type of school as the school delivers it, else that of a school that has a successor"
grade = "school year of the pupil as delivered"
main_enrolment = "whether this is the main enrolment"
tlv_category = "category of the admission statement"
tlv_end_date = "last day of the admission statement"
from_day = "number of the first day"
until_day = "number of the day after the last"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    enrolment.child_id,
    child.child_key,
    enrolment.school_id,
    school.current_school_key as school_key,
    enrolment.start_date,
    enrolment.end_date,
    coalesce(
        enrolment.school_type,
        case when school.school_key <> school.current_school_key then school.school_type end
    ) as school_type,
    enrolment.grade,
    enrolment.main_enrolment,
    enrolment.tlv_category,
    enrolment.tlv_end_date,
    day_number(enrolment.start_date) as from_day,
    until_day(enrolment.end_date) as until_day,
    enrolment.file_id as source_file_id,
    enrolment.line as source_line
from staging.enrolment as enrolment
inner join core.child as child on enrolment.child_id = child.child_id
inner join core.school_current as school on enrolment.school_id = school.school_id

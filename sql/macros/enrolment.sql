-- Whether a child on a list of a school is a pupil: not in a group before school, nor outside PO and VO.
create or replace macro is_pupil(grade) as
    coalesce(lower(trim(grade)) not in ('baby', 'dreumes', 'peuter', 'geen po/vo'), true);

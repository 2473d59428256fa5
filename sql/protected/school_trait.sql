/*
description = "What is publicly known of schools besides their name: cluster, integrated child centre"
grain = "one row per school"
key = ["school_id"]
steps = ["take the schools of the school list"]
tests = ["unique key"]
seeds = ["2.8", "3.4"]

[columns]
school_id = "BRIN6"
cluster = "cluster of special education"
ikc = "whether it is part of an integrated child centre"
*/
select
    school_id,
    cluster,
    coalesce(ikc, false) as ikc
from core.school
where is_listed

/*
description = "Which offer each school needs and has; organisations, no persons"
grain = "one row per school and offer that is required of it or reported by it"
key = ["school_id", "offer"]
steps = ["take what is needed and there (core.school_offer)"]
tests = ["unique key"]
seeds = ["3.3", "3.10"]

[columns]
school_id = "BRIN6"
offer = "offer"
is_required = "whether the school needs it"
is_present = "whether it is there; not reported is absent"
*/
select
    school_id,
    offer,
    is_required,
    is_present
from core.school_offer

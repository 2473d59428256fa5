/*
description = "Where a trajectory came from: responsible municipality, referrer, form and weight of care"
grain = "one row per trajectory"
key = ["trajectory_key"]
steps = [
    "municipality, form and weight are those of the indication it started with",
    "the referrer is the first known one of its indications; later indications inherit it",
]
tests = ["unique key", "from_day < until_day", "not null referrer, care_form"]
seeds = ["OZG 4.14", "CATALOGUE 0"]

[columns]
trajectory_key = "number of the indication it started with"
child_key = "number of the child"
provider_key = "number of the provider"
provider_id = "AGB of the provider"
municipality_code = "responsible municipality"
form = "form of care as it separates trajectories: without a form product category and code"
care_form = "form of care, by default that of the category; onbekend when neither says"
weight_class = "licht, specialistisch or zwaar; null is unknown"
referrer = "iJw referrer; onbekend when no indication has a known one"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    named as (
        select
            trajectory.first_indication_key as trajectory_key,
            indication.referrer,
            row_number() over (
                partition by trajectory.first_indication_key
                order by indication.from_day, indication.indication_key
            ) as place
        from core.trajectory as trajectory
        inner join core.indication as indication
            on trajectory.child_key = indication.child_key
            and trajectory.provider_key = indication.provider_key
            and trajectory.form = coalesce(
                indication.care_form,
                concat(coalesce(indication.product_category, ''), ' ', coalesce(indication.product_code, ''))
            )
            and indication.from_day >= trajectory.from_day
            and indication.from_day < trajectory.until_day
        inner join seeds.referrer as referrer on indication.referrer = referrer.code and referrer.is_known
        where indication.law = 'jeugdwet'
    )

select
    trajectory.first_indication_key as trajectory_key,
    trajectory.child_key,
    trajectory.provider_key,
    trajectory.provider_id,
    started.municipality_code,
    trajectory.form,
    coalesce(started.care_form_group, 'onbekend') as care_form,
    started.weight_class,
    coalesce(named.referrer, 'onbekend') as referrer,
    trajectory.from_day,
    trajectory.until_day
from core.trajectory as trajectory
inner join core.indication as started on trajectory.first_indication_key = started.indication_key
left join named on trajectory.first_indication_key = named.trajectory_key and named.place = 1

/*
description = "The referrer of an indication: that of the trajectory it belongs to"
grain = "one row per indication under the Jeugdwet"
key = ["indication_key"]
steps = ["find the trajectory of the child, provider and form that runs on the first day of the indication"]
tests = ["unique key", "not null referrer"]
seeds = ["OZG 4.14"]

[columns]
indication_key = "number of the indication"
referrer = "iJw referrer; onbekend when no indication of the trajectory has a known one"
*/
select
    indication.indication_key,
    route.referrer
from core.indication as indication
inner join core.trajectory_route as route
    on indication.child_key = route.child_key
    and indication.provider_key = route.provider_key
    and route.form = coalesce(
        indication.care_form,
        concat(coalesce(indication.product_category, ''), ' ', coalesce(indication.product_code, ''))
    )
    and indication.from_day >= route.from_day
    and indication.from_day < route.until_day
where indication.law = 'jeugdwet'

/*
description = "Indications as they stand, of every law, with hours, form and weight of care"
grain = "one row per municipality that gave it, law and number"
key = ["delivered_municipality_code", "law", "allocation_number"]
steps = [
    "take the indications as they stand; of what a municipality handed over when it went on under another code the whole",
    "the municipality is that under which its code goes on",
    "the actual end is the assigned one, or the day of the definitive stop when care stopped earlier",
    "care stopped when the last start of every product of the number was stopped for good; a temporary stop (20) before a later start is a pause",
    "form, weight, setting and role come from the product list valid on the first day: product of the municipality, else of all municipalities, else the category of the municipality, else of all",
    "a category without a product gets its default weight and form (core.product_category)",
    "hours a day follow from volume, unit and frequency; a total (frequency 6) is spread over the assigned period",
    "a missing referrer is that of the provider's request (JW315)",
    "else that of the care it continues: the last known one of the same child, law, provider and category, when that ended the day before; a request is named on its first number only",
]
tests = [
    "unique key",
    "not null indication_key, child_key, provider_key",
    "from_day < until_day",
    "hours_per_day >= 0",
]
seeds = ["METRICS 3", "METRICS 10", "DOMAIN 2"]

[columns]
indication_key = "number of the indication"
child_id = "pseudonym of the child"
child_key = "number of the child"
municipality_code = "responsible municipality, as it is now"
delivered_municipality_code = "code under which it was given; other than the one before after a merger"
law = "law under which care is given; only jeugdwet counts"
allocation_number = "number, unique within the municipality that gave it and law"
provider_id = "AGB of the provider"
provider_key = "number of the provider"
product_category = "iJw product category"
product_code = "product code"
care_form = "form of care according to the product list; null when it says nothing"
care_form_group = "form of care, by default that of the category"
weight_class = "licht, specialistisch or zwaar, by default that of the category"
setting = "where care is given: school, thuis, aanbieder, onbekend; null is unknown"
role = "ozg, ozs or overig; null is unknown"
start_date = "first day"
end_date = "last day, actual; null is open"
planned_end_date = "last day as assigned; null is open"
applied_on = "day of application"
decided_at = "stamp of the version that counts"
first_decided_at = "stamp of the first version"
first_decided_on = "earliest day of decision that was delivered; null without one"
volume = "volume in units per frequency"
unit = "iJw unit"
frequency = "iJw frequency"
hours_per_week = "hours a week; null when the volume has no hours"
hours_per_day = "hours a day; null when the volume has no hours"
budget_cents = "budget in eurocents"
referrer = "iJw referrer; null is unknown"
change_reason = "iJw reason of change"
variant = "specifiek (product and volume), aspecifiek (category), generiek (no product)"
delivery_form = "zin or pgb"
stopped_on = "day of the definitive stop; null when none was delivered"
stop_reason = "iJw reason of that stop"
versions = "number of delivered records of this number"
from_day = "number of the first day"
until_day = "number of the day after the last, actual"
source_file_id = "delivery of the version that counts"
source_line = "its first line"
*/
with
    run as (
        select
            delivered_municipality_code,
            allocation_number,
            start_date,
            end_date,
            end_reason,
            row_number() over (
                partition by delivered_municipality_code, allocation_number, product_category, product_code
                order by start_date desc, end_date desc
            ) as recency
        from core.delivery
        where allocation_number is not null
    ),
    last_run as (
        select
            delivered_municipality_code,
            allocation_number,
            end_date,
            end_reason,
            max(case when end_date is null or end_reason = '20' then 1 else 0 end) over (
                partition by delivered_municipality_code, allocation_number
            ) as is_running,
            row_number() over (
                partition by delivered_municipality_code, allocation_number
                order by end_date desc, start_date desc
            ) as place
        from run
        where recency = 1
    ),
    stop as (
        select
            delivered_municipality_code,
            'jeugdwet' as law,
            allocation_number,
            end_date as stopped_on,
            end_reason as stop_reason
        from last_run
        where is_running = 0 and place = 1
    ),
    request as (
        select municipality_code, provider_id, provider_reference, child_id, min(referrer) as referrer
        from core.referral
        where referrer is not null and child_id is not null
        group by municipality_code, provider_id, provider_reference, child_id
    ),
    standing as (
        select
            i.indication_key,
            i.child_id,
            coalesce(merger.later_code, i.municipality_code) as municipality_code,
            coalesce(whole.delivered_municipality_code, i.municipality_code) as delivered_municipality_code,
            i.law,
            coalesce(whole.allocation_number, i.allocation_number) as allocation_number,
            i.provider_id,
            i.product_category,
            i.product_code,
            coalesce(whole.start_date, i.start_date) as start_date,
            i.end_date,
            coalesce(whole.applied_on, i.applied_on) as applied_on,
            i.decided_at,
            coalesce(whole.first_decided_at, i.first_decided_at) as first_decided_at,
            coalesce(whole.first_decided_on, i.first_decided_on) as first_decided_on,
            case when whole.last_key is null then i.volume else whole.volume end as volume,
            i.unit,
            i.frequency,
            case when whole.last_key is null then i.budget_cents else whole.budget_cents end as budget_cents,
            i.change_reason,
            i.delivery_form,
            coalesce(whole.versions, i.versions) as versions,
            i.file_id,
            i.line,
            coalesce(i.referrer, whole.referrer) as referrer,
            coalesce(i.provider_reference, whole.provider_reference) as provider_reference
        from staging.indication as i
        left join staging.merger as merger
            on i.municipality_code = merger.municipality_code
            and merger.is_current
        left join staging.handover as whole on i.indication_key = whole.indication_key
        where whole.last_key is null or whole.last_key = i.indication_key
    ),
    assigned as (
        select
            i.indication_key,
            i.child_id,
            i.municipality_code,
            i.delivered_municipality_code,
            i.law,
            i.allocation_number,
            i.provider_id,
            i.product_category,
            i.product_code,
            i.start_date,
            i.end_date,
            i.applied_on,
            i.decided_at,
            i.first_decided_at,
            i.first_decided_on,
            i.volume,
            i.unit,
            i.frequency,
            i.budget_cents,
            i.change_reason,
            i.delivery_form,
            i.versions,
            i.file_id,
            i.line,
            coalesce(i.referrer, request.referrer) as referrer
        from standing as i
        left join request
            on i.municipality_code = request.municipality_code
            and i.provider_id = request.provider_id
            and i.provider_reference = request.provider_reference
            and i.child_id = request.child_id
    ),
    half_known as (
        select child_id, law, provider_id, coalesce(product_category, '') as product_category
        from assigned
        group by child_id, law, provider_id, coalesce(product_category, '')
        having count(referrer) > 0 and count(referrer) < count(*)
    ),
    referred as (
        select
            assigned.indication_key,
            assigned.child_id,
            assigned.law,
            assigned.provider_id,
            assigned.product_category,
            assigned.allocation_number,
            day_number(assigned.start_date) as from_day,
            until_day(assigned.end_date) as until_day,
            assigned.referrer
        from assigned
        inner join half_known
            on assigned.child_id = half_known.child_id
            and assigned.law = half_known.law
            and assigned.provider_id = half_known.provider_id
            and coalesce(assigned.product_category, '') = half_known.product_category
    ),
    reached as (
        select
            indication_key,
            child_id,
            law,
            provider_id,
            product_category,
            allocation_number,
            from_day,
            referrer,
            max(until_day) over (
                partition by child_id, law, provider_id, product_category
                order by from_day, allocation_number, indication_key
                rows between unbounded preceding and 1 preceding
            ) as reached_day
        from referred
    ),
    stretch as (
        select
            indication_key,
            child_id,
            law,
            provider_id,
            product_category,
            allocation_number,
            from_day,
            reached_day,
            referrer,
            sum(case when from_day <= reached_day then 0 else 1 end) over (
                partition by child_id, law, provider_id, product_category
                order by from_day, allocation_number, indication_key
                rows between unbounded preceding and current row
            ) as stretch
        from reached
    ),
    inherited as (
        select
            indication_key,
            case
                when from_day = reached_day then
                    last_value(referrer ignore nulls) over (
                        partition by child_id, law, provider_id, product_category, stretch
                        order by from_day, allocation_number, indication_key
                        rows between unbounded preceding and 1 preceding
                    )
            end as referrer
        from stretch
    ),
    provider as (
        select distinct provider_id, provider_key
        from core.provider
    )

select
    i.indication_key,
    i.child_id,
    child.child_key,
    i.municipality_code,
    i.delivered_municipality_code,
    i.law,
    i.allocation_number,
    i.provider_id,
    provider.provider_key,
    i.product_category,
    i.product_code,
    coalesce(own.care_form, everyone.care_form, own_category.care_form, category.care_form) as care_form,
    coalesce(
        own.care_form,
        everyone.care_form,
        own_category.care_form,
        category.care_form,
        fallback.care_form
    ) as care_form_group,
    coalesce(
        own.weight_class,
        everyone.weight_class,
        own_category.weight_class,
        category.weight_class,
        fallback.weight_class
    ) as weight_class,
    coalesce(own.setting, everyone.setting, own_category.setting, category.setting) as setting,
    coalesce(own.role, everyone.role, own_category.role, category.role) as role,
    i.start_date,
    case when stop.stopped_on >= i.start_date then least(i.end_date, stop.stopped_on) else i.end_date end as end_date,
    i.end_date as planned_end_date,
    i.applied_on,
    i.decided_at,
    i.first_decided_at,
    i.first_decided_on,
    i.volume,
    i.unit,
    i.frequency,
    7 * hours_per_day(i.volume, i.unit, i.frequency, datediff('day', i.start_date, i.end_date) + 1) as hours_per_week,
    hours_per_day(i.volume, i.unit, i.frequency, datediff('day', i.start_date, i.end_date) + 1) as hours_per_day,
    i.budget_cents,
    coalesce(i.referrer, inherited.referrer) as referrer,
    i.change_reason,
    case
        when i.product_category is null and i.product_code is null then 'generiek'
        when i.product_code is not null and i.volume is not null then 'specifiek'
        else 'aspecifiek'
    end as variant,
    i.delivery_form,
    stop.stopped_on,
    stop.stop_reason,
    i.versions,
    day_number(i.start_date) as from_day,
    until_day(
        case when stop.stopped_on >= i.start_date then least(i.end_date, stop.stopped_on) else i.end_date end
    ) as until_day,
    i.file_id as source_file_id,
    i.line as source_line
from assigned as i
inner join core.child as child on i.child_id = child.child_id
inner join provider on i.provider_id = provider.provider_id
left join stop
    on i.delivered_municipality_code = stop.delivered_municipality_code
    and i.allocation_number = stop.allocation_number
    and i.law = stop.law
left join inherited on i.indication_key = inherited.indication_key
left join core.product as own
    on i.delivered_municipality_code = own.municipality_code
    and i.product_category = own.product_category
    and i.product_code = own.product_code
    and i.start_date >= coalesce(own.valid_from, date '1900-01-01')
    and i.start_date <= coalesce(own.valid_to, date '9999-12-31')
left join core.product as everyone
    on everyone.municipality_code is null
    and i.product_category = everyone.product_category
    and i.product_code = everyone.product_code
    and i.start_date >= coalesce(everyone.valid_from, date '1900-01-01')
    and i.start_date <= coalesce(everyone.valid_to, date '9999-12-31')
left join core.product as own_category
    on i.delivered_municipality_code = own_category.municipality_code
    and i.product_category = own_category.product_category
    and own_category.product_code is null
    and i.start_date >= coalesce(own_category.valid_from, date '1900-01-01')
    and i.start_date <= coalesce(own_category.valid_to, date '9999-12-31')
left join core.product as category
    on category.municipality_code is null
    and i.product_category = category.product_category
    and category.product_code is null
    and i.start_date >= coalesce(category.valid_from, date '1900-01-01')
    and i.start_date <= coalesce(category.valid_to, date '9999-12-31')
left join core.product_category as fallback on i.product_category = fallback.product_category

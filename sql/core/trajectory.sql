/*
description = "Trajectories: what a child gets from one provider in one form of care"
grain = "one row per child, provider, form and trajectory"
key = ["child_key", "provider_key", "form", "from_day"]
steps = [
    "the form is that of the product list; without one it is product category and code",
    "order the indications of a child, provider and form by first day",
    "overlapping and adjoining indications are one trajectory; a hole of one day makes two",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["CATALOGUE 0", "METRICS 2.3"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child"
provider_id = "AGB of the provider"
provider_key = "number of the provider"
form = "form of care, else product category and code"
start_date = "first day"
end_date = "last day; null is open"
indications = "number of indications"
first_indication_key = "indication it started with"
last_indication_key = "indication that lasts longest; of equals the last one"
from_day = "number of the first day"
until_day = "number of the day after the last"
trajectory_key = "number of the trajectory, from 1"
*/
with
    formed as (
        select
            child_id,
            child_key,
            provider_id,
            provider_key,
            coalesce(care_form, concat(coalesce(product_category, ''), ' ', coalesce(product_code, ''))) as form,
            indication_key,
            from_day,
            until_day
        from core.indication
        where law = 'jeugdwet'
    ),
    ordered as (
        select
            child_id,
            child_key,
            provider_id,
            provider_key,
            form,
            indication_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key, provider_key, form
                order by from_day, until_day, indication_key
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from formed
    ),
    numbered as (
        select
            child_id,
            child_key,
            provider_id,
            provider_key,
            form,
            indication_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key, provider_key, form
                order by from_day, until_day, indication_key
                rows between unbounded preceding and current row
            ) as trajectory
        from ordered
    ),
    placed as (
        select
            child_id,
            child_key,
            provider_id,
            provider_key,
            form,
            trajectory,
            indication_key,
            from_day,
            until_day,
            row_number() over (
                partition by child_key, provider_key, form, trajectory
                order by from_day, until_day, indication_key
            ) as place_first,
            row_number() over (
                partition by child_key, provider_key, form, trajectory
                order by until_day desc, indication_key desc
            ) as place_last
        from numbered
    ),
    merged as (
        select
            child_id,
            child_key,
            provider_id,
            provider_key,
            form,
            count(*) as indications,
            max(case when place_first = 1 then indication_key end) as first_indication_key,
            max(case when place_last = 1 then indication_key end) as last_indication_key,
            min(from_day) as from_day,
            max(until_day) as until_day
        from placed
        group by child_id, child_key, provider_id, provider_key, form, trajectory
    )

select
    child_id,
    child_key,
    provider_id,
    provider_key,
    form,
    day_date(from_day) as start_date,
    case when until_day < 2932896 then day_date(until_day - 1) end as end_date,
    indications,
    first_indication_key,
    last_indication_key,
    from_day,
    until_day,
    cast(row_number() over (order by child_key, provider_key, form, from_day) as integer) as trajectory_key
from merged

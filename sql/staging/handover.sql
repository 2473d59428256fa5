/*
description = "Indications that a municipality handed over when it went on under another code, each with the whole it is part of"
grain = "one row per indication that is part of such a whole"
key = ["indication_key"]
steps = [
    "look at the indications of municipalities that went on under another code, and of those codes",
    "child, law, provider and product must be the same",
    "the same number: one indication when the two touch or overlap, whatever else changed",
    "another number: one indication when also form of delivery, unit, frequency and (but for a total) volume are the same, and the later one begins the day after an end with reason 11 (herindeling), or on the first day of the new code while the earlier one runs until then or longer",
    "with more than one that fits, the first number goes with the first number",
    "the whole begins where its first part begins and has the number and code of that part; the rest is what the last part says",
    "a budget or a total of volume is that of the last part, with of earlier parts the share of their days before the next one begins; null when that share is unknown",
]
tests = ["unique key", "not null last_key, delivered_municipality_code, allocation_number, start_date"]
seeds = ["DOMAIN 2.3", "DOMAIN 13"]

[columns]
indication_key = "number of the indication"
last_key = "number of the last part of the whole"
delivered_municipality_code = "code under which the first part was delivered"
allocation_number = "number of the first part"
start_date = "first day of the whole"
applied_on = "day of application, of the first part that has one"
first_decided_at = "stamp of the first version"
first_decided_on = "earliest day of decision that was delivered"
volume = "volume of the whole"
budget_cents = "budget of the whole in eurocents"
referrer = "iJw referrer, of the last part that has one"
provider_reference = "reference of the provider's request, of the last part that has one"
versions = "number of delivered records of all parts"
*/
with recursive
    piece as (
        select *
        from staging.indication
        where
            municipality_code in (select municipality_code from staging.merger)
            or municipality_code in (select later_code from staging.merger)
    ),
    candidate as (
        select
            earlier.indication_key as earlier_key,
            later.indication_key as later_key,
            earlier.allocation_number as earlier_number,
            later.allocation_number as later_number,
            earlier.allocation_number = later.allocation_number as is_same_number,
            later.start_date as taken_over_on,
            merger.merged_on,
        from piece as earlier
        inner join staging.merger as merger on earlier.municipality_code = merger.municipality_code
        inner join piece as later
            on merger.later_code = later.municipality_code
            and earlier.child_id = later.child_id
            and earlier.law = later.law
            and earlier.provider_id = later.provider_id
            and earlier.product_category is not distinct from later.product_category
            and earlier.product_code is not distinct from later.product_code
        where
            later.start_date <= coalesce(earlier.end_date + 1, later.start_date)
            and (
                (
                    earlier.allocation_number = later.allocation_number
                    and earlier.start_date <= coalesce(later.end_date + 1, earlier.start_date)
                )
                or (
                    earlier.start_date < later.start_date
                    and (
                        later.start_date = merger.merged_on
                        or (later.start_date = earlier.end_date + 1 and earlier.change_reason = '11')
                    )
                    and earlier.delivery_form = later.delivery_form
                    and earlier.unit is not distinct from later.unit
                    and earlier.frequency is not distinct from later.frequency
                    and (earlier.volume is not distinct from later.volume or earlier.frequency = '6')
                    and (earlier.budget_cents is null) = (later.budget_cents is null)
                )
            )
    ),
    placed as (
        select
            *,
            dense_rank() over (partition by later_key order by earlier_number, earlier_key) as earlier_place,
            dense_rank() over (partition by earlier_key order by later_number, later_key) as later_place,
        from candidate
        where
            is_same_number
            or (
                earlier_key not in (select earlier_key from candidate where is_same_number)
                and later_key not in (select later_key from candidate where is_same_number)
            )
    ),
    -- An indication is taken over by one other, at its first next code; and takes over one.
    taken as (
        select earlier_key, later_key, merged_on,
        from placed
        where is_same_number or earlier_place = later_place
        qualify
            row_number() over (
                partition by earlier_key order by merged_on, taken_over_on, later_number, later_key
            ) = 1
    ),
    link as (
        select earlier_key, later_key,
        from taken
        qualify row_number() over (partition by later_key order by merged_on desc, earlier_key) = 1
    ),
    way as (
        select earlier_key as indication_key, later_key as next_key, later_key as last_key, 1 as steps
        from link
        union all
        select way.indication_key, way.next_key, link.later_key, way.steps + 1
        from way
        inner join link on way.last_key = link.earlier_key
    ),
    part as (
        select indication_key, next_key, last_key, steps,
        from way
        qualify steps = max(steps) over (partition by indication_key)
        union all
        select distinct last_key, null, last_key, 0
        from way
        where last_key not in (select earlier_key from link)
    ),
    counted as (
        select
            part.last_key,
            part.steps,
            piece.*,
            case
                when part.next_key is null then 1
                when later.start_date <= piece.start_date then 0
                else least(1, (later.start_date - piece.start_date) / (piece.end_date - piece.start_date + 1))
            end as share,
        from part
        inner join piece on part.indication_key = piece.indication_key
        left join piece as later on part.next_key = later.indication_key
    ),
    whole as (
        select
            last_key,
            arg_max(municipality_code, steps) as delivered_municipality_code,
            arg_max(allocation_number, steps) as allocation_number,
            min(start_date) as start_date,
            arg_max(applied_on, steps) as applied_on,
            min(first_decided_at) as first_decided_at,
            min(first_decided_on) as first_decided_on,
            case
                when min(frequency) = '6' and max(frequency) = '6' and count(distinct unit) = 1
                    then case when bool_and(share is not null) then exact_sum(volume * share) end
                else max(volume) filter (where steps = 0)
            end as volume,
            case
                when bool_or(budget_cents is not null and steps = 0) and bool_and(share is not null)
                    then cast(round(sum(budget_cents * share)) as bigint)
            end as budget_cents,
            arg_min(referrer, steps) as referrer,
            arg_min(provider_reference, steps) as provider_reference,
            cast(sum(versions) as bigint) as versions,
        from counted
        group by last_key
    )

select part.indication_key, whole.*,
from part
inner join whole on part.last_key = whole.last_key

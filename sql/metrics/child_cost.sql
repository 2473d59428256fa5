/*
description = "Cost of the care of a child in a period, for every part of its schools that some unit holds"
grain = "one row per basis, period, attendance, payer, provider, form, weight and category with at least one day of care while enrolled"
key = [
    "basis", "period_key", "attendance_key", "funder", "municipality_code", "provider_id", "care_form", "weight_class",
    "product_category",
]
steps = [
    "cut what care costs a day to the time the child is enrolled and to the period",
    "add up the days and the money",
]
tests = ["unique key", "0 <= priced_days and priced_days <= days and 0 < days", "(priced_days = 0) = (cents is null)"]
seeds = ["ZKIJ 3.13", "OT3 2.25"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
funder = "who pays: jeugdwet, wmo, wlz or zvw"
municipality_code = "responsible municipality"
provider_id = "AGB of the provider"
care_form = "form of care, by default that of the category; null is unknown"
weight_class = "licht, specialistisch or zwaar, by default that of the category; null is unknown"
product_category = "iJw product category; null is unknown"
days = "days times indications (or declared product periods)"
priced_days = "of these: with a known cost"
cents = "cost in eurocents; null when none is known"
school_cents = "of this: help with hours that is given at school"
*/
with
    enrolled as (
        select
            cost.basis,
            cost.funder,
            cost.municipality_code,
            cost.provider_id,
            cost.care_form,
            cost.weight_class,
            cost.product_category,
            cost.cents_per_day,
            case when cost.setting = 'school' and cost.hours_per_day is not null then 1 else 0 end as is_at_school,
            spell.attendance_key,
            spell.unit_set_key,
            greatest(cost.from_day, spell.from_day) as from_day,
            least(cost.until_day, spell.until_day) as until_day
        from core.cost_spell as cost
        inner join core.attendance_spell as spell
            on cost.child_key = spell.child_key
            and cost.from_day < spell.until_day
            and cost.until_day > spell.from_day
    ),
    cut as (
        select
            enrolled.basis,
            period.period_key,
            enrolled.attendance_key,
            enrolled.unit_set_key,
            enrolled.funder,
            enrolled.municipality_code,
            enrolled.provider_id,
            enrolled.care_form,
            enrolled.weight_class,
            enrolled.product_category,
            enrolled.cents_per_day,
            enrolled.is_at_school,
            least(enrolled.until_day, period.until_day) - greatest(enrolled.from_day, period.from_day) as days
        from enrolled
        inner join core.period as period
            on enrolled.from_day < period.until_day
            and enrolled.until_day > period.from_day
    )

select
    basis,
    period_key,
    attendance_key,
    min(unit_set_key) as unit_set_key,
    funder,
    municipality_code,
    provider_id,
    care_form,
    weight_class,
    product_category,
    cast(sum(days) as bigint) as days,
    cast(sum(case when cents_per_day is not null then days else 0 end) as bigint) as priced_days,
    sum(cast(cents_per_day * days as decimal(38, 12))) as cents,
    sum(case when is_at_school = 1 then cast(cents_per_day * days as decimal(38, 12)) end) as school_cents
from cut
group by
    basis,
    period_key,
    attendance_key,
    funder,
    municipality_code,
    provider_id,
    care_form,
    weight_class,
    product_category

/*
description = "Indications that are active on a reference date for an enrolled pupil, with what they say of the care"
grain = "one row per reference date, attendance and indication"
key = ["day", "attendance_key", "indication_key"]
steps = [
    "take the indications under the Jeugdwet that are active on the day, at the attendances enrolled that day",
    "rank and weight of the class, residence of the form and sector of the category come from the code lists",
    "overnight days a week of volumes in overnight days; a total is spread over the assigned period",
]
tests = ["unique key", "overnight_week >= 0"]
seeds = ["CATALOGUE 2", "CATALOGUE 3"]

[columns]
day = "number of the day"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
child_key = "number of the child"
indication_key = "number of the indication"
provider_key = "number of the provider"
municipality_code = "responsible municipality"
product_category = "iJw product category"
product_code = "product code"
care_form = "form of care, by default that of the category; onbekend when nothing tells"
weight_class = "licht, specialistisch, zwaar or onbekend"
weight_rank = "1 light to 3 heavy; null when unknown"
weight = "weight in the intensity index; null when unknown"
is_residential = "whether the form is one of residence"
sector = "sector of the product category"
setting = "where care is given: school, thuis, aanbieder or onbekend"
delivery_form = "zin or pgb"
hours_week = "hours a week; null when the volume has no hours"
overnight_week = "overnight days a week; null when the volume is no overnight days"
*/
select
    date.day,
    spell.attendance_key,
    spell.unit_set_key,
    i.child_key,
    i.indication_key,
    i.provider_key,
    i.municipality_code,
    i.product_category,
    i.product_code,
    coalesce(i.care_form_group, 'onbekend') as care_form,
    coalesce(i.weight_class, 'onbekend') as weight_class,
    weight_class.rank as weight_rank,
    weight_class.weight,
    coalesce(care_form.is_residential, false) as is_residential,
    coalesce(category.sector, 'overig') as sector,
    coalesce(i.setting, 'onbekend') as setting,
    i.delivery_form,
    i.hours_per_week as hours_week,
    case
        when i.unit = '14' and i.volume >= 0 and i.volume <= 99999999
            then 7 * i.volume * coalesce(
                frequency.per_day,
                case
                    when i.frequency = '6' and i.planned_end_date is not null
                        then 1 / cast(datediff('day', i.start_date, i.planned_end_date) + 1 as double)
                end
            )
    end as overnight_week
from core.indication as i
inner join core.reference_date as date
    on i.from_day <= date.day
    and i.until_day > date.day
inner join core.attendance_spell as spell
    on i.child_key = spell.child_key
    and spell.from_day <= date.day
    and spell.until_day > date.day
left join seeds.weight_class as weight_class on i.weight_class = weight_class.code
left join seeds.care_form as care_form on i.care_form_group = care_form.code
left join core.product_category as category on i.product_category = category.product_category
left join seeds.frequency as frequency on i.frequency = frequency.code
where i.law = 'jeugdwet'

/*
description = "Shares of schools against the common share: funnel limits, spread beyond chance, and estimates pulled to the mean. For analysts; never published per school"
grain = "one row per metric, moment and school"
key = ["metric", "period", "reference_date", "unit_id"]
steps = [
    "take the shares of schools in care, in a period and on the reference dates",
    "the function compares them with the common share of all schools at that moment",
]
tests = ["unique key", "lower_998 <= lower_95 and lower_95 <= common and common <= upper_95 and upper_95 <= upper_998"]
seeds = ["METRICS 4", "OT3 2.3"]
function = "zorgdata.estimates.spread:schools"

[columns]
metric = "key in the catalogue: care_share or care_share_year"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
unit_id = "BRIN6"
numerator = "pupils with care"
denominator = "pupils"
value = "their share"
common = "share over all schools together"
phi = "spread beyond chance: 1 when chance explains all; null with one school"
tau2 = "variance between schools on the arcsine scale; null with one school"
lower_95 = "lower funnel limit, 95 %"
upper_95 = "upper funnel limit, 95 %"
lower_998 = "lower funnel limit, 99.8 %"
upper_998 = "upper funnel limit, 99.8 %"
flag = "where the share lies against the limits"
shrunk = "empirical-Bayes estimate, for ordering and choosing only"
*/
select
    'care_share_year' as metric,
    period,
    cast(null as date) as reference_date,
    unit_id,
    care_pupils as numerator,
    pupils_ever as denominator
from metrics.unit
where level = 'school'
union all
select 'care_share', period, reference_date, unit_id, care_pupils, pupils
from metrics.unit_date
where level = 'school'

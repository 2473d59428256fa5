/*
label = "Volume of bedrag dat niet kan"
description = "Indications and declarations with a negative volume or budget, or with more than max_hours hours a week"
severity = "warning"
family = "plausibility"
total = "select (select count(*) from core.indication where law = 'jeugdwet') + (select count(*) from core.declaration)"
threshold = { share = 0.005 }
needs = ["core.indication"]
affects = ["assigned_hours_week", "hours_per_pupil", "intensity_index", "care_cost", "cost_per_client"]
tags = ["indications", "declarations"]
how_to_read = """
Het volume of het bedrag van deze regels kan niet kloppen: het is negatief, of het komt uit op meer dan max_hours uur per
week voor één kind. Vaak is de eenheid verwisseld, zoals minuten als uren, of euro's als eurocenten. Een negatief bedrag
bij een declaratie kan ook een correctie zijn waarvan de eerste regel nog ontbreekt.
"""

[parameters]
max_hours = 84

[columns]
kind = "indication or declaration"
municipality_code = "responsible municipality"
allocation_number = "number of the indication"
start_date = "first day"
problem = "negative volume, negative budget, too many hours or negative amount"
*/
select
    'indication' as kind,
    municipality_code,
    allocation_number,
    start_date,
    case
        when volume < 0 then 'negative volume'
        when budget_cents < 0 then 'negative budget'
        else 'too many hours'
    end as problem,
from core.indication
where law = 'jeugdwet' and (volume < 0 or budget_cents < 0 or hours_per_week > getvariable('max_hours'))
union all
select
    'declaration',
    municipality_code,
    allocation_number,
    start_date,
    case when volume < 0 then 'negative volume' else 'negative amount' end,
from core.declaration
where volume < 0 or amount_cents < 0

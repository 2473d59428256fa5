/*
label = "Bevolking is niet volledig"
description = "Municipalities and years of the population of which an age from 0 to 17 is absent or unknown, and municipalities of the region of which no population was delivered"
severity = "warning"
family = "completeness"
total = "select count(*) from (select distinct municipality_code, year from core.population)"
threshold = { count = 0 }
needs = ["core.population"]
affects = ["standardised_care_ratio", "link_rate"]
tags = ["completeness", "population"]
how_to_read = """
Van deze gemeente ontbreekt in dit jaar een of meer leeftijden van 0 tot en met 17, of is het aantal afgeschermd. Een
cijfer per inwoner is dan te hoog. Lever bevolking.csv opnieuw met alle leeftijden; CBS StatLine heeft ze. Staat er geen jaar, dan
is van de gemeente niets geleverd.
"""

[columns]
municipality_code = "municipality"
year = "year; null when the municipality was never delivered"
ages = "ages from 0 to 17 with a number"
*/
select
    municipality_code,
    year,
    count(distinct age) filter (where age between 0 and 17 and inhabitants is not null) as ages,
from core.population
group by municipality_code, year
having count(distinct age) filter (where age between 0 and 17 and inhabitants is not null) < 18
union all
select
    value,
    null,
    0,
from staging.setting
where name = 'region.municipality' and value not in (select municipality_code from core.population)

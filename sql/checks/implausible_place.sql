/*
label = "Plaats ligt niet in Nederland, of twee keer"
description = "Places with coordinates outside the RD grid of the Netherlands (x 0 to 300 km, y 300 to 625 km), with one coordinate, or with a postcode in more than one municipality"
severity = "warning"
family = "plausibility"
total = "core.place"
threshold = { count = 0 }
needs = ["core.place"]
affects = ["home_school_distance", "home_municipality_share", "home_region_share"]
tags = ["places"]
how_to_read = """
De coördinaten van deze postcodes liggen buiten Nederland, of de postcode staat bij meer gemeenten. Vaak zijn x en y
verwisseld, staan er graden in plaats van meters (RD), of is het bestand van een ander jaar. Afstanden van huis naar school
zijn dan onbruikbaar. Verbeter plaatsen.csv.
"""

[columns]
pc4 = "four digits of the postcode"
problem = "coordinates or municipalities"
*/
select distinct
    pc4,
    case when municipalities > 1 then 'municipalities' else 'coordinates' end as problem,
from (
    select
        pc4,
        x,
        y,
        count(*) over (partition by pc4) as municipalities,
    from core.place
) as place
where
    municipalities > 1
    or (x is null) <> (y is null)
    or x < 0
    or x > 300000
    or y < 300000
    or y > 625000

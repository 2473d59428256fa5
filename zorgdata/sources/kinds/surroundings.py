"""What surrounds care and school: other domains, inhabitants, places."""

from zorgdata.sources.kinds.columns import BEGIN, BSN_REQUIRED, END, INTERVAL, MUNICIPALITY, column
from zorgdata.sources.kinds.model import Kind, Type

SURROUNDINGS = (
    Kind(
        "domains",
        "domeinen.csv",
        (
            BSN_REQUIRED,
            column(
                "domein* -> domain",
                Type.CHOICE,
                choices=("leerplicht", "wmo", "participatie", "veiligheid"),
            ),
            BEGIN,
            END,
        ),
        (),
        INTERVAL,
    ),
    Kind(
        "population",
        "bevolking.csv",
        (
            MUNICIPALITY,
            column("jaar* -> year", Type.INTEGER),
            column("leeftijd* -> age", Type.INTEGER),
            column("aantal* -> inhabitants", Type.INTEGER),
        ),
    ),
    Kind(
        "places",
        "plaatsen.csv",
        (
            column("pc4* -> pc4", Type.CODE, 4),
            MUNICIPALITY,
            column("x -> x", Type.DECIMAL),
            column("y -> y", Type.DECIMAL),
        ),
    ),
)

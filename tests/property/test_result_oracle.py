"""Results of care, home-sitters, referrals and quality of data, against sets of days and children."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import oracle_quality as quality
from tests.support import oracle_result as second
from tests.support.care_cases import MUNICIPALITIES, PROVIDERS, enrolment_rows
from tests.support.figures import Figure, Key, parts, unlike
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from zorgdata.catalogue import load

TYPES = {"99ZA00": "BO", "99ZB00": "SBO", "99ZC00": "SO/VSO", "99ZD00": "VO"}
PLACED = {"99ZA00": "9901", "99ZB00": "9902", "99ZC00": "9901", "99ZD00": "9902"}
SCHOOLS = [
    {
        "school_id": s,
        "name": s,
        "school_type": t,
        "municipality_code": PLACED[s],
        "swv": "PO99",
        "board": None,
    }
    for s, t in TYPES.items()
]
REGION = frozenset(TYPES)
UNITS = {
    ("region", "region"): REGION,
    ("swv", "PO99"): REGION,
    **{("school", school): frozenset({school}) for school in TYPES},
    **{("school_type", kind): frozenset({school}) for school, kind in TYPES.items()},
    **{("municipality_type", f"{PLACED[s]}|{kind}"): frozenset({s}) for s, kind in TYPES.items()},
    **{
        ("school_municipality", code): frozenset(s for s in TYPES if PLACED[s] == code)
        for code in ("9901", "9902")
    },
}
PLACES = [{"pc4": code, "municipality_code": code, "x": 0.0, "y": 0.0} for code in MUNICIPALITIES]
POPULATION = [
    {"year": year, "municipality_code": code, "age": age, "inhabitants": 100 * age + year % 10}
    for year in (2022, 2023, 2024)
    for code in ("9901", "9903")
    for age in (4, 5, 17, 18)
]
PRODUCTS = [{"product_category": "44", "setting": "onbekend"}, {"product_category": "41", "setting": "thuis"}]
KEY = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
YEARS = [
    Window("2022-2023", date(2022, 8, 1), date(2023, 7, 31)),
    Window("2023-2024", date(2023, 8, 1), date(2024, 7, 31)),
]
QUARTERS = [
    Window("2022-Q3", date(2022, 7, 1), date(2022, 9, 30)),
    Window("2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
]
SETTINGS = {"periods.first_year": "2022", "periods.last_year": "2024", "region.municipality": "9901"}
TABLES = (
    *("theme_f_end", "theme_f_outcome", "theme_f_absence", "theme_f_destination"),
    *("theme_k_link", "theme_k_record"),
)
ends = st.sampled_from([None, 0, 27, 28, 92, 93, 400])
EDGES = [date(2022, 8, 1), date(2022, 10, 1), date(2023, 8, 1), date(2023, 10, 1), date(2024, 8, 1)]
days = st.one_of(
    st.dates(date(2022, 6, 1), date(2024, 9, 1)),
    st.tuples(st.sampled_from(EDGES), st.sampled_from([-1, 0, 1])).map(
        lambda pair: pair[0] + timedelta(days=pair[1])
    ),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        prepare(db)
        # Data go on after the last follow-up, so that it lies inside them.
        yield db


def prepare(db: duckdb.DuckDBPyConnection) -> None:
    """What is the same for all regions."""
    insert(db, "schools", SCHOOLS)
    insert(db, "places", PLACES)
    insert(db, "population", POPULATION)
    insert(db, "products", PRODUCTS)
    for name, value in SETTINGS.items():
        setting(db, name, value)


def later(start: date, length: int | None) -> date | None:
    return None if length is None else start + timedelta(days=length)


FEW = st.sampled_from([1, 6, 8])


@st.composite
def regions(draw: st.DrawFn, children: st.SearchStrategy[int] = FEW) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        kind: [] for kind in ("indications", "deliveries", "enrolments", "outcomes", "absences", "leavers")
    }
    for n in range(draw(children)):
        child = f"{n:032x}"
        enrolled = draw(enrolment_rows(child, []))
        birth = draw(
            st.sampled_from([date(2006, 9, 1), date(2008, 10, 1), date(2011, 8, 1), date(2019, 1, 1)])
        )
        home = draw(st.sampled_from([*MUNICIPALITIES, None, "9909"]))
        main = st.sampled_from([None, True, True, False])
        found["enrolments"] += [
            {**row, "birth_month": birth, "pc4": home, "main_enrolment": draw(main)} for row in enrolled
        ]
        for _ in range(draw(st.integers(0, 3))):
            _care(draw, found, child)
        for _ in range(draw(st.integers(0, 3))):
            start = draw(days)
            found["absences"].append(
                {
                    "child_id": child,
                    "school_id": draw(st.sampled_from([None, None, *TYPES])),
                    "absence_type": draw(
                        st.sampled_from(
                            [
                                "absoluut",
                                "relatief",
                                "relatief",
                                "relatief_langdurig",
                                "vrijstelling_5a",
                                "luxe",
                            ]
                        )
                    ),
                    "start_date": start,
                    "end_date": later(start, draw(ends)),
                    "status": draw(st.sampled_from([None, "afgesloten", "afgesloten", "ingetrokken"])),
                    "closing_reason": draw(st.sampled_from([None, None, "hervat", "geen_verzuim_ziek"])),
                }
            )
        if draw(st.booleans()):
            destination = draw(st.sampled_from(["werk", "Werk ", "detentie", "maan", None]))
            school = draw(st.sampled_from([*TYPES]))
            found["leavers"].append(
                {"child_id": child, "school_id": school, "left_on": draw(days), "destination": destination}
            )
    keys = {(a["child_id"], a["school_id"], a["absence_type"], a["start_date"]): a for a in found["absences"]}
    found["absences"] = list(keys.values())
    for line, row in enumerate(found["enrolments"], 2):
        row["line"] = line
    for line, row in enumerate(found["indications"], 2):
        row["line"] = line
    return found


def _care(draw: st.DrawFn, found: dict[str, list[dict[str, Any]]], child: str) -> None:
    """An indication, sometimes a stop, sometimes an outcome; no two end on one day."""
    start, number = draw(days), str(len(found["indications"]))
    end = later(start, draw(ends))
    taken = {row["end_date"] for row in found["indications"] if row["child_id"] == child}
    while end is not None and end in taken:
        end += timedelta(days=1)
    row = {
        "child_id": child,
        "allocation_number": number,
        "municipality_code": draw(st.sampled_from(MUNICIPALITIES)),
        "provider_id": draw(st.sampled_from(PROVIDERS[:2])),
        "product_category": draw(st.sampled_from(["45", "41", "44", "45", "50", None])),
        "product_code": draw(st.sampled_from([None, "A"])),
        "referrer": draw(st.sampled_from([None, "07", "02"])),
        "start_date": start,
        "end_date": end,
    }
    found["indications"].append(row)
    if end is not None and draw(st.booleans()):
        stop = {
            name: row[name] for name in ("child_id", "municipality_code", "provider_id", "allocation_number")
        }
        reason = draw(st.sampled_from([None, "31", "32", "33", "34", "35", "36", "39", "02", "20"]))
        found["deliveries"].append(stop | {"start_date": start, "end_date": end, "end_reason": reason})
    if draw(st.booleans()):
        score = draw(st.sampled_from([None, 5.0, 10.0, 10.0 + 1.96 * 2**0.5]))
        found["outcomes"].append(
            {
                "child_id": child,
                "provider_id": row["provider_id"],
                "allocation_number": number,
                "measured_on": draw(days),
                "goals_met": draw(
                    st.sampled_from([None, "geheel", "grotendeels", "deels", "niet", "weet niet"])
                ),
                "without_help": draw(st.sampled_from([None, "ja", "nee", "04"])),
                "plan_18": draw(st.sampled_from([None, True, False])),
                "score_start": score,
                "score_end": draw(st.sampled_from([None, 5.0, 10.0])),
                "standard_error": draw(st.sampled_from([None, 1.0, 2.5])),
                "higher_is_better": draw(st.sampled_from([None, True])),
            }
        )


def expected(region: dict[str, list[dict[str, Any]]], last: date, points: list[date]) -> dict[Key, Figure]:
    """Every figure of the units and payers at the levels of the catalogue."""
    oracle = Oracle(
        current_indications(region["indications"], region["deliveries"]),
        current_enrolments(region["enrolments"]),
    )
    rows, left = region["indications"], region["leavers"]
    born = {row["child_id"]: row["birth_month"] for row in region["enrolments"]}
    homes = {row["child_id"]: row["pc4"] for row in region["enrolments"] if row["pc4"] in MUNICIPALITIES}
    stops = {
        row["allocation_number"]: row["end_reason"] or ""
        for row in region["deliveries"]
        if row["end_reason"] != "20"
    }
    starts = [(r["child_id"], r["start_date"], r["product_category"]) for r in rows]
    counted = second.counted_absences(region["absences"], oracle.enrolments, born)
    absences = second.Absences(oracle, counted, homes, born, POPULATION)
    places = {row["product_category"]: row["setting"] for row in PRODUCTS}
    found: dict[Key, Figure] = {}

    def put(figures: second.Figures, level: str, unit: str, period: str, day: date | None = None) -> None:
        for (metric, dimension, part), row in figures.items():
            if level in load().metric(metric).levels:
                found[metric, level, unit, period, day, dimension, part] = row

    for window in YEARS:
        october = date(window.start.year, 10, 1)
        for (level, unit), schools in UNITS.items():
            ended = second.ends(oracle, schools, window, rows, stops)
            if level in ("school", "municipality_type"):
                ended = {key: row for key, row in ended.items() if not key[1]}
            put(ended, level, unit, window.name)
            put(second.outcomes(oracle, schools, window, region["outcomes"], None), level, unit, window.name)
            put(absences.figures(level, schools, window), level, unit, window.name)
            put(second.leavers(schools, window, left), level, unit, window.name)
            if second.years_later(october, 1) - timedelta(days=1) <= last:
                here = second.referrals(oracle, schools, october, TYPES, born, starts, left)
                put(here, level, unit, window.name)
        for payer in MUNICIPALITIES:
            paid = {row["allocation_number"] for row in rows if row["municipality_code"] == payer}
            ended = second.ends(oracle, REGION, window, rows, stops, payer=payer)
            ended |= second.outcomes(oracle, REGION, window, region["outcomes"], paid)
            put(ended, "responsible_municipality", payer, window.name)
        for provider in {row["provider_id"] for row in rows}:
            ended = second.ends(oracle, REGION, window, rows, stops, provider=provider)
            put({key: row for key, row in ended.items() if not key[1]}, "provider", provider, window.name)
    for window in (*YEARS, *QUARTERS):
        for unit, figures in quality.links(oracle, window, born, REGION, frozenset({"9901"})).items():
            put(figures, "region" if unit == "region" else "responsible_municipality", unit, window.name)
        put(quality.twice(oracle, window), "region", "region", window.name)
        for (level, unit), schools in UNITS.items():
            put(quality.findable(oracle, schools, window, frozenset()), level, unit, window.name)
        told = quality.records(window, rows, region["deliveries"], places, None)
        put(told, "region", "region", window.name)
        for payer in MUNICIPALITIES:
            told = quality.records(window, rows, region["deliveries"], places, payer)
            put(told, "responsible_municipality", payer, window.name)
    for day in points:
        for (level, unit), schools in UNITS.items():
            plans = second.future_plan(oracle, schools, day, region["outcomes"], born)
            put(plans, level, unit, f"{day.year}-{day.year + 1}", day)
    return found


def held(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> dict[Key, Figure]:
    """Build a region, hold its figures against the oracle, and give what the oracle says."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, " ".join(f"+metrics.{name}" for name in TABLES))
    last = rows_of(connection, "select last_day from staging.span")[0]["last_day"]
    points = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    wanted = expected(region, last, points)
    names = parts(wanted)
    periods = {window.name for window in (*YEARS, *QUARTERS)}
    got = {
        tuple(row[name] for name in KEY): row
        for table in TABLES
        for row in rows_of(connection, f"select * from metrics.{table}")
        if (row["metric"], row["dimension"]) in names and (row["period"] in periods or row["reference_date"])
    }
    wrong = unlike(got, wanted)
    assert not wrong, "\n".join(wrong[:20])
    return wanted


@settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(region=regions())
def test_results_equal_sets_of_days(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    held(connection, region)

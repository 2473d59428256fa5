"""Results of care, home-sitters, referrals and quality of data, against sets of days and children."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import oracle_quality as quality
from tests.support import oracle_result as second
from tests.support.care_cases import MUNICIPALITIES, PROVIDERS, enrolment_rows
from tests.support.examples import few
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


Rows = dict[str, list[dict[str, Any]]]
on = date.fromisoformat
KINDS = ("indications", "deliveries", "enrolments", "outcomes", "absences", "leavers")


def later(start: date, length: int | None) -> date | None:
    return None if length is None else start + timedelta(days=length)


FEW = st.sampled_from([1, 6, 8])


@st.composite
def regions(draw: st.DrawFn, children: st.SearchStrategy[int] = FEW) -> Rows:
    found: Rows = {kind: [] for kind in KINDS}
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


def _care(draw: st.DrawFn, found: Rows, child: str) -> None:
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


def edges() -> Rows:
    """Children beside the edges: of the follow-up from 1 October, of ages, of absence, of what overlaps."""
    found: Rows = {kind: [] for kind in KINDS}

    def child(
        born: str,
        *enrolled: tuple[str, str, str | None],
        main: bool | None = None,
        **more: list[dict[str, Any]],
    ) -> None:
        name = f"e{len({row['child_id'] for row in found['enrolments']}):02}"
        for school, start, end in enrolled:
            row = {"child_id": name, "school_id": f"99Z{school}00", "birth_month": on(born), "pc4": "9901"}
            row |= {"start_date": on(start), "end_date": end and on(end), "main_enrolment": main}
            found["enrolments"].append({**row, "line": len(found["enrolments"]) + 2})
        for kind, rows in more.items():
            for one in rows:
                number = {"allocation_number": str(len(found[kind]))} if kind == "indications" else {}
                found[kind].append({"child_id": name, **number, **one, "line": len(found[kind]) + 2})

    def care(start: str, end: str | None, **more: Any) -> dict[str, Any]:
        row = {"municipality_code": "9901", "provider_id": "41990001", "product_category": "45"}
        row |= {"product_code": "A", "referrer": "02", "start_date": on(start), "end_date": end and on(end)}
        return {**row, **more}

    def away(kind: str, start: str, end: str | None, **more: Any) -> dict[str, Any]:
        row = {"school_id": None, "absence_type": kind, "start_date": on(start), "end_date": end and on(end)}
        return {**row, "status": None, "closing_reason": None, **more}

    whole = ("A", "2021-08-01", "2025-01-01")
    child("2012-01-01", whole, indications=[care("2024-12-01", None)])
    # From 1 October: the day itself is too early, and after a year it is too late.
    for last, first in (
        ("2023-09-30", "2023-10-01"),
        ("2023-10-01", "2023-10-02"),
        ("2024-09-29", "2024-09-30"),
        ("2024-09-30", "2024-10-01"),
    ):
        for born in ("2011-07-01", "2011-08-01"):
            child(born, ("A", "2021-08-01", last), ("C", first, None))
        form = {"product_category": "41" if first.endswith("1") else "44"}
        child("2012-01-01", ("A", "2021-08-01", "2024-12-31"), indications=[care(first, None, **form)])
        left = {"school_id": "99ZA00", "left_on": on(first), "destination": "detentie"}
        child("2008-01-01", ("D", "2021-08-01", None), leavers=[left])
    for left_on in ("2022-07-31", "2022-08-01", "2023-07-31", "2023-08-01", "2024-07-31", "2024-08-01"):
        left = {"school_id": "99ZD00", "left_on": on(left_on), "destination": "werk"}
        child("2006-01-01", ("D", "2021-08-01", left_on), leavers=[left])
        stop = {"municipality_code": "9901", "provider_id": "41990001", "start_date": on("2022-06-01")}
        stop |= {
            "end_date": on(left_on),
            "end_reason": "32",
            "allocation_number": str(len(found["indications"])),
        }
        child("2012-01-01", whole, indications=[care("2022-06-01", left_on)], deliveries=[stop])
    # Ages on the first day of a school year; who is 4 or 18 on the way.
    for born in (
        "2015-08-01",
        "2015-09-01",
        "2019-08-01",
        "2019-09-01",
        "2005-08-01",
        "2005-09-01",
        "2005-10-01",
    ):
        child(
            born,
            whole,
            absences=[away("absoluut", "2023-08-01", None)],
            indications=[care("2023-07-01", None)],
        )
        child(born, ("A", "2023-12-01", None), indications=[care("2023-07-01", "2024-02-01")])
    for end in ("2023-09-28", "2023-09-29", "2023-11-30", "2023-12-01"):  # 28, 29, 91 and 92 days
        child("2012-01-01", whole, absences=[away("relatief", "2023-09-01", end, school_id="99ZB00")])
        also = away("relatief_langdurig", end, "2023-12-02", school_id="99ZB00")
        both = [away("absoluut", "2023-09-01", "2023-11-30"), also]
        child("2012-01-01", whole, absences=both, indications=[care("2023-12-02", None)])
    exempt = away("vrijstelling_5a", "2023-09-01", "2023-12-31")
    for start, end in (
        ("2023-09-01", "2023-12-31"),
        ("2023-08-31", "2023-12-31"),
        ("2023-09-01", "2024-01-01"),
    ):
        child("2012-01-01", whole, absences=[exempt, away("relatief_langdurig", start, end)])
    # Measured on the first day of schooling and the day before.
    for start in ("2023-09-30", "2023-10-01", "2023-10-02"):
        told = {
            "provider_id": "41990001",
            "measured_on": on("2023-10-01"),
            "goals_met": "geheel",
            "plan_18": True,
        }
        told |= {"without_help": "ja", "score_start": 10.0, "score_end": 5.0, "standard_error": 1.0}
        told |= {"higher_is_better": None, "allocation_number": str(len(found["indications"]))}
        child("2006-01-01", ("A", start, None), indications=[care("2023-01-01", None)], outcomes=[told])
    # What overlaps by a day, what adjoins.
    for end in ("2023-08-31", "2023-09-01"):
        child("2012-01-01", whole, indications=[care("2023-01-01", end), care("2023-09-01", None)])
        child("2012-01-01", ("A", "2021-08-01", end), ("B", "2023-09-01", None), main=True)
    return found


def expected(region: Rows, last: date, points: list[date]) -> dict[Key, Figure]:
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


def test_results_equal_sets_of_days_at_the_edges(connection: duckdb.DuckDBPyConnection) -> None:
    held(connection, edges())


@few(3)
@given(region=regions())
def test_results_equal_sets_of_days(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    held(connection, region)

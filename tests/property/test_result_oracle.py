"""Results of care, home-sitters, referrals and quality of data, against sets of days and children."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import oracle_result as second
from tests.support.care_cases import MUNICIPALITIES, PROVIDERS, enrolment_rows
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse

TYPES = {"99ZA00": "BO", "99ZB00": "SBO", "99ZC00": "SO/VSO"}
SCHOOLS = [
    {"school_id": s, "name": s, "school_type": t, "municipality_code": "9901", "swv": None, "board": None}
    for s, t in TYPES.items()
]
REGION = frozenset(TYPES)
YEARS = [
    Window("2022-2023", date(2022, 8, 1), date(2023, 7, 31)),
    Window("2023-2024", date(2023, 8, 1), date(2024, 7, 31)),
]
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
        insert(db, "schools", SCHOOLS)
        setting(db, "periods.first_year", "2022")
        setting(db, "periods.last_year", "2024")
        setting(db, "region.municipality", "9901")
        # Data go on after the last follow-up, so that it lies inside them.
        yield db


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
        found["enrolments"] += [{**row, "birth_month": birth} for row in enrolled]
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
            destination = draw(st.sampled_from(["werk", "detentie"]))
            found["leavers"].append(
                {"child_id": child, "school_id": "99ZA00", "left_on": draw(days), "destination": destination}
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
        "product_category": draw(st.sampled_from(["45", "41", "44"])),
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


Key = tuple[str, str, str, str, date | None, str, str]


def expected(
    region: dict[str, list[dict[str, Any]]], last: date, points: list[date]
) -> dict[Key, second.Pair]:
    """Every figure of the region and of its first school."""
    oracle = Oracle(
        current_indications(region["indications"], region["deliveries"]),
        current_enrolments(region["enrolments"]),
    )
    born = {row["child_id"]: row["birth_month"] for row in region["enrolments"]}
    stops = {
        row["allocation_number"]: row["end_reason"] or ""
        for row in region["deliveries"]
        if row["end_reason"] != "20"
    }
    starts = [(r["child_id"], r["start_date"], r["product_category"]) for r in region["indications"]]
    counted = second.counted_absences(region["absences"], oracle.enrolments, born)
    found: dict[Key, second.Pair] = {}

    def put(figures: second.Figures, level: str, unit: str, period: str) -> None:
        for (metric, dimension, part), pair in figures.items():
            found[metric, level, unit, period, None, dimension, part] = pair

    for window in YEARS:
        enrolled = any(oracle.enrolled(c, REGION, day) for c in oracle.children for day in window.days)
        put(
            second.ends(oracle, REGION, window, region["indications"], stops), "region", "region", window.name
        )
        put(second.outcomes(oracle, REGION, window, region["outcomes"]), "region", "region", window.name)
        put(
            second.records(window, region["indications"], region["deliveries"], None),
            "region",
            "region",
            window.name,
        )
        sitting = second.absences(oracle, None, window, counted)
        if not (counted and min(a["start_date"] for a in counted) <= window.end and enrolled):
            sitting = {key: pair for key, pair in sitting.items() if pair[0] and pair[1] is None}
        put(sitting, "region", "region", window.name)
        october = date(window.start.year, 10, 1)
        if second.years_later(october, 1) - timedelta(days=1) <= last:
            here = second.referrals(oracle, october, TYPES, born, starts, region["leavers"])
            put(here, "region", "region", window.name)
        for payer in MUNICIPALITIES:
            put(
                second.links(oracle, window, born, REGION, payer),
                "responsible_municipality",
                payer,
                window.name,
            )
            put(
                second.records(window, region["indications"], region["deliveries"], payer),
                "responsible_municipality",
                payer,
                window.name,
            )
    for day in points:
        pair = second.future_plan(oracle, REGION, day, region["outcomes"], born)
        if pair:
            period = f"{day.year}-{day.year + 1}"
            found["future_plan_share", "region", "region", period, day, "", ""] = pair
    return found


def held(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> dict[Key, second.Pair]:
    """Build a region, hold its figures against the oracle, and give what the oracle says."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, " ".join(f"+metrics.{name}" for name in TABLES))
    last = rows_of(connection, "select last_day from staging.span")[0]["last_day"]
    points = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    wanted = expected(region, last, points)
    names = {(key[0], key[5]) for key in wanted}
    places = {(key[0], key[1], key[3]) for key in wanted}
    got: dict[Key, second.Pair] = {}
    for table in TABLES:
        for row in rows_of(connection, f"select * from metrics.{table}"):
            key: Key = (
                *(row["metric"], row["level"], row["unit_id"], row["period"], row["reference_date"]),
                *(row["dimension"], row["dimension_value"]),
            )
            known = (row["metric"], row["dimension"]) in names
            known &= row["dimension_value"] != "twee_hoofdinschrijvingen"
            if known and (row["metric"], row["level"], row["period"]) in places:
                got[key] = (row["numerator"], row["denominator"])
    wrong = [
        f"{key}: {got.get(key)}, expected {wanted.get(key)}"
        for key in sorted(got.keys() | wanted.keys(), key=str)
        if got.get(key) != wanted.get(key)
    ]
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

"""Costs of care against a second implementation that asks the price of every day."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.care_cases import MUNICIPALITIES, PROVIDERS, SCHOOLS, enrolment_rows
from tests.support.examples import few
from tests.support.figures import Figure, Key, count, parts, share, unlike
from tests.support.oracle import Window, current_enrolments
from tests.support.oracle_cost import CostOracle, amounts, budget, cost_days, euros, last_year, split
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse

WINDOWS = [
    Window("2023", date(2023, 1, 1), date(2023, 12, 31)),
    Window("2024", date(2024, 1, 1), date(2024, 12, 31)),
    Window("2023-2024", date(2023, 8, 1), date(2024, 7, 31)),
]
DAYS = [date(2022, 8, 1) + timedelta(days=n) for n in range((date(2024, 12, 31) - date(2022, 8, 1)).days + 1)]
REGION = frozenset(str(s["school_id"]) for s in SCHOOLS)
UNITS = {
    ("school", "99ZA00"): frozenset({"99ZA00"}),
    ("swv", "PO9901"): frozenset({"99ZA00", "99ZB00"}),
    ("school_municipality", "9901"): frozenset({"99ZA00", "99ZC00"}),
    ("region", "region"): REGION,
}
PLACES = [{"pc4": code, "municipality_code": code, "x": 0.0, "y": 0.0} for code in MUNICIPALITIES]
TABLES = ("theme_h_costs", "theme_h_budget", "theme_e_cost")
KEY = ("metric", "level", "unit_id", "period", "dimension", "dimension_value")
VOLUMES = [
    (120, "01", "2"),
    (4, "16", "4"),
    (30, "04", "6"),
    (1, "14", "1"),
    (2, "84", "4"),
    (50000, "83", "6"),
    (3, "04", "3"),
    (None, None, None),
]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        prepare(db)
        yield db


def prepare(db: duckdb.DuckDBPyConnection) -> None:
    """What is the same for all regions."""
    insert(db, "schools", SCHOOLS)
    insert(db, "places", PLACES)
    setting(db, "periods.first_year", "2022")
    setting(db, "periods.last_year", "2024")


@st.composite
def price_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Prices that are special, general, for a category, absent, of another unit, or that change half-way."""
    rows: list[dict[str, Any]] = []
    for category in ("45", "44"):
        for municipality in (None, "9901"):
            for code in (None, "A"):
                if draw(st.booleans()):
                    continue
                line: dict[str, Any] = {
                    "product_category": category,
                    "municipality_code": municipality,
                    "product_code": code,
                    "care_form": draw(st.sampled_from([None, "ambulant", "netwerk"])),
                    "weight_class": draw(st.sampled_from([None, "licht"])),
                    "setting": draw(st.sampled_from([None, "school", "thuis"])),
                    "tariff_cents": draw(st.sampled_from([6000, 9000, 7500, 0, None])),
                    "tariff_unit": draw(
                        st.sampled_from(["uur", "minuut", "dagdeel", "uur", "etmaal", "stuks", None])
                    ),
                }
                change = draw(st.sampled_from([None, date(2023, 8, 1), date(2024, 1, 1)]))
                if change is None:
                    rows.append(line)
                else:
                    rows.append(line | {"valid_to": change - timedelta(days=draw(st.sampled_from([1, 11])))})
                    rows.append(line | {"valid_from": change, "tariff_cents": 7000})
    return rows


# Half of the care begins beside the first day of a period or of a price.
STARTS = st.one_of(
    st.dates(date(2022, 6, 1), date(2024, 6, 1)),
    st.tuples(
        st.sampled_from([date(2023, 1, 1), date(2023, 8, 1), date(2024, 1, 1)]), st.sampled_from([-1, 0, 1])
    ).map(lambda pair: pair[0] + timedelta(days=pair[1])),
)
REFERRERS = [None, "02", "02", "01", "07"]
FEW = st.sampled_from([0, 1, 5, 6])


@st.composite
def regions(draw: st.DrawFn, children: st.SearchStrategy[int] = FEW) -> dict[str, list[dict[str, Any]]]:
    indications: list[dict[str, Any]] = []
    declarations: list[dict[str, Any]] = []
    enrolments: list[dict[str, Any]] = []
    for n in range(draw(children)):
        child = f"{n:032x}"
        referrer = draw(st.sampled_from(REFERRERS))  # of all care of a child, so also of its trajectories
        for _ in range(draw(st.integers(0, 4))):
            start = draw(STARTS)
            volume, unit, frequency = draw(st.sampled_from(VOLUMES))
            base: dict[str, Any] = {
                "child_id": child,
                "provider_id": draw(st.sampled_from(PROVIDERS)),
                "municipality_code": draw(st.sampled_from(MUNICIPALITIES)),
                "product_category": draw(st.sampled_from(["45", "44"])),
                "product_code": draw(st.sampled_from([None, "A", "B"])),
                "start_date": start,
            }
            end = draw(st.sampled_from([None, 0, 30, 400]))
            indications.append(
                base
                | {
                    "allocation_number": str(len(indications)),
                    "referrer": referrer,
                    "law": draw(st.sampled_from([None, None, None, "wmo"])),
                    "end_date": None if end is None else start + timedelta(days=end),
                    "volume": volume,
                    "unit": unit,
                    "frequency": frequency,
                    "budget_cents": draw(st.sampled_from([None, None, 100000, 0])),
                }
            )
            if draw(st.booleans()):
                declarations.append(
                    base
                    | {
                        # What product B declares names no indication.
                        "allocation_number": None
                        if base["product_code"] == "B"
                        else str(len(indications) - 1),
                        "declaration_number": "D",
                        "reference_number": str(len(declarations)),
                        "end_date": start + timedelta(days=draw(st.sampled_from([0, 20]))),
                        "volume": 1.0,
                        "unit": "04",
                        "amount_cents": draw(st.sampled_from([12345, 100])),
                        "debit_credit": "D",
                    }
                )
        home = draw(st.sampled_from([*MUNICIPALITIES, None, "9909"]))
        enrolments += [{**row, "pc4": home} for row in draw(enrolment_rows(child, []))]
    for line, row in enumerate(enrolments, 2):
        row["line"] = line
    return {
        "indications": indications,
        "declarations": declarations,
        "enrolments": enrolments,
        "products": draw(price_lists()),
    }


def net(declarations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Product periods that are alike are one."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    names = ("municipality_code", "provider_id", "child_id", "product_category", "product_code", "start_date")
    for row in declarations:
        key = (*(row[name] for name in names), row["end_date"])
        found[key] = row | {
            "amount_cents": row["amount_cents"] + found.get(key, {"amount_cents": 0})["amount_cents"]
        }
    return list(found.values())


def expected(oracle: CostOracle, declared_from: date | None, over: set[str]) -> dict[Key, Figure]:
    """Figures by metric, level, unit, period, dimension and part; changes of periods that are over."""
    found: dict[Key, Figure] = {}
    for window, basis in product(WINDOWS, ("assigned", "declared")):
        if basis == "declared" and (
            declared_from is None or declared_from > window.start + timedelta(days=31)
        ):
            continue
        places: list[tuple[tuple[str, str], frozenset[str], str | None]] = [
            (place, schools, None) for place, schools in UNITS.items()
        ]
        places += [(("responsible_municipality", payer), REGION, payer) for payer in MUNICIPALITIES]
        for place, schools, payer in places:
            days = oracle.select(basis, schools, window, payer)
            pupil_days = None if payer else oracle.pupil_days(schools, window)
            if pupil_days != 0:
                found |= amounts(basis, (*place, window.name), days, pupil_days)
            if place[0] == "school" or window.name not in over or not comparable(oracle, basis, window):
                continue
            before = oracle.select(basis, schools, last_year(window), payer)
            children = len({d.child for d in days if d.law == "jeugdwet"})
            effects = split(*([d for d in some if d.law == "jeugdwet"] for some in (before, days)))
            for part, value in effects.items():
                if part[0] == "effect_part" or place[0] in ("swv", "region"):
                    key = (f"volume_price_split_{basis}", *place, window.name, *part)
                    found[key] = count(value, children)
    return found


def comparable(oracle: CostOracle, basis: str, window: Window) -> bool:
    """Whether costs of pupils are known from the beginning of the year before, give or take a month."""
    ever = Window("ever", DAYS[0], DAYS[-1])
    begun = min((d.day for d in oracle.select(basis, REGION, ever)), default=date.max)
    return begun <= last_year(window).start + timedelta(days=31)


def budgets(oracle: CostOracle, homes: dict[str, str]) -> dict[Key, Figure]:
    """What collective provision would cost in the school year."""
    window = WINDOWS[2]
    pupils = {one.child for one in oracle.enrolments}
    found: dict[Key, Figure] = {}
    for (level, unit), schools in UNITS.items():
        if level != "school_municipality":
            days = [d for d in oracle.select("assigned", schools, window) if d.law == "jeugdwet"]
            here = [c for c in pupils if any(oracle.enrolled(c, schools, day) for day in window.days)]
            found |= budget(
                (level, unit, window.name), days, [homes.get(child, "onbekend") for child in here]
            )
    return found


def by_way_of_gp(
    oracle: CostOracle, indications: list[dict[str, Any]], declared: list[dict[str, Any]]
) -> dict[Key, Figure]:
    """Cost by way of the general practitioner, of all with a known referrer."""
    known = {row["child_id"]: row["referrer"] for row in indications if row["referrer"] in ("01", "02")}
    law = {row["allocation_number"]: row["law"] for row in indications}
    unnamed = {
        len(indications) + n
        for n, row in enumerate(declared)
        if law.get(row["allocation_number"], "none") is not None  # none, or one under another law
    }
    found = {}
    for window, basis in product(WINDOWS, ("assigned", "declared")):
        for (level, unit), schools in UNITS.items():
            days = [d for d in oracle.select(basis, schools, window) if d.law == "jeugdwet"]
            payers = sorted({d.municipality for d in days}) if level == "region" else []
            parts = [((level, unit), days)] if level in ("region", "school_municipality") else []
            parts += [
                (("responsible_municipality", p), [d for d in days if d.municipality == p]) for p in payers
            ]
            for place, mine in parts:
                routed = [
                    d for d in mine if d.cents is not None and d.child in known and d.record not in unnamed
                ]
                gp = [d for d in routed if known[d.child] == "02"]
                if routed or (place == (level, unit) and oracle.pupil_days(schools, window)):
                    key = (f"gp_route_cost_share_{basis}", *place, window.name, "", "")
                    found[key] = share(euros(gp) or 0, euros(routed) or 0, len({d.child for d in gp}))
    return found


def held(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> dict[Key, Figure]:
    """Build a region, hold its costs against the oracle, and give what the oracle says."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, " ".join(f"+metrics.{table}" for table in TABLES))
    declared = net(region["declarations"])
    oracle = CostOracle(
        cost_days(region["indications"], declared, region["products"], DAYS),
        current_enrolments(region["enrolments"]),
    )
    periods = rows_of(connection, "select period, is_provisional from core.period")
    over = {row["period"] for row in periods if not row["is_provisional"]}
    homes = {row["child_id"]: row["pc4"] for row in region["enrolments"] if row["pc4"] in MUNICIPALITIES}
    wanted = expected(oracle, min((row["start_date"] for row in declared), default=None), over)
    wanted |= budgets(oracle, homes) | by_way_of_gp(oracle, region["indications"], declared)
    known, places = parts(wanted), {key[1:4] for key in wanted}
    got = {
        tuple(row[name] for name in KEY): row
        for table in TABLES
        for row in rows_of(connection, f"select * from metrics.{table}")
        if (row["metric"], row["dimension"]) in known
        and (row["level"], row["unit_id"], row["period"]) in places
    }
    wrong = unlike(got, wanted)
    assert not wrong, "\n".join(wrong[:20])
    return wanted


def edges() -> dict[str, list[dict[str, Any]]]:
    """Care of known cost from the first year to the last day of the last: every change can be told."""
    found: dict[str, list[dict[str, Any]]] = {"indications": [], "declarations": [], "enrolments": []}
    found["products"] = [
        {"product_category": "45", "care_form": "netwerk", "product_code": "A", "setting": "school"},
        {"product_category": "45", "tariff_cents": 6000, "tariff_unit": "uur", "setting": "thuis"},
        {"product_category": "44", "tariff_cents": 0, "tariff_unit": "uur"},
    ]

    def child(since: str, *care: tuple[str, str | None, dict[str, Any]], home: str = "9901") -> None:
        name = f"k{len(found['enrolments']):02}"
        row = {"child_id": name, "school_id": "99ZA00", "start_date": date.fromisoformat(since), "pc4": home}
        found["enrolments"].append({**row, "end_date": None, "line": len(found["enrolments"]) + 2})
        for start, end, more in care:
            base = {"child_id": name, "provider_id": "41990001", "municipality_code": "9901", "law": None}
            base |= {"product_category": "45", "product_code": None, "start_date": date.fromisoformat(start)}
            base |= {
                "end_date": end and date.fromisoformat(end),
                "volume": None,
                "unit": None,
                "frequency": None,
            }
            base |= {
                "referrer": "02",
                "budget_cents": 100000,
                "allocation_number": str(len(found["indications"])),
            }
            found["indications"].append(base | more)

    other = {"municipality_code": "9902"}
    hours = {"budget_cents": None, "volume": 2.0, "unit": "04", "frequency": "2"}
    child("2022-01-01", ("2022-08-01", "2024-12-31", {}), ("2022-08-01", "2024-12-31", other))
    child("2022-01-01", ("2024-12-31", "2024-12-31", {}), ("2024-12-31", "2024-12-31", other), home="9902")
    # Of one municipality and form: two that begin together, one within them, one that goes on, one apart.
    spells = (("2023-03-01", "2023-06-30"), ("2023-03-01", "2023-03-31"), ("2023-04-01", "2023-05-01"))
    spells += (("2023-06-15", "2023-08-15"), ("2024-02-01", "2024-02-10"))
    child("2022-01-01", *((start, end, {}) for start, end in spells))
    child("2022-01-01", *((start, end, other | {"product_category": "44"}) for start, end in spells))
    child(
        "2022-01-01", ("2023-01-01", "2023-12-31", hours), ("2024-01-01", None, hours | {"product_code": "A"})
    )
    free = hours | {"product_category": "44"}
    child(
        "2022-01-01", ("2023-01-01", "2024-02-29", free), ("2023-09-01", None, hours | {"product_code": "A"})
    )
    unknown = {"budget_cents": None}
    child("2022-01-01", ("2023-01-01", "2024-12-31", unknown), ("2023-05-01", "2023-05-31", {}))
    child("2022-01-01", ("2023-01-01", "2024-12-31", unknown))
    child("2022-01-01", ("2023-01-01", "2024-12-31", {"law": "wmo"}), ("2023-05-01", "2023-05-31", hours))
    for end in ("2023-07-31", "2023-08-01"):
        child("2023-08-01", ("2023-01-01", end, {}), home="9909")
    return found


def test_costs_equal_day_by_day_at_the_edges(connection: duckdb.DuckDBPyConnection) -> None:
    assert any(key[0] == "volume_price_split_assigned" for key in held(connection, edges()))


@few(3)
@given(region=regions())
def test_costs_equal_day_by_day(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    held(connection, region)

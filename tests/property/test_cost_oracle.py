"""Costs of care against a second implementation that asks the price of every day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.care_cases import MUNICIPALITIES, PROVIDERS, SCHOOLS, enrolment_rows
from tests.support.oracle import Window, current_enrolments
from tests.support.oracle_cost import CostOracle, DayCost, cost_days, euros, last_year, split, spread
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
        insert(db, "schools", SCHOOLS)
        setting(db, "periods.first_year", "2022")
        setting(db, "periods.last_year", "2024")
        yield db


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
        enrolments += draw(enrolment_rows(child, []))
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


def expected(oracle: CostOracle, first_declared: date | None) -> dict[tuple[Any, ...], float | None]:
    """Value by metric, level, unit, period, dimension and part."""
    found: dict[tuple[Any, ...], float | None] = {}
    for window in WINDOWS:
        for basis in ("assigned", "declared"):
            if basis == "declared" and (
                first_declared is None or first_declared > window.start + timedelta(days=31)
            ):
                continue
            for (level, unit), schools in UNITS.items():
                pupil_days = oracle.pupil_days(schools, window)
                if pupil_days:
                    days = oracle.select(basis, schools, window)
                    _whole(found, basis, (level, unit, window.name), days, pupil_days)
            for payer in MUNICIPALITIES:
                days = oracle.select(basis, REGION, window, payer)
                if days:
                    _whole(found, basis, ("responsible_municipality", payer, window.name), days, None)
    return found


def _whole(
    found: dict[tuple[Any, ...], float | None],
    basis: str,
    where: tuple[str, str, str],
    days: list[DayCost],
    pupil_days: int | None,
) -> None:
    cost, children = euros(days), len({d.child for d in days})
    found[f"care_cost_{basis}", *where, "", ""] = cost
    found[f"cost_per_client_{basis}", *where, "", ""] = (
        cost / children if children and cost is not None else None
    )
    if pupil_days:
        found[f"cost_per_pupil_{basis}", *where, "", ""] = (
            None if cost is None else cost / (pupil_days / 365.25)
        )
    if basis == "assigned":
        known = sum(d.cents is not None for d in days)
        found["priced_share_assigned", *where, "", ""] = known / len(days) if days else None
    for name in ("form", "weight") if where[0] != "school" else ():
        for part in {getattr(d, name) for d in days}:
            dimension = {"form": "care_form", "weight": "weight_class"}[name]
            found[f"care_cost_{basis}", *where, dimension, part] = euros(
                d for d in days if getattr(d, name) == part
            )
    if days and where[0] != "school":
        shown = spread(days)
        found[f"cost_per_client_{basis}_median", *where, "", ""] = shown["median"]
        found[f"cost_per_client_{basis}_p90", *where, "", ""] = shown["p90"]
        if where[0] != "responsible_municipality":
            found[f"cost_top10_share_{basis}", *where, "", ""] = shown["top10"]
    if days and where[0] in ("school", "region"):
        for payer in {d.municipality for d in days}:
            found[f"cost_by_municipality_{basis}", *where, "responsible_municipality", payer] = euros(
                d for d in days if d.municipality == payer
            )


def by_way_of_gp(
    oracle: CostOracle, indications: list[dict[str, Any]], declared: list[dict[str, Any]]
) -> dict[tuple[Any, ...], tuple[float, float, int]]:
    """Cost by way of the general practitioner, cost with a known referrer, children behind the first."""
    known = {row["child_id"]: row["referrer"] for row in indications if row["referrer"] in ("01", "02")}
    unnamed = {len(indications) + n for n, row in enumerate(declared) if not row.get("allocation_number")}
    found = {}
    for window in WINDOWS:
        for basis in ("assigned", "declared"):
            for (level, unit), schools in UNITS.items():
                days = oracle.select(basis, schools, window)
                payers = sorted({d.municipality for d in days}) if level == "region" else []
                parts = [((level, unit), days)] if level in ("region", "school_municipality") else []
                parts += [
                    (("responsible_municipality", p), [d for d in days if d.municipality == p])
                    for p in payers
                ]
                for place, mine in parts:
                    routed = [
                        d
                        for d in mine
                        if d.cents is not None and d.child in known and d.record not in unnamed
                    ]
                    gp = [d for d in routed if known[d.child] == "02"]
                    if routed or (place == (level, unit) and oracle.pupil_days(schools, window)):
                        key = (f"gp_route_cost_share_{basis}", *place, window.name, "", "")
                        found[key] = (euros(gp) or 0, euros(routed) or 0, len({d.child for d in gp}))
    return found


def held(
    connection: duckdb.DuckDBPyConnection, region: dict[str, Any]
) -> dict[tuple[Any, ...], float | None]:
    """Build a region, hold its costs against the oracle, and give what the oracle says."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, "+metrics.theme_h_costs +metrics.theme_e_cost")
    declared = net(region["declarations"])
    oracle = CostOracle(
        cost_days(region["indications"], declared, region["products"], DAYS),
        current_enrolments(region["enrolments"]),
    )
    wanted = expected(oracle, min((row["start_date"] for row in declared), default=None))
    keys = {(key[0], key[4]) for key in wanted}
    places = {(key[1], key[2], key[3]) for key in wanted}
    got = {
        tuple(
            row[name] for name in ("metric", "level", "unit_id", "period", "dimension", "dimension_value")
        ): row["value"]
        for row in rows_of(connection, "select * from metrics.theme_h_costs")
        if (row["metric"], row["dimension"]) in keys
        and (row["level"], row["unit_id"], row["period"]) in places
    }
    assert got.keys() == wanted.keys()
    wrong = [
        f"{key}: {got[key]}, expected {value}"
        for key, value in wanted.items()
        if (got[key] is None) != (value is None)
        or (value is not None and got[key] != pytest.approx(value, rel=1e-9, abs=1e-9))
    ]
    assert not wrong, "\n".join(wrong[:20])

    window = WINDOWS[1]
    before = oracle.select("assigned", REGION, last_year(window))
    after = oracle.select("assigned", REGION, window)
    rows = rows_of(
        connection,
        "select dimension_value, value from metrics.theme_h_costs "
        "where metric = 'volume_price_split_assigned' and level = 'region' and period = '2024' "
        "and dimension = 'effect_part'",
    )
    if rows:
        parts = {row["dimension_value"]: row["value"] for row in rows}
        assert parts == {k: pytest.approx(v, rel=1e-9, abs=1e-6) for k, v in split(before, after).items()}
        assert parts["volume"] + parts["prijs"] + parts["mix"] == pytest.approx(parts["totaal"], abs=1e-6)
    routes = by_way_of_gp(oracle, region["indications"], declared)
    got_routes = {
        (row["metric"], row["level"], row["unit_id"], row["period"], "", ""): row
        for row in rows_of(connection, "select * from metrics.theme_e_cost")
        if (row["level"], row["unit_id"]) in {key[1:3] for key in routes}
        and row["period"] in {w.name for w in WINDOWS}
    }
    assert got_routes.keys() == routes.keys()
    for key, (by_gp, whole, children) in routes.items():
        row = got_routes[key]
        assert (row["numerator"], row["denominator"]) == pytest.approx((by_gp, whole), abs=1e-6), key
        assert (row["value"], row["n_children"]) == (
            pytest.approx(by_gp / whole) if whole else None,
            children,
        ), key
    return wanted | {key: by_gp / whole if whole else None for key, (by_gp, whole, _) in routes.items()}


# Every example is a build: few regions with many children each, and no shrinking.
@settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(region=regions())
def test_costs_equal_day_by_day(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    held(connection, region)

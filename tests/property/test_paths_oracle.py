"""Themes D, E and G against a second implementation that asks every day and every pair, on random regions."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.property.test_metrics_oracle import WINDOWS, units
from tests.support import oracle_access as access
from tests.support import oracle_nearness as nearness
from tests.support import oracle_paths as paths
from tests.support import oracle_survival as survival
from tests.support.care_cases import SCHOOLS, days, regions
from tests.support.figures import COLUMNS, Figure, unlike
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from tests.support.world import SETTINGS, Detail, Path, World, months_later

PLACES = [
    {"pc4": "9901", "municipality_code": "9901", "x": 1000.0, "y": 2000.0},
    {"pc4": "9902", "municipality_code": "9902", "x": 9000.0, "y": 2000.0},
    {"pc4": "9903", "municipality_code": "9903", "x": 1000.0, "y": 32000.0},
]
HERE = [{**school, "pc4": pc4} for school, pc4 in zip(SCHOOLS, ("9901", "9902", "9901"), strict=True)]
THEMES = ("d_event", "d_trajectory", "d_waiting", "d_transition", "d_on_date")
THEMES += ("d_visit", "d_survival", "e_referral", "e_first", "e_frontline", "g_nearness")
MODELS = " ".join(f"+metrics.theme_{name}" for name in THEMES)
PRODUCTS = [
    {"product_category": category, "setting": setting}
    for category, setting in {**SETTINGS, "41": "onbekend"}.items()
]
KINDS = ("indications", "enrolments", "deliveries", "light_support", "outcomes", "transport")
CURVES = ("reentry", "reentry_182", "episode_length", "episode_running")
LEVELS = ("school", "school_type", "region")


def town() -> duckdb.DuckDBPyConnection:
    """A warehouse with the schools, places, products and settings of the test."""
    db = warehouse()
    insert(db, "schools", HERE)
    insert(db, "places", PLACES)
    insert(db, "products", PRODUCTS)
    setting(db, "periods.first_year", "2023")
    setting(db, "periods.last_year", "2024")
    setting(db, "region.municipality", "9901")
    setting(db, "metrics.waiting_norm_days", "40")
    return db


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with town() as db:
        yield db


@st.composite
def enriched(draw: st.DrawFn) -> dict[str, Any]:
    """A random region with what these themes look at. No two starts of a child on a day are alike."""
    region = draw(regions())
    seen: set[tuple[str, date]] = set()
    given_to: dict[str, dict[str, Any]] = {}
    for row in region["indications"]:
        number = row["allocation_number"]
        if number not in given_to:
            alike = (row["child_id"], row["start_date"]) in seen
            seen.add((row["child_id"], row["start_date"]))
            given_to[number] = {
                "product_category": None
                if alike
                else draw(st.sampled_from(["31", "41", "45", "45", "46", None])),
                "referrer": None if alike else draw(st.sampled_from([None, "01", "01", "02", "06", "07"])),
                "applied_on": draw(
                    st.sampled_from([None, *(row["start_date"] - timedelta(n) for n in (-3, 0, 40, 41))])
                ),
            }
        row.update(given_to[number])
    children = sorted({row["child_id"] for row in region["enrolments"]})
    if draw(st.booleans()) and region["indications"]:
        # Old care, so that five years of history lie before the periods.
        region["indications"].append(
            {
                "child_id": children[0],
                "provider_id": "41990001",
                "municipality_code": "9901",
                "allocation_number": "old",
                "start_date": date(2017, 3, 1),
                "end_date": date(2017, 5, 31) if draw(st.booleans()) else date(2017, 12, 31),
                "product_category": "31",
                "line": 999,
            }
        )
    birth = {
        child: date(draw(st.sampled_from([2005, 2006, 2010, 2011])), draw(st.integers(1, 12)), 1)
        for child in children
    }
    home = {child: draw(st.sampled_from(["9901", "9902", "9903", "9999"])) for child in children}
    for row in region["enrolments"]:
        row.update(birth_month=birth[row["child_id"]], pc4=home[row["child_id"]])

    def rows(number: int, **columns: Any) -> list[dict[str, Any]]:
        found: dict[Any, dict[str, Any]] = {}
        for _ in range(draw(st.integers(0, number))):
            row = {"child_id": draw(st.sampled_from(children)), "start_date": draw(days)}
            end = draw(st.sampled_from([None, 0, 1, 29, 100, 300]))
            row["end_date"] = None if end is None else row["start_date"] + timedelta(end)
            row |= {name: draw(st.sampled_from(values)) for name, values in columns.items()}
            found[row["child_id"], row["start_date"], row.get("school_id"), row.get("worker_id")] = row
        return list(found.values())

    schools = [school["school_id"] for school in SCHOOLS]
    region["light_support"] = rows(
        3, school_id=schools, role=["ozg", "wijkteam"], hours=[None, 12.0], insufficient_reason=[None, "x"]
    )
    region["transport"] = rows(2, school_id=schools, amount_cents=[0, 73000])
    region["outcomes"] = [
        {
            "child_id": row["child_id"],
            "provider_id": "41990001",
            "measured_on": row["start_date"],
            "plan_18": row["plan_18"],
            "follow_up": row["follow_up"],
        }
        for row in rows(2, plan_18=[None, True, False], follow_up=[None, "wmo", "geen"])
    ]
    region["deliveries"] += [
        {
            **row,
            "municipality_code": "9901",
            "provider_id": "41990001",
            "product_code": str(n),
            "line": 900 + n,
        }
        for n, row in enumerate(rows(4, worker_id=["w1", "w2", "w3"]))
    ]
    return region


def world_of(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> World:
    """The region in the raw tables, the models built, and its second implementation."""
    for kind in KINDS:
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, region[kind])
    build_models(connection, MODELS)
    rows = region["indications"]
    indications = current_indications(rows, region["deliveries"])
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        law = (row.get("law") or "jeugdwet").strip().lower() or "jeugdwet"
        groups.setdefault((row["municipality_code"], law, row["allocation_number"]), []).append(row)
    ordered = [groups[key] for key in sorted(groups)]
    details = {
        number: Detail(
            versions[0].get("product_category"),
            versions[0].get("referrer"),
            versions[0].get("applied_on"),
            min((row["decided_on"] for row in versions if row.get("decided_on")), default=None),
        )
        for number, versions in enumerate(ordered)
    }
    span = rows_of(connection, "select last_day from staging.span")[0]
    return World(
        Oracle(indications, current_enrolments(region["enrolments"])),
        details,
        {school["school_id"]: school for school in HERE},
        {row["child_id"]: row["birth_month"] for row in region["enrolments"]},
        {row["child_id"]: row["pc4"] for row in region["enrolments"]},
        {place["pc4"]: (place["municipality_code"], place["x"], place["y"]) for place in PLACES},
        region["deliveries"],
        region["light_support"],
        region["transport"],
        region["outcomes"],
        span["last_day"],
        {number: versions[0]["allocation_number"] for number, versions in enumerate(ordered)},
        current_indications(rows, region["deliveries"], ("wmo", "wlz")),
    )


Key = tuple[Any, ...]


def expected_rows(world: World, level: str, schools: frozenset[str], window: Window) -> dict[Key, Figure]:
    """Figures of a unit in a period; the key is metric, dimension and part."""
    unit = world.oracle.unit(schools, window)
    if unit is None:
        return {}
    care, years = unit["care_pupils"], unit["care_days"] / 365.25

    def here(one: Any, day: date) -> bool:
        child = one.members[0].child if isinstance(one, Path) else one.child
        return world.enrolled(child, schools, day)

    def runs(path: Path) -> bool:
        return any(path.runs(day) and here(path, day) for day in window.days)

    flat = paths.events(world, schools, window, years, care)
    found: dict[Key, Figure] = {}
    flat |= paths.transition(world, schools, window) | access.access(world, here, window)
    flat |= access.frontline(world, schools, window, unit)
    flat["transport_cost"] = nearness.transport_cost(world, schools, window)
    found |= {(metric, "", ""): figure for metric, figure in flat.items()}
    found |= paths.trajectories(world, here, window) | paths.waiting(world, here, window)
    found |= curves(world, level, schools, window)
    return found | access.referral(world, runs, here, window)


def curves(world: World, level: str, schools: frozenset[str], window: Window) -> dict[Key, Figure]:
    """Figures of survival curves; a unit without a spell has a row that says nothing."""
    if level not in ("region", "school_type") or world.oracle.unit(schools, window) is None:
        return {}
    seen, after = survival.spells(world, schools, window), survival.without(world, schools, window)
    found = {(metric, "", ""): Figure(None, None, None, 0) for metric in CURVES}
    for (metric, part), figure in (survival.told(seen) if seen else {}).items():
        found[metric, "since_start" if part else "", part] = figure
    for (metric, part), figure in (survival.returned(after) if after else {}).items():
        found[metric, "", part] = figure
    return found


def edges() -> dict[str, list[dict[str, Any]]]:
    """Children at the edges of the rules about turning 18, schooling left, help before, and steps."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    birthday, start = date(2005, 6, 1), date(2023, 9, 15)
    half, adult = months_later(birthday, 210), months_later(birthday, 216)

    def child(
        born: date,
        *care: tuple[date, date | None, str, str | None],
        law: str | None = None,
        payer: str = "9901",
        since: date = date(2022, 8, 1),
        until: date | None = None,
        providers: tuple[int, ...] = (1, 2, 3),
        **more: dict[str, Any],
    ) -> None:
        number = len(found["enrolments"])
        name = f"e{number:03}"
        school = SCHOOLS[number % 3]["school_id"]
        # Most of them live far from every school, so that the middle distance is never 0.
        found["enrolments"].append(
            {
                "child_id": name,
                "school_id": school,
                "start_date": since,
                "end_date": until,
                "birth_month": born,
                "pc4": "9903" if number % 4 else "9901",
            }
        )
        for n, (first, last, category, referrer) in enumerate(care):
            found["indications"].append(
                {
                    "child_id": name,
                    "provider_id": f"4199000{providers[n % 3]}",
                    "municipality_code": payer,
                    "allocation_number": f"{name}-{n}",
                    "start_date": first,
                    "end_date": last,
                    "product_category": category,
                    "referrer": referrer,
                    "applied_on": first - timedelta(20 + 7 * n),
                    "decided_on": first - timedelta(10 + n)
                    if since <= date(2022, 8, 1)
                    else first + timedelta(3),
                    "law": law if n else None,
                    "volume": 2.0,
                    "unit": "04",
                    "frequency": "2",
                }
            )
        for kind, row in more.items():
            found[kind].append({"child_id": name, **row})

    def outcome(day: date, plan: bool | None, follow_up: str | None) -> dict[str, Any]:
        return {"provider_id": "41990001", "measured_on": day, "plan_18": plan, "follow_up": follow_up}

    one = timedelta(1)
    for end in (half - one, half, adult - one, adult):
        child(birthday, (date(2022, 10, 1), end, "45", "02"))
    for day in (half - one, half, adult, adult + one):
        for plan, follow_up in ((True, None), (False, "wmo"), (None, "geen")):
            care = (date(2022, 10, 1), adult - one, "41", "06")
            child(birthday, care, outcomes=outcome(day, plan, follow_up))
    for year in (2010, 2011, 2012, 2015):
        for end in (date(2023, 10, 1), date(2023, 12, 31), date(2024, 7, 31), None):
            child(date(year, 3, 1), (start, end, "31" if year > 2011 else "45", "01"))
    year_before = months_later(start, -12)
    for end in (year_before - one, year_before, start - one, start):
        for role, reason in (("ozg", "x"), ("ozg", None), ("wijkteam", "x")):
            help_given = {"school_id": "99ZA00", "role": role, "insufficient_reason": reason, "hours": 3.0}
            help_given |= {"start_date": end - timedelta(40), "end_date": end}
            child(date(2012, 1, 1), (start, None, "45", "01"), light_support=help_given)
    for hole in (1, 2, 179, 180, 181, 182):
        for first, second in (("45", "41"), ("41", "45"), ("31", "45"), ("41", "46"), ("45", "31")):
            early = (date(2022, 12, 1), start - timedelta(hole), first, "02")
            child(date(2012, 1, 1), early, (start, date(2023, 11, 30), second, None))
    # Heavy care ended, other care of two weights goes on, and light care starts: no step down.
    child(
        date(2012, 1, 1),
        (date(2022, 11, 1), date(2023, 8, 1), "41", "02"),
        (date(2022, 12, 1), None, "45", "02"),
        (date(2022, 12, 15), None, "31", "02"),
        (start, None, "31", "01"),
    )
    # Providers 1, 2, 3, 1, each its own trajectory; and a pupil who rides to school.
    quarters = [date(2023, month, 1) for month in (1, 4, 7, 10)]
    ride = {
        "school_id": "99ZA00",
        "start_date": date(2023, 8, 1),
        "end_date": date(2024, 7, 31),
        "amount_cents": 365000,
    }
    child(date(2012, 1, 1), *((day, day + timedelta(50), "45", "02") for day in quarters), transport=ride)
    for day in (date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31)):
        short = {"school_id": "99ZB00", "role": "wijkteam", "hours": 8.0, "start_date": day, "end_date": day}
        child(date(2014, 1, 1), light_support=short)
    # Turning 18 with care under another law that goes on, starts too late, or does not count.
    for law in ("wmo", "wlz", "zvw"):
        for first in (adult - one, adult, adult + one):
            child(birthday, (date(2022, 10, 1), adult - one, "41", "06"), (first, None, "41", "06"), law=law)
    # The same provider again and another one; started days after the decision by one of two workers in turn.
    again = tuple((day, day + timedelta(50), "45", "02") for day in quarters)
    for wait, worker in ((3, "w8"), (15, "w9"), (60, None)):
        begun = {"municipality_code": "9901", "provider_id": "41990001", "product_code": "e"}
        begun |= {"worker_id": worker, "start_date": quarters[0] + timedelta(wait), "end_date": quarters[1]}
        number = f"e{len(found['enrolments']):03}-0"
        child(
            date(2012, 1, 1), *again, providers=(1, 1, 2), deliveries={**begun, "allocation_number": number}
        )
        shift = {**begun, "start_date": quarters[2], "end_date": quarters[3], "worker_id": "w7"}
        if worker:
            found["deliveries"].append({"child_id": number[:4], **shift})
            after = {"start_date": quarters[3] + one, "end_date": None, "worker_id": worker}
            found["deliveries"].append({"child_id": number[:4], **shift, **after})
    # Heavier care that starts on the first day of schooling, before it was decided.
    for since in (start - one, start, start + one):
        child(
            date(2012, 1, 1),
            (date(2023, 6, 1), start + one, "31", "02"),
            (start, None, "45", "01"),
            since=since,
        )
    # Heavy care ended, heavy and light care go on, and care in between starts: no step down.
    child(
        date(2012, 1, 1),
        (date(2022, 11, 1), date(2023, 8, 1), "41", "02"),
        (date(2022, 12, 1), None, "46", "02"),
        (date(2022, 12, 15), None, "31", "02"),
        (start, None, "45", "01"),
    )
    # Care that ends around the end of a period and around a reference date, and comes back after a time.
    for end in (date(2023, 9, 30), date(2023, 10, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 8, 1)):
        child(date(2012, 1, 1), (date(2022, 11, 1), end, "45", "02"))
    for last in (date(2023, 9, 30), date(2023, 10, 1)):
        child(date(2012, 1, 1), (date(2022, 11, 1), date(2024, 3, 1), "45", "02"), until=last)
    # A quarter of the schooling that is left on 1 October 2023: 350 of 1,400 days.
    child(date(2014, 1, 1), (date(2022, 11, 1), date(2024, 9, 14), "45", "02"))
    # A step on the day after a period; help that ended five years before, or a day earlier.
    for first in (date(2024, 1, 1), date(2024, 8, 1)):
        child(date(2012, 1, 1), (date(2023, 10, 1), first, "31", "02"), (first, None, "45", "02"))
    for end in (date(2017, 3, 1), date(2017, 3, 1), date(2018, 9, 14), date(2018, 9, 15)):
        early = (end - timedelta(50), end, "45", "02")
        child(date(2012, 1, 1), early, (start, date(2024, 2, 1), "41", "02"))
    gone = date(2023, 2, 1)
    for away in (30, 31, 181, 182, 183, 184, 364, 365, 366, 367):
        early = (date(2022, 10, 1), gone, "45", "02")
        child(date(2012, 1, 1), early, (gone + timedelta(away), None, "45", "02"))
    # One professional in spells that begin together, nest, overlap and adjoin, then another.
    visits = [(0, 100), (0, 10), (20, 30), (60, 150), (151, 160), (190, 200)]
    spells = [(f"w5{n}", "w5", *visit) for n, visit in enumerate(visits)] + [("w6", "w6", 195, 250)]
    for since in (date(2022, 8, 1), date(2023, 1, 1) + timedelta(151), date(2023, 1, 1) + timedelta(201)):
        child(date(2012, 1, 1), (date(2022, 11, 1), None, "45", "02"), since=since)
        name = found["enrolments"][-1]["child_id"]
        for code, worker, first, last in spells:
            named = {"municipality_code": "9901", "provider_id": "41990001", "product_code": code}
            named |= {
                "child_id": name,
                "worker_id": worker,
                "start_date": date(2023, 1, 1) + timedelta(first),
            }
            found["deliveries"].append({**named, "end_date": date(2023, 1, 1) + timedelta(last)})
    # Care that a municipality outside the region pays, at every school.
    for _ in SCHOOLS:
        child(date(2012, 1, 1), (date(2022, 11, 1), None, "45", "02"), payer="9903")
    for still in (start - one, start, None):
        child(
            date(2012, 1, 1),
            (date(2022, 12, 1), date(2023, 9, 1), "41", "02"),
            (date(2022, 12, 1), still, "45", "02"),
            (start, None, "31", "01"),
        )
    return found


def crowd(number: int) -> dict[str, Any]:
    """Many random regions as one: their children and numbers kept apart, so that one build tests them all."""
    merged: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    drawn: list[dict[str, Any]] = []

    @settings(derandomize=True, max_examples=number, phases=[Phase.generate], database=None, deadline=None)
    @given(region=enriched())
    def collect(region: dict[str, Any]) -> None:
        drawn.append(region)

    collect()
    for kind, rows in edges().items():
        merged[kind] = [{**row, "line": line} for line, row in enumerate(rows, 2)]
    for n, region in enumerate(drawn):
        for kind, rows in region.items():
            for row in rows:
                own = {"child_id": f"{n:02}{row['child_id'][-2:]}", "line": len(merged[kind]) + 2}
                if row.get("allocation_number"):
                    own["allocation_number"] = f"{n:02}-{row['allocation_number']}"
                if row.get("worker_id"):
                    own["product_code"] = f"{n}-{row['product_code']}"
                merged[kind].append({**row, **own})
    return merged


def expectations(connection: duckdb.DuckDBPyConnection, world: World) -> dict[Key, Figure]:
    """Every row that the themes should have at the levels of the test."""
    allowed: dict[str, set[str]] = {}
    for row in rows_of(connection, "select metric, level from seeds.metric_level"):
        allowed.setdefault(row["metric"], set()).add(row["level"])
    expected: dict[Key, Figure] = {}
    reference = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    for (level, unit), schools in units().items():
        if level not in LEVELS:
            continue
        for window in WINDOWS:
            for (metric, *part), figure in expected_rows(world, level, schools, window).items():
                if level in allowed[metric]:
                    expected[metric, level, unit, window.name, None, *part] = figure
            if "-" not in window.name:
                years = f"{int(window.name) - 1}..{window.name}"
                for metric, figure in paths.visits(world, schools, window).items():
                    if level in allowed[metric]:
                        expected[metric, level, unit, years, None, "", ""] = figure
        for day in reference:
            if world.oracle.on_date(schools, day):
                start = day.year if day.month >= 8 else day.year - 1
                figures = paths.on_date(world, schools, day) | nearness.nearness(world, schools, day)
                for metric, figure in (figures | nearness.care_on_date(world, schools, day)).items():
                    if level in allowed[metric]:
                        expected[metric, level, unit, f"{start}-{start + 1}", day, "", ""] = figure
    return expected


def wrong_rows(connection: duckdb.DuckDBPyConnection, world: World, expected: dict[Key, Figure]) -> list[str]:
    """What the tables say otherwise than the second implementation."""
    columns = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
    got = {}
    for theme in THEMES:
        for row in rows_of(connection, f"select * from metrics.theme_{theme} where level in {LEVELS}"):
            got[tuple(row[name] for name in columns)] = row
    asked = {(key[0], key[-2]) for key in expected}
    known = {
        key: row
        for key, row in got.items()
        if (key[0], key[-2]) in asked and (key in expected or row["value"] is not None or row["n_children"])
    }
    wrong = unlike(known, expected)
    assert all(any(key[0] == m and figure.value for key, figure in expected.items()) for m in CURVES)
    for key, row in got.items():
        if key[1] == "region" and key[-2] == "school_type":
            typed = got.get((key[0], "school_type", key[-1], *key[3:5], "", ""))
            if typed is None or any(row[name] != typed[name] for name in COLUMNS):
                wrong.append(f"{key}: not that of the type of school")
    return wrong


def test_paths_equal_day_by_day(connection: duckdb.DuckDBPyConnection) -> None:
    world = world_of(connection, crowd(14))
    expected = expectations(connection, world)
    shown = {key[0] for key, figure in expected.items() if figure.value}
    assert {key[0] for key in expected} - shown == set(), "a metric that is 0 everywhere is not tested"
    wrong = wrong_rows(connection, world, expected)
    assert not wrong, "\n".join(sorted(wrong)[:20])

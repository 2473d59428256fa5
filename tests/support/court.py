"""The judges: one region for each second implementation, held against it before any fault is tried."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from random import Random
from typing import Any

import duckdb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.property import test_cost_oracle as costs
from tests.property import test_interval_oracle as interval
from tests.property import test_metrics_oracle as days
from tests.property import test_paths_oracle as paths
from tests.property import test_result_oracle as results
from tests.property import test_school_figures as use
from tests.property import test_survey_oracle as survey
from tests.spec.test_metrics_boundaries import CASES
from tests.support import care_cases
from tests.support.judges import Judge, Known, known_figures
from tests.support.oracle import OF_UNITS, Oracle, current_enrolments, current_indications
from tests.support.school_cases import edges as school_edges
from tests.support.school_cases import region as school_region
from tests.support.warehouse import build_models, insert, models, rows_of, setting, warehouse

FIGURE = ("value", "numerator", "denominator", "n_children")
Rows = dict[str, list[dict[str, Any]]]
Key = tuple[Any, ...]


def drawn(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    """Examples of a strategy. Hypothesis also draws the constants of the modules that are loaded, so another
    process may get others: what must be there for a test stands in fixed rows.
    """
    found: list[Any] = []

    @settings(derandomize=True, max_examples=number, phases=[Phase.generate], database=None, deadline=None)
    @given(example=strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def figure_tables(
    db: duckdb.DuckDBPyConnection, keys: Iterable[Key], columns: tuple[str, ...]
) -> dict[str, Known]:
    """The themes that were built, with the figures of ``keys`` that each gives."""
    whole = known_figures(keys, columns)
    made = {name for (name,) in db.execute(_TABLES).fetchall()}
    found = {}
    for model in models():
        if "value" in model.header.tags and model.name.removeprefix("metrics.") in made:
            own = {metric for (metric,) in db.execute(f"select distinct metric from {model.name}").fetchall()}
            asked = frozenset(pair for pair in whole.asked if pair[0] in own)
            if asked:
                found[model.name] = Known(whole.key, columns, asked, whole.places)
    return found


def apart(*regions: Rows) -> Rows:
    """Regions as one: their children and numbers kept apart."""
    merged: Rows = {}
    for n, region in enumerate(regions):
        for kind, rows in region.items():
            listed = merged.setdefault(kind, [])
            for row in rows:
                if "child_id" not in row:
                    listed.append(row)
                    continue
                own: dict[str, Any] = {"child_id": f"{n}{row['child_id'][-3:]}"}
                if "line" in row:
                    own["line"] = len(listed) + 2
                if row.get("allocation_number"):
                    own["allocation_number"] = f"{n + 1}{int(row['allocation_number']):05}"
                listed.append({**row, **own})
    return merged


_TABLES = "select table_name from information_schema.tables where table_schema = 'metrics'"


def many_regions(number: int) -> Rows:
    """Random regions as one, and the children at the edges, each at a school of its own."""
    rows: Rows = {"indications": [], "enrolments": [], "deliveries": []}
    for n, region in enumerate(drawn(care_cases.regions(), number)):
        for kind, found in region.items():
            for row in found:
                own = {"child_id": f"r{n:02}{row['child_id'][-2:]}"}
                if "allocation_number" in row:
                    own["allocation_number"] = f"{n}-{row['allocation_number']}"
                rows[kind].append({**row, **own, "line": len(rows[kind]) + 2})
    for n, case in enumerate(CASES):
        for start, end in case.enrolled:
            rows["enrolments"].append(
                {
                    "child_id": f"c{n:02}",
                    "school_id": f"99YA{n:02}",
                    "start_date": date.fromisoformat(start),
                    "end_date": date.fromisoformat(end),
                    "line": len(rows["enrolments"]) + 2,
                }
            )
        for i, (provider, start, end) in enumerate(case.indications):
            rows["indications"].append(
                {
                    "child_id": f"c{n:02}",
                    "provider_id": provider,
                    "municipality_code": "9901",
                    "allocation_number": f"c{n}-{i}",
                    "start_date": date.fromisoformat(start),
                    "end_date": date.fromisoformat(end) if end else None,
                    "volume": 1.0,
                    "unit": "04",
                    "frequency": "1",
                    "line": len(rows["indications"]) + 2,
                }
            )
    return rows


def reject_one(db: duckdb.DuckDBPyConnection) -> None:
    """An award of a message that was rejected; the oracle never hears of it."""
    parties = {"municipality_code": "9901", "provider_id": "41990001"}
    award = {"child_id": "c00", "allocation_number": "rejected", "start_date": date(2023, 9, 1)}
    insert(db, "indications", [{**parties, **award}], file_id=900)
    insert(
        db,
        "retours",
        [{**parties, "message_name": "JW301", "message_id": "m1", "return_code": "0001"}],
        file_id=901,
    )
    db.execute("insert into raw.message values (900, 'JW301', '9901', '41990001', 'm1', null)")


@cache
def section_10(number: int = 20) -> Judge:
    """The tables of METRICS 10 and the figures made of them."""
    rows = many_regions(number)
    db = warehouse()
    care_cases.put(db, rows)
    reject_one(db)
    build_models(db, "+metrics.value +metrics.child_school +metrics.school +metrics.point_prevalence")
    oracle = Oracle(
        current_indications(rows["indications"], rows["deliveries"]), current_enrolments(rows["enrolments"])
    )
    schools = sorted({row["school_id"] for row in rows["enrolments"]})
    members = days.units() | {("school", school): frozenset({school}) for school in schools}
    members["region", "region"] = frozenset(schools)
    on = [row["reference_date"] for row in rows_of(db, "select * from core.reference_date")]
    span = rows_of(db, "select * from staging.span")[0]
    last = [span["last_day"], *days.behind(rows, span["first_day"], span["last_day"])]
    lacking = days.lacking_metrics(rows)
    own = {(row["child_id"], row["school_id"]) for row in rows["enrolments"]}
    children = {
        (window.name, child, school): row
        for window in days.WINDOWS
        for child, school in sorted(own)
        if (row := oracle.child(child, frozenset({school}), window))
    }
    units, dates = days.unit_rows(oracle, members), days.date_rows(oracle, on, members)
    values = days.value_rows(oracle, on, lacking, last, members)
    expected: dict[str, tuple[tuple[str, ...], days.Table]] = {
        "metrics.child_school": (("period", "child_id", "school_id"), children),
        "metrics.school": (
            ("period", "school_id"),
            {
                (period, unit): {name: value for name, value in row.items() if name not in OF_UNITS}
                for (period, level, unit), row in units.items()
                if level == "school"
            },
        ),
        "metrics.unit": (("period", "level", "unit_id"), units),
        "metrics.unit_date": (("reference_date", "level", "unit_id"), dates),
        "metrics.point_prevalence": (
            ("reference_date", "school_id"),
            {
                (day, unit): {"care_pupils": row["care_pupils"], "pupils": row["pupils"]}
                for (day, level, unit), row in dates.items()
                if level == "school"
            },
        ),
    }
    wrong: list[str] = []
    known: dict[str, Known] = {}
    for name, (key, table) in expected.items():
        wrong += days.compare(days.table(db, name, *key), table)
        known[name] = Known(key, tuple(next(iter(table.values()))))
    got = days.table(db, "metrics.value", *days.VALUE_KEY)
    wrong += days.compare(days.covered(got, values, lacking), values)
    facts = days.decision_rows(db)
    decisions = days.table(db, "metrics.school_decision", "period", "school_id")
    wrong += days.compare({key: decisions[key] for key in facts}, facts)
    assert not wrong, "\n".join(wrong[:20])
    known["metrics.school_decision"] = Known(("period", "school_id"), tuple(next(iter(facts.values()))))
    computed = [key for key in values if key[0] not in lacking]
    known |= figure_tables(db, computed, FIGURE)
    with_margin = [key for key, row in values.items() if "lower" in row]
    known["metrics.value"] = known_figures(with_margin, (*FIGURE, "lower", "upper", "status"))
    limits = interval.held(db, oracle, members)
    for kind, metrics in (
        ("mean", interval.MEANS),
        ("rate", {key[0] for key in limits} - {*interval.MEANS}),
    ):
        mine = [key for key in limits if key[0] in metrics]
        known[f"metrics.value#{kind}"] = known_figures(mine, ("lower", "upper"))
        known[f"metrics.interval_{kind}"] = known_figures(mine, ("lower", "upper"))
    return Judge("section 10", db).knows(known)


@cache
def continuity(number: int = 14) -> Judge:
    """Continuity, access and nearness."""
    db = paths.town()
    world = paths.world_of(db, paths.crowd(number))
    expected = paths.expectations(db, world)
    wrong = paths.wrong_rows(db, world, expected)
    assert not wrong, "\n".join(wrong[:20])
    known = figure_tables(db, expected, FIGURE)
    known["metrics.survival"] = Known(("metric", "level", "unit_id", "period"), ("denominator", "numerator"))
    return Judge("continuity", db).knows(known)


@cache
def population(children: int = 60) -> Judge:
    """Population, use and fragmentation."""
    db = warehouse()
    setting(db, "periods.first_year", "2023")
    setting(db, "periods.last_year", "2024")
    rows, more = school_region(Random(11), children), school_edges()
    wanted = use.held(db, {kind: found + more[kind] for kind, found in rows.items()})
    return Judge("population", db).knows(figure_tables(db, wanted, FIGURE))


@cache
def costs_of_care(place: int = 0) -> Judge:
    """Costs; of some random regions those with most prices, because the first are the simplest."""
    db = warehouse()
    costs.prepare(db)
    examples = drawn(costs.regions(st.just(30)), 10)
    examples.sort(key=lambda one: -sum(line["tariff_cents"] is not None for line in one["products"]))
    wanted = costs.held(db, examples[place])
    return Judge(f"costs {place}", db).knows(figure_tables(db, wanted, FIGURE))


@cache
def costs_at_the_edges() -> Judge:
    """Costs that are known of every year."""
    db = warehouse()
    costs.prepare(db)
    wanted = costs.held(db, costs.edges())
    return Judge("costs at the edges", db).knows(figure_tables(db, wanted, FIGURE))


@cache
def results_of_care() -> Judge:
    """Results, home-sitters, referrals and quality of data."""
    db = warehouse()
    results.prepare(db)
    wanted = results.held(db, apart(drawn(results.regions(st.just(60)), 6)[-1], results.edges()))
    return Judge("results", db).knows(figure_tables(db, wanted, FIGURE))


@cache
def surveys() -> Judge:
    """Scores of surveys."""
    db = warehouse()
    rows = survey.region(Random(3))
    wanted = survey.held(db, rows)
    known = figure_tables(db, wanted, FIGURE)
    known["metrics.interval"] = known_figures(survey.limits(rows), ("lower", "upper"))
    return Judge("surveys", db).knows(known)


COURT: tuple[Callable[[], Judge], ...] = (
    section_10,
    continuity,
    population,
    costs_of_care,
    partial(costs_of_care, 1),
    costs_at_the_edges,
    results_of_care,
    surveys,
)

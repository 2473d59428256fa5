"""Theme J in SQL is what ``zorgdata.scenario.collective`` says, on schools with every gap and edge."""

import random

import duckdb
import pytest

from tests.support.warehouse import models, rows_of
from zorgdata.assets import asset
from zorgdata.scenario.collective import SchoolFacts, assess, load_settings

SETTINGS = load_settings()
COLUMNS = {
    "care_share": "aandeel",
    "hours_at_school": "volume",
    "effective_providers": "aanbieders",
    "effective_municipalities": "gemeenten",
    "switches": "wisselingen",
    "short_horizon": "horizon",
    "similar_need": "gelijke_vraag",
}
GATES = {
    "care_pupils": "zorgleerlingen",
    "care_share": "aandeel",
    "school_type": "schoolsoort",
    "link_rate": "kwaliteit",
    "school_years": "historie",
}
RANKS = {"niet nu": 1, "nader bekijken": 2, "kansrijk": 3}


def _schools(count: int = 250) -> list[SchoolFacts]:
    """Values between, on and beyond the bounds; one in eight unknown."""
    rng = random.Random(7)
    made = []
    for i in range(count):
        values: dict[str, float | None] = {}
        for key, c in SETTINGS.criteria.items():
            span = c.high - c.low
            choice = rng.choice([c.low, c.high, c.low - span, c.high + span, c.low + span * rng.random()])
            values[key] = None if rng.random() < 0.125 else choice
        if values["care_share"] is None or rng.random() < 0.5:
            values["care_share"] = rng.choice([0.39, 0.40, 0.61, 0.85])
        made.append(
            SchoolFacts(
                f"99{i:04d}",
                rng.choice(["BO", "SBO", "SO/VSO", "PRO", "VO"]),
                rng.choice([5, 19, 20, 80]),
                rng.choice([None, 0.94, 0.95, 1.0]),
                rng.choice([1, 2, 5]),
                values,
                rng.random() < 0.3,
            )
        )
    return made


SCHOOLS = _schools()


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str, str], float | None]:
    connection = duckdb.connect()
    connection.execute("create schema metrics")
    for path in sorted(asset("sql", "macros").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    columns = ", ".join(f"{name} double" for name in [*COLUMNS, "hours_week", "link_rate"])
    connection.execute(
        f"create table metrics.school_decision (period varchar, school_id varchar, school_type varchar, "
        f"ikc boolean, care_pupils bigint, school_years bigint, {columns})"
    )
    for s in SCHOOLS:
        row = {
            "period": "2024-2025", "school_id": s.school_id, "school_type": s.school_type, "ikc": s.ikc,
            "care_pupils": s.care_pupils, "school_years": s.school_years, "link_rate": s.link_rate,
            **s.values,
        }  # fmt: skip
        names = ", ".join(row)
        connection.execute(
            f"insert into metrics.school_decision ({names}) values ({', '.join('?' * len(row))})",
            list(row.values()),
        )
    connection.execute(
        "create table metrics.theme_h_budget as select '' as metric, 'school' as level, '' as unit_id, "
        "'' as period, '' as dimension, '' as dimension_value, 1.0::double as value, 1.0::double as "
        "numerator, null::double as denominator, 0::bigint as n_children where false"
    )
    body = next(m.body for m in models() if m.name == "metrics.theme_j_decision")
    return {
        (
            r["metric"] + (f":{r['dimension']}" if r["dimension"] else ""),
            r["unit_id"],
            r["dimension_value"],
        ): r["value"]
        for r in rows_of(connection, body)
    }


def test_scores_and_components_are_the_same(figures) -> None:
    for school in SCHOOLS:
        expected = assess(school, SETTINGS)
        score = figures["collective_score", school.school_id, ""]
        assert score == pytest.approx(expected.score, abs=1e-9)
        for part in expected.components:
            points = figures["collective_score:criterion", school.school_id, COLUMNS[part.key]]
            assert points == pytest.approx(part.points, abs=1e-9)


def test_gates_are_the_same_and_an_unknown_one_is_neither(figures) -> None:
    for school in SCHOOLS:
        for gate in assess(school, SETTINGS).gates:
            found = figures["collective_gates:gate", school.school_id, GATES[gate.key]]
            assert found == (None if gate.passed is None else float(gate.passed))


def test_bands_are_the_same(figures) -> None:
    bands = [RANKS[str(assess(school, SETTINGS).advice)] for school in SCHOOLS]
    assert {1, 2, 3} == set(bands), "the sample holds every band"
    assert bands == [figures["collective_band", school.school_id, ""] for school in SCHOOLS]


def test_staff_for_the_hours_at_school(figures) -> None:
    for school in SCHOOLS:
        hours = school.values["hours_at_school"]
        fte = figures["collective_fte", school.school_id, ""]
        assert fte == (None if hours is None else pytest.approx(hours * 40 / 1300))

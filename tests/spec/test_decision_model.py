"""Theme J in SQL is what ``zorgdata.scenario.collective`` says, on schools with every gap and edge."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.warehouse import build_alone, rows_of, warehouse
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
BUDGETS = """
('collective_budget', 'school', '', '', 90), ('collective_budget', 'school', 'bound', 'laag', 80),
('collective_budget', 'school', 'allocation_key', 'woonplaats|9901', 70),
('collective_budget', 'swv', '', '', 60), ('budget_realisation', 'school', '', '', 0.5)
"""
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


Rows = dict[tuple[str, str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def figures() -> Iterator[Rows]:
    with warehouse() as connection:
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
            "create table metrics.theme_h_budget as select metric, level, 'S' as unit_id, "
            "'2024-2025' as period, dimension, part as dimension_value, "
            "value::double as value, value::double as numerator, "
            f"null::double as denominator, 7::bigint as n_children from (values {BUDGETS}) "
            "as budget(metric, level, dimension, part, value)"
        )
        build_alone(connection, "metrics.theme_j_decision")
        yield {
            (
                r["metric"] + (f":{r['dimension']}" if r["dimension"] else ""),
                r["unit_id"],
                r["dimension_value"],
            ): r
            for r in rows_of(connection, "select * from metrics.theme_j_decision")
        }


def made_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["numerator"], row["denominator"], row["n_children"]


def test_scores_and_components_are_the_same(figures: Rows) -> None:
    for school in SCHOOLS:
        expected = assess(school, SETTINGS)
        known = [part for part in expected.components if part.points is not None]
        points = sum(part.points for part in known) if known else None
        weight = sum(part.weight for part in known)
        score = made_of(figures["collective_score", school.school_id, ""])
        assert score == pytest.approx((expected.score, points, weight, school.care_pupils), abs=1e-9)
        for part in expected.components:
            row = figures["collective_score:criterion", school.school_id, COLUMNS[part.key]]
            assert made_of(row) == pytest.approx(
                (part.points, part.points, None, school.care_pupils), abs=1e-9
            )


def test_gates_are_the_same_and_an_unknown_one_is_neither(figures: Rows) -> None:
    for school in SCHOOLS:
        gates = assess(school, SETTINGS).gates
        for gate in gates:
            passed = None if gate.passed is None else float(gate.passed)
            row = figures["collective_gates:gate", school.school_id, GATES[gate.key]]
            assert made_of(row) == (passed, passed, None, school.care_pupils)
        passed = sum(bool(gate.passed) for gate in gates)
        whole = made_of(figures["collective_gates", school.school_id, ""])
        assert whole == (passed, passed, None, school.care_pupils)


def test_bands_are_the_same(figures: Rows) -> None:
    found = {school.school_id: assess(school, SETTINGS) for school in SCHOOLS}
    bands = {name: RANKS[str(one.advice)] for name, one in found.items()}
    assert {1, 2, 3} == set(bands.values()), "the sample holds every band"
    for school in SCHOOLS:
        row = made_of(figures["collective_band", school.school_id, ""])
        score = found[school.school_id].score
        assert row == pytest.approx((bands[school.school_id], score, None, school.care_pupils), abs=1e-9)


def test_staff_for_the_hours_at_school(figures: Rows) -> None:
    for school in SCHOOLS:
        hours = school.values["hours_at_school"]
        a_year = None if hours is None else hours * 40
        row = made_of(figures["collective_fte", school.school_id, ""])
        fte = None if a_year is None else a_year / 1300
        assert row == pytest.approx((fte, a_year, 1300, school.care_pupils))


def test_the_budget_of_schools_stands_beside_it(figures: Rows) -> None:
    """In bounds and as a whole; who would pay stands with the costs, and so do other units."""
    shown = {(key[0], key[2]): made_of(row) for key, row in figures.items() if key[1] == "S"}
    assert shown == {
        ("collective_range", ""): (90, 90, None, 7),
        ("collective_range:bound", "laag"): (80, 80, None, 7),
    }

"""Unchanged figures are verified, not solved again; changed ones are solved, and the result is the same."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region
from disclosure_small import part_of

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.explain import loss
from zorgdata.disclosure.keep import Kept, pack, unpack
from zorgdata.disclosure.ledger import record
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.suppress import _Run
from zorgdata.disclosure.suppress import suppress as solve
from zorgdata.disclosure.verify import verify
from zorgdata.pipeline.steps import told

SCHOOLS = [
    (3, 90, "A", "BO", "x"),
    (25, 90, "A", "BO", "y"),
    (35, 90, "A", "BO", "y"),
    (40, 90, "B", "BO", "z"),
]


@pytest.fixture
def solves(monkeypatch):
    """Counts how many connected parts are solved."""
    count = []
    original = _Run.solve
    monkeypatch.setattr(_Run, "solve", lambda self: count.append(self) or original(self))
    return count


def test_the_same_part_takes_its_outcome_over(solves):
    first = part_of(SCHOOLS).system
    outcome = solve(first)
    assert len(solves) == 1
    stored = {k: unpack(f.print_, pack(f)) for k, f in outcome.found.items()}
    again = part_of(SCHOOLS).system
    kept = solve(again, Kept(stored))
    assert len(solves) == 1
    assert again.state.tolist() == first.state.tolist()
    assert kept.secondary.tolist() == outcome.secondary.tolist()
    assert verify(again, kept.certificates) == []


def test_a_changed_part_is_solved_again_unless_its_certificates_still_prove_it(solves):
    outcome = solve(part_of(SCHOOLS).system)
    kept = Kept(dict(outcome.found))
    hidden_already = part_of(SCHOOLS).system
    hidden_already.state[outcome.secondary] = 2
    assert solve(hidden_already, kept).secondary.tolist() == outcome.secondary.tolist()
    assert len(solves) == 1
    other = part_of([(9, 90, *SCHOOLS[0][2:]), *SCHOOLS[1:]]).system
    found = solve(other, kept)
    assert len(solves) == 2
    assert verify(other, found.certificates) == []


def test_a_night_in_which_one_year_changed_solves_that_year_only(solves):
    connection, found = duckdb.connect(), region.schools(40, seed=4)
    rows = region.figures(found, years=(2022, 2023, 2024))
    region.fill(connection, found, rows)
    protect(connection, "public")
    everything = len(solves)
    record(connection, "public", "first")
    protect(connection, "public")
    assert len(solves) == everything
    connection.execute(
        "update metrics.value set value = value + 1, numerator = numerator + 1 "
        "where metric = 'upc_t' and period = '2024-2025' and n_children > 60"
    )
    protect(connection, "public")
    assert everything < len(solves) <= everything + 2


def test_a_night_without_new_figures_tells_the_same_reasons():
    connection, found = duckdb.connect(), region.schools(40, seed=4)
    rows = region.figures(found, years=(2023, 2024), items=2)
    region.fill(connection, found, rows)
    first = protect(connection, "public")
    assert first.secondary
    assert first.kept == 0
    judged = assess(connection, "public", use_ledger=False)
    record(connection, "public", "first")
    # What the proof needs hidden is not hidden for the earlier release.
    again = protect(connection, "public")
    assert (again.by_level, again.loss()) == (first.by_level, first.loss())
    assert loss(assess(connection, "public")) == loss(judged)
    assert protect(connection, "public").by_level == first.by_level
    # A hidden school that grew is hidden for no reason of its own: it stays so because it was.
    name = next(
        judged.frame.unit[row]
        for row in judged.frame.by_metric()["pupils_with_care"].tolist()
        if judged.frame.level[row] == "school" and judged.reason[row] == Reason.THRESHOLD
    )
    units = [u for s in found if s.school_id == name for u in region.units_of(s)]
    connection.register("grown", pa.table({"level": [u[0] for u in units], "unit": [u[1] for u in units]}))
    for column in ("value", "numerator", "n_children"):
        connection.execute(
            f"update metrics.value set {column} = {column} + 40 from grown where value.level = grown.level "
            "and value.unit_id = grown.unit and value.metric = 'pupils_with_care' and dimension is null"
        )
    grown = protect(connection, "public")
    assert grown.kept > 0
    assert sum(grown.by_level["school"].values()) == sum(first.by_level["school"].values())
    assert f"{grown.kept:,} kept hidden from an earlier release" in told(grown)


def test_what_is_kept_changes_no_figure():
    connection, found = duckdb.connect(), region.schools(40, seed=5)
    region.fill(connection, found, region.figures(found))
    protect(connection, "public")
    first = [(c.key, c.display) for c in read_protected(connection, "public")]
    protect(connection, "public")
    assert [(c.key, c.display) for c in read_protected(connection, "public")] == first
    fresh = assess(connection, "public", use_ledger=False)
    kept = assess(connection, "public")
    assert np.array_equal(fresh.reason, kept.reason)

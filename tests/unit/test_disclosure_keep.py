"""Unchanged figures are verified, not solved again; changed ones are solved, and the result is the same."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region
from disclosure_small import part_of

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.keep import Kept, pack, unpack
from zorgdata.disclosure.ledger import record
from zorgdata.disclosure.suppress import _Run
from zorgdata.disclosure.suppress import suppress as solve
from zorgdata.disclosure.verify import verify

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
    assert len(solve(hidden_already, kept).secondary) == 0
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

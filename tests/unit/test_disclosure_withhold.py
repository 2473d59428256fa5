"""What cannot be proven is withheld as a whole table and named; the rest is proven again and published."""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure import prove as proving
from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.model import Part
from zorgdata.disclosure.periods import Judged, SharedWork, judge
from zorgdata.disclosure.prove import prove
from zorgdata.disclosure.suppress import solve_all, suppress
from zorgdata.disclosure.system import HIDDEN, SHOWN, build
from zorgdata.disclosure.verify import verify
from zorgdata.errors import DisclosureError


def odd_and_even() -> Part:
    """``odd`` must be able to be 7 and is twice ``half``: possible in fractions, never in whole numbers.

    ``other`` is a table by itself: two hidden schools under a shown total.
    """
    names = [("odd 2024", "school", "a"), ("half 2024", "school", "a")]
    names += [("other 2024", "region", "r"), ("other 2024", "school", "a"), ("other 2024", "school", "b")]
    columns = {
        "x": [4, 2, 60, 4, 56],
        "lower": [0, 0, 0, 0, 0],
        "upper": [7, 9, 900, 300, 300],
        "shown_lower": [4, 2, 58, 10, 53],
        "shown_upper": [4, 2, 62, 290, 57],
        "need_lower": [4, 2, 60, 0, 56],
        "need_upper": [7, 2, 60, 10, 56],
        "state": [HIDDEN, HIDDEN, SHOWN, HIDDEN, SHOWN],
        "weight": [1, 1, 100, 1, 1],
        "cluster": [-1, -1, -1, -1, -1],
    }
    relations = [([0, 1], [1, -2]), ([2, 3, 4], [1, -1, -1])]
    system = build(names, {k: np.array(v) for k, v in columns.items()}, relations)
    keys = [(n[0].split()[0], "", "", *n[1:]) for n in names]
    return Part(0, "2024", system, [[k] for k in range(5)], [], keys)


def shown_half() -> Part:
    """The same with a shown figure in it; it tells nothing, and yet makes that the table needs proof."""
    part = odd_and_even()
    part.system.state[1] = SHOWN
    part.system.shown_lower[1], part.system.shown_upper[1] = 0, 9
    return part


def test_an_unprovable_table_goes_with_what_it_is_linked_to_and_nothing_else():
    part = shown_half()
    assert verify(part.system, suppress(shown_half().system).certificates)
    found = prove(part)
    assert found.withheld == (("half", "2024"), ("odd", "2024"))
    assert sorted(found.dark) == [0, 1]
    assert [n[0] for n in found.part.system.names] == ["other 2024"] * 3
    assert found.part.rows == [[2], [3], [4]]
    assert verify(found.part.system, found.outcome.certificates) == []
    assert (found.part.system.state[2], found.part.system.state[0]) == (HIDDEN, SHOWN)


def test_of_what_is_not_published_at_all_nothing_needs_proof():
    part = odd_and_even()
    part.system.state[2:] = HIDDEN
    part.system.need_upper[0] = part.system.need_lower[0] = part.system.x[0]
    found = prove(part)
    assert found.withheld == ()
    assert found.outcome.certificates.tables == []
    part = odd_and_even()
    part.system.state[1] = SHOWN  # one shown figure of the odd table, and all of it has to be proven
    assert {table for table, _ in prove(part).withheld} == {"odd", "half"}


def test_it_is_refused_only_when_leaving_out_does_not_help_either():
    part = shown_half()
    part.system.rhs[1] += 1  # a total that is not the sum of its parts is left out too
    found = prove(part)
    assert {table for table, _ in found.withheld} == {"odd", "half", "other"}
    assert found.part.system.size == 0


@pytest.fixture
def connection():
    connection, found = duckdb.connect(), region.schools(40, seed=6)
    region.fill(connection, found, region.figures(found, years=(2023, 2024)))
    return connection


def without(table):
    """A search that finds no certificates for the cells of one table."""

    def search(system, kept=None, solve=solve_all):
        outcome = suppress(system, kept, solve)
        low = {c: k for c, k in outcome.certificates.low.items() if system.names[c][0] != table}
        return replace(outcome, certificates=replace(outcome.certificates, low=low))

    return search


def test_a_release_goes_on_without_a_table_that_cannot_be_proven(connection, monkeypatch):
    protect(connection, "public")
    before = {c.key: c for c in read_protected(connection, "public")}
    monkeypatch.setattr(proving, "suppress", without("upc_t 2024-2025"))
    verdict = protect(connection, "public")
    assert verdict.withheld == ("upc_t 2024-2025",)
    assert set(verdict.loss()) == {c.level for c in read_protected(connection, "public")}
    assert all(0 <= row["primary"] + row["secondary"] <= 1 for row in verdict.loss().values())
    after = {c.key: c for c in read_protected(connection, "public")}
    gone = [c for c in after.values() if c.metric == "upc_t" and c.period == "2024-2025"]
    assert gone
    assert {(c.value, c.display) for c in gone} == {(None, ".")}
    same = {k for k in before if not (k[0] == "upc_t" and k[3] == "2024-2025")}
    assert {k: before[k] for k in same} == {k: after[k] for k in same}


def test_what_stands_on_a_withheld_table_is_hidden_with_it(connection, monkeypatch):
    monkeypatch.setattr(proving, "suppress", without("pupils_with_care 2024-10-01"))
    verdict = protect(connection, "public")
    assert "pupils_with_care 2024-10-01" in verdict.withheld
    for metric in ("pupils_with_care", "care_share", "hours_per_pupil", "providers_per_school"):
        cells = read_protected(connection, "public", metrics=[metric], period="2024-2025")
        assert cells
        assert {c.display for c in cells} == {"."}
    earlier = read_protected(connection, "public", metrics=["pupils_with_care"], period="2023-2024")
    assert any(c.shown for c in earlier)


def test_when_nothing_can_be_proven_the_gate_refuses(connection, monkeypatch):
    def hopeless(system, kept=None, solve=solve_all):
        outcome = suppress(system, kept, solve)
        system.x[:1] += 1
        return outcome

    monkeypatch.setattr(proving, "suppress", hopeless)
    with pytest.raises(DisclosureError) as error:
        protect(connection, "public")
    assert error.value.exit_code == 6


def test_two_processes_find_what_one_finds(connection):
    one = assess(connection, "public", processes=1)
    two = assess(connection, "public", processes=2)
    assert one.reason.tolist() == two.reason.tolist()
    assert [p.time for p, _ in one.proofs] == [p.time for p, _ in two.proofs]
    assert judge([], {}, one.rules) == []


def test_who_solves_a_part_changes_nothing():
    parts = [(shown_half().system.take(np.arange(2, 5), np.asarray([1])), str(k)) for k in range(5)]
    for k, (system, _) in enumerate(parts):
        system.x[1:] += [k, -k]
    done: Future[list[Judged]] = Future()
    done.set_result([])
    with ThreadPoolExecutor(1) as pool:
        beside = SharedWork(pool, done)(parts)
        asked_of_one = SharedWork(pool, Future())(parts)
    for found in (beside, asked_of_one):
        assert [f.print_ for f in found] == ["0", "1", "2", "3", "4"]
        for mine, theirs in zip(found, solve_all(parts), strict=True):
            assert mine.secondary.tolist() == theirs.secondary.tolist()
            assert mine.certificates.low == theirs.certificates.low


def test_a_figure_outside_the_model_is_not_published(connection, monkeypatch):
    monkeypatch.setattr("zorgdata.disclosure.periods.parts", lambda *_, **__: iter(()))
    with pytest.raises(DisclosureError, match="is in no proof"):
        protect(connection, "public")

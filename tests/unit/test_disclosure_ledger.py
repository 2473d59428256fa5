"""Release after release of the same period: what was hidden stays hidden, small corrections do not show."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.attack import attack, exposed
from zorgdata.disclosure.folder import check
from zorgdata.disclosure.ledger import record
from zorgdata.disclosure.release import facts

COUNTS = ("pupils_enrolled", "pupils_with_care", "care_share")


def counts(found, care, pupils):
    """Rows of ``metrics.value`` from care and pupils per school, every level added up."""
    total: dict[tuple[str, str], np.ndarray] = {}
    for k, school in enumerate(found):
        for key in region.units_of(school):
            total.setdefault(key, np.zeros(2))
            total[key] += (care[k], pupils[k])
    rows = []
    for (level, unit), (x, n) in total.items():
        head = (level, unit, "2024-2025", "2024-10-01", None, None)
        rows += [
            ("pupils_enrolled", *head, n, None, None, n, None, None, "final"),
            ("pupils_with_care", *head, x, x, n, x, None, None, "final"),
            ("care_share", *head, x / n, x, n, x, None, None, "final"),
        ]
    return rows


def cells(connection):
    return {c.key: c for c in read_protected(connection, "public", metrics=["pupils_with_care"])}


def outsider(connection, judged):
    """What somebody outside objects to, knowing the units that a period was published with."""
    return check(facts(judged), list(read_protected(connection, "public")), answering=True).findings


def truth(rows):
    return {(r[1], r[2]): r[7] for r in rows if r[0] == "pupils_with_care"}


def test_a_merger_of_two_schools_leaves_earlier_periods_in_their_classification():
    connection, found = duckdb.connect(), region.schools(40, per_town=10)
    rng = np.random.default_rng(5)
    pupils = rng.integers(60, 400, len(found))
    care = rng.binomial(pupils, 0.12)
    told: dict = {}
    into, gone = next(
        (a, b)
        for a in range(len(found))
        for b in range(a + 1, len(found))
        if _place(found[a]) == _place(found[b])
    )
    pupils[into], pupils[gone] = 300, 250
    care[into], care[gone] = 34, 27
    school = found[into].school_id
    for quarter in range(8):
        if quarter == 4:
            # The school that goes on delivers its whole history under its own code.
            care[into], pupils[into] = care[into] + care[gone], pupils[into] + pupils[gone]
            keep = np.arange(len(found)) != gone
            found, care, pupils = [s for s, k in zip(found, keep, strict=True) if k], care[keep], pupils[keep]
        region.fill(connection, found, counts(found, care, pupils))
        protect(connection, "public")
        now = cells(connection)
        mine = next(c for c in now.values() if c.level == "school" and c.unit_id == school)
        assert mine.shown == (quarter < 4), "a school of two classifications is published"
        for key, cell in now.items():
            assert key not in told or told[key] is not None or cell.hidden, "a hidden cell came back"
            told[key] = cell.value
        judged = assess(connection, "public")
        assert all(exposed(part.system) == [] for part, _ in judged.proofs)
        assert outsider(connection, judged) == []
        row = next(
            r
            for r in range(len(judged.frame))
            if judged.frame.unit[r] == school and judged.frame.metric[r] == "pupils_with_care"
        )
        if quarter >= 4:
            part, _, at = judged.locate(row)
            (learnt,) = attack(part.system, [at])
            assert learnt.high - learnt.low >= 20, (
                "its sum, less what was published of it, tells the other part"
            )
        record(connection, "public", f"q{quarter}")
        care = np.minimum(pupils, care + rng.binomial(1, 0.3, len(found)))


def _place(school):
    return school.municipality_code, school.school_type, school.board


def test_eight_quarters_of_late_registrations_and_corrections():
    connection, found = duckdb.connect(), region.schools(40, per_town=10)
    rng = np.random.default_rng(5)
    pupils = rng.integers(60, 400, len(found))
    care = rng.binomial(pupils, 0.12)
    hidden: set = set()
    before: dict = {}
    since: dict = {}
    changes = 0
    for quarter in range(8):
        rows = counts(found, care, pupils)
        region.fill(connection, found, rows)
        protect(connection, "public")
        now, true = cells(connection), truth(rows)
        assert not {k for k in hidden if not now[k].hidden}, "a hidden cell came back"
        for key, cell in now.items():
            if not cell.shown:
                continue
            x = true[key[1], key[2]]
            if key in before and before[key] != cell.value:
                changes += 1
                assert abs(x - since[key]) >= 10, "a published number changed by less than T"
            if before.get(key) != cell.value:
                before[key], since[key] = cell.value, x
        hidden |= {k for k, c in now.items() if c.hidden}
        judged = assess(connection, "public")
        assert all(exposed(part.system) == [] for part, _ in judged.proofs)
        assert outsider(connection, judged) == []
        assert record(connection, "public", f"q{quarter}") == quarter + 1
        # Late registrations come in, now and then a school's delivery is corrected as a whole.
        care = np.minimum(pupils, care + rng.binomial(3, 0.3, len(found)))
        care[quarter] = max(0, int(care[quarter]) - 14)
    assert changes > 0
    assert hidden


@pytest.fixture
def connection():
    connection, found = duckdb.connect(), region.schools(30, per_town=10)
    rng = np.random.default_rng(9)
    pupils = rng.integers(150, 400, len(found))
    care = rng.binomial(pupils, 0.15)
    region.fill(connection, found, counts(found, care, pupils))
    protect(connection, "public")
    record(connection, "public", "first")
    return connection, found, care, pupils


def test_the_ledger_holds_no_true_value(connection):
    connection, *_ = connection
    rows = connection.execute(
        "select value, top, bottom from disclosure.release_cell where metric = 'pupils_with_care'"
    ).fetchall()
    assert any(v is not None for v, *_ in rows)
    assert all(t is None or t % 5 == 0 for _, t, _ in rows)
    assert all(b is None or b % 5 == 0 for *_, b in rows)
    hidden = connection.execute(
        "select count(*) from disclosure.release_cell where cell_status = 'suppressed' "
        "and (value is not null or top is not null)"
    ).fetchone()
    assert hidden == (0,)


def test_the_same_release_is_entered_once(connection):
    connection, *_ = connection
    assert record(connection, "public", "first") == 1
    assert connection.execute("select count(*) from disclosure.release").fetchone() == (1,)


def test_the_same_figures_twice_give_the_same_publication():
    connection, found = duckdb.connect(), region.schools(40)
    region.fill(connection, found, region.figures(found))
    # Every care pupil has an indication of the same hours; the figures lie on and around rounding ties.
    sets = [(n, *unit) for n, school in enumerate(found) for unit in region.units_of(school)]
    connection.execute("create table core.unit_set (unit_set_key integer, level varchar, unit_id varchar)")
    connection.executemany("insert into core.unit_set values (?, ?, ?)", sets)
    connection.execute(
        "create table core.reference_date as select date '2024-10-01' as reference_date, 1 as day"
    )
    connection.execute(
        "create table metrics.date_indication as select 1 as day, s.unit_set_key, "
        "'9901' as municipality_code, "
        "1000 * s.unit_set_key + n as child_key, 2.5 as hours_week "
        "from core.unit_set as s join metrics.value as v on v.unit_id = s.unit_id "
        "and v.metric = 'pupils_with_care' and v.level = 'school' and s.level = 'school', "
        "range(400) as r (n) "
        "where n < v.value"
    )
    connection.execute(
        "update metrics.value set value = 2.5 * n_children - 1e-12 where metric = 'assigned_hours_week'"
    )
    seen = []
    for number in range(2):
        protect(connection, "public")
        record(connection, "public", f"night {number}")
        seen.append([(c.key, c.display) for c in read_protected(connection, "public")])
    assert seen[0] == seen[1]
    hours = read_protected(connection, "public", metrics=["assigned_hours_week"], level="school")
    assert {c.cell_status for c in hours} == {"shown", "suppressed"}


def test_a_published_figure_that_becomes_small_is_withdrawn_and_stays_so(connection):
    connection, found, care, pupils = connection
    shown = [k for k, c in cells(connection).items() if c.shown and k[1] == "school"]
    school = min(shown, key=lambda k: cells(connection)[k].value)
    place = [s.school_id for s in found].index(school[2])
    care = care.copy()
    was = int(care[place])
    for number, x in enumerate((4, was)):
        care[place] = x
        region.fill(connection, found, counts(found, care, pupils))
        protect(connection, "public")
        record(connection, "public", f"later {number}")
        assert cells(connection)[school].display == "."


def test_a_merger_does_not_reclassify_what_was_published(connection):
    connection, found, care, pupils = connection
    before = {k: c.display for k, c in cells(connection).items()}
    towns = sorted({s.municipality_code for s in found})
    merged = [
        region.School(
            s.school_id,
            s.school_type,
            towns[0] if s.municipality_code == towns[1] else s.municipality_code,
            s.board,
            s.swv,
        )
        for s in found
    ]
    region.fill(connection, merged, counts(merged, care, pupils))
    protect(connection, "public")
    after = cells(connection)
    assert all(c.display == before.get(k, ".") for k, c in after.items())
    assert after[next(k for k in after if k[1:3] == ("school_municipality", towns[0]))].display == next(
        d for k, d in before.items() if k[1:3] == ("school_municipality", towns[0])
    )

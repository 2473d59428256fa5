"""The protected table and the road to it: primary rules, rounding, no holes, one sign."""

import pickle
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.frame import Frame, complete
from zorgdata.disclosure.rules import Reason, count_reasons, mean_of, round_to, rounding_interval, share_of
from zorgdata.disclosure.table import Cell, ProtectedTable
from zorgdata.errors import DisclosureError, UsageError
from zorgdata.limits import DisclosureSettings, ProfessionalRules, PublicRules

RULES = PublicRules()


def reasons(x, population, minimum=20):
    return [
        Reason(r) for r in count_reasons(np.asarray(x, float), np.asarray(population, float), RULES, minimum)
    ]


@pytest.mark.parametrize("status", ["ok", "not_delivered"])
def test_a_row_that_lacks_is_added_whether_or_not_anything_was_not_delivered(status):
    def frame_of(metrics, units, statuses):
        n, year = len(metrics), "2024-2025"
        nan, level = np.full(n, np.nan), ["school"] * n
        values = np.arange(n, dtype=float)
        frame = Frame(
            metrics, level, units, [year] * n, [""] * n, [""] * n, [""] * n, values, nan, nan, nan, statuses
        )
        frame.build_index()
        return frame

    # Of b only one school has a row; of c it depends on what came in.
    frame = frame_of(["a", "a", "b", "c"], ["S1", "S2", "S1", "S3"], ["ok", "ok", "ok", status])
    complete(frame, frozenset(("b",)))
    schools = {key[0]: set(levels["school"]) for key, levels in frame.index.items()}
    delivered = {"S1", "S2"} | ({"S3"} if status == "ok" else set())
    assert schools == {"a": delivered, "b": delivered, "c": delivered | {"S3"} if status == "ok" else {"S3"}}
    added = frame.index["b", "2024-2025", "", ""]["school"]["S2"]
    assert (frame.metric[added], frame.unit[added], frame.value[added]) == ("b", "S2", 0.0)
    assert added in frame.by_metric()["b"].tolist()


def test_rules_meet_their_boundaries():
    assert reasons([9, 10, 0, 90, 91, 95], [100] * 6) == [
        Reason.THRESHOLD,
        Reason.NONE,
        Reason.THRESHOLD,
        Reason.NONE,
        Reason.COMPLEMENT,
        Reason.COMPLEMENT,
    ]
    assert reasons([190, 180, 181], [200] * 3) == [Reason.GROUP, Reason.NONE, Reason.GROUP]
    assert reasons([10, 10], [19, 20]) == [Reason.COMPLEMENT, Reason.NONE]
    assert reasons([15, np.nan], [np.nan, 50]) == [Reason.UNKNOWN_POPULATION, Reason.UNDEFINED]


def test_rounding_and_its_inverse():
    for base in (5, 10, 1):
        for x in range(60):
            published = int(np.floor(x / base + 0.5) * base)
            low, high = rounding_interval(published, base)
            assert low <= x <= high
            assert int(np.floor(low / base + 0.5) * base) == published
            assert int(np.floor((high + 1) / base + 0.5) * base) == published + base


def test_a_share_comes_from_rounded_numbers_only():
    top, bottom = np.array([12.0, 13.0, 120.0, 99.0]), np.array([33.0, 33.0, 1201.0, 99.0])
    share, decimals = share_of(round_to(top, 5), round_to(bottom, 5))
    assert share.tolist() == [0.29, 0.43, 0.1, 1.0]
    assert decimals.tolist() == [0, 0, 1, 0]


def test_a_mean_is_not_bent_by_rounding_the_number_of_children():
    for n in range(30, 60):
        mean = mean_of(np.array([0.763]), np.array([float(n)]), RULES)[0]
        assert abs(mean - 0.763) <= 0.5 / (n - 2)


def test_a_protected_table_cannot_be_made_by_hand():
    with pytest.raises(DisclosureError):
        ProtectedTable("public", (), object())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def connection():
    connection = duckdb.connect()
    found = region.schools(80)
    region.fill(connection, found, region.figures(found))
    protect(connection, "public")
    return connection


def test_nothing_small_is_shown_and_counts_are_rounded(connection):
    rows = connection.execute(
        "select m.value, coalesce(m.denominator, 1e9), p.value, p.cell_status from metrics.value m join "
        "protected.value p using (metric, level, unit_id, period, reference_date) "
        "where metric = 'pupils_with_care'"
    ).fetchall()
    assert rows
    for x, population, published, status in rows:
        if x < 10 or population - x < 10:
            assert (published, status) == (None, "suppressed")
        if status == "shown":
            assert abs(published - x) <= 2
            assert published % 5 == 0


def test_an_undefined_figure_looks_like_a_hidden_one_and_no_row_is_missing(connection):
    schools = {u for (u,) in connection.execute("select school_id from core.school").fetchall()}
    for metric in ("upc_t", "assigned_hours_week", "pupils_with_care", "care_share"):
        table = read_protected(connection, "public", metrics=[metric], level="school")
        assert set(table.distinct("unit_id")) == schools
        assert {c.display for c in table if c.value is None} <= {"."}
    assert not any(c.cell_status == "suppressed_secondary" for c in read_protected(connection, "public"))


def test_a_share_is_hidden_with_its_count(connection):
    counts = read_protected(connection, "public", metrics=["pupils_with_care"])
    shares = read_protected(connection, "public", metrics=["care_share"])
    for cell in shares:
        lead = counts.cell(level=cell.level, unit_id=cell.unit_id, dimension="")
        assert lead is not None
        assert not (lead.hidden and not cell.hidden)


def test_select_filter_pivot(connection):
    table = read_protected(connection, "public", metrics=["care_share"])
    wide = table.filter(level="school_municipality").pivot("unit_id", "period")
    assert set(wide) == set(table.filter(level="school_municipality").distinct("unit_id"))
    assert table.filter(level=["region", "swv"]).columns[:3] == ("metric", "level", "unit_id")
    assert all(isinstance(c, Cell) for c in table)
    with pytest.raises(TypeError):
        table.filter(colour="red")
    with pytest.raises(ValueError):
        table.pivot("metric", "period")
    with pytest.raises(DisclosureError):
        pickle.dumps(table)


def test_calendar_years_and_other_dates_stay_inside(connection):
    connection.execute(
        "insert into metrics.value select * replace ('2024' as period, null as reference_date) "
        "from metrics.value where metric = 'care_share_year'"
    )
    connection.execute(
        "insert into metrics.value select * replace (date '2025-02-01' as reference_date) "
        "from metrics.value where metric = 'pupils_with_care' and period = '2024-2025'"
    )
    protect(connection, "public")
    table = read_protected(connection, "public")
    assert set(table.distinct("period")) == {"2024-2025"}
    assert set(table.distinct("reference_date")) == {"", "2024-10-01"}
    protect(connection, "internal")
    assert "2024" in read_protected(connection, "internal").distinct("period")


def test_what_is_not_declared_is_left_out_and_named(connection):
    connection.execute(
        "insert into metrics.value select * replace ('new_metric' as metric) from metrics.value limit 1"
    )
    assert protect(connection, "public").left_out == {"new_metric": "not declared"}


def test_not_delivered_is_said_and_hides_nothing(connection):
    connection.execute(
        "insert into metrics.value (metric, level, unit_id, period, status) values "
        "('care_cost_assigned', 'region', 'region', '2024-2025', 'not_delivered')"
    )
    protect(connection, "public")
    (cell,) = read_protected(connection, "public", metrics=["care_cost_assigned"])
    assert (cell.display, cell.cell_status) == ("niet beschikbaar", "not_applicable")


def test_limits_have_floors_and_looseness_needs_a_ground():
    for bad in ({"public": {"threshold": 4}}, {"public": {"threshold": 5}}, {"public": {"rounding_base": 1}}):
        with pytest.raises(UsageError):
            DisclosureSettings.of(bad)
    loose = DisclosureSettings.of({"professional": {"threshold": 5, "ground": "besluit 12"}})
    assert loose.rules("professional").threshold == 5
    assert ProfessionalRules().threshold == 10
    with pytest.raises(UsageError):
        DisclosureSettings().rules("everyone")

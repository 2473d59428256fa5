"""The synthetic region against published figures, and the SQL against the generator's own counts."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.workspaces import land
from zorgdata.engine import build
from zorgdata.pipeline.models import shipped_models
from zorgdata.pipeline.session import Session, open_session
from zorgdata.synth import SynthSummary, generate
from zorgdata.synth import calibration as cal
from zorgdata.workspace import create_workspace

Row = dict[str, Any]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SynthSummary:
    return generate(tmp_path_factory.mktemp("region"), "region", 1)


@pytest.fixture(scope="module")
def reached(region: SynthSummary) -> dict[str, Row]:
    rows: list[Row] = json.loads((region.truth / "calibration.json").read_text(encoding="utf-8"))
    return {row["name"]: row for row in rows}


@pytest.fixture(scope="module")
def effects(region: SynthSummary) -> dict[str, Row]:
    rows: list[Row] = json.loads((region.truth / "effects.json").read_text(encoding="utf-8"))
    return {row["kind"]: row for row in rows if row["kind"] != "overig"}


def test_every_target_is_met_within_its_tolerance(reached: dict[str, Row]) -> None:
    missed = {
        name: (row["target"], row["realised"])
        for name, row in reached.items()
        if abs(row["realised"] - row["target"]) > row["tolerance"]
    }
    assert not missed
    assert len(reached) > 30


def test_the_range_of_schools_is_as_published(reached: dict[str, Row]) -> None:
    assert reached["lowest_care_share"]["realised"] <= 0.04
    assert reached["highest_care_share"]["realised"] > 0.90
    assert 50 <= reached["most_providers"]["realised"] <= cal.PROVIDERS_MAX


def test_tolerances_are_those_agreed(reached: dict[str, Row]) -> None:
    assert {row["tolerance"] for name, row in reached.items() if name.startswith("referrer_")} == {0.02}
    assert {row["tolerance"] for name, row in reached.items() if name.startswith("duration_fitted")} == {0.03}
    published = {name for name in reached if name.startswith("duration_") and "fitted" not in name}
    assert {reached[name]["tolerance"] for name in published} == {0.05}
    assert reached["trajectories_per_child_year"]["tolerance"] == 0.05
    assert reached["repeat_use"]["tolerance"] == 0.03


def test_care_grows_and_then_levels_off(reached: dict[str, Row]) -> None:
    shares = [reached[f"youth_share_{year}"]["realised"] for year in (2018, 2022, 2024)]
    assert shares[1] - shares[0] > 0.012
    assert abs(shares[2] - shares[1]) < 0.008


def test_planted_effects_are_as_strong_as_the_truth_says(effects: dict[str, Row]) -> None:
    for kind in ("ozg", "zon"):
        first, last = effects[kind]["years"][0], effects[kind]["years"][-1]
        assert first["care_days"] == first["care_days_without"], "nothing before the start"
        prevented = 1 - last["care_days"] / last["care_days_without"]
        assert 0.05 < prevented < effects[kind]["share_of_new_trajectories"]
        assert last["care_days"] == last["care_days_registered"]


def test_collective_supply_takes_care_out_of_the_registration_only(effects: dict[str, Row]) -> None:
    first, last = effects["collectief"]["years"][0], effects["collectief"]["years"][-1]
    assert first["care_days"] == first["care_days_registered"]
    assert last["care_days"] > 0.97 * last["care_days_without"]
    assert last["care_days_registered"] < 0.85 * last["care_days"]


def test_a_fixed_partner_concentrates_care_without_changing_how_much(
    region: SynthSummary, effects: dict[str, Row]
) -> None:
    years = effects["vaste_partner"]["years"]
    assert all(row["care_days"] > 0.97 * row["care_days_without"] for row in years)
    rows = expected(region)
    here = set(effects["vaste_partner"]["schools"])
    before = [int(r["providers_ever"]) for r in rows if r["school_id"] in here and r["period"] == "2020-2021"]
    after = [int(r["providers_ever"]) for r in rows if r["school_id"] in here and r["period"] == "2024-2025"]
    assert np.mean(after) < np.mean(before)


def test_the_region_has_its_size(region: SynthSummary) -> None:
    assert (region.schools, len(region.municipalities)) == (270, 14)
    assert region.municipalities[0] == "9901"
    assert region.files["scholen.csv"] == 270


def expected(summary: SynthSummary) -> list[dict[str, str]]:
    text = (summary.truth / "expected.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


@pytest.fixture(scope="module", params=[False, True], ids=["clean", "dirty"])
def computed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SynthSummary, Session]]:
    """The small region in a work database, with the models built."""
    folder = tmp_path_factory.mktemp("computed")
    summary = generate(folder, "small", 11, request.param)
    with open_session(create_workspace(folder / "ws"), "test") as session:
        land(session, summary.inbox)
        build(session.connection, shipped_models(), select="+metrics.school +metrics.point_prevalence")
        yield summary, session


def test_sql_finds_what_the_generator_counted_per_school_year(computed: tuple[SynthSummary, Session]) -> None:
    summary, session = computed
    names = "pupils_ever, pupil_days, care_pupils, care_days, providers_ever, municipalities"
    found = {
        (period, school): tuple(int(value) for value in values)
        for period, school, *values in session.connection.execute(
            f"select period, school_id, {names} from metrics.school where period like '____-____'"
        ).fetchall()
    }
    rows = {
        (row["period"], row["school_id"]): tuple(int(row[name]) for name in names.split(", "))
        for row in expected(summary)
    }
    assert len(rows) > 150
    assert {key: found.get(key) for key in rows} == rows


def test_sql_finds_what_the_generator_counted_on_1_october(computed: tuple[SynthSummary, Session]) -> None:
    summary, session = computed
    found = {
        (str(date), school): (int(pupils), int(care))
        for date, school, pupils, care in session.connection.execute(
            "select reference_date, school_id, pupils, care_pupils from metrics.point_prevalence"
        ).fetchall()
    }
    rows = {
        (f"{row['period'][:4]}-10-01", row["school_id"]): (
            int(row["pupils_on_date"]),
            int(row["care_pupils_on_date"]),
        )
        for row in expected(summary)
        if int(row["pupils_on_date"])
    }
    assert len(rows) > 150
    assert {key: found.get(key) for key in rows} == rows


def test_landing_sets_aside_what_was_planted_and_nothing_else(
    computed: tuple[SynthSummary, Session],
) -> None:
    summary, session = computed
    found = {
        (name, first, last): reason
        for name, first, last, reason in session.connection.execute(
            "select name, line_first, line_last, reason_code "
            "from meta.quarantine join meta.file using (file_id)"
        ).fetchall()
    }
    path: Path = summary.truth / "manifest.json"
    entries: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    planted = {
        (e["file"], e["line_first"], e["line_last"]): {e["reason_code"], e.get("or_reason_code")}
        for e in entries
        if e["expect"] == "quarantined"
    }
    assert bool(planted) == summary.dirty
    assert found.keys() == planted.keys()
    assert all(found[place] in planted[place] for place in planted)

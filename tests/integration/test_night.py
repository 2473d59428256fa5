"""The night: what runs when, what is told, and that the last good publication stays whatever happens."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.town import deliver_care, make_town
from tests.support.workspaces import count, write_lines
from zorgdata.engine.assertions import look_at
from zorgdata.errors import ExitCode, LockedError, UsageError
from zorgdata.pipeline import journal, stages, standing, steps, team
from zorgdata.pipeline.declared import load_pipeline
from zorgdata.pipeline.journal import RunSummary
from zorgdata.pipeline.models import shipped_models
from zorgdata.pipeline.preview import preview
from zorgdata.pipeline.retention import months_before, purge
from zorgdata.pipeline.run import run_pipeline
from zorgdata.pipeline.session import Session, open_session
from zorgdata.store import hold
from zorgdata.workspace import SETTINGS_FILE, Workspace, create_workspace


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A town that was published once; a test takes its own copy."""
    workspace = make_town(tmp_path_factory.mktemp("night") / "town")
    summary = run_pipeline(workspace, "nightly")
    assert summary.exit_code == 0, summary.messages
    assert summary.published
    return workspace


@pytest.fixture
def town(published: Workspace, tmp_path: Path) -> Workspace:
    copy = Workspace(tmp_path / "town")
    shutil.copytree(published.root, copy.root, symlinks=True)
    with open_session(copy, "test") as session:
        standing.remember(
            copy, session.connection, load_pipeline(copy, "nightly"), standing.delivered([copy.inbox])
        )
    return copy


def publication(workspace: Workspace) -> tuple[str, bytes]:
    """Where the reports lead, and the published figures: what must not change when a night fails."""
    return str((workspace.reports / "latest").readlink()), workspace.published_database.read_bytes()


def set_settings(workspace: Workspace, text: str) -> Workspace:
    """Add settings; a fresh object, as the next night would read them."""
    path = workspace.root / SETTINGS_FILE
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return Workspace(workspace.root)


def manifest_of(workspace: Workspace, summary: RunSummary) -> dict[str, object]:
    found: dict[str, object] = json.loads((workspace.logs / f"run-{summary.run_id}.json").read_text())
    return found


def test_a_night_without_news_looks_and_leaves(town: Workspace) -> None:
    before = publication(town)
    summary = run_pipeline(town, "nightly")
    assert (summary.exit_code, summary.published, list(summary.seconds)) == (0, False, ["look"])
    assert summary.files == {"loaded": 0, "known": 3, "refused": 0}
    assert publication(town) == before


def test_a_night_without_news_loads_next_to_nothing(town: Workspace) -> None:
    """What it imports is most of what it costs; pandas alone would be two seconds."""
    code = (
        "import sys\nfrom zorgdata.cli.main import main\n"
        f"sys.argv = ['zorgdata', '-C', {str(town.root)!r}, 'run', '--json']\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    summary, _, modules = done.stdout.rstrip().rpartition("\n")
    assert list(json.loads(summary)["seconds"]) == ["look"]
    heavy = {"pandas", "numpy", "pyarrow", "polars", "scipy", "jinja2", "lxml", "sqlglot", "altair", "rich"}
    assert heavy.isdisjoint(modules.split())


def test_the_same_work_under_another_name_is_no_news(town: Workspace) -> None:
    assert list(run_pipeline(town, "demo").seconds) == ["look"]


@pytest.mark.parametrize("what", ["delivery", "touched", "settings", "database", "published"])
def test_any_news_makes_a_whole_run(town: Workspace, what: str) -> None:
    if what == "delivery":
        deliver_care(town, "meer.csv", range(30, 40))
    elif what == "touched":
        os.utime(town.inbox / "scholen.csv")
    elif what == "settings":
        set_settings(town, "\n# a remark\n")
    elif what == "database":
        with open_session(town, "test") as session:
            session.connection.execute(
                "update meta.model_state set fingerprint = 'a-b-c' where name = 'core.child'"
            )
    else:
        town.published_database.unlink()
    summary = run_pipeline(Workspace(town.root), "nightly")
    assert summary.exit_code == 0, summary.messages
    assert "build" in summary.seconds
    assert summary.published == (what in {"delivery", "published"})
    assert list(run_pipeline(Workspace(town.root), "nightly").seconds) == ["look"]


def test_a_file_that_arrives_during_a_run_is_for_the_next(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_care(town, "meer.csv", range(30, 40))
    built = stages.STAGES["build"]

    def late(night: stages.Night) -> None:
        built(night)
        if not (town.inbox / "te-laat.csv").exists():
            deliver_care(town, "te-laat.csv", range(40, 50))

    monkeypatch.setattr(stages, "STAGES", {**stages.STAGES, "build": late})
    assert run_pipeline(town, "nightly").files["loaded"] == 1
    assert run_pipeline(town, "nightly").files["loaded"] == 1


def test_a_refused_file_is_told_every_night_and_stops_nothing(town: Workspace) -> None:
    write_lines(town.inbox / "raadsel.csv", ["a;b", "1;2"])
    deliver_care(town, "meer.csv", range(30, 40))
    first = run_pipeline(town, "nightly")
    assert (first.exit_code, first.files["loaded"], first.published) == (ExitCode.SOURCE, 1, True)
    again = run_pipeline(town, "nightly")
    assert (again.exit_code, again.published) == (ExitCode.SOURCE, False)
    assert any("raadsel.csv" in message for message in again.messages)


def test_an_unreadable_inbox_leaves_the_last_publication(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publication(town)
    deliver_care(town, "meer.csv", range(30, 40))
    opened = os.open

    def refuse(path: object, *arguments: object, **named: object) -> int:
        if str(path).endswith("meer.csv"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    summary = run_pipeline(town, "nightly")
    assert summary.exit_code == ExitCode.SOURCE
    assert any("meer.csv: Permission denied" in message for message in summary.messages)
    assert publication(town) == before


@pytest.mark.parametrize("stage", ["build", "check", "protect", "publish"])
def test_a_stage_that_fails_leaves_the_last_publication_and_is_retried(
    town: Workspace, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    before = publication(town)
    deliver_care(town, "meer.csv", range(30, 60))

    def fail(night: stages.Night) -> None:
        raise UsageError("The disk is full.", "Make room and run again.")

    with monkeypatch.context() as patch:
        patch.setattr(stages, "STAGES", {**stages.STAGES, stage: fail})
        failed = run_pipeline(town, "nightly")
    assert (failed.status, failed.step, failed.exit_code) == ("failed", stage, ExitCode.USAGE)
    assert publication(town) == before
    retried = run_pipeline(town, "nightly", retry_failed=True)
    assert retried.status == "done", retried.messages
    assert retried.published
    assert next(iter(retried.seconds)) == ("protect" if stage == "publish" else stage)
    assert publication(town) != before


def test_a_retry_where_nothing_failed_publishes_nothing_again(town: Workspace) -> None:
    before = publication(town)
    again = run_pipeline(town, "nightly", retry_failed=True)
    assert (again.status, again.published) == ("done", False), again.messages
    assert publication(town) == before


def test_a_copy_for_the_team_that_failed_is_retried_without_publishing_again(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = town.root / SETTINGS_FILE
    text = path.read_text(encoding="utf-8").replace('\ncatalogue = ""', '\ncatalogue = "dbname=none"')
    path.write_text(text, encoding="utf-8")
    workspace = Workspace(town.root)

    def fail(session: object) -> dict[str, int]:
        raise UsageError("The team's catalogue (PostgreSQL) cannot be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(team, "share_with_team", fail)
        failed = run_pipeline(workspace, "nightly")
    assert (failed.status, failed.step) == ("failed", "share")
    stood = publication(workspace)
    monkeypatch.setattr(team, "share_with_team", lambda session: {"protected.value": 1})
    retried = run_pipeline(workspace, "nightly", retry_failed=True)
    assert (retried.status, retried.published) == ("done", False), retried.messages
    assert "share" in retried.seconds
    assert publication(workspace) == stood


def test_a_full_disk_while_reports_are_written(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publication(town)
    deliver_care(town, "meer.csv", range(30, 60))
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.suffix == ".html":
            raise OSError(28, "No space left on device")
        return write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        summary = run_pipeline(town, "nightly")
    assert (summary.status, summary.step) == ("failed", "publish")
    assert any("No space left" in message for message in summary.messages)
    assert publication(town) == before
    assert not [p for p in town.reports.iterdir() if p.name.startswith(".new-") and p.is_dir()]
    assert run_pipeline(town, "nightly").published


def test_a_clock_that_went_back_keeps_the_order_of_runs(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal, "now", lambda: datetime(2020, 1, 1, 2, 15))
        deliver_care(town, "meer.csv", range(30, 60))
        summary = run_pipeline(town, "nightly")
    assert summary.exit_code == 0, summary.messages
    assert summary.published
    assert any("clock" in message for message in summary.messages)
    with open_session(town, "test") as session:
        names = session.connection.execute("select name from meta.file order by received_at").fetchall()
    assert names[-1] == ("meer.csv",)
    assert list(run_pipeline(town, "nightly").seconds) == ["look"]


def test_the_second_of_two_runs_is_told_who_was_first(town: Workspace) -> None:
    with hold(town, "run nightly"), pytest.raises(LockedError) as refused:
        run_pipeline(town, "nightly")
    assert refused.value.exit_code == ExitCode.LOCKED
    assert "run nightly" in refused.value.message
    assert str(os.getpid()) in refused.value.message


def test_the_plan_says_what_would_happen_and_changes_nothing(town: Workspace) -> None:
    def actions(step: str) -> dict[str, str]:
        return {r["item"]: r["action"] for r in preview(town, "nightly").to_pylist() if r["step"] == step}

    assert set(actions("build").values()) == {"keep"}
    deliver_care(town, "meer.csv", range(30, 40))
    before = publication(town), (town.work_database.stat().st_size, town.work_database.stat().st_mtime_ns)
    assert actions("ingest")["meer.csv"] == "read"
    planned = actions("build")
    assert before == (
        publication(town),
        (town.work_database.stat().st_size, town.work_database.stat().st_mtime_ns),
    )
    with open_session(town, "test") as session:
        state = dict(session.connection.execute("select name, fingerprint from meta.model_state").fetchall())
    run_pipeline(town, "nightly")
    with open_session(town, "test") as session:
        after = dict(session.connection.execute("select name, fingerprint from meta.model_state").fetchall())
    assert {name for name, action in planned.items() if action == "build"} == {
        name for name in after if after[name] != state[name]
    }


def test_a_run_can_start_at_a_step(town: Workspace) -> None:
    deliver_care(town, "meer.csv", range(30, 40))
    summary = run_pipeline(town, "nightly", start="check")
    assert list(summary.seconds) == ["check", "protect", "publish"]
    with pytest.raises(UsageError, match="no step 'bild'"):
        stages.start_at("bild")


@pytest.mark.parametrize("name", ["nightly", "demo", "snapshot", "monitor"])
def test_shipped_pipelines_are_valid(town: Workspace, name: str) -> None:
    assert "snapshot" in load_pipeline(town, name).publish.reports


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[publish]\nreport = []\n", "report"),
        ('[publish]\nreports = ["maandblad"]\n', "reports"),
        ("[[source]]\npattern = 3\n", "source"),
        ("[publish\n", "no valid TOML"),
    ],
)
def test_a_mistake_in_a_pipeline_names_file_and_key(town: Workspace, text: str, message: str) -> None:
    path = town.root / "pipelines" / "eigen.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        run_pipeline(town, "eigen")
    assert str(path) in wrong.value.message
    assert message in wrong.value.message


def test_the_snapshot_pipeline_keeps_what_it_published(town: Workspace) -> None:
    summary = run_pipeline(town, "snapshot")
    kept = manifest_of(town, summary)["snapshot"]
    assert [p.name for p in (town.root / "snapshots").iterdir()] == [kept]


def test_the_manifest_accounts_for_everything(town: Workspace) -> None:
    deliver_care(town, "meer.csv", range(30, 60))
    summary = run_pipeline(town, "nightly")
    manifest = manifest_of(town, summary)
    assert {"versions", "settings_hash", "files_read", "models", "check_states", "disclosure"} <= set(
        manifest
    )
    (file,) = manifest["files_read"]  # type: ignore[misc]
    assert (file["name"], file["kind"], file["accepted"]) == ("meer.csv", "indications", 30)
    assert len(file["sha256"]) == 64
    outputs: dict[str, str] = manifest["outputs"]  # type: ignore[assignment]
    assert "public/snapshot/index.html" in outputs
    with open_session(town, "test") as session:
        row = session.connection.execute(
            "select manifest from meta.run where run_id = ?", [summary.run_id]
        ).fetchone()
    assert row is not None
    assert json.loads(row[0]) == manifest


def test_two_machines_with_the_same_files_and_keys_publish_the_same_bytes(
    tmp_path: Path, published: Workspace
) -> None:
    def outputs(workspace: Workspace) -> dict[str, object]:
        (log,) = workspace.logs.glob("run-*.json")
        manifest = json.loads(log.read_text())
        return {key: manifest[key] for key in ("outputs", "models", "disclosure", "settings_hash")}

    other = make_town(tmp_path / "other")
    for name in ("pseudonym", "database"):
        other.key_path(name).write_bytes(published.key_path(name).read_bytes())
    run_pipeline(other, "nightly")
    assert outputs(other) == outputs(published)


def test_who_is_late_is_told_also_on_a_night_without_news(town: Workspace) -> None:
    settings = '\n[[expected]]\nkind = "indications"\nmunicipalities = ["9901", "9902"]\nevery_days = 30\n'
    workspace = set_settings(town, settings)
    told = "No indications of 9902 came in yet; expected every 30 days."
    assert told in run_pipeline(workspace, "nightly").messages
    quiet = run_pipeline(workspace, "nightly")
    assert (list(quiet.seconds), quiet.messages) == (["look"], [told])


def test_signals_of_a_failed_run(town: Workspace) -> None:
    script = write_lines(town.root / "mail.sh", ['cat > told.json; echo "$ZORGDATA_EXIT_CODE" > code'])
    workspace = _with_signals(town, script)
    write_lines(town.inbox / "raadsel.csv", ["a;b", "1;2"])
    summary = run_pipeline(workspace, "nightly")
    assert summary.exit_code == ExitCode.SOURCE
    assert (town.root / "code").read_text().strip() == "3"
    assert json.loads((town.root / "told.json").read_text())["run_id"] == summary.run_id
    gauges = (town.logs / "zorgdata.prom").read_text()
    assert 'zorgdata_run_exit_code{pipeline="nightly"} 3\n' in gauges
    page = (town.logs / "last-run.html").read_text()
    assert "raadsel.csv" in page
    assert "exit code 3" in page
    assert json.loads((town.logs / "last-run.json").read_text())["exit_code"] == 3


def _with_signals(town: Workspace, script: Path) -> Workspace:
    path = town.root / SETTINGS_FILE
    text = path.read_text(encoding="utf-8")
    text = text.replace("on_failure = []", f'on_failure = ["/bin/sh", "{script}"]')
    path.write_text(text.replace("prometheus = false", "prometheus = true"), encoding="utf-8")
    return Workspace(town.root)


def test_a_signal_that_fails_is_told_and_fails_nothing(town: Workspace) -> None:
    workspace = _with_signals(town, Path("/bestaat/niet"))
    write_lines(town.inbox / "raadsel.csv", ["a;b", "1;2"])
    summary = run_pipeline(workspace, "nightly")
    assert summary.exit_code == ExitCode.SOURCE
    assert any("on_failure left with" in message for message in summary.messages)


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 1)),
        (date(2026, 1, 1), 12, date(2025, 1, 1)),
        (date(2026, 1, 15), 1, date(2025, 12, 1)),
        (date(2026, 12, 31), 120, date(2016, 12, 1)),
    ],
)
def test_retention_keeps_whole_months(today: date, months: int, expected: date) -> None:
    assert months_before(today, months) == expected


def _age(workspace: Workspace, name: str, days: int) -> None:
    with open_session(workspace, "test") as session:
        session.connection.execute(
            f"update meta.file set received_at = received_at - interval {days} day where name = ?", [name]
        )


def test_what_outlives_its_retention_is_removed_by_the_night(town: Workspace) -> None:
    deliver_care(town, "oud.csv", range(30, 35))
    run_pipeline(town, "nightly")
    _age(town, "oud.csv", 11 * 366)
    deliver_care(town, "meer.csv", range(40, 42))
    summary = run_pipeline(town, "nightly")
    assert summary.status == "done"
    assert any("raw.indications" in message and "5 " in message for message in summary.messages)
    assert not (town.inbox / "oud.csv").exists()
    with open_session(town, "test") as session:
        assert count(session, "core.indication") == 32
        assert count(session, "meta.erasure") == 1


def test_purge_removes_every_layer_of_what_came_in_before_a_day(town: Workspace) -> None:
    faulty = deliver_care(town, "oud.csv", range(30, 35))
    faulty.write_text(faulty.read_text().replace("2024-01-01;09:00", "2024-13-01;09:00", 1), encoding="utf-8")
    run_pipeline(town, "nightly")
    _age(town, "oud.csv", 400)
    removed = purge(town, date.today() - timedelta(days=300))
    assert removed["raw.indications"] == 4
    assert removed["meta.quarantine"] == 1
    assert removed["originals"] == 1
    with open_session(town, "test") as session:
        assert count(session, "core.indication") == 30
        assert count(session, "meta.file") == 4


def test_a_workspace_without_deliveries_says_where_to_put_them(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "leeg")
    summary = run_pipeline(workspace, "nightly")
    assert (summary.exit_code, summary.published, list(summary.seconds)) == (0, False, ["ingest"])
    assert summary.messages == [
        f"There is nothing to make figures of yet. Put deliveries in {workspace.inbox}."
    ]
    write_lines(workspace.inbox / "raadsel.csv", ["a;b", "1;2"])
    refused = run_pipeline(workspace, "nightly")
    assert (refused.exit_code, refused.status) == (ExitCode.SOURCE, "done")
    assert any("raadsel.csv" in message for message in refused.messages)


def test_one_changed_municipality_builds_what_depends_on_it_and_nothing_else(town: Workspace) -> None:
    deliver_care(town, "meer.csv", range(30, 40))
    models = shipped_models()
    reached = {m.name for m in models if "raw.indications" in models.inputs(m.name)}
    reached |= {name for one in set(reached) for name in models.descendants(one)}
    with open_session(town, "test") as session:
        before = dict(session.connection.execute("select name, built_at from meta.model_state").fetchall())
    built = run_pipeline(town, "nightly").models_built
    with open_session(town, "test") as session:
        after = dict(session.connection.execute("select name, built_at from meta.model_state").fetchall())
        left = _contents(session)
        steps.build_models(session, "", True, lambda *_: None)
        assert left == _contents(session)
    renewed = {name for name in after if after[name] != before[name]}
    assert len(renewed) == built
    assert renewed <= reached
    assert {"core.indication", "metrics.value"} <= renewed
    # Of pupils nothing is known that was not known before.
    assert {"core.absence", "core.attendance_spell", "core.absence_spell"} <= reached - renewed
    assert {"core.school", "staging.enrolment", "core.population"}.isdisjoint(reached)


def _contents(session: Session) -> dict[str, str]:
    """What every table holds."""
    return {
        model.name: look_at(session.connection, model.name, model.header).content
        for model in shipped_models()
        if model.header.materialized == "table"
    }

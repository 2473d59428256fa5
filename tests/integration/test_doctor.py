"""The doctor finds every fault it looks for, and finds nothing on a machine that is fit."""

import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.support.workspaces import INDICATIONS, indication, land, write_lines
from zorgdata.keyfile import write_key
from zorgdata.pipeline import doctor
from zorgdata.pipeline.schedule import find_schedule
from zorgdata.pipeline.session import open_session
from zorgdata.workspace import SETTINGS_FILE, Workspace, create_workspace

DOCS = Path(__file__).parents[2] / "docs" / "pipelines.md"


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = create_workspace(tmp_path_factory.mktemp("doctor") / "ws")
    write_lines(workspace.inbox / "a.csv", [INDICATIONS, indication(1)])
    with open_session(workspace, "test") as session:
        land(session, workspace.inbox)
    return workspace


@pytest.fixture
def workspace(fit: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(doctor, "_SYSTEM", tmp_path / "system")
    return Workspace(Path(shutil.copytree(fit.root, tmp_path / "ws")))


def states(workspace: Workspace) -> dict[str, str]:
    """What is not good, with its remark."""
    found = doctor.examine(Workspace(workspace.root))
    return {f["subject"]: f"{f['state']}: {f['remark']}" for f in found if f["state"] != "good"}


def only(workspace: Workspace, subject: str) -> str:
    """The remark on ``subject``, the only thing that is wrong."""
    found = {name: told for name, told in states(workspace).items() if told.startswith("wrong")}
    assert list(found) == [subject], found
    return found[subject]


def test_a_fit_machine_has_no_timer_at_most(workspace: Workspace) -> None:
    assert list(states(workspace)) == ["timer"]
    assert "No systemd timer or cron line" in states(workspace)["timer"]


def test_a_library_that_cannot_encrypt(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: "1.4.0")
    assert f"Install duckdb-extension-httpfs=={duckdb.__version__}" in only(workspace, "versions")


@pytest.mark.parametrize(
    ("section", "extra"),
    [('[team]\ncatalogue = "dbname=x"\n', "team"), ('[linkage]\nmode = "probable"\n', "linkage")],
)
def test_an_extra_that_the_settings_need(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, section: str, extra: str
) -> None:
    (workspace.root / SETTINGS_FILE).write_text(section)
    monkeypatch.setattr(doctor, "find_spec", lambda module: None)
    assert f"Install zorgdata[{extra}]" in only(workspace, "extras")


def test_a_mistake_in_the_settings(workspace: Workspace) -> None:
    (workspace.root / SETTINGS_FILE).write_text("[ingest]\nmax_file_bm = 3\n")
    assert "max_file_mb" in states(workspace)["settings"]


@pytest.mark.parametrize("name", ["pseudonym", "database"])
def test_a_key_that_is_gone_or_open(workspace: Workspace, name: str) -> None:
    workspace.key_path(name).chmod(0o644)
    assert "chmod 600" in states(workspace)[f"{name} key"]
    workspace.key_path(name).unlink()
    assert "is missing" in states(workspace)[f"{name} key"]


def test_a_key_of_another_workspace(workspace: Workspace) -> None:
    workspace.key_path("database").unlink()
    write_key(workspace.key_path("database"))
    assert "does not fit" in states(workspace)["encryption"]


def test_a_database_that_is_not_encrypted(workspace: Workspace) -> None:
    workspace.work_database.unlink()
    duckdb.connect(str(workspace.work_database)).close()
    assert "no encrypted zorgdata database" in states(workspace)["encryption"]


@pytest.mark.parametrize("folder", ["keys", "warehouse"])
def test_a_folder_that_is_open_to_others(workspace: Workspace, folder: str) -> None:
    (workspace.root / folder).chmod(0o755)
    assert f"chmod 700 {workspace.root / folder}" in only(workspace, "rights")


def test_deliveries_that_everybody_can_read(workspace: Workspace) -> None:
    assert workspace.inbox.stat().st_mode & 0o007 == 0
    workspace.inbox.chmod(0o755)
    assert states(workspace)["rights"].startswith("note: Everybody on this machine can read the deliveries")


def test_a_disk_without_room(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 10**9))
    assert "1.0 GB free; a run may need 2.0 GB" in only(workspace, "disk")


def test_an_inbox_that_is_gone(workspace: Workspace) -> None:
    shutil.rmtree(workspace.inbox)
    assert f"mkdir {workspace.inbox}" in only(workspace, "inbox")


@pytest.mark.parametrize("closed", ["inbox", "a.csv"])
def test_an_inbox_that_cannot_be_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != closed)  # root may read anything
    assert "cannot be read" in only(workspace, "inbox")


@pytest.mark.parametrize("newest", ["meta.file", "meta.run", SETTINGS_FILE])
def test_a_clock_that_went_back(workspace: Workspace, newest: str) -> None:
    ahead = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)
    if newest == SETTINGS_FILE:
        os.utime(workspace.root / SETTINGS_FILE, (ahead.timestamp(), ahead.timestamp()))
    else:
        with open_session(workspace, "test") as session:
            note = "insert into meta.run (run_id, pipeline, started_at, status) values ('r', 'n', ?, 'done')"
            if newest == "meta.file":
                note = "update meta.file set received_at = ?"
            session.connection.execute(note, [ahead])
    assert "is behind" in only(workspace, "clock")


def documented(language: str, number: int) -> str:
    """A block of the page about nights, for the workspace ``/srv/my-region``."""
    blocks = DOCS.read_text(encoding="utf-8").split(f"```{language}\n")[1:]
    return blocks[number].split("```")[0]


@pytest.fixture
def machine(workspace: Workspace) -> Path:
    """A machine with the unit and the timer of the docs, not yet enabled."""
    system = workspace.root.parent / "system"
    units = system / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    unit = documented("ini", 0).replace("/srv/my-region", str(workspace.root))
    (units / "zorgdata.service").write_text(unit)
    (units / "zorgdata.timer").write_text(documented("ini", 1))
    return system


def test_a_timer_must_be_enabled(workspace: Workspace, machine: Path) -> None:
    assert "systemctl enable --now zorgdata.timer" in only(workspace, "timer")
    wants = machine / "etc" / "systemd" / "system" / "timers.target.wants"
    wants.mkdir()
    (wants / "zorgdata.timer").symlink_to("../zorgdata.timer")
    assert states(workspace) == {}
    (wants.parent / "zorgdata.timer").unlink()
    assert "zorgdata.timer is not there" in only(workspace, "timer")


def test_a_unit_of_another_workspace_does_not_count(workspace: Workspace, machine: Path) -> None:
    assert find_schedule(workspace.root, machine).where
    assert not find_schedule(workspace.root.with_name("w"), machine).where
    assert not find_schedule(workspace.root / "sub", machine).where


def test_a_cron_line(workspace: Workspace) -> None:
    line = documented("cron", 0).replace("/srv/my-region", str(workspace.root))
    table = workspace.root.parent / "system" / "etc" / "cron.d" / "zorgdata"
    write_lines(table, [f"# {row}" for row in line.splitlines()])
    assert "No systemd timer" in states(workspace)["timer"]
    table.write_text(line)
    assert states(workspace) == {}


def test_what_cannot_be_read_is_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    crontab = write_lines(workspace.root.parent / "system" / "etc" / "crontab", ["# empty"])
    read = Path.read_text

    def refuse(path: Path, *arguments: object, **named: object) -> str:
        if path == crontab:
            raise PermissionError(13, "Permission denied")
        return read(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "read_text", refuse)
    assert states(workspace)["timer"] == f"note: Not checked: {crontab} cannot be read by this user."

"""New keys: the same children under other names, everything encrypted anew, and never half of it."""

import os
from pathlib import Path

import pytest

from tests.support.workspaces import BSNS, INDICATIONS, WHEN, count, indication, write_lines
from zorgdata.errors import KeyFileError, SourceError
from zorgdata.landing import ingest
from zorgdata.pipeline import rotation
from zorgdata.pipeline.archive import move_to_archive, sealed_content
from zorgdata.pipeline.backup import backup, restore
from zorgdata.pipeline.rotation import rotate_database, rotate_pseudonyms
from zorgdata.pipeline.session import next_key, open_session
from zorgdata.store import vault
from zorgdata.workspace import SETTINGS_FILE, Workspace, create_workspace

PUPILS = (
    "brin;vestiging;geboortedatum;geslacht;postcode;achternaam;voorletters;leerlingnummer;datum_inschrijving"
)
DELIVERIES = "gemeentecode;bsn;aanbieder_agb;begindatum;professional_id"


def take_in(workspace: Workspace) -> None:
    with open_session(workspace, "test") as session:
        ingest(
            session.connection,
            [workspace.inbox],
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=WHEN,
            codes=session.codes,
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two care files and a pupil list without numbers, with codes kept for linkage."""
    made = create_workspace(tmp_path / "ws")
    settings = made.root / SETTINGS_FILE
    settings.write_text(settings.read_text().replace('mode = "number"', 'mode = "exact"'), encoding="utf-8")
    write_lines(made.inbox / "a.csv", [INDICATIONS, indication(1), indication(2, BSNS[1])])
    write_lines(made.inbox / "b.csv", [INDICATIONS, indication(3, BSNS[1])])
    write_lines(made.inbox / "c.csv", [DELIVERIES, f"9901;{BSNS[0]};41990000;2024-01-01;P77"])
    write_lines(made.inbox / "d.csv", [PUPILS, "99ZA;00;2012-03-17;1;9999ZZ;Lum;T;7;2023-08-01"])
    take_in(made)
    return made


def rows(workspace: Workspace, sql: str) -> list[tuple[object, ...]]:
    with open_session(workspace, "test") as session:
        return session.connection.execute(sql).fetchall()


CHILDREN = """
    select allocation_number, child_id from raw.indications
    union all select 'pupil', child_id from raw.enrolments
    union all select 'worker', worker_id from raw.deliveries
    order by all
"""


def test_children_get_other_pseudonyms_and_stay_the_same_children(workspace: Workspace) -> None:
    before = dict(rows(workspace, CHILDREN))
    keys = rows(workspace, "select count(*), count(distinct child_id) from raw.linkage_key")
    old_key = workspace.key("pseudonym")
    done = rotate_pseudonyms(workspace)
    after = dict(rows(workspace, CHILDREN))
    assert workspace.key("pseudonym") != old_key
    assert set(before.values()).isdisjoint(after.values())
    assert after["2"] == after["3"] != after["1"]
    assert (done.files, done.children) == (4, 4)
    assert rows(workspace, "select count(*), count(distinct child_id) from raw.linkage_key") == keys
    assert rows(
        workspace,
        "select count(*) from raw.linkage_key where child_id not in "
        "(select child_id from raw.indications union select child_id from raw.enrolments)",
    ) == [(0,)]


def test_what_is_delivered_after_a_rotation_meets_what_came_before(workspace: Workspace) -> None:
    rotate_pseudonyms(workspace)
    write_lines(workspace.inbox / "e.csv", [INDICATIONS, indication(9, BSNS[1], "2024-08-01", "2024-09-01")])
    take_in(workspace)
    ids = dict(rows(workspace, "select allocation_number, child_id from raw.indications"))
    assert ids["9"] == ids["2"]


def test_originals_in_the_archive_serve_as_well(workspace: Workspace) -> None:
    with open_session(workspace, "test") as session:
        done = ingest(
            session.connection,
            [workspace.inbox],
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=WHEN,
        )
        move_to_archive(workspace, done.files)
    before = dict(rows(workspace, CHILDREN))
    rotate_pseudonyms(workspace)
    assert set(before.values()).isdisjoint(dict(rows(workspace, CHILDREN)).values())
    assert not list(workspace.warehouse.glob("scratch-*"))


def test_a_rotation_without_an_original_changes_nothing_and_names_it(workspace: Workspace) -> None:
    (workspace.inbox / "b.csv").unlink()
    before = rows(workspace, CHILDREN), workspace.key("pseudonym")
    with pytest.raises(SourceError, match=r"b\.csv") as refused:
        rotate_pseudonyms(workspace)
    assert "again" in refused.value.hint
    assert (rows(workspace, CHILDREN), workspace.key("pseudonym")) == before
    assert not next_key(workspace, "pseudonym").exists()


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs that would not run then."""


def test_killed_after_the_names_and_before_the_key_it_is_finished_later(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(rows(workspace, CHILDREN))

    def kill(workspace: Workspace, name: str) -> Path:
        raise Killed

    unlinked = Path.unlink
    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_take_over", kill)
        patch.setattr(Path, "unlink", lambda p, **kw: None if p.suffix == ".next" else unlinked(p, **kw))
        with pytest.raises(Killed):
            rotate_pseudonyms(workspace)
    assert next_key(workspace, "pseudonym").exists()
    after = dict(rows(workspace, CHILDREN))  # opens with the new key
    assert set(before.values()).isdisjoint(after.values())
    assert not next_key(workspace, "pseudonym").exists()


def test_killed_before_the_names_it_is_taken_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(workspace, CHILDREN), workspace.key("pseudonym")
    next_key(workspace, "pseudonym").write_text("ab" * 32 + "\n")
    next_key(workspace, "pseudonym").chmod(0o600)
    assert (rows(workspace, CHILDREN), workspace.key("pseudonym")) == before
    assert not next_key(workspace, "pseudonym").exists()


def test_a_new_database_key_opens_database_and_archive(workspace: Workspace, tmp_path: Path) -> None:
    with open_session(workspace, "test") as session:
        done = ingest(
            session.connection,
            [workspace.inbox],
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=WHEN,
        )
        move_to_archive(workspace, done.files)
    copy = backup(workspace, tmp_path / "old.zbk")
    old = workspace.key("database")
    content = sealed_content(workspace, workspace.archive / "a.csv.sealed")
    rotated = rotate_database(workspace)
    assert workspace.key("database") != old
    assert sealed_content(workspace, workspace.archive / "a.csv.sealed") == content
    with pytest.raises(KeyFileError):
        list(vault.opened(workspace.archive / "a.csv.sealed", old, "archive"))
    with open_session(workspace, "test") as session:
        assert count(session, "raw.indications") == 3
    retired = Path(rotated.kept)
    assert retired.stat().st_mode & 0o077 == 0
    assert bytes.fromhex(retired.read_text().strip()) == old
    with pytest.raises(KeyFileError):
        restore(copy, tmp_path / "back", workspace.root / "keys", verify_only=True)


@pytest.mark.parametrize("after", ["archive", "database"])
def test_a_killed_rotation_of_the_database_key_is_finished(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    with open_session(workspace, "test") as session:
        done = ingest(
            session.connection,
            [workspace.inbox],
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=WHEN,
        )
        move_to_archive(workspace, done.files)

    def kill(*arguments: object) -> Path:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "rewrite" if after == "archive" else "_take_over", kill)
        with pytest.raises(Killed):
            rotate_database(workspace)
    old = workspace.key("database")
    with open_session(workspace, "test") as session:
        assert count(session, "raw.indications") == 3
    assert workspace.key("database") != old
    assert b"41990000" in sealed_content(workspace, workspace.archive / "a.csv.sealed")
    assert not next_key(workspace, "database").exists()


def test_an_original_that_a_killed_program_left_unsealed_is_removed(workspace: Workspace) -> None:
    left = workspace.warehouse / "scratch-x" / "plain"
    left.parent.mkdir()
    left.write_text(BSNS[0])
    os.utime(left)
    with open_session(workspace, "test"):
        assert not left.exists()

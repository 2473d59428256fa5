"""Erasure, retention, archive and backup: what must go is gone everywhere, what must stay is there."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.workspaces import BSNS, INDICATIONS, WHEN, count, indication, land, write_lines
from zorgdata.errors import KeyFileError, SourceError, UsageError, ZorgdataError
from zorgdata.pipeline import erase
from zorgdata.pipeline.archive import find_original, move_to_archive, sealed_content
from zorgdata.pipeline.backup import backup, restore
from zorgdata.pipeline.erase import forget
from zorgdata.pipeline.retention import purge
from zorgdata.pipeline.rotation import rotate_database
from zorgdata.pipeline.session import Session, open_session
from zorgdata.workspace import Workspace, create_workspace

GONE = BSNS[1]


def child_ids(session: Session) -> set[str]:
    return {c for (c,) in session.connection.execute("select child_id from raw.indications").fetchall()}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = create_workspace(tmp_path / "ws")
    lines = [INDICATIONS, indication(1), indication(2, GONE), indication(3, GONE, "2024-05-01", "2024-04-01")]
    write_lines(made.inbox / "a.csv", lines)
    write_lines(made.inbox / "b.csv", [INDICATIONS, indication(4, GONE), indication(5, BSNS[2])], "utf-16")
    with open_session(made, "test") as session:
        land(session, made.inbox)
    return made


@pytest.fixture
def bsn_file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "vergeet.txt", [GONE])


def test_a_forgotten_child_is_in_no_layer_and_no_file(workspace: Workspace, bsn_file: Path) -> None:
    with open_session(workspace, "test") as session:
        before = child_ids(session)
    done = forget(workspace, bsn_file)
    assert (done.children, done.records, done.lines_blanked) == (1, {"raw.indications": 2}, 3)
    with open_session(workspace, "test") as session:
        after = child_ids(session)
        assert len(before - after) == 1
        assert count(session, "core.indication") == 2
        assert session.connection.execute("select children, records from meta.erasure").fetchall() == [(1, 2)]
    for path in workspace.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert GONE.encode() not in content
            assert GONE.encode("utf-16-le") not in content


def test_the_other_lines_keep_their_place_and_the_files_stay_known(
    workspace: Workspace, bsn_file: Path
) -> None:
    forget(workspace, bsn_file)
    lines = (workspace.inbox / "a.csv").read_text().splitlines()
    assert lines == [INDICATIONS, indication(1), "", ""]
    assert (workspace.inbox / "b.csv").read_text("utf-16").splitlines() == [
        INDICATIONS,
        "",
        indication(5, BSNS[2]),
    ]
    with open_session(workspace, "test") as session:
        assert {f.status for f in land(session, workspace.inbox).files} == {"known"}
        assert count(session, "raw.indications") == 2


def test_a_list_with_a_wrong_number_removes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2"):
        forget(workspace, write_lines(tmp_path / "fout.txt", [GONE, "123456789"]))
    with open_session(workspace, "test") as session:
        assert count(session, "raw.indications") == 4


def test_a_list_may_have_a_heading_and_must_be_text(workspace: Workspace, tmp_path: Path) -> None:
    assert forget(workspace, write_lines(tmp_path / "kop.txt", ["BSN", "", GONE])).found
    assert not forget(workspace, write_lines(tmp_path / "weg.txt", [GONE])).found
    with pytest.raises(UsageError, match="no text in UTF-8"):
        forget(workspace, write_lines(tmp_path / "fout.txt", [GONE], "utf-16"))


def test_an_erasure_that_is_killed_is_followed_by_a_fresh_copy(
    workspace: Workspace, bsn_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted rows stay in free blocks until the database is copied; that must not be forgotten."""
    before = workspace.work_database.stat().st_ino
    monkeypatch.setattr(erase, "_clean_folder", interrupted)
    with pytest.raises(KeyboardInterrupt):
        forget(workspace, bsn_file)
    assert workspace.work_database.stat().st_ino == before
    with open_session(workspace, "test"):
        pass
    copied = workspace.work_database.stat().st_ino
    assert copied != before
    with open_session(workspace, "test") as session:
        assert count(session, "raw.indications") == 2
    assert workspace.work_database.stat().st_ino == copied  # once is enough


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_originals_are_found_in_a_workspace_that_was_moved(workspace: Workspace) -> None:
    with open_session(workspace, "test") as session:
        sealed = workspace.inbox / "b.csv"
        move_to_archive(workspace, [f for f in land(session, workspace.inbox).files if f.path == sealed])
    moved = Workspace(workspace.root.rename(workspace.root.with_name("moved")))
    write_lines(moved.inbox / "nieuw" / "a.csv", [INDICATIONS, indication(9)])  # only the name is the same
    removed = purge(moved, WHEN.date() + timedelta(days=1))
    assert removed["originals"] == 2
    assert [p.name for p in moved.inbox.rglob("*.csv")] == ["a.csv"]
    assert list(moved.archive.iterdir()) == []


def test_archived_originals_are_sealed_and_found_again(workspace: Workspace, tmp_path: Path) -> None:
    with open_session(workspace, "test") as session:
        content = (workspace.inbox / "a.csv").read_bytes()
        assert move_to_archive(workspace, land(session, workspace.inbox).files) == 2
        assert list(workspace.inbox.iterdir()) == []
        sealed = workspace.archive / "a.csv.sealed"
        assert BSNS[0].encode() not in sealed.read_bytes()
        assert sealed_content(workspace, sealed) == content
        assert find_original(workspace, session.connection, 1, tmp_path).read_bytes() == content
        sealed.unlink()
        with pytest.raises(SourceError, match="is gone") as caught:
            find_original(workspace, session.connection, 1, tmp_path)
        assert caught.value.hint == "Deliver it again."


def test_erasure_reaches_into_the_archive(workspace: Workspace, bsn_file: Path) -> None:
    with open_session(workspace, "test") as session:
        move_to_archive(workspace, land(session, workspace.inbox).files)
    done = forget(workspace, bsn_file)
    assert done.lines_blanked == 3
    assert GONE.encode() not in sealed_content(workspace, workspace.archive / "a.csv.sealed")
    assert BSNS[0].encode() in sealed_content(workspace, workspace.archive / "a.csv.sealed")


def test_a_backup_comes_back_with_its_keys_only(workspace: Workspace, tmp_path: Path) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    assert (workspace.root / "keys" / "database.key").read_bytes().strip() not in path.read_bytes()
    keys = workspace.root / "keys"
    assert restore(path, tmp_path / "new", keys, verify_only=True) == {"files": 2, "records": 4}
    assert not (tmp_path / "new").exists()
    restore(path, tmp_path / "deep" / "new", keys, verify_only=False)
    restored = Workspace(tmp_path / "deep" / "new")
    with open_session(restored, "test") as session:
        assert count(session, "raw.indications") == 4
    assert [p for p in ("keys", "warehouse") if (restored.root / p).stat().st_mode & 0o077] == []
    assert list((tmp_path / "deep").iterdir()) == [restored.root]


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: path.unlink(), "pseudonym key is missing"),
        (lambda path: path.write_text("1"), "is no key"),
        (lambda path: path.write_text("ab" * 32), "not the one this database was made with"),
    ],
)
def test_a_backup_is_tried_with_both_keys(
    workspace: Workspace, tmp_path: Path, spoil: Callable[[Path], object], error: str
) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    keys = Path(shutil.copytree(workspace.root / "keys", tmp_path / "copy"))
    spoil(keys / "pseudonym.key")
    with pytest.raises(ZorgdataError, match=error):
        restore(path, tmp_path / "new", keys, verify_only=False)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_before_a_rotation_says_which_key_it_needs(workspace: Workspace, tmp_path: Path) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    kept = Path(rotate_database(workspace).kept)
    with pytest.raises(KeyFileError) as wrong:
        restore(path, tmp_path / "new", workspace.root / "keys", verify_only=False)
    assert "the retired one under the name database.key" in wrong.value.hint
    keys = Path(shutil.copytree(workspace.root / "keys", tmp_path / "copy"))
    (keys / kept.name).replace(keys / "database.key")
    assert restore(path, tmp_path / "new", keys, verify_only=False) == {"files": 2, "records": 4}


def test_a_backup_is_restored_into_an_empty_place_only(workspace: Workspace, tmp_path: Path) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    target = tmp_path / "new"
    shutil.copytree(workspace.root / "keys", target / "keys")
    mine = write_lines(target / "iets.txt", ["van mij"])
    with pytest.raises(UsageError, match="not empty"):
        restore(path, target, None, verify_only=False)
    assert mine.read_text() == "van mij\n"
    mine.unlink()
    restore(path, target, None, verify_only=False)
    with open_session(Workspace(target), "test") as session:
        assert count(session, "raw.indications") == 4


def test_a_backup_is_not_kept_where_the_data_are(workspace: Workspace, tmp_path: Path) -> None:
    for place, told in ((workspace.root / "b.zbk", "workspace itself"), (tmp_path, "is a folder")):
        with pytest.raises(UsageError, match=told):
            backup(workspace, place)


def test_a_backup_holds_what_a_killed_run_had_stored(workspace: Workspace, tmp_path: Path) -> None:
    """Committed rows may still be in the log beside the database when nobody closed it."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom zorgdata.store import open_work\n"
        "from zorgdata.workspace import Workspace\n"
        "connection = open_work(Workspace(Path(sys.argv[1])))\n"
        "connection.execute(\"insert into meta.workspace values ('late', 'row')\")\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(workspace.root)], check=True)
    assert workspace.work_database.with_name("work.duckdb.wal").exists()
    restore(
        backup(workspace, tmp_path / "b.zbk"), tmp_path / "new", workspace.root / "keys", verify_only=False
    )
    with open_session(Workspace(tmp_path / "new"), "test") as session:
        assert session.connection.execute("select 1 from meta.workspace where name = 'late'").fetchall()


def test_a_damaged_backup_restores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(KeyFileError):
        restore(path, tmp_path / "new", workspace.root / "keys", verify_only=False)
    assert not (tmp_path / "new").exists()

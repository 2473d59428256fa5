"""Erasure, retention, archive and backup: what must go is gone everywhere, what must stay is there."""

from pathlib import Path

import pytest

from tests.support.workspaces import BSNS, INDICATIONS, count, indication, land, write_lines
from zorgdata.errors import KeyFileError, SourceError, UsageError
from zorgdata.pipeline.archive import find_original, move_to_archive, sealed_content
from zorgdata.pipeline.backup import backup, restore
from zorgdata.pipeline.erase import forget
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
    with pytest.raises(UsageError, match="entry 2"):
        forget(workspace, write_lines(tmp_path / "fout.txt", [GONE, "123456789"]))
    with open_session(workspace, "test") as session:
        assert count(session, "raw.indications") == 4


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
    restore(path, tmp_path / "new", keys, verify_only=False)
    with open_session(Workspace(tmp_path / "new"), "test") as session:
        assert count(session, "raw.indications") == 4


def test_a_damaged_backup_restores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = backup(workspace, tmp_path / "b.zbk")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(KeyFileError):
        restore(path, tmp_path / "new", workspace.root / "keys", verify_only=False)
    assert not (tmp_path / "new").exists()

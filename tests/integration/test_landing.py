"""Deliveries reach raw.* whole or not at all, and every record is accounted for."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.workspaces import BSNS, INDICATIONS, count, indication, land, write_lines
from zorgdata.landing import Request
from zorgdata.landing.batch import Batch
from zorgdata.pipeline.session import Session, open_session
from zorgdata.workspace import create_workspace


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(create_workspace(tmp_path / "ws"), "test") as opened:
        yield opened


def test_records_are_loaded_with_their_lines(session: Session, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "indicaties.csv", [INDICATIONS, indication(1), "", indication(2, BSNS[1])])
    done = land(session, path)
    assert [(f.status, f.read, f.accepted, f.quarantined, f.blank) for f in done.files] == [
        ("loaded", 3, 2, 0, 1)
    ]
    rows = session.connection.execute(
        "select line, allocation_number from raw.indications order by 1"
    ).fetchall()
    assert rows == [(2, "1"), (4, "2")]


def test_the_same_bytes_again_are_a_no_op_under_any_name(session: Session, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.csv", [INDICATIONS, indication(1)])
    land(session, path)
    copy = tmp_path / "b.csv"
    copy.write_bytes(path.read_bytes())
    again = land(session, path, copy)
    assert [f.status for f in again.files] == ["known", "known"]
    assert (count(session, "raw.indications"), count(session, "meta.file")) == (1, 1)


def test_a_bad_file_never_stops_the_others(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_lines(folder / "1.csv", [INDICATIONS, indication(1)])
    write_lines(folder / "2.csv", ["dit;is;geen;levering", "1;2;3;4"])
    (folder / "3.csv").write_bytes(b"")
    write_lines(folder / "4.csv", [INDICATIONS, indication(2)])
    done = land(session, folder)
    assert [f.status for f in done.files] == ["loaded", "refused", "refused", "loaded"]
    assert all(f.message for f in done.with_status("refused"))
    assert count(session, "raw.indications") == 2


def test_a_refused_file_is_tried_again_and_keeps_one_row(session: Session, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x.csv", ["dit;is;geen;levering", "1;2;3;4"])
    land(session, path)
    assert [f.status for f in land(session, path).files] == ["refused"]
    assert session.connection.execute("select status, records_read from meta.file").fetchall() == [
        ("refused", 0)
    ]


def test_a_wrong_bsn_is_set_aside_without_its_value(session: Session, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "i.csv", [INDICATIONS, indication(1), indication(2, "123456789")])
    done = land(session, path)
    assert (done.files[0].accepted, done.files[0].quarantined) == (1, 1)
    rows = session.connection.execute("select * exclude (file_id) from meta.quarantine").fetchall()
    assert [row[:4] for row in rows] == [(3, 3, "bsn", "invalid_identifier")]
    assert "123456789" not in str(rows)


def test_a_dry_run_tells_all_and_stores_nothing(session: Session, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "i.csv", [INDICATIONS, indication(1), indication(2, "123456789")])
    done = land(session, path, request=Request(dry_run=True))
    assert (done.files[0].accepted, done.files[0].quarantined) == (1, 1)
    for table in ("raw.indications", "meta.file", "meta.file_seen", "meta.quarantine"):
        assert count(session, table) == 0


def test_links_and_unfinished_files_in_the_inbox_are_left_alone(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    real = write_lines(tmp_path / "elsewhere.csv", [INDICATIONS, indication(1)])
    folder.mkdir()
    (folder / "link.csv").symlink_to(real)
    write_lines(folder / "half.csv.part", [INDICATIONS, indication(2)])
    write_lines(folder / ".hidden.csv", [INDICATIONS, indication(3)])
    done = land(session, folder)
    assert [(f.path.name, f.status) for f in done.files] == [("link.csv", "refused")]
    assert "symbolic link" in done.files[0].message


def test_a_file_that_grows_while_it_is_read_is_refused_whole(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "i.csv", [INDICATIONS, indication(1)])
    add = Batch.add_records

    def grow(batch: Batch, kind: str, file_id: int, records: pa.Table) -> None:
        with path.open("a") as file:
            file.write(indication(2) + "\n")
        add(batch, kind, file_id, records)

    monkeypatch.setattr(Batch, "add_records", grow)
    done = land(session, path)
    assert done.files[0].status == "refused"
    assert "changed while it was read" in done.files[0].message
    assert count(session, "raw.indications") == 0


def test_a_failure_in_the_middle_keeps_nothing_of_the_transaction(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "i.csv", [INDICATIONS, indication(1)])

    def fail(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr("zorgdata.landing.batch.touch", fail)
    with pytest.raises(Exception, match="disk is full"):
        land(session, path)
    monkeypatch.undo()
    assert (count(session, "raw.indications"), count(session, "meta.file")) == (0, 0)
    assert [f.status for f in land(session, path).files] == ["loaded"]


def test_later_deliveries_change_the_state_that_models_look_at(session: Session, tmp_path: Path) -> None:
    def state() -> dict[str, str]:
        return dict(session.connection.execute("select table_name, version from meta.raw_state").fetchall())

    land(session, write_lines(tmp_path / "1.csv", [INDICATIONS, indication(1)]))
    first = state()
    land(session, tmp_path / "1.csv")
    assert state() == first
    land(session, write_lines(tmp_path / "2.csv", [INDICATIONS, indication(2)]))
    assert state()["indications"] != first["indications"]
    assert {k: v for k, v in state().items() if k != "indications"} == {
        k: v for k, v in first.items() if k != "indications"
    }


def test_unreadable_files_are_told(session: Session, tmp_path: Path) -> None:
    done = land(session, tmp_path / "none.csv")
    assert "no such file" in done.files[0].message
    path = write_lines(tmp_path / "closed.csv", [INDICATIONS, indication(1)])
    path.chmod(0)
    if os.geteuid() != 0:  # root reads everything
        assert land(session, path).files[0].status == "refused"


MUTATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("insert"),
            st.integers(0, 2000),
            st.sampled_from([b'"', b";", b"\n", b"\r", b"\0", b"\xe9"]),
        ),
        st.tuples(st.just("delete"), st.integers(0, 2000), st.integers(1, 40)),
        st.tuples(st.just("repeat"), st.integers(0, 2000), st.integers(1, 200)),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutations=MUTATIONS)
def test_whatever_is_in_a_file_its_records_add_up(
    session: Session, tmp_path: Path, mutations: list[object]
) -> None:
    lines = [INDICATIONS, *(indication(n, BSNS[n % len(BSNS)]) for n in range(12))]
    content = ("\n".join(lines) + "\n").encode()
    for what, where, how in mutations:  # type: ignore[misc]
        at = where % (len(content) + 1)
        if what == "insert":
            content = content[:at] + how + content[at:]
        elif what == "delete":
            content = content[:at] + content[at + how :]
        else:
            content = content[:at] + content[at : at + how] + content[at:]
    path = tmp_path / "mutated.csv"
    path.write_bytes(content)
    before = count(session, "raw.indications")
    result = land(session, path).files[0]
    assert result.status in {"loaded", "known", "refused"}
    if result.status == "loaded":
        assert result.read == result.accepted + result.quarantined + result.blank
        assert count(session, "raw.indications") - before == result.accepted
    else:
        assert count(session, "raw.indications") == before

"""A folder of thousands of small messages: nothing is lost, whatever is wrong with some of them."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from message_folder import small_messages, write_messages

from tests.support.workspaces import WHEN, count, land
from zorgdata.landing import Request, ingest
from zorgdata.linkage import KeyKeeper
from zorgdata.pipeline.session import Session, open_session
from zorgdata.workspace import Workspace, create_workspace

TABLES = ("raw.indications", "raw.message", "raw.linkage_key", "meta.file", "meta.quarantine")
SUMS = "select sum(records_read), sum(records_accepted), sum(records_quarantined), sum(records_blank)"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(create_workspace(tmp_path / "ws"), "test") as opened:
        yield opened


def rewritten(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts in a message."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def number_of(path: Path) -> str:
    """The first allocation number in a message."""
    return path.read_text(encoding="utf-8").partition("<jw301:ToewijzingNummer>")[2].partition("<")[0]


def test_thousands_of_messages_lose_nothing(session: Session, tmp_path: Path) -> None:
    """Planted: broken files, the same bytes twice, a wrong BSN, a product without a number, no product."""
    folder = tmp_path / "in"
    products = write_messages(folder, 2_000)
    files = sorted(folder.iterdir())
    lost = set()
    for at in (5, 6, 1_500):  # cut off half-way
        lost.add(number_of(files[at]))
        files[at].write_bytes(files[at].read_bytes()[:900])
    (folder / "JW301_leeg.xml").write_bytes(b"")
    (folder / "JW301_nogmaals.xml").write_bytes(files[100].read_bytes())
    (folder / "A_eerder.xml").write_bytes(files[101].read_bytes())
    lost.add(number_of(files[7]))
    rewritten(files[7], ("<jw301:Bsn>9", "<jw301:Bsn>8"))
    number = number_of(files[8])
    lost.add(number)
    rewritten(files[8], (f"<jw301:ToewijzingNummer>{number}</jw301:ToewijzingNummer>", ""))
    done = land(session, folder)

    assert Counter(f.status for f in done.files) == {"loaded": 1_997, "refused": 4, "known": 2}
    assert {f.path.name for f in done.with_status("known")} == {"JW301_nogmaals.xml", files[101].name}
    assert [f.path for f in done.files] == sorted(folder.iterdir())
    read, accepted, quarantined, blank = session.connection.execute(f"{SUMS} from meta.file").fetchone() or ()
    assert read == products - 3 == accepted + quarantined + blank
    assert (quarantined, blank) == (2, 0)
    assert session.connection.execute(
        "select q.column_name, q.reason_code, f.name from meta.quarantine as q join meta.file as f "
        "using (file_id) order by 3"
    ).fetchall() == [
        ("bsn", "invalid_identifier", files[7].name),
        ("toewijzingnummer", "required_missing", files[8].name),
    ]
    numbers = session.connection.execute("select allocation_number from raw.indications").fetchall()
    assert Counter(n for (n,) in numbers) == Counter({str(n) for n in range(1, products + 1)} - lost)
    assert count(session, "raw.message") == 1_997
    # Every record stands under the file and line it came from.
    lines = files[19].read_text(encoding="utf-8").splitlines()
    assert session.connection.execute("select distinct line from raw.indications order by 1").fetchall() == [
        (at,) for at, text in enumerate(lines, 1) if text == "<jw301:ToegewezenProduct>"
    ]
    names = dict(
        session.connection.execute(
            "select i.allocation_number, f.name from raw.indications as i join meta.file as f using (file_id)"
        ).fetchall()
    )
    assert names[number_of(files[1_999])] == files[1_999].name

    again = land(session, folder)
    assert Counter(f.status for f in again.files) == {"known": 1_999, "refused": 4}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_messages_add_up(session: Session, tmp_path: Path) -> None:
    products = write_messages(tmp_path / "in", 100_000)
    done = land(session, tmp_path / "in")
    assert len(done.with_status("loaded")) == 100_000
    row = session.connection.execute(f"{SUMS} from meta.file").fetchone()
    assert row == (products, products, 0, 0)
    assert session.connection.execute(
        "select count(*), count(distinct allocation_number) from raw.indications"
    ).fetchone() == (products, products)


def test_together_gives_what_one_by_one_gives(tmp_path: Path) -> None:
    """The same rows, ledger, quarantine and codes for linkage, but for the numbers of keys."""
    folder = tmp_path / "in"
    write_messages(folder, 25)
    files = sorted(folder.iterdir())
    files[3].write_bytes(b"<Bericht>")
    rewritten(files[4], ("<jw301:Bsn>9", "<jw301:Bsn>8"))
    rewritten(files[5], ("<ijw:Volume>", "<ijw:Volume>x"))
    tables: dict[str, list[object]] = {}
    for name in ("together", "apart"):
        workspace = create_workspace(tmp_path / name)
        (tmp_path / "together" / "keys").chmod(0o700)
        for key in (tmp_path / "together" / "keys").iterdir():
            (tmp_path / name / "keys" / key.name).write_bytes(key.read_bytes())
        with open_session(workspace, "test") as session:
            for group in [[folder]] if name == "together" else [[f] for f in files]:
                ingest(
                    session.connection,
                    group,
                    session.pseudonyms,
                    workspace.settings.ingest,
                    received_at=WHEN,
                    codes=KeyKeeper(session.connection, session.pseudonyms),
                )
            for table in TABLES:
                found = session.connection.execute(f"select * from {table} order by all").fetchall()
                assert tables.setdefault(table, found) == found, table
            state = session.connection.execute("select * from meta.raw_state order by all").fetchall()
            assert tables.setdefault("state", state) == state
    assert len(tables["raw.indications"]) == 23
    assert len(tables["raw.linkage_key"]) == 22  # one message has two products for one child


def test_a_wish_for_another_kind_refuses_each_message(session: Session, tmp_path: Path) -> None:
    write_messages(tmp_path / "in", 3)
    done = land(session, tmp_path / "in", request=Request(kind="deliveries"))
    assert [f.status for f in done.files] == ["refused"] * 3
    assert count(session, "raw.indications") == 0


KILLED = """
import importlib, os, signal, sys
from pathlib import Path
from unittest import mock
landing = importlib.import_module("zorgdata.landing.ingest")
import zorgdata.landing.batch as batch
from tests.support.workspaces import land
from zorgdata.pipeline.session import open_session
from zorgdata.workspace import find_workspace

workspace, folder, moment, at, commit = sys.argv[1:]
calls = 0

def die(*arguments):
    global calls
    calls += 1
    if calls == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments)

place = {"reading": (landing, "take_bundle"), "writing": (batch, "touch")}[moment]
original = getattr(*place)
with (
    mock.patch.object(landing, "_FILES_PER_COMMIT", int(commit)),
    mock.patch.object(landing, "_FILES_PER_GROUP", int(commit) // 2),
    mock.patch.object(*place, die),
    open_session(find_workspace(Path(workspace)), "test") as session,
):
    land(session, Path(folder))
"""


@pytest.mark.parametrize(
    ("moment", "at", "messages", "survived"),
    [("reading", 6, 2_000, 1_000), ("writing", 3, 400, 100)],
    ids=["while the third thousand is read", "while a transaction is written"],
)
def test_killed_in_the_middle_it_goes_on_where_it_was(
    tmp_path: Path, moment: str, at: int, messages: int, survived: int
) -> None:
    """Whole transactions survive; another run brings in the rest, each message once."""
    workspace: Workspace = create_workspace(tmp_path / "ws")
    products = write_messages(tmp_path / "in", messages)
    arguments = [workspace.root, tmp_path / "in", moment, at, messages // 4]
    process = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    with open_session(workspace, "test") as session:
        assert count(session, "meta.file") == survived
        assert count(session, "raw.indications") == survived + survived // 20
        done = land(session, tmp_path / "in")
        assert Counter(f.status for f in done.files) == {"known": survived, "loaded": messages - survived}
        row = session.connection.execute(f"{SUMS} from meta.file").fetchone()
        assert row == (products, products, 0, 0)
        assert session.connection.execute(
            "select count(*), count(distinct allocation_number) from raw.indications"
        ).fetchone() == (products, products)


def test_messages_are_made_the_same_every_time() -> None:
    assert list(small_messages(3)) == list(small_messages(3))

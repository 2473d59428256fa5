"""Every sample file, damaged at random, through the whole landing: told or taken, and it always adds up.

A round damages each file of ``sample_data`` once and lands them together. The number of a round is its
seed, so that a failure can be played again:

    pytest -m slow tests/property/test_landing_fuzz.py                      # 60 rounds
    ZORGDATA_FUZZ=100-400 pytest -m slow tests/property/test_landing_fuzz.py   # these rounds
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.support.workspaces import count, land
from zorgdata.assets import asset
from zorgdata.landing import Request
from zorgdata.pipeline.session import Session, open_session
from zorgdata.sources.kinds import KINDS
from zorgdata.workspace import create_workspace

FOLDER = asset("sample_data")
SAMPLES = sorted(path for path in FOLDER.glob("*/*") if path.is_file() and path.name != "manifest.toml")
TOKENS = (
    *(b'"', b'""', b"'", b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b"\xff", b"\xe9"),
    *(b"31-02-2024", b"00000000", b"9" * 40, b"-1", b"1e400", b"NaN", b"=1+1", b"Totaal", b"\xef\xbb\xbf"),
    *("٣".encode(), "\u202e".encode(), "é".encode("utf-16-le")),
    *(b"]]>", b"<", b"&x;", b"<!DOCTYPE x>", b"PK\x03\x04"),
)  # fmt: skip
IDENTIFYING = ("626018158", "183016610", "9999400", "9999000")  # of the children in the samples


def damaged(content: bytes, random: Random, others: list[bytes]) -> bytes:
    """The content after one to six accidents."""
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content) + 1)
        span = content[at : at + random.choice((1, 2, 8, 60, 400))]
        match random.randrange(8):
            case 0 | 1 | 2:
                content = content[:at] + random.choice(TOKENS) + content[at + random.choice((0, 0, 1, 5)) :]
            case 3:
                content = content[:at] + content[at + len(span) :]
            case 4:
                content = content[:at] + span * random.choice((2, 3, 50)) + content[at + len(span) :]
            case 5:
                content = content[:at]
            case 6:
                other = random.choice(others)
                content = content[:at] + other[random.randrange(len(other) + 1) :][:2_000] + content[at:]
            case _:
                lines = content.splitlines(keepends=True)
                random.shuffle(lines)
                content = b"".join(lines) if random.random() < 0.3 else content
    return content


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with open_session(create_workspace(tmp_path_factory.mktemp("fuzz") / "ws"), "test") as opened:
        yield opened


def play(session: Session, folder: Path, number: int, names: tuple[str, ...]) -> None:
    """One round; what it lands must add up in the results, in the ledger and in the raw tables."""
    random = Random(number)
    contents = [path.read_bytes() for path in SAMPLES]
    for path, content in zip(SAMPLES, contents, strict=True):
        if path.suffix in names:
            (folder / f"{path.parent.name}_{path.name}").write_bytes(damaged(content, random, contents))
    kinds = [f"raw.{kind}" for kind in KINDS]
    before = sum(count(session, table) for table in kinds)
    files = land(session, folder, request=Request(profiles=FOLDER / "unknown" / "profiles")).files
    assert len(files) == len(list(folder.iterdir()))
    for file in files:
        told = (
            f"{file.message} {file.hint} {' '.join(file.notes)} {' '.join(r['reason'] for r in file.rejects)}"
        )
        assert file.status in {"loaded", "known", "refused"}
        assert (file.status == "refused") == bool(file.message and file.hint) or file.status == "known"
        assert file.read == file.accepted + file.quarantined + file.blank
        assert len(file.rejects) == file.quarantined
        assert all(reject["reason"] for reject in file.rejects)
        assert not any(value in told for value in IDENTIFYING), (number, file.path.name)
    accepted = sum(file.accepted for file in files)
    assert sum(count(session, table) for table in kinds) - before == accepted
    assert session.connection.execute(
        "select count(*) from meta.file where status = 'loaded' "
        "and records_read <> records_accepted + records_quarantined + records_blank"
    ).fetchone() == (0,)


@pytest.mark.parametrize("number", [1, 2])
def test_damaged_samples_are_told_or_taken(session: Session, tmp_path: Path, number: int) -> None:
    play(session, tmp_path, number, (".csv", ".xml"))


def test_damaged_workbooks_are_told_or_taken(session: Session, tmp_path: Path) -> None:
    play(session, tmp_path, 3, (".xlsx", ".xls", ".ods", ".zip"))


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_damaged_samples_over_and_over(session: Session, tmp_path: Path) -> None:
    first, _, last = os.environ.get("ZORGDATA_FUZZ", "10-70").partition("-")
    for number in range(int(first), int(last or first) + (not last)):
        folder = tmp_path / str(number)
        folder.mkdir()
        names = (".csv", ".xml") if number % 10 else (".csv", ".xml", ".xlsx", ".xls", ".ods", ".zip")
        play(session, folder, number, names)
        for path in folder.iterdir():
            path.unlink()

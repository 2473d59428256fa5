"""Erasure of children, over everything the workspace holds.

What was removed is recorded as counts; a record with the persons in it would undo the erasure.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from zorgdata.errors import SourceError, UsageError
from zorgdata.landing.schema import touch
from zorgdata.linkage import prune_keys, same_persons
from zorgdata.pipeline.archive import SUFFIX, rewrite_sealed, sealed_content
from zorgdata.pipeline.beside import write_beside
from zorgdata.pipeline.journal import Tick, now
from zorgdata.pipeline.session import Session, open_session
from zorgdata.pipeline.steps import build_models
from zorgdata.pipeline.team import share_with_team
from zorgdata.pseudonym.keyed import normal_bsn
from zorgdata.sources.kinds import KINDS
from zorgdata.store import transaction
from zorgdata.store.rewrite import ask_rewrite
from zorgdata.workspace import Workspace

_NUMBER = re.compile(rb"(?<!\d)0?\d{8,9}(?!\d)")
_TEXT = {".csv", ".txt", ".tsv"}


@dataclass
class Erasure:
    """How much was removed, per place; never who."""

    children: int = 0
    records: dict[str, int] = field(default_factory=dict)
    lines_blanked: int = 0
    files_removed: list[str] = field(default_factory=list)

    @property
    def found(self) -> bool:
        """Whether there was anything to remove."""
        return bool(self.records or self.lines_blanked or self.files_removed)

    def __str__(self) -> str:
        rows = sum(self.records.values())
        return (
            f"{self.children} number(s): {rows} records removed from the database, "
            f"{self.lines_blanked} lines blanked in delivered files, "
            f"{len(self.files_removed)} delivered file(s) removed whole."
        )


def forget(workspace: Workspace, bsn_file: Path, on_progress: Tick | None = None) -> Erasure:
    """Remove the children whose BSNs are in ``bsn_file`` (one a line) everywhere, and rebuild.

    Text files keep their other lines and their line numbers: the lines of the child are blanked. Other files
    (workbooks, messages) that hold one of the numbers are removed whole; their other records stay loaded.
    """
    numbers = _numbers(bsn_file)
    done = Erasure(children=len(numbers))
    with open_session(workspace, "forget") as session:
        import pyarrow as pa

        children = session.pseudonyms.children(pa.array(sorted(numbers))).to_pylist()
        with transaction(session.connection):
            _delete_children(session.connection, sorted(same_persons(session.connection, children)), done)
            prune_keys(session.connection)
            _record(session.connection, "forget", done)
        for folder in (workspace.inbox, workspace.archive):
            _clean_folder(session, folder, numbers, done)
        build_models(session, "", False, on_progress or (lambda done, total, item: None))
        share_with_team(session, forget_earlier=True)
    return done


def _numbers(bsn_file: Path) -> set[str]:
    try:
        lines = bsn_file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SourceError(f"{bsn_file}: {error.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(
            f"{bsn_file} is no text in UTF-8.", "Save it as plain text, one BSN a line."
        ) from None
    numbers = set()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or (number == 1 and text.lower() == "bsn"):
            continue
        digits = normal_bsn(text)
        if digits is None:
            raise UsageError(
                f"{bsn_file}, line {number}: this is no BSN.", "One BSN a line; nothing was removed."
            )
        numbers.add(digits)
    if not numbers:
        raise UsageError(f"{bsn_file} holds no number.", "One BSN a line.")
    return numbers


def _delete_children(connection: duckdb.DuckDBPyConnection, children: list[str], done: Erasure) -> None:
    for kind in KINDS.values():
        if "child_id" not in dict(kind.stored_columns):
            continue
        removed = _delete(connection, f"raw.{kind.name}", "child_id in (select unnest(?))", [children])
        if removed:
            done.records[f"raw.{kind.name}"] = removed
            touch(connection, kind.name, f"forget {removed}")


def _delete(connection: duckdb.DuckDBPyConnection, table: str, where: str, values: list[object]) -> int:
    row = connection.execute(f"delete from {table} where {where}", values).fetchone()
    return int(row[0]) if row else 0


def _record(connection: duckdb.DuckDBPyConnection, what: str, done: Erasure) -> None:
    connection.execute(
        "insert into meta.erasure values (?, ?, ?, ?)",
        [now(), what, sum(done.records.values()), done.children],
    )
    # Also when nothing was found: an erasure that was killed is finished by asking for it again.
    ask_rewrite(connection)


def _clean_folder(session: Session, folder: Path, numbers: set[str], done: Erasure) -> None:
    wanted = {n.encode() for n in numbers} | {n.lstrip("0").encode() for n in numbers}
    for path in _files(folder):
        sealed = path.suffix == SUFFIX
        content = sealed_content(session.workspace, path) if sealed else path.read_bytes()
        if not _holds(content, wanted):
            continue
        name = path.with_suffix("") if sealed else path
        if name.suffix.lower() not in _TEXT:
            path.unlink()
            done.files_removed.append(path.name)
            continue
        blanked, count = _blank(content, wanted)
        done.lines_blanked += count
        if sealed:
            rewrite_sealed(session.workspace, path, blanked)
        else:
            write_beside(path, blanked)
        _rename_in_ledger(session, content, blanked, None if sealed else path)


def _holds(content: bytes, wanted: set[bytes]) -> bool:
    plain = content.replace(b"\0", b"")  # UTF-16 puts a zero byte beside every digit
    return any(match in wanted for match in _NUMBER.findall(plain))


def _blank(content: bytes, wanted: set[bytes]) -> tuple[bytes, int]:
    """The content with the physical lines that hold a wanted number emptied."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            lines, count = _blank(content[2:].decode(codec).encode(), wanted)
            return mark + lines.decode().encode(codec), count
    count = 0
    lines_ = content.splitlines(keepends=True)
    for index, line in enumerate(lines_):
        if _holds(line, wanted):
            lines_[index] = line[len(line.rstrip(b"\r\n")) :]
            count += 1
    return b"".join(lines_), count


def _rename_in_ledger(session: Session, old: bytes, new: bytes, path: Path | None) -> None:
    """Let the ledger know the cleaned file under its new hash: it is no new delivery."""
    before, after = (hashlib.sha256(content).hexdigest() for content in (old, new))
    with transaction(session.connection):
        session.connection.execute("update meta.file set sha256 = ? where sha256 = ?", [after, before])
        if path is not None:
            status = path.stat()
            session.connection.execute(
                "insert or replace into meta.file_seen values (?, ?, ?, ?)",
                [str(path.absolute()), status.st_size, status.st_mtime_ns, after],
            )


def _files(folder: Path) -> Iterable[Path]:
    return (
        sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()) if folder.is_dir() else []
    )

"""The file ledger: which bytes came in, when, and what became of every record."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from zorgdata.errors import SourceError
from zorgdata.sources import is_message
from zorgdata.sources.xml import SMALL

_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True)
class Original:
    """A delivered file as it is on disk: its bytes' hash, size and time of change.

    ``content`` is that of a small iJw message, which is read once for the hash and the records.
    """

    path: Path
    sha256: str
    size: int
    modified_ns: int
    content: bytes = field(default=b"", repr=False, compare=False)

    def unchanged(self) -> bool:
        """Whether the file still is what was hashed (nobody wrote to it meanwhile)."""
        try:
            now = self.path.stat(follow_symlinks=False)
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.modified_ns)

    def refuse_growing(self) -> None:
        """SourceError when somebody wrote to the file since it was hashed."""
        if not self.unchanged():
            raise SourceError(
                f"{self.path}: changed while it was read.",
                "Deliver again when it is complete; nothing was stored.",
            )


class Ledger:
    """What is known of files, read once per run: a folder may hold a hundred thousand messages."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, max_mb: int) -> None:
        self._max_mb = max_mb
        self._seen: dict[str, tuple[int, int, str]] = {
            path: (size, modified, sha)
            for path, size, modified, sha in connection.execute(
                "select path, bytes, modified_ns, sha256 from meta.file_seen"
            ).fetchall()
        }
        self._loaded: dict[str, int] = dict(
            connection.execute("select sha256, file_id from meta.file where status = 'loaded'").fetchall()
        )
        highest = connection.execute("select coalesce(max(file_id), 0) from meta.file").fetchone()
        self._last_id: int = highest[0] if highest else 0

    def inspect(self, path: Path) -> Original:
        """Hash a file, or take the hash from the last time when size and time of change are the same."""
        try:
            status = path.stat(follow_symlinks=False)
        except FileNotFoundError:
            raise SourceError(f"{path}: no such file.", "Check the path and the spelling.") from None
        except OSError as error:
            raise SourceError(f"{path}: {error.strerror}.", "Check the rights of the file.") from None
        if stat.S_ISLNK(status.st_mode):
            raise SourceError(f"{path}: a symbolic link is not followed.", "Deliver the file itself.")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{path}: not a regular file.", "Deliver a file or a folder of files.")
        if status.st_size > self._max_mb * 1_000_000:
            raise SourceError(
                f"{path}: {status.st_size / 1e6:,.0f} MB is more than [ingest] max_file_mb = {self._max_mb}.",
                "Raise the limit in zorgdata.toml when the file is meant to be this large.",
            )
        size, modified, sha = self._seen.get(str(path.absolute()), (-1, -1, ""))
        content = b""
        if (size, modified) != (status.st_size, status.st_mtime_ns):
            sha, content = _hashed(path, status.st_size)
        return Original(path, sha, status.st_size, status.st_mtime_ns, content)

    def file_id(self, sha256: str) -> int | None:
        """The number under which these bytes were loaded before, if they were."""
        return self._loaded.get(sha256)

    def remembers(self, original: Original) -> bool:
        """Whether path, size and time of change are on record already."""
        entry = self._seen.get(str(original.path.absolute()))
        return entry == (original.size, original.modified_ns, original.sha256)

    def new_id(self) -> int:
        """The next file number; numbers follow the order of arrival."""
        self._last_id += 1
        return self._last_id

    def add(self, original: Original, file_id: int) -> None:
        """Note a file as loaded for the rest of this run."""
        self._loaded[original.sha256] = file_id


def list_files(paths: list[Path]) -> list[Path]:
    """The files under ``paths`` in name order; hidden and temporary names are left out.

    The order decides which of two deliveries is the newer one, so it does not depend on the file system.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            found += sorted(map(Path, _inside(str(path))), key=lambda p: p.parts)
        else:
            found.append(path)
    return found


def _inside(folder: str) -> Iterator[str]:
    """Everything in a folder that is no folder; of a link only itself."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~$")):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _inside(entry.path)
            elif not entry.name.endswith(_UNFINISHED):
                yield entry.path


def _hashed(path: Path, size: int) -> tuple[str, bytes]:
    """The hash of a file, and its content when it is a small message."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            if size > SMALL:
                return hashlib.file_digest(file, "sha256").hexdigest(), b""
            content = file.read()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}.", "Check the rights of the file.") from None
    return hashlib.sha256(content).hexdigest(), content if is_message(content) else b""

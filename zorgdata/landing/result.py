"""What a user asks of the landing, and what became of every file."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zorgdata.errors import SourceError
from zorgdata.sources.reasons import NOT_MEANT_TO_COME_IN
from zorgdata.sources.records import Message


@dataclass(frozen=True)
class FileResult:
    """What became of one file. ``status`` is loaded, known (same bytes came in before) or refused."""

    path: Path
    status: str
    kind: str = ""
    profile: str = ""
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    blank: int = 0
    message: str = ""
    hint: str = ""
    encoding: str = ""
    separator: str = ""
    header: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rejects: tuple[dict[str, Any], ...] = ()
    municipality_code: str | None = None
    kinds: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """Records set aside as meant: totals, and what the profile's filter leaves out."""
        return sum(reject["reason_code"] in NOT_MEANT_TO_COME_IN for reject in self.rejects)

    @property
    def faulty(self) -> int:
        """Records set aside that count for the limit.

        Those left out as meant do not count, unless nothing at all came in: a filter that lets no record
        through is a mistake.
        """
        return self.quarantined - (self.left_out if self.accepted else 0)

    @property
    def quarantine_share(self) -> float:
        """Faulty records / (accepted + faulty); 0 without records."""
        counted = self.accepted + self.faulty
        return self.faulty / counted if counted else 0.0


def refused(path: Path, error: SourceError) -> FileResult:
    """The result of a file that cannot be read."""
    return FileResult(path, "refused", message=error.message, hint=error.hint)


def municipality_of(message: Message | None) -> str | None:
    """The municipality on one end of a message; None when it names none."""
    code = message.municipality_code.zfill(4) if message else ""
    return code if re.fullmatch(r"\d{4}", code) else None


@dataclass(frozen=True)
class Request:
    """What the user says about the files; empty means: recognise it.

    ``replay_of``: read one file again in the place of this ledger entry, keeping its number and thereby
    its place in the order of deliveries.
    """

    kind: str | None = None
    profile: str | None = None
    municipality: str | None = None
    profiles: Path | None = None
    dry_run: bool = False
    replay_of: int | None = None
    sheet: str | None = None


@dataclass
class Ingestion:
    """The files of one call, in order."""

    files: list[FileResult] = field(default_factory=list)

    def with_status(self, status: str) -> list[FileResult]:
        """The files that ended as ``status``."""
        return [f for f in self.files if f.status == status]

    def over(self, max_share: float) -> list[FileResult]:
        """Loaded files with a larger share set aside than allowed."""
        return [f for f in self.with_status("loaded") if f.quarantine_share > max_share]

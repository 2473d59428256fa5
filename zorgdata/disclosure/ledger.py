"""What earlier releases told: no true values, only what every reader already has.

What was hidden for a period stays hidden for it. A published number is repeated until the truth has moved by
at least T, so that a small correction is not read off as a difference. A period is published in one
classification: its units keep the schools they were first published with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zorgdata.disclosure.frame import NOT_DELIVERED, Connection, Frame
from zorgdata.disclosure.primary import HIDDEN
from zorgdata.disclosure.rules import Codes, Reason

Key = tuple[str, str, str, str, str, str]
"""Metric, level, unit, time, dimension, dimension value."""


@dataclass(frozen=True)
class Entry:
    """The latest published word on a cell, and whether it was ever hidden."""

    value: float | None
    display: str
    status: str
    members: str
    ever_hidden: bool


@dataclass
class Ledger:
    """Entries by cell. An empty ledger is a first release."""

    entries: Mapping[Key, Entry] = field(default_factory=dict)

    def entry(self, frame: Frame, row: int) -> Entry | None:
        """The entry of a frame row, if it was published before."""
        return self.entries.get(key_of(frame, row))

    def stick(self, frame: Frame, reason: Codes) -> None:
        """Hides in place what was hidden in an earlier release of the same period."""
        if not self.entries:
            return
        for row in range(len(frame)):
            entry = self.entry(frame, row)
            undelivered = frame.status[row] == NOT_DELIVERED
            if entry and entry.ever_hidden and reason[row] not in HIDDEN and not undelivered:
                reason[row] = Reason.STICKY


def key_of(frame: Frame, row: int) -> Key:
    """The ledger's key of a frame row."""
    metric, time, dimension, item = frame.table(row)
    return metric, frame.level[row], frame.unit[row], time, dimension, item


def load(connection: Connection, audience: str) -> Ledger:
    """The ledger of an audience; empty when nothing was released yet."""
    if not _exists(connection):
        return Ledger()
    rows = connection.execute(
        "select metric, level, unit_id, time, dimension, dimension_value, value, display, status, members, "
        "ever_hidden from disclosure.release_cell where audience = ?",
        [audience],
    ).fetchall()
    return Ledger({tuple(r[:6]): Entry(*r[6:]) for r in rows})


def _exists(connection: Connection) -> bool:
    found = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'disclosure' and table_name = 'release_cell'"
    ).fetchone()
    return bool(found[0])

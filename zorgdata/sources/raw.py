"""Records as a reader found them: text columns with their lines, before any value is interpreted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zorgdata.sources.reasons import NoteCode, Reason

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BadLine:
    """Lines that gave no record, and why. ``column`` is the key of the column at fault, if one is."""

    first: int
    last: int
    reason: Reason
    column: str = ""


@dataclass
class Raw:
    """Records of one stretch of a file.

    ``columns`` are text arrays (plain or dictionary-encoded) of equal length under the keys the caller
    asked for; ``read == records + len(bad) + blank``.
    """

    columns: Mapping[str, pa.Array]
    line_first: Lines
    line_last: Lines
    bad: list[BadLine] = field(default_factory=list)
    blank: int = 0
    notes: dict[NoteCode, list[int]] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """How many records there are."""
        return len(self.line_first)

    @property
    def read(self) -> int:
        """How many records were met, usable or not."""
        return self.records + len(self.bad) + self.blank

    def note(self, code: NoteCode, lines: list[int]) -> None:
        """Note something on these lines."""
        if lines:
            self.notes.setdefault(code, []).extend(lines)

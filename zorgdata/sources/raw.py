"""Records as a reader found them: text columns with their lines, before any value is interpreted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zorgdata.sources.reasons import NoteCode, Reason

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BadLine:
    """Lines that gave no record, and why.

    ``column`` is the key of the column at fault, if one is; ``cell`` its place in a worksheet, as ``F12``.
    """

    first: int
    last: int
    reason: Reason
    column: str = ""
    cell: str = ""


@dataclass
class Raw:
    """Records of one stretch of a file.

    ``columns`` are text arrays (plain or dictionary-encoded) of equal length under the keys the caller
    asked for; ``read == records + len(bad) + blank``. ``is_total`` tells of the record on a line, also from
    cells that nobody asked for, whether it is a row of totals.
    """

    columns: Mapping[str, pa.Array]
    line_first: Lines
    line_last: Lines
    bad: list[BadLine] = field(default_factory=list)
    blank: int = 0
    notes: dict[NoteCode, list[int]] = field(default_factory=dict)
    is_total: Callable[[int], bool] = field(default=lambda _: False, repr=False)

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

"""Typed values of distinct texts, and how they spread over a column.

Dates, codes and numbers repeat endlessly, so every text is interpreted once per chunk: vectorised where
it has the common form, one by one in Python where it has not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources.reasons import NoteCode, Reason

Mask = npt.NDArray[np.bool_]
REASONS: tuple[Reason, ...] = tuple(Reason)
REASON_NUMBER = {reason: i + 1 for i, reason in enumerate(REASONS)}  # 0 is no reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one text means: a value (None is unknown), or a reason why it means nothing; a note on how."""

    value: Any = None
    reason: Reason | None = None
    note: NoteCode | None = None


@dataclass
class Typed:
    """Values of equal length as the texts; ``reasons`` holds numbers into ``REASONS`` (0: fine)."""

    values: pa.Array
    reasons: npt.NDArray[np.uint8] | None = None
    notes: dict[NoteCode, Mask] = field(default_factory=dict)

    def spread(self, indices: pa.Array) -> "Typed":
        """The same for a column that holds these texts at ``indices`` (null: no text)."""
        values = self.values.take(indices)
        if self.reasons is None and not self.notes:
            return Typed(values)
        known = indices.is_valid().to_numpy(zero_copy_only=False)
        at = indices.fill_null(0).to_numpy()
        reasons = None
        if self.reasons is not None:
            reasons = np.where(known, self.reasons[at], 0).astype(np.uint8)
        return Typed(values, reasons, {note: mask[at] & known for note, mask in self.notes.items()})


def matching(texts: pa.Array, pattern: str) -> Mask:
    """Which texts match a regular expression."""
    return np.asarray(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False), bool)


def complete(
    texts: pa.Array, values: pa.Array, todo: Mask, parse: Callable[[str], Parsed], type_: pa.DataType
) -> Typed:
    """``values`` with the texts in ``todo`` parsed one by one."""
    positions = np.flatnonzero(todo)
    if not len(positions):
        return Typed(values)
    parsed = [parse(text) for text in texts.take(pa.array(positions)).to_pylist()]
    values = pc.replace_with_mask(values, pa.array(todo), pa.array([p.value for p in parsed], type_))
    reasons = None
    if any(p.reason for p in parsed):
        reasons = np.zeros(len(texts), np.uint8)
        reasons[positions] = [REASON_NUMBER[p.reason] if p.reason else 0 for p in parsed]
    notes: dict[NoteCode, Mask] = {}
    for position, p in zip(positions, parsed, strict=True):
        if p.note:
            notes.setdefault(p.note, np.zeros(len(texts), bool))[position] = True
    return Typed(values, reasons, notes)

"""What of a chunk may be stored: pseudonyms in the place of persons, records set aside without a value."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.pseudonym import Pseudonymiser, replace_identity
from zorgdata.sources.kinds import KINDS, Type
from zorgdata.sources.reasons import FieldClass, Reason
from zorgdata.sources.records import Chunk, Reject


@dataclass(frozen=True)
class Storable:
    """A chunk without identifying values.

    ``records`` are those that may be stored, ``kept`` says which of the chunk's they are. ``refused`` are the
    others, those whose child cannot be told, each with its place in the chunk. ``children`` are the
    pseudonyms of all records of the chunk; None for a kind that is not about children.
    """

    records: pa.Table
    kept: npt.NDArray[np.bool_]
    refused: list[tuple[int, dict[str, Any]]]
    children: pa.ChunkedArray | None


def storable(chunk: Chunk, pseudonyms: Pseudonymiser) -> Storable:
    """Replace the identifying values of a chunk."""
    kind = KINDS[chunk.kind]
    bsn = next((c for c in kind.columns if c.type is Type.BSN), None)
    needs_child = bsn is not None and (bsn.required or any("bsn" in group for group in kind.alternatives))
    replaced = replace_identity(chunk.records, pseudonyms, needs_child=needs_child)
    dropped = np.asarray(pc.or_(replaced.bad_number, replaced.nobody))
    refused = [
        *_refusals(chunk.records, replaced.bad_number, Reason.INVALID_IDENTIFIER),
        *_refusals(chunk.records, replaced.nobody, Reason.REQUIRED_MISSING),
    ]
    children = replaced.records["child_id"] if needs_child else None
    records = replaced.records.filter(pa.array(~dropped)) if refused else replaced.records
    return Storable(records, ~dropped, refused, children)


def _refusals(records: pa.Table, mask: pa.Array, reason: Reason) -> list[tuple[int, dict[str, Any]]]:
    where = np.flatnonzero(np.asarray(mask))
    if not len(where):
        return []
    rows = records.select(["line_first", "line_last"]).take(pa.array(where)).to_pylist()
    refusal = {
        "column_name": "bsn",
        "reason_code": str(reason),
        "reason": reason.explain("bsn"),
        "field_class": str(FieldClass.IDENTIFYING),
    }
    return [(place, {**row, **refusal}) for place, row in zip(where.tolist(), rows, strict=True)]


def set_aside(reject: Reject) -> dict[str, Any]:
    """A reader's reject as a row of the quarantine, without its file."""
    return {
        "line_first": reject.line_first,
        "line_last": reject.line_last,
        "column_name": reject.column_name,
        "reason_code": str(reject.reason_code),
        "reason": reject.reason,
        "field_class": str(reject.field_class),
    }

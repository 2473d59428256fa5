"""A delimited text file as a delivery."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.sources.assemble import EXTRA, Plan, assemble
from zorgdata.sources.convert import Style, repetitive, texts_of
from zorgdata.sources.csv_file import CsvFile
from zorgdata.sources.derive import FUNCTIONS
from zorgdata.sources.extras import harmless, may_hold_records, suspicious
from zorgdata.sources.headers import Mapped
from zorgdata.sources.kinds import Type
from zorgdata.sources.profiles import Profile, stylable
from zorgdata.sources.raw import Raw
from zorgdata.sources.reasons import NoteCode
from zorgdata.sources.records import Chunk, Delivery, Notebook

_SAMPLE_RECORDS = 10_000
RawSource = Callable[[dict[str, int]], Iterator[Raw]]


def plan_for(mapped: Mapped, extra: tuple[str, ...], comma: bool | None, municipality: str | None) -> Plan:
    """How the columns become those of the kind; the profile's own style wins over what was seen."""
    profile = mapped.profile
    style = profile.style if profile.style.comma is not None else _with_comma(profile.style, comma)
    headers = mapped.header_of()
    if profile.wide:
        headers[profile.wide.value] = profile.wide.prefix
    return Plan(
        kind=mapped.kind,
        headers=headers,
        constants=profile.constants,
        values=profile.values,
        styles=dict.fromkeys(stylable(mapped.kind), style),
        filters={name: allowed for name, allowed in profile.filters.items() if name in mapped.columns},
        extra=extra,
        municipality=municipality,
    )


def _with_comma(style: Style, comma: bool | None) -> Style:
    return Style(style.date_order, comma, style.euros)


def keys_of(mapped: Mapped, extra: tuple[str, ...]) -> dict[str, int]:
    """The columns to read and their places: by name, by ``+header``, and what derivations need."""
    keys = dict(mapped.columns)
    keys |= {f"~{i}": i for places in mapped.derived.values() for i in places}
    keys |= {f"#{label}": i for i, label in mapped.wide}
    keys |= {EXTRA + header: i for i, header in mapped.unknown if header in extra}
    return keys


def reshape(raw: Raw, mapped: Mapped) -> Raw:
    """Derived columns added, and columns per year turned into records."""
    columns = dict(raw.columns)
    for name, places in mapped.derived.items():
        function, _ = mapped.profile.derive[name]
        columns[name] = FUNCTIONS[function]([columns[f"~{i}"] for i in places])
    columns = {key: column for key, column in columns.items() if not key.startswith("~")}
    raw = replace(raw, columns=columns)
    return _long(raw, mapped.profile, mapped.wide) if mapped.wide else raw


def _long(raw: Raw, profile: Profile, wide: tuple[tuple[int, str], ...]) -> Raw:
    """One record per wide column: its label as one value, its cell as another; blank cells are counted."""
    assert profile.wide is not None
    times, records = len(wide), raw.records
    again = pa.array(np.repeat(np.arange(records), times))
    columns = {key: column.take(again) for key, column in raw.columns.items() if not key.startswith("#")}
    labels = pa.array([label for _, label in wide], pa.string())
    which = np.tile(np.arange(times, dtype=np.int32), records)
    columns[profile.wide.name] = pa.DictionaryArray.from_arrays(pa.array(which), labels)
    cells = pa.concat_arrays([raw.columns[f"#{label}"].cast(pa.string()) for _, label in wide])
    columns[profile.wide.value] = cells.take(pa.array(which.astype(np.int64) * records + again.to_numpy()))
    first, last = raw.line_first.repeat(times), raw.line_last.repeat(times)
    filled = texts_of(columns[profile.wide.value]).is_valid()
    keep = filled.to_numpy(zero_copy_only=False)
    if keep.all():
        return replace(raw, columns=columns, line_first=first, line_last=last)
    columns = {key: column.filter(filled) for key, column in columns.items()}
    blank = raw.blank + int((~keep).sum())
    return replace(raw, columns=columns, line_first=first[keep], line_last=last[keep], blank=blank)


def kept_columns(mapped: Mapped, source: RawSource) -> tuple[str, ...]:
    """Unknown headers that may travel along; reads the file once more when there is any doubt."""
    if not mapped.profile.keep_unknown or may_hold_records(mapped.cells):
        return ()
    candidates = {header: i for i, header in mapped.unknown if not suspicious(header)}
    return tuple(harmless(source(candidates), list(candidates))) if candidates else ()


def uses_comma(raw: Raw, mapped: Mapped) -> bool | None:
    """Whether the numbers of the first records show a decimal comma."""
    for column in mapped.kind.columns:
        if column.type is Type.DECIMAL and column.name in raw.columns:
            texts = texts_of(raw.columns[column.name])[:_SAMPLE_RECORDS].cast(pa.string())
            if any(
                "," in text and "." not in text.partition(",")[2] for text in texts.drop_null().to_pylist()
            ):
                return True
    return None


def deliver(file: CsvFile, mapped: Mapped, municipality: str | None = None) -> Delivery:
    """A recognised text file as a delivery."""
    words = repetitive(mapped.kind)
    return build(
        file.path,
        mapped,
        partial(file.raws, repetitive=words),
        municipality=municipality,
        encoding=file.encoding.removesuffix("-sig"),
        separator=file.separator,
        before=lambda notebook: notebook.add(NoteCode.TITLE_ROWS, "", file.titles),
    )


def build(
    path: Path,
    mapped: Mapped,
    source: RawSource,
    *,
    municipality: str | None,
    encoding: str,
    separator: str,
    before: Callable[[Notebook], None] = lambda _: None,
) -> Delivery:
    """A delivery of any source of text records whose columns are mapped."""
    extra = kept_columns(mapped, source)
    doubtful = may_hold_records(mapped.cells)
    dropped = tuple(str(i + 1) if doubtful else header for i, header in mapped.unknown if header not in extra)
    twice = () if doubtful else mapped.twice

    def chunks(notebook: Notebook) -> Iterator[Chunk]:
        before(notebook)
        if mapped.profile.keep_unknown:
            for header in extra:
                notebook.add(NoteCode.COLUMN_KEPT, header)
            for header in dropped:
                notebook.add(NoteCode.COLUMN_DROPPED, header)
        for header in twice:
            notebook.add(NoteCode.COLUMN_TWICE, header)
        plan: Plan | None = None
        for raw in source(keys_of(mapped, extra)):
            long = reshape(raw, mapped)
            comma = uses_comma(long, mapped) if separator else None  # a workbook writes its numbers itself
            plan = plan or plan_for(mapped, extra, comma, municipality)
            yield assemble(long, plan, notebook)

    return Delivery(
        path=path,
        kind=mapped.kind.name,
        profile=mapped.profile.name,
        encoding=encoding,
        separator=separator,
        header={mapped.cells[i].strip(): name for name, i in mapped.columns.items()},
        kept=extra,
        dropped=(*dropped, *twice),
        source=chunks,
    )

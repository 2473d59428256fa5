"""Text columns into a chunk of typed records and rejects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.errors import SourceError
from zorgdata.sources.codes import join_school, parse_school
from zorgdata.sources.convert import Style, convert, present, texts_of
from zorgdata.sources.distinct import REASON_NUMBER, REASONS, Mask, Parsed, Typed, complete
from zorgdata.sources.kinds import Column, Kind, Type
from zorgdata.sources.profiles import header_key
from zorgdata.sources.raw import Raw
from zorgdata.sources.reasons import FieldClass, NoteCode, Reason, field_class
from zorgdata.sources.records import Chunk, Notebook, Reject, record_schema

EXTRA = "+"  # prefix of the key of an unknown column that is kept


@dataclass(frozen=True)
class Plan:
    """How the columns of a file become those of its kind.

    ``headers`` gives the delivered header of a column name, for messages. ``constants`` fill what is not
    delivered; ``values`` translate texts (lower case) before they are interpreted; ``filters`` name the
    texts (lower case) a record may have to belong here. ``extra`` are unknown headers that are kept.
    """

    kind: Kind
    headers: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    municipality: str | None = None


class _Verdict:
    """The first thing wrong with each record: a reason and a column."""

    def __init__(self, records: int) -> None:
        self.reason: npt.NDArray[np.uint8] = np.zeros(records, np.uint8)
        self.column = np.zeros(records, np.int16)
        self.columns: list[Column | None] = [None]

    def add(self, column: Column | None, reasons: npt.NDArray[np.uint8]) -> None:
        """Take over reasons where nothing was wrong yet."""
        fresh = (self.reason == 0) & (reasons != 0)
        if fresh.any():
            self.columns.append(column)
            self.reason[fresh] = reasons[fresh]
            self.column[fresh] = len(self.columns) - 1

    def add_mask(self, column: Column | None, mask: Mask, reason: Reason) -> None:
        """One reason for all records in ``mask``."""
        if mask.any():
            self.add(column, np.where(mask, REASON_NUMBER[reason], 0).astype(np.uint8))


def assemble(raw: Raw, plan: Plan, notebook: Notebook) -> Chunk:
    """Typed records, rejects and counts of one stretch of a file."""
    try:
        return _Assembly(raw, plan, notebook).chunk()
    except pa.ArrowException:  # its message may quote a value
        raise SourceError(
            "Een waarde kon niet worden omgezet.", "Dit is een fout in zorgdata; meld hem met de kopregel."
        ) from None


class _Assembly:
    """One stretch of a file on its way from texts to a chunk."""

    def __init__(self, raw: Raw, plan: Plan, notebook: Notebook) -> None:
        self.raw, self.plan, self.kind, self.notebook = raw, plan, plan.kind, notebook
        self.verdict = _Verdict(raw.records)
        self.texts = {name: texts_of(column) for name, column in raw.columns.items()}
        self.typed: dict[str, Typed] = {}
        self.filled: dict[str, Mask] = {}

    def chunk(self) -> Chunk:
        """Everything in its order: filters, translations, types, schools, what must be there, intervals."""
        for code, lines in self.raw.notes.items():
            self.notebook.add(code, "", len(lines), tuple(lines))
        for name, allowed in self.plan.filters.items():
            outside = ~_among(self.texts[name], allowed)
            self.verdict.add_mask(self.kind.column(name), outside, Reason.OUTSIDE_PROFILE)
        for name, translation in self.plan.values.items():
            if name in self.texts:
                self.texts[name] = _translated(self.texts[name], translation)
        for column in self.kind.columns:
            self._type(column)
        self._join_schools()
        for column in self.kind.columns:
            if column.name in self.typed:
                self._judge(column, self.typed[column.name])
        self._judge_groups()
        self._judge_interval()
        records, rejects = self._table(), self._rejects()
        return Chunk(self.kind.name, records, rejects, self.raw.read, self.raw.blank)

    def _type(self, column: Column) -> None:
        if column.type is Type.SCHOOL_PART:
            return
        text = _with_constant(column, self.texts.get(column.name), self.plan, self.raw.records)
        if text is not None:
            self.filled[column.name] = present(text)
            style = self.plan.styles.get(column.name, Style())
            self.typed[column.name] = convert(column, text, style)

    def _join_schools(self) -> None:
        """BRIN and branch into ``school_id``, where that is not delivered itself.

        Where the contract requires a branch an empty one is a fault; elsewhere it is the main branch (00).
        """
        if "brin" not in self.texts:
            return
        strict = any("brin" in group for group in self.kind.alternatives)
        empty = pa.nulls(self.raw.records, pa.string())
        brin, branch, whole = (
            self.texts.get(name, empty).cast(pa.string()) for name in ("brin", "branch", "school_id")
        )
        joined = pc.binary_join_element_wise(brin, branch, "\t", null_handling="replace", null_replacement="")
        joined = pc.if_else(pc.equal(joined, "\t"), pa.scalar(None, pa.string()), joined)
        joined = pc.coalesce(whole, joined)
        encoded = joined.dictionary_encode()
        parse = partial(_parse_school, strict=strict)
        everything = np.ones(len(encoded.dictionary), bool)
        result = complete(encoded.dictionary, encoded.dictionary, everything, parse, pa.string())
        self.typed["school_id"] = result.spread(encoded.indices)
        self.filled["school_id"] = np.asarray(joined.is_valid().to_numpy(zero_copy_only=False), bool)

    def _judge(self, column: Column, result: Typed) -> None:
        """What one column finds wrong, and worth a note."""
        if result.reasons is not None:
            self._add_reasons(column, result.reasons)
        if column.required:
            self.verdict.add_mask(column, ~self.filled[column.name], Reason.REQUIRED_MISSING)
        for code, mask in result.notes.items():
            self._note(code, column, mask)
        if self.plan.municipality and column.name == "municipality_code":
            other = pc.fill_null(pc.not_equal(result.values, self.plan.municipality), False)
            self._note(NoteCode.OTHER_MUNICIPALITY, column, other.to_numpy(zero_copy_only=False))

    def _add_reasons(self, column: Column, reasons: npt.NDArray[np.uint8]) -> None:
        """A fault in a school that was delivered in two parts is a fault of one of them."""
        if column.name == "school_id" and "brin" in self.texts:
            no_branch = reasons == REASON_NUMBER[Reason.REQUIRED_MISSING]
            self.verdict.add_mask(self.kind.column("branch"), no_branch, Reason.REQUIRED_MISSING)
            if "school_id" not in self.texts:
                column = self.kind.column("brin")
        self.verdict.add(column, reasons)

    def _note(self, code: NoteCode, column: Column, mask: Mask) -> None:
        where = np.flatnonzero(mask)
        if column.name == "school_id" and "brin" in self.texts:
            column = self.kind.column("branch")
        header = self.plan.headers.get(column.name, column.header)
        lines = tuple(self.raw.line_first[where[: self.notebook.keep]].tolist())
        self.notebook.add(code, header, len(where), lines)

    def _judge_groups(self) -> None:
        """Of every group of alternatives at least one must be filled."""
        for group in self.kind.alternatives:
            names = {"school_id" if name == "brin" else name for name in group}
            masks = [self.filled[name] for name in names if name in self.filled]
            if masks:
                column = self.kind.column(group[0] if group[0] in self.filled else group[-1])
                self.verdict.add_mask(column, ~np.logical_or.reduce(masks), Reason.REQUIRED_MISSING)

    def _judge_interval(self) -> None:
        """An interval may not end before it starts; both dates are inclusive."""
        interval = self.kind.interval
        if interval is None or not all(name in self.typed for name in interval):
            return
        start, end = (self.typed[name].values for name in interval)
        early = pc.fill_null(pc.less(end, start), False).to_numpy(zero_copy_only=False)
        column = self.kind.column(interval[1])
        self.verdict.add_mask(column, np.asarray(early, bool), Reason.END_BEFORE_START)

    def _table(self) -> pa.Table:
        """The records that are fine, under the schema of their kind."""
        schema = record_schema(self.kind)
        records = self.raw.records
        columns: list[pa.Array] = []
        for item in schema:
            birth = item.name.removesuffix("_exact")
            if item.name in ("line_first", "line_last"):
                columns.append(pa.array(getattr(self.raw, item.name)))
            elif item.name == "extra":
                columns.append(_extra(self.texts, self.plan.extra, records))
            elif birth != item.name and birth in self.typed:
                columns.append(_exact(self.typed[birth]))
            elif item.name in self.typed:
                values = self.typed[item.name].values
                columns.append(values if values.type == item.type else values.cast(item.type))
            else:
                columns.append(pa.nulls(records, item.type))
        table = pa.Table.from_arrays(columns, schema=schema)
        good = self.verdict.reason == 0
        return table if good.all() else table.filter(pa.array(good))

    def _reject(self, first: int, last: int, column: Column | None, reason: Reason, cell: str = "") -> Reject:
        if column is None:
            return Reject(first, last, "", reason, reason.explain(), FieldClass.TEXT)
        delivered = self.plan.headers.get(column.name, column.header)
        explanation = reason.explain(delivered) + (f" (Cel {cell}.)" if cell else "")
        return Reject(first, last, column.header, reason, explanation, field_class(column.type))

    def _rejects(self) -> tuple[Reject, ...]:
        """What was set aside, in the order of the file."""
        names = {column.name: column for column in self.kind.columns}
        found = [self._reject(b.first, b.last, names.get(b.column), b.reason, b.cell) for b in self.raw.bad]
        lines = self.raw.line_first, self.raw.line_last
        for i in np.flatnonzero(self.verdict.reason):
            column = self.verdict.columns[self.verdict.column[i]]
            reason = REASONS[self.verdict.reason[i] - 1]
            if self.raw.is_total(int(lines[0][i])):
                column, reason = None, Reason.TOTALS_ROW
            elif self._repeats_header(int(i)):
                column, reason = None, Reason.REPEATED_HEADER
            found.append(self._reject(int(lines[0][i]), int(lines[1][i]), column, reason))
        return tuple(sorted(found, key=lambda r: (r.line_first, r.line_last)))

    def _repeats_header(self, record: int) -> bool:
        """Whether most cells of a record, and the first of them, say what stands above them.

        Exports that were glued together hold their header again. It is asked of faulty records only.
        """
        told = (self._says_header(name, record) for name in self.plan.headers if name in self.texts)
        if not next(told, False):
            return False
        rest = list(told)
        return 2 * sum(rest) >= len(rest)

    def _says_header(self, name: str, record: int) -> bool:
        text = self.texts[name][record].as_py()
        return text is not None and header_key(text) == header_key(self.plan.headers[name])


def _parse_school(text: str, strict: bool) -> Parsed:
    """A BRIN6 as delivered, or a BRIN and a branch around a tab."""
    if "\t" not in text:
        return parse_school(text)
    parsed = join_school(text)
    if parsed.reason is Reason.REQUIRED_MISSING and not strict:
        return Parsed(join_school(text + "00").value, note=NoteCode.BRANCH_ASSUMED)
    return parsed


def _among(texts: pa.Array, allowed: frozenset[str]) -> Mask:
    """Which texts (lower case; empty counts as "") are allowed."""
    plain = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
    lower = pc.utf8_lower(plain.fill_null(""))
    return np.asarray(pc.is_in(lower, pa.array(sorted(allowed))).to_numpy(zero_copy_only=False), bool)


def _translated(texts: pa.Array, translation: Mapping[str, str]) -> pa.Array:
    """Texts with a profile's values replaced; a translation to nothing makes a text empty."""
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    new = [
        None if text is None else translation.get(text.casefold(), text) or None
        for text in encoded.dictionary.to_pylist()
    ]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(new, pa.string()))


def _with_constant(column: Column, texts: pa.Array | None, plan: Plan, records: int) -> pa.Array | None:
    """The column's texts, completed by the constant that a profile, an argument or the contract gives."""
    constant = plan.constants.get(column.name, column.default)
    if column.name == "municipality_code" and plan.municipality:
        constant = plan.municipality
    if not constant:
        return texts
    if texts is None:
        zeros = pa.array(np.zeros(records, np.int32))
        return pa.DictionaryArray.from_arrays(zeros, pa.array([constant], pa.string()))
    missing = ~present(texts)
    if not missing.any():
        return texts
    plain = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
    return plain.fill_null(constant)


def _exact(birth: Typed) -> pa.Array:
    """Whether a birth date is known to the day; null without a birth date."""
    incomplete = birth.notes.get(NoteCode.BIRTH_DATE_INCOMPLETE)
    known = birth.values.is_valid().to_numpy(zero_copy_only=False)
    exact = known if incomplete is None else known & ~incomplete
    return pa.array(exact, mask=~known)


def _extra(texts: dict[str, pa.Array], headers: tuple[str, ...], records: int) -> pa.Array:
    """Unknown columns as a map per record, without the empty ones."""
    type_ = pa.map_(pa.string(), pa.string())
    if not headers or not records:
        return pa.nulls(records, type_)
    columns = [texts[EXTRA + header].cast(pa.string()) for header in headers]
    filled = np.stack([column.is_valid().to_numpy(zero_copy_only=False) for column in columns], axis=1)
    row, which = np.nonzero(filled)
    values = pa.concat_arrays(columns).take(pa.array(which * records + row))
    keys = pa.array(list(headers), pa.string()).take(pa.array(which))
    counts = filled.sum(axis=1)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    offsets = pa.array(ends, pa.int32(), mask=np.append(counts == 0, False))
    return pa.MapArray.from_arrays(offsets, keys, values)

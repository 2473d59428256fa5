"""A first draft of a profile from a file's headers and values.

A draft shows headers, how well values fit, and words of closed lists (a unit, a law); never a value that
could be of someone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.convert import texts_of
from zorgdata.sources.csv_file import open_csv
from zorgdata.sources.excel import chosen, header_of, is_workbook, open_book
from zorgdata.sources.header_row import looks_like_data
from zorgdata.sources.headers import map_header, vocabulary
from zorgdata.sources.kinds import KINDS, Kind
from zorgdata.sources.profiles import Profile, available, header_key
from zorgdata.sources.profiles.likeness import THRESHOLD, likeness, names_of
from zorgdata.sources.profiles.words import Words, known_words, words_of
from zorgdata.sources.text import open_binary
from zorgdata.sources.totals import is_total

_SAMPLE = 2_000
_MAX_MARKS = 3


@dataclass(frozen=True)
class ColumnDraft:
    """A delivered header, what it probably is in the contract, how sure (0..1), and on what ground."""

    header: str
    target: str | None
    confidence: float
    reason: str


@dataclass(frozen=True)
class Draft:
    """A drafted profile.

    ``missing`` are required contract columns that nothing was found for; ``marks`` headers that give files
    of this origin away; ``titles`` how many rows stand above the header.
    """

    kind: str
    columns: tuple[ColumnDraft, ...]
    missing: tuple[str, ...]
    marks: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)
    titles: int = 0

    def toml(self, name: str = "eigen") -> str:
        """The profile as TOML, to be completed by a person."""
        lines = [
            f"name = {_text(name)}",
            f'kind = "{self.kind}"',
            'description = ""',
            f"recognise = [{', '.join(_text(mark) for mark in self.marks)}]",
            "",
            "[columns]",
        ]
        for column in self.columns:
            if column.target is None:
                lines.append(f'# {_text(column.header)} = ""')
            else:
                lines.append(
                    f'{_text(column.header)} = "{column.target}"  # {column.confidence:.0%}: {column.reason}'
                )
        for header in self.missing:
            lines.append(f"# ontbreekt: {header}; zoek de kolom hierboven, of vul hem onder [constants]")
        return "\n".join([*lines, *self._about_values()]) + "\n"

    def _about_values(self) -> list[str]:
        words, lines = self.words, list[str]()
        if words.dates or words.euros:
            lines += ["", "[styles]"]
            lines += [f'dates = "{words.dates}"'] if words.dates else []
            lines += ['money = "euro"  # bedragen met decimalen: controleer'] if words.euros else []
        for header, table in words.translations.items():
            lines += ["", f"[values.{header}]"]
            for word, code in table.items():
                lines.append(
                    f"{_text(word)} = {_text(code)}" + ("" if code else "  # vul in; leeg is onbekend")
                )
        if words.laws:
            lines += ["", "[filters]", f"wet = [{', '.join(_text(law) for law in words.laws)}]"]
        return lines


def _text(value: str) -> str:
    """A TOML string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in value)
    return '"' + escaped.replace('"', '\\"') + '"' if "\\" not in value else f"'{value}'"


@dataclass(frozen=True)
class Sample:
    """The header of a file, the first values under each cell, and the rows above it."""

    headers: list[str]
    columns: list[pa.Array]
    titles: int


def suggest(
    path: str | Path, kind: str | None = None, folder: Path | None = None, sheet: str | None = None
) -> Draft:
    """A draft for ``kind``, or for the kind that explains the file best."""
    path = Path(path)
    if kind is not None and kind not in KINDS:
        raise SourceError(f"Soort '{kind}' bestaat niet.", f"Mogelijk zijn: {', '.join(sorted(KINDS))}.")
    profiles = available(folder)
    sample = sample_of(path, profiles, sheet)
    if looks_like_data(sample.headers):
        raise SourceError(f"{path.name} heeft geen kopregel.", "Zet kolomnamen in de eerste regel.")
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    drafts = [_draft(sample, one, profiles) for one in kinds]
    return max(drafts, key=lambda d: (_explained(d) - len(d.missing), d.kind))


def _explained(draft: Draft) -> float:
    return sum(column.confidence for column in draft.columns if column.target)


def sample_of(path: Path, profiles: Sequence[Profile], sheet: str | None = None) -> Sample:
    """The headers of a file and the first values under each."""
    known = vocabulary(profiles)
    with open_binary(path) as file:
        head = file.read(16)
    if is_workbook(head):
        for one in chosen(path, open_book(path).sheets, sheet):
            row, cells = header_of(path, one, known)
            table = one.cells.slice(row + 1, _SAMPLE)
            columns = [texts_of(column.combine_chunks()) for column in table.columns]
            rows = zip(*(column.to_pylist() for column in columns), strict=True)
            keep = pa.array([not is_total([text or "" for text in row_]) for row_ in rows], pa.bool_())
            columns = [column.filter(keep) for column in columns]
            return Sample([cell.strip() for cell in cells], columns, row)
        raise SourceError(f"{path.name} heeft geen zichtbaar werkblad met gegevens.", "Controleer de export.")
    file_ = open_csv(path, known)
    wanted = {str(i): i for i in range(len(file_.cells))}
    texts = [pa.nulls(0, pa.string())] * len(wanted)
    if raw := next(file_.raws(wanted), None):
        keep = pa.array([not raw.is_total(line) for line in raw.line_first[:_SAMPLE].tolist()], pa.bool_())
        texts = [texts_of(raw.columns[str(i)])[:_SAMPLE].filter(keep) for i in range(len(wanted))]
    return Sample([cell.strip() for cell in file_.cells], texts, file_.titles)


def _draft(sample: Sample, kind: Kind, profiles: Sequence[Profile]) -> Draft:
    """Every header with its best column; the surest pairs go first and no column is used twice."""
    names, known = names_of(kind, profiles), known_words(kind, profiles)
    pairs = sorted(
        (
            (*likeness(header, texts, column, names[column.name], known.get(column.name, {})), i, column)
            for i, (header, texts) in enumerate(zip(sample.headers, sample.columns, strict=True))
            for column in kind.columns
            if header
        ),
        key=lambda pair: -pair[0],
    )
    taken: dict[int, ColumnDraft] = {}
    used: dict[str, tuple[str, pa.Array]] = {}
    for confidence, reason, i, column in pairs:
        if confidence >= THRESHOLD and i not in taken and column.name not in used:
            taken[i] = ColumnDraft(sample.headers[i], column.header, round(confidence, 2), reason)
            used[column.name] = sample.headers[i], sample.columns[i]
    columns = tuple(
        taken.get(i, ColumnDraft(header, None, 0.0, "geen kolom van het contract lijkt hierop"))
        for i, header in enumerate(sample.headers)
        if header
    )
    targets = [column.target or "" for column in columns]
    contract = Profile("draft", kind, columns={header_key(c.header): c.name for c in kind.columns})
    return Draft(
        kind.name,
        columns,
        map_header(targets, contract).missing,
        _marks(columns, profiles),
        words_of(kind, used, known),
        sample.titles,
    )


def _marks(columns: Sequence[ColumnDraft], profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Headers that no known profile has and that mean something here: by these the origin is recognised."""
    known = vocabulary(profiles)
    own = [c.header for c in columns if c.target and header_key(c.header) not in known]
    return tuple(sorted(own, key=len, reverse=True)[:_MAX_MARKS])

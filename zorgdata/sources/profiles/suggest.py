"""A first draft of a profile from a file's headers and values, and the check of a profile that was made.

A draft shows headers and how well values fit, never a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.convert import Style, convert, texts_of
from zorgdata.sources.csv_file import open_csv
from zorgdata.sources.excel import is_workbook, sheets
from zorgdata.sources.header_row import looks_like_data
from zorgdata.sources.headers import map_header, vocabulary
from zorgdata.sources.kinds import KINDS, Column, Kind, Type
from zorgdata.sources.profiles import Profile, available, header_key, load
from zorgdata.sources.text import open_binary

_SAMPLE = 2_000
_THRESHOLD = 0.6
_SPEAKS_FOR_ITSELF = frozenset(
    {Type.BSN, Type.DATE, Type.END_DATE, Type.BIRTH_DATE, Type.TIME, Type.POSTCODE, Type.SEX, Type.FLAG}
)


@dataclass(frozen=True)
class ColumnDraft:
    """A delivered header, what it probably is in the contract, how sure (0..1), and on what ground."""

    header: str
    target: str | None
    confidence: float
    reason: str


@dataclass(frozen=True)
class Draft:
    """A drafted profile; ``missing`` are required contract columns that nothing was found for."""

    kind: str
    columns: tuple[ColumnDraft, ...]
    missing: tuple[str, ...]

    def toml(self, name: str = "eigen") -> str:
        """The profile as TOML, to be completed by a person."""
        lines = [f'name = "{name}"', f'kind = "{self.kind}"', 'description = ""', "", "[columns]"]
        for column in self.columns:
            key = column.header.replace("\\", "\\\\").replace('"', '\\"')
            if column.target is None:
                lines.append(f'# "{key}" = ""')
            else:
                lines.append(f'"{key}" = "{column.target}"  # {column.confidence:.0%}: {column.reason}')
        lines += [f"# ontbreekt: {header}" for header in self.missing]
        return "\n".join(lines) + "\n"


def suggest(path: str | Path, kind: str | None = None, folder: Path | None = None) -> Draft:
    """A draft for ``kind``, or for the kind that explains the file best."""
    path = Path(path)
    if kind is not None and kind not in KINDS:
        raise SourceError(f"Soort '{kind}' bestaat niet.", f"Mogelijk zijn: {', '.join(sorted(KINDS))}.")
    profiles = available(folder)
    headers, samples = _sample(path, profiles)
    if looks_like_data(headers):
        raise SourceError(f"{path.name} heeft geen kopregel.", "Zet kolomnamen in de eerste regel.")
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    drafts = [_draft(headers, samples, one, _aliases(one, profiles)) for one in kinds]
    return max(drafts, key=lambda d: (_explained(d) - len(d.missing), d.kind))


def _explained(draft: Draft) -> float:
    return sum(column.confidence for column in draft.columns if column.target)


def _sample(path: Path, profiles: Iterable[Profile]) -> tuple[list[str], list[pa.Array]]:
    """The headers of a file and the first values under each."""
    with open_binary(path) as file:
        head = file.read(16)
    if is_workbook(head):
        sheet = next((s for s in sheets(path) if s.visible and s.cells.num_rows), None)
        if sheet is None:
            raise SourceError(
                f"{path.name} heeft geen zichtbaar werkblad met gegevens.", "Controleer de export."
            )
        cells = sheet.cells.slice(0, _SAMPLE)
        row = max(range(min(50, cells.num_rows)), key=lambda i: sum(c[i].is_valid for c in cells.columns))
        columns = [texts_of(column.slice(row + 1).combine_chunks()) for column in cells.columns]
        return [str(column[row].as_py() or "").strip() for column in cells.columns], columns
    file_ = open_csv(path, vocabulary(profiles))
    wanted = {str(i): i for i in range(len(file_.cells))}
    raw = next(file_.raws(wanted), None)
    texts = [
        texts_of(raw.columns[str(i)])[:_SAMPLE] if raw else pa.nulls(0, pa.string())
        for i in range(len(wanted))
    ]
    return [cell.strip() for cell in file_.cells], texts


def _aliases(kind: Kind, profiles: Iterable[Profile]) -> Mapping[str, set[str]]:
    """What each column of a kind is called, in the contract and in the profiles."""
    found = {column.name: {header_key(column.header)} for column in kind.columns}
    for profile in profiles:
        for key, name in profile.columns.items():
            if name in found:
                found[name].add(key)
    return found


def _draft(
    headers: Sequence[str], samples: Sequence[pa.Array], kind: Kind, aliases: Mapping[str, set[str]]
) -> Draft:
    """Every header with its best column; the surest pairs go first and no column is used twice."""
    pairs = sorted(
        (
            (*_likeness(header, sample, column, aliases[column.name]), i, column.header)
            for i, (header, sample) in enumerate(zip(headers, samples, strict=True))
            for column in kind.columns
            if header
        ),
        key=lambda pair: -pair[0],
    )
    taken: dict[int, ColumnDraft] = {}
    used: set[str] = set()
    for confidence, reason, i, target in pairs:
        if confidence >= _THRESHOLD and i not in taken and target not in used:
            taken[i] = ColumnDraft(headers[i], target, round(confidence, 2), reason)
            used.add(target)
    columns = tuple(
        taken.get(i, ColumnDraft(header, None, 0.0, "geen kolom van het contract lijkt hierop"))
        for i, header in enumerate(headers)
        if header
    )
    targets = [column.target or "" for column in columns]
    profile = Profile(
        "draft", kind, columns={header_key(t): c.name for c in kind.columns for t in [c.header]}
    )
    return Draft(kind.name, columns, map_header(targets, profile).missing)


def _likeness(header: str, sample: pa.Array, column: Column, names: set[str]) -> tuple[float, str]:
    """How much a header and its values are like a column: the name counts most, values can refute it."""
    key = header_key(header)
    name = max(SequenceMatcher(None, key, other).ratio() for other in names)
    if name < 0.5:
        return 0.0, ""
    fit = _fit(sample, column)
    if fit is None:
        return name, "naam"
    if fit < 0.5:
        return (_THRESHOLD, "naam; vertaal de waarden onder [values]") if name > 0.95 else (0.0, "")
    weight = 0.3 if column.type in _SPEAKS_FOR_ITSELF else 0.1
    sure = name if name == 1 else (1 - weight) * name + weight * fit
    return sure, f"naam, en {fit:.0%} van de waarden past"


def _fit(sample: pa.Array, column: Column) -> float | None:
    """Share of the filled values that the column's type accepts; None without values."""
    texts = sample.drop_null()
    if not len(texts) or column.type is Type.SCHOOL_PART:
        return None
    typed = convert(column, texts.cast(pa.string()), Style(date_order="dmy"))
    bad = 0 if typed.reasons is None else int((typed.reasons != 0).sum())
    if column.type is Type.BSN:
        digits = typed.values.to_pylist()
        bad = sum(1 for text in digits if not (text.isdigit() and len(text) == 9))
    return 1 - bad / len(texts)


def check(profile: Path, sample: Path | None = None) -> tuple[str, ...]:
    """What is wrong with a profile, in itself and on a file; empty when nothing is."""
    try:
        loaded = load(profile)
    except SourceError as error:
        return (error.message,)
    if sample is None:
        return ()
    headers, _ = _sample(sample, [loaded])
    mapped = map_header(headers, loaded.for_file(sample))
    keys = {header_key(header) for header in headers}
    problems = [f"verplichte kolom '{header}' is niet gevonden" for header in mapped.missing]
    problems += [
        f"herkenningskolom '{key}' staat niet in het bestand" for key in loaded.recognise if key not in keys
    ]
    return tuple(problems)

"""From a header row to a kind, a profile and the place of every column.

Messages name headers of the delivery only where the row is known to be a header: the first row of a file
without one is a record of a child.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.codes import parse_code
from zorgdata.sources.header_row import looks_like_data
from zorgdata.sources.kinds import KINDS, Kind
from zorgdata.sources.profiles import CANONICAL, Profile, canonical, header_key


@dataclass(frozen=True)
class Mapped:
    """Where the columns of a profile stand in a header row, and what stands elsewhere."""

    profile: Profile
    cells: tuple[str, ...]
    columns: dict[str, int]
    derived: dict[str, tuple[int, ...]]
    wide: tuple[tuple[int, str], ...]
    unknown: tuple[tuple[int, str], ...]
    twice: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """The kind of the profile."""
        return self.profile.kind

    @property
    def matched(self) -> int:
        """How many delivered columns mean something."""
        return len(self.columns) + len(self.wide) + len({i for at in self.derived.values() for i in at})

    @property
    def score(self) -> float:
        """Share of named delivered columns that mean something."""
        named = sum(1 for cell in self.cells if cell.strip())
        return self.matched / named if named else 0.0

    def header_of(self) -> dict[str, str]:
        """Delivered header per column name."""
        return {name: self.cells[i].strip() for name, i in self.columns.items()}


def map_header(cells: Sequence[str], profile: Profile, given: Collection[str] = ()) -> Mapped:
    """Look up every header cell; ``given`` are column names that come from elsewhere."""
    keys = [header_key(cell) for cell in cells]
    sources = {key for _, headers in profile.derive.values() for key in headers}
    columns: dict[str, int] = {}
    wide: list[tuple[int, str]] = []
    unknown: list[tuple[int, str]] = []
    twice: list[str] = []
    for i, key in enumerate(keys):
        name = profile.columns.get(key)
        if not key:
            continue
        if key in keys[:i]:
            twice.append(cells[i].strip())
        elif profile.wide and re.fullmatch(re.escape(profile.wide.prefix) + r"_?\d+", key):
            wide.append((i, re.sub(r"\D", "", key[len(profile.wide.prefix) :])))
        elif name and name not in columns:
            columns[name] = i
        elif key not in sources:
            unknown.append((i, cells[i].strip()))
    derived = {
        name: tuple(keys.index(key) for key in headers)
        for name, (_, headers) in profile.derive.items()
        if all(key in keys for key in headers)
    }
    have = set(columns) | set(derived) | set(profile.constants) | set(given)
    if profile.wide and wide:
        have |= {profile.wide.name, profile.wide.value}
    missing = _missing(profile.kind, have)
    return Mapped(
        profile, tuple(cells), columns, derived, tuple(wide), tuple(unknown), tuple(twice), tuple(missing)
    )


def _missing(kind: Kind, have: set[str]) -> Iterable[str]:
    """Contract headers that a file must have and has not."""
    for column in kind.columns:
        if column.required and column.name not in have:
            yield column.header
    for group in kind.alternatives:
        if not have.intersection(group):
            yield kind.column(group[0] if group[0] != "school_id" else "brin").header
        elif "brin" in group and "brin" in have and not have & {"branch", "school_id"}:
            yield kind.column("branch").header


def vocabulary(profiles: Iterable[Profile]) -> frozenset[str]:
    """Every header key that any kind or profile knows."""
    known = {header_key(column.header) for kind in KINDS.values() for column in kind.columns}
    for profile in profiles:
        known |= set(profile.columns) | set(profile.recognise)
    return frozenset(known)


@dataclass(frozen=True)
class Wish:
    """What the user says about a file: its kind, its profile, the municipality it is of, the worksheet."""

    kind: str | None = None
    profile: str | None = None
    municipality: str | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        if self.municipality is not None:
            code = parse_code(self.municipality, 4)
            if code.value is None:
                raise SourceError(
                    f"'{self.municipality}' is geen gemeentecode.", "Verwacht: vier cijfers, zoals 0363."
                )
            object.__setattr__(self, "municipality", code.value)

    @property
    def given(self) -> frozenset[str]:
        """Column names that the wish itself supplies."""
        return frozenset({"municipality_code"} if self.municipality else ())


def choose(
    path: Path, cells: Sequence[str], profiles: Sequence[Profile], wish: Wish
) -> tuple[Mapped, float, str]:
    """The kind and profile that explain most of the header, how sure, and why.

    Among profiles that find all they require, the one that explains most columns wins; the file name
    decides between equals; what is then still equal is refused, as a guess would file records wrongly.
    """
    candidates = [p.for_file(path) for p in _candidates(profiles, wish.kind, wish.profile)]
    keys = {header_key(cell) for cell in cells}
    mapped = [
        map_header(cells, p, wish.given) for p in candidates if wish.profile or keys.issuperset(p.recognise)
    ]
    full = [m for m in mapped if not m.missing]
    # A kind that explains more of the header but lacks a column is what was meant: reading the file as a
    # lesser kind (a damaged list of indications as products) would lose it silently.
    closest = max((m.matched for m in mapped), default=0)
    if not any(m.matched == closest for m in full):
        mapped = [m for m in mapped if m.matched == closest]
        full = []
    if not full:
        raise _nothing_fits(path, cells, mapped, wish.kind)
    named = _named_like(path)
    best = max(
        full,
        key=lambda m: (
            m.matched,
            m.kind.name == named,
            bool(m.profile.recognise),  # it names these very columns: it knows more of them than others
            m.profile.name == CANONICAL,
        ),
    )
    rivals = sorted(
        {m.kind.name for m in full if m.matched == best.matched and m.kind.name != best.kind.name}
    )
    reason = (
        f"{best.matched} van {len(best.cells)} kolommen passen bij {best.kind.name} ({best.profile.name})"
    )
    if not rivals:
        return best, 1.0 if best.profile.recognise else 0.5 + best.score / 2, reason
    if best.kind.name != named:
        kinds = ", ".join([best.kind.name, *rivals])
        raise SourceError(
            f"{path.name} past even goed bij meer soorten: {kinds}.",
            "Geef de soort op met --kind.",
        )
    return best, 0.5, f"{reason}; ook {', '.join(rivals)}, de bestandsnaam beslist"


def _candidates(profiles: Sequence[Profile], kind: str | None, profile: str | None) -> list[Profile]:
    if kind is not None and kind not in KINDS:
        raise SourceError(f"Soort '{kind}' bestaat niet.", f"Mogelijk zijn: {', '.join(sorted(KINDS))}.")
    everything = [*(canonical(name) for name in KINDS), *profiles]
    found = [
        p
        for p in everything
        if (kind is None or p.kind.name == kind) and (profile is None or p.name == profile)
    ]
    if not found:
        names = ", ".join(sorted({p.name for p in everything if kind in (None, p.kind.name)}))
        raise SourceError(f"Profiel '{profile}' bestaat niet.", f"Mogelijk zijn: {names}.")
    return found


def _named_like(path: Path) -> str | None:
    """The kind whose contract file name the path begins with."""
    stem = path.name.casefold()
    for kind in KINDS.values():
        if stem.startswith(Path(kind.file_name).stem):
            return kind.name
    return None


def _nothing_fits(
    path: Path, cells: Sequence[str], mapped: Sequence[Mapped], kind: str | None
) -> SourceError:
    """The most helpful refusal: which column is missing, and what stood nearest to it."""
    named = kind or _named_like(path)
    best = max(
        mapped,
        key=lambda m: (m.matched / (m.matched + len(m.missing)), m.matched, m.kind.name == named),
    )
    like_data = looks_like_data(cells)
    if not best.matched or (like_data and best.matched < len(cells) / 2):
        hint = "Controleer of de eerste regel de kopregel is; zie het invoercontract, of maak een profiel."
        if kind is None:
            hint += " Geef zo nodig de soort op met --kind."
        return SourceError(f"{path.name} heeft geen kopregel van een bekende soort.", hint)
    header = best.missing[0]
    text = f"{path.name}: verplichte kolom '{header}' ontbreekt (soort {best.kind.name})."
    others = {} if like_data else {header_key(h): h for _, h in best.unknown}
    near = get_close_matches(header_key(header), list(others), n=1, cutoff=0.6)
    hint = f"Het dichtst daarbij staat '{others[near[0]]}'. " if near else ""
    if len(best.missing) > 1:
        hint += f"Ook ontbreekt: {', '.join(best.missing[1:])}. "
    if best.profile.recognise:
        hint += f"Profiel {best.profile.name}: {best.profile.description}. "
    return SourceError(text, hint + "Hernoem de kolom, of maak een profiel met: zorgdata profile suggest")

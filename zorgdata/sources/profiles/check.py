"""Is a profile sound, and what does it make of a file?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.headers import Wish, choose, map_header
from zorgdata.sources.profiles import Profile, header_key, load, shipped
from zorgdata.sources.profiles.suggest import sample_of
from zorgdata.sources.reader import read
from zorgdata.sources.reasons import NOT_MEANT_TO_COME_IN


@dataclass(frozen=True)
class Fit:
    """What a profile makes of a file.

    ``problems`` must be mended, ``warnings`` are worth a look. ``rejects`` counts records that would be set
    aside by column, reason and sentence.
    """

    problems: tuple[str, ...] = ()
    kind: str = ""
    used: int = 0
    columns: int = 0
    read: int = 0
    accepted: int = 0
    blank: int = 0
    rejects: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def faulty(self) -> int:
        """Records that would be set aside because something is wrong with them."""
        return sum(n for (_, reason, _), n in self.rejects.items() if reason not in NOT_MEANT_TO_COME_IN)


def check(profile: Path, sample: Path | None = None, municipality: str | None = None) -> Fit:
    """What is wrong with a profile in itself, and what it does with a file (which is read to its end)."""
    try:
        loaded = load(profile)
    except SourceError as error:
        return Fit((error.message,))
    if sample is None:
        return Fit(kind=loaded.kind.name)
    given = frozenset({"municipality_code"} if municipality else ())
    headers = sample_of(sample, [loaded], loaded.sheet or None).headers
    mapped = map_header(headers, loaded.for_file(sample), given)
    keys = {header_key(header) for header in headers}
    contract = {header_key(column.header) for column in loaded.kind.columns}
    problems = [f"verplichte kolom '{header}' is niet gevonden" for header in mapped.missing]
    problems += [
        f"herkenningskolom '{key}' staat niet in het bestand" for key in loaded.recognise if key not in keys
    ]
    warnings = [
        f"kolom '{key}' onder [columns] staat niet in het bestand"
        for key in loaded.columns
        if key not in keys and key not in contract
    ]
    if mapped.missing:
        return Fit(tuple(problems), loaded.kind.name, warnings=tuple(warnings))
    delivery = read(sample, loaded.kind.name, loaded.name, municipality, [loaded])
    rejects: Counter[tuple[str, str, str]] = Counter()
    read_ = accepted = blank = 0
    for chunk in delivery.chunks():
        read_, accepted, blank = (
            read_ + chunk.read,
            accepted + chunk.records.num_rows,
            blank + chunk.blank,
        )
        rejects.update((r.column_name, str(r.reason_code), r.reason) for r in chunk.rejects)
    return Fit(
        tuple(problems),
        loaded.kind.name,
        len(mapped.columns),
        sum(1 for header in headers if header),
        read_,
        accepted,
        blank,
        dict(rejects.most_common()),
        tuple(note.message for note in delivery.notes),
        (*warnings, *_unrecognised(loaded, sample, headers, municipality)),
    )


def _unrecognised(
    profile: Profile, sample: Path, headers: list[str], municipality: str | None
) -> Iterator[str]:
    """A sentence when the file would be taken for something else without ``--profile``."""
    rivals = [one for one in shipped() if one.name != profile.name]
    try:
        mapped, _, _ = choose(sample, headers, [profile, *rivals], Wish(municipality=municipality))
    except SourceError:
        found = "niets"
    else:
        if mapped.profile.name == profile.name:
            return
        found = f"profiel {mapped.profile.name} ({mapped.kind.name})"
    yield (
        f"zonder --profile {profile.name} wordt dit bestand herkend als {found}; noem onder 'recognise' "
        "kolommen die alleen deze bestanden hebben"
    )

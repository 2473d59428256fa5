"""Profiles: how files of one origin differ from the input contract, as TOML.

    name = "magister"
    kind = "enrolments"
    description = "Magister, export per inschrijving (Decibel)"
    recognise = ["STAMNR", "studiebegindatum"]   # headers that give the origin away
    keep_unknown = false                         # whether unknown columns may travel as extra
    sheet = "Inschrijvingen"                     # the worksheet, where a workbook has more that would do

    [columns]                                    # delivered header = header of the contract
    STAMNR = "leerlingnummer"

    [values.geslacht]                            # delivered text = text of the contract; "" empties it
    Jongen = "m"

    [constants]                                  # what the file does not say
    schoolsoort = "VO"
    brin6 = "{brin6}"                            # the BRIN with branch in the file name, as in 99ZA00.csv

    [filters]                                    # what a record must say to belong here
    wet = ["jeugdwet"]

    [styles]
    dates = "dmy"                                # allows 31/12/2024 and 31.12.2024 (or "mdy")
    decimals = "comma"                           # or "point"
    money = "euro"                               # amounts are in euros, not in cents

    [derive]                                     # header of the contract = [function, delivered headers ...]
    schoolsoort = ["duo_po", "SOORT PRIMAIR ONDERWIJS", "ONDERWIJS"]

    [wide]                                       # one column per year becomes one record per year
    prefix = "LEERLINGEN_"
    name = "jaar"
    value = "leerlingen"

The input contract itself is the profile ``canonical``, one for every kind.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from zorgdata.errors import SourceError
from zorgdata.sources.convert import Style
from zorgdata.sources.derive import FUNCTIONS
from zorgdata.sources.kinds import KINDS, Kind, Type

CANONICAL = "canonical"
SHIPPED = Path(__file__).parent

_BRIN6_IN_NAME = re.compile(r"(?<![0-9A-Za-z])(\d{2}[A-Za-z]{2}\d{2})(?![0-9A-Za-z])")
_KEYS = {
    "name", "kind", "description", "recognise", "keep_unknown", "sheet",
    "columns", "values", "constants", "filters", "styles", "derive", "wide",
}  # fmt: skip


def header_key(header: str) -> str:
    """A header as it is compared: without case, surrounding space, BOM or kind of separator."""
    words = header.replace("\ufeff", "").replace("_", " ").replace("-", " ").split()
    return "_".join(words).casefold()


@dataclass(frozen=True)
class Wide:
    """Columns ``<prefix><number>`` as records: the number goes under ``name``, the cell under ``value``."""

    prefix: str
    name: str
    value: str


@dataclass(frozen=True)
class Profile:
    """A profile with its headers as keys and its targets as column names of the kind."""

    name: str
    kind: Kind
    description: str = ""
    recognise: tuple[str, ...] = ()
    keep_unknown: bool = True
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    derive: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    wide: Wide | None = None

    def for_file(self, path: Path) -> "Profile":
        """The profile with ``{brin6}`` among its constants taken from the file name, or left out."""
        if "{brin6}" not in self.constants.values():
            return self
        found = _BRIN6_IN_NAME.search(path.stem)
        constants = {
            name: found[1].upper() if value == "{brin6}" and found else value
            for name, value in self.constants.items()
            if found or value != "{brin6}"
        }
        return replace(self, constants=constants)


@cache
def canonical(kind: str) -> Profile:
    """The input contract of a kind as a profile."""
    declared = KINDS[kind]
    columns = {header_key(column.header): column.name for column in declared.columns}
    return Profile(CANONICAL, declared, columns=columns)


def load(path: Path) -> Profile:
    """One profile from a TOML file; every mistake names the file and the key."""
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"Profiel {path.name} is niet te lezen: {error}", "Controleer de TOML.") from None
    return from_data(data, path.name)


def from_data(data: Mapping[str, Any], where: str) -> Profile:
    """A profile from parsed TOML."""

    def wrong(
        text: str, hint: str = "Neem een meegeleverd profiel als voorbeeld; zie zorgdata profile list."
    ) -> SourceError:
        return SourceError(f"Profiel {where}: {text}", hint)

    if unknown := sorted(set(data) - _KEYS):
        raise wrong(f"onbekende sleutel '{unknown[0]}'.", f"Mogelijk zijn: {', '.join(sorted(_KEYS))}.")
    if not isinstance(data.get("name"), str) or data.get("kind") not in KINDS:
        raise wrong("'name' en 'kind' zijn verplicht.", f"Soorten: {', '.join(sorted(KINDS))}.")
    kind = KINDS[data["kind"]]
    names = {header_key(column.header): column.name for column in kind.columns}

    def target(header: str, section: str) -> str:
        if header_key(header) not in names:
            allowed = ", ".join(column.header for column in kind.columns)
            raise wrong(
                f"'{header}' onder [{section}] staat niet in het contract.", f"Mogelijk zijn: {allowed}."
            )
        return names[header_key(header)]

    def section(name: str) -> dict[str, Any]:
        found = data.get(name, {})
        if not isinstance(found, dict):
            raise wrong(f"[{name}] moet een tabel zijn.")
        return found

    styles = section("styles")
    allowed_styles = {"dates": ("dmy", "mdy"), "decimals": ("comma", "point"), "money": ("euro", "cent")}
    for key, value in styles.items():
        if value not in allowed_styles.get(key, ()):
            raise wrong(f"'{key}' onder [styles] is onbekend of heeft een onbekende waarde.")
    derive = {}
    for header, spec in section("derive").items():
        if not isinstance(spec, list) or len(spec) < 2 or spec[0] not in FUNCTIONS:
            raise wrong(f"'{header}' onder [derive].", f"Mogelijke functies: {', '.join(FUNCTIONS)}.")
        derive[target(header, "derive")] = (spec[0], tuple(header_key(h) for h in spec[1:]))
    wide = section("wide")
    if wide and set(wide) != {"prefix", "name", "value"}:
        raise wrong("[wide] heeft 'prefix', 'name' en 'value'.")
    return Profile(
        name=data["name"],
        kind=kind,
        description=str(data.get("description", "")),
        recognise=tuple(header_key(h) for h in data.get("recognise", ())),
        keep_unknown=bool(data.get("keep_unknown", True)),
        sheet=str(data.get("sheet", "")),
        columns=names | {header_key(h): target(t, "columns") for h, t in section("columns").items()},
        values={
            target(h, "values"): {k.casefold(): str(v) for k, v in table.items()}
            for h, table in section("values").items()
        },
        constants={target(h, "constants"): str(v) for h, v in section("constants").items()},
        filters={
            target(h, "filters"): frozenset(str(v).casefold() for v in allowed)
            for h, allowed in section("filters").items()
        },
        style=Style(
            styles.get("dates", ""),
            {"comma": True, "point": False}.get(styles.get("decimals", "")),
            styles.get("money") == "euro",
        ),
        derive=derive,
        wide=Wide(header_key(wide["prefix"]), target(wide["name"], "wide"), target(wide["value"], "wide"))
        if wide
        else None,
    )


@cache
def shipped() -> tuple[Profile, ...]:
    """The profiles that come with zorgdata."""
    return tuple(load(path) for path in sorted(SHIPPED.glob("*.toml")))


def available(folder: Path | None = None) -> tuple[Profile, ...]:
    """Profiles of a workspace's folder and the shipped ones; the workspace wins where names are equal."""
    own = tuple(load(path) for path in sorted(folder.glob("*.toml"))) if folder and folder.is_dir() else ()
    taken = {profile.name for profile in own}
    return own + tuple(profile for profile in shipped() if profile.name not in taken)


def stylable(kind: Kind) -> frozenset[str]:
    """Columns whose texts depend on a style."""
    types = {Type.DATE, Type.END_DATE, Type.BIRTH_DATE, Type.DECIMAL, Type.CENTS}
    return frozenset(column.name for column in kind.columns if column.type in types)

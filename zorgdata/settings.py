"""``zorgdata.toml`` as a frozen model; a mistake in it is named with file, line, key and the nearest name.

Every setting has a default that is safe: a workspace with an empty file works. Disclosure limits may be
made stricter, never looser than their floor.
"""

import difflib
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zorgdata.errors import UsageError
from zorgdata.limits import DisclosureSettings

Audience = Literal["public", "professional", "internal"]
ReportKind = Literal["snapshot", "monitor", "school", "collective", "scenario", "initiative", "quality"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

Share = Annotated[float, Field(ge=0, le=1)]
MonthDay = Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")]
Municipality = Annotated[str, Field(pattern=r"^\d{4}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Merger(_Frozen):
    """A municipality that went on under another code: the last day of the old one is the day before."""

    old: Municipality
    new: Municipality
    from_date: date


class Region(_Frozen):
    """Who the figures are about."""

    name: str = "Regio"
    municipalities: tuple[Municipality, ...] = ()
    municipality_names: Mapping[Municipality, str] = Field(default_factory=dict)
    mergers: tuple[Merger, ...] = ()

    @model_validator(mode="after")
    def _mergers_lead_somewhere(self) -> "Region":
        """Every old code has one new code, and a way of codes does not come back or go back in time."""
        new: dict[str, Merger] = {}
        for merger in self.mergers:
            if merger.old in new:
                raise ValueError(
                    f"mergers: {merger.old} goes on under both {new[merger.old].new} and {merger.new}; "
                    "a municipality that was divided cannot be told apart by its code, leave it out"
                )
            new[merger.old] = merger
        for merger in self.mergers:
            seen, step = [merger.old], merger
            while step.new not in seen and step.new in new:
                seen.append(step.new)
                if new[step.new].from_date < step.from_date:
                    raise ValueError(
                        f"mergers: {step.new} ended on {new[step.new].from_date}, before {step.old} went on "
                        f"under it on {step.from_date}"
                    )
                step = new[step.new]
            if step.new in seen:
                raise ValueError(f"mergers: {' -> '.join([*seen, step.new])} goes round in a circle")
        return self

    def current(self, code: str) -> str:
        """The code under which a municipality goes on: the last one of its mergers, or itself."""
        new = {merger.old: merger.new for merger in self.mergers}
        while code in new:
            code = new[code]
        return code


class Periods(_Frozen):
    """Which years are computed; empty means: what the deliveries cover."""

    first_year: int | None = Field(default=None, ge=2000, le=2100)
    last_year: int | None = Field(default=None, ge=2000, le=2100)
    reference_dates: tuple[MonthDay, ...] = ("10-01",)


class Metrics(_Frozen):
    """What the region itself decides about figures; empty means that the figure has no such norm."""

    waiting_norm_days: int | None = Field(default=None, ge=1)


Limit = Annotated[float, Field(ge=0)]


class Ingest(_Frozen):
    """What is accepted from the inbox."""

    max_quarantine_share: Share = 0.05
    max_file_mb: int = Field(default=4096, ge=1)
    archive: Literal["keep", "move"] = "keep"
    full_list: bool = False


class Expected(_Frozen):
    """A source that should deliver: a kind, of each of these municipalities (empty: those of the region)."""

    kind: str
    municipalities: tuple[Municipality, ...] = ()
    every_days: int = Field(default=100, ge=1)


class Signals(_Frozen):
    """Who is told how a run went, besides the exit code."""

    on_failure: tuple[str, ...] = ()
    prometheus: bool = False


class Team(_Frozen):
    """Where a team reads along; empty means nowhere."""

    catalogue: str = ""
    files: str = "lake"
    schemas: tuple[Literal["core", "metrics", "protected"], ...] = ("protected",)


class Linkage(_Frozen):
    """How children without a BSN are found again; ``number`` keeps no codes at all."""

    mode: Literal["number", "exact", "probable"] = "number"
    threshold: float = Field(default=0.95, ge=0.5, lt=1)
    review_from: float = Field(default=0.5, ge=0, lt=1)


class Report(_Frozen):
    """What stands on the pages besides figures."""

    audiences: tuple[Audience, ...] = ("public",)
    maker: str = "Kennispunt"
    contact: str = ""
    stylesheet: str = ""
    logo: str = ""
    language: Literal["nl", "en"] = "nl"
    texts: str = ""


class Retention(_Frozen):
    """How long each layer is kept, in months; 0 keeps it."""

    raw_months: int = Field(default=120, ge=0)
    quarantine_months: int = Field(default=12, ge=0)
    reports_kept: int = Field(default=24, ge=1)


class Resources(_Frozen):
    """What the machine may spend; 0 leaves the choice to the engine (all cores, four fifths of the memory).

    ``memory_gb`` is what tables and intermediate results may take; the process itself needs more beside it.
    What does not fit goes to encrypted files below ``warehouse/``.
    """

    threads: int = Field(default=0, ge=0)
    memory_gb: float = Field(default=1.0, ge=0)


class Settings(_Frozen):
    """The whole of ``zorgdata.toml``."""

    region: Region = Region()
    periods: Periods = Periods()
    metrics: Metrics = Metrics()
    ingest: Ingest = Ingest()
    checks: Mapping[str, Limit | Mapping[str, Limit]] = Field(default_factory=dict)
    disclosure: DisclosureSettings = DisclosureSettings()
    linkage: Linkage = Linkage()
    report: Report = Report()
    retention: Retention = Retention()
    resources: Resources = Resources()
    signals: Signals = Signals()
    team: Team = Team()
    expected: tuple[Expected, ...] = ()

    def check_thresholds(self) -> dict[str, float]:
        """Limits and parameters of checks as ``run_checks`` takes them.

        ``[checks]`` holds ``unknown_referrer = 0.4`` (the limit) or ``record_change = { tolerance = 0.25 }``
        (a parameter; ``limit`` is the limit).
        """
        found: dict[str, float] = {}
        for name, value in self.checks.items():
            if isinstance(value, Mapping):
                found |= {name if key == "limit" else f"{name}.{key}": v for key, v in value.items()}
            else:
                found[name] = value
        return found

    def sql_rows(self) -> list[tuple[str, str]]:
        """The settings SQL models may read, as rows of ``raw.setting``."""
        rows = [("region.name", self.region.name)]
        rows += [("region.municipality", code) for code in self.region.municipalities]
        rows += [(f"municipality.{code}", name) for code, name in self.region.municipality_names.items()]
        rows += [(f"merger.{one.old}", f"{one.new} {one.from_date}") for one in self.region.mergers]
        rows += [("periods.reference_date", day) for day in self.periods.reference_dates]
        for key in ("first_year", "last_year"):
            value = getattr(self.periods, key)
            if value is not None:
                rows.append((f"periods.{key}", str(value)))
        if self.metrics.waiting_norm_days is not None:
            rows.append(("metrics.waiting_norm_days", str(self.metrics.waiting_norm_days)))
        rows.append(("ingest.full_list", str(self.ingest.full_list).lower()))
        return rows


def load_settings(path: Path) -> Settings:
    """Read and check a settings file; a missing file means defaults."""
    if not path.exists():
        return Settings()
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: no valid TOML: {error}", "Mend the line named above.") from None
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise UsageError(*_explain(path, text, error)) from None


def _explain(path: Path, text: str, error: ValidationError) -> tuple[str, str]:
    """The first mistake in words: file, line, key, what was expected and the nearest name."""
    errors = error.errors(include_input=False, include_url=False)
    # A misspelt key is told before the key that is absent because of it.
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    location = [str(part) for part in first["loc"]]
    key = ".".join(location)
    line = _line_of(text, location)
    where = f"{path}, line {line}" if line else f"{path}"
    if first["type"] == "extra_forbidden":
        allowed = _allowed(location[:-1])
        near = difflib.get_close_matches(location[-1], allowed, n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(allowed)}."
        return f"{where}: unknown key '{key}'.", hint
    told = first["msg"].removeprefix("Value error, ")
    expected = told[0].lower() + told[1:]
    more = len(errors) - 1
    return f"{where}: key '{key}': {expected}.", f"{more} more mistake(s) in this file." if more else ""


def _allowed(location: list[str]) -> list[str]:
    model: Any = Settings
    for part in location:
        if part.isdigit():
            model = next(iter(get_args(model)), None)  # one table of a list of them
        else:
            field = getattr(model, "model_fields", {}).get(part)
            model = field.annotation if field else None
    return list(getattr(model, "model_fields", ()))


def _line_of(text: str, location: list[str]) -> int | None:
    """The physical line of a key, under its table header; of an absent key that of the table."""
    names = [part for part in location if not part.isdigit()]
    table, key = ".".join(names[:-1]), names[-1] if names else ""
    current, header = "", None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("["):
            current = line.strip("[] ")
            if current == ".".join(names):
                return number
            if current == table:
                header = number
        elif line.split("=")[0].strip() == key and current == table:
            return number
    return header

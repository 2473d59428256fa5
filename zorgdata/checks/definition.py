"""Checks as files: ``sql/checks/<name>.sql``, a TOML header and the select that finds the offending rows.

The select returns keys only (pseudonyms, codes, lines), so that what an analyst looks at never identifies a
child. Numbers a region may want to change are ``[parameters]`` and reach the select as
``getvariable('name')``; ``getvariable('checked_at')`` is the moment of checking (a timestamp in UTC).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from zorgdata.assets import asset
from zorgdata.engine.header import Block, ModelFileError, check_keys, read_block
from zorgdata.engine.parse import Parsed, parse_all
from zorgdata.errors import UsageError

IDENTIFYING_COLUMNS = frozenset(
    {"bsn", "birth_date", "postcode", "last_name", "initials", "pupil_number", "professional_id"}
)
"""Columns that no check may return; none of them exists after landing, and this keeps it so."""


class Severity(StrEnum):
    """What a failure means: figures are wrong; figures may mislead; good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Family(StrEnum):
    """Whether data have the agreed form, are all there, and can be true (Kahn et al. 2016)."""

    CONFORMANCE = "conformance"
    COMPLETENESS = "completeness"
    PLAUSIBILITY = "plausibility"


_REQUIRED: dict[str, type] = {
    "label": str,
    "description": str,
    "severity": str,
    "family": str,
    "total": str,
    "threshold": dict,
    "needs": list,
    "columns": dict,
    "how_to_read": str,
}
_OPTIONAL: dict[str, type] = {
    "affects": list,
    "parameters": dict,
    "count": str,
    "tags": list,
    "seeds": list,
}
_VARIABLE = re.compile(r"getvariable\('([a-z_]+)'\)")


@dataclass(frozen=True)
class Threshold:
    """The largest ``count`` of offending rows, or ``share`` of the total, that still passes."""

    unit: str
    value: float

    def exceeded(self, offending: int, total: int, value: float | None = None) -> bool:
        """Whether ``offending`` of ``total`` (more than 0) is too much; ``value`` replaces the limit."""
        limit = self.value if value is None else value
        return offending > limit if self.unit == "count" else offending / total > limit


@dataclass(frozen=True)
class Check:
    """One check.

    ``label`` and ``how_to_read`` are Dutch, for readers. ``total`` is a relation whose rows are counted, or a
    select of one number. ``count`` is empty, or the column of the select that is added up instead of counting
    rows (a row then stands for many records). ``affects`` are keys of metrics that a failure makes dubious.
    """

    name: str
    path: Path
    label: str
    description: str
    severity: Severity
    family: Family
    total: str
    threshold: Threshold
    needs: tuple[str, ...]
    columns: dict[str, str]
    how_to_read: str
    affects: tuple[str, ...]
    parameters: dict[str, float]
    count: str
    tags: tuple[str, ...]
    seeds: tuple[str, ...]
    body: str
    parsed: Parsed


@dataclass(frozen=True)
class Checks:
    """All checks by name, in order of name."""

    by_name: dict[str, Check]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def get(self, name: str) -> Check:
        """The check with this name; UsageError names the nearest."""
        if name not in self.by_name:
            raise UsageError(f"No check is called {name!r}.", self._near(name))
        return self.by_name[name]

    def select(self, selector: str) -> tuple[Check, ...]:
        """The checks that ``selector`` means; all when it is empty.

        Terms are separated by spaces or commas and add up: a name, a pattern with ``*``, ``tag:x``,
        ``severity:x``, ``family:x`` or ``affects:metric``. UsageError when a term means nothing.
        """
        terms = selector.replace(",", " ").split()
        chosen = {check.name for term in terms for check in self._match(term)}
        return tuple(check for check in self if not terms or check.name in chosen)

    def _match(self, term: str) -> list[Check]:
        what, _, value = term.partition(":")
        match what if value else "name":
            case "tag":
                found = [check for check in self if value in check.tags]
            case "severity":
                found = [check for check in self if value == check.severity]
            case "family":
                found = [check for check in self if value == check.family]
            case "affects":
                found = [check for check in self if value in check.affects]
            case _:
                found = [check for check in self if fnmatchcase(check.name, term)]
        if not found:
            raise UsageError(f"No check is called {term!r}.", self._near(term))
        return found

    def _near(self, name: str) -> str:
        near = get_close_matches(name, list(self.by_name), n=3)
        if near:
            return f"Did you mean {', '.join(near)}?"
        return "Use a name, a pattern with *, tag:x, severity:x, family:x or affects:metric."


def load_checks(root: Path | None = None) -> Checks:
    """Read the checks under ``root`` (default: those that come with zorgdata).

    Raises ModelFileError, with file and line, for a malformed header or select.
    """
    paths = sorted((root or asset("sql", "checks")).glob("*.sql"))
    blocks = [read_block(path, path.read_text(encoding="utf-8")) for path in paths]
    parses = parse_all([block.body for block in blocks])
    checks = [_check(*parts) for parts in zip(paths, blocks, parses, strict=True)]
    return Checks({check.name: check for check in checks})


def _check(path: Path, block: Block, parsed: Parsed) -> Check:
    if parsed.error:
        raise ModelFileError(path, block.body_line + parsed.line - 1, parsed.error)
    check_keys(path, block, _REQUIRED, _OPTIONAL)
    raw = block.raw
    check = Check(
        name=path.stem,
        path=path,
        label=raw["label"],
        description=raw["description"],
        severity=Severity(_one_of(path, block, "severity", tuple(Severity))),
        family=Family(_one_of(path, block, "family", tuple(Family))),
        total=raw["total"],
        threshold=_threshold(path, block),
        needs=tuple(raw["needs"]),
        columns=raw["columns"],
        how_to_read=raw["how_to_read"].strip(),
        affects=tuple(raw.get("affects", ())),
        parameters={name: float(value) for name, value in raw.get("parameters", {}).items()},
        count=raw.get("count", ""),
        tags=tuple(raw.get("tags", ())),
        seeds=tuple(raw.get("seeds", ())),
        body=block.body,
        parsed=parsed,
    )
    problem = _problem(check)
    if problem:
        raise ModelFileError(path, block.line, problem)
    return check


def _problem(check: Check) -> str:
    """What is wrong with a check as a whole; empty when nothing is."""
    text = f"{check.body} {check.total}"
    used = set(_VARIABLE.findall(text)) - {"checked_at"}
    # A variable that nobody sets is null, and a comparison with null finds nothing: the check could not fail.
    if used != set(check.parameters):
        return f"parameters declared: {sorted(check.parameters)}; used: {sorted(used)}"
    if check.parsed.bare:
        return f"relations without schema: {sorted(check.parsed.bare)}"
    if check.count and check.count not in check.columns:
        return f"'count' names a column that is not described: {check.count}"
    shown = IDENTIFYING_COLUMNS & set(check.columns)
    if shown:
        return f"a check returns no identifying columns: {sorted(shown)}"
    return ""


def _one_of(path: Path, block: Block, key: str, allowed: tuple[str, ...]) -> str:
    value: str = block.raw[key]
    if value not in allowed:
        raise ModelFileError(path, block.line, f"{key!r} must be one of {', '.join(allowed)}")
    return value


def _threshold(path: Path, block: Block) -> Threshold:
    entry: dict[str, Any] = block.raw["threshold"]
    if len(entry) != 1 or not set(entry) <= {"count", "share"}:
        raise ModelFileError(path, block.line, "'threshold' is { count = n } or { share = x }")
    unit, value = next(iter(entry.items()))
    if not isinstance(value, int | float) or value < 0 or (unit == "share" and value > 1):
        raise ModelFileError(path, block.line, "a count is 0 or more, a share lies between 0 and 1")
    return Threshold(unit, float(value))

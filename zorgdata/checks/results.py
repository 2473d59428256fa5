"""What the checks found, and the gate that stops a publication."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pyarrow as pa

from zorgdata.checks.definition import Severity
from zorgdata.errors import CheckError, UsageError


class Status(StrEnum):
    """Outcome of a check, in order of precedence. Not applicable is not passed."""

    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"
    PASSED = "passed"


_SCHEMA = pa.schema(
    [
        ("check", pa.string()),
        ("severity", pa.string()),
        ("status", pa.string()),
        ("offending", pa.int64()),
        ("total", pa.int64()),
        ("share", pa.float64()),
        ("threshold", pa.float64()),
        ("message", pa.string()),
    ]
)


@dataclass(frozen=True)
class CheckResult:
    """Outcome of one check.

    ``offending`` of ``total`` rows; None when the check could not look. ``threshold`` is a number of rows or
    a share, see ``threshold_unit``. ``message`` is Dutch and holds no counts: these are in their own
    columns, where a publication can leave them out.
    """

    name: str
    severity: Severity
    status: Status
    offending: int | None
    total: int | None
    threshold: float
    threshold_unit: str
    message: str
    affects: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """offending / total; None when the check could not look or there was nothing to look at."""
        return self.offending / self.total if self.offending is not None and self.total else None

    @property
    def is_bad(self) -> bool:
        """Failed, or could not be carried out: a check that cannot look is no reassurance."""
        return self.status in {Status.FAILED, Status.ERROR}


@dataclass(frozen=True)
class CheckResults:
    """The outcomes of one run of checks, in order of name."""

    results: tuple[CheckResult, ...]
    run_id: str
    checked_at: datetime

    def __iter__(self) -> Iterator[CheckResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, name: str) -> CheckResult:
        return next(result for result in self.results if result.name == name)

    def failed(self, severity: str | None = None) -> tuple[CheckResult, ...]:
        """Checks that failed or could not be carried out: of this ``severity``, or of any."""
        return tuple(r for r in self.results if r.is_bad and severity in {None, r.severity})

    def counts(self) -> dict[str, int]:
        """Number of checks per status, every status present."""
        found = Counter(str(result.status) for result in self.results)
        return {str(status): found[status] for status in Status}

    def table(self) -> pa.Table:
        """One row per check: check, severity, status, offending, total, share, threshold, message."""
        rows = [
            {
                "check": result.name,
                "severity": str(result.severity),
                "status": str(result.status),
                "offending": result.offending,
                "total": result.total,
                "share": result.share,
                "threshold": result.threshold,
                "message": result.message,
            }
            for result in self.results
        ]
        return pa.Table.from_pylist(rows, _SCHEMA)


def gate(results: CheckResults, severity: str) -> None:
    """Raise CheckError (exit 5) when a check of this severity, or a graver one, failed or could not run.

    The message names the checks and the metrics that they make unreliable. ``severity`` is error, warning or
    note; anything else is a UsageError.
    """
    order = list(Severity)
    if severity not in order:
        raise UsageError(f"There is no severity {severity!r}.", f"Known: {', '.join(order)}.")
    graver = order[: order.index(Severity(severity)) + 1]
    bad = [result for result in results.failed() if result.severity in graver]
    if not bad:
        return
    names = ", ".join(f"{result.name} ({result.status})" for result in bad)
    affected = sorted({metric for result in bad for metric in result.affects})
    unreliable = f" Unreliable because of it: {', '.join(affected)}." if affected else ""
    raise CheckError(
        f"Data-quality checks stop the run: {names}.{unreliable}",
        f"What each one means and what to do: docs/reference/checks, starting with {bad[0].name}.md.",
    )

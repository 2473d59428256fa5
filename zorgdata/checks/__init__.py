"""Data-quality checks: SQL files that find offending rows, four statuses, a gate before publication.

Statuses in order of precedence: error (could not look), not applicable (nothing to look at; not the same as
passed), failed, passed.
"""

from zorgdata.checks.definition import Check, Checks, Family, Severity, Threshold, load_checks
from zorgdata.checks.history import history
from zorgdata.checks.pages import write_check_pages
from zorgdata.checks.results import CheckResult, CheckResults, Status, gate
from zorgdata.checks.run import offending_rows, run_checks

__all__ = [
    "Check",
    "CheckResult",
    "CheckResults",
    "Checks",
    "Family",
    "Severity",
    "Status",
    "Threshold",
    "gate",
    "history",
    "load_checks",
    "offending_rows",
    "run_checks",
    "write_check_pages",
]

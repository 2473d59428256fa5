"""Runs checks on an open work database and keeps what they found in ``meta.check_result``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from zorgdata.checks.definition import Check, Checks, load_checks
from zorgdata.checks.results import CheckResult, CheckResults, Status
from zorgdata.engine.parse import literal
from zorgdata.errors import UsageError

_NO_CHANGES: Mapping[str, float] = MappingProxyType({})
# Their messages speak of our own SQL; those of other errors may quote a value from the data.
_SAFE_ERRORS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    run_id: str = "",
    select: str = "",
    checked_at: datetime | None = None,
    *,
    thresholds: Mapping[str, float] = _NO_CHANGES,
    root: Path | None = None,
) -> CheckResults:
    """Run the checks that ``select`` means (all when empty) and add their results to ``meta.check_result``.

    ``checked_at`` (UTC without zone; now when None) is the moment lateness is measured from. ``thresholds``
    replaces limits: ``{"unknown_referrer": 0.2}`` the threshold of a check in its own unit,
    ``{"record_change.tolerance": 0.25}`` a parameter. UsageError for a name that no check has.
    Earlier results stay. A check whose tables are absent or empty is not applicable; one whose SQL fails has
    the status error, and the others go on.
    """
    moment = checked_at or datetime.now(UTC).replace(tzinfo=None)
    checks = load_checks(root)
    _refuse_unknown(checks, thresholds)
    relations = _relations(connection)
    results = CheckResults(
        tuple(_run_one(connection, check, moment, thresholds, relations) for check in checks.select(select)),
        run_id,
        moment,
    )
    _store(connection, results)
    return results


def offending_rows(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    limit: int = 100,
    checked_at: datetime | None = None,
    *,
    thresholds: Mapping[str, float] = _NO_CHANGES,
    root: Path | None = None,
) -> pa.Table:
    """The first ``limit`` rows that the check ``name`` objects to: keys only.

    The same select as that of the count. UsageError when no check has that name, or its tables are not there.
    """
    checks = load_checks(root)
    check = checks.get(name)
    _refuse_unknown(checks, thresholds)
    _set_variables(connection, check, checked_at or datetime.now(UTC).replace(tzinfo=None), thresholds)
    try:
        query = f"select * from (\n{check.body}\n) as found order by all limit {int(limit)}"
        return connection.execute(query).to_arrow_table()
    except duckdb.Error as error:
        raise UsageError(f"The check {name} cannot look: {_reason(error)}", "Run: zorgdata build") from None


def _run_one(
    connection: duckdb.DuckDBPyConnection,
    check: Check,
    moment: datetime,
    thresholds: Mapping[str, float],
    relations: tuple[frozenset[str], frozenset[str]],
) -> CheckResult:
    limit = thresholds.get(check.name, check.threshold.value)

    def result(
        status: Status, message: str, offending: int | None = None, total: int | None = None
    ) -> CheckResult:
        return CheckResult(
            check.name,
            check.severity,
            status,
            offending,
            total,
            limit,
            check.threshold.unit,
            message,
            check.affects,
        )

    # To find a first row of a view may cost as much as the check; that it is empty shows in the total.
    tables, views = relations
    asked = [need for need in check.needs if need not in views]
    empty = [table for table in asked if table not in tables or _is_empty(connection, table)]
    if empty:
        return result(Status.NOT_APPLICABLE, f"Niets geleverd voor {', '.join(empty)}.")
    try:
        _set_variables(connection, check, moment, thresholds)
        found = connection.execute(_counting(check)).fetchone() or (0, 0)
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        return result(Status.ERROR, f"De controle kon niet worden uitgevoerd: {_reason(error)}")
    offending, total = int(found[0]), int(found[1])
    if not total:
        return result(Status.NOT_APPLICABLE, "Er is niets om te controleren.", offending, total)
    if check.threshold.exceeded(offending, total, limit):
        message = f"Boven de grens van {_limit(check, limit)}." if limit else "Dit mag niet voorkomen."
        return result(Status.FAILED, message, offending, total)
    message = f"Binnen de grens van {_limit(check, limit)}." if offending else "Geen bijzonderheden."
    return result(Status.PASSED, message, offending, total)


def _counting(check: Check) -> str:
    """One query for both numbers, over the very select that gives the rows."""
    counted = f"coalesce(sum({check.count}), 0)" if check.count else "count(*)"
    total = check.total if " " in check.total.strip() else f"select count(*) from {check.total}"
    return f"select (select {counted} from (\n{check.body}\n) as found), ({total})"


def _set_variables(
    connection: duckdb.DuckDBPyConnection, check: Check, moment: datetime, thresholds: Mapping[str, float]
) -> None:
    stamp = moment.replace(tzinfo=None).isoformat(sep=" ")
    connection.execute(f"set variable checked_at = timestamp {literal(stamp)}")
    for name, value in check.parameters.items():
        connection.execute(
            f"set variable {name} = {float(thresholds.get(f'{check.name}.{name}', value))!r}::double"
        )


def _relations(connection: duckdb.DuckDBPyConnection) -> tuple[frozenset[str], frozenset[str]]:
    """Tables, and views, of the current database as ``schema.name``."""
    found = connection.execute(
        "select schema_name || '.' || table_name, false from duckdb_tables() "
        "where database_name = current_database() union all "
        "select schema_name || '.' || view_name, true from duckdb_views() "
        "where database_name = current_database() and not internal"
    ).fetchall()
    views = frozenset(str(name) for name, is_view in found if is_view)
    return frozenset(str(name) for name, _ in found) - views, views


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"select 1 from {table} limit 1").fetchone() is None


def _refuse_unknown(checks: Checks, thresholds: Mapping[str, float]) -> None:
    known = set(checks.by_name) | {f"{check.name}.{name}" for check in checks for name in check.parameters}
    for name in thresholds:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=3)
            raise UsageError(
                f"No check or parameter is called {name!r}.",
                f"Did you mean {', '.join(near)}?" if near else "Known names: zorgdata check.",
            )


def _reason(error: duckdb.Error) -> str:
    if isinstance(error, _SAFE_ERRORS):
        return str(error).partition(":")[2].strip().splitlines()[0]
    return f"{type(error).__name__} (the message may hold data and is left out)"


def _limit(check: Check, value: float) -> str:
    if check.threshold.unit == "count":
        return f"{value:g} rijen" if value != 1 else "1 rij"
    return f"{100 * value:g} %".replace(".", ",")


def _store(connection: duckdb.DuckDBPyConnection, results: CheckResults) -> None:
    """One insert, so that it is all or nothing inside and outside a transaction of the caller."""
    if not results.results:
        return

    def number(value: float | None) -> str:
        return "null" if value is None else repr(value)

    stamp = literal(results.checked_at.replace(tzinfo=None).isoformat(sep=" "))
    values = ",\n".join(
        f"({literal(results.run_id)}, {literal(r.name)}, {literal(r.severity)}, {literal(r.status)}, "
        f"{number(r.offending)}, {number(r.total)}, {number(r.threshold)}, {literal(r.message)}, "
        f"[{', '.join(literal(metric) for metric in r.affects)}]::varchar[], timestamp {stamp})"
        for r in results
    )
    connection.execute(
        "insert into meta.check_result (run_id, check_name, severity, status, offending, total, threshold, "
        f"message, affects, checked_at) values {values}"
    )

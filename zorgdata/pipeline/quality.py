"""Theme K figures that no SQL model can give: they need the ledger, the last protection or old snapshots.

``note`` puts them into ``metrics.value`` after a build, which has lost them when it was rebuilt. They are
written anew every time, and hold counts of files and cells, never of children.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import duckdb

from zorgdata.catalogue import load
from zorgdata.pipeline import snapshot
from zorgdata.pipeline.expected import sources
from zorgdata.pipeline.session import Session
from zorgdata.settings import Settings
from zorgdata.store import open_published, transaction
from zorgdata.workspace import Workspace

WRITTEN = ("freshness", "suppressed_share", "revision_size")
"""Metrics that are all from here; of ``conflict_share`` only the part ``negatieve_duur`` is."""

_SHOWN = """
    select audience, metric, level, coalesce(unit_id, ''), coalesce(period, ''),
        coalesce(cast(reference_date as varchar), ''), coalesce(dimension, ''),
        coalesce(dimension_value, ''), value
    from protected.value
    where value is not null and cell_status = 'shown' and period is not null
"""


@dataclass(frozen=True)
class Figure:
    """One row of ``metrics.value``, of the region unless ``municipality`` is filled."""

    metric: str
    period: str
    dimension: str
    part: str
    numerator: float
    denominator: float | None = None
    municipality: str = ""

    @property
    def value(self) -> float | None:
        """The numerator, or its share in the denominator; None where that is 0."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


def note(session: Session, today: date) -> int:
    """Write the figures of the day; the number of rows. Nothing when ``metrics.value`` is not built."""
    connection = session.connection
    if not _exists(connection, "metrics", "value"):
        return 0
    quarter = _last_quarter(connection)
    figures = [
        *freshness(connection, session.workspace.settings, today, quarter),
        *negative_durations(connection, quarter),
        *suppressed(connection),
        *revisions(session.workspace),
    ]
    rows = [
        (
            *(f.metric, "responsible_municipality" if f.municipality else "region"),
            *(f.municipality or "region", f.period, f.dimension, f.part, f.value, f.numerator, f.denominator),
            "undefined" if f.value is None else "ok",
        )
        for f in figures
    ]
    with transaction(connection):
        connection.execute(
            "delete from metrics.value where metric in (select unnest(?)) "
            "or (metric = 'conflict_share' and dimension_value = 'negatieve_duur')",
            [list(WRITTEN)],
        )
        if rows:
            connection.executemany(
                "insert into metrics.value (metric, level, unit_id, period, dimension, dimension_value, "
                "value, numerator, denominator, n_children, status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                rows,
            )
    return len(rows)


def freshness(
    connection: duckdb.DuckDBPyConnection, settings: Settings, today: date, quarter: str
) -> Iterator[Figure]:
    """Days since the newest file of every kind: of the region as a whole, and of each municipality (K7)."""
    newest: dict[str, int] = {}
    for source in sources(connection, settings, today):
        if source.days is None:
            continue
        newest[source.kind] = min(source.days, newest.get(source.kind, source.days))
        if source.municipality_code:
            yield Figure(
                "freshness",
                quarter,
                "source",
                source.kind,
                source.days,
                municipality=source.municipality_code,
            )
    for kind, days in sorted(newest.items()):
        yield Figure("freshness", quarter, "source", kind, days)


def negative_durations(connection: duckdb.DuckDBPyConnection, quarter: str) -> Iterator[Figure]:
    """Records set aside because they end before they start, of all records read (K5)."""
    row = connection.execute(
        "select (select count(*) from meta.quarantine where reason_code = 'end_before_start'), "
        "(select coalesce(sum(records_read), 0)::bigint from meta.file where status = 'loaded')"
    ).fetchone()
    wrong, read = row or (0, 0)
    if read:
        yield Figure("conflict_share", quarter, "conflict", "negatieve_duur", wrong, read)


def suppressed(connection: duckdb.DuckDBPyConnection) -> Iterator[Figure]:
    """Hidden cells of all cells with a figure, per period, audience and theme, as protected last (K6).

    Cells that cannot occur (``not_applicable``) do not count; neither does theme K itself.
    """
    if not _exists(connection, "protected", "value"):
        return
    theme = {key: metric.theme for key, metric in load().by_key.items()}
    counted: dict[tuple[str, str], list[int]] = {}
    for audience, metric, period, hidden, cells in connection.execute(
        "select audience, metric, period, count(*) filter (where cell_status like 'suppressed%'), count(*) "
        "from protected.value where cell_status <> 'not_applicable' and period is not null group by all"
    ).fetchall():
        letter = theme.get(metric, "K")
        if letter != "K":
            total = counted.setdefault((period, f"{audience}|{letter}"), [0, 0])
            total[0] += hidden
            total[1] += cells
    for (period, part), (hidden, cells) in sorted(counted.items()):
        yield Figure("suppressed_share", period, "table", part, hidden, cells)


def revisions(workspace: Workspace) -> Iterator[Figure]:
    """How much figures moved between the last two snapshots, per metric and period (K4).

    Σ |new − old| / Σ |old| over the cells that both show. Metrics that did not move give no row.
    """
    kept = snapshot.snapshots(workspace)
    if len(kept) < 2:
        return
    old, new = (_shown(workspace, str(manifest["snapshot"])) for manifest in kept[-2:])
    moved: dict[tuple[str, str], list[float]] = {}
    for key in sorted(old.keys() & new.keys()):
        total = moved.setdefault((key[1], key[4]), [0.0, 0.0])
        total[0] += abs(new[key] - old[key])
        total[1] += abs(old[key])
    for (metric, period), (change, before) in sorted(moved.items()):
        if change:
            yield Figure("revision_size", period, "table", metric, change, before)


def _shown(workspace: Workspace, name: str) -> Mapping[tuple[str, ...], float]:
    with closing(open_published(snapshot.database_of(workspace, name))) as connection:
        return {tuple(row[:-1]): row[-1] for row in connection.execute(_SHOWN).fetchall()}


def _last_quarter(connection: duckdb.DuckDBPyConnection) -> str:
    """The quarter of the last event that was delivered; empty without events."""
    if not _exists(connection, "core", "event_period"):
        return ""
    row = connection.execute(
        "select period from core.event_period where kind = 'quarter' and "
        "from_day <= (select datediff('day', date '1970-01-01', last_day) from core.span) "
        "order by from_day desc limit 1"
    ).fetchone()
    return str(row[0]) if row else ""


def _exists(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, table]
    ).fetchone()
    return bool(found and found[0])

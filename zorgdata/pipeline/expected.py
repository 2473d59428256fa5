"""What came in against what should: per kind and municipality the newest delivery, and whether it is late."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from zorgdata.pipeline.session import Session
from zorgdata.settings import Settings

_NEWEST = """
    select kind, coalesce(municipality_code, '') as municipality_code, count(*) as files,
        max(received_at) as newest, sum(records_read)::bigint as records,
        sum(records_quarantined)::bigint as set_aside
    from meta.file where status = 'loaded' group by all order by all
"""


@dataclass(frozen=True)
class Source:
    """One kind of one municipality (empty where it has none); ``every_days`` is None when not expected."""

    kind: str
    municipality_code: str
    files: int = 0
    newest: datetime | None = None
    records: int = 0
    set_aside: int = 0
    every_days: int | None = None
    days: int | None = None

    @property
    def state(self) -> str:
        """``never``, ``late``, ``on time``, or nothing where no delivery is expected."""
        if self.every_days is None:
            return ""
        if self.days is None:
            return "never"
        return "late" if self.days > self.every_days else "on time"

    @property
    def told(self) -> str:
        """The state as a sentence for a log."""
        who = f"{self.kind} of {self.municipality_code}" if self.municipality_code else self.kind
        if self.days is None:
            return f"No {who} came in yet; expected every {self.every_days} days."
        return f"The last {who} came in {self.days} days ago; expected every {self.every_days}."


def sources(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> list[Source]:
    """Every source that delivered or should have, in order of kind and municipality."""
    found = {}
    days_of: dict[tuple[str, str], int] = {}
    for kind, code, files, newest, records, set_aside in connection.execute(_NEWEST).fetchall():
        days = (today - newest.date()).days
        found[kind, code] = Source(kind, code, files, newest, records, set_aside, days=days)
        now = kind, settings.region.current(code)
        days_of[now] = min(days, days_of.get(now, days))
    for kind, code, every in _wanted(settings, {kind for kind, code in found if code}):
        known = found.get((kind, code), Source(kind, code))
        # A municipality that has just merged may still deliver under its old code.
        found[kind, code] = replace(known, every_days=every, days=days_of.get((kind, code), known.days))
    return [found[key] for key in sorted(found)]


def late(session: Session, today: date) -> Iterator[Source]:
    """The expected sources that are late or never delivered."""
    settings = session.workspace.settings
    if settings.expected:
        for source in sources(session.connection, settings, today):
            if source.state in {"late", "never"}:
                yield source


def _wanted(settings: Settings, municipal: set[str]) -> Iterator[tuple[str, str, int]]:
    for entry in settings.expected:
        codes: tuple[str, ...] = entry.municipalities
        if not codes and entry.kind in municipal | {"indications", "deliveries", "declarations"}:
            region = settings.region
            codes = tuple(dict.fromkeys(region.current(code) for code in region.municipalities))
        for code in codes or ("",):
            yield entry.kind, code, entry.every_days

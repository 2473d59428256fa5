"""Reads the published database into :class:`ReportInputs`: ``protected.*`` and shareable ``meta.*`` only.

``query(sql, params)`` is whatever runs one SELECT on the published database and returns an Arrow table.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import pyarrow as pa

from zorgdata.assets import asset
from zorgdata.catalogue import Catalogue
from zorgdata.catalogue import load as load_catalogue
from zorgdata.disclosure.table import ProtectedTable
from zorgdata.engine.header import read_block
from zorgdata.errors import UsageError
from zorgdata.report.language import computed
from zorgdata.report.model import (
    Arrival,
    Check,
    Delivery,
    Earlier,
    Figures,
    Initiative,
    Merger,
    Milestone,
    Period,
    Publication,
    RegistrationWarning,
    ReportInputs,
    Unit,
    school_year,
)

Query = Callable[[str, Sequence[Any]], pa.Table]
AUDIENCES = ("public", "professional", "internal")
UNIT_LEVELS = ("school", "school_municipality", "swv", "board", "school_type", "responsible_municipality")
"""Levels that a report can be about besides the region, in the order in which an identifier is looked up."""


def read_inputs(
    query: Query,
    audience: str,
    *,
    as_of: date,
    unit: str | None = None,
    period: str | None = None,
    catalogue: Catalogue | None = None,
    region: str = "",
    contact: str = "",
    earlier: Earlier | None = None,
    table: ProtectedTable | None = None,
) -> ReportInputs:
    """Everything a report needs for one audience.

    ``unit`` is a unit id (BRIN6, municipality, samenwerkingsverband, board or school type) with or without
    its level before it (``swv:SWV01``), None for the region. ``period`` is a school year, None
    for the latest one with figures on 1 October. ``region`` overrules the region's name.
    Raises :class:`UsageError` for an audience, unit or period that the publication does not have.
    """
    if audience not in AUDIENCES:
        raise UsageError(f"There is no audience {audience!r}.", f"Choose one of: {', '.join(AUDIENCES)}.")
    from zorgdata.disclosure import read_protected

    table = table or read_protected(cast(Any, _Connection(query)), audience)
    if not len(table):
        raise UsageError(
            f"The publication has no figures for audience {audience!r}.",
            "Add the audience to [report] audiences in zorgdata.toml and run: zorgdata run nightly",
        )
    publication = _publication(query, audience)
    periods = _periods(query, table)
    units = _units(query, table)
    chosen = _choose_period(period, periods, table)
    region_unit = next((u for u in units if u.level == "region"), Unit("region", "", "Regio"))
    if region:
        region_unit = Unit("region", region_unit.unit_id, region)
    return ReportInputs(
        figures=Figures.of(table),
        catalogue=catalogue or load_catalogue(),
        units=units,
        periods=periods,
        deliveries=_deliveries(query),
        checks=_checks(query),
        publication=publication,
        audience=audience,
        period=chosen,
        as_of=as_of,
        region=region_unit,
        unit=_choose_unit(unit, units),
        contact=contact,
        places=_places(query),
        milestones=_milestones(query),
        initiatives=_initiatives(query),
        members=_members(query),
        earlier=earlier,
        warnings=_warnings(query),
        mergers=_mergers(query),
    )


def read_earlier(query: Query, audience: str, *, name: str, arrivals: Sequence[Arrival] = ()) -> Earlier:
    """What an earlier publication showed to an audience; without figures when it had none for it."""
    from zorgdata.disclosure import read_protected

    table = read_protected(cast(Any, _Connection(query)), audience)
    return Earlier(name, _publication(query, audience).data_until, Figures.of(table), tuple(arrivals))


class _Connection:
    """As much of a connection as reading protected figures needs: a SELECT and its rows."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, query: str, parameters: Any = ()) -> "_Connection":
        table = self._query(query, list(parameters))
        columns = [column.to_pylist() for column in table.columns]
        self._rows = list(zip(*columns, strict=True))
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


def _publication(query: Query, audience: str) -> Publication:
    rows = query(
        "select publication_id, audience, data_until, cells, cells_shown from meta.publication "
        "where audience = ? order by created_at desc, publication_id limit 1",
        [audience],
    ).to_pylist()
    return Publication(**rows[0]) if rows else Publication("", audience)


def _periods(query: Query, table: ProtectedTable) -> tuple[Period, ...]:
    """Years and school years with figures, oldest first."""
    used = {c.period or school_year(c.reference_date) for c in table}
    # An older publication does not say who is late.
    rows = query("select * from protected.period order by period", [])
    return tuple(
        Period(
            r["period"],
            r["start_date"],
            r["end_date"],
            r["status"] == "provisional",
            tuple(code for code in (r.get("late_municipalities") or "").split(",") if code),
        )
        for r in rows.to_pylist()
        if r["period"] in used
    )


def _units(query: Query, table: ProtectedTable) -> tuple[Unit, ...]:
    """Named units; a unit without a name is known by its id."""
    rows = query("select level, unit_id, name, school_type, municipality_code from protected.unit", [])
    units = {(r["level"], r["unit_id"]): Unit(**{k: v or "" for k, v in r.items()}) for r in rows.to_pylist()}
    for cell in table:
        units.setdefault(
            (cell.level, cell.unit_id), Unit(cell.level, cell.unit_id, cell.unit_id or cell.level)
        )
    return tuple(units[key] for key in sorted(units))


def _choose_period(period: str | None, periods: Sequence[Period], table: ProtectedTable) -> str:
    """The asked school year, else the last one with a 1 October: a year that has only begun says little."""
    years = [p.period for p in periods if len(p.period) == 9]
    if period is None:
        counted = {c.period or school_year(c.reference_date) for c in table if c.reference_date}
        return max((y for y in years if y in counted), default=years[-1] if years else "")
    if period not in years:
        raise UsageError(
            f"The publication has no school year {period!r}.",
            f"It has: {', '.join(years) or 'none'}.",
        )
    return period


def _choose_unit(unit: str | None, units: Sequence[Unit]) -> Unit | None:
    if unit is None or unit == "region":
        return None
    level, _, own = unit.rpartition(":")
    if level and level not in UNIT_LEVELS:
        raise UsageError(f"There is no level {level!r} of units.", f"Levels: {', '.join(UNIT_LEVELS)}.")
    for wanted in (level,) if level else UNIT_LEVELS:
        for candidate in units:
            if candidate.level == wanted and candidate.unit_id == own:
                return candidate
    near = difflib.get_close_matches(
        own, [u.unit_id for u in units if u.level in UNIT_LEVELS], n=1, cutoff=0.6
    )
    raise UsageError(
        f"The publication has no unit {unit!r}.",
        (f"Did you mean {near[0]!r}? " if near else "")
        + "Give a school (BRIN6), a municipality code, a samenwerkingsverband, a board or a school type.",
    )


def _deliveries(query: Query) -> tuple[Delivery, ...]:
    rows = query(
        "select coalesce(kind, 'unknown') as kind, coalesce(municipality_code, '') as municipality_code, "
        "count(*) as files, cast(max(received_at) as date) as last_received, "
        'sum(records_read) as "read", sum(records_accepted) as accepted, '
        "sum(records_quarantined) as quarantined, sum(records_blank) as blank "
        "from meta.file group by all order by kind, municipality_code",
        [],
    ).to_pylist()
    return tuple(
        Delivery(
            r["kind"],
            r["municipality_code"],
            int(r["files"]),
            r["last_received"],
            *(int(r[c] or 0) for c in ("read", "accepted", "quarantined", "blank")),
        )
        for r in rows
    )


def _checks(query: Query) -> tuple[Check, ...]:
    """Outcomes of checks, with the words and the affected metrics from the head of each check's file."""
    rows = query(
        "select check_name as name, severity, status, offending, total, coalesce(message, '') as message "
        "from meta.check_result order by check_name",
        [],
    ).to_pylist()
    found = []
    for row in rows:
        # The limit of a check is a setting; what was counted against it is not in a publication.
        for limit in _LIMIT.findall(row["message"]):
            computed(limit)
        path = asset("sql", "checks", f"{row['name']}.sql")
        raw = read_block(path, path.read_text(encoding="utf-8")).raw if path.is_file() else {}
        found.append(
            Check(
                **row,
                label=str(raw.get("label", "")),
                how_to_read=_explained(raw),
                affects=tuple(raw.get("affects", ())),
            )
        )
    return tuple(found)


_LIMIT = re.compile(r"grens van ([\d.,]*\d(?:\s?%)?)")


def _explained(raw: Mapping[str, Any]) -> str:
    """How to read a check, with the limits in place of their names."""
    text = " ".join(str(raw.get("how_to_read", "")).split())
    for name, value in raw.get("parameters", {}).items():
        text = re.sub(rf"\b{re.escape(name)}\b", f"{value:g}".replace(".", ","), text)
    return computed(text)


def _optional(query: Query, table: str, columns: str) -> list[dict[str, Any]]:
    """Rows of a table of the publication that may be absent; none when it is."""
    there = query(
        "select 1 from information_schema.tables where table_schema = 'protected' and table_name = ?", [table]
    )
    if not there.num_rows:
        return []
    found: list[dict[str, Any]] = query(
        f"select {columns} from protected.{table} order by all", []
    ).to_pylist()
    return found


def _places(query: Query) -> dict[str, tuple[float, float]]:
    """Centre of each municipality, in metres east and north."""
    rows = _optional(query, "place", "municipality_code, x, y")
    return {r["municipality_code"]: (float(r["x"]), float(r["y"])) for r in rows}


def _members(query: Query) -> dict[tuple[str, str], frozenset[str]]:
    """The schools of each unit that is a group of schools."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in _optional(query, "unit_school", "level, unit_id, school_id"):
        found.setdefault((row["level"], row["unit_id"]), set()).add(row["school_id"])
    return {key: frozenset(schools) for key, schools in found.items()}


def _milestones(query: Query) -> tuple[Milestone, ...]:
    columns = "planned_on, name, initiative, pillar, milestone_type, expected_on, realised_on"
    return tuple(
        Milestone(**{**r, **{k: r[k] or "" for k in ("name", "initiative", "pillar", "milestone_type")}})
        for r in _optional(query, "milestone", columns)
    )


def _initiatives(query: Query) -> tuple[Initiative, ...]:
    columns = "name, initiative_id, initiative_type, phase, start_date, end_date, schools"
    return tuple(
        Initiative(
            r["initiative_id"],
            r["name"],
            r["initiative_type"] or "",
            r["phase"] or "",
            r["start_date"],
            r["end_date"],
            int(r["schools"]),
        )
        for r in _optional(query, "initiative", columns)
    )


def _mergers(query: Query) -> tuple[Merger, ...]:
    """Municipalities that went on under another code; none in a publication that does not say."""
    rows = _optional(query, "merger", "municipality_code, name, later_code, ended_on")
    return tuple(Merger(**{**row, "name": row["name"] or ""}) for row in rows)


def _warnings(query: Query) -> dict[tuple[str, str, str], tuple[RegistrationWarning, ...]]:
    """Where a change may come from the registration; nothing in a publication that does not say."""
    found: dict[tuple[str, str, str], tuple[RegistrationWarning, ...]] = {}
    for r in _optional(query, "registration_warning", "level, unit_id, period, reason, since, schools"):
        key = (r["level"], r["unit_id"], r["period"])
        found[key] = (*found.get(key, ()), RegistrationWarning(r["reason"], r["since"], r["schools"]))
    return found

"""Reads the published database into :class:`ReportInputs`: ``protected.*`` and shareable ``meta.*`` only.

``query(sql, params)`` is whatever runs one SELECT on the published database and returns an Arrow table.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from zorgdata.disclosure.table import NOT_APPLICABLE, ProtectedTable
from zorgdata.errors import UsageError
from zorgdata.report.model import (
    Check,
    Delivery,
    Figures,
    MetricInfo,
    Period,
    Publication,
    ReportInputs,
    Unit,
    school_year,
)

Query = Callable[[str, Sequence[Any]], pa.Table]
AUDIENCES = ("public", "professional", "internal")


def read_inputs(
    query: Query,
    audience: str,
    *,
    as_of: date,
    unit: str | None = None,
    period: str | None = None,
    catalogue: Mapping[str, MetricInfo] | None = None,
    region: str = "",
    contact: str = "",
) -> ReportInputs:
    """Everything a report needs for one audience.

    ``unit`` is a unit id (municipality code or BRIN6), None for the region. ``period`` is a school year,
    None for the latest one in the publication. ``region`` overrules the region's name.
    Raises :class:`UsageError` for an audience, unit or period that the publication does not have.
    """
    if audience not in AUDIENCES:
        raise UsageError(f"There is no audience {audience!r}.", f"Choose one of: {', '.join(AUDIENCES)}.")
    from zorgdata.disclosure import read_protected

    tables = _tables(query)
    table = read_protected(query, audience)
    if not len(table):
        raise UsageError(
            f"The publication has no figures for audience {audience!r}.",
            f"Run `zorgdata protect --audience {audience}` first.",
        )
    publication = _publication(query, audience)
    periods = _periods(query, tables, table, publication)
    units = _units(query, tables, table)
    chosen = _choose_period(period, periods, table)
    region_unit = next((u for u in units if u.level == "region"), Unit("region", "", "Regio"))
    if region:
        region_unit = Unit("region", region_unit.unit_id, region)
    return ReportInputs(
        figures=Figures.of(table),
        catalogue=catalogue if catalogue is not None else _catalogue(),
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
    )


def _tables(query: Query) -> frozenset[str]:
    rows = query("select table_schema, table_name from information_schema.tables", []).to_pylist()
    return frozenset(f"{r['table_schema']}.{r['table_name']}" for r in rows)


def _publication(query: Query, audience: str) -> Publication:
    rows = query(
        "select publication_id, audience, data_until, cells, cells_shown from meta.publication "
        "where audience = ? order by created_at desc, publication_id limit 1",
        [audience],
    ).to_pylist()
    return Publication(**rows[0]) if rows else Publication("", audience)


def _periods(
    query: Query, tables: frozenset[str], cells: ProtectedTable, publication: Publication
) -> tuple[Period, ...]:
    """Periods that occur; one that ends after the last delivery is provisional."""
    until = publication.data_until
    marked: dict[str, bool] = {}
    if "protected.period" in tables:
        rows = query("select period, status from protected.period", []).to_pylist()
        marked = {r["period"]: r["status"] == "provisional" for r in rows}
    names = {c.period or school_year(c.reference_date) for c in cells}
    found = []
    for name in sorted({p for p in names if re.fullmatch(r"\d{4}(-\d{4})?", p)}):
        first = int(name[:4])
        school = len(name) == 9
        start, end = (
            (date(first, 8, 1), date(first + 1, 7, 31)) if school else (date(first, 1, 1), date(first, 12, 31))
        )
        found.append(Period(name, start, end, marked.get(name, until is not None and end > until)))
    return tuple(found)


def _units(query: Query, tables: frozenset[str], cells: ProtectedTable) -> tuple[Unit, ...]:
    """Labelled units; a unit without a label is known by its id."""
    units: dict[tuple[str, str], Unit] = {}
    if "protected.unit" in tables:
        for row in query(
            "select level, unit_id, name, school_type, municipality_code from protected.unit", []
        ).to_pylist():
            units[(row["level"], row["unit_id"])] = Unit(**{k: v or "" for k, v in row.items()})
    for cell in cells:
        key = (cell.level, cell.unit_id)
        if key not in units:
            units[key] = Unit(cell.level, cell.unit_id, cell.unit_id or cell.level)
    return tuple(units[key] for key in sorted(units))


def _choose_period(period: str | None, periods: Sequence[Period], cells: ProtectedTable) -> str:
    years = [p.period for p in periods if len(p.period) == 9]
    if period is None:
        region = {c.period or school_year(c.reference_date) for c in cells if c.level == "region" and c.cell_status != NOT_APPLICABLE}
        return max((y for y in years if y in region), default=years[-1] if years else "")
    if period not in years:
        raise UsageError(
            f"The publication has no school year {period!r}.",
            f"It has: {', '.join(years) or 'none'}.",
        )
    return period


def _choose_unit(unit: str | None, units: Sequence[Unit]) -> Unit | None:
    if unit is None:
        return None
    for level in ("school", "school_municipality", "municipality", "responsible_municipality"):
        for candidate in units:
            if candidate.level == level and candidate.unit_id == unit:
                return candidate
    raise UsageError(
        f"The publication has no school or municipality {unit!r}.",
        "Give a municipality code (four digits) or a school location (BRIN6).",
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
    counts = ("files", "read", "accepted", "quarantined", "blank")
    return tuple(Delivery(**{k: int(v or 0) if k in counts else v for k, v in row.items()}) for row in rows)


def _checks(query: Query) -> tuple[Check, ...]:
    rows = query(
        "select check_name as name, severity, status, offending, total, coalesce(message, '') as message "
        "from meta.check_result order by check_name",
        [],
    ).to_pylist()
    return tuple(Check(**row) for row in rows)


def _catalogue() -> Mapping[str, MetricInfo]:
    from zorgdata.report.catalogue_labels import load

    return load()

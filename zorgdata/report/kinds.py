"""The kinds of report, and the one function the pipeline calls."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from zorgdata.catalogue import Catalogue
from zorgdata.errors import UsageError
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import Style, load_style
from zorgdata.report.reading import Query, read_inputs
from zorgdata.report.snapshot import render_snapshot

Renderer = Callable[[ReportInputs, Style], Mapping[str, bytes]]


def _snapshot(inputs: ReportInputs, style: Style) -> dict[str, bytes]:
    return {"index.html": render_snapshot(inputs, style).encode()}


KINDS: Mapping[str, Renderer] = MappingProxyType({"snapshot": _snapshot})


def render(
    kind: str,
    query: Query,
    *,
    audience: str,
    as_of: date,
    unit: str | None = None,
    period: str | None = None,
    style: Style | None = None,
    catalogue: Catalogue | None = None,
    region: str = "",
    contact: str = "",
) -> dict[str, bytes]:
    """A report as files: relative path to content; ``index.html`` is where to start.

    ``query(sql, params)`` reads the published database and returns an Arrow table. ``as_of`` is printed as
    the day of making; rendering knows no clock, so equal arguments give equal bytes.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no report {kind!r}.", f"Choose one of: {', '.join(sorted(KINDS))}.")
    inputs = read_inputs(
        query,
        audience,
        as_of=as_of,
        unit=unit,
        period=period,
        catalogue=catalogue,
        region=region,
        contact=contact,
    )
    return dict(KINDS[kind](inputs, style or load_style()))

"""The kinds of report, and the one function the pipeline calls."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from zorgdata.catalogue import Catalogue
from zorgdata.disclosure.table import ProtectedTable
from zorgdata.errors import UsageError
from zorgdata.report.bundle import single_file, to_pdf
from zorgdata.report.collective import render_collective
from zorgdata.report.downloads import xlsx_bytes
from zorgdata.report.initiatives import render_initiative
from zorgdata.report.language import computed, speaking, translated
from zorgdata.report.model import Earlier, ReportInputs
from zorgdata.report.monitor import render_monitor
from zorgdata.report.page import Style, load_style
from zorgdata.report.reader import Reader
from zorgdata.report.reading import Query, read_inputs
from zorgdata.report.scenarios import render_scenario
from zorgdata.report.sheets import render_quality, render_school
from zorgdata.report.snapshot import render_snapshot
from zorgdata.report.texts import Texts

Renderer = Callable[[ReportInputs, Style], Mapping[str, bytes]]


def _page(render_one: Callable[[ReportInputs, Style], str]) -> Renderer:
    """A report of one page."""
    return _spoken(lambda inputs, style: {"index.html": render_one(inputs, style).encode()})


def _spoken(renderer: Renderer) -> Renderer:
    """The report in the language of its texts."""

    def render_in(inputs: ReportInputs, style: Style) -> Mapping[str, bytes]:
        with speaking(style.texts.language):
            return renderer(translated(inputs), style)

    return render_in


KINDS: Mapping[str, Renderer] = MappingProxyType(
    {
        "snapshot": _page(render_snapshot),
        "monitor": _spoken(render_monitor),
        "school": _page(render_school),
        "collective": _page(render_collective),
        "scenario": _page(render_scenario),
        "initiative": _page(render_initiative),
        "quality": _page(render_quality),
    }
)


def named(inputs: ReportInputs, texts: Texts) -> ReportInputs:
    """Inputs in which a municipality without a name is called ``gemeente 9951``."""
    units = tuple(
        replace(u, name=computed(texts("general.municipality", code=u.unit_id)))
        if u.level.endswith("municipality") and u.name == u.unit_id
        else u
        for u in inputs.units
    )
    return replace(inputs, units=units)


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
    enrich: Callable[[ReportInputs], ReportInputs] | None = None,
    single: bool = False,
    pdf: bool = False,
    workbook: bool = False,
    earlier: Earlier | None = None,
    table: ProtectedTable | None = None,
) -> dict[str, bytes]:
    """A report as files: relative path to content; ``index.html`` is where to start.

    ``query(sql, params)`` reads the published database and returns an Arrow table. ``as_of`` is printed as
    the day of making; rendering knows no clock, so equal arguments give equal bytes. ``enrich`` adds what
    is computed from the figures besides (scenarios, decision support, effects). ``single`` puts a site into
    one file, ``pdf`` into one PDF (extra ``pdf``); ``workbook`` gives the protected tables with notes instead
    of pages. ``earlier`` is the snapshot that the news is told against. ``table``:
    the protected figures of the audience, when they were read already.
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
        earlier=earlier,
        table=table,
    )
    inputs = inputs if enrich is None else enrich(inputs)
    style = style or load_style()
    inputs = named(inputs, style.texts)
    if workbook:
        read = Reader(inputs, style.texts)
        return {f"{kind}.xlsx": xlsx_bytes(read, list(read.figures.index.values()))}
    files = dict(KINDS[kind](inputs, style))
    if single or pdf:
        files = single_file(files)
    return {f"{kind}.pdf": to_pdf(files["index.html"])} if pdf else files

"""The scenario sheet: costs and benefits at a glance, with everything that was assumed.

A scenario comes in calculated (``ScenarioResult``); amounts are rounded here and never stand without their
band. What is missing is listed, and a published claim is shown as a claim.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from zorgdata.report import charts_more
from zorgdata.report.blocks import Absent, Block, Points, Section, Sentences, Talk, Text, part, sheet
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE, Point
from zorgdata.report.drawings import Drawing, Words, drawing
from zorgdata.report.dutch import enumeration, euro, number, percent
from zorgdata.report.language import DUTCH, spoken
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Table
from zorgdata.report.texts import Texts


def coarse(value: float) -> float:
    """An amount without false precision: hundreds below 10,000, thousands below a million, else 100,000."""
    size = abs(value)
    step = 100 if size < 10_000 else 1_000 if size < 1_000_000 else 100_000
    rounded = float(int(size / step + 0.5) * step)
    return -rounded if value < 0 and rounded else rounded


def amount(value: float) -> str:
    """``€ 67.000``, rounded; from a million on ``€ 1,3 miljoen``."""
    rounded = coarse(value)
    if abs(rounded) < 1_000_000:
        return euro(rounded)
    million = "miljoen" if spoken() == DUTCH else "million"
    return f"€\u00a0{number(rounded / 1e6, 1)}\u00a0{million}"


def band_text(band: Any, t: Texts) -> str:
    """``€ 20.000 tot € 90.000``."""
    low, high = amount(band.low), amount(band.high)
    return t("scenario.about", amount=low) if low == high else t("scenario.band", low=low, high=high)


def render_scenario(inputs: ReportInputs, style: Style) -> str:
    """All calculated scenarios on one page; without any, what would be needed."""
    t = style.texts
    sections: list[Section] = []
    if len(inputs.scenarios) > 1:
        sections.append(part(t, "scenario.glance", _glance(inputs.scenarios, t)))
    for result in inputs.scenarios:
        sections += _sections(result, style)
    if not inputs.scenarios:
        sections = [Section("scenario", t("scenario.none_title"), "", (Absent(t("scenario.none")),))]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("scenario.overline"),
        title=inputs.scenarios[0].title if len(inputs.scenarios) == 1 else t("scenario.title"),
        subtitle=t("scenario.subtitle"),
    )


def _sections(result: Any, style: Style) -> list[Section]:
    t, key = style.texts, result.name
    prefix = f"{key}-"
    parts = [
        part(t, "scenario.lines", _lines(result, style), _table(result, t), prefix=prefix),
        part(t, "scenario.actors", _actors(result, style), prefix=prefix),
        part(t, "scenario.time", _flows(result, t), prefix=prefix),
        part(t, "scenario.swings", _swings(result, style), _break_even(result, t), prefix=prefix),
        part(t, "scenario.claim", *_claims(result, t), prefix=prefix),
        part(t, "scenario.pm", _pm(result), prefix=prefix),
        part(
            t,
            "scenario.assumptions",
            _assumptions(result, t),
            _missing(result, t),
            Talk(t.many("scenario.talk")),
            prefix=prefix,
            rate=percent(result.rate, 2),
            years=result.horizon,
        ),
    ]
    # The same titles come back for every scenario: each says of which, and the contents name the first only.
    return [
        Section(f"{key}-kort", result.title, result.null_alternative, (_brief(result, t),)),
        *(replace(p, over=result.title, listed=False) for p in parts),
    ]


def _brief(result: Any, t: Texts) -> Block:
    if result.yearly is None or result.npv is None:
        return Absent(t("scenario.incomputable", missing=enumeration(list(result.missing))))
    if result.one_sided:
        return Absent(t("scenario.one_sided", missing=enumeration(list(result.missing))))
    yearly = result.yearly
    sign = "positive" if yearly.low > 0 else "negative" if yearly.high < 0 else "unsure"
    found = [] if result.complete else [t("scenario.incomplete", missing=enumeration(list(result.missing)))]
    # A loss is told as what it costs: two minus signs in one sentence are hard to read.
    told, middle = (yearly, yearly.mid) if sign != "negative" else (_turned(yearly), -yearly.mid)
    found.append(t(f"scenario.yearly_{sign}", band=band_text(told, t), middle=amount(middle)))
    worth = result.npv
    if worth.high < 0:
        found.append(t("scenario.npv_negative", years=result.horizon, band=band_text(_turned(worth), t)))
    else:
        found.append(t("scenario.npv", years=result.horizon, band=band_text(worth, t)))
    if result.bcr is not None:
        found.append(t("scenario.bcr", low=number(result.bcr.low, 1), high=number(result.bcr.high, 1)))
    if result.simulation is not None:
        s = result.simulation
        chance = "none" if not s.share_positive else "all" if s.share_positive == 1 else "some"
        found.append(
            t(
                "scenario.simulation",
                draws=number(s.draws),
                low=amount(s.p5),
                high=amount(s.p95),
                positive=t(f"scenario.simulation_{chance}", share=percent(s.share_positive, 0)),
            )
        )
    cash = result.cash_two_years
    if cash is not None:
        found.append(t("scenario.cash" if cash >= 0 else "scenario.cash_negative", amount=amount(abs(cash))))
    return Sentences(tuple(found))


def _turned(band: Any) -> Any:
    """A band of losses as a band of costs."""
    return replace(band, low=-band.high, mid=-band.mid, high=-band.low)


def _glance(results: Sequence[Any], t: Texts) -> Table:
    """Costs and benefits of every scenario in one table; a scenario without a balance says so."""
    rows = []
    for result in results:
        whole = result.yearly is not None and result.npv is not None and not result.one_sided
        payers = sorted((a for a in result.actors if a.yearly < 0), key=lambda a: a.yearly)
        gainers = sorted((a for a in result.actors if a.yearly > 0), key=lambda a: -a.yearly)
        rows.append(
            (
                CellView(result.title),
                CellView(band_text(result.yearly, t) if whole else t("scenario.no_balance")),
                CellView(band_text(result.npv, t) if whole else ""),
                CellView(
                    amount(result.cash_two_years) if whole and result.cash_two_years is not None else ""
                ),
                CellView(", ".join(a.label for a in payers) if whole else ""),
                CellView(", ".join(a.label for a in gainers) if whole else ""),
                CellView(_whole(result, t)),
            )
        )
    keys = ("scenario", "yearly", "npv_head", "cash_head", "payers", "gainers", "whole")
    head = tuple(t(f"scenario.{k}") for k in keys)
    return Table(
        "in-een-oogopslag", t("scenario.glance"), t("scenario.glance_unit"), "", head, tuple(rows), words=True
    )


def _whole(result: Any, t: Texts) -> str:
    missing = len(result.missing)
    if result.complete or not missing:
        return t("scenario.yes")
    return t("scenario.lacks_one" if missing == 1 else "scenario.lacks", count=missing)


def _break_even(result: Any, t: Texts) -> Table | None:
    """Per line the effect at which the balance is nil, all else in the middle."""
    if result.one_sided or not result.break_even:
        return None
    rows, units = [], _units(result)
    for item in result.break_even:
        if item.effect_needed is None:
            text = t("scenario.no_effect")
        else:
            text = (
                _effect(item.effect_needed, units[item.lever])
                if item.reachable
                else t("scenario.out_of_reach")
            )
        rows.append(
            (CellView(item.label), CellView(_effect(item.effect_mid, units[item.lever])), CellView(text))
        )
    head = tuple(t(f"scenario.{k}") for k in ("line", "effect_mid", "effect_needed"))
    return Table(
        f"{result.name}-omslag",
        t("scenario.break_even"),
        t("scenario.break_even_unit"),
        "",
        head,
        tuple(rows),
    )


def _known(result: Any) -> list[Any]:
    return [lever for lever in result.levers if lever.yearly is not None]


def _signed(
    chart_id: str, words: Words, rows: Sequence[tuple[str, float]], head: str, style: Style
) -> Drawing | None:
    """Bars to both sides of zero with rounded amounts; None without two rows."""
    if len(rows) < 2:
        return None
    points = [Point(label, coarse(value), amount(value)) for label, value in rows]
    specs = tuple(charts_more.signed_bars(points, style.theme, w) for w in (WIDE, NARROW))
    spoken = " ".join(f"{p.label}: {p.text}." for p in points)
    return drawing(
        chart_id,
        Words(words.title, words.unit, f"{words.desc} {spoken}".strip(), words.source, words.note),
        (specs[0], specs[1]),
        [head, style.texts("scenario.amount")],
        [[CellView(p.label), CellView(p.text)] for p in points],
    )


def _lines(result: Any, style: Style) -> Drawing | None:
    t = style.texts
    rows = sorted(((lever.label, lever.yearly.mid) for lever in _known(result)), key=lambda r: -r[1])
    words = Words(t("scenario.lines_chart"), t("scenario.lines_unit"), "", _source(result, t))
    return _signed(f"{result.name}-regels-figuur", words, rows, t("scenario.line"), style)


def _actors(result: Any, style: Style) -> Drawing | None:
    t = style.texts
    rows = [] if result.one_sided else [(a.label, a.yearly) for a in result.actors]
    words = Words(
        t("scenario.actors_chart"), t("scenario.lines_unit"), "", _source(result, t), t("scenario.transfers")
    )
    return _signed(f"{result.name}-partijen-figuur", words, rows, t("scenario.actor"), style)


def _source(result: Any, t: Texts) -> str:
    years = enumeration([str(y) for y in result.price_years])
    if not years:
        return t("scenario.source_unused", version=result.price_version)
    return t("scenario.source", version=result.price_version, years=years)


def _table(result: Any, t: Texts) -> Table:
    rows = []
    for lever in result.levers:
        quantity = lever.quantity
        rows.append(
            (
                CellView(lever.label),
                CellView(
                    f"{number(_three_digits(quantity.value))} {lever.quantity_unit}"
                    if quantity
                    else t("general.unavailable")
                ),
                CellView(_effects(lever)),
                CellView(
                    f"{euro(lever.price.value)} ({lever.price.price_year}, {lever.price.status})"
                    if lever.price
                    else t("scenario.no_price")
                ),
                CellView(band_text(lever.yearly, t) if lever.yearly else lever.reason),
            )
        )
    head = tuple(t(f"scenario.{k}") for k in ("line", "quantity", "effect", "price", "yearly"))
    return Table(
        f"{result.name}-tabel", t("scenario.table"), "", _source(result, t), head, tuple(rows), words=True
    )


def _three_digits(value: float) -> float:
    """An estimated quantity has three digits that say something."""
    return float(f"{value:.3g}")


def _effects(lever: Any) -> str:
    """Lowest and highest effect, one number when they are the same."""
    unit = getattr(lever, "effect_unit", "share")
    low, high = _effect(lever.effect.low, unit), _effect(lever.effect.high, unit)
    return low if low == high else f"{low} – {high}"


def _effect(value: float, unit: str = "share") -> str:
    """An effect: a share in percent, else a number per unit of the quantity."""
    if unit == "share":
        return percent(value, 0)
    return number(value, 0 if float(value).is_integer() else 2)


def _units(result: Any) -> dict[str, str]:
    """What the effect of each line is measured in."""
    return {lever.key: getattr(lever, "effect_unit", "share") for lever in result.levers}


def _flows(result: Any, t: Texts) -> Table | None:
    """Yearly cash and its running total: cost comes first, gain later."""
    if not result.flows or result.one_sided:
        return None
    head = tuple(t(f"scenario.{k}") for k in ("year", "costs", "benefits", "net", "cumulative"))
    rows = tuple(
        (
            CellView(str(f.year)),
            *(CellView(amount(v)) for v in (f.costs, f.benefits, f.net, f.cumulative)),
        )
        for f in result.flows
    )
    return Table(
        f"{result.name}-jaren", t("scenario.time"), t("scenario.flows_unit"), _source(result, t), head, rows
    )


def _swings(result: Any, style: Style) -> Drawing | None:
    t = style.texts
    if result.npv is None or result.one_sided or len(result.tornado) < 2:
        return None
    bars = sorted(result.tornado, key=lambda b: -b.swing)[:8]
    rows = [(b.label, coarse(b.at_low), coarse(b.at_high), amount(b.at_low), amount(b.at_high)) for b in bars]
    specs = tuple(charts_more.swings(rows, coarse(result.npv.mid), style.theme, w) for w in (WIDE, NARROW))
    words = Words(
        t("scenario.swings_chart", label=bars[0].label),
        t("scenario.swings_unit"),
        " ".join(f"{label}: {low} – {high}." for label, _, _, low, high in rows),
        _source(result, t),
    )
    head = [t("scenario.assumption"), t("scenario.at_low"), t("scenario.at_high")]
    table = [[CellView(label), CellView(low), CellView(high)] for label, _, _, low, high in rows]
    return drawing(f"{result.name}-tornado", words, (specs[0], specs[1]), head, table)


def _claims(result: Any, t: Texts) -> tuple[Block, ...]:
    texts = []
    for claim in result.claims:
        text = t(
            "scenario.claim_text",
            label=claim.label,
            claim=euro(claim.claim),
            reading=claim.reading,
            source=claim.source,
        )
        if claim.computed is not None and not result.one_sided:
            text += " " + t("scenario.claim_computed", computed=amount(claim.computed))
        reachable = [n for n in claim.needed if n.reachable and n.effect_needed is not None]
        if reachable:
            need = reachable[0]
            text += " " + t(
                "scenario.claim_needed",
                lever=need.label,
                effect=_effect(need.effect_needed, _units(result)[need.lever]),
            )
        elif claim.needed:
            text += " " + t("scenario.claim_unreachable")
        texts.append(text)
    return (Text(tuple(texts)),) if texts else ()


def _pm(result: Any) -> Block | None:
    items = tuple(f"**{p.sign}** {p.label}: {p.reason}" for p in result.unpriced)
    return Points(items) if items else None


def _assumptions(result: Any, t: Texts) -> Table | None:
    if not result.assumptions:
        return None
    rows = tuple((CellView(a.label), CellView(a.kind), CellView(a.text)) for a in result.assumptions)
    head = (t("scenario.assumption"), t("scenario.kind"), t("scenario.value"))
    return Table(f"{result.name}-aannamen", t("scenario.assumptions"), "", "", head, rows, words=True)


def _missing(result: Any, t: Texts) -> Block | None:
    return (
        Absent(t("scenario.missing", missing=enumeration(list(result.missing)))) if result.missing else None
    )

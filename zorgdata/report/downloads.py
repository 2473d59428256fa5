"""The protected figures as files to work with: CSV and a workbook with notes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from typing import Any

from zorgdata.disclosure.table import SECONDARY, SUPPRESSED, Cell
from zorgdata.report.cells import decimals_of
from zorgdata.report.dutch import day, period_phrase
from zorgdata.report.dutch import period as dutch_period
from zorgdata.report.model import school_year
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader

COLUMNS = (
    "metric", "label", "level", "unit_id", "unit_name", "period", "reference_date", "dimension",
    "dimension_value", "dimension_label", "value", "display", "cell_status", "provisional",
)  # fmt: skip
Row = tuple[str | float | None, ...]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that starts as a formula gets an apostrophe."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_RISKY) else text


def rows(read: Reader, cells: Iterable[Cell]) -> list[Row]:
    """One row per cell, in the order of the key. Primary and secondary suppression are told apart nowhere."""
    inputs = read.inputs
    units = {(u.level, u.unit_id): u.name for u in inputs.units}
    names: dict[str, Mapping[str, str]] = {"": {}}
    # A release has hundreds of thousands of cells and a few thousand words: each word is made safe once.
    safe = cache(safe_text)
    label = cache(lambda metric: safe_text(label_of(read, metric)))
    provisional, yes, no = read.provisional, read.texts("downloads.yes"), read.texts("downloads.no")
    found: list[Row] = []
    for c in cells:
        if c.dimension not in names:
            names[c.dimension] = read.value_names(c.dimension)
        period = c.period or school_year(c.reference_date)
        found.append(
            (
                c.metric,
                label(c.metric),
                c.level,
                safe(c.unit_id),
                safe(units.get((c.level, c.unit_id), c.unit_id)),
                c.period,
                c.reference_date,
                c.dimension,
                safe(c.dimension_value),
                safe(names[c.dimension].get(c.dimension_value, c.dimension_value)),
                c.value,
                c.display,
                SUPPRESSED if c.cell_status == SECONDARY else c.cell_status,
                yes if period in provisional else no,
            )
        )
    return found


def csv_bytes(found: Sequence[Row]) -> bytes:
    """CSV as the contract has it: header, comma, empty for null, ISO dates, UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        ["" if v is None else f"{v:.12g}" if isinstance(v, float) else v for v in row] for row in found
    )
    return text.getvalue().encode()


def xlsx_bytes(read: Reader, cells: Sequence[Cell]) -> bytes:
    """A workbook: notes first, then a sheet per theme, then definitions. Equal input gives equal bytes."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    inputs, t = read.inputs, read.texts
    book.set_properties(
        {
            "title": t("monitor.title", region=inputs.region.name),
            "company": inputs.region.name,
            "created": datetime.combine(inputs.as_of, time()),
        }
    )
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    notes = book.add_worksheet(t("reading.sheet"))
    notes.set_column(0, 0, 26)
    notes.set_column(1, 1, 90, wrap)
    notes.write_string(0, 0, t("monitor.title", region=inputs.region.name), bold)
    for i, (name, text) in enumerate(_notes(read), 2):
        notes.write_string(i, 0, safe_text(name), wrap)
        notes.write_string(i, 1, safe_text(text), wrap)
    themes = {key: info.theme for key, info in inputs.catalogue.by_key.items()}
    grouped: dict[str, list[Cell]] = {}
    for c in cells:
        grouped.setdefault(themes.get(c.metric, ""), []).append(c)
    for theme in inputs.catalogue.themes:
        if own := grouped.get(theme.letter):
            _wide(book, f"{theme.letter} {read.label(theme)}"[:31], read, own, head)
    terms = [
        (safe_text(read.label(info)), key, safe_text(info.definition_nl), safe_text(info.formula))
        for key in sorted({c.metric for c in cells})
        if (info := read.info(key)) is not None
    ]
    names = (t("panel.measure"), t("monitor.key"), t("monitor.definitions"), t("monitor.formula"))
    _sheet(book, t("monitor.definitions"), names, terms, head)
    book.close()
    return target.getvalue()


def _wide(book: Any, name: str, read: Reader, cells: Sequence[Cell], head: Any) -> None:
    """A sheet with a row per figure and unit and a column per period: the shape people work with."""
    t = read.texts
    units = {(u.level, u.unit_id): u.name for u in read.inputs.units}
    names: dict[str, Mapping[str, str]] = {}
    lines: dict[tuple[str, ...], dict[str, Cell]] = {}
    safe = cache(safe_text)
    for c in cells:
        names.setdefault(c.dimension, read.value_names(c.dimension) if c.dimension else {})
        key = (c.metric, c.level, c.unit_id, c.dimension, c.dimension_value)
        lines.setdefault(key, {})[c.period or school_year(c.reference_date)] = c
    periods = sorted({p for line in lines.values() for p in line})
    sheet = book.add_worksheet(name)
    fixed = (
        t("panel.measure"),
        t("downloads.level"),
        t("downloads.unit"),
        t("downloads.code"),
        t("panel.by_parts"),
    )
    for column, title in enumerate((*fixed, *(dutch_period(p) for p in periods))):
        late = column >= len(fixed) and periods[column - len(fixed)] in read.provisional
        sheet.write_string(0, column, title + (t("general.provisional_sign") if late else ""), head)
    formats: dict[str, Any] = {}
    for line, ((metric, level, unit_id, dimension, value), row) in enumerate(lines.items(), 1):
        label = read.word("levels", level)
        texts = (
            label_of(read, metric),
            label,
            units.get((level, unit_id), unit_id),
            unit_id,
            names[dimension].get(value, value),
        )
        for column, text in enumerate(texts):
            sheet.write_string(line, column, safe(text))
        for column, p in enumerate(periods, len(fixed)):
            cell = row.get(p)
            if cell is None:
                continue
            if cell.shown and cell.value is not None:
                form = _number_format(cell)
                if form not in formats:
                    formats[form] = book.add_format({"num_format": form})
                sheet.write_number(line, column, cell.value, formats[form])
            else:
                sheet.write_string(line, column, cell.display)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(lines)), len(fixed) + len(periods) - 1)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(fixed) - 1, 20)
    sheet.set_column(len(fixed), len(fixed) + len(periods), 11)


def _number_format(cell: Cell) -> str:
    """The format under which a number looks like its display."""
    decimals = decimals_of(cell.display)
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    if cell.display.endswith("%"):
        return ("0." + "0" * decimals if decimals else "0") + " %"
    return f'"€ "{digits}' if cell.display.startswith(("€", "\u2212€")) else digits


def _sheet(book: Any, name: str, columns: Sequence[str], found: Sequence[Sequence[str]], head: Any) -> None:
    sheet = book.add_worksheet(name)
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(found, 1):
        for column, value in enumerate(row):
            sheet.write_string(line, column, value)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 1, 36)
    sheet.set_column(2, len(columns) - 1, 90)


def _notes(read: Reader) -> list[tuple[str, str]]:
    t, inputs = read.texts, read.inputs
    plain = [rule.replace("**", "") for rule in t.many("reading.rules", region=inputs.region.name)]
    return [
        (t("snapshot.head_period"), period_phrase(read.now)),
        (
            t("snapshot.head_audience"),
            f"{t(f'audience.{inputs.audience}')}. {t(f'audience.{inputs.audience}_note')}",
        ),
        (t("snapshot.head_publication"), inputs.publication.publication_id),
        (t("snapshot.head_made"), day(inputs.as_of)),
        (t("general.hidden_sign"), t("signs.hidden")),
        ("> 90 %", t("signs.top")),
        ("", t("signs.rounding_internal" if inputs.audience == "internal" else "signs.rounding")),
        *(("", rule) for rule in plain),
    ]

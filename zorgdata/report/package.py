"""Protected figures as a Frictionless Data Package: tables, and what an outsider needs to judge them.

``datapackage.json`` describes every column, and carries the units with their hierarchy, the metrics, and the
limits that were applied, so that somebody else can rebuild the disclosure model from the package alone.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from zorgdata import __version__
from zorgdata.catalogue import Catalogue
from zorgdata.disclosure.table import Cell, ProtectedTable
from zorgdata.report.downloads import safe_text
from zorgdata.report.model import Unit

FORMATS = ("csv", "parquet", "xlsx")
_FIXED_DAY = datetime(2000, 1, 1)

_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("metric", "string", "key of the metric"),
    ("level", "string", "level of the unit"),
    ("unit_id", "string", "identifier of the unit at its level"),
    ("period", "string", "calendar year or school year"),
    ("reference_date", "date", "day of a point figure"),
    ("dimension", "string", "breakdown, empty for a total"),
    ("dimension_value", "string", "item of the breakdown"),
    ("value", "number", "published value; empty when it is not shown"),
    ("display", "string", "the value in Dutch notation; '.' is not shown"),
    ("cell_status", "string", "shown, suppressed, top_coded or not_applicable"),
)


def package(
    table: ProtectedTable,
    units: Sequence[Unit],
    catalogue: Catalogue,
    limits: Mapping[str, Any],
    *,
    format_: str,
    title: str,
) -> dict[str, bytes]:
    """The files of a package: one table of figures, one of units, one of metrics, and the description.

    Outsiders see one status for every hidden cell: whether it was hidden for itself is not told.
    Text that a spreadsheet would take for a formula is defused with an apostrophe.
    """
    keys = sorted({cell.metric for cell in table})
    tables = {
        "figures": pa.table(
            {
                name: pa.array([_value(cell, name) for cell in table], _arrow(kind))
                for name, kind, _ in _COLUMNS
            }
        ),
        "units": pa.table(
            {
                name: pa.array([safe_text(getattr(unit, name)) for unit in units], pa.string())
                for name in ("level", "unit_id", "name", "school_type", "municipality_code")
            }
        ),
        "metrics": pa.table(
            {
                "metric": pa.array(keys, pa.string()),
                **{
                    name: pa.array(
                        [safe_text(str(getattr(catalogue.by_key.get(key), name, ""))) for key in keys],
                        pa.string(),
                    )
                    for name in ("label_nl", "definition_nl", "unit")
                },
            }
        ),
    }
    files = {f"{name}.{format_}": _written(rows, format_, name) for name, rows in tables.items()}
    described = _description(tables, files, format_, title=title, audience=table.audience, limits=limits)
    return {**files, "datapackage.json": described}


def as_written(table: ProtectedTable) -> list[Cell]:
    """The cells of a table as a package gives them."""
    return [Cell(**{name: _value(cell, name) for name, _, _ in _COLUMNS}) for cell in table]


def _value(cell: Cell, name: str) -> Any:
    if name == "cell_status":
        return "suppressed" if cell.hidden else cell.cell_status
    value = getattr(cell, name)
    return safe_text(value) if isinstance(value, str) and name != "display" else value


def _arrow(kind: str) -> pa.DataType:
    return pa.float64() if kind == "number" else pa.string()


def _written(rows: pa.Table, format_: str, name: str) -> bytes:
    sink = io.BytesIO()
    match format_:
        case "csv":
            pa_csv.write_csv(rows, sink)
        case "parquet":
            pq.write_table(rows, sink)
        case _:
            _workbook(rows, name, sink)
    return sink.getvalue()


def _workbook(rows: pa.Table, name: str, sink: io.BytesIO) -> None:
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        # Without a fixed day the same figures would give other bytes every time.
        book.set_properties({"created": _FIXED_DAY})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, rows.column_names, book.add_format({"bold": True}))
        for number, row in enumerate(rows.to_pylist(), 1):
            for column, value in enumerate(row.values()):
                if value is not None and value != "":
                    sheet.write(number, column, value)


def _description(
    tables: Mapping[str, pa.Table],
    files: Mapping[str, bytes],
    format_: str,
    *,
    title: str,
    audience: str,
    limits: Mapping[str, Any],
) -> bytes:
    meanings = {name: (kind, text) for name, kind, text in _COLUMNS}
    resources = [
        {
            "name": name,
            "path": f"{name}.{format_}",
            "hash": f"sha256:{hashlib.sha256(files[f'{name}.{format_}']).hexdigest()}",
            "bytes": len(files[f"{name}.{format_}"]),
            "schema": {"fields": list(_fields(rows.column_names, meanings))},
        }
        for name, rows in tables.items()
    ]
    package_: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"zorgdata-{audience}",
        "title": title,
        "created_with": f"zorgdata {__version__}",
        "audience": audience,
        "disclosure": dict(limits),
        "resources": resources,
    }
    return (json.dumps(package_, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _fields(names: Iterable[str], meanings: Mapping[str, tuple[str, str]]) -> Iterable[dict[str, str]]:
    for name in names:
        kind, text = meanings.get(name, ("string", ""))
        yield {"name": name, "type": kind, "description": text} if text else {"name": name, "type": kind}

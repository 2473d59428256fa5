"""Small tables as text, for specs that a policy analyst can read.

    child | school | from       | to
    X     | 99ZA00 | 2023-08-01 |

An empty cell is null; dates, numbers and true/false are recognised; ``'…'`` keeps a text a text.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

Rows = list[dict[str, Any]]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")
_INTEGER = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def table(text: str, names: Mapping[str, str] | None = None, as_text: frozenset[str] = frozenset()) -> Rows:
    """Rows of a text table; ``names`` translates headers, columns in ``as_text`` stay texts."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    heads = [head.strip() for head in lines[0].split("|")]
    heads = [(names or {}).get(head, head) for head in heads]
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(heads), f"{len(cells)} cells under {len(heads)} heads: {line}"
        rows.append(
            {
                head: (cell or None) if head in as_text else _value(cell)
                for head, cell in zip(heads, cells, strict=True)
            }
        )
    return rows


def _value(cell: str) -> Any:
    if not cell:
        return None
    if cell.startswith("'"):
        return cell.strip("'")
    if _DATE.fullmatch(cell):
        return date.fromisoformat(cell)
    if _TIME.fullmatch(cell):
        return time.fromisoformat(cell)
    if _INTEGER.fullmatch(cell):
        return int(cell)
    if _DECIMAL.fullmatch(cell):
        return float(cell)
    return {"true": True, "false": False}.get(cell, cell)

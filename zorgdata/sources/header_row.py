"""Which row of a text file or worksheet holds the column names.

Reports of municipalities put a title, a date and a filter above their table. The header is the row with
most known column names; where none is known (a layout nobody met before) it is the first row that is as
wide as the table and holds words only.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from zorgdata.sources.profiles import header_key

MAX_TITLE_ROWS = 50
_FEWEST_KNOWN = 2  # one known word may stand in a title by chance
_DATA = re.compile(r"\d{4,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{4} ?[A-Za-z]{2}")


def looks_like_data(cells: Iterable[str]) -> bool:
    """Whether a row holds numbers, dates or postcodes and so is no header."""
    return any(_DATA.fullmatch(cell.strip()) for cell in cells)


def known_names(cells: Iterable[str], known: Collection[str]) -> int:
    """How many cells are column names that a kind or profile knows."""
    return sum(header_key(cell) in known for cell in cells)


def find_header(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """The place of the header among the first rows of a file; 0 when nothing points elsewhere."""
    hits = [known_names(row, known) for row in rows]
    best = max(hits, default=0)
    if best >= _FEWEST_KNOWN or (hits and hits[0] == best > 0):
        return hits.index(best)
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    widest = max(filled, default=0)
    if widest >= _FEWEST_KNOWN:
        for i, row in enumerate(rows):
            if filled[i] >= 0.8 * widest and not looks_like_data(row):
                return i
    return hits.index(best) if best else 0


def hides_records(rows: Sequence[Sequence[str]], header: int) -> bool:
    """Whether a row above the header looks like a record: skipping it as a title would lose it."""
    width = sum(1 for cell in rows[header] if cell.strip())
    return any(
        looks_like_data(row) and sum(1 for cell in row if cell.strip()) >= max(3, width * 2 / 3)
        for row in rows[:header]
    )

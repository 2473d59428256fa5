"""Geometry of the tiny marks inside tiles and tables; the Jinja macros in ``marks.html.j2`` draw them.

Positions come from published values and are rounded to a whole percent of the mark, coarser than the
published rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zorgdata.disclosure.table import Cell
from zorgdata.report.model import drawable

WIDTH, HEIGHT = 100, 30


@dataclass(frozen=True)
class Spark:
    """A line through the years in a box of 100 by 30; ``dashed`` leads to provisional points."""

    solid: str
    dashed: str
    area: str
    end_x: float
    end_y: float
    hollow: bool


def spark(
    cells: Sequence[Cell], provisional: frozenset[str], periods: Sequence[str], *, top: float | None = None
) -> Spark | None:
    """The sparkline of a series from a zero baseline; None with fewer than two points that may be drawn.

    ``top`` is the end of the scale, for lines that share one; by default the series' own maximum. A series
    with negative values has no zero baseline and is not drawn.
    """
    values = [drawable(c) for c in cells]
    known = [v for v in values if v is not None]
    if len(known) < 2 or min(known) < 0:
        return None
    top = (top or max(known)) * 1.15 or 1.0
    step = (WIDTH - 6) / max(1, len(values) - 1)
    points = [
        None if v is None else (round(3 + i * step, 1), round(HEIGHT - 2 - (HEIGHT - 6) * v / top))
        for i, v in enumerate(values)
    ]
    solid: list[str] = []
    dashed: list[str] = []
    area: list[str] = []
    run: list[tuple[float, float]] = []
    for i, point in enumerate(points):
        if point is None:
            area.append(_area(run))
            run = []
            continue
        if run:
            segment = f"M{run[-1][0]:g} {run[-1][1]:g}L{point[0]:g} {point[1]:g}"
            (dashed if periods[i] in provisional else solid).append(segment)
        run.append(point)
    area.append(_area(run))
    last = max(i for i, p in enumerate(points) if p is not None)
    end = points[last]
    assert end is not None
    return Spark("".join(solid), "".join(dashed), "".join(area), *end, periods[last] in provisional)


def _area(run: Sequence[tuple[float, float]]) -> str:
    if len(run) < 2:
        return ""
    line = "L".join(f"{x:g} {y:g}" for x, y in run)
    return f"M{run[0][0]:g} {HEIGHT}L{line}L{run[-1][0]:g} {HEIGHT}Z"


@dataclass(frozen=True)
class RangeMark:
    """A school on the scale 0 to 100: its own dot, the band of like schools, the region's tick."""

    dot: float
    low: float | None
    high: float | None
    region: float | None


def range_mark(cell: Cell, like: Sequence[Cell], region: Cell, *, top: float = 1.0) -> RangeMark | None:
    """Position of a school among like schools on a scale from 0 to ``top``; None when it is not shown.

    The band runs from the 5th to the 95th percentile (nearest rank) of the shown schools of the same type
    and is left out with fewer than four of them.
    """
    own = drawable(cell)
    if own is None:
        return None
    known = sorted(v for c in like if (v := drawable(c)) is not None)
    low = high = None
    if len(known) >= 4:
        low, high = known[_rank(0.05, len(known))], known[_rank(0.95, len(known))]
    tick = drawable(region)

    def place(value: float | None) -> float | None:
        return None if value is None else min(100, round(value / top * 100))

    return RangeMark(min(100, round(own / top * 100)), place(low), place(high), place(tick))


def _rank(share: float, n: int) -> int:
    return min(n - 1, max(0, -(-round(share * n * 1000) // 1000) - 1))


@dataclass(frozen=True)
class Strip:
    """One bar per school for the head of a report: ``bars`` are (x, height), ``dots`` are hidden schools."""

    width: int
    bars: tuple[tuple[float, int], ...]
    dots: tuple[float, ...]


def strip(groups: Sequence[Sequence[Cell]]) -> Strip | None:
    """Bars of shares per school in the given order, a gap between groups; None without anything shown."""
    bars: list[tuple[float, int]] = []
    dots: list[float] = []
    x = 0.0
    for group in groups:
        for cell in group:
            value = drawable(cell)
            if value is not None:
                bars.append((x, max(1, round(value * 100))))
            elif cell.hidden:
                dots.append(x + 3.5)
            else:
                continue
            x += 10
        x += 8
    return Strip(round(max(x - 11, 1)), tuple(bars), tuple(dots)) if bars else None

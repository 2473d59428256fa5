"""A made-up region for the tests and the benchmark of disclosure control: schools, units and care figures.

Only counts are made here (no children): what ``metrics.value`` holds for one or more 1-October dates and
school years. Units and figures are fictitious: municipalities 99xx, schools 99xx00.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

TYPES = ("BO", "SBO", "SO", "VSO", "PRO", "VO")
_TYPE_SHARE = (0.74, 0.05, 0.04, 0.04, 0.03, 0.10)
_RATE = {"BO": 0.08, "SBO": 0.38, "SO": 0.58, "VSO": 0.6, "PRO": 0.3, "VO": 0.1}
_SIZE = {"BO": 210, "SBO": 130, "SO": 90, "VSO": 110, "PRO": 180, "VO": 700}


@dataclass(frozen=True)
class School:
    """One school location of the made-up region."""

    school_id: str
    school_type: str
    municipality_code: str
    board: str
    swv: str


def schools(n: int, seed: int = 1, per_town: int = 20) -> list[School]:
    """``n`` schools in about n / ``per_town`` municipalities, boards within a handful of municipalities."""
    rng = np.random.default_rng(seed)
    towns = max(1, n // per_town)
    found = []
    for k in range(n):
        kind = str(rng.choice(TYPES, p=_TYPE_SHARE))
        town = int(rng.integers(towns))
        primary = kind in ("BO", "SBO", "SO")
        board = f"B{town // 3:03d}{'P' if primary else 'V'}{rng.integers(3)}"
        swv = f"{'PO' if primary else 'VO'}{9900 + town // 12}"
        found.append(
            School(f"{9900 + k // 1000}{k % 1000:03d}"[-6:].rjust(6, "9"), kind, _town(town), board, swv)
        )
    return [
        School(f"{_brin(i)}", s.school_type, s.municipality_code, s.board, s.swv) for i, s in enumerate(found)
    ]


def _brin(i: int) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return f"99{letters[i // 24 % 24]}{letters[i % 24]}{i // 576:02d}"


def _town(town: int) -> str:
    return f"99{town:02d}" if town < 100 else f"9{town:03d}"


def units_of(school: School) -> list[tuple[str, str]]:
    """(level, unit) of every unit a school is in, the school itself first."""
    return [
        ("school", school.school_id),
        ("municipality_type", f"{school.municipality_code}|{school.school_type}"),
        ("school_municipality", school.municipality_code),
        ("school_type", school.school_type),
        ("board", school.board),
        ("swv", school.swv),
        ("region", "region"),
    ]


def figures(
    found: list[School], years: tuple[int, ...] = (2024,), seed: int = 2, items: int = 0
) -> list[tuple[Any, ...]]:
    """Rows of ``metrics.value`` for each 1 October: pupils, pupils with care, share, hours and more.

    ``items``: number of product categories above school level (each child in one or two of them).
    """
    rng = np.random.default_rng(seed)
    size = {s.school_id: max(4, int(rng.lognormal(np.log(_SIZE[s.school_type]), 0.5))) for s in found}
    rate = {
        s.school_id: float(rng.beta(8 * _RATE[s.school_type], 8 * (1 - _RATE[s.school_type]))) for s in found
    }
    mix = rng.dirichlet(np.full(max(items, 1), 4.0))
    rows: list[tuple[Any, ...]] = []
    for year in years:
        total: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(4))
        parts: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(max(items, 1)))
        for s in found:
            pupils = max(3, int(size[s.school_id] * rng.normal(1, 0.03)))
            care = int(rng.binomial(pupils, min(0.97, rate[s.school_id])))
            hours = float(rng.gamma(1.5, 1.2, care).sum())
            upc = float(rng.beta(6, 1.5, care).sum())
            split = rng.multinomial(care, mix) + rng.binomial(rng.multinomial(care, mix), 0.2)
            for key in units_of(s):
                total[key] += (pupils, care, hours, upc)
                if key[0] != "school":
                    parts[key] += np.minimum(split, care)
        day, period = f"{year}-10-01", f"{year}-{year + 1}"
        for (level, unit), (pupils, care, hours, upc) in total.items():
            head, n = (level, unit, period), int(care)

            def row(metric: str, value: Any, num: Any, den: Any, ref: str | None = day, *, head=head, n=n):  # type: ignore[no-untyped-def]
                rows.append((metric, *head, ref, None, None, value, num, den, n, None, None, "final"))

            row("pupils_enrolled", pupils, None, None)
            row("pupils_with_care", care, care, pupils)
            row("care_share", care / pupils, care, pupils)
            if care:
                row("assigned_hours_week", hours, hours, None)
                row("hours_per_pupil", hours / pupils, hours, pupils)
                row("providers_per_school", 1 + int(care**0.6), None, None)
                row("upc_t", upc / care, upc, care, None)
            more, base = int(care + pupils * 0.02), int(pupils * 1.03)
            row("pupils_ever", base, None, None, None)
            row("care_pupils", more, more, base, None)
            row("care_share_year", more / base, more, base, None)
            for k in range(items if level != "school" else 0):
                part = int(parts[level, unit][k])
                key = ("pupils_with_care", *head, day, "product_category", f"4{k}")
                rows.append((*key, part, part, pupils, part, None, None, "final"))
    return rows


def fill(connection: Any, found: list[School], rows: list[tuple[Any, ...]]) -> None:
    """Makes ``core.school`` and ``metrics.value`` in a DuckDB connection."""
    import pyarrow as pa

    connection.execute("create schema if not exists core; create schema if not exists metrics")
    names = ("school_id", "school_type", "municipality_code", "board", "swv")
    table = pa.table({n: pa.array([getattr(s, n) for s in found]) for n in names})
    connection.register("made_up", table)
    connection.execute("create or replace table core.school as select * from made_up")
    connection.unregister("made_up")
    texts = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
    columns = (*texts, "value", "numerator", "denominator", "n_children", "lower", "upper", "status")
    data = {}
    for i, name in enumerate(columns):
        kind = pa.string() if name in texts or name == "status" else pa.float64()
        data[name] = pa.array([r[i] for r in rows], kind)
    connection.register("made_up", pa.table(data))
    connection.execute(
        "create or replace table metrics.value as select metric, level, unit_id, period, "
        "cast(reference_date as date) as reference_date, dimension, dimension_value, value, numerator, "
        "denominator, cast(n_children as bigint) as n_children, lower, upper, status from made_up"
    )
    connection.unregister("made_up")

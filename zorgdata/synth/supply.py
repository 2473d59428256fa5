"""What providers report and claim: start and stop, hours delivered, declarations with their corrections."""

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Floats, Ints, day, days_of, month_of, month_start, year_of
from zorgdata.synth.deliver import product_codes
from zorgdata.synth.indications import Indications
from zorgdata.synth.products import (
    BUDGET,
    DAYS,
    HALF_DAYS,
    HOURS_MONTH,
    HOURS_WEEK,
    MINUTES_TOTAL,
    MINUTES_WEEK,
    NONE,
    PIECES,
    PRODUCTS,
    RAISE,
    VOLUME_KIND,
)
from zorgdata.synth.world import World
from zorgdata.synth.write import Columns, dates, decimals, joined, numbers, padded, pick, present

_WORKERS = 12
_MONTH = 365.25 / 12


def reported(world: World) -> Ints:
    """Indications a provider reports on: in kind, not deleted, started, of a municipality that delivers."""
    rng = world.streams("reported")
    known = world.indications
    begun = rng.random(len(known.start)) < 0.96
    kept = begun & ~known.deleted & ~known.pgb & (known.start <= cal.CUTOFF)
    kept &= known.municipality < world.region.inside + cal.OUTSIDE_DELIVERING
    return np.flatnonzero(kept)


def _kind(known: Indications, rows: Ints) -> Ints:
    return np.where(known.aspecific[rows], NONE, VOLUME_KIND[known.product[rows]])


def hours_per_day(known: Indications, rows: Ints) -> Floats:
    """Assigned hours per day; 0 where a volume is not in time."""
    kind, volume = _kind(known, rows), known.volume[rows].astype(np.float64)
    length = np.maximum(np.minimum(known.planned[rows], known.start[rows] + 365) - known.start[rows] + 1, 1)
    return np.select(
        [
            kind == MINUTES_WEEK,
            kind == HOURS_WEEK,
            kind == HOURS_MONTH,
            kind == MINUTES_TOTAL,
            kind == HALF_DAYS,
        ],
        [volume / 60 / 7, volume / 7, volume / _MONTH, volume / 60 / length, volume * 4 / 7],
        0.0,
    )


def delivery_columns(world: World, rows: Ints) -> Columns:
    """startstop.csv: per number when care began, when and why it stopped, by whom, how many hours."""
    rng = world.streams("deliveries")
    known, n = world.indications, len(rows)
    late = np.where(known.opens[rows], np.minimum(rng.geometric(0.15, n) - 1, 40), 0)
    begin = np.minimum(known.start[rows] + late, np.minimum(known.end[rows], cal.CUTOFF))
    ended = known.end[rows] <= cal.CUTOFF - 3
    end = np.where(ended, known.end[rows], OPEN)
    trajectory = known.trajectory[rows]
    plan = world.care.end_reason[np.maximum(trajectory, 0)]
    handed = np.where(known.end[rows] < day(2021), 0, len(cal.END_REASONS))
    reason = np.where(known.closes[rows], plan, handed)
    hours = hours_per_day(known, rows)
    seen = np.minimum(known.end[rows], cal.CUTOFF) - begin + 1
    given = np.round(10 * hours * seen * rng.uniform(0.55, 1.0, n)).astype(np.int64)
    # A child mostly keeps its worker; one in four indications is handed to another.
    worker = (known.child[rows] * 7 + (rng.random(n) < 0.25) * rng.integers(1, _WORKERS, n)) % _WORKERS
    agb = padded(world.providers.agb[known.provider[rows]], 8)
    category, code = product_codes(world.region, known, rows)
    return {
        "gemeentecode": pick(world.region.municipality_codes, known.municipality[rows]),
        "bsn": padded(world.children.bsn[known.child[rows]], 9),
        "aanbieder_agb": agb,
        "toewijzingnummer": numbers(known.number[rows]),
        "productcategorie": category,
        "productcode": code,
        "begindatum": dates(begin),
        "einddatum": dates(end),
        "reden_beeindiging": present(pick((*cal.END_REASONS, "36"), reason), ended),
        "status_aanlevering": numbers(np.ones(n, dtype=np.int64)),
        "professional_id": joined(agb, padded(worker, 2), between="-"),
        "uren_geleverd": decimals(given, missing=hours == 0),
    }


def declaration_columns(world: World, rows: Ints, years: int) -> Columns:
    """declaraties.csv: a line per number and month of the last ``years``, with credits and new debits.

    One line in fifty was wrong: a credit refers to it and a debit replaces it, both a month later. The last
    two months are not complete yet.
    """
    rng = world.streams("declarations")
    known = world.indications
    first = max(days_of(np.array([2026 - years]), 8, 1)[0], cal.DELIVERED_FROM)
    rows = rows[(known.end[rows] >= first) & ~known.aspecific[rows]]
    begin, end = np.maximum(known.start[rows], first), np.minimum(known.end[rows], cal.CUTOFF)
    months = (_month(end) - _month(begin) + 1).astype(np.int64)
    line = np.repeat(np.arange(len(rows)), months)
    offset = np.arange(len(line)) - np.repeat(np.cumsum(months) - months, months)
    month = _month(begin)[line] + offset
    opening = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    closing = (month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    start, stop = np.maximum(opening, begin[line]), np.minimum(closing, end[line])
    kept = rng.random(len(line)) < np.where(stop > cal.CUTOFF - 62, 0.7, 0.97)
    line, start, stop = line[kept], start[kept], stop[kept]
    source = rows[line]
    volume, unit, cents = _claim(rng, known, source, start, stop)
    n = len(line)
    serial = np.arange(1, n + 1, dtype=np.int64)
    wrong = np.flatnonzero(rng.random(n) < 0.02)
    better = np.maximum(1, np.round(volume[wrong] * 0.8)).astype(np.int64)
    part: Bools = np.isin(unit[wrong], (_UNIT_PIECE, _UNIT_EURO))
    better = np.where(part, volume[wrong], better)
    price = np.round(cents[wrong] * better / np.maximum(volume[wrong], 1)).astype(np.int64)
    again = np.concatenate([np.arange(n), wrong, wrong])
    debit = np.concatenate([np.ones(n), np.zeros(len(wrong)), np.ones(len(wrong))]).astype(np.int64)
    previous = np.concatenate([np.zeros(n, dtype=np.int64), serial[wrong], np.zeros_like(wrong)])
    reference = np.concatenate([serial, n + 1 + np.arange(2 * len(wrong))])
    later = np.concatenate([np.zeros(n, dtype=np.int64), np.full(2 * len(wrong), 31)])
    claimed = np.minimum(stop[again] + later, cal.CUTOFF)
    where = source[again]
    category, code = product_codes(world.region, known, where)
    period = year_of(claimed) * 100 + month_of(claimed)
    return {
        "gemeentecode": pick(world.region.municipality_codes, known.municipality[where]),
        "aanbieder_agb": padded(world.providers.agb[known.provider[where]], 8),
        "declaratienummer": joined("D", padded(period, 6)),
        "bsn": padded(world.children.bsn[known.child[where]], 9),
        "referentienummer": joined("R", padded(reference, 9)),
        "vorig_referentienummer": present(joined("R", padded(previous, 9)), previous > 0),
        "toewijzingnummer": numbers(known.number[where]),
        "productcategorie": category,
        "productcode": code,
        "begindatum": dates(start[again]),
        "einddatum": dates(stop[again]),
        "volume": numbers(np.concatenate([volume, volume[wrong], better])),
        "eenheid": pick(_UNITS, unit[again]),
        "bedrag": numbers(np.concatenate([cents, cents[wrong], price])),
        "debet_credit": pick(("C", "D"), debit),
    }


_UNITS = ("01", "16", "14", "82", "83")
_UNIT_PIECE, _UNIT_EURO = 3, 4


def _month(days: Ints) -> Ints:
    return month_start(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _claim(
    rng: np.random.Generator, known: Indications, rows: Ints, start: Ints, stop: Ints
) -> tuple[Ints, Ints, Ints]:
    """Volume, unit and amount in cents of a month; tariffs rise 2 % a year up to the contract round."""
    kind, days = _kind(known, rows), stop - start + 1
    use = rng.uniform(0.6, 1.0, len(rows))
    minutes = hours_per_day(known, rows) * days * use * 60
    length = np.maximum(np.minimum(known.planned[rows], known.start[rows] + 365) - known.start[rows] + 1, 1)
    amount = np.select(
        [kind == HALF_DAYS, kind == DAYS, kind == PIECES, kind == BUDGET],
        [known.volume[rows] * days / 7 * use, days, np.ones(len(rows)), known.volume[rows] * days / length],
        minutes,
    )
    volume = np.maximum(1, np.round(amount)).astype(np.int64)
    unit = np.select([kind == HALF_DAYS, kind == DAYS, kind == PIECES, kind == BUDGET], [1, 2, 3, 4], 0)
    tariff = np.array([p.tariff_cents for p in PRODUCTS], dtype=np.float64)[known.product[rows]]
    tariff = np.where(kind == BUDGET, 1.0, tariff / np.where(unit == 0, 60, 1))
    raised = np.where(start >= cal.TURNOVER_DAY, RAISE, 1.0) * 1.02 ** np.minimum(year_of(start) - 2022, 0)
    raised = np.where(kind == BUDGET, 1.0, raised)
    return volume, unit.astype(np.int64), np.round(volume * tariff * raised).astype(np.int64)

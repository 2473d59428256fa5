"""Published value, Dutch display and status of every row, from its reason and the rounding rules."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zorgdata.disclosure import notation
from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.ledger import Anchors
from zorgdata.disclosure.primary import HIDDEN, count_rows, lead_row
from zorgdata.disclosure.rules import Codes, Floats, Reason, mean_of, round_to, share_of
from zorgdata.disclosure.table import NOT_APPLICABLE, SHOWN, SIGN, SUPPRESSED, TOP_CODED
from zorgdata.limits import AudienceRules

UNAVAILABLE = "niet beschikbaar"


@dataclass(frozen=True)
class Presented:
    """Per row: published value, display, status, and the rounded numerator and denominator it came from."""

    value: Floats
    display: list[str]
    status: list[str]
    top: Floats
    bottom: Floats


def present(
    frame: Frame,
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    reason: Codes,
    anchors: Anchors | None = None,
) -> Presented:
    """What is published of every row. A hidden row has no value and the one sign ``.``.

    ``anchors``: what is repeated of earlier releases.
    """
    kept = anchors or Anchors.none(len(frame))
    x, population = count_rows(frame, declared)
    sums = np.where(np.isnan(x), frame.value, x)
    top = np.where(np.isnan(kept.top), _rounded(sums, frame, declared, rules), kept.top)
    bottom = np.where(np.isnan(kept.bottom), round_to(population, rules.rounding_base), kept.bottom)
    shares, decimals = share_of(top, bottom)
    means = mean_of(frame.value, _children(frame), rules)
    value = np.full(len(frame), np.nan)
    display: list[str] = []
    status: list[str] = []
    for row, metric in enumerate(frame.metric):
        d = declared[metric]
        if frame.status[row] == NOT_DELIVERED:
            display.append(UNAVAILABLE)
            status.append(NOT_APPLICABLE)
        elif rules.unlimited:
            value[row] = frame.value[row]
            display.append("" if np.isnan(value[row]) else _text(d, value[row], _exact_decimals(d)))
            status.append(NOT_APPLICABLE if np.isnan(value[row]) else SHOWN)
        elif reason[row] in HIDDEN:
            display.append(SIGN)
            status.append(SUPPRESSED)
        elif reason[row] == Reason.GROUP or (d.top_coded and frame.value[row] > rules.group_share + 1e-9):
            value[row] = rules.group_share if d.percent else np.nan
            display.append(notation.above(rules.group_share))
            status.append(TOP_CODED)
        else:
            value[row], places = _published(
                d,
                frame,
                rules,
                row,
                top=top,
                share=(float(shares[row]), int(decimals[row])),
                mean=float(means[row]),
            )
            if not np.isnan(kept.value[row]):
                value[row] = kept.value[row]
            display.append(_text(d, value[row], places))
            status.append(SHOWN)
    shown = np.asarray([s == SHOWN for s in status])
    return Presented(value, display, status, np.where(shown, top, np.nan), np.where(shown, bottom, np.nan))


def _rounded(sums: Floats, frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules) -> Floats:
    """Counts, numerators and sums rounded to their base."""
    cost = np.asarray([declared[m].kind is Kind.COST for m in frame.metric])
    return np.where(cost, round_to(sums, rules.cost_base), round_to(sums, rules.rounding_base))


def _published(
    d: Declaration,
    frame: Frame,
    rules: AudienceRules,
    row: int,
    *,
    top: Floats,
    share: tuple[float, int],
    mean: float,
) -> tuple[float, int]:
    """The value as published and the decimals of its display."""
    exact = float(frame.value[row])
    match d.kind:
        case Kind.POPULATION | Kind.COUNT | Kind.HOURS | Kind.COST:
            return float(top[row]), 0
        case Kind.SHARE | Kind.FLAG:
            return (float(top[row]), 0) if np.isnan(share[0]) else share
        case Kind.MEAN:
            places = d.decimals + 2 * d.percent
            return _round(mean, 10.0**-places), d.decimals
        case Kind.RATE:
            events = float(frame.numerator[row])
            rounded = _round(events, rules.rounding_base)
            return _round(exact * rounded / events, 10.0**-d.decimals), d.decimals
        case Kind.RATIO:
            return _ratio(d, frame, rules, row, top=top), d.decimals
        case Kind.QUANTILE:
            return _round(exact, d.step), 0
        case _:
            places = d.decimals + 2 * d.percent
            return _round(exact, 10.0**-places), d.decimals


def _round(x: float, base: float) -> float:
    # Twelve digits hide the binary tail of multiples of 0.01 without touching any figure.
    return float(f"{float(round_to(np.asarray([x]), base)[0]):.12g}")


def _ratio(d: Declaration, frame: Frame, rules: AudienceRules, row: int, *, top: Floats) -> float:
    """The exact ratio, bent as much as rounding bends its sum and its denominator."""
    found = lead_row(frame, d.lead, row)
    total = float(frame.value[found]) if found is not None else 0.0
    below = float(frame.denominator[row])
    if total <= 0 or below <= 0:
        return 0.0
    published = float(top[found]) if found is not None else 0.0
    bent = (published / total) / (_round(below, rules.rounding_base) / below)
    step = d.step if d.step > 1 else 10.0**-d.decimals
    return _round(float(frame.value[row]) * bent, step)


def _children(frame: Frame) -> Floats:
    """Whom a mean is over: its denominator where it has one in children, else the children behind it."""
    return np.where(np.isnan(frame.children), frame.denominator, frame.children)


def _exact_decimals(d: Declaration) -> int:
    if d.percent:
        return 1
    return 0 if d.kind in (Kind.POPULATION, Kind.COUNT) else max(d.decimals, 1)


def _text(d: Declaration, value: float, decimals: int) -> str:
    if np.isnan(value):
        return SIGN
    if d.kind is Kind.COST or (d.kind is Kind.RATIO and d.step > 1):
        return notation.euro(value)
    return notation.percent(value, decimals) if d.percent else notation.number(value, decimals)

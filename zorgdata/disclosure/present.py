"""Published value, Dutch display and status of every row, from its reason and the rounding rules."""

from collections.abc import Mapping

import numpy as np

from zorgdata.disclosure import notation
from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.primary import HIDDEN, count_rows, lead_row
from zorgdata.disclosure.rules import Codes, Floats, Reason, mean_of, round_to, share_of
from zorgdata.disclosure.table import NOT_APPLICABLE, SHOWN, SIGN, SUPPRESSED, TOP_CODED
from zorgdata.limits import AudienceRules

UNAVAILABLE = "niet beschikbaar"


def present(
    frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules, reason: Codes
) -> tuple[Floats, list[str], list[str]]:
    """(value, display, cell_status) per row. A hidden row has no value and the one sign ``.``."""
    x, population = count_rows(frame, declared)
    shares, decimals = share_of(x, population, rules)
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
                share=float(shares[row]),
                decimals=int(decimals[row]),
                mean=float(means[row]),
            )
            display.append(_text(d, value[row], places))
            status.append(SHOWN)
    return value, display, status


def _published(
    d: Declaration, frame: Frame, rules: AudienceRules, row: int, *, share: float, decimals: int, mean: float
) -> tuple[float, int]:
    """The value as published and the decimals of its display."""
    exact = float(frame.value[row])
    match d.kind:
        case Kind.POPULATION | Kind.COUNT | Kind.HOURS:
            return _round(exact, rules.rounding_base), 0
        case Kind.SHARE | Kind.FLAG:
            if np.isnan(share):
                return _round(exact, rules.rounding_base), 0
            return share, decimals
        case Kind.MEAN:
            places = d.decimals + 2 * d.percent
            return _round(mean, 10.0**-places), d.decimals
        case Kind.RATE:
            events = float(frame.numerator[row])
            rounded = _round(events, rules.rounding_base)
            return _round(exact * rounded / events, 10.0**-d.decimals), d.decimals
        case Kind.RATIO:
            return _ratio(d, frame, rules, row), d.decimals
        case Kind.COST:
            return _round(exact, rules.cost_base), 0
        case Kind.QUANTILE:
            return _round(exact, d.step), 0
        case _:
            places = d.decimals + 2 * d.percent
            return _round(exact, 10.0**-places), d.decimals


def _round(x: float, base: float) -> float:
    # Twelve digits hide the binary tail of multiples of 0.01 without touching any figure.
    return float(f"{float(round_to(np.asarray([x]), base)[0]):.12g}")


def _ratio(d: Declaration, frame: Frame, rules: AudienceRules, row: int) -> float:
    """The exact ratio, bent as much as rounding bends its sum and its denominator."""
    found = lead_row(frame, d.lead, row)
    total = float(frame.value[found]) if found is not None else 0.0
    below = float(frame.denominator[row])
    if total <= 0 or below <= 0:
        return 0.0
    base = rules.cost_base if d.step > 1 else rules.rounding_base
    bent = (_round(total, base) / total) / (_round(below, rules.rounding_base) / below)
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

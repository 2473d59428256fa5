"""Published value, Dutch display and status of every row, from its reason and the rounding rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zorgdata.disclosure import notation
from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.ledger import Anchors
from zorgdata.disclosure.primary import count_rows, is_hidden, leads
from zorgdata.disclosure.rules import Codes, Floats, Ints, Reason, mean_of, round_to, share_of
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
    told = _Told(frame, rules, kept, top, share_of(top, bottom), leads(frame, declared))
    missing = np.asarray([s == NOT_DELIVERED for s in frame.status], bool)
    hidden = is_hidden(reason) & ~missing & (not rules.unlimited)
    capped = np.zeros(len(frame), bool) if rules.unlimited else reason == Reason.GROUP
    value, places = np.full(len(frame), np.nan), np.zeros(len(frame), np.int64)
    for metric, rows in frame.by_metric().items():
        d = declared[metric]
        if d.top_coded and not rules.unlimited:
            capped[rows] |= frame.value[rows] > rules.group_share + 1e-9
        value[rows], places[rows] = told.exact(d, rows) if rules.unlimited else told.published(d, rows)
        above = rows[capped[rows]]
        value[above] = rules.group_share if d.percent else np.nan
    capped &= ~missing & ~hidden
    value[missing | hidden] = np.nan
    status = np.where(capped, TOP_CODED, SHOWN).astype(object)
    if rules.unlimited:
        status[np.isnan(value)] = NOT_APPLICABLE
    status[hidden], status[missing] = SUPPRESSED, NOT_APPLICABLE
    display = [""] * len(frame)
    written: dict[tuple[str, float, int], str] = {}
    words = zip(frame.metric, value.tolist(), places.tolist(), status.tolist(), missing.tolist(), strict=True)
    for row, (metric, number, decimals, word, absent) in enumerate(words):
        if word == SUPPRESSED:
            display[row] = SIGN
        elif word == TOP_CODED:
            display[row] = notation.above(rules.group_share)
        elif absent:
            display[row] = UNAVAILABLE
        elif word == SHOWN:
            key = (metric, number, decimals)
            text = written.get(key)
            if text is None:
                text = written[key] = _text(declared[metric], number, decimals)
            display[row] = text
    shown = status == SHOWN
    words_of: list[str] = status.tolist()
    return Presented(value, display, words_of, np.where(shown, top, np.nan), np.where(shown, bottom, np.nan))


def _rounded(sums: Floats, frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules) -> Floats:
    """Counts, numerators and sums rounded to their base."""
    cost = np.asarray([declared[m].kind is Kind.COST for m in frame.metric])
    return np.where(cost, round_to(sums, rules.cost_base), round_to(sums, rules.rounding_base))


@dataclass(frozen=True)
class _Told:
    """What rounding leaves of the figures; ``share``: shares and their decimals, ``on``: rows stood on."""

    frame: Frame
    rules: AudienceRules
    kept: Anchors
    top: Floats
    share: tuple[Floats, Ints]
    on: Ints

    def exact(self, d: Declaration, rows: Ints) -> tuple[Floats, Any]:
        """The figures as they are, for the analyst."""
        return self.frame.value[rows], _exact_decimals(d)

    def published(self, d: Declaration, rows: Ints) -> tuple[Floats, Any]:
        """The values as published and the decimals of their display; what is repeated stays."""
        value, places = self._rounded(d, rows)
        kept = self.kept.value[rows]
        return np.where(np.isnan(kept), value, kept), places

    def _rounded(self, d: Declaration, rows: Ints) -> tuple[Floats, Any]:
        frame, base = self.frame, self.rules.rounding_base
        exact, top = frame.value[rows], self.top[rows]
        places = d.decimals + 2 * d.percent
        match d.kind:
            case Kind.POPULATION | Kind.COUNT | Kind.HOURS | Kind.COST:
                return top, 0
            case Kind.SHARE | Kind.FLAG:
                share, decimals = self.share[0][rows], self.share[1][rows]
                none = np.isnan(share)
                return np.where(none, top, share), np.where(none, 0, decimals)
            case Kind.MEAN:
                children = np.where(np.isnan(frame.children), frame.denominator, frame.children)[rows]
                return _round(mean_of(exact, children, self.rules), 10.0**-places), d.decimals
            case Kind.RATE:
                events = frame.numerator[rows]
                with np.errstate(divide="ignore", invalid="ignore"):
                    bent = exact * _round(events, base) / events
                return _round(bent, 10.0**-d.decimals), d.decimals
            case Kind.RATIO:
                return self._ratio(d, rows), d.decimals
            case Kind.QUANTILE:
                return _round(exact, d.step), 0
            case Kind.STRUCTURE if places:
                # Of few children a fine figure tells how many they are exactly: it is given in fives.
                few = ~(frame.children[rows] >= self.rules.min_children_quantile)
                fine = _round(exact, 10.0**-places)
                return np.where(few, _round(exact, 5 * 10.0**-places), fine), d.decimals
            case _:
                return _round(exact, 10.0**-places), d.decimals

    def _ratio(self, d: Declaration, rows: Ints) -> Floats:
        """The exact ratios, bent as much as rounding bends their sums and denominators."""
        on, below = self.on[rows], self.frame.denominator[rows]
        total = np.where(on >= 0, self.frame.value[on], 0.0)
        step = d.step if d.step > 1 else 10.0**-d.decimals
        with np.errstate(divide="ignore", invalid="ignore"):
            bent = (self.top[on] / total) / (_round(below, self.rules.rounding_base) / below)
            found = _round(self.frame.value[rows] * bent, step)
        return np.where((total > 0) & (below > 0), found, 0.0)


def _round(x: Floats, base: float) -> Floats:
    # Twelve digits hide the binary tail of multiples of 0.01 without touching any figure.
    return np.asarray([float(f"{v:.12g}") for v in round_to(x, base).tolist()], np.float64)


def _exact_decimals(d: Declaration) -> int:
    if d.percent:
        return 1
    return 0 if d.kind in (Kind.POPULATION, Kind.COUNT) else max(d.decimals, 1)


def _text(d: Declaration, value: float, decimals: int) -> str:
    if np.isnan(value):
        return SIGN
    if d.kind is Kind.COST or d.per_child or (d.kind is Kind.RATIO and d.step > 1):
        return notation.euro(value)
    return notation.percent(value, decimals) if d.percent else notation.number(value, decimals)

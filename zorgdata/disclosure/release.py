"""What everybody may know about how a release was protected, so that an outsider can rebuild the model.

Kept beside the figures (``protected.disclosure``) and carried by ``datapackage.json``: limits, what bounds
what, how figures add up, what was withheld and how much is not shown. No true figure: how far parts and
totals differ is given as whole rounding steps over a whole release, rounded outward.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from zorgdata.disclosure.assess import Assessment
from zorgdata.disclosure.declare import Kind
from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.primary import is_hidden
from zorgdata.disclosure.relations import ADDITIVE, PART_OF, SUM_OF
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules


def facts(judged: Assessment) -> dict[str, Any]:
    """The block ``disclosure`` of a release, without the hierarchy (the units are published by themselves).

    ``populations``: the count that bounds a count. ``relations``: per metric and pair of levels the kind of
    sum, ``equal`` or ``between``: Σ parts − total lies from ``least`` to ``most`` (children counted at two
    schools). ``items``: per dimension ``equal`` or ``between`` (part ≤ total, and total ≤ Σ parts where the
    items cover every child). ``repeated``: periods that were published before, where a figure may lag the
    truth by less than ``reach``.
    """
    rules, names = judged.rules, set(judged.frame.metric)
    populations = {
        m: d.population
        for m, d in sorted(judged.declared.items())
        if m in names and d.kind is Kind.COUNT and d.population in names
    }
    dimensions = sorted({d for d in judged.frame.dimension if d})
    return {
        **limits(rules),
        "populations": populations,
        "relations": _relations(judged, populations),
        "items": {d: _items(judged, d, populations) for d in dimensions},
        "part_of": {m: w for m, w in PART_OF.items() if m in names and w in names},
        "sum_of": {m: list(parts) for m, parts in SUM_OF.items() if m in names and names >= set(parts)},
        "repeated": {"times": _published_before(judged), "reach": reach(rules)},
        "withheld": sorted({" ".join(table) for table in judged.withheld}),
        "not_shown": not_shown(judged),
    }


def limits(rules: AudienceRules) -> dict[str, Any]:
    """The limits that were applied."""
    found: dict[str, Any] = rules.model_dump(mode="json", exclude={"weights", "repeat_discount"})
    return found


def reach(rules: AudienceRules) -> int:
    """By how much less than this a repeated count may differ from the truth."""
    return rules.threshold + rules.rounding_base // 2


def not_shown(judged: Assessment) -> dict[str, dict[str, float]]:
    """Per level how many figures there are and which share is not shown. Not told is which share for others:
    where nothing is hidden for others every hidden figure would be known to be small."""
    total, hidden = Counter(judged.frame.level), Counter[str]()
    dark = is_hidden(judged.reason)
    hidden.update(level for level, gone in zip(judged.frame.level, dark, strict=True) if gone)
    return {
        level: {"cells": n, "share_not_shown": round(hidden[level] / n, 3)}
        for level, n in sorted(total.items())
    }


def hierarchy(units: Units) -> list[dict[str, Any]]:
    """Every unit with its schools."""
    return [
        {"level": level, "unit_id": unit, "schools": sorted(schools)}
        for level, members in sorted(units.members.items())
        for unit, schools in sorted(members.items())
    ]


def _relations(judged: Assessment, populations: Iterable[str]) -> list[dict[str, Any]]:
    """How far Σ parts and total differ at most, per metric and kind, in whole rounding steps outward."""
    base, wanted = judged.rules.rounding_base, set(populations)
    spans: dict[tuple[str, str, str], tuple[int, int]] = {}
    for part, _ in judged.proofs:
        s = part.system
        first = np.full(len(s.rhs), -1, np.int64)
        first[s.row[::-1]] = s.col[::-1]
        for r, (total, of) in enumerate(part.kinds):
            metric = s.names[first[r]][0].partition(" ")[0]
            if not total or metric not in wanted:
                continue
            low, high = spans.get((metric, total, of), (0, 0))
            differs = -int(s.rhs[r])
            spans[metric, total, of] = min(low, differs), max(high, differs)
    return [
        {"metric": metric, "total": total, "parts": of}
        | (
            {"kind": "between", "least": low // base * base, "most": -(-high // base) * base}
            if low or high
            else {"kind": "equal"}
        )
        for (metric, total, of), (low, high) in sorted(spans.items())
    ]


def _items(judged: Assessment, dimension: str, populations: Iterable[str]) -> dict[str, Any]:
    """How the items of a dimension make up their total, in counts with a known population."""
    if dimension in ADDITIVE:
        return {"kind": "equal"}
    frame = judged.frame
    sums: dict[tuple[str, str, str, str], float] = {}
    for (metric, time, of, _), levels in frame.index.items():
        if of == dimension and metric in populations:
            for level, found in levels.items():
                for unit, row in found.items():
                    key = (metric, time, level, unit)
                    sums[key] = sums.get(key, 0.0) + float(np.nan_to_num(frame.value[row]))
    covers = True
    for (metric, time, level, unit), together in sums.items():
        total = frame.index.get((metric, time, "", ""), {}).get(level, {}).get(unit)
        covers &= total is None or not together < frame.value[total]
    return {"kind": "between", "covers": covers}


def _published_before(judged: Assessment) -> list[str]:
    frame = judged.frame
    times = {school_year(frame.time(row)) for row in range(len(frame))}
    return sorted(times & set(judged.past.members))


_TABLE = "create table if not exists protected.disclosure (audience varchar not null, block varchar not null)"


def write(connection: Connection, judged: Assessment) -> None:
    """Replaces what is kept for the audience."""
    connection.execute("create schema if not exists protected")
    connection.execute(_TABLE)
    connection.execute("delete from protected.disclosure where audience = ?", [judged.audience])
    block = {} if judged.rules.unlimited else facts(judged)
    connection.execute(
        "insert into protected.disclosure values (?, ?)", [judged.audience, json.dumps(block, sort_keys=True)]
    )


def read(connection: Connection, audience: str) -> Mapping[str, Any]:
    """What is kept for an audience; empty when it was never protected."""
    found = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'protected' and table_name = 'disclosure'"
    ).fetchone()
    if not found[0]:
        return {}
    row = connection.execute(
        "select block from protected.disclosure where audience = ?", [audience]
    ).fetchone()
    return dict(json.loads(row[0])) if row else {}

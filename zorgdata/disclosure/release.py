"""What everybody may know about how a release was protected, so that an outsider can rebuild the model.

Kept beside the figures (``protected.disclosure``) and carried by ``datapackage.json``: limits, what bounds
what, how figures add up, what was withheld and how much is not shown. No true figure: how far parts and
totals differ is given as whole rounding steps over a whole release, rounded outward.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from zorgdata.disclosure.assess import Assessment
from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.primary import is_hidden
from zorgdata.disclosure.structure import Structure
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules


def facts(judged: Assessment) -> dict[str, Any]:
    """The block ``disclosure`` of a release.

    :mod:`zorgdata.disclosure.structure` tells how figures hang together. ``hierarchy``: every unit with
    its schools; ``earlier``: of school years that were published in another classification. ``repeated``:
    periods that were published before, where a figure may lag the truth by less than ``reach``.
    """
    rules, units = judged.rules, judged.units
    if units is None:
        return {}
    times = sorted({school_year(time) for _, time, _, _ in judged.frame.index})
    then = {time: hierarchy(judged.past.units(time, units)) for time in times if time in judged.past.members}
    now = hierarchy(units)
    return {
        **limits(rules),
        **Structure(judged).told(),
        "hierarchy": now,
        "earlier": {time: found for time, found in then.items() if found != now},
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
    """Every unit with its schools, and every school."""
    members = {**units.members, "school": {s: frozenset((s,)) for s in units.schools}}
    return [
        {"level": level, "unit_id": unit, "schools": sorted(schools)}
        for level, members in sorted(members.items())
        for unit, schools in sorted(members.items())
    ]


def _published_before(judged: Assessment) -> list[str]:
    frame = judged.frame
    times = {school_year(time) for _, time, _, _ in frame.index}
    return sorted(times & set(judged.past.members))


_TABLE = "create table if not exists protected.disclosure (audience varchar not null, block varchar not null)"


def write(connection: Connection, audience: str, block: Mapping[str, Any]) -> None:
    """Replaces what is kept for the audience by these :func:`facts`."""
    connection.execute("create schema if not exists protected")
    connection.execute(_TABLE)
    connection.execute("delete from protected.disclosure where audience = ?", [audience])
    connection.execute(
        "insert into protected.disclosure values (?, ?)", [audience, json.dumps(block, sort_keys=True)]
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

"""Access (theme E) a second time: who referred, what came first, help that is freely accessible.

Nothing is swept, ranked or joined: every rule of the catalogue is asked of every day, pair or child anew.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.support.figures import Figure, middle, share
from tests.support.oracle import Indication, Window
from tests.support.world import DAY, FOREVER, Path, Schools, World, history, kids, months_later


def referral(
    world: World, runs: Callable[[Path], bool], within: Callable[[Path, date], bool], window: Window
) -> dict[Any, Figure]:
    found: dict[Any, Figure] = {}
    running = [path for path in world.paths if runs(path)]
    started = [p for p in world.paths if window.start <= p.start <= window.end and within(p, p.start)]
    everybody = kids(path.members[0].child for path in running)
    for code in ("01", "02", "03", "04", "05", "06", "08", "onbekend"):
        for metric, group in (("referrer_mix", running), ("referrer_mix_started", started)):
            own = [path for path in group if world.referrer(path) == code]
            children = kids(path.members[0].child for path in own)
            if group:
                found[metric, "referrer", code] = share(len(own), len(group), children)
            if group is running and running:
                found["referrer_mix_children", "referrer", code] = share(children, everybody, children)
    known = [path for path in started if world.referrer(path) != "onbekend"]
    doctor = [path for path in known if world.referrer(path) == "02"]
    children = kids(path.members[0].child for path in doctor)
    found["gp_route_share", "", ""] = share(len(doctor), len(known), children)
    found["gp_route_share_children", "", ""] = share(
        children, kids(path.members[0].child for path in known), children
    )
    return found


def access(world: World, within: Callable[[Indication, date], bool], window: Window) -> dict[str, Figure]:
    stepped: dict[str, tuple[date, bool]] = {}
    gate: list[tuple[str, bool]] = []
    first: list[tuple[str, bool, float | None]] = []
    for one in sorted(world.indications, key=lambda one: (one.start, one.number)):
        if not (window.start <= one.start <= window.end and within(one, one.start)):
            continue
        own = [other for other in world.indications if other.child == one.child]
        year = months_later(one.start, -12)

        def lately(other: Indication, start: date = one.start, year: date = year) -> bool:
            return other.start < start and (other.end or FOREVER) >= year

        help_before = [row for row in world.light if row["child_id"] == one.child]
        heavy = (world.rank(one) or 0) >= 2 and world.form(one) != "crisis"
        if heavy and not any((world.rank(other) or 0) >= 2 and lately(other) for other in own):
            light = any(world.rank(other) == 1 and lately(other) for other in own) or any(
                row["start_date"] < one.start and (row.get("end_date") or FOREVER) >= year
                for row in help_before
            )
            stepped.setdefault(one.child, (one.start, light))
        alone = not any(other is not one and other.active(one.start - DAY) for other in own)
        if world.details[one.number].referrer == "01" and alone:
            gate.append(
                (
                    one.child,
                    any(
                        row["role"] == "ozg"
                        and row.get("insufficient_reason")
                        and row.get("end_date")
                        and year <= row["end_date"] < one.start
                        for row in help_before
                    ),
                )
            )
    known = history(world)
    if known is not None and known <= months_later(window.start, -60):
        for child in world.oracle.children:
            own = [one for one in world.indications if one.child == child]
            if not own:
                continue
            start = min(one.start for one in own)
            opening = [one for one in own if one.start == start]
            heaviest = max((world.rank(one) or 0 for one in opening), default=0)
            # Of equally heavy ones the first in order says where it counts.
            lead = min((one for one in opening if (world.rank(one) or 0) == heaviest), key=lambda o: o.number)
            if window.start <= start <= window.end and within(lead, start):
                birth = world.birth.get(child)
                first.append((child, heaviest == 1, (start - birth).days / 365.25 if birth else None))
    light_first = [child for child, light in ((c, s[1]) for c, s in stepped.items()) if light]
    reasoned = [child for child, ok in gate if ok]
    ages = [age for _, _, age in first if age is not None]
    started_light = [child for child, light, _ in first if light]
    return {
        "stepped_care_share": share(len(light_first), len(stepped), len(light_first)),
        "substantiated_share": share(len(reasoned), len(gate), kids(reasoned)),
        "early_start_share": share(len(started_light), len(first), kids(started_light)),
        "first_provision_age": middle(ages, 0.5, len(first)),
    }


def frontline(world: World, schools: Schools, window: Window, unit: Mapping[str, Any]) -> dict[str, Figure]:
    """Pupils with freely accessible help only, and its hours at these schools a pupil."""
    only = 0
    for child in world.oracle.children:
        days = world.oracle.enrolled_days(child, schools, window)
        helped = any(
            row["child_id"] == child and row["start_date"] <= day <= (row.get("end_date") or FOREVER)
            for row in world.light
            for day in days
        )
        only += helped and not any(world.oracle.providers(child, day) for day in days)
    hours = 0.0
    for row in world.light:
        if row["school_id"] in schools and row.get("hours") is not None:
            end = max(min(row.get("end_date") or FOREVER, world.last_day), row["start_date"])
            length = (end - row["start_date"]).days + 1
            inside = [n for n in range(length) if window.start <= row["start_date"] + n * DAY <= window.end]
            hours += row["hours"] * len(inside) / length
    return {
        "frontline_share": share(only, only + unit["care_pupils"], only),
        "frontline_hours": share(hours, unit["mean_pupils"], unit["pupils_ever"]),
    }

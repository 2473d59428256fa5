"""Continuity (theme D) a second time: holes, steps, trajectories, waiting, turning 18.

Nothing is swept, ranked or joined: every rule of the catalogue is asked of every day, pair or child anew.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.support.figures import Figure, count, middle, share
from tests.support.oracle import Indication, Window
from tests.support.world import DAY, FOREVER, Path, Schools, World, history, kids, months_later
from zorgdata.stats import continuity

HORIZON = {"SBO": 13, "SO": 13}


def gaps(world: World, schools: Schools, window: Window) -> dict[str, list[int]]:
    """Per child with care: the lengths of its holes, in enrolled days."""
    found = {}
    for child in world.oracle.children:
        days = world.oracle.enrolled_days(child, schools, window)
        care = [bool(world.oracle.providers(child, day)) for day in days]
        if not any(care):
            continue
        first, last = care.index(True), len(care) - 1 - care[::-1].index(True)
        holes, length = [], 0
        for here in care[first : last + 1]:
            if here:
                if length:
                    holes.append(length)
                length = 0
            else:
                length += 1
        found[child] = holes
    return found


def worker_figures(world: World, schools: Schools, window: Window) -> dict[str, Figure]:
    named = [row for row in world.deliveries if row.get("worker_id")]

    def with_child(child: str, day: date) -> set[str]:
        return {
            row["worker_id"]
            for row in named
            if row["child_id"] == child and row["start_date"] <= day <= (row.get("end_date") or FOREVER)
        }

    days, cared = 0, set()
    switches = {0: 0, 28: 0}
    for child in world.oracle.children:
        if not any(row["child_id"] == child for row in named):
            continue
        for day in world.oracle.enrolled_days(child, schools, window):
            here = with_child(child, day)
            if not here:
                continue
            days += 1
            cared.add(child)
            if here <= with_child(child, day - DAY):
                continue
            for gap in switches:
                before: set[str] = set().union(*(with_child(child, day - n * DAY) for n in range(1, gap + 2)))
                switches[gap] += sum(worker not in before and bool(before) for worker in here)
    return {
        f"worker_switch_rate_g{gap}": share(count, days / 365.25, len(cared))
        for gap, count in switches.items()
    }


def steps(world: World) -> list[tuple[str, date, str, int | None]]:
    """Child, day, direction and days since the decision of every step."""
    found = []
    starts = {(one.child, one.start) for one in world.indications}
    for child, day in sorted(starts):
        own = [one for one in world.indications if one.child == child and world.rank(one)]
        new = [one for one in own if one.start == day]
        if not new:
            continue
        top = max(world.rank(one) or 0 for one in new)
        first = min((one for one in new if world.rank(one) == top), key=lambda one: one.number)
        before = [one for one in own if one.start < day]
        recent = [one for one in before if one.end and day - 180 * DAY <= one.end < day]
        running = [one for one in before if one.active(day - DAY)]
        still = [one for one in before if one.active(day)]

        goes_on = any(world.rank(one) == top for one in running)

        def heaviest(group: list[Indication]) -> int:
            return max((world.rank(one) or 0 for one in group), default=0)

        direction = ""
        if recent or running:
            if top > heaviest(recent + running):
                direction = "up"
            elif recent and top < heaviest(recent) and heaviest(still) <= top and not goes_on:
                direction = "down"
        if direction:
            decided = world.details[first.number].decided
            found.append((child, day, direction, max((day - decided).days, 0) if decided else None))
    return found


def events(world: World, schools: Schools, window: Window, care_years: float, care: int) -> dict[str, Figure]:
    holes = gaps(world, schools, window)
    found = {}
    for gap in (0, 28):
        long = [length for lengths in holes.values() for length in lengths if length > gap]
        found[f"interruptions_g{gap}"] = share(len(long), len(holes), care)
        found[f"gap_days_g{gap}"] = share(sum(long), len(holes), care)
    broken = [max(lengths) for lengths in holes.values() if lengths]
    found["longest_gap"] = share(sum(broken), len(broken), len(broken))
    here = [
        step
        for step in steps(world)
        if window.start <= step[1] <= window.end and world.enrolled(step[0], schools, step[1])
    ]
    for name, direction in (("step_up_rate", "up"), ("step_down_rate", "down")):
        found[name] = share(sum(step[2] == direction for step in here), care_years, care)
    dated = [step for step in here if step[3] is not None]
    found["step_start_days"] = middle(
        [float(step[3] or 0) for step in dated], 0.5, kids(step[0] for step in dated)
    )
    return found | worker_figures(world, schools, window)


def trajectories(world: World, within: Callable[[Path, date], bool], window: Window) -> dict[Any, Figure]:
    """Figures of trajectories; ``within`` says whether a trajectory counts in the unit on a day."""
    found: dict[Any, Figure] = {}
    ended = [
        path
        for path in world.paths
        if path.end and window.start <= path.end <= window.end and within(path, path.end)
    ]
    bands = {"0-3m": (0, 3), "3-6m": (3, 6), "6-12m": (6, 12), "1-2j": (12, 24)}
    bands |= {"2-3j": (24, 36), "3-4j": (36, 48), "4j+": (48, 12000)}
    for band, (low, high) in bands.items() if ended else ():
        of_band = [
            path
            for path in ended
            if path.end and months_later(path.start, low) <= path.end + DAY < months_later(path.start, high)
        ]
        found["trajectory_duration_mix", "duration_bin", band] = share(
            len(of_band), len(ended), kids(path.members[0].child for path in of_band)
        )
    known = history(world)
    started = [p for p in world.paths if window.start <= p.start <= window.end and within(p, p.start)]

    def is_repeat(path: Path) -> bool:
        return any(
            other.members[0].child == path.members[0].child
            and other.end is not None
            and months_later(path.start, -60) <= other.end < path.start - DAY
            for other in world.paths
        )

    again = [path for path in started if is_repeat(path)]
    again_children = kids(path.members[0].child for path in again)
    if known is not None and known <= months_later(window.start, -60):
        found["repeat_use_lookback", "", ""] = share(
            len(again) if started else None, len(started), again_children
        )
    else:
        found["repeat_use_lookback", "", ""] = Figure(None, None, None, again_children)

    last_ends: dict[str, date] = {}
    for path in ended:
        end, child = path.end, path.members[0].child
        assert end is not None
        others = [other for other in world.paths if other.members[0].child == child]
        if any(other.runs(end + DAY) for other in others) or months_later(end, 12) > world.last_day:
            continue
        last_ends[child] = max(end, last_ends.get(child, end))
    stayed = [
        child
        for child, end in last_ends.items()
        if not any(
            path.members[0].child == child and end < path.start <= months_later(end, 12)
            for path in world.paths
        )
    ]
    if last_ends:
        found["no_new_start", "", ""] = share(len(stayed), len(last_ends), len(stayed))
    else:
        found["no_new_start", "", ""] = Figure(None, None, 0, 0)
    return found


def waiting(world: World, within: Callable[[Indication, date], bool], window: Window) -> dict[Any, Figure]:
    phases: dict[str, list[tuple[str, float]]] = {"totaal": [], "aanmelding_besluit": [], "besluit_start": []}
    for one in world.indications:
        if not (window.start <= one.start <= window.end and within(one, one.start)):
            continue
        if any(
            other is not one
            and other.child == one.child
            and other.provider == one.provider
            and other.active(one.start - DAY)
            for other in world.indications
        ):
            continue
        detail = world.details[one.number]
        start: date | None = one.start
        if world.deliveries:
            known = [
                row["start_date"]
                for row in world.deliveries
                if row["municipality_code"] == one.municipality
                and row.get("allocation_number") == world.allocation[one.number]
            ]
            start = min(known, default=None)
        for phase, a, b in (
            ("totaal", detail.applied, start),
            ("aanmelding_besluit", detail.applied, detail.decided),
            ("besluit_start", detail.decided, start),
        ):
            if a and b:
                phases[phase].append((one.child, float(max((b - a).days, 0))))
    total = phases["totaal"]
    days = [wait for _, wait in total]
    within_norm = [(child, wait) for child, wait in total if wait <= world.norm]
    children = kids(child for child, _ in total)
    found: dict[Any, Figure] = {
        ("waiting_time", "", ""): middle(days, 0.5, children),
        ("waiting_time_p90", "", ""): middle(days, 0.9, children),
        ("waiting_within_norm_share", "", ""): share(
            len(within_norm), len(total), kids(child for child, _ in within_norm)
        ),
    }
    for phase, waits in phases.items():
        if waits:
            found["waiting_time", "waiting_phase", phase] = middle(
                [wait for _, wait in waits], 0.5, kids(child for child, _ in waits)
            )
    return found


def transition(world: World, schools: Schools, window: Window) -> dict[str, Figure]:
    turning, prepared = 0, 0
    for child in world.oracle.children:
        birth = world.birth.get(child)
        if birth is None:
            continue
        day, half = months_later(birth, 216), months_later(birth, 210)
        if not (window.start <= day <= window.end and world.enrolled(child, schools, day)):
            continue
        if not world.oracle.active(child, half):
            continue
        turning += 1
        goes_on = bool(world.oracle.active(child, day)) or any(
            one.child == child and one.active(day) for one in world.adult
        )
        prepared += goes_on or any(
            row["child_id"] == child
            and row["measured_on"] <= day
            and (
                row.get("plan_18") is True
                or (row["measured_on"] >= half and row.get("follow_up") in ("jeugdhulp", "wmo", "wlz"))
            )
            for row in world.outcomes
        )
    return {"transition18_prepared": share(prepared, turning, prepared)}


def episode_start(world: World, child: str, day: date, gap: int) -> date:
    """First day of the care that runs on ``day``, holes of at most ``gap`` days bridged."""
    first, hole, one = day, 0, day
    while hole <= gap:
        one -= DAY
        if world.oracle.providers(child, one):
            first, hole = one, 0
        else:
            hole += 1
    return first


def on_date(world: World, schools: Schools, day: date) -> dict[str, Figure]:
    cared = [
        child
        for child in world.oracle.children
        if world.enrolled(child, schools, day) and world.oracle.providers(child, day)
    ]
    found: dict[str, Figure] = {}
    for gap in (0, 28):
        lengths = [float((day - episode_start(world, child, day, gap)).days + 1) for child in cared]
        found[f"uninterrupted_duration_g{gap}"] = middle(lengths, 0.5, len(cared))
        found[f"uninterrupted_duration_g{gap}_p90"] = middle(lengths, 0.9, len(cared))
    matches = []
    for child in cared:
        birth = world.birth.get(child)
        ends = []
        for one in world.oracle.enrolments:
            if one.child == child and one.school in schools and one.active(day) and birth:
                ends.append(date(birth.year + HORIZON[world.schools[one.school]["school_type"]], 7, 31))
        ahead = [end for end in ends if end >= day]
        if ahead:
            left = (max(ahead) - day).days + 1
            care = max((one.end or FOREVER) for one in world.oracle.active(child, day))
            matches.append(min(1.0, ((care - day).days + 1) / left))
    short = sum(match < 0.25 for match in matches)
    if matches:
        found["horizon_match"] = share(sum(matches), len(matches), len(matches))
    else:
        found["horizon_match"] = Figure(None, None, 0, 0)
    found["horizon_short_share"] = share(short, len(matches), short)
    return found


def visits(world: World, schools: Schools, window: Window) -> dict[str, Figure]:
    """The published indices over the trajectories that start in a calendar year and the year before it."""
    contacts: dict[str, list[tuple[date, str, int]]] = {}
    for path in world.paths:
        lead = min(path.members, key=lambda one: (one.start, one.number))
        if not date(window.start.year - 1, 1, 1) <= path.start <= window.end:
            continue
        if world.enrolled(lead.child, schools, path.start):
            contacts.setdefault(lead.child, []).append((path.start, lead.provider, lead.number))
    found = [continuity([provider for _, provider, _ in sorted(own)]) for own in contacts.values()]
    if not found:
        return {}
    enough = [one for one in found if one.contacts >= 3]
    few = len(found) - len(enough)
    names = {"coc_bice_boxerman": "coc", "upc_visits": "upc", "secon_visits": "secon", "mmci_visits": "mmci"}
    return {"visit_pupils_excluded": count(few, few)} | {
        metric: share(sum(getattr(one, name) for one in enough), len(enough), len(enough))
        for metric, name in names.items()
    }

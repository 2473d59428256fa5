"""Second implementation of the figures of continuity, access and nearness: plain loops over days and pairs.

Nothing is swept, ranked or joined: every rule of the catalogue is asked of every day, pair or child anew.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.oracle import Indication, Oracle, Window
from tests.support.oracle_value import quantile
from zorgdata.stats import continuity

DAY = timedelta(days=1)
FOREVER = date(9999, 12, 31)
RANKS = {"31": 1, "41": 3, "45": 2, "46": 3}
FORMS = {"31": "wijkteam", "41": "daghulp", "45": "ambulant", "46": "crisis"}
SETTINGS = {"45": "school", "31": "thuis"}
HORIZON = {"SBO": 13, "SO": 13}
Schools = frozenset[str]


@dataclass(frozen=True)
class Figure:
    value: float | None
    numerator: float | None
    denominator: float | None
    children: int


@dataclass(frozen=True)
class Detail:
    """What an indication says besides its time and provider."""

    category: str | None
    referrer: str | None
    applied: date | None
    decided: date | None


@dataclass(frozen=True)
class Path:
    """A trajectory: the indications of one child, provider and form that overlap or adjoin."""

    members: tuple[Indication, ...]

    @property
    def start(self) -> date:
        return min(one.start for one in self.members)

    @property
    def end(self) -> date | None:
        ends = [one.end for one in self.members]
        return None if None in ends else max(end for end in ends if end)

    def runs(self, day: date) -> bool:
        return any(one.active(day) for one in self.members)


@dataclass
class World:
    """Everything that the figures are made from."""

    oracle: Oracle
    details: Mapping[int, Detail]
    schools: Mapping[str, Mapping[str, Any]]
    birth: Mapping[str, date]
    home: Mapping[str, str]
    places: Mapping[str, tuple[str, float, float]]
    deliveries: Sequence[Mapping[str, Any]]
    light: Sequence[Mapping[str, Any]]
    transport: Sequence[Mapping[str, Any]]
    outcomes: Sequence[Mapping[str, Any]]
    last_day: date
    allocation: Mapping[int, str]
    adult: Sequence[Indication] = ()
    region: frozenset[str] = frozenset({"9901"})
    norm: int = 40
    _paths: list[Path] | None = field(default=None)

    @property
    def indications(self) -> Sequence[Indication]:
        return self.oracle.indications

    def enrolled(self, child: str, schools: Schools, day: date) -> bool:
        return self.oracle.enrolled(child, schools, day)

    def rank(self, one: Indication) -> int | None:
        return RANKS.get(self.details[one.number].category or "")

    def form(self, one: Indication) -> str:
        return FORMS.get(self.details[one.number].category or "", "onbekend")

    @property
    def paths(self) -> list[Path]:
        if self._paths is None:
            groups: dict[tuple[str, str, str], list[list[Indication]]] = {}
            for one in self.indications:
                key = one.child, one.provider, self.details[one.number].category or ""
                parts = groups.setdefault(key, [])
                touching = [part for part in parts if any(touch(one, other) for other in part)]
                merged = [one, *(other for part in touching for other in part)]
                groups[key] = [part for part in parts if part not in touching] + [merged]
            self._paths = [Path(tuple(part)) for parts in groups.values() for part in parts]
        return self._paths

    def referrer(self, path: Path) -> str:
        for one in sorted(path.members, key=lambda one: (one.start, one.number)):
            referrer = self.details[one.number].referrer
            if referrer not in (None, "07"):
                return str(referrer)
        return "onbekend"


def touch(one: Indication, other: Indication) -> bool:
    """Overlapping or adjoining."""
    return one.start <= (other.end or FOREVER - DAY) + DAY and other.start <= (one.end or FOREVER - DAY) + DAY


def share(x: float, n: float, children: int) -> Figure:
    return Figure(x / n if n else None, x, n, children)


def middle(values: Sequence[float], p: float, children: int) -> Figure:
    found = quantile(values, p)
    return Figure(found, found, None, children)


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def kids(items: Iterable[Any]) -> int:
    return len(set(items))


# -- Theme D -------------------------------------------------------------------------------------------------


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


def history(world: World) -> date | None:
    ends = sorted((one.end + DAY).toordinal() for one in world.indications if one.end)
    if not ends:
        return None
    place = quantile([float(end) for end in ends], 0.001)
    assert place is not None
    return date.fromordinal(math.ceil(place))


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
        found["repeat_use_lookback", "", ""] = share(len(again), len(started), again_children)
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
    enough = [one for one in found if one.contacts >= 3]
    names = {"coc_bice_boxerman": "coc", "upc_visits": "upc", "secon_visits": "secon", "mmci_visits": "mmci"}
    return {
        metric: share(sum(getattr(one, name) for one in enough), len(enough), len(enough))
        for metric, name in names.items()
    }


def returns(world: World, schools: Schools, window: Window) -> tuple[int, int, int]:
    """Episodes that end in the window and are followed for a day, and returns within 182 and 365 days."""
    episodes, quick, slow = 0, 0, 0
    for child in world.oracle.children:
        care = {
            window.start + n * DAY
            for n in range(-40, len(window.days) + 760)
            if world.oracle.providers(child, window.start + n * DAY)
        }
        birth = world.birth.get(child)
        adult = months_later(birth, 216) if birth else FOREVER
        for end in window.days:
            if end not in care or any(end + n * DAY in care for n in range(1, 30)):
                continue
            if not world.enrolled(child, schools, end):
                continue
            day, followed, back = end, 0, None
            while back is None and followed < 366:
                day += DAY
                if day > world.last_day or day >= adult or not world.enrolled(child, schools, day):
                    break
                followed += 1
                if day in care:
                    back = followed
            episodes += followed > 0
            slow += back is not None and back <= 365
            quick += back is not None and back <= 182
    return episodes, quick, slow


# -- Theme E -------------------------------------------------------------------------------------------------


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


def frontline(world: World, schools: Schools, window: Window, mean_pupils: float) -> dict[str, float]:
    """Numerators of the two figures of freely accessible help."""
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
    return {"frontline_share": only, "frontline_hours": hours}


# -- Theme G -------------------------------------------------------------------------------------------------


def nearness(world: World, schools: Schools, day: date) -> dict[str, Figure]:
    same, region, known, own_swv, with_swv, distances, riding, pupils = 0, 0, 0, 0, 0, [], 0, 0
    for child in world.oracle.children:
        here = [
            world.schools[one.school]
            for one in world.oracle.enrolments
            if one.child == child and one.school in schools and one.active(day)
        ]
        if not here:
            continue
        pupils += 1
        riding += any(
            row["child_id"] == child and row["start_date"] <= day <= (row.get("end_date") or FOREVER)
            for row in world.transport
        )
        place = world.places.get(world.home.get(child, ""))
        if place is None:
            continue
        known += 1
        same += any(school["municipality_code"] == place[0] for school in here)
        region += any(
            school["municipality_code"] == place[0] or {school["municipality_code"], place[0]} <= world.region
            for school in here
        )
        # All schools of the sample are of one sector; one samenwerkingsverband per municipality or none.
        own = {s["swv"] for s in world.schools.values() if s["municipality_code"] == place[0] and s["swv"]}
        asked = [school for school in here if school["swv"] and own]
        with_swv += bool(asked)
        own_swv += any(school["swv"] == min(own) for school in asked)
        kilometres = [
            math.dist(place[1:], world.places[school["pc4"]][1:]) / 1000
            for school in here
            if school.get("pc4") in world.places
        ]
        if kilometres:
            distances.append(min(kilometres))
    return {
        "home_municipality_share": share(same, known, same),
        "home_region_share": share(region, known, region),
        "home_region_share_swv": share(own_swv, with_swv, own_swv),
        "home_school_distance": middle(distances, 0.5, len(distances)),
        "home_school_distance_p90": middle(distances, 0.9, len(distances)),
        "transport_pupils": share(riding, pupils, riding),
    }


def care_on_date(world: World, schools: Schools, day: date) -> dict[str, Figure]:
    children, outside, at_school = set(), set(), set()
    known, there, hours, hours_there = 0, 0, 0.0, 0.0
    for child in world.oracle.children:
        if not world.enrolled(child, schools, day):
            continue
        for one in world.oracle.active(child, day):
            children.add(child)
            if one.municipality not in world.region:
                outside.add(child)
            setting = SETTINGS.get(world.details[one.number].category or "")
            if setting:
                known += 1
                hours += 7 * (one.hours_per_day or 0)
                if setting == "school":
                    there += 1
                    hours_there += 7 * (one.hours_per_day or 0)
                    at_school.add(child)
    return {
        "out_of_region_share": share(len(outside), len(children), len(outside)),
        "in_school_share": share(there, known, len(at_school)),
        "in_school_share_hours": share(hours_there, hours, len(at_school)),
    }


def transport_cost(world: World, schools: Schools, window: Window) -> Figure:
    euros: dict[str, float] = {}
    for row in world.transport:
        end = max(min(row.get("end_date") or FOREVER, world.last_day), row["start_date"])
        length = (end - row["start_date"]).days + 1
        days = [row["start_date"] + n * DAY for n in range(length)]
        inside = [
            day
            for day in days
            if window.start <= day <= window.end and world.enrolled(row["child_id"], schools, day)
        ]
        if inside:
            child = row["child_id"]
            euros[child] = euros.get(child, 0.0) + row["amount_cents"] / 100 * len(inside) / length
    return Figure(
        sum(euros.values()) / len(euros) if euros else None,
        sum(euros.values()) if euros else None,
        len(euros),
        len(euros),
    )

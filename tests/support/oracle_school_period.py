"""Use and fragmentation in a period, and flows between types of school, a second time: day by day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from statistics import median

from tests.support.figures import Figure
from tests.support.figures import count as amount
from tests.support.figures import share as ratio
from tests.support.oracle import hours_per_day
from tests.support.school_town import GROUP_LEVELS, Key, SchoolTown, running

SPECIAL = ("SBO", "SO", "VSO", "SO/VSO")


class OverTime(SchoolTown):
    """Figures of a period."""

    def in_period(self, kind: str, window: list[date]) -> Iterator[tuple[Key, Figure]]:
        whole = kind in ("calendar_year", "school_year")
        everyone = frozenset(self.schools)
        for (level, unit), schools in self.units.items():
            present = {
                child: [day for day in window if self.enrolled(child, schools, day)]
                for child in self.children
            }
            present = {child: days for child, days in present.items() if days}
            for metric, figure in self._trajectories(present, window, whole, None):
                yield (metric, level, unit), figure
            if whole and present:
                yield from (((m, level, unit), f) for m, f in self._year(schools, present, window))
        present = {
            child: days
            for child in self.children
            if (days := [day for day in window if self.enrolled(child, everyone, day)])
        }
        for payer in sorted({t.municipality for t in self.trajectories}):
            for metric, figure in self._trajectories(present, window, whole, payer):
                yield (metric, "responsible_municipality", payer), figure
        if whole:
            yield from self._sliced_year(present)
            for basis in ("declared", "delivered"):
                hours: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
                for child, payer, found in self._hours(basis, present):
                    hours[payer][child] += found
                for payer, of_child in hours.items():
                    figure = amount(sum(of_child.values()), len(of_child))
                    yield (f"hours_{basis}", "responsible_municipality", payer), figure

    def _trajectories(
        self, present: Mapping[str, list[date]], window: list[date], whole: bool, payer: str | None
    ) -> Iterator[tuple[str, Figure]]:
        active, started, ended = Counter[str](), Counter[str](), Counter[str]()
        for one in self.trajectories:
            days = set(present.get(one.child, ()))
            if payer not in (None, one.municipality):
                continue
            active[one.child] += bool(days & one.days)
            started[one.child] += min(one.days) in days
            ended[one.child] += not one.is_open and max(one.days) in days
        found = {"active": active, "started": started, "ended": ended}
        if not any(sum(c.values()) for n, c in found.items() if whole or n != "active"):
            return
        for name, counts in found.items():
            if whole or name != "active":
                children = sum(count > 0 for count in counts.values())
                yield f"{name}_trajectories", amount(sum(counts.values()), children)

    def _hours(self, basis: str, present: Mapping[str, list[date]]) -> Iterator[tuple[str, str, float]]:
        factor = {"01": 1 / 60, "04": 1.0, "16": 4.0}
        for row in self.rows["declarations" if basis == "declared" else "deliveries"]:
            end = row["end_date"]
            if basis == "declared":
                total = row["volume"] * factor[row["unit"]] if row["unit"] in factor else None
            else:
                total, end = row.get("hours_delivered"), end or self.horizon
            if total is None or end < row["start_date"]:
                continue
            days = sum(row["start_date"] <= day <= end for day in present.get(row["child_id"], ()))
            if days:
                length = (end - row["start_date"]).days + 1
                yield row["child_id"], row["municipality_code"], total * days / length

    def _year(
        self, schools: frozenset[str], present: Mapping[str, list[date]], window: list[date]
    ) -> Iterator[tuple[str, Figure]]:
        cared = {child: [day for day in days if self.active(child, day)] for child, days in present.items()}
        cared = {child: days for child, days in cared.items() if days}
        n = len(cared)
        weeks = sum(len(days) for days in present.values()) / 7
        for basis in ("declared", "delivered"):
            found = list(self._hours(basis, present))
            children = len({child for child, _, _ in found})
            hours = sum(x for _, _, x in found)
            yield f"hours_{basis}", amount(hours, children)
            yield f"hours_per_pupil_week_{basis}", ratio(hours, weeks, children)
        dual = []
        for child, days in cared.items():
            rows = [row for row in self.rows["arrangements"] if row["child_id"] == child]
            shared = sum(any(running(row, day) for row in rows) for day in days)
            dual += [shared] if shared else []
        yield "dual_funding_share", ratio(len(dual), n, len(dual))
        middle = float(median(dual)) if dual else None
        yield "dual_funding_days", Figure(middle, middle, None, len(dual))
        _, added = self._collective(schools, window[0], window[-1])
        reached = min(len(present), n + added)
        yield "care_pupils_incl_collectief", amount(reached, reached)
        yield "care_share_year_incl_collectief", ratio(reached, len(present), reached)
        for kind in GROUP_LEVELS:
            by_group: Counter[str] = Counter()
            for child, days in cared.items():
                for day in days:
                    by_group.update(
                        {self.group(kind, row["provider_id"], day) for row in self.active(child, day)}
                    )
            total = sum(by_group.values())
            hhi = sum((days / total) ** 2 for days in by_group.values()) if total else None
            most = max(by_group.values(), default=None)
            yield f"providers_ever_{kind}", amount(len(by_group), n)
            yield f"effective_providers_{kind}", Figure(1 / hhi if hhi else None, 1 if hhi else None, hhi, n)
            yield f"provider_hhi_{kind}", Figure(hhi, hhi, None, n)
            yield (
                f"largest_provider_share_{kind}",
                Figure(most / total if most else None, most, total or None, n),
            )
        yield from self._partner_days(schools, cared)

    def _partner_days(
        self, schools: frozenset[str], cared: Mapping[str, list[date]]
    ) -> Iterator[tuple[str, Figure]]:
        partner = total = 0
        children = set()
        for child, days in cared.items():
            for day in days:
                here = [
                    school
                    for school in schools
                    if self.schools[school].get("lead_provider")
                    and self.enrolled(child, frozenset({school}), day)
                ]
                for provider in {row["provider_id"] for row in self.active(child, day)} if here else ():
                    children.add(child)
                    total += 1
                    partner += any(self.is_partner(school, provider, day) for school in here)
        if total:
            yield "partner_day_share", ratio(partner, total, len(children))

    def _sliced_year(self, present: Mapping[str, list[date]]) -> Iterator[tuple[Key, Figure]]:
        care: dict[tuple[str, str], set[tuple[str, date]]] = defaultdict(set)
        timed: dict[tuple[str, str], set[tuple[str, date]]] = defaultdict(set)
        hours: dict[tuple[str, str], float] = defaultdict(float)
        for child, days in present.items():
            for day in days:
                for row in self.active(child, day):
                    for key in self._slices(row, day):
                        care[key].add((child, day))
                        rate = hours_per_day(row)
                        if rate is not None:
                            timed[key].add((child, day))
                            hours[key] += rate
        for key, found in care.items():
            n, known = len({child for child, _ in found}), len(timed[key])
            yield ("care_pupils", *key), amount(n, n)
            yield ("care_days", *key), amount(len(found), n)
            yield ("hours_assigned", *key), amount(hours[key], n)
            yield ("timed_care_days", *key), amount(known, n)
            yield ("convertible_share", *key), ratio(known, len(found), n)
            yield ("hours_per_timed_carepupil_week", *key), ratio(hours[key], known / 7, n)

    def flows(self) -> dict[Key, Figure]:
        """From one 1 October to the next, at the school of the first."""
        names = {name for kind, name, _, _ in self.periods if kind == "school_year"}
        made: dict[Key, Figure] = {}
        for first, second in zip(self.counts, self.counts[1:], strict=False):
            name = f"{first.year}-{first.year + 1}"
            if name not in names:
                continue
            for (level, unit), schools in self.units.items():
                if level not in ("school_municipality", "swv", "region"):
                    continue
                moves: Counter[tuple[str, str]] = Counter()
                for child in self.children:
                    here, there = self._place(child, first), self._place(child, second)
                    if here and here[0] in schools:
                        moves[here[1], there[1] if there else "uit"] += 1
                starts: Counter[str] = Counter()
                for (kind, _), count in moves.items():
                    starts[kind] += count
                for (kind, other), count in moves.items():
                    key = ("school_flows", level, unit, name, None, "flow", f"{kind}>{other}")
                    made[key] = ratio(count, starts[kind], count)
                total = sum(count for kind, count in starts.items() if kind in SPECIAL)
                back = sum(
                    count
                    for (kind, other), count in moves.items()
                    if kind in SPECIAL and other in ("BO", "VO", "PRO")
                )
                if total:
                    key = ("school_flows", level, unit, name, None, "flow", "terug")
                    made[key] = ratio(back, total, back)
        return made

    def _place(self, child: str, day: date) -> tuple[str, str] | None:
        rows = [row for row in self._enrolled[child] if running(row, day)]
        if not rows:
            return None
        rows.sort(key=lambda r: (not r["main_enrolment"], -r["start_date"].toordinal(), r["school_id"]))
        school = rows[0]["school_id"]
        return school, rows[0]["school_type"] or self.schools[school]["school_type"]

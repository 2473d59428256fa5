"""Population, use and fragmentation on a day a second time: child by child."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from tests.support.figures import Figure
from tests.support.figures import count as amount
from tests.support.figures import share as ratio
from tests.support.oracle import hours_per_day
from tests.support.school_town import AGES, GROUP_LEVELS, Key, Row, SchoolTown, running

CLASSES = (("laag", 0.1), ("midden", 0.3), ("grensgebied", 0.4), ("zorgintensief", 0.9))
PO, VO = ("BO", "SBO"), ("VO", "PRO", "VSO")


class OnDate(SchoolTown):
    """Figures of a day."""

    def on_date(self, level: str, schools: frozenset[str], day: date) -> Iterator[tuple[Key, Figure]]:
        pupils, care = self.pupils(schools, day), self.in_care(schools, day)
        n = len(care)
        kinds = {child: self.types(child, schools, day) for child in pupils}
        for kind in set().union(*kinds.values()):
            here = sum(kind in found for found in kinds.values())
            yield ("pupils_by_school_type", "school_type", kind), ratio(here, len(pupils), here)
        aged = {child: self.by_age(child, day, found) for child, found in kinds.items()}
        for kind, whole in (("SBO", PO), ("SO", PO), ("VSO", VO), ("PRO", VO)):
            here = sum(kind in found for found in aged.values())
            total = sum(bool(found & set(whole)) for found in aged.values())
            if total:
                yield ("special_participation", "school_type", kind), ratio(here, total, here)
        yield from self._intensive(schools, day, pupils)
        yield from self._stay(day, aged)
        yield from self._weights(level, day, pupils, care)
        yield from self._mix(day, care)
        running_now = [t for t in self.trajectories if t.child in care and day in t.days]
        per_child = Counter(t.child for t in running_now)
        yield ("active_trajectories_on_date", "", ""), amount(len(running_now), n)
        for metric, least in (("multi_provision_share", 2), ("multi_provision_share_ge3", 3)):
            many = sum(count >= least for count in per_child.values())
            yield (metric, "", ""), ratio(many, n, many)
        yield from self._payers(day, care)
        yield from self._settings(day, care)
        yield from self._groups(day, care)
        yield from self._professionals(schools, day)
        yield from self._partner(schools, day, care)
        contracts = {
            (r["municipality_code"], r["provider_id"], r["product_category"], r["product_code"])
            for child in care
            for r in self.active(child, day)
        }
        yield ("contract_combinations", "", ""), amount(len(contracts), n)
        homes = {self.home(child) for child in pupils} - {None}
        yield ("municipalities_per_school_all_pupils", "", ""), amount(len(homes), len(pupils))
        hours, added = self._collective(schools, day, day)
        yield ("collective_hours_week", "", ""), amount(hours, 0)
        reached = min(len(pupils), n + added)
        yield ("pupils_with_care_incl_collectief", "", ""), amount(reached, reached)
        yield ("care_share_incl_collectief", "", ""), ratio(reached, len(pupils), reached)
        yield from self._single(schools, day, n)
        if level in ("school_municipality", "region"):
            yield from self._by_person(day, pupils, set(care))
        if level == "school":
            rank = 1 + sum(n / len(pupils) >= bound for _, bound in CLASSES[:3])
            rank = 5 if n / len(pupils) > CLASSES[3][1] else rank
            yield ("care_intensity_class", "", ""), Figure(rank, n, len(pupils), n)
        if level in ("swv", "region"):
            yield from self._spread(schools, day)
        yield from self._standard(schools, day)

    def _intensive(
        self, schools: frozenset[str], day: date, pupils: list[str]
    ) -> Iterator[tuple[Key, Figure]]:
        intensive: dict[str, str] = {}
        for school in schools:
            one = frozenset({school})
            here = self.pupils(one, day)
            share = len(self.in_care(one, day)) / len(here) if here else 0
            if share >= 0.4:
                intensive[school] = "zeer_zorgintensief" if share > 0.9 else "zorgintensief"
        found = sum(self.enrolled(child, frozenset(intensive), day) for child in pupils)
        yield ("care_intensive_pupils", "", ""), amount(found, found)
        for name in set(intensive.values()):
            own = frozenset(school for school, label in intensive.items() if label == name)
            found = sum(self.enrolled(child, own, day) for child in pupils)
            yield ("care_intensive_pupils", "intensity_class", name), amount(found, found)

    def _stay(self, day: date, aged: Mapping[str, set[str]]) -> Iterator[tuple[Key, Figure]]:
        everywhere = frozenset(self.schools)
        so_far = [count for count in self.counts if count <= day]
        for kind in ("SBO", "SO"):
            here = [child for child, found in aged.items() if kind in found]
            if not here:
                continue
            total = 0
            for child in here:
                for count in so_far:
                    rows = [row for row in self._enrolled[child] if running(row, count)]
                    then = {
                        row["school_type"] or self.schools[row["school_id"]]["school_type"] for row in rows
                    }
                    total += kind in then or (
                        kind == "SO" and "SO/VSO" in then and self.age(child, count) <= 12
                    )
            assert everywhere
            figure = ratio(total, len(here), len(here))
            if len(so_far) < 3:
                figure = Figure(None, None, len(here), len(here))
            yield ("mean_stay_special", "school_type", kind), figure

    def _weights(
        self, level: str, day: date, pupils: list[str], care: list[str]
    ) -> Iterator[tuple[Key, Figure]]:
        found = Counter(self._heaviest(self.active(child, day)) for child in care)
        yield ("light_share", "", ""), ratio(found["licht"], len(care), found["licht"])
        yield ("heavy_share", "", ""), ratio(found["zwaar"], len(care), found["zwaar"])
        everyone = frozenset(self.schools)
        norm = self._weight(self.in_care(everyone, day), day) / len(self.pupils(everyone, day))
        yield (
            ("intensity_index", "", ""),
            ratio(self._weight(care, day), len(pupils) * norm / 100, len(care)),
        )

    def _weight(self, care: list[str], day: date) -> float:
        weights = {"onbekend": 0, "licht": 1, "specialistisch": 2, "zwaar": 4}
        return sum(weights[self._heaviest(self.active(child, day))] for child in care)

    def _mix(self, day: date, care: list[str]) -> Iterator[tuple[Key, Figure]]:
        n = len(care)
        parts = Counter(part for child in care for part in self._parts(self.active(child, day)))
        for (dimension, part), count in parts.items():
            yield ("care_form_mix", dimension, part), ratio(count, n, count)
        residential = ("pleegzorg", "gezinsgericht", "gesloten", "verblijf")
        homes = sum(any(self.form(row) in residential for row in self.active(child, day)) for child in care)
        yield ("residential_share", "", ""), ratio(homes, n, homes)
        budgets = sum(any(row["delivery_form"] == "pgb" for row in self.active(child, day)) for child in care)
        yield ("pgb_share", "", ""), ratio(budgets, n, budgets)
        nights = {child: self._nights(self.active(child, day)) for child in care}
        with_nights = [found for found in nights.values() if found is not None]
        yield ("assigned_overnight_days_week", "", ""), amount(sum(with_nights), len(with_nights))

    def _payers(self, day: date, care: list[str]) -> Iterator[tuple[Key, Figure]]:
        n = len(care)
        flagged: dict[str, set[str]] = defaultdict(set)
        for row in self.rows["domains"]:
            if row["child_id"] in care and running(row, day):
                flagged[row["domain"]].add(row["child_id"])
        together = len(set().union(*flagged.values())) if flagged else 0
        yield ("cross_domain_share", "", ""), ratio(together, n, together)
        for domain, found in flagged.items():
            yield ("cross_domain_share", "domain", domain), ratio(len(found), n, len(found))
        dual = {row["child_id"] for row in self.rows["arrangements"] if running(row, day)} & set(care)
        yield ("dual_funding_share_on_date", "", ""), ratio(len(dual), n, len(dual))

    def _settings(self, day: date, care: list[str]) -> Iterator[tuple[Key, Figure]]:
        both = split = 0
        for child in care:
            places: dict[str, set[str]] = defaultdict(set)
            for row in self.active(child, day):
                places[self.product(row, "setting") or "onbekend"].add(row["provider_id"])
            if places["school"] and places["thuis"]:
                both += 1
                split += not places["school"] & places["thuis"]
        yield ("home_school_split_share", "", ""), ratio(split, both, split)

    def _groups(self, day: date, care: list[str]) -> Iterator[tuple[Key, Figure]]:
        n = len(care)
        for kind in GROUP_LEVELS:
            weight: dict[str, float] = defaultdict(float)
            links = 0
            for child in care:
                groups = {self.group(kind, row["provider_id"], day) for row in self.active(child, day)}
                links += len(groups)
                for group in groups:
                    weight[group] += 1 / len(groups)
            hhi = sum((w / n) ** 2 for w in weight.values()) if n else None
            most = max(weight.values(), default=None)
            yield (f"providers_per_school_{kind}", "", ""), amount(len(weight), n)
            yield (
                (f"effective_providers_{kind}_on_date", "", ""),
                Figure(1 / hhi if hhi else None, 1 if hhi else None, hhi, n),
            )
            yield (f"provider_hhi_{kind}_on_date", "", ""), Figure(hhi, hhi, None, n)
            yield (
                (f"largest_provider_share_{kind}_on_date", "", ""),
                Figure(most / n if most else None, most, n, n),
            )
            yield (
                (f"concurrent_providers_{kind}", "", ""),
                Figure(links / n if n else None, links if n else None, n, n),
            )
            if kind == "consortium":
                yield ("consortia_per_school", "", ""), amount(len(weight), n)

    def _professionals(self, schools: frozenset[str], day: date) -> Iterator[tuple[Key, Figure]]:
        begin = day.replace(year=day.year - 1) + timedelta(days=1)
        year = [begin + timedelta(days=n) for n in range((day - begin).days + 1)]
        seen: dict[str, set[str]] = defaultdict(set)
        for row in self.rows["deliveries"]:
            child = row["child_id"]
            known = not row["worker_id"] or row["worker_id"] in seen[child]
            if not known and any(running(row, one) and self.enrolled(child, schools, one) for one in year):
                seen[child].add(row["worker_id"])
        counts = [len(found) for found in seen.values() if found]
        n, links, many = len(counts), sum(counts), sum(count >= 15 for count in counts)
        workers = len(set().union(*seen.values())) if seen else 0
        known = n > 0 and min(row["start_date"] for row in self.rows["deliveries"]) <= begin
        for metric, x, of, children in (
            ("professionals_per_pupil", links, n, n),
            ("professionals_ge15_share", many, n, many),
            ("professionals_per_100", workers, n / 100, n),
        ):
            yield (metric, "", ""), Figure(x / of if known else None, x, of, children)

    def _partner(self, schools: frozenset[str], day: date, care: list[str]) -> Iterator[tuple[Key, Figure]]:
        eligible = served = 0
        for child in care:
            here = [
                school
                for school in schools
                if self.schools[school].get("lead_provider")
                and self.enrolled(child, frozenset({school}), day)
            ]
            eligible += bool(here)
            served += any(
                self.is_partner(school, row["provider_id"], day)
                for school in here
                for row in self.active(child, day)
            )
        if eligible:
            yield ("lead_consortium_share", "", ""), ratio(served, eligible, served)

    def _by_person(self, day: date, pupils: list[str], care: set[str]) -> Iterator[tuple[Key, Figure]]:
        """By what pupils are: sex, age on the day, and the municipality of their postcode."""
        for child_part in (self._sex, self._age_group, self._home_of):
            found = {child: child_part(child, day) for child in pupils}
            for dimension, part in sorted({own for own in found.values() if own}):
                mine = {child for child, own in found.items() if own == (dimension, part)}
                yield ("pupils_enrolled", dimension, part), amount(len(mine), len(mine))
                cared = len(mine & care)
                yield ("pupils_with_care", dimension, part), amount(cared, cared)
        weights = Counter(weight for c in care for weight in {self.weight(r) for r in self.active(c, day)})
        for weight, count in weights.items():
            yield ("pupils_with_care", "weight_class", weight), amount(count, count)

    def _sex(self, child: str, day: date) -> tuple[str, str]:
        return "sex", self.person(child)["sex"] or "x"

    def _age_group(self, child: str, day: date) -> tuple[str, str] | None:
        names = ("0-3", "4-7", "8-11", "12-15", "16-17", "18+")
        age = self.age(child, day)
        return next((("age_group", n) for n, (a, b) in zip(names, AGES, strict=True) if a <= age <= b), None)

    def _home_of(self, child: str, day: date) -> tuple[str, str] | None:
        home = self.home(child)
        return ("home_municipality", home) if home else None

    def _single(self, schools: frozenset[str], day: date, n: int) -> Iterator[tuple[Key, Figure]]:
        single = total = 0
        for school in schools:
            pupils: Counter[str] = Counter()
            for child in self.in_care(frozenset({school}), day):
                pupils.update({row["provider_id"] for row in self.active(child, day)})
            if len(pupils) >= 5:
                single += sum(count == 1 for count in pupils.values())
                total += len(pupils)
        found = (single, total) if total else (None, None)
        value = single / total if total else None
        yield ("single_pupil_provider_share", "", ""), Figure(value, *found, n)

    def _spread(self, schools: frozenset[str], day: date) -> Iterator[tuple[Key, Figure]]:
        found = []
        for school in sorted(schools):
            one = frozenset({school})
            pupils = len(self.pupils(one, day))
            if pupils:
                found.append((len(self.in_care(one, day)), pupils))
        total = sum(care for care, _ in found)
        best = sorted(found, key=lambda pair: (-pair[0] / pair[1], -pair[0]))
        top = sum(care for care, _ in best[: math.ceil(len(found) / 10)])
        yield ("care_concentration", "", ""), ratio(top, total, top)
        n = len(found)
        gini = sum(abs(a - b) for a, _ in found for b, _ in found) / 2
        yield ("care_gini", "", ""), ratio(gini, n * total, total)

    def _cells(self, schools: frozenset[str], day: date) -> dict[tuple[str, int], list[str]]:
        cells: dict[tuple[str, int], list[str]] = defaultdict(list)
        for child in self.pupils(schools, day):
            age = self.age(child, day)
            if 4 <= age <= 17:
                band = next(i for i, (low, high) in enumerate(AGES) if low <= age <= high)
                for kind in self.types(child, schools, day):
                    cells[kind, band].append(child)
        return cells

    def _standard(self, schools: frozenset[str], day: date) -> Iterator[tuple[Key, Figure]]:
        region = self._cells(frozenset(self.schools), day)
        expected = observed = 0.0
        mine = self._cells(schools, day)
        for cell, pupils in mine.items():
            share = sum(bool(self.active(child, day)) for child in region[cell]) / len(region[cell])
            expected += len(pupils) * share
            observed += sum(bool(self.active(child, day)) for child in pupils)
        if mine:
            yield ("standardised_care_ratio", "", ""), ratio(observed, expected, int(observed))

    def sliced(self, day: date) -> Iterator[tuple[Key, Figure]]:
        everyone = frozenset(self.schools)
        mine: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for child in self.in_care(everyone, day):
            for row in self.active(child, day):
                for key in self._slices(row, day):
                    mine[key][child].append(row)
        for (level, unit), found in mine.items():
            n = len(found)
            hours = sum(7 * (hours_per_day(row) or 0) for rows in found.values() for row in rows)
            weights = Counter(self._heaviest(rows) for rows in found.values())
            budgets = sum(any(row["delivery_form"] == "pgb" for row in rows) for rows in found.values())
            nights = [x for x in (self._nights(rows) for rows in found.values()) if x is not None]
            figures = {
                "pupils_with_care": amount(n, n),
                "assigned_hours_week": amount(hours, n),
                "hours_per_care_pupil": ratio(hours, n, n),
                "assigned_overnight_days_week": amount(sum(nights), len(nights)),
                "light_share": ratio(weights["licht"], n, weights["licht"]),
                "heavy_share": ratio(weights["zwaar"], n, weights["zwaar"]),
                "pgb_share": ratio(budgets, n, budgets),
            }
            if level == "responsible_municipality":
                per_child = Counter(
                    t.child
                    for t in self.trajectories
                    if t.municipality == unit and t.child in found and day in t.days
                )
                figures["active_trajectories_on_date"] = amount(sum(per_child.values()), n)
                for metric, least in (("multi_provision_share", 2), ("multi_provision_share_ge3", 3)):
                    many = sum(count >= least for count in per_child.values())
                    figures[metric] = ratio(many, n, many)
            for metric, figure in figures.items():
                yield (metric, level, unit, "", ""), figure
            parts = Counter(part for rows in found.values() for part in self._parts(rows))
            for (dimension, part), count in parts.items():
                yield ("care_form_mix", level, unit, dimension, part), ratio(count, n, count)
        supply: dict[str, float] = {}
        for row in self.rows["collective_supply"]:
            if running(row, day) and row["hours_per_week"] is not None:
                supply[row["provider_id"]] = supply.get(row["provider_id"], 0) + row["hours_per_week"]
        for provider, hours in supply.items():
            yield ("collective_hours_week", "provider", provider, "", ""), amount(hours, 0)

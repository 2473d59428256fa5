"""A second, slow implementation of population, use and fragmentation: child by child and day by day.

Like :mod:`tests.support.oracle` it shares nothing with the SQL and is only fit for small data. Every figure
is worked out from the raw rows by the words of the catalogue.
"""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from typing import Any

from tests.support.figures import Figure
from tests.support.figures import count as amount
from tests.support.figures import share as ratio
from tests.support.oracle import hours_per_day
from zorgdata.assets import asset

Row = Mapping[str, Any]
Key = tuple[Any, ...]
GROUP_LEVELS = ("parent", "consortium")
CLASSES = (("laag", 0.1), ("midden", 0.3), ("grensgebied", 0.4), ("zorgintensief", 0.9))
AGES = ((0, 3), (4, 7), (8, 11), (12, 15), (16, 17), (18, 200))
SPECIAL = ("SBO", "SO", "VSO", "SO/VSO")
PO, VO = ("BO", "SBO"), ("VO", "PRO", "VSO")


@dataclass(frozen=True)
class Trajectory:
    """What a child gets from one provider in one form, without a hole."""

    child: str
    municipality: str
    days: frozenset[date]
    is_open: bool


def running(row: Row, day: date) -> bool:
    return bool(row["start_date"] <= day and (row["end_date"] is None or row["end_date"] >= day))


def _seed(name: str) -> dict[str, dict[str, str]]:
    with asset("sql", "seeds", f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


class SchoolOracle:
    """Figures of a region; ``periods`` are (kind, name, first, last), ``horizon`` is the last known day."""

    def __init__(
        self,
        rows: Mapping[str, list[dict[str, Any]]],
        periods: list[tuple[str, str, date, date]],
        days: list[date],
        counts: list[date],
        horizon: date,
    ) -> None:
        self.rows = rows
        self.periods, self.days, self.counts, self.horizon = periods, days, counts, horizon
        self.schools = {row["school_id"]: row for row in rows["schools"]}
        self.children = sorted({row["child_id"] for row in rows["enrolments"]})
        self.care = [row for row in rows["indications"] if row["law"] in (None, "jeugdwet")]
        self.categories = _seed("product_category")
        self.units: dict[tuple[str, str], frozenset[str]] = {}
        members: dict[tuple[str, str], set[str]] = defaultdict(set)
        for school, row in self.schools.items():
            for level, unit in {
                "school": school,
                "school_type": row["school_type"],
                "board": row["board"],
                "swv": row["swv"],
                "school_municipality": row["municipality_code"],
                "municipality_type": f"{row['municipality_code']}|{row['school_type']}",
                "region": "region",
            }.items():
                if unit is not None:
                    members[level, unit].add(school)
        # A unit exists once a child was ever enrolled there or not; without pupils it has no figures.
        self.units = {key: frozenset(found) for key, found in members.items()}
        self._enrolled: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows["enrolments"]:
            self._enrolled[row["child_id"]].append(row)
        self._care: dict[str, list[Row]] = defaultdict(list)
        for one in self.care:
            self._care[one["child_id"]].append(one)

    # -- what holds of a child on a day -----------------------------------------------------------------

    def enrolled(self, child: str, schools: frozenset[str], day: date) -> bool:
        return any(row["school_id"] in schools and running(row, day) for row in self._enrolled[child])

    def active(self, child: str, day: date) -> list[Row]:
        return [row for row in self._care[child] if running(row, day)]

    def pupils(self, schools: frozenset[str], day: date) -> list[str]:
        return [child for child in self.children if self.enrolled(child, schools, day)]

    def in_care(self, schools: frozenset[str], day: date) -> list[str]:
        return [child for child in self.pupils(schools, day) if self.active(child, day)]

    def types(self, child: str, schools: frozenset[str], day: date) -> set[str]:
        """Types of school of a child on a day: of each school the main, else the latest enrolment decides."""
        found = set()
        for school in schools:
            here = [row for row in self._enrolled[child] if row["school_id"] == school and running(row, day)]
            if here:
                first = min(here, key=lambda row: (not row["main_enrolment"], -row["start_date"].toordinal()))
                found.add(first["school_type"] or self.schools[school]["school_type"])
        return found

    def person(self, child: str) -> Row:
        return self._enrolled[child][0]

    def age(self, child: str, day: date) -> int:
        born = self.person(child)["birth_month"]
        return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))

    def by_age(self, child: str, day: date, kinds: set[str]) -> set[str]:
        special = "SO" if self.age(child, day) <= 12 else "VSO"
        return {special if kind == "SO/VSO" else kind for kind in kinds}

    def product(self, row: Row, name: str) -> Any:
        """What the product list says, the code before the category."""
        fits = [p for p in self.rows["products"] if p["product_category"] == row["product_category"]]
        own = [p for p in fits if p.get("product_code") and p["product_code"] == row["product_code"]]
        whole = [p for p in fits if not p.get("product_code")]
        return next((p[name] for p in [*own, *whole] if p.get(name)), None)

    def form(self, row: Row) -> str:
        default = self.categories.get(row["product_category"] or "", {}).get("care_form")
        return self.product(row, "care_form") or default or "onbekend"

    def weight(self, row: Row) -> str:
        default = self.categories.get(row["product_category"] or "", {}).get("weight_class")
        return self.product(row, "weight_class") or default or "onbekend"

    def group(self, kind: str, provider: str, day: date) -> str:
        for row in self.rows["providers"]:
            first, last = row.get("valid_from") or date.min, row.get("valid_to") or date.max
            if row["provider_id"] == provider and first <= day <= last:
                name = row.get("parent_id" if kind == "parent" else "consortium")
                return str(name or provider)
        return provider

    def is_partner(self, school: str, provider: str, day: date) -> bool:
        lead = self.schools[school].get("lead_provider")
        return lead is not None and lead in (provider, self.group("consortium", provider, day))

    @cached_property
    def trajectories(self) -> list[Trajectory]:
        found = []
        keyed: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.care:
            form = self.product(row, "care_form")
            form = form or f"{row['product_category'] or ''} {row['product_code'] or ''}"
            keyed[row["child_id"], row["provider_id"], form].append(row)
        for (child, _, _), rows in keyed.items():
            days = sorted({day for row in rows for day in self._days(row)})
            run: list[date] = []
            for day in [*days, date.max]:
                if run and day != run[-1] + timedelta(days=1):
                    mine = [row for row in rows if run[0] <= row["start_date"] <= run[-1]]
                    first = min(mine, key=lambda row: row["start_date"])
                    is_open = any(row["end_date"] is None for row in mine)
                    found.append(Trajectory(child, first["municipality_code"], frozenset(run), is_open))
                    run = []
                run.append(day)
        return found

    def _days(self, row: Row) -> Iterator[date]:
        last = row["end_date"] or date(2025, 12, 31)
        for n in range((last - row["start_date"]).days + 1):
            yield row["start_date"] + timedelta(days=n)

    # -- the figures ------------------------------------------------------------------------------------

    def figures(self) -> dict[Key, Figure]:
        """Every figure by (metric, level, unit, period, day, dimension, part)."""
        made: dict[Key, Figure] = {}
        for day in self.days:
            period = school_year(day)
            for (level, unit), schools in self.units.items():
                if self.pupils(schools, day):
                    for (metric, dimension, part), figure in self.on_date(level, schools, day):
                        made[metric, level, unit, period, day, dimension, part] = figure
            for (metric, level, unit, dimension, part), figure in self.sliced(day):
                made[metric, level, unit, period, day, dimension, part] = figure
        for kind, name, first, last in self.periods:
            window = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            for (metric, level, unit), figure in self.in_period(kind, window):
                made[metric, level, unit, name, None, "", ""] = figure
        made.update(self.flows())
        return made

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

    def _heaviest(self, rows: list[Row]) -> str:
        order = ["onbekend", "licht", "specialistisch", "zwaar"]
        return max((self.weight(row) for row in rows), key=order.index)

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

    def _parts(self, rows: list[Row]) -> set[tuple[str, str]]:
        parts = {("care_form", self.form(row)) for row in rows}
        parts |= {("product_category", row["product_category"]) for row in rows if row["product_category"]}
        sectors = {
            self.categories.get(row["product_category"] or "", {}).get("sector") or "overig" for row in rows
        }
        return parts | {("sector", sector) for sector in sectors}

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

    def _nights(self, rows: list[Row]) -> float | None:
        """Overnight days a week: an hour is what an overnight day would be were it an hour."""
        found = [7 * (hours_per_day({**row, "unit": "04"}) or 0) for row in rows if row["unit"] == "14"]
        known = [
            n
            for n, row in zip(found, (r for r in rows if r["unit"] == "14"), strict=True)
            if hours_per_day({**row, "unit": "04"}) is not None
        ]
        return sum(known) if known else None

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

    def home(self, child: str) -> str | None:
        places = {row["pc4"]: row["municipality_code"] for row in self.rows["places"]}
        return places.get(self.person(child)["pc4"])

    def _collective(self, schools: frozenset[str], first: date, last: date) -> tuple[float, int]:
        """Hours a week, and pupils in reach beside those in care, of the supply that runs in the time."""
        window = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        hours, added = 0.0, 0
        for school in schools:
            one = frozenset({school})
            supply = [
                row
                for row in self.rows["collective_supply"]
                if row["school_id"] == school and any(running(row, day) for day in window)
            ]
            ever = {child for day in window for child in self.pupils(one, day)} if supply else set()
            cared = {child for day in window for child in self.in_care(one, day)} if supply else set()
            hours += sum(row["hours_per_week"] or 0 for row in supply)
            added += min(sum(row["reach"] or 0 for row in supply), len(ever) - len(cared))
        return hours, added

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

    # -- who pays, who gives ----------------------------------------------------------------------------

    def _slices(self, row: Row, day: date) -> list[tuple[str, str]]:
        found = [("responsible_municipality", row["municipality_code"]), ("provider", row["provider_id"])]
        consortium = self.group("consortium", row["provider_id"], day)
        return found + ([("consortium", consortium)] if consortium != row["provider_id"] else [])

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

    # -- periods ----------------------------------------------------------------------------------------

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

    # -- flows ------------------------------------------------------------------------------------------

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


def school_year(day: date) -> str:
    start = day.year if day.month >= 8 else day.year - 1
    return f"{start}-{start + 1}"

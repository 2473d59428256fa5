"""The town of population, use and fragmentation: what holds of a child on a day, in plain words."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.support.oracle import hours_per_day
from zorgdata.assets import asset

Row = Mapping[str, Any]
Key = tuple[Any, ...]
GROUP_LEVELS = ("parent", "consortium")
AGES = ((0, 3), (4, 7), (8, 11), (12, 15), (16, 17), (18, 200))


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


class SchoolTown:
    """``periods`` are (kind, name, first, last), ``horizon`` is the last known day."""

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

    def _slices(self, row: Row, day: date) -> list[tuple[str, str]]:
        found = [("responsible_municipality", row["municipality_code"]), ("provider", row["provider_id"])]
        consortium = self.group("consortium", row["provider_id"], day)
        return found + ([("consortium", consortium)] if consortium != row["provider_id"] else [])

    def _heaviest(self, rows: list[Row]) -> str:
        order = ["onbekend", "licht", "specialistisch", "zwaar"]
        return max((self.weight(row) for row in rows), key=order.index)

    def _parts(self, rows: list[Row]) -> set[tuple[str, str]]:
        parts = {("care_form", self.form(row)) for row in rows}
        parts |= {("product_category", row["product_category"]) for row in rows if row["product_category"]}
        sectors = {
            self.categories.get(row["product_category"] or "", {}).get("sector") or "overig" for row in rows
        }
        return parts | {("sector", sector) for sector in sectors}

    def _nights(self, rows: list[Row]) -> float | None:
        """Overnight days a week: an hour is what an overnight day would be were it an hour."""
        found = [7 * (hours_per_day({**row, "unit": "04"}) or 0) for row in rows if row["unit"] == "14"]
        known = [
            n
            for n, row in zip(found, (r for r in rows if r["unit"] == "14"), strict=True)
            if hours_per_day({**row, "unit": "04"}) is not None
        ]
        return sum(known) if known else None

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

"""What care costs, a second time: day by day in plain Python, straight from the definitions of theme H."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.support.figures import Figure, count, quantile, share
from tests.support.oracle import Enrolment, Window

Row = Mapping[str, Any]
Key = tuple[Any, ...]

_HOURS = {"minuut": 1 / 60, "uur": 1.0, "dagdeel": 4.0}
_UNIT_HOURS = {"01": 1 / 60, "04": 1.0, "16": 4.0}


@dataclass(frozen=True)
class DayCost:
    """One indication (or declared product period) on one day of one child."""

    basis: str
    law: str
    record: int
    child: str
    day: date
    municipality: str
    category: str
    form: str
    weight: str
    at_school: bool
    cents: float | None


def product_on(products: Sequence[Row], row: Row, day: date) -> list[Row]:
    """The lines of the price list that apply on a day, the most special one first."""
    fitting = []
    for line in products:
        if line["product_category"] != row.get("product_category"):
            continue
        if line.get("municipality_code") not in (None, row["municipality_code"]):
            continue
        if line.get("product_code") not in (None, row.get("product_code")):
            continue
        if not (line.get("valid_from") or date.min) <= day <= (line.get("valid_to") or date.max):
            continue
        rank = (line.get("product_code") is None, line.get("municipality_code") is None)
        fitting.append((rank, line))
    return [line for _, line in sorted(fitting, key=lambda pair: pair[0])]


def _first(lines: Iterable[Row], name: str) -> Any:
    return next((line[name] for line in lines if line.get(name) is not None), None)


def cents_on(products: Sequence[Row], row: Row, day: date) -> float | None:
    """Cost of an indication on one of its days, in eurocents; None when it cannot be told."""
    planned = (row["end_date"] - row["start_date"]).days + 1 if row.get("end_date") else None
    if row.get("budget_cents") is not None:
        return row["budget_cents"] / planned if planned else None
    volume, unit, frequency = row.get("volume"), row.get("unit"), row.get("frequency")
    times = {"1": 1.0, "2": 1 / 7, "3": 1 / 28, "4": 12 / 365.25}.get(frequency or "")
    if frequency == "6":
        times = 1 / planned if planned else None
    if volume is None or times is None:
        return None
    if unit == "83":
        return float(volume * times)
    priced = [p for p in product_on(products, row, day) if p.get("tariff_cents") is not None]
    priced = [p for p in priced if p.get("tariff_unit") in {*_HOURS, "etmaal", "stuks"}]
    if not priced:
        return None
    price, per = priced[0]["tariff_cents"], priced[0]["tariff_unit"]
    if unit in _UNIT_HOURS and per in _HOURS:
        return float(volume * times * _UNIT_HOURS[unit] * price / _HOURS[per])
    if (unit == "14" and per == "etmaal") or (unit in ("82", "84") and per == "stuks"):
        return float(volume * times * price)
    return None


def cost_days(
    indications: Sequence[Row], declarations: Sequence[Row], products: Sequence[Row], days: Sequence[date]
) -> list[DayCost]:
    """Everything that costs money on each of ``days``; rows are current already."""
    default = {"45": ("ambulant", "specialistisch"), "44": ("verblijf", "zwaar")}
    found = []
    for number, row in enumerate([*indications, *declarations]):
        declared = "amount_cents" in row
        lines = product_on(products, row, row["start_date"])
        form, weight = default[row["product_category"]]
        form, weight = _first(lines, "care_form") or form, _first(lines, "weight_class") or weight
        at_school = _first(lines, "setting") == "school"
        at_school &= row.get("unit") in _UNIT_HOURS and not declared
        at_school &= row.get("volume") is not None and not (
            row.get("frequency") == "6" and not row["end_date"]
        )
        for day in days:
            if day < row["start_date"] or (row["end_date"] is not None and day > row["end_date"]):
                continue
            if declared:
                cents: float | None = row["amount_cents"] / ((row["end_date"] - row["start_date"]).days + 1)
            else:
                cents = cents_on(products, row, day)
            found.append(
                DayCost(
                    "declared" if declared else "assigned",
                    row.get("law") or "jeugdwet",
                    number,
                    row["child_id"],
                    day,
                    row["municipality_code"],
                    row["product_category"],
                    form,
                    weight,
                    at_school,
                    cents,
                )
            )
    return found


class CostOracle:
    """Costs of enrolled days: ``unit`` is a set of schools, optionally only what one municipality pays."""

    def __init__(self, days: Sequence[DayCost], enrolments: Sequence[Enrolment]) -> None:
        self.enrolments = enrolments
        self.days = list(days)

    def enrolled(self, child: str, schools: frozenset[str], day: date) -> bool:
        return any(e.child == child and e.school in schools and e.active(day) for e in self.enrolments)

    def select(
        self, basis: str, schools: frozenset[str], window: Window, payer: str | None = None
    ) -> list[DayCost]:
        """Of every law: the figures are those of the Jeugdwet, but one that tells who pays."""
        return [
            d
            for d in self.days
            if d.basis == basis
            and window.start <= d.day <= window.end
            and payer in (None, d.municipality)
            and self.enrolled(d.child, schools, d.day)
        ]

    def pupil_days(self, schools: frozenset[str], window: Window) -> int:
        children = {e.child for e in self.enrolments}
        return sum(self.enrolled(child, schools, day) for child in children for day in window.days)


def euros(days: Iterable[DayCost]) -> float | None:
    """Sum in euros; None when nothing of it is known, 0 when there is nothing."""
    listed = list(days)
    known = [d.cents for d in listed if d.cents is not None]
    if listed and not known:
        return None
    return math.fsum(known) / 100


def children(days: Iterable[DayCost]) -> int:
    return len({d.child for d in days})


def spread(days: Sequence[DayCost]) -> dict[str, Figure]:
    """Median, 90th percentile and share of the dearest tenth, over children."""
    of_child: dict[str, list[DayCost]] = defaultdict(list)
    for d in days:
        of_child[d.child].append(d)
    amounts = [euros(listed) for listed in of_child.values()]
    known = [a for a in amounts if a is not None]
    tenth = -(-len(amounts) // 10)
    top = sorted(known, reverse=True)[:tenth]
    return {
        "median": count(quantile(known, 0.5), len(known)),
        "p90": count(quantile(known, 0.9), len(known)),
        "top10": share(math.fsum(top) if top else None, math.fsum(known) if known else None, tenth),
    }


def split(before: Sequence[DayCost], after: Sequence[DayCost]) -> dict[tuple[str, str], float]:
    """Volume, price and mix effect in euros between two periods, from sets of child-days; change by form."""

    def volume(days: Sequence[DayCost], form: str | None) -> float:
        seen = {
            (d.child, d.municipality, d.day) for d in days if d.cents is not None and form in (None, d.form)
        }
        return len(seen) / 365.25

    def cost(days: Sequence[DayCost], form: str | None) -> float:
        return math.fsum(d.cents for d in days if d.cents is not None and form in (None, d.form)) / 100

    def parts(form: str | None) -> tuple[float, float, float]:
        v0, v1, k0, k1 = volume(before, form), volume(after, form), cost(before, form), cost(after, form)
        p0 = k0 / v0 if v0 else (k1 / v1 if v1 else 0.0)
        p1 = k1 / v1 if v1 else p0
        return (v1 - v0) * (p0 + p1) / 2, (v0 + v1) / 2 * (p1 - p0), k1 - k0

    forms = sorted({d.form for d in (*before, *after) if d.cents is not None})
    if not forms:
        return {}
    whole_volume, _, total = parts(None)
    by_form = {form: parts(form) for form in forms}
    found = {
        "volume": whole_volume,
        "prijs": math.fsum(p for _, p, _ in by_form.values()),
        "mix": math.fsum(v for v, _, _ in by_form.values()) - whole_volume,
        "totaal": total,
    }
    return {("effect_part", name): value for name, value in found.items()} | {
        ("care_form", form): change for form, (_, _, change) in by_form.items()
    }


def last_year(window: Window) -> Window:
    """The period of the same kind before this one."""
    end = window.start - timedelta(days=1)
    return Window("before", window.start.replace(year=window.start.year - 1), end)


Place = tuple[str, str, str]
"""Level, unit and period."""
BY_PAYER = ("school", "school_type", "region")


def amounts(basis: str, place: Place, every: Sequence[DayCost], pupil_days: int | None) -> dict[Key, Figure]:
    """Figures of what care costs a unit (or a payer: without pupil-days) in a period."""
    level = place[0]
    found: dict[Key, Figure] = {}

    def put(metric: str, figure: Figure, dimension: str = "", part: str = "") -> None:
        found[metric.format(basis), *place, dimension, part] = figure

    for law in {d.law for d in every}:
        own = [d for d in every if d.law == law]
        put("care_cost_{}", count(euros(own), children(own)), "funder", law)
    days = [d for d in every if d.law == "jeugdwet"]
    if not days and pupil_days is None:
        return found
    cost, n = euros(days), children(days)
    put("care_cost_{}", count(cost, n))
    put("care_cost_{}", count(cost, n), "provision_kind", "individueel")
    put("cost_per_client_{}", share(cost, n, n))
    if pupil_days:
        put("cost_per_pupil_{}", share(cost, pupil_days / 365.25, n))
    if basis == "assigned":
        put("priced_share_{}", share(sum(d.cents is not None for d in days), len(days), n))
    names = {"care_form": "form", "weight_class": "weight", "product_category": "category"}
    for dimension, name in names.items() if level != "school" else ():
        for part in {getattr(d, name) for d in days}:
            own = [d for d in days if getattr(d, name) == part]
            put("care_cost_{}", count(euros(own), children(own)), dimension, part)
            if dimension == "weight_class":
                put("cost_per_client_{}", share(euros(own), children(own), children(own)), dimension, part)
    if not days:
        return found
    if level != "school":
        shown = spread(days)
        put("cost_per_client_{}_median", shown["median"])
        put("cost_per_client_{}_p90", shown["p90"])
        if level != "responsible_municipality":
            put("cost_top10_share_{}", shown["top10"])
    if level in (*BY_PAYER, "responsible_municipality"):
        put("cost_by_municipality_{}", count(cost, n))
        put("cost_by_municipality_{}", count(cost, n), "provision_kind", "individueel")
    for payer in {d.municipality for d in days} if level in BY_PAYER else ():
        own = [d for d in days if d.municipality == payer]
        paid, helped = euros(own), children(own)
        part = ("responsible_municipality", payer)
        put("cost_by_municipality_{}", count(paid, helped), *part)
        put("cost_municipality_share_{}", share(paid, cost, helped), *part)
        if level == "region":
            put("cost_per_client_{}", share(paid, helped, helped), *part)
    return found


def budget(place: Place, days: Sequence[DayCost], homes: Sequence[str]) -> dict[Key, Figure]:
    """What collective provision would cost, and who would pay; ``homes``: municipality of every pupil."""
    cost, n = euros(days), children(days)
    if not days or cost is None:
        return {}
    at_school = (euros(d for d in days if d.at_school) or 0) * 40 / (365.25 / 7)
    found: dict[Key, Figure] = {}

    def put(value: float | None, helped: int, dimension: str = "", part: str = "") -> None:
        found["collective_budget", *place, dimension, part] = count(value, helped)

    middle = cost - 0.1 * at_school
    put(middle, n)
    for name, spared in (("laag", 0.2), ("midden", 0.1), ("hoog", 0.0)):
        put(cost - spared * at_school, n, "bound", name)
    put(cost, n, "bound", "huidig")
    for home in set(homes):
        own = homes.count(home)
        put(middle * own / len(homes), own, "allocation_key", f"woonplaats|{home}")
    payers = {payer: [d for d in days if d.municipality == payer] for payer in {d.municipality for d in days}}
    heads = sum(map(children, payers.values()))
    for payer, mine in payers.items():
        helped, paid = children(mine), euros(mine)
        put(middle * helped / heads, helped, "allocation_key", f"leerlingen|{payer}")
        if paid is not None:
            owed = middle * paid / cost if cost else None
            put(owed, helped, "allocation_key", f"historisch|{payer}")
    return found

"""A second, slow implementation of the figures: day by day, in plain Python, straight from the definitions.

It shares nothing with the SQL: no intervals are merged, clipped or swept. Every question is asked of every
day ("which providers are active for this child today?"). Only fit for small data.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]
ONE_DAY = timedelta(days=1)
GAPS = (0, 28)
OF_UNITS = ("renewal_seamless", "hhi_t_high", "main_days", "largest_days", "days_ge2", "days_ge3")
OF_UNITS += ("sum_upc_t", "sum_main_cover", "sum_hhi_t", "sum_pdc_enrolled", "sum_pdc_from_start")
"""What metrics.unit holds and metrics.school does not."""


@dataclass(frozen=True)
class Indication:
    """An indication that counts: the latest version, not deleted, under the Jeugdwet. Ends are inclusive."""

    number: int
    child: str
    provider: str
    municipality: str
    start: date
    end: date | None
    planned_end: date | None
    hours_per_day: float | None
    category: str | None = None

    def active(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def active_any(self, days: Iterable[date]) -> bool:
        return any(self.active(day) for day in days)


@dataclass(frozen=True)
class Enrolment:
    child: str
    school: str
    start: date
    end: date | None
    main: bool = False

    def active(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Window:
    """A period, both ends inclusive."""

    name: str
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        return [self.start + n * ONE_DAY for n in range((self.end - self.start).days + 1)]


def hours_per_day(row: Row) -> float | None:
    """METRICS section 3; a total is spread over the planned period."""
    factor = {"01": 1 / 60, "04": 1.0, "16": 4.0}.get(row.get("unit") or "")
    volume, frequency = row.get("volume"), row.get("frequency")
    if factor is None or volume is None:
        return None
    if frequency == "6":
        if row.get("end_date") is None:
            return None
        return volume * factor / ((row["end_date"] - row["start_date"]).days + 1)
    share = {"1": 1.0, "2": 1 / 7, "3": 1 / 28, "4": 12 / 365.25}.get(frequency or "")
    return None if share is None else volume * factor * share


def standing(rows: Sequence[Row]) -> list[tuple[int, str, str, str, Row]]:
    """Place, municipality, law, number and version that counts of every indication (METRICS 10, DOMAIN 2).

    The highest stamp, of equal stamps the later delivery; without what was deleted or ends before it starts.
    """
    versions: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        law = (row.get("law") or "jeugdwet").strip().lower() or "jeugdwet"
        versions[row["municipality_code"], law, row["allocation_number"]].append(row)
    found = []
    for place, (key, group) in enumerate(sorted(versions.items())):
        latest = max(group, key=lambda row: (_stamp(row), row.get("file_id", 1), row["line"]))
        start, planned = latest["start_date"], latest.get("end_date")
        reason = latest.get("change_reason")
        deleted = reason == "13" or (reason == "01" and _stamp(latest) < datetime(2022, 4, 1))
        if not (deleted and planned == start) and (planned is None or planned >= start):
            found.append((place, *key, latest))
    return found


def current_indications(
    rows: Sequence[Row], deliveries: Sequence[Row] = (), laws: Sequence[str] = ("jeugdwet",)
) -> list[Indication]:
    """The indications that count, until care was stopped."""
    found = []
    for number, municipality, law, allocation, latest in standing(rows):
        if law not in laws:
            continue
        start, planned = latest["start_date"], latest.get("end_date")
        end = planned
        stop = _stopped(municipality, allocation, deliveries)
        if stop is not None and stop >= start and (end is None or stop < end):
            end = stop
        found.append(
            Indication(
                number,
                latest["child_id"],
                latest["provider_id"],
                municipality,
                start,
                end,
                planned,
                hours_per_day(latest),
                latest.get("product_category"),
            )
        )
    return found


def _stamp(row: Row) -> datetime:
    return datetime.combine(row.get("decided_on") or row["start_date"], row.get("decided_time") or time(0))


def _stopped(municipality: str, allocation: str, deliveries: Sequence[Row]) -> date | None:
    """Last day of care when the last start of the number was stopped for good (a 20 is a pause)."""
    of_number = [
        row
        for row in deliveries
        if row["municipality_code"] == municipality and row.get("allocation_number") == allocation
    ]
    ends: dict[date, date | None] = {}
    for row in of_number:
        ends.setdefault(row["start_date"], None)
        if row.get("end_date") is not None and row.get("end_reason") != "20":
            ends[row["start_date"]] = row["end_date"]
    return ends[max(ends)] if ends else None


def current_enrolments(rows: Sequence[Row]) -> list[Enrolment]:
    """The newest delivery of every child, school and start."""
    newest: dict[tuple[str, str, date], Row] = {}
    for row in sorted(rows, key=lambda row: (row.get("file_id", 1), row["line"])):
        newest[row["child_id"], row["school_id"], row["start_date"]] = row
    return [
        Enrolment(child, school, start, row.get("end_date"), row.get("main_enrolment") is True)
        for (child, school, start), row in newest.items()
        if row.get("end_date") is None or row["end_date"] >= start
    ]


class Oracle:
    """Figures of units (sets of schools) in windows, by asking every day."""

    def __init__(self, indications: Sequence[Indication], enrolments: Sequence[Enrolment]) -> None:
        self.indications = indications
        self.enrolments = enrolments
        self._by_child: dict[str, list[Indication]] = defaultdict(list)
        self._enrolments_of: dict[str, list[Enrolment]] = defaultdict(list)
        for enrolment in enrolments:
            self._enrolments_of[enrolment.child].append(enrolment)
        for indication in indications:
            self._by_child[indication.child].append(indication)
        self._providers: dict[tuple[str, date], frozenset[str]] = {}
        self._enrolled: dict[tuple[str, frozenset[str], date], bool] = {}
        self._units: dict[tuple[frozenset[str], Window], dict[str, Any] | None] = {}
        self._known: dict[frozenset[str], list[str]] = {}

    @cached_property
    def children(self) -> list[str]:
        return sorted({enrolment.child for enrolment in self.enrolments})

    def known(self, schools: frozenset[str]) -> list[str]:
        """Children with an enrolment at one of the schools, whenever."""
        if schools not in self._known:
            found = {one.child for one in self.enrolments if one.school in schools}
            self._known[schools] = sorted(found)
        return self._known[schools]

    def active(self, child: str, day: date) -> list[Indication]:
        return [one for one in self._by_child[child] if one.active(day)]

    def providers(self, child: str, day: date) -> frozenset[str]:
        key = child, day
        if key not in self._providers:
            self._providers[key] = frozenset(one.provider for one in self.active(child, day))
        return self._providers[key]

    def enrolled(self, child: str, schools: frozenset[str], day: date) -> bool:
        key = child, schools, day
        if key not in self._enrolled:
            self._enrolled[key] = any(
                one.school in schools and one.active(day) for one in self._enrolments_of[child]
            )
        return self._enrolled[key]

    def enrolled_days(self, child: str, schools: frozenset[str], window: Window) -> list[date]:
        return [day for day in window.days if self.enrolled(child, schools, day)]

    # -- metrics.child_school ---------------------------------------------------------------------------

    def child(self, child: str, schools: frozenset[str], window: Window) -> dict[str, Any] | None:
        """The row of a child at a unit; None without an enrolled day."""
        days = self.enrolled_days(child, schools, window)
        if not days:
            return None
        per_day = {day: self.providers(child, day) for day in days}
        care = [day for day in days if per_day[day]]
        provider_days = sum(len(found) for found in per_day.values())
        own_days: dict[str, int] = defaultdict(int)
        for found in per_day.values():
            for provider in found:
                own_days[provider] += 1
        hours = 0.0
        timed = 0
        for day in days:
            rates = [one.hours_per_day for one in self.active(child, day) if one.hours_per_day is not None]
            hours += sum(rates)
            timed += bool(rates)
        span = [day for day in days if care and day >= care[0]]
        most = max(own_days.values(), default=0)
        return {
            "enrolled_days": len(days),
            "care_days": len(care),
            "provider_days": provider_days,
            "n_providers": len(own_days),
            "upc_t": _ratio(most, provider_days),
            "main_cover": _ratio(most, len(care)),
            "hhi_t": sum((n / provider_days) ** 2 for n in own_days.values()) if own_days else None,
            "peak_providers": max(len(found) for found in per_day.values()),
            "mean_concurrent": _ratio(provider_days, len(care)),
            "days_ge2": sum(len(found) >= 2 for found in per_day.values()),
            "days_ge3": sum(len(found) >= 3 for found in per_day.values()),
            "hours": hours,
            "timed_care_days": timed,
            "span_days": len(span),
            "pdc_enrolled": _ratio(len(care), len(days)),
            "pdc_from_start": _ratio(len(care), len(span)),
        }

    # -- metrics.school and metrics.unit ----------------------------------------------------------------

    def unit(self, schools: frozenset[str], window: Window) -> dict[str, Any] | None:
        """The row of a unit; None without an enrolled day."""
        key = schools, window
        if key not in self._units:
            self._units[key] = self._unit(schools, window)
        return self._units[key]

    def _unit(self, schools: frozenset[str], window: Window) -> dict[str, Any] | None:
        rows = {child: self.child(child, schools, window) for child in self.known(schools)}
        pupils = {child: row for child, row in rows.items() if row}
        if not pupils:
            return None
        cared = [row for row in pupils.values() if row["care_days"]]
        total = {
            name: sum(row[name] for row in pupils.values())
            for name in ("enrolled_days", "care_days", "provider_days", "hours", "timed_care_days")
        }
        by_provider: dict[str, int] = defaultdict(int)
        by_municipality: dict[str, int] = defaultdict(int)
        main_days = 0
        for child in pupils:
            own: dict[str, int] = defaultdict(int)
            for day in self.enrolled_days(child, schools, window):
                for provider in self.providers(child, day):
                    own[provider] += 1
                for municipality in {one.municipality for one in self.active(child, day)}:
                    by_municipality[municipality] += 1
            main_days += max(own.values(), default=0)
            for provider, days in own.items():
                by_provider[provider] += days
        shares = sorted((days / total["provider_days"] for days in by_provider.values()), reverse=True)
        payers = sum(by_municipality.values())
        present = [self._present(schools, day) for day in window.days]
        figures: dict[str, Any] = {
            "window_days": len(window.days),
            "pupils_ever": len(pupils),
            "pupil_days": total["enrolled_days"],
            "mean_pupils": total["enrolled_days"] / len(window.days),
            "care_pupils": len(cared),
            "period_prev": len(cared) / len(pupils),
            "care_days": total["care_days"],
            "persontime_prev": total["care_days"] / total["enrolled_days"],
            "hours": total["hours"],
            "timed_care_days": total["timed_care_days"],
            "hours_per_pupil_week": total["hours"] * 7 / total["enrolled_days"],
            "hours_per_timed_carepupil_week": _ratio(total["hours"] * 7, total["timed_care_days"]),
            "providers_ever": len(by_provider),
            "provider_days": total["provider_days"],
            "cr1": sum(shares[:1]) if shares else None,
            "cr3": sum(shares[:3]) if shares else None,
            "hhi": sum(share**2 for share in shares) if shares else None,
            "eff_providers": 1 / sum(share**2 for share in shares) if shares else None,
            "municipalities": len(by_municipality),
            "municipality_hhi": sum((days / payers) ** 2 for days in by_municipality.values()) or None,
            "school_providers_peak": max(present),
            "school_providers_mean": sum(present) / len(window.days),
            "child_peak_max": max((row["peak_providers"] for row in cared), default=None),
            "mean_concurrent": _ratio(total["provider_days"], total["care_days"]),
            "share_days_ge2": _ratio(sum(row["days_ge2"] for row in cared), total["care_days"]),
            "share_days_ge3": _ratio(sum(row["days_ge3"] for row in cared), total["care_days"]),
            "upc_t_mean": _mean(row["upc_t"] for row in cared),
            "main_cover_mean": _mean(row["main_cover"] for row in cared),
            "hhi_t_mean": _mean(row["hhi_t"] for row in cared),
            "pdc_from_start_mean": _mean(row["pdc_from_start"] for row in cared),
            "upc_t_dayweighted": _ratio(main_days, total["provider_days"]),
            "main_days": main_days if cared else None,
            "largest_days": max(by_provider.values(), default=None),
            "hhi_t_high": sum(row["hhi_t"] >= 0.7 - 1e-12 for row in cared) if cared else None,
        }
        for name in ("days_ge2", "days_ge3"):
            figures[name] = sum(row[name] for row in cared) if cared else None
        for name in ("upc_t", "main_cover", "hhi_t", "pdc_enrolled", "pdc_from_start"):
            figures[f"sum_{name}"] = math.fsum(row[name] for row in cared) if cared else None
        for gap in GAPS:
            events = self._events(schools, window, gap, total["care_days"])
            figures |= {
                name if name == "renewal_seamless" else f"{name}_g{gap}": value
                for name, value in events.items()
            }
        return figures

    def _present(self, schools: frozenset[str], day: date) -> int:
        """Distinct providers active for any child enrolled that day."""
        found: set[str] = set()
        for child in self.known(schools):
            if self.enrolled(child, schools, day):
                found |= self.providers(child, day)
        return len(found)

    def _events(self, schools: frozenset[str], window: Window, gap: int, care_days: int) -> dict[str, Any]:
        count = dict.fromkeys(
            (
                "starts_entry",
                "starts_replacement",
                "starts_addition",
                "secon_n",
                "secon_same",
                "renewal_ended",
                "renewal_same",
                "renewal_any",
            ),
            0,
        )
        for child in self.known(schools):
            for day in self.enrolled_days(child, schools, window):
                for kind in self.starts(child, day, gap):
                    count[f"starts_{kind}"] += 1
            for one in self._by_child[child]:
                if window.start <= one.start <= window.end and self.enrolled(child, schools, one.start):
                    same = self.succession(one, gap)
                    count["secon_n"] += same is not None
                    count["secon_same"] += same is True
                if (
                    one.end is not None
                    and window.start <= one.end <= window.end - (1 + gap) * ONE_DAY
                    and self.enrolled(child, schools, one.end)
                ):
                    renewed = self.renewal(one, gap)
                    count["renewal_ended"] += 1
                    count["renewal_same"] += one.provider in renewed
                    count["renewal_any"] += bool(renewed)
        switches = count["starts_replacement"] + count["starts_addition"]
        if gap == 28:
            count["renewal_seamless"] = self._seamless(schools, window)
        return {**count, "switches_per_careyear": _ratio(switches * 365.25, care_days)}

    def _seamless(self, schools: frozenset[str], window: Window) -> int:
        """Ends that leave 29 days to look ahead and are renewed the next day at the latest."""
        return sum(
            bool(self.renewal(one, 0))
            for one in self.indications
            if one.end is not None
            and window.start <= one.end <= window.end - 29 * ONE_DAY
            and self.enrolled(one.child, schools, one.end)
        )

    def started(self, schools: frozenset[str], window: Window) -> list[Indication]:
        """Indications that start in the window while their child is enrolled."""
        return [
            one
            for one in self.indications
            if window.start <= one.start <= window.end and self.enrolled(one.child, schools, one.start)
        ]

    def starts(self, child: str, day: date, gap: int) -> list[str]:
        """Kinds of the provider starts of a child on a day."""
        if self.providers(child, day) <= self.providers(child, day - ONE_DAY):
            return []  # nobody is new; spares the look-back of most days
        before = [day - n * ONE_DAY for n in range(1, gap + 2)]
        after = [day + n * ONE_DAY for n in range(gap + 1)]
        there: set[str] = set().union(*(self.providers(child, one) for one in before))
        staying: set[str] = set().union(*(self.providers(child, one) for one in after))
        kinds = []
        for provider in self.providers(child, day):
            if provider in there:
                continue
            if not there:
                kinds.append("entry")
            elif there - staying:
                kinds.append("replacement")
            else:
                kinds.append("addition")
        return kinds

    def succession(self, one: Indication, gap: int) -> bool | None:
        """Whether the provider was already there; None when nobody was."""
        before = [one.start - n * ONE_DAY for n in range(1, gap + 2)]
        others = [
            other
            for other in self._by_child[one.child]
            if other.number != one.number and other.active_any(before)
        ]
        return any(other.provider == one.provider for other in others) if others else None

    def renewal(self, one: Indication, gap: int) -> set[str]:
        """Providers of the indications that take over."""
        end = one.end
        assert end is not None
        return {
            other.provider
            for other in self._by_child[one.child]
            if other.number != one.number
            and one.start < other.start <= end + (1 + gap) * ONE_DAY
            and (other.end is None or other.end > end)
        }

    # -- metrics.point_prevalence -----------------------------------------------------------------------

    def on_date(self, schools: frozenset[str], day: date) -> dict[str, Any] | None:
        """Figures of one day; None without pupils."""
        pupils = [child for child in self.known(schools) if self.enrolled(child, schools, day)]
        if not pupils:
            return None
        links = [len(self.providers(child, day)) for child in pupils]
        rates = {
            child: [7 * one.hours_per_day for one in self.active(child, day) if one.hours_per_day is not None]
            for child in pupils
        }
        by_provider: dict[str, float] = defaultdict(float)
        by_municipality: dict[str, float] = defaultdict(float)
        for child in pupils:
            providers = self.providers(child, day)
            for provider in providers:
                by_provider[provider] += 1 / len(providers)
            payers = {one.municipality for one in self.active(child, day)}
            for payer in payers:
                by_municipality[payer] += 1 / len(payers)
        cared = sum(n > 0 for n in links)
        return {
            "providers": len(by_provider),
            "provider_hhi": sum((w / cared) ** 2 for w in by_provider.values()) or None,
            "largest_provider_weight": max(by_provider.values(), default=None),
            "municipalities": len(by_municipality),
            "municipality_hhi": sum((w / cared) ** 2 for w in by_municipality.values()) or None,
            "pupils": len(pupils),
            "care_pupils": cared,
            "provider_links": sum(links),
            "pupils_ge2": sum(n >= 2 for n in links),
            "pupils_ge3": sum(n >= 3 for n in links),
            "hours_week": sum(sum(found) for found in rates.values()),
            "timed_pupils": sum(bool(found) for found in rates.values()),
        }


def _ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def differences(got: Mapping[str, Any], expected: Mapping[str, Any], where: object = "") -> list[str]:
    """Columns of ``expected`` in which ``got`` differs by more than rounding; ``where`` opens each line."""
    found = []
    for column, value in expected.items():
        other = got[column]
        same = other == value or (
            isinstance(other, int | float)
            and isinstance(value, int | float)
            and abs(other - value) <= 1e-9 * max(1.0, abs(value))
        )
        if not same:
            found.append(f"{where} {column}: {other!r}, expected {value!r}")
    return found

"""Theme F a second time: sets of children and days in plain Python, straight from the definitions.

Every function answers for a set of schools; parts of a figure stand beside it, by dimension and part.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tests.support.figures import Figure, count, share
from tests.support.oracle import ONE_DAY, Enrolment, Oracle, Window

Row = Mapping[str, Any]
Figures = dict[tuple[str, str, str], Figure]

KNOWN = {"31", "32", "33", "34", "35", "39"}
PLANNED = {"31", "39"}
DROPOUT = {"32", "33", "35"}
ABSENT = {"ziek": "geen_verzuim_ziek", "legitiem": "geen_verzuim_legitiem"}
FORMS = {"45": "ambulant", "41": "daghulp", "44": "verblijf"}
AGES = {"0-3": (0, 3), "4-7": (4, 7), "8-11": (8, 11), "12-15": (12, 15), "16-17": (16, 17), "18+": (18, 200)}
LEAVERS = ("vervolgonderwijs", "werk", "dagbesteding", "geen", "onbekend", "detentie")


def years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years)  # months of birth start on the first: no 29 February


def days_of(row: Row, window: Window) -> set[date]:
    """Days of a record inside a window; an open end runs on."""
    first = max(row["start_date"], window.start)
    last = min(row["end_date"] or window.end, window.end)
    return {first + n * ONE_DAY for n in range((last - first).days + 1)}


def trajectories(indications: Sequence[Row]) -> list[dict[str, Any]]:
    """Runs of days per child, provider and product: what overlaps or adjoins is one (rows as they count)."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in indications:
        product = f"{row['product_category'] or ''} {row['product_code'] or ''}"
        groups[row["child_id"], row["provider_id"], product].append(row)
    found = []
    for (child, provider, _), rows in sorted(groups.items()):
        rest = sorted(rows, key=lambda r: (r["start_date"], r["end_date"] or date.max))
        while rest:
            run = [rest.pop(0)]
            while True:
                ends = [r["end_date"] or date.max for r in run]
                joined = [r for r in rest if max(ends) == date.max or r["start_date"] <= max(ends) + ONE_DAY]
                if not joined:
                    break
                run += joined
                rest = [r for r in rest if r not in joined]
            end = max(r["end_date"] or date.max for r in run)
            found.append({"child": child, "provider": provider, "rows": run, "end": end})
    return found


def ends(
    oracle: Oracle,
    schools: frozenset[str],
    window: Window,
    indications: Sequence[Row],
    stops: Mapping[str, str],
    payer: str | None = None,
    provider: str | None = None,
) -> Figures:
    """How care ended; ``stops``: the reason of the definitive stop of each number."""
    found: list[tuple[str, str, str]] = []  # child, form, reason
    for run in trajectories(indications):
        first = run["rows"][0]
        if not window.start <= run["end"] <= window.end or not oracle.enrolled(
            run["child"], schools, run["end"]
        ):
            continue
        if payer not in (None, first["municipality_code"]) or provider not in (None, run["provider"]):
            continue
        last = [r for r in run["rows"] if r["end_date"] == run["end"]]
        assert len(last) == 1, "the random data leave no doubt which indication lasts longest"
        form = FORMS.get(first["product_category"] or "", "onbekend")
        found.append((run["child"], form, stops.get(last[0]["allocation_number"], "")))
    if not found:
        return {}

    def of(group: Sequence[tuple[str, str, str]], reasons: set[str]) -> Figure:
        mine = [child for child, _, reason in group if reason in reasons]
        return share(len(mine), sum(reason in KNOWN for _, _, reason in group), len(set(mine)))

    unknown = [child for child, _, reason in found if reason not in KNOWN]
    figures: Figures = {
        ("dropout_rate", "", ""): of(found, DROPOUT),
        ("dropout_rate_incl_agreed", "", ""): of(found, DROPOUT | {"34"}),
        ("planned_end_share", "", ""): of(found, PLANNED),
        ("unknown_end_share", "", ""): share(len(unknown), len(found), len(set(unknown))),
    }
    for form in {form for _, form, _ in found}:
        group = [one for one in found if one[1] == form]
        figures["dropout_rate", "care_form", form] = of(group, DROPOUT)
        figures["planned_end_share", "care_form", form] = of(group, PLANNED)
    for reason in {reason for _, _, reason in found} & (KNOWN - PLANNED):
        figures["dropout_rate", "reason", reason] = of(found, {reason})
    return figures


def outcomes(
    oracle: Oracle, schools: frozenset[str], window: Window, rows: Sequence[Row], paid: Iterable[str] | None
) -> Figures:
    """Goals, going on without help, reliable change; ``paid``: numbers of the indications of one payer."""
    here = [
        r
        for r in rows
        if window.start <= r["measured_on"] <= window.end
        and oracle.enrolled(r["child_id"], schools, r["measured_on"])
        and (paid is None or r["allocation_number"] in paid)
    ]
    if not here:
        return {}
    met = {"geheel": 1, "grotendeels": 1, "ja": 1, "deels": 0, "niet": 0}
    goals = [(r["child_id"], met[r["goals_met"]]) for r in here if r["goals_met"] in met]
    without = [(r["child_id"], r["without_help"] == "ja") for r in here if r["without_help"] in ("ja", "nee")]
    last: dict[str, float] = {}
    for r in sorted(here, key=lambda r: r["measured_on"]):
        if r["standard_error"] and r["score_start"] is not None and r["score_end"] is not None:
            gain = r["score_start"] - r["score_end"]
            gain = -gain if r["higher_is_better"] else gain
            last[r["child_id"]] = gain / (2**0.5 * r["standard_error"])

    def of(told: Sequence[tuple[str, int]]) -> Figure:
        return share(sum(yes for _, yes in told), len(told), len({child for child, yes in told if yes}))

    found: Figures = {("goals_met_share", "", ""): of(goals), ("without_help_share", "", ""): of(without)}
    if last:
        better = sum(v >= 1.96 for v in last.values())
        found["problem_reduction_share", "", ""] = share(better, len(last), better)
    return found


def future_plan(
    oracle: Oracle, schools: frozenset[str], day: date, rows: Sequence[Row], born: Mapping[str, date]
) -> Figures:
    """Pupils of 16 and older in care with a plan, of all of them."""
    pupils = [
        c
        for c in oracle.children
        if oracle.enrolled(c, schools, day) and oracle.active(c, day) and years_later(born[c], 16) <= day
    ]
    plans = 0
    for child in pupils:
        told = [
            r for r in rows if r["child_id"] == child and r["measured_on"] <= day and r["plan_18"] is not None
        ]
        newest = max((r["measured_on"] for r in told), default=None)
        plans += any(r["plan_18"] for r in told if r["measured_on"] == newest)
    return {("future_plan_share", "", ""): share(plans, len(pupils), plans)} if pupils else {}


def counted_absences(
    rows: Sequence[Row], enrolments: Sequence[Enrolment], born: Mapping[str, date]
) -> list[Row]:
    """Absences that count: their kind, the school they count for and their days."""
    found: list[Row] = []
    for row in rows:
        kind = {
            "absoluut": "absolute",
            "relatief_langdurig": "long",
            "relatief": "long",
            "vrijstelling_5a": "exempt",
        }.get(row["absence_type"])
        length = ((row["end_date"] or date.max) - row["start_date"]).days + 1
        if kind is None or (row["absence_type"] == "relatief" and length <= 28):
            continue
        if row["status"] == "ingetrokken" or row["closing_reason"] in ABSENT.values():
            continue
        covered = any(
            e["absence_type"].startswith("vrijstelling")
            and e["child_id"] == row["child_id"]
            and e["status"] != "ingetrokken"
            and e["start_date"] <= row["start_date"]
            and (e["end_date"] or date.max) >= (row["end_date"] or date.max)
            for e in rows
        )
        if covered and kind != "exempt":
            continue
        start, end = row["start_date"], row["end_date"]
        if kind == "absolute":
            start = max(start, years_later(born[row["child_id"]], 5))
            last = years_later(born[row["child_id"]], 18) - ONE_DAY
            end = min(end or last, last)
            if end < start:
                continue
        school = row["school_id"]
        if school is None:
            earlier = [e for e in enrolments if e.child == row["child_id"] and e.start <= row["start_date"]]
            rank = [
                (e.end is None or e.end >= row["start_date"], e.end or date.max, e.start, e) for e in earlier
            ]
            school = max(rank, key=lambda r: r[:3])[3].school if rank else None
        found.append({**row, "kind": kind, "school": school, "start_date": start, "end_date": end})
    return found


class Absences:
    """Figures of a school year of absences that count; ``homes`` and ``born`` by child."""

    def __init__(
        self,
        oracle: Oracle,
        rows: Sequence[Row],
        homes: Mapping[str, str],
        born: Mapping[str, date],
        population: Sequence[Row],
    ) -> None:
        self.oracle, self.rows, self.homes, self.born = oracle, rows, homes, born
        self.population = population

    def figures(self, level: str, schools: frozenset[str], window: Window) -> Figures:
        """Of a unit; in the region children without a school count as well."""
        members = self._members(None if level == "region" else schools, window)
        pupils = sum(
            any(self.oracle.enrolled(child, schools, day) for day in window.days)
            for child in self.oracle.known(schools)
        )
        begun = any(row["start_date"] <= window.end for row in self.rows)
        zeros = bool(begun and pupils)  # nobody is a count of 0, once absence is registered at all
        found = self._of(members, "", "", zeros)
        late = members["long_relative_absence"]
        if (late or zeros) and pupils:
            found["long_relative_absence_rate", "", ""] = share(len(late), pupils, len(late))
        if level != "region":
            return {key: row for key, row in found.items() if not self._is_rate(key[0])}
        for metric in [key[0] for key in found if self._is_rate(key[0])]:
            own = found[metric, "", ""]
            found[metric, "", ""] = share(own.numerator, self._inhabitants(window), own.n_children)
        for dimension, part_of in (("home_municipality", self._home), ("age_group", self._age)):
            for part in {part_of(child, window) for own in members.values() for child in own}:
                mine = {
                    metric: {child for child in own if part_of(child, window) == part}
                    for metric, own in members.items()
                }
                for (metric, _, _), row in self._of(mine, dimension, part, False).items():
                    n = self._inhabitants(window, part)
                    shown = share(row.numerator, n, row.n_children) if self._is_rate(metric) else row
                    if self._is_parted(metric, dimension):
                        found[metric, dimension, part] = shown
        return found

    def _home(self, child: str, _: Window) -> str:
        return self.homes.get(child, "onbekend")

    def _members(self, schools: frozenset[str] | None, window: Window) -> dict[str, set[str]]:
        days: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
        for row in self.rows:
            within = days_of(row, window) if row["start_date"] <= window.end else set()
            if within and (schools is None or row["school"] in schools):
                days[row["kind"]][row["child_id"]] |= within
        sitting: dict[str, set[date]] = defaultdict(set)
        for kind in ("long", "absolute") if window.start >= date(2015, 8, 1) else ("long",):
            for child, own in days[kind].items():
                sitting[child] |= own
        return {
            "absolute_absence": set(days["absolute"]),
            "long_relative_absence": set(days["long"]),
            "exemption_5a": set(days["exempt"]),
            "home_sitters": set(sitting),
            "home_sitters_gt3m": {child for child, own in sitting.items() if len(own) > 92},
            "home_sitters_with_care": {
                child for child, own in sitting.items() if any(self.oracle.active(child, day) for day in own)
            },
        }

    def _of(self, members: Mapping[str, set[str]], dimension: str, part: str, zeros: bool) -> Figures:
        found: Figures = {}
        for metric, children in members.items():
            n = len(children)
            if metric == "home_sitters_with_care":
                sitters = len(members["home_sitters"])
                if sitters or zeros:
                    found[metric, dimension, part] = share(n, sitters, n)
            elif n or zeros:
                found[metric, dimension, part] = count(n, n)
                rate = {
                    "absolute_absence": "absolute_absence_rate",
                    "home_sitters": "home_sitters_rate",
                    "home_sitters_gt3m": "home_sitters_rate_gt3m",
                }.get(metric)
                if rate:
                    found[rate, dimension, part] = count(n, n)
        return found

    @staticmethod
    def _is_rate(metric: str) -> bool:
        return "_rate" in metric and metric != "long_relative_absence_rate"

    @staticmethod
    def _is_parted(metric: str, dimension: str) -> bool:
        if dimension == "age_group":
            return metric in ("absolute_absence", "home_sitters", "home_sitters_gt3m")
        return metric not in ("exemption_5a", "long_relative_absence")

    def _age(self, child: str, window: Window) -> str:
        ages = (
            code
            for code, (first, last) in AGES.items()
            if years_later(self.born[child], first) <= window.start < years_later(self.born[child], last + 1)
        )
        return next(ages, "onbekend")

    def _inhabitants(self, window: Window, municipality: str | None = None) -> int | None:
        """None when nobody is known to live there."""
        living = sum(
            row["inhabitants"]
            for row in self.population
            if row["year"] == window.end.year
            and 5 <= row["age"] <= 17
            and municipality in (None, row["municipality_code"])
        )
        return living or None


def leavers(schools: frozenset[str], window: Window, rows: Sequence[Row]) -> Figures:
    """Where those went who left in a school year; a word that is no destination is unknown."""
    went: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["school_id"] in schools and window.start <= row["left_on"] <= window.end:
            told = (row["destination"] or "").strip().lower()
            went[told if told in LEAVERS else "onbekend"].add(row["child_id"])
    everybody = len(set().union(*went.values()))
    return {
        ("destination", "destination", name): share(len(own), everybody, len(own))
        for name, own in went.items()
    }


def referrals(
    oracle: Oracle,
    schools: frozenset[str],
    october: date,
    types: Mapping[str, str],
    born: Mapping[str, date],
    starts: Iterable[tuple[str, date, str]],
    gone: Sequence[Row],
) -> Figures:
    """Pupils of mainstream schools on 1 October and where they went up to 30 September.

    ``starts``: child, first day and category of every indication that counts.
    """
    mainstream = frozenset(s for s in schools if types[s] in ("BO", "VO", "PRO"))
    pupils = {c for c in oracle.children if oracle.enrolled(c, mainstream, october)}
    last = years_later(october, 1) - ONE_DAY
    went: dict[str, set[str]] = defaultdict(set)
    for e in oracle.enrolments:
        kind = types[e.school].lower()
        if kind == "so/vso":
            kind = "vso" if years_later(born[e.child], 12) < date(october.year, 8, 1) else "so"
        if kind in ("sbo", "so", "vso") and october < e.start <= last:
            went[kind].add(e.child)
    for child, start, category in starts:
        form = {"41": "dagbehandeling", "44": "verblijf"}.get(category)
        if form and october < start <= last:
            went[form].add(child)
    for row in gone:
        if row["destination"] == "detentie" and october < row["left_on"] <= last:
            went["detentie"].add(row["child_id"])
    names = ["sbo", "so", "vso", "dagbehandeling", "verblijf", *(["detentie"] if gone else [])]
    found: Figures = {}
    for name in names:
        mine = len(went[name] & pupils)
        found["special_referral_rate", "destination", name] = share(mine, len(pupils), mine)
    anywhere = len(set().union(*went.values()) & pupils)
    found["special_referral_rate", "", ""] = share(anywhere, len(pupils), anywhere)
    return found if pupils else {}

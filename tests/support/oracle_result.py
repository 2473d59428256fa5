"""Themes F and K a second time: sets of children and days in plain Python, straight from the definitions.

Every function answers for a set of schools; a figure is a pair of numerator and denominator, a count has
denominator None.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.support.oracle import ONE_DAY, Enrolment, Oracle, Window

Row = Mapping[str, Any]
Pair = tuple[float, float | None]
Figures = dict[tuple[str, str, str], Pair]

KNOWN = {"31", "32", "33", "34", "35", "39"}
PLANNED = {"31", "39"}
DROPOUT = {"32", "33", "35"}
ABSENT = {"ziek": "geen_verzuim_ziek", "legitiem": "geen_verzuim_legitiem"}


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
        product = f"{row['product_category']} {row['product_code']}"
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
) -> Figures:
    """How care ended; ``stops``: the reason of the definitive stop of each number."""
    reasons = []
    for run in trajectories(indications):
        if not window.start <= run["end"] <= window.end or not oracle.enrolled(
            run["child"], schools, run["end"]
        ):
            continue
        last = [r for r in run["rows"] if r["end_date"] == run["end"]]
        assert len(last) == 1, "the random data leave no doubt which indication lasts longest"
        reasons.append(stops.get(last[0]["allocation_number"], ""))
    if not reasons:
        return {}
    known = [r for r in reasons if r in KNOWN]
    return {
        ("dropout_rate", "", ""): (sum(r in DROPOUT for r in known), len(known)),
        ("dropout_rate_incl_agreed", "", ""): (sum(r in DROPOUT | {"34"} for r in known), len(known)),
        ("planned_end_share", "", ""): (sum(r in PLANNED for r in known), len(known)),
        ("unknown_end_share", "", ""): (len(reasons) - len(known), len(reasons)),
    }


def outcomes(oracle: Oracle, schools: frozenset[str], window: Window, rows: Sequence[Row]) -> Figures:
    """Goals, going on without help, reliable change."""
    here = [
        r
        for r in rows
        if window.start <= r["measured_on"] <= window.end
        and oracle.enrolled(r["child_id"], schools, r["measured_on"])
    ]
    if not here:
        return {}
    met = {"geheel": 1, "grotendeels": 1, "ja": 1, "deels": 0, "niet": 0}
    goals = [met[r["goals_met"]] for r in here if r["goals_met"] in met]
    without = [r["without_help"] == "ja" for r in here if r["without_help"] in ("ja", "nee")]
    last: dict[str, float] = {}
    for r in sorted(here, key=lambda r: r["measured_on"]):
        if r["standard_error"] and r["score_start"] is not None and r["score_end"] is not None:
            gain = r["score_start"] - r["score_end"]
            gain = -gain if r["higher_is_better"] else gain
            last[r["child_id"]] = gain / (2**0.5 * r["standard_error"])
    found: Figures = {
        ("goals_met_share", "", ""): (sum(goals), len(goals)),
        ("without_help_share", "", ""): (sum(without), len(without)),
    }
    if last:
        found["problem_reduction_share", "", ""] = (sum(v >= 1.96 for v in last.values()), len(last))
    return found


def future_plan(
    oracle: Oracle, schools: frozenset[str], day: date, rows: Sequence[Row], born: Mapping[str, date]
) -> Pair | None:
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
    return (plans, len(pupils)) if pupils else None


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


def absences(oracle: Oracle, schools: frozenset[str] | None, window: Window, rows: Sequence[Row]) -> Figures:
    """Counts of a school year; ``schools`` None is the region, where also children without a school count."""
    days: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        within = days_of(row, window) if row["start_date"] <= window.end else set()
        if within and (schools is None or row["school"] in schools):
            days[row["kind"]][row["child_id"]] |= within
    kinds = ("long", "absolute") if window.start >= date(2015, 8, 1) else ("long",)
    sitting: dict[str, set[date]] = defaultdict(set)
    for kind in kinds:
        for child, own in days[kind].items():
            sitting[child] |= own
    cared = [child for child, own in sitting.items() if any(oracle.active(child, day) for day in own)]
    return {
        ("absolute_absence", "", ""): (len(days["absolute"]), None),
        ("long_relative_absence", "", ""): (len(days["long"]), None),
        ("exemption_5a", "", ""): (len(days["exempt"]), None),
        ("home_sitters", "", ""): (len(sitting), None),
        ("home_sitters_gt3m", "", ""): (sum(len(own) > 92 for own in sitting.values()), None),
        ("home_sitters_with_care", "", ""): (len(cared), len(sitting)),
    }


def referrals(
    oracle: Oracle,
    october: date,
    types: Mapping[str, str],
    born: Mapping[str, date],
    starts: Iterable[tuple[str, date, str]],
    leavers: Sequence[Row],
) -> Figures:
    """Pupils of mainstream schools on 1 October and where they went up to 30 September; region only.

    ``starts``: child, first day and category of every indication that counts.
    """
    mainstream = frozenset(s for s, kind in types.items() if kind in ("BO", "VO", "PRO"))
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
    for row in leavers:
        if row["destination"] == "detentie" and october < row["left_on"] <= last:
            went["detentie"].add(row["child_id"])
    names = ["sbo", "so", "vso", "dagbehandeling", "verblijf", *(["detentie"] if leavers else [])]
    found: Figures = {
        ("special_referral_rate", "destination", name): (len(went[name] & pupils), len(pupils))
        for name in names
    }
    anywhere = set().union(*went.values()) if went else set()
    found["special_referral_rate", "", ""] = (len(anywhere & pupils), len(pupils))
    return found if pupils else {}


def links(
    oracle: Oracle,
    window: Window,
    born: Mapping[str, date],
    schools: frozenset[str],
    municipality: str | None,
) -> Figures:
    """Children of 4 to 17 in care that are at a school, and care days without one; of one payer or of all."""
    sought, found = set(), set()
    days = without = 0
    for child in {one.child for one in oracle.indications}:
        paid = [i for i in oracle.indications if i.child == child and municipality in (None, i.municipality)]
        care = [(day, i.municipality) for day in window.days for i in paid if i.active(day)]
        if care and years_later(born[child], 4) <= window.start < years_later(born[child], 18):
            sought.add(child)
            if any(oracle.enrolled(child, schools, day) for day in window.days):
                found.add(child)
        for day, _ in set(care):
            if years_later(born[child], 4) <= day < years_later(born[child], 18):
                days += 1
                without += not oracle.enrolled(child, schools, day)
    figures: Figures = {}
    if sought:
        figures["link_rate", "", ""] = (len(found), len(sought))
    if days:
        figures["care_days_without_school", "", ""] = (without, days)
    return figures


def records(window: Window, rows: Sequence[Row], stops: Sequence[Row], municipality: str | None) -> Figures:
    """Unknown and overlapping indications that start in the window (rows as they count), and stops in it.

    The random data have no product list: the category tells form and weight, nobody the place.
    """
    found: Figures = {}
    stopped = [
        r["end_reason"] is None
        for r in stops
        if window.start <= r["end_date"] <= window.end
        and r["end_reason"] != "20"
        and municipality in (None, r["municipality_code"])
    ]
    if stopped:
        found["unknown_share", "field", "reden_beeindiging"] = (sum(stopped), len(stopped))
    started = [
        r
        for r in rows
        if window.start <= r["start_date"] <= window.end and municipality in (None, r["municipality_code"])
    ]
    if not started:
        return found

    def overlaps(row: Row) -> bool:
        names = ("child_id", "municipality_code", "provider_id", "product_category", "product_code")
        order = (row["start_date"], int(row["allocation_number"]))
        return any(
            all(other[n] == row[n] for n in names)
            and (other["start_date"], int(other["allocation_number"])) < order
            and (other["end_date"] or date.max) >= row["start_date"]
            for other in rows
        )

    n = len(started)
    return found | {
        ("unknown_share", "field", "hulpvorm"): (0, n),
        ("unknown_share", "field", "zwaarte"): (0, n),
        ("unknown_share", "field", "plaats"): (n, n),
        ("unknown_share", "field", "verwijzer"): (sum(r["referrer"] in (None, "07") for r in started), n),
        ("unknown_share", "field", "product"): (sum(r["product_code"] is None for r in started), n),
        ("conflict_share", "conflict", "overlap"): (sum(overlaps(r) for r in started), n),
    }


def quarters(first: date, last: date) -> list[Window]:
    """Quarters of which at least one day lies after ``first`` and that are over on ``last``."""
    edges = [date(y, m, 1) for y in range(first.year, last.year + 2) for m in (1, 4, 7, 10)]
    named = [Window(f"{a.year}-Q{(a.month + 2) // 3}", a, b - timedelta(days=1)) for a, b in pairwise(edges)]
    return [w for w in named if w.end >= first and w.end <= last]

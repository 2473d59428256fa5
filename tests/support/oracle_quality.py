"""Theme K a second time: who is found at a school, and what records leave open, child by child."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.support.figures import Figure, share
from tests.support.oracle import Oracle, Window
from tests.support.oracle_result import FORMS, Figures, Row, years_later

Part = tuple[str, str]


def links(
    oracle: Oracle, window: Window, born: Mapping[str, date], schools: frozenset[str], region: frozenset[str]
) -> dict[str, Figures]:
    """Children of 4 to 17 in care that are at a school, and care days without one, by unit.

    Of every payer and of the region; ``region``: its municipalities. The rate of the region is that of the
    children its own municipalities pay for.
    """
    payers = frozenset(one.municipality for one in oracle.indications)
    found: dict[str, Figures] = {"region": {}}

    def put(unit: str, part: Part, metric: str, paying: frozenset[str]) -> None:
        row = _links(oracle, window, born, schools, paying).get(metric)
        if row:
            found.setdefault(unit, {})[metric, *part] = row

    for part, paying in {
        ("", ""): payers & region,
        ("in_region", "binnen"): payers & region,
        ("in_region", "buiten"): payers - region,
    }.items():
        put("region", part, "link_rate", paying)
    put("region", ("", ""), "care_days_without_school", payers)
    for payer in payers:
        for metric in ("link_rate", "care_days_without_school"):
            put("region", ("delivering_municipality", payer), metric, frozenset({payer}))
            put(payer, ("", ""), metric, frozenset({payer}))
    return found


def _links(
    oracle: Oracle,
    window: Window,
    born: Mapping[str, date],
    schools: frozenset[str],
    paying: frozenset[str],
) -> dict[str, Figure]:
    """What ``paying`` pay for; a day counts once for every municipality that pays."""
    sought, found, lost = set(), set(), set()
    days = without = 0
    for child in {one.child for one in oracle.indications}:
        paid = [one for one in oracle.indications if one.child == child and one.municipality in paying]
        care = [(day, one.municipality) for day in window.days for one in paid if one.active(day)]
        if care and years_later(born[child], 4) <= window.start < years_later(born[child], 18):
            sought.add(child)
            if any(oracle.enrolled(child, schools, day) for day in window.days):
                found.add(child)
        for day, _ in set(care):
            if years_later(born[child], 4) <= day < years_later(born[child], 18):
                days += 1
                if not oracle.enrolled(child, schools, day):
                    without += 1
                    lost.add(child)
    figures = {}
    if sought:
        figures["link_rate"] = share(len(found), len(sought), len(found))
    if days:
        figures["care_days_without_school"] = share(without, days, len(lost))
    return figures


def findable(oracle: Oracle, schools: frozenset[str], window: Window, nameless: frozenset[str]) -> Figures:
    """Pupils with a number, or found again without one; ``nameless``: the others."""
    pupils = {
        child
        for child in oracle.known(schools)
        if any(oracle.enrolled(child, schools, day) for day in window.days)
    }
    known = len(pupils - nameless)
    return {("pupil_link_rate", "", ""): share(known, len(pupils), known)} if pupils else {}


def twice(oracle: Oracle, window: Window) -> Figures:
    """Pupils with, on one day, a main enrolment at two schools, of all pupils."""
    pupils, double = set(), set()
    for child in oracle.children:
        for day in window.days:
            here = [one for one in oracle.enrolments if one.child == child and one.active(day)]
            if here:
                pupils.add(child)
            if len({one.school for one in here if one.main}) > 1:
                double.add(child)
                break
    row = share(len(double), len(pupils), len(double))
    return {("conflict_share", "conflict", "twee_hoofdinschrijvingen"): row} if pupils else {}


def records(
    window: Window,
    rows: Sequence[Row],
    stops: Sequence[Row],
    places: Mapping[Any, str],
    municipality: str | None,
) -> Figures:
    """Unknown and overlapping indications that start in the window (rows as they count), and stops in it.

    The category tells form and weight; ``places``: where the product of a category is given.
    """
    found: Figures = {}
    stopped = [
        (r["child_id"], r["end_reason"] is None)
        for r in stops
        if window.start <= r["end_date"] <= window.end
        and r["end_reason"] != "20"
        and municipality in (None, r["municipality_code"])
    ]
    if stopped:
        lacking = [child for child, unknown in stopped if unknown]
        row = share(len(lacking), len(stopped), len(set(lacking)))
        found["unknown_share", "field", "reden_beeindiging"] = row
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

    flags: dict[Part, list[bool]] = {
        ("field", "hulpvorm"): [r["product_category"] not in FORMS for r in started],
        ("field", "zwaarte"): [r["product_category"] not in FORMS for r in started],
        ("field", "plaats"): [places.get(r["product_category"], "onbekend") == "onbekend" for r in started],
        ("field", "verwijzer"): [r["referrer"] in (None, "07") for r in started],
        ("field", "product"): [r["product_code"] is None for r in started],
        ("conflict", "overlap"): [overlaps(r) for r in started],
    }
    for part, flagged in flags.items():
        children = {r["child_id"] for r, yes in zip(started, flagged, strict=True) if yes}
        metric = "conflict_share" if part[0] == "conflict" else "unknown_share"
        found[metric, *part] = share(sum(flagged), len(started), len(children))
    return found

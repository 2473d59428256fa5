"""What a reader must know before believing a change: care that left the registration, data not yet in.

Warnings are made from organisations and deliveries. Whether one is printed depends on published figures only.
"""

from collections.abc import Mapping, Sequence

from zorgdata.disclosure.table import Cell
from zorgdata.report.dutch import day, enumeration, number, period, period_phrase
from zorgdata.report.model import RegistrationWarning, Unit, school_year
from zorgdata.report.reader import Reader

COLLECTIVE, JANUARY = "registration", "renames"
"""Caveats of the catalogue that say which figures collective supply, or a round of purchasing, can move."""


def registration_note(read: Reader, metric: str, unit: Unit | None = None) -> str:
    """Why a figure may have moved through the years without care having changed; empty when nothing warns.

    Collective supply takes care out of the data, so it is named where a figure fell in a period that is
    warned of. Purchasing moves switches up and down, so it is named whenever its period is shown.
    Source: METRICS 6.5.
    """
    cells = read.series(metric, unit)
    return " ".join(x for x in (_collective(read, metric, cells, unit), _january(read, metric, cells)) if x)


def fell_by_registration(read: Reader, metric: str, unit: Unit | None = None) -> bool:
    """Whether a fall since a year earlier may come from collective supply that began, or is not known."""
    if not _touches(read, metric, COLLECTIVE):
        return False
    reasons = {w.reason for w in read.warnings(unit, read.now)}
    return bool(reasons & {"collective_started", "collective_unknown"})


def registration_table_note(read: Reader, metrics: Sequence[str]) -> str:
    """The warning below a table of many figures through the years; empty when it touches none of them."""
    if not any(_touches(read, m, COLLECTIVE) for m in metrics):
        return ""
    warned = [w for y in read.years[1:] for w in read.warnings(None, y.period) if w.reason != "january"]
    return _told(read, warned, None, "registration.table") if warned else ""


def _collective(read: Reader, metric: str, cells: Sequence[Cell], unit: Unit | None) -> str:
    if not _touches(read, metric, COLLECTIVE):
        return ""
    warned: list[RegistrationWarning] = []
    last: float | None = None
    for cell in cells:
        if not cell.shown or cell.value is None:
            continue
        here = [w for w in read.warnings(unit, _period(cell)) if w.reason != "january"]
        if here and last is not None and cell.value < last:
            warned += here
        last = cell.value
    return _told(read, warned, unit, "registration.fall") if warned else ""


def _told(read: Reader, warned: Sequence[RegistrationWarning], unit: Unit | None, key: str) -> str:
    t = read.texts
    known = [w for w in warned if w.since is not None and w.schools]
    if not known:
        return t(f"{key}_unknown")
    newest = max(known, key=lambda w: (w.since, w.schools))
    assert newest.since is not None
    level = unit.level if unit else read.subject.level
    form = "school" if level == "school" else "one" if newest.schools == 1 else "some"
    return t(f"{key}_{form}", schools=number(newest.schools or 0), since=day(newest.since))


def _january(read: Reader, metric: str, cells: Sequence[Cell]) -> str:
    """Of the region only: of smaller units it is not published."""
    if not _touches(read, metric, JANUARY):
        return ""
    region = read.inputs.region
    found = [
        _period(c)
        for c in cells
        if c.shown and any(w.reason == "january" for w in read.warnings(region, _period(c)))
    ]
    if not found:
        return ""
    years = enumeration([period(p) for p in dict.fromkeys(found)])
    return read.texts("registration.january", years=years, region=region.name)


def _touches(read: Reader, metric: str, caveat: str) -> bool:
    info = read.info(metric)
    return info is not None and read.inputs.catalogue.vocabulary.caveats[caveat] in info.caveats_nl


def _period(cell: Cell) -> str:
    return cell.period or school_year(cell.reference_date)


def late_notes(read: Reader) -> list[str]:
    """Which municipalities have not delivered all of a shown period, newest period first."""
    names = read.value_names("responsible_municipality")
    groups: dict[tuple[str, ...], list[str]] = {}
    for shown in reversed(read.years):
        if shown.late:
            groups.setdefault(shown.late, []).append(shown.period)
    return [_late(read, codes, periods, names) for codes, periods in groups.items()]


def merger_notes(read: Reader) -> list[str]:
    """Which municipalities count under another name since a day in the years of the report."""
    names = read.value_names("responsible_municipality")
    first = min((year.start for year in read.years), default=None)

    def called(code: str, name: str) -> str:
        return name or read.texts("general.municipality", code=code)

    return [
        read.texts(
            "late.merged",
            old=called(merger.municipality_code, merger.name),
            new=called(merger.later_code, names.get(merger.later_code, "")),
            since=day(merger.ended_on),
        )
        for merger in read.inputs.mergers
        if first is not None and merger.ended_on >= first
    ]


def _late(read: Reader, codes: Sequence[str], periods: Sequence[str], names: Mapping[str, str]) -> str:
    places = sorted(names.get(c) or read.texts("general.municipality", code=c) for c in codes)
    return read.texts(
        "late.one" if len(places) == 1 else "late.some",
        places=enumeration(places),
        periods=enumeration([period_phrase(p) for p in sorted(periods)]),
    )

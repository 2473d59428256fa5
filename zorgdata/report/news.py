"""What is new since the previous snapshot: which published figures moved, by how much, after which delivery.

Only what both publications show is compared: the displays of the same cell, then and now. So the page tells
nothing that a reader with both reports could not work out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import CellView, compare
from zorgdata.report.dutch import day, enumeration, number, period
from zorgdata.report.language import computed
from zorgdata.report.model import MISSING, Arrival, Earlier, drawable
from zorgdata.report.panel_types import Table
from zorgdata.report.parts import label_of
from zorgdata.report.reader import SHARE, Reader

SHORT = 8
"""Rows on the page itself; the rest unfolds."""


@dataclass(frozen=True)
class News:
    """Points in words, and the figures that moved: a short table and, when there are more, all of them."""

    since: str
    points: tuple[str, ...]
    table: Table | None = None
    more: Table | None = None


def news(read: Reader, metrics: Sequence[str]) -> News | None:
    """What changed in these figures of the subject; None without an earlier snapshot."""
    earlier = read.inputs.earlier
    if earlier is None:
        return None
    t = read.texts
    since = day(earlier.until) if earlier.until else earlier.name
    moved = _moved(read, earlier, metrics)
    rows = moved.rows
    points = [_counted(read, len(rows), moved.same)]
    points += [
        t(f"news.{key}_one" if count == 1 else f"news.{key}", count=number(count))
        for key, count in (
            ("added", moved.added),
            ("now_shown", moved.now_shown),
            ("now_hidden", moved.now_hidden),
        )
        if count
    ]
    if moved.years:
        points.append(t("news.years", years=enumeration([period(y) for y in moved.years], t("general.and"))))
    points += [p for p in (_schools(read, earlier), _arrived(read, earlier.arrivals)) if p]
    whole = Table(
        "nieuw-alles",
        t("news.caption", date=since),
        "",
        "",
        tuple(t(f"news.head_{k}") for k in ("figure", "period", "was", "now", "change", "cause")),
        tuple(rows),
    )
    if not rows:
        return News(since, tuple(points))
    if len(rows) <= SHORT:
        return News(since, tuple(points), whole)
    # The newest years first: what a reader knows from last time.
    newest = sorted(range(len(rows)), key=lambda i: (rows[i][1].sort, -i), reverse=True)[:SHORT]
    short = tuple(rows[i] for i in sorted(newest))
    return News(since, tuple(points), Table("nieuw", whole.title, "", "", whole.head, short), whole)


@dataclass
class _Moved:
    """What happened to the figures: those that changed as rows, and counts of what else there is."""

    rows: list[tuple[CellView, ...]]
    same: int = 0
    now_shown: int = 0
    now_hidden: int = 0
    added: int = 0
    years: tuple[str, ...] = ()


def _moved(read: Reader, earlier: Earlier, metrics: Sequence[str]) -> _Moved:
    """Compares what both publications show; what only one of them shows is counted, never compared."""
    found, fresh = _Moved([]), set()
    old_years = {p for m in metrics for p in earlier.figures.periods(m)}
    for metric in dict.fromkeys(metrics):
        for year in read.years:
            now = read.cell(metric, year.period)
            was = earlier.figures.get(metric, now.level, now.unit_id, year.period)
            before, after = drawable(was) is not None, drawable(now) is not None
            if year.period not in old_years:
                if after:
                    fresh.add(year.period)
            elif not (before and after):
                found.now_hidden += before and now.hidden
                found.now_shown += after and was.hidden
                found.added += after and was.cell_status == MISSING
            elif (row := _row(read, metric, year.period, was=was, now=now, earlier=earlier)) is None:
                found.same += 1
            else:
                found.rows.append(row)
    found.years = tuple(sorted(fresh))
    return found


def _row(
    read: Reader, metric: str, when: str, *, was: Cell, now: Cell, earlier: Earlier
) -> tuple[CellView, ...] | None:
    """A figure that changed; None when it is the same, or the same in the coarser of two notations."""
    if was.display == now.display:
        return None
    change = compare(now, was, read.texts, share=read.is_share(metric), step=read.step(metric))
    if change.direction == "equal":
        return None
    key = f"news.change_{change.direction}" + ("_slightly" if change.slight else "")
    return (
        CellView(label_of(read, metric)),
        CellView(period(when), sort=when),
        _before(read, was),
        read.view(now),
        CellView(read.texts(key, difference=change.difference)),
        CellView(_cause(read, metric, earlier.arrivals)),
    )


def _before(read: Reader, was: Cell) -> CellView:
    """What an earlier publication showed; without a name, because it is no cell of this one."""
    if was.cell_status == MISSING:
        return CellView("")
    view = read.view(was, star=False)
    return replace(view, text=computed(view.text), name="")


def _cause(read: Reader, metric: str, arrivals: Sequence[Arrival]) -> str:
    """New deliveries of a kind that the figure is made of; else the calculation itself."""
    info = read.info(metric)
    needed = {kind for source in (info.sources if info else ()) for kind in source.split("|")}
    kinds = sorted({a.kind for a in arrivals if a.kind in needed})
    if not kinds:
        return read.texts("news.cause_other")
    return enumeration([read.texts.label("kind", k) for k in kinds], read.texts("general.and"))


def _counted(read: Reader, moved: int, same: int) -> str:
    t, total = read.texts, moved + same
    if not total:
        return t("news.nothing_common")
    if not moved:
        return t("news.none", total=number(total))
    return t("news.one" if moved == 1 else "news.some", moved=number(moved), total=number(total))


def _schools(read: Reader, earlier: Earlier) -> str:
    """At how many schools a share that stood in the earlier snapshot has changed."""
    schools = read.subject.schools
    if len(schools) < 2:
        return ""
    changed = known = 0
    for school in schools:
        pairs = [
            (earlier.figures.get(SHARE, "school", school.unit_id, c.period), c)
            for c in read.series(SHARE, school)
            if c.cell_status != MISSING
        ]
        both = [(w, n) for w, n in pairs if drawable(w) is not None and drawable(n) is not None]
        known += bool(both)
        changed += any(w.display != n.display for w, n in both)
    if not known:
        return ""
    if not changed:
        return read.texts("news.schools_none", total=number(known))
    key = "news.schools_one" if changed == 1 else "news.schools"
    return read.texts(key, changed=number(changed), total=number(known))


def _arrived(read: Reader, arrivals: Sequence[Arrival]) -> str:
    t = read.texts
    if not arrivals:
        return t("news.no_arrivals")
    names = read.value_names("responsible_municipality")
    kinds: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        kinds.setdefault(arrival.kind, []).append(arrival)
    parts = []
    for kind, group in sorted(kinds.items(), key=lambda item: t.label("kind", item[0])):
        places = [names.get(a.municipality_code, a.municipality_code) for a in group if a.municipality_code]
        files = sum(a.files for a in group)
        told = t("news.file" if files == 1 else "news.files", count=number(files))
        if 0 < len(places) <= 4:
            told = f"{enumeration(sorted(places), t('general.and'))}; {told}"
        elif places:
            told = f"{t('news.places', count=number(len(places)))}; {told}"
        parts.append(f"{t.label('kind', kind)} ({told})")
    return t("news.arrivals", list=enumeration(parts, t("general.and")))

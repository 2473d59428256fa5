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
from zorgdata.report.model import MISSING, Arrival, Earlier
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
    rows, same, years = _moved(read, earlier, metrics)
    points = [_counted(read, len(rows), same)]
    if years:
        points.append(
            t("news.years", years=enumeration([period(y) for y in sorted(years)], t("general.and")))
        )
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


def _moved(
    read: Reader, earlier: Earlier, metrics: Sequence[str]
) -> tuple[list[tuple[CellView, ...]], int, set[str]]:
    """The cells that changed as rows, how many stayed the same, and school years that are new."""
    rows: list[tuple[CellView, ...]] = []
    same, fresh = 0, set()
    old_years = {p for m in metrics for p in earlier.figures.periods(m)}
    for metric in dict.fromkeys(metrics):
        for year in read.years:
            now = read.cell(metric, year.period)
            was = earlier.figures.get(metric, now.level, now.unit_id, year.period)
            if now.cell_status == MISSING:
                continue
            if year.period not in old_years:
                fresh.add(year.period)
                continue
            if was.display == now.display:
                same += 1
                continue
            change = compare(now, was, read.texts, share=read.is_share(metric), step=read.step(metric))
            key = f"news.change_{change.direction}" + ("_slightly" if change.slight else "")
            rows.append(
                (
                    CellView(label_of(read, metric)),
                    CellView(period(year.period), sort=year.period),
                    _before(read, was),
                    read.view(now),
                    CellView(read.texts(key, difference=change.difference)),
                    CellView(_cause(read, metric, earlier.arrivals)),
                )
            )
    return rows, same, fresh


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
    changed = 0
    for school in schools:
        pairs = [
            (earlier.figures.get(SHARE, "school", school.unit_id, c.period), c)
            for c in read.series(SHARE, school)
            if c.cell_status != MISSING
        ]
        changed += any(was.cell_status != MISSING and was.display != now.display for was, now in pairs)
    if not changed:
        return read.texts("news.schools_none", total=number(len(schools)))
    key = "news.schools_one" if changed == 1 else "news.schools"
    return read.texts(key, changed=number(changed), total=number(len(schools)))


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

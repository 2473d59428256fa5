"""The monitor: a small site of pages that work from disk. Region, chapters, municipalities, schools."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from zorgdata.assets import asset
from zorgdata.catalogue import Metric
from zorgdata.disclosure.table import Cell
from zorgdata.report.documents import documents
from zorgdata.report.downloads import csv_bytes, rows, xlsx_bytes
from zorgdata.report.dutch import number, period
from zorgdata.report.language import DUTCH
from zorgdata.report.model import ReportInputs, Unit
from zorgdata.report.page import Style, render_page
from zorgdata.report.panel_types import Panel, Spec, alternatives
from zorgdata.report.panels import build, years
from zorgdata.report.parts import Tile, definitions, head, quality, school_rows, strip_view, table_years, tile
from zorgdata.report.reader import COUNT, PUPILS, SHARE, Reader, type_rank
from zorgdata.report.schools import school_view
from zorgdata.report.snapshot import sentences


@lru_cache(maxsize=1)
def plan() -> Mapping[str, Any]:
    """Which panels, tiles and comparisons the monitor has: ``templates/kinds/monitor.toml``."""
    path = asset("templates", "kinds", "monitor.toml")
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


def render_monitor(inputs: ReportInputs, style: Style) -> dict[str, bytes]:
    """All pages and downloads of the monitor, by relative path."""
    site = Site(inputs, style)
    pages: dict[str, bytes] = {}
    chapters = [site.chapter(spec) for spec in plan()["chapter"]]
    shown = [c for c in chapters if c.panels or c.all]
    pages["index.html"] = site.page("monitor.html.j2", "", **site.overview(shown))
    for chapter in shown:
        pages[f"{chapter.key}.html"] = site.page("chapter.html.j2", chapter.key, chapter=chapter)
    for place in site.places:
        pages[f"gemeenten/{place.unit_id}.html"] = site.page(
            "place.html.j2", "", root="../", **site.place(place)
        )
    for school in site.schools:
        pages[f"scholen/{school.unit_id}.html"] = site.page(
            "school.html.j2", "", root="../", **site.school(school)
        )
    # What the source documents ask is asked of the region.
    papers = documents(site.read) if site.whole else ()
    if papers:
        pages["documenten.html"] = site.page("documents.html.j2", "documenten", documents=papers)
    for paper in papers:
        pages[f"vraag-{paper.key}.html"] = site.page("document.html.j2", "documenten", document=paper)
    pages["gegevens.html"] = site.page("data.html.j2", "gegevens", quality=quality(site.read))
    pages["definities.html"] = site.page("definitions.html.j2", "definities", **site.definitions())
    pages["toegankelijkheid.html"] = site.page("accessibility.html.j2", "toegankelijkheid")
    pages["methode.html"] = site.page("method.html.j2", "methode")
    files = site.files(shown)
    listed = [(name, label, size(data)) for name, (label, data) in files.items()]
    pages["downloads.html"] = site.page("downloads.html.j2", "downloads", files=listed)
    pages.update({name: data for name, (_, data) in files.items()})
    return pages


def size(data: bytes) -> str:
    """``12 kB``."""
    return f"{number(max(1, round(len(data) / 1000)))}\u00a0kB"


@dataclass(frozen=True)
class Chapter:
    """A chapter as its page prints it."""

    key: str
    title: str
    lead: str
    intro: tuple[str, ...]
    questions: tuple[str, ...]
    tiles: tuple[Tile, ...]
    panels: tuple[Panel, ...]
    all: Panel | None
    terms: tuple[dict[str, str], ...]
    figures: int


def _groups(found: list[tuple[str, Metric]]) -> list[dict[str, Any]]:
    """Metrics with their variants: of a variant only what differs from the first is printed."""
    groups: dict[str, list[tuple[str, Metric]]] = {}
    for key, info in found:
        groups.setdefault(info.base_key, []).append((key, info))
    listed = []
    for (key, first), *others in groups.values():
        variants = [
            {
                "key": k,
                "info": info,
                "text": _difference(first.definition_nl, info.definition_nl),
                "formula": info.formula if info.formula != first.formula else "",
            }
            for k, info in others
        ]
        listed.append({"key": key, "info": first, "variants": variants})
    return listed


def _difference(first: str, other: str) -> str:
    """The sentences of a definition that the first one does not have."""
    known = set(_SENTENCE.split(first))
    return " ".join(s for s in _SENTENCE.split(other) if s not in known)


_SENTENCE = re.compile(r"(?<=[.?!])\s+")


class Site:
    """What the pages of one monitor share."""

    def __init__(self, inputs: ReportInputs, style: Style) -> None:
        self.inputs = inputs
        self.style = style
        self.read = Reader(inputs, style.texts)
        self.whole = self.read.subject.level == "region"
        self.head = head(self.read, f"monitor.title_{inputs.unit.level}" if inputs.unit else "monitor.title")
        self.schools = self.read.subject.schools
        codes = {s.municipality_code for s in self.schools}
        # A page of a municipality names all its schools, so only the monitor of the region has them.
        places = inputs.of_level("school_municipality") if self.whole else ()
        self.places = [u for u in places if u.unit_id in codes]

    def page(self, template: str, current: str, *, root: str = "", **view: Any) -> bytes:
        """One page; ``root`` leads from its folder to the top of the site."""
        t = self.style.texts
        links = [(c["key"], t(f"chapter.{c['key']}")) for c in plan()["chapter"] if self.has(c)]
        common = {
            "head": self.head,
            "root": root,
            "current": current,
            "links": [
                *links,
                *([("documenten", t("documents.title"))] if self.whole else []),
                ("gegevens", t("quality.title")),
                ("definities", t("monitor.definitions")),
                ("methode", t("monitor.method")),
                ("downloads", t("monitor.downloads")),
                ("toegankelijkheid", t("colofon.statement")),
            ],
            "years": [period(y.period) for y in self.read.years],
            "year_provisional": [y.provisional for y in self.read.years],
        }
        return render_page(template, {**common, **view}, self.style).encode()

    def metrics(self, themes: list[str]) -> list[str]:
        """Stored keys of these themes that the publication has for the region."""
        return [
            key
            for key, info in self.inputs.catalogue.by_key.items()
            if info.theme in themes and self.read.figures.has(key, self.read.subject.level)
        ]

    def has(self, spec: Spec) -> bool:
        """Whether the publication has any figure for a chapter."""
        return bool(self.metrics(spec["themes"]))

    def chapter(self, spec: Spec) -> Chapter:
        """A chapter from its plan."""
        t, catalogue = self.style.texts, self.inputs.catalogue
        key = spec["key"]
        metrics = self.metrics(spec["themes"])
        themes = [catalogue.theme(letter) for letter in spec["themes"]]
        panels = [p for s in spec["panels"] if (p := build(self.read, self.style, s)) is not None]
        own = years(
            self.read,
            metrics,
            table_id=f"{key}-alles",
            title=t("panel.all_caption", subject=self.read.subject.name),
        )
        return Chapter(
            key,
            t(f"chapter.{key}"),
            t(f"chapter.{key}_lead"),
            # The catalogue explains and asks in Dutch; a report in another language leaves that out.
            tuple(theme.intro_nl for theme in themes if t.language == DUTCH),
            tuple(q for theme in themes for q in theme.questions_nl if t.language == DUTCH),
            (),
            tuple(panels),
            own,
            tuple(definitions(self.read, metrics)),
            len(metrics),
        )

    def overview(self, chapters: list[Chapter]) -> dict[str, Any]:
        """The first page: in short, key figures, chapters, municipalities, schools."""
        read = self.read
        wanted = [read.figures.known(alternatives(m)) for m in plan()["tiles"]]
        return {
            "strip": strip_view(read, self.head["date"]),
            "sentences": sentences(read, self.head["date"]),
            "tiles": [x for m in wanted if (x := tile(read, m)) is not None],
            "chapters": chapters,
            "places": [
                {"code": u.unit_id, "name": u.name, "share": read.view(read.cell(SHARE, unit=u)),
                 "count": read.view(read.cell(COUNT, unit=u)), "pupils": read.view(read.cell(PUPILS, unit=u)),
                 "schools": sum(s.municipality_code == u.unit_id for s in self.schools)}
                for u in self.places
            ],
            **self.table(read),
        }  # fmt: skip

    def cells(self) -> list[Cell]:
        """The figures to download: of the region all, else of the subject, its schools and the region."""
        found = list(self.read.figures.index.values())
        if self.whole:
            return found
        subject, region = self.read.subject, self.inputs.region
        wanted = {(subject.level, subject.unit_id), (region.level, region.unit_id)}
        wanted |= {(s.level, s.unit_id) for s in self.schools}
        return [c for c in found if (c.level, c.unit_id) in wanted]

    def table(self, read: Reader) -> dict[str, Any]:
        """The table of schools and years of a subject."""
        return {
            "rows": school_rows(read),
            "types": sorted({s.school_type for s in read.subject.schools}, key=type_rank),
            "all": [read.view(read.cell(SHARE, y.period), star=False) for y in table_years(read)],
            "all_counts": [read.view(read.cell(COUNT, y.period), star=False) for y in table_years(read)],
            "table_years": [period(y.period) for y in table_years(read)],
            "table_provisional": [y.provisional for y in table_years(read)],
            "all_pupils": read.view(read.cell(PUPILS), star=False),
        }

    def place(self, unit: Unit) -> dict[str, Any]:
        """The page of a municipality."""
        read = Reader(replace(self.inputs, unit=unit), self.style.texts)
        wanted = [read.figures.known(alternatives(m)) for m in plan()["tiles"]]
        return {
            "place": {"name": unit.name, "code": unit.unit_id},
            "sentences": sentences(read, self.head["date"]),
            "tiles": [
                x for m in wanted if read.figures.has(m, unit.level) and (x := tile(read, m)) is not None
            ],
            "all_figures": years(
                read,
                [m for m in self.inputs.catalogue.keys if read.figures.has(m, unit.level)],
                table_id="gemeente-alles",
                title=self.style.texts("panel.all_caption", subject=unit.name),
            ),
            **self.table(read),
        }

    def school(self, unit: Unit) -> dict[str, Any]:
        """The page of a school."""
        known = self.read.figures.known
        tiles = [known(alternatives(m)) for m in plan()["tiles"]]
        compare = [known(alternatives(m)) for m in plan()["compare"]]
        code = unit.municipality_code
        home = f"gemeenten/{code}.html" if any(p.unit_id == code for p in self.places) else "index.html"
        return {**school_view(self.read, unit, tiles, compare), "home": home}

    def definitions(self) -> dict[str, Any]:
        """Every metric of the publication, by theme."""
        vocabulary = self.inputs.catalogue.vocabulary
        themes = []
        for theme in self.inputs.catalogue.themes:
            found = [
                (key, info)
                for key, info in self.inputs.catalogue.by_key.items()
                if info.theme == theme.letter and key in self.read.figures.metrics
            ]
            if found:
                themes.append(
                    {"letter": theme.letter, "label": self.read.label(theme), "groups": _groups(found)}
                )
        return {"themes": themes, "vocabulary": vocabulary}

    def files(self, chapters: list[Chapter]) -> dict[str, tuple[str, bytes]]:
        """Downloads: path to label and content."""
        t = self.style.texts
        cells = self.cells()
        listed = rows(self.read, cells)
        files = {
            "downloads/cijfers.xlsx": (t("monitor.download_xlsx"), xlsx_bytes(self.read, cells)),
            "downloads/cijfers.csv": (t("monitor.download_csv"), csv_bytes(listed)),
        }
        themes = {c["key"]: c["themes"] for c in plan()["chapter"]}
        for chapter in chapters:
            keys = frozenset(self.metrics(themes[chapter.key]))
            own = [row for row in listed if row[0] in keys]
            label = t("monitor.download_chapter", name=chapter.title)
            files[f"downloads/{chapter.key}.csv"] = (label, csv_bytes(own))
        return files

"""The reference as pages that work from disk: ``zorgdata docs DIR``.

Models with their columns and where these come from, the inputs, a graph and the checks are in English, for
who works on the figures; the figures of the catalogue are in Dutch, for who reads them. The same models and
catalogue give the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from zorgdata.catalogue import Catalogue, Metric, Theme, load
from zorgdata.catalogue.reference import applied, facts
from zorgdata.engine.docs_graph import model_graph, neighbours
from zorgdata.engine.docs_page import Renderer, highlight
from zorgdata.engine.lineage import metric_columns, raw_origin
from zorgdata.engine.model import SCHEMAS, Model, Models
from zorgdata.engine.trace import RAW_COLUMNS, Source, Tracer
from zorgdata.errors import UsageError
from zorgdata.sources.kinds import IDENTIFYING, KINDS, Kind

_LAYERS = {
    "staging": "One source becomes one model: last versions, deletions, defaults.",
    "core": "The entities: children, schools, indications, care.",
    "metrics": "Figures per child, school, region. Unprotected.",
    "protected": "What disclosure control needs to decide what may be shown.",
}


class CheckInfo(Protocol):
    """What a page needs to know of a data-quality check (``zorgdata.checks.Check`` has it)."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def columns(self) -> dict[str, str]: ...
    @property
    def how_to_read(self) -> str: ...
    @property
    def affects(self) -> tuple[str, ...]: ...
    @property
    def parameters(self) -> dict[str, float]: ...
    @property
    def seeds(self) -> tuple[str, ...]: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True)
class _Page:
    path: str
    template: str
    view: dict[str, Any]
    language: str = "en"


def write_docs(models: Models, folder: Path, checks: Iterable[CheckInfo] = ()) -> list[Path]:
    """Write every page under ``folder`` and return their paths; ``index.html`` comes first.

    Makes the folder when it is absent and leaves other files in it alone.
    """
    renderer = Renderer()
    site = _Site(models, load(), tuple(checks))
    written: list[Path] = []
    for page in site.pages():
        root = "../" * page.path.count("/")
        html = renderer.page(
            page.template, {**page.view, "root": root, "lang": page.language, "here": page.path}
        )
        path = folder / page.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise UsageError(f"{folder} is no folder.", "Give a folder, new or existing.") from None
        path.write_text(html, encoding="utf-8", newline="\n")
        written.append(path)
    return written


class _Site:
    """All pages; links are relative to the page that holds them."""

    def __init__(self, models: Models, catalogue: Catalogue, checks: tuple[CheckInfo, ...]) -> None:
        self._models = models
        self._catalogue = catalogue
        self._checks = checks
        self._tracer = Tracer(models)
        self._figures: dict[str, list[Metric]] = {}
        for metric in catalogue.by_key.values():
            for column in metric_columns(metric):
                self._figures.setdefault(column, []).append(metric)

    def pages(self) -> Iterator[_Page]:
        yield self._index()
        yield self._graph()
        yield self._inputs()
        yield self._check_list()
        yield _Page(
            "figures/index.html", "figures.html.j2", {"catalogue": self._catalogue, "page": _theme_page}, "nl"
        )
        for theme in self._catalogue.themes:
            yield self._theme(theme)
        for model in self._models:
            yield self._model(model)

    def _index(self) -> _Page:
        layers = []
        for schema in SCHEMAS:
            models = [model for model in self._models if model.schema == schema]
            if models:
                layers.append((schema, _LAYERS[schema], sorted(models, key=lambda model: model.name)))
        counts = {
            "tables": len(self._models),
            "columns": sum(len(model.header.columns) for model in self._models),
            "inputs": len(KINDS),
            "figures": len(self._catalogue.keys),
            "checks": len(self._checks),
        }
        return _Page("index.html", "index.html.j2", {"layers": layers, "counts": counts, "href": self._href})

    def _graph(self) -> _Page:
        return _Page("graph.html", "graph.html.j2", {"picture": model_graph(self._models, self._href)})

    def _inputs(self) -> _Page:
        kinds = [
            (kind, self._input_columns(kind), self._readers(f"raw.{kind.name}")) for kind in KINDS.values()
        ]
        others = [
            (name, RAW_COLUMNS[name], raw_origin(Source(name)), self._readers(name))
            for name in ("raw.setting", "raw.extra", "raw.message", "raw.child_link")
        ]
        return _Page("inputs.html", "inputs.html.j2", {"kinds": kinds, "others": others})

    def _input_columns(self, kind: Kind) -> list[dict[str, Any]]:
        rows = []
        for column in kind.columns:
            stored = column.stored()
            kept = stored[0] if stored else "school_id" if column.type.name == "SCHOOL_PART" else ""
            rows.append({"column": column, "kept": kept, "identifying": column.type in IDENTIFYING})
        return rows

    def _check_list(self) -> _Page:
        entries = [
            {
                "check": check,
                "needs": [(name, self._href(name)) for name in check.needs],
                "figures": [self._figure_link(key, "") for key in check.affects if self._figure(key)],
                "sql": highlight(check.body, self._href),
            }
            for check in self._checks
        ]
        return _Page("checks.html", "checks.html.j2", {"entries": entries})

    def _theme(self, theme: Theme) -> _Page:
        entries = []
        for metric in theme.metrics:
            family = [m for m in self._catalogue.family(metric.key) if m.applied]
            columns = [(name, self._column_href(name, "../")) for name in metric_columns(metric)]
            words = [(name, text) for name, text in facts(metric, self._catalogue) if name != "Kolommen"]
            made = [one for m in family or [metric] for one in self._made_in(m)]
            entries.append(
                {"metric": metric, "family": family, "columns": columns, "facts": words, "made": made}
            )
        view = {"theme": theme, "entries": entries, "catalogue": self._catalogue, "applied": applied}
        return _Page(f"figures/{_theme_page(theme)}", "theme.html.j2", view, "nl")

    def _made_in(self, metric: Metric) -> list[dict[str, Any]]:
        """The models that put a figure into ``metrics.value``, and what it is there."""
        return [
            {
                "key": metric.key,
                "table": (table, self._href(table, "../")),
                "expression": step.expression,
                "sources": [(str(s), self._source_href(s, "../")) for s in step.sources()],
            }
            for table, step in self._tracer.figure(metric.key)
        ]

    def _model(self, model: Model) -> _Page:
        columns = []
        for name, step in self._tracer.columns(model.name).items():
            figures = self._figures.get(f"{model.name}.{name}", [])
            columns.append(
                {
                    "name": name,
                    "meaning": model.header.columns[name],
                    "is_key": name in model.header.key,
                    "expression": step.expression,
                    "sources": [(str(s), self._source_href(s, "../")) for s in step.sources()],
                    "figures": [self._figure_link(metric.key, "../") for metric in figures],
                }
            )
        picture = neighbours(self._models, model.name, lambda name: self._href(name, "../"))
        view = {
            "model": model,
            "file": model.path.relative_to(self._models.root.parent).as_posix(),
            "columns": columns,
            "picture": picture,
            "reads": [
                (name, self._href(name, "../"), self._about(name)) for name in sorted(model.references)
            ],
            "readers": [(name, href, self._about(name)) for name, href in self._readers(model.name, "../")],
            "checks": [check for check in self._checks if model.name in check.needs],
            "sql": highlight(model.body, lambda name: self._href(name, "../")),
        }
        return _Page(f"models/{model.name}.html", "model.html.j2", view)

    def _readers(self, name: str, root: str = "") -> list[tuple[str, str]]:
        return [(m.name, self._href(m.name, root)) for m in self._models if name in m.references]

    def _about(self, name: str) -> str:
        return self._models[name].header.description if name in self._models else raw_title(name)

    def _href(self, name: str, root: str = "") -> str:
        """Address of the page of a table; empty when it has none."""
        if name in self._models:
            return f"{root}models/{name}.html"
        return f"{root}inputs.html#{name.replace('.', '-')}" if name in RAW_COLUMNS else ""

    def _source_href(self, source: Source, root: str) -> str:
        if source.column and source.table in self._models:
            return f"{root}models/{source.table}.html#c-{source.column}"
        return self._href(source.table, root)

    def _column_href(self, column: str, root: str) -> str:
        table, _, name = column.rpartition(".")
        known = table in self._models and name in self._models[table].header.columns
        return self._source_href(Source(table, name), root) if known else ""

    def _figure(self, key: str) -> Metric | None:
        return self._catalogue.by_key.get(key) or next((m for m in self._catalogue if m.key == key), None)

    def _figure_link(self, key: str, root: str) -> tuple[str, str, str]:
        metric = self._catalogue.metric(key)
        theme = self._catalogue.theme(metric.theme)
        return key, metric.label_nl, f"{root}figures/{_theme_page(theme)}#{metric.base_key}"


def raw_title(name: str) -> str:
    """What a table is that no model makes."""
    kind = KINDS.get(name.removeprefix("raw."))
    return f"{kind.file_name} as delivered" if kind else raw_origin(Source(name))


def _theme_page(theme: Theme) -> str:
    return f"{theme.letter.lower()}_{theme.key}.html"

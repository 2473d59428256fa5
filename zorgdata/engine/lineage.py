"""Where a figure comes from, as lines for the terminal: ``zorgdata lineage TABLE[.COLUMN]``.

A column is followed through every model down to the column of the file it was delivered in; a table to the
tables it is made from; a key of the catalogue to the columns it is made from. The other way round: what
uses it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from textwrap import wrap

from zorgdata.catalogue import Metric, load
from zorgdata.catalogue.tables import MEANINGS
from zorgdata.engine.model import Model, Models
from zorgdata.engine.trace import RAW_COLUMNS, Source, Step, Tracer
from zorgdata.errors import UsageError
from zorgdata.sources.kinds import KINDS, Column, Type

_WIDTH = 140
_BY_PIPELINE = {
    "metrics.value": "every figure of the catalogue in one long table; filled from the metrics tables, for "
    "some figures by way of zorgdata.stats",
    "protected.value": "metrics.value after disclosure control; what reports and exports show",
}
_STORED_AS = {
    Type.BSN: "pseudonym of {}",
    Type.BIRTH_DATE: "first day of the month of {}",
    Type.POSTCODE: "first four digits of {}",
    Type.WORKER: "pseudonym of {}",
}
_RAW_TABLES = {
    "raw.extra": "columns that no profile knows, kept as they came",
    "raw.message": "what identifies the iJw messages that were delivered, one row per file",
    "raw.child_link": "who a child without a BSN was found to be",
    "raw.setting": "settings of zorgdata.toml that SQL needs",
}


def lineage_lines(models: Models, name: str) -> list[str]:
    """What ``name`` is made from and what is made from it, as an indented tree.

    ``name`` is ``schema.table``, ``schema.table.column`` or a key of the catalogue, in any case. Each line
    reads "what <- from what". Raises UsageError, with the nearest names, for anything else.
    """
    wanted = name.strip().lower()
    explain = _Explanation(models)
    parts = wanted.split(".")
    table = ".".join(parts[:2])
    if wanted in _BY_PIPELINE and wanted not in models:
        return [
            f"{wanted}: {_BY_PIPELINE[wanted]}",
            "Ask for one figure: zorgdata lineage KEY, for example hours_per_pupil.",
        ]
    if len(parts) == 1 and wanted in _figure_keys():
        return explain.figure(load().metric(wanted))
    if len(parts) == 2 and (table in models or table in RAW_COLUMNS or table in models.seeds):
        return explain.table(table)
    if len(parts) == 3 and parts[2] in columns_of(models, table):
        return explain.column(Source(table, parts[2]))
    raise _unknown(models, wanted, table)


def columns_of(models: Models, table: str) -> tuple[str, ...]:
    """The columns of a model or raw table; none for anything else."""
    if table in models:
        return tuple(models[table].header.columns)
    if table in models.seeds:
        return tuple(models.seeds[table].columns)
    return RAW_COLUMNS.get(table, ())


def seed_title(name: str) -> str:
    """What a table ``seeds.*`` is: a code list, or a part of the catalogue."""
    short = name.partition(".")[2]
    return MEANINGS.get(short, f"code list sql/seeds/{short}.csv")


def raw_origin(source: Source) -> str:
    """What a raw column holds, in words: the column of which file, and what of it is kept."""
    if source.table in _RAW_TABLES:
        return _RAW_TABLES[source.table]
    if source.table.startswith("seeds."):
        return seed_title(source.table)
    kind = KINDS[source.table.removeprefix("raw.")]
    if source.column == "file_id":
        return "number of the delivery (meta.file)"
    if source.column == "line":
        return f"first line of the record in {kind.file_name}"
    words = [_stored_as(column) for column in kind.columns if (column.stored() or ("",))[0] == source.column]
    if source.column == "school_id":
        parts = [column.header for column in kind.columns if column.type is Type.SCHOOL_PART]
        words += [" + ".join(parts)] if parts else []
    return f"{' or '.join(words)} in {kind.file_name}"


def figures_of(columns: Iterable[str]) -> list[Metric]:
    """The figures of the catalogue that are made from these columns (``schema.table.column``)."""
    wanted = set(columns)
    return [metric for metric in load().by_key.values() if wanted & set(metric_columns(metric))]


def metric_columns(metric: Metric) -> list[str]:
    """The columns that the catalogue names for a figure, each once; a family names those of its variants."""
    family = [metric] if "{gap}" not in metric.column + metric.numerator_column else []
    named = family or load().family(metric.key)
    columns = [c for m in named for c in (m.column, m.numerator_column, m.denominator_column) if c]
    return list(dict.fromkeys(columns))


@dataclass
class _Tree:
    """Lines at their depth; what has been written once is not written out again."""

    lines: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)

    def add(self, depth: int, text: str) -> None:
        line = "  " * depth + text
        self.lines.append(line if len(line) <= _WIDTH else line[: _WIDTH - 2] + " …")


class _Explanation:
    """One answer of ``lineage_lines``."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._tracer = Tracer(models)

    def figure(self, metric: Metric) -> list[str]:
        """A key of the catalogue: its definition, and the columns it is made from."""
        lines = [f"{metric.key}: {metric.label_nl}", f"  {metric.formula}"]
        tree = _Tree()
        family = load().family(metric.key) or (metric,)
        for key in dict.fromkeys([metric.key, *(m.key for m in family), metric.base_key]):
            for table, step in self._tracer.figure(key):
                self._step(tree, 1, step, table)
        for column in metric_columns(metric):
            table, _, name = column.rpartition(".")
            self._source(tree, 1, Source(table, name))
        if not tree.lines:
            inputs = ", ".join(metric.sources) or "the processing itself"
            return [*lines, "", f"Put into metrics.value by the pipeline, from: {inputs}"]
        return [*lines, "", "Made from:", *tree.lines, *self._rows(tree)]

    def column(self, source: Source) -> list[str]:
        """A column: its meaning, the tree below it, and what uses it."""
        tree = _Tree()
        self._source(tree, 1, source)
        if source.table in self._models:
            model = self._models[source.table]
            lines = [f"{source}: {model.header.columns[source.column]}", f"  {_where(self._models, model)}"]
            lines += ["", "Made from:", *tree.lines, *self._rows(tree)]
        else:
            lines = [f"{source}: {raw_origin(source)}"]
        return lines + self._used_by(source)

    def table(self, name: str) -> list[str]:
        """A table: its header, the tables below it with their descriptions, and what uses it."""
        tree = _Tree()
        if name in self._models:
            model = self._models[name]
            lines = [
                f"{name}: {model.header.description}",
                f"  {_where(self._models, model)}",
                "",
                "Made from:",
            ]
            for read in sorted(model.references):
                self._table(tree, 1, read)
            lines += tree.lines
        else:
            lines = [f"{name}: {_raw_table(name)}", f"  columns: {', '.join(columns_of(self._models, name))}"]
        direct, later = self._users(name)
        if direct:
            lines += ["", "Used by:", *(f"  {m.name}: {m.header.description}" for m in direct)]
        if later:
            lines += _wrapped("and through these by ", (m.name for m in later))
        return lines

    def _users(self, table: str) -> tuple[list[Model], list[Model]]:
        """The models that read a table, and those that read it by way of others."""
        direct = [model for model in self._models if table in model.references]
        names = {model.name for model in direct}
        later = [
            model
            for model in self._models
            if model.name not in names and names & self._models.ancestors(model.name)
        ]
        return direct, later

    def _source(self, tree: _Tree, depth: int, source: Source) -> None:
        """A column outside the model that is being written, or the rows of a table."""
        if not source.column:
            grain = (
                self._models[source.table].header.grain if source.table in self._models else "as delivered"
            )
            tree.add(depth, f"{source}: {grain}")
            tree.counted.add(source.table)
            return
        tree.tables.add(source.table)
        if source.table not in self._models:
            tree.add(
                depth,
                f"{source} <- {raw_origin(source) if columns_of(self._models, source.table) else 'unknown'}",
            )
        elif str(source) in tree.seen:
            tree.add(depth, f"{source} (above)")
        else:
            tree.seen.add(str(source))
            self._step(tree, depth, self._tracer.column(source.table, source.column), source.table)

    def _step(self, tree: _Tree, depth: int, step: Step, table: str) -> None:
        inside = "" if step.label.startswith(f"{table}.") else f" (in {table})"
        tree.add(depth, f"{step.label}{inside} <- {step.expression}")
        for part in step.parts:
            if isinstance(part, Source):
                self._source(tree, depth + 1, part)
                continue
            key = f"{table} {part.label} {part.expression}"
            if key in tree.seen:
                tree.add(depth + 1, f"{part.label} (in {table}, above)")
            else:
                tree.seen.add(key)
                self._step(tree, depth + 1, part, table)

    def _table(self, tree: _Tree, depth: int, table: str) -> None:
        """A table as a whole, and the tables below it."""
        if table not in self._models:
            tree.add(depth, f"{table} <- {_raw_table(table)}")
            return
        if table in tree.seen:
            tree.add(depth, f"{table} (above)")
            return
        tree.seen.add(table)
        model = self._models[table]
        tree.add(depth, f"{table}: {model.header.description} <- {_reads(model)}")
        for read in sorted(model.references):
            self._table(tree, depth + 1, read)

    def _rows(self, tree: _Tree) -> list[str]:
        """Where counted rows come from, each table once; and tables that only decide which rows take part."""
        counted = _Tree()
        below = self._below(tree.counted)
        for model in reversed(list(self._models)):
            if model.name in below:
                counted.add(1, f"{model.name}: {model.header.grain} <- {_reads(model)}")
        for name in sorted(below - self._models.by_name.keys()):
            counted.add(1, f"{name} <- {_raw_table(name)}")
        lines = ["", "Rows that are counted come from:", *counted.lines] if below else []
        others = sorted(self._below(tree.tables) - tree.tables - below)
        if others:
            lines += ["", "Which rows take part also depends on (joins, filters):", *_wrapped("", others)]
        return lines

    def _below(self, tables: set[str]) -> set[str]:
        """These tables with everything they are made from, raw tables included."""
        found = set(tables)
        for name in tables & self._models.by_name.keys():
            for ancestor in {name, *self._models.ancestors(name)}:
                found |= {ancestor, *self._models[ancestor].references}
        return found

    def _used_by(self, source: Source) -> list[str]:
        """The columns made from ``source``, those of figures among them, and the figures of the catalogue."""
        direct: list[str] = []
        reached = {source}
        users = {model.name for models in self._users(source.table) for model in models}
        for model in (model for model in self._models if model.name in users):
            for name, step in self._tracer.columns(model.name).items():
                made_from = set(step.sources())
                if made_from & reached:
                    reached.add(Source(model.name, name))
                if source in made_from:
                    direct.append(f"{model.name}.{name} <- {step.expression}")
        tree = _Tree()
        for line in direct:
            tree.add(1, line)
        lines = (
            ["", "Used by:", *tree.lines] if direct else ["", "No column of another table is made from it."]
        )
        ends = [str(s) for s in sorted(reached, key=str) if s.table.startswith("metrics.") and s != source]
        if ends:
            lines += ["", "Figures made from it:", *_wrapped("", ends)]
        metrics = figures_of(str(reach) for reach in reached)
        if metrics:
            lines += ["", "In the catalogue:", *(f"  {m.key}: {m.label_nl}" for m in metrics)]
        return lines


def _wrapped(start: str, names: Iterable[str]) -> list[str]:
    return wrap(
        start + ", ".join(names),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _where(models: Models, model: Model) -> str:
    path = model.path.relative_to(models.root.parent).as_posix()
    return f"{path}: {model.header.grain}"


def _reads(model: Model) -> str:
    return ", ".join(sorted(model.references)) or "a list in the model itself"


def _raw_table(name: str) -> str:
    if name in _RAW_TABLES:
        return _RAW_TABLES[name]
    if name.startswith("seeds."):
        return seed_title(name)
    kind = KINDS.get(name.removeprefix("raw."))
    return (
        f"{kind.file_name} as delivered, without what identifies a child" if kind else "not made by a model"
    )


def _stored_as(column: Column) -> str:
    return _STORED_AS.get(column.type, "column {}").format(column.header)


def _figure_keys() -> set[str]:
    catalogue = load()
    return {*catalogue.keys, *(metric.key for metric in catalogue)}


def _unknown(models: Models, wanted: str, table: str) -> UsageError:
    """What was meant, as near as can be told."""
    known = columns_of(models, table)
    if known:
        near = get_close_matches(wanted.removeprefix(f"{table}."), known, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Its columns are {', '.join(known)}."
        return UsageError(f"{table} has no column {wanted.removeprefix(f'{table}.')!r}.", hint)
    names = [*models.by_name, *RAW_COLUMNS, *models.seeds, *_BY_PIPELINE, *_figure_keys()]
    bare = wanted.partition(".")[0]
    near = [name for name in models.by_name if name.partition(".")[2] == bare]
    near = near or get_close_matches(table, names, n=3)
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Give schema.table, schema.table.column or a metric key."
    )
    return UsageError(f"There is no table or figure {wanted!r}.", hint)

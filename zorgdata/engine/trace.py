"""Which columns a column is made from, read out of the SQL by sqlglot.

A value is traced through the CTEs of its own model to the tables that model reads. What only decides which
rows take part (joins, filters, groups) is no value; a number that counts rows is traced to those rows.
A select that sqlglot cannot read is traced to its tables, and says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage, to_node
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from zorgdata.engine.model import Model, Models
from zorgdata.sources.kinds import KINDS

RAW_COLUMNS: dict[str, tuple[str, ...]] = {
    **{
        f"raw.{kind.name}": ("file_id", "line", *(name for name, _ in kind.stored_columns), "rowid")
        for kind in KINDS.values()
    },
    "raw.extra": ("file_id", "line", "header", "value"),
    "raw.message": ("file_id", "message_name", "municipality_code", "provider_id", "message_id", "dated_on"),
    "raw.child_link": ("child_id", "person_id", "tier", "weight", "probability"),
    "raw.setting": ("name", "value"),
}
"""The columns of every table that no model makes.

``rowid`` is the number DuckDB itself gives a row: it tells records of one line apart.
"""

UNRESOLVED = "(not resolved: any of the tables the model reads)"
_ADDS_NOTHING = frozenset({"null", "0", "cast(null as date)", "cast(0 as double)"})
_DIALECT = "duckdb"
_QUOTED = re.compile(r"('(?:[^']|'')*')")


@dataclass(frozen=True)
class Source:
    """A column of a table; ``column`` is empty when the rows of the table are what counts."""

    table: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.column}" if self.column else f"rows of {self.table}"


@dataclass(frozen=True, eq=False)
class Step:
    """``label`` (a column of a model, or of a CTE within it) is ``expression`` over ``parts``."""

    label: str
    expression: str
    parts: tuple["Step | Source", ...] = ()

    def sources(self) -> Iterator[Source]:
        """The columns outside the model, in order of appearance, each once."""
        seen: set[Step | Source] = set()
        waiting: list[Step | Source] = [self]
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            if isinstance(part, Source):
                yield part
            else:
                waiting.extend(reversed(part.parts))


class Tracer:
    """Traces columns of ``models``; every model is read once, when it is first asked for."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._traced: dict[str, dict[str, Step]] = {}
        self._reads: dict[str, _Read | None] = {}

    @cached_property
    def _schema(self) -> MappingSchema:
        columns: dict[str, tuple[str, ...]] = dict(RAW_COLUMNS)
        columns |= {seed.name: tuple(seed.columns) for seed in self._models.seeds.values()}
        columns |= {model.name: tuple(model.header.columns) for model in self._models}
        mapping: dict[str, Any] = {}
        for table, names in columns.items():
            schema, _, name = table.partition(".")
            mapping.setdefault(schema, {})[name] = dict.fromkeys(names, "varchar")
        return MappingSchema(mapping, dialect=_DIALECT)

    def column(self, table: str, column: str) -> Step:
        """How a column of a model is made; every column of a model has an answer."""
        return self.columns(table)[column]

    def columns(self, table: str) -> dict[str, Step]:
        """How every column of a model is made, in the order of its header."""
        if table not in self._traced:
            self._traced[table] = self._trace(self._models[table])
        return self._traced[table]

    def figure(self, key: str) -> list[tuple[str, Step]]:
        """How one figure is made: the models that write ``key`` as their ``metric``, and its value there.

        Such a model is a union of selects, each with the key as a literal.
        """
        found: list[tuple[str, Step]] = []
        for model in self._models:
            if {"metric", "value"} <= model.header.columns.keys() and f"'{key}'" in model.body:
                read = self._read(model)
                if model.header.function:
                    label = f"{model.name}.value of {key}"
                    found.append((model.name, replace(self._made(model, read), label=label)))
                    continue
                found += [(model.name, step) for step in read.figure(key, model.name)] if read else []
        return found

    def _trace(self, model: Model) -> dict[str, Step]:
        read = self._read(model)
        if model.header.function:
            step = self._made(model, read)
            return {name: replace(step, label=f"{model.name}.{name}") for name in model.header.columns}
        return {
            name: (read.column(name, model.name) if read else None)
            or Step(f"{model.name}.{name}", UNRESOLVED, _everything(model))
            for name in model.header.columns
        }

    def _made(self, model: Model, read: "_Read | None") -> Step:
        """What a function makes is made from every column it is given."""
        parts = read.everything(model.name) if read else _everything(model)
        return Step(f"{model.name}.value", f"{model.header.function}(…)", parts)

    def _read(self, model: Model) -> "_Read | None":
        """A model as sqlglot understands it; None when it does not."""
        if model.name not in self._reads:
            self._reads[model.name] = self._understand(model)
        return self._reads[model.name]

    def _understand(self, model: Model) -> "_Read | None":
        try:
            query = parse_one(model.body, dialect=_DIALECT)
            query = qualify(
                query,
                schema=self._schema,
                dialect=_DIALECT,
                identify=False,
                quote_identifiers=False,
                validate_qualify_columns=False,
            )
            _forget_windows(query)
            root = build_scope(query)
            nodes = lineage(None, query, self._schema, dialect=_DIALECT, scope=root, trim_selects=False)
        except (SqlglotError, ValueError, KeyError, RecursionError):
            return None
        return (
            _Read(root, nodes, self._schema, _everything(model)) if root and isinstance(nodes, dict) else None
        )


class _Read:
    """A model that sqlglot understood."""

    def __init__(
        self, root: Scope, nodes: dict[str, Node], schema: MappingSchema, everything: tuple[Source, ...]
    ) -> None:
        self._root = root
        self._nodes = nodes
        self._schema = schema
        self._reader = _Reader({id(scope.expression): scope for scope in root.traverse()}, everything)

    def column(self, name: str, table: str) -> Step | None:
        node = self._nodes.get(name)
        return self._reader.step(node, f"{table}.{name}") if node else None

    def everything(self, table: str) -> tuple[Step | Source, ...]:
        """Every column of the select, with how it is made; what is only handed on is its source."""
        steps = [self._reader.step(node, f"{table} input.{name}") for name, node in self._nodes.items()]
        found = [step.parts if step.expression in map(str, step.parts) else (step,) for step in steps]
        return tuple(dict.fromkeys(part for parts in found for part in parts))

    def figure(self, key: str, table: str) -> Iterator[Step]:
        for scope in self._root.traverse():
            select = scope.expression
            if not isinstance(select, exp.Select) or key not in map(_constant, select.selects):
                continue
            whole: Any = select
            while isinstance(whole.parent, exp.SetOperation):
                whole = whole.parent
            if "value" in whole.named_selects:
                place = whole.named_selects.index("value")
                node = to_node(place, scope, _DIALECT, self._schema, trim_selects=False)
                yield self._reader.step(node, f"{table}.value of {key}")


def _everything(model: Model) -> tuple[Source, ...]:
    return tuple(Source(name) for name in sorted(model.references))


def _constant(projection: Any) -> str | None:
    value = projection.unalias()
    return str(value.this) if isinstance(value, exp.Literal) and value.is_string else None


class _Reader:
    """Turns sqlglot's nodes of one model into steps; what only hands a column on is no step of its own."""

    def __init__(self, scopes: dict[int, Scope], everything: tuple[Source, ...]) -> None:
        self._scopes = scopes
        self._everything = everything
        self._made: dict[tuple[int, str], Step] = {}

    def step(self, node: Node, label: str) -> Step:
        """The step of a node that is not itself a table."""
        key = (id(node), label)
        if key not in self._made:
            self._made[key] = self._step(node, label)
        return self._made[key]

    def _step(self, node: Node, label: str) -> Step:
        parts = self._parts(node)
        if not parts and (_hands_on(node) or isinstance(node.source, exp.UDTF)):
            return Step(label, "a list in the model itself")
        if _hands_on(node):
            match parts:
                case [Source() as source]:
                    return Step(label, str(source), (source,))
                case [Step() as step]:
                    return Step(label, step.expression, step.parts)
                case _:
                    return Step(label, "row by row one of these", tuple(parts))
        expression = _expression(node)
        text = node.expression.meta.get("text") or _text(expression)
        return Step(label, text, (*parts, *self._rows(node, expression, parts)))

    def _parts(self, node: Node) -> list[Step | Source]:
        found: dict[object, Step | Source] = {}
        # sqlglot gives them as a set: by their text first, for two may have one place.
        below = sorted(node.downstream, key=lambda child: str(child.expression))
        # The columns of a union have the names of its first part.
        places: dict[str, int] = {}
        for n, column in enumerate(node.expression.find_all(exp.Column, bfs=False)):
            places.setdefault(f"{column.table}.{column.name}", n)
            places.setdefault(column.name, n)
        names: dict[tuple[str, str], str] = {}
        for child in below:
            names.setdefault((child.reference_node_name, child.name), _name(child))

        def place(child: Node) -> tuple[int, str, str]:
            name = names[child.reference_node_name, child.name]
            known = places.get(child.name, places.get(name, len(places)))
            return known, child.reference_node_name, name

        for child in sorted(below, key=place):
            name = names[child.reference_node_name, child.name]
            for part in self._part(child, name):
                if isinstance(part, Step) and part.expression in _ADDS_NOTHING:
                    continue
                # Parts of a union that say the same are one.
                key = part if isinstance(part, Source) else (part.label, part.expression, part.parts)
                found.setdefault(key, part)
        return list(found.values())

    def _part(self, node: Node, name: str) -> list[Step | Source]:
        if isinstance(node.expression, exp.Table):
            return [Source(_table(node.expression), name)]
        if isinstance(node.expression, exp.Placeholder):
            return [Step(name, UNRESOLVED, self._everything)]
        if _hands_on(node) and node.downstream:
            return self._parts(node)
        return [self.step(node, f"{node.reference_node_name or 'part'}.{name}")]

    def _rows(self, node: Node, expression: Any, parts: list[Step | Source]) -> tuple[Source, ...]:
        """The tables whose rows make the value: of a count, a rank, a number that is there to be added up."""
        counts = any(isinstance(count.this, exp.Star) for count in expression.find_all(exp.Count))
        literal = expression.this if isinstance(expression, exp.Neg) else expression
        number = isinstance(literal, exp.Literal) and not literal.is_string
        ranks = not parts and expression.find(exp.Window) is not None
        scope = self._scopes.get(id(node.source))
        if scope is None or not (counts or number or ranks):
            return ()
        return tuple(dict.fromkeys(Source(table) for table in _tables(scope)))


def _forget_windows(query: Any) -> None:
    """Leave out what windows partition and order by: it decides which rows take part, as a join does."""
    for select in query.find_all(exp.Select):
        for projection in select.selects:
            windows = list(projection.find_all(exp.Window))
            if windows:
                projection.meta["text"] = _text(projection.unalias())
            for window in windows:
                for name in ("partition_by", "order", "spec"):
                    window.set(name, None)


def _hands_on(node: Node) -> bool:
    """Whether a node only names a column of another select, or is a union of selects."""
    return isinstance(node.source, exp.SetOperation) or isinstance(_expression(node), exp.Column)


def _expression(node: Node) -> Any:
    return node.expression.unalias() if isinstance(node.expression, exp.Alias) else node.expression


def _name(node: Node) -> str:
    """The name of a column in its select; sqlglot calls a column of a union by its place."""
    last = node.name.rpartition(".")[2]
    return str(node.expression.alias_or_name) if last.isdigit() else last


def _table(table: exp.Table) -> str:
    return f"{table.db}.{table.name}".lower()


def _tables(scope: Scope) -> Iterator[str]:
    """The tables a select takes its rows from, also through its CTEs."""
    for part in scope.set_operation_scopes:
        yield from _tables(part)
    for _, source in scope.selected_sources.values():
        if isinstance(source, Scope):
            yield from _tables(source)
        elif isinstance(source, exp.Table):
            yield _table(source)


def _text(expression: Any) -> str:
    """An expression as house-style SQL. A column loses its relation where its name alone is clear."""
    copy = expression.copy()
    columns = list(copy.find_all(exp.Column))
    relations: dict[str, set[str]] = {}
    for column in columns:
        relations.setdefault(column.name, set()).add(column.table)
    for column in columns:
        if len(relations[column.name]) == 1 and column is not copy:
            column.set("table", None)
    sql = copy.sql(dialect=_DIALECT, comments=False)
    return "".join(part if part.startswith("'") else part.lower() for part in _QUOTED.split(sql))

"""Builds the models that changed, all in one transaction: a run that dies leaves yesterday's figures."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from zorgdata.engine.assertions import Looked, look_at
from zorgdata.engine.content import content_of_view, made_from
from zorgdata.engine.model import Function, Model, Models
from zorgdata.engine.parse import literal
from zorgdata.engine.plan import Action, Step, make_plan
from zorgdata.engine.seeds import write_seeds
from zorgdata.engine.state import Built, State, ensure_state, read_state, write_state
from zorgdata.errors import ModelError
from zorgdata.store.connect import transaction
from zorgdata.store.trouble import trouble

if TYPE_CHECKING:
    import pyarrow as pa

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
# Their messages speak of our own SQL; those of other errors may quote a value from the data.
_SAFE_ERRORS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.IOException,
)


class ModelFailedError(ModelError):
    """A model that DuckDB refused, or whose result breaks its own tests; never with a value from the data."""

    def __init__(self, model: Model, line: int | None, problem: str, hint: str = "") -> None:
        where = f"{model.path}, line {line}" if line else str(model.path)
        super().__init__(f"Model {model.name} failed: {problem} ({where})", hint)
        self.model = model.name
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class ModelResult:
    """What happened to one model. ``rows`` is None for a view and for what was not built."""

    name: str
    status: Action
    rows: int | None = None
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class BuildResult:
    """All models in building order, and the relations that were dropped because no model makes them now."""

    models: tuple[ModelResult, ...]
    dropped: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def built(self) -> tuple[ModelResult, ...]:
        return tuple(result for result in self.models if result.status == "build")


@dataclass(frozen=True)
class Progress:
    """Called before each model that is built: ``number`` of ``total`` (from 1)."""

    name: str
    number: int
    total: int


def plan(
    connection: duckdb.DuckDBPyConnection, models: Models, select: str | None = None, full: bool = False
) -> list[Step]:
    """What ``build`` would do and why; changes nothing."""
    return make_plan(models, read_state(connection), select, full)


def build(
    connection: duckdb.DuckDBPyConnection,
    models: Models,
    select: str | None = None,
    full: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> BuildResult:
    """Build the models that are out of date, in one transaction, and remember their fingerprints.

    ``select`` limits the models (see ``select_models``), ``full`` builds them whether or not they changed.
    The current database of ``connection`` gets the tables; its schemas must exist. Tables of models that
    no longer exist are dropped, unless ``select`` is given. Raises ModelFailedError (nothing is kept then).
    """
    began = time.perf_counter()
    state = read_state(connection)
    steps = make_plan(models, state, select, full)
    gone = () if select else tuple(name for name in state.fingerprints if name not in models)
    if not gone and all(step.action != "build" for step in steps):
        results = [ModelResult(step.name, step.action, reason=step.reason) for step in steps]
        return BuildResult(tuple(results), (), time.perf_counter() - began)
    with transaction(connection), _any_order(connection):
        results, held = _build_all(connection, models, steps, state, on_progress)
        for name in gone:
            _drop(connection, name, state.relations)
        done, kept = [], {}
        for step, result in zip(steps, results, strict=True):
            if step.stamp and result.status == "build":
                source = made_from(held, models.upstream(step.name))
                done.append(
                    Built(step.name, step.stamp, result.rows, result.seconds, held[step.name], source)
                )
            elif step.stamp and step.action == "build":
                kept[step.name] = step.stamp
        write_state(connection, done, kept, gone)
    return BuildResult(tuple(results), gone, time.perf_counter() - began)


@contextmanager
def _any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """No model says anything of the order of its rows; to keep that of the input costs time and memory."""
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        # After a fatal error the connection is closed.
        with suppress(duckdb.Error):
            connection.execute("set preserve_insertion_order = true")


def _build_all(
    connection: duckdb.DuckDBPyConnection,
    models: Models,
    steps: list[Step],
    state: State,
    on_progress: Callable[[Progress], None] | None,
) -> tuple[list[ModelResult], dict[str, str]]:
    """The results, and what every table holds after it."""
    ensure_state(connection)
    relations = state.relations
    held = dict(state.contents)
    # Millions of rows meet 20 periods by "starts before, ends after". DuckDB would sort the millions for a
    # merge join; looking at 20 rows for each takes half the time.
    connection.execute("set nested_loop_join_threshold = 64")
    write_seeds(connection, models.seeds)
    for macro in models.macros:
        try:
            connection.execute(macro.sql)
        except duckdb.Error as error:
            raise ModelError(f"The macros in {macro.path} failed: {error}") from None
    results: dict[str, ModelResult] = {}
    total = sum(step.action == "build" for step in steps)
    number = 0
    with ThreadPoolExecutor(1) as beside:
        # What a function makes of its rows takes seconds in which the engine has nothing to do. So it is made
        # beside the next models, and written before the first model that reads it.
        made: dict[str, Future[pa.Table]] = {}

        def write(names: Iterable[str]) -> None:
            for name in names:
                began = time.perf_counter()
                found = _finish(connection, models[name], made.pop(name).result())
                held[name] = found.content
                took = results[name].seconds + time.perf_counter() - began
                results[name] = replace(results[name], rows=found.rows, seconds=took)

        for step in steps:
            if step.action != "build":
                results[step.name] = ModelResult(step.name, step.action, reason=step.reason)
                continue
            number += 1
            if on_progress:
                on_progress(Progress(step.name, number, total))
            model, rows = models[step.name], None
            write([name for name in made if name in model.references])
            source = made_from(held, models.upstream(step.name))
            if step.may_stand and source and source == state.made_from.get(step.name):
                reason = "what it is made from came out the same"
                results[step.name] = ModelResult(step.name, "fresh", reason=reason)
                continue
            began = time.perf_counter()
            if model.header.function:
                made[step.name] = _start(connection, models, model, relations, beside)
            else:
                found = _build_one(connection, model, relations)
                if model.header.materialized == "table":
                    rows, held[step.name] = found.rows, found.content
                elif step.stamp:
                    held[step.name] = content_of_view(step.stamp, source)
            seconds = time.perf_counter() - began
            results[step.name] = ModelResult(step.name, "build", rows, seconds, step.reason)
        write(list(made))
    return [results[step.name] for step in steps], held


def _build_one(connection: duckdb.DuckDBPyConnection, model: Model, relations: dict[str, str]) -> Looked:
    with _told(model):
        _make_room(connection, model, relations)
        # The select starts on the second line; see _failure.
        connection.execute(f"create or replace {model.header.materialized} {model.name} as\n{model.body}")
    return _look_at(connection, model)


def _start(
    connection: duckdb.DuckDBPyConnection,
    models: Models,
    model: Model,
    relations: dict[str, str],
    beside: ThreadPoolExecutor,
) -> "Future[pa.Table]":
    """Read the rows of a model with a function and hand them over."""
    function = models.functions.get(model.header.function)
    if function is None:
        known = ", ".join(sorted(models.functions)) or "none"
        raise ModelFailedError(model, 1, f"there is no function {model.header.function}", f"Known: {known}.")
    with _told(model):
        _make_room(connection, model, relations)
        rows = connection.execute(f"\n{model.body}").to_arrow_table()
    return beside.submit(_made, model, function, rows)


def _made(model: Model, function: Function, rows: "pa.Table") -> "pa.Table":
    """The table of a function. Its failure is told by kind: its words may hold data."""
    try:
        return function.run(rows)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        problem = f"{model.header.function} failed: {type(error).__name__} (its message may hold data)"
        raise ModelFailedError(model, None, problem) from None


def _finish(connection: duckdb.DuckDBPyConnection, model: Model, made: "pa.Table") -> Looked:
    """Write the table that a function made."""
    with _told(model):
        connection.register("made_by_function", made)
        try:
            connection.execute(f"create or replace table {model.name} as select * from made_by_function")
        finally:
            connection.unregister("made_by_function")
    return _look_at(connection, model)


def _look_at(connection: duckdb.DuckDBPyConnection, model: Model) -> Looked:
    """Describe what was made and hold it to the tests of its header. A view without tests is not computed."""
    with _told(model):
        _comment(connection, model)
        if model.header.materialized == "view" and not model.header.tests:
            return Looked(0, "", ())
        found = look_at(connection, model.name, model.header)
    if found.broken:
        raise ModelFailedError(
            model, None, "; ".join(found.broken), "The header of the model says what must hold of its rows."
        )
    return found


@contextmanager
def _told(model: Model) -> Iterator[None]:
    """A refusal of the engine becomes a message that names the model and holds no data."""
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        machine = trouble(error)
        if machine:
            raise type(machine)(f"{machine.message} It was building {model.name}.", machine.hint) from None
        raise _failure(model, error) from None


def _make_room(connection: duckdb.DuckDBPyConnection, model: Model, relations: dict[str, str]) -> None:
    """A table cannot replace a view, nor the other way round."""
    kind = model.header.materialized
    if relations.get(model.name, kind) != kind:
        _drop(connection, model.name, relations)


def _comment(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Descriptions travel with the table, for whoever opens the database without the docs."""
    header = model.header
    described = connection.execute(f"describe {model.name}").fetchall()
    names = [str(row[0]) for row in described]
    if names != list(header.columns):
        extra = [name for name in names if name not in header.columns]
        absent = [name for name in header.columns if name not in names]
        problem = "the columns differ from the header"
        problem += f"; not described: {', '.join(extra)}" if extra else ""
        problem += f"; not made: {', '.join(absent)}" if absent else ""
        problem += "" if extra or absent else " in their order"
        raise ModelFailedError(model, 1, problem)
    comments = [f"comment on {header.materialized} {model.name} is {literal(header.description)}"]
    for name, meaning in header.columns.items():
        comments.append(f"comment on column {model.name}.{name} is {literal(meaning)}")
    connection.execute(";\n".join(comments))


def _drop(connection: duckdb.DuckDBPyConnection, name: str, relations: dict[str, str]) -> None:
    if name in relations:
        connection.execute(f"drop {relations[name]} if exists {name}")


def _failure(model: Model, error: duckdb.Error) -> ModelFailedError:
    text = str(error)
    label, _, message = text.partition(":")
    found = _LINE.search(text)
    line = model.header.body_line + int(found[1]) - 2 if found else None
    if isinstance(error, _SAFE_ERRORS):
        return ModelFailedError(model, line, message.strip().splitlines()[0])
    return ModelFailedError(model, line, f"{label} (the message may hold data and is left out)")

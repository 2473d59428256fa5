"""Models: the SQL files, what each reads, and the order in which they must be built."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from zorgdata.engine.header import Header, ModelFileError, read_header
from zorgdata.engine.parse import Parsed, parse_all
from zorgdata.engine.seeds import Seed, load_seeds
from zorgdata.errors import ModelError

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMAS = ("staging", "core", "metrics", "protected")
"""The schemas that models make, in the direction in which data flow."""


TableFunction: TypeAlias = "Callable[[pa.Table], pa.Table]"
"""From the rows of a model's select to the rows of its table. Equal rows, in any order, give equal rows."""


@dataclass(frozen=True)
class Function:
    """What a header may name as ``function``. ``source`` stands for its code: another one, another table."""

    run: TableFunction
    source: str


@dataclass(frozen=True)
class Model:
    """One SQL file and the table (or view) it makes; ``name`` is ``schema.table``."""

    name: str
    path: Path
    header: Header
    body: str
    parsed: Parsed
    text_hash: str

    @property
    def schema(self) -> str:
        return self.name.partition(".")[0]

    @property
    def references(self) -> frozenset[str]:
        """Every schema-qualified relation the select reads."""
        return self.parsed.references


@dataclass(frozen=True)
class Macro:
    """A file of ``create or replace macro`` statements."""

    path: Path
    sql: str


@dataclass(frozen=True)
class Models:
    """All models, in an order in which each comes after what it reads."""

    root: Path
    by_name: dict[str, Model]
    macros: tuple[Macro, ...]
    functions: Mapping[str, Function] = field(default_factory=dict)
    seeds: dict[str, Seed] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Model]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def __getitem__(self, name: str) -> Model:
        return self.by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def upstream(self, name: str) -> list[str]:
        """The models that ``name`` reads directly."""
        return sorted(ref for ref in self.by_name[name].references if ref in self.by_name)

    def inputs(self, name: str) -> list[str]:
        """The relations that ``name`` reads directly and no model makes: raw tables and code lists."""
        return sorted(ref for ref in self.by_name[name].references if ref not in self.by_name)

    def ancestors(self, name: str) -> set[str]:
        """Everything ``name`` is made from, directly or not."""
        found: set[str] = set()
        waiting = self.upstream(name)
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.upstream(current))
        return found

    def descendants(self, name: str) -> set[str]:
        """Everything that is made from ``name``, directly or not."""
        return {other for other in self.by_name if name in self.ancestors(other)}


def load_models(root: Path, functions: Mapping[str, Function] | None = None) -> Models:
    """Read ``root/<schema>/*.sql``, macros and code lists; ``sql/core/child.sql`` becomes ``core.child``.

    ``functions`` are those that headers may name; only a build needs them. Raises ModelError, with file and
    line, for a malformed header or select and for models that read each other.
    """
    texts = [(path, path.read_text(encoding="utf-8")) for path in _files(root)]
    heads = [read_header(path, text) for path, text in texts]
    parses = parse_all([body for _, body in heads])
    models: dict[str, Model] = {}
    for (path, text), (header, body), parsed in zip(texts, heads, parses, strict=True):
        if parsed.error:
            raise ModelFileError(path, header.body_line + parsed.line - 1, parsed.error)
        name = f"{path.parent.name}.{path.stem}"
        digest = hashlib.sha256(f"{text}\0{header!r}".encode()).hexdigest()  # a shape is part of it
        models[name] = Model(name, path, header, body, parsed, digest)
    macros = tuple(
        Macro(path, path.read_text(encoding="utf-8")) for path in sorted((root / "macros").glob("*.sql"))
    )
    return Models(
        root, {name: models[name] for name in _order(models)}, macros, functions or {}, load_seeds(root)
    )


def _files(root: Path) -> list[Path]:
    return [path for schema in SCHEMAS for path in sorted((root / schema).glob("*.sql"))]


def _order(models: dict[str, Model]) -> list[str]:
    """Topological, the same everywhere: what functions wait for first, then by schema and name.

    A function's table is made beside the models that follow it, so the earlier it starts the better.
    """
    reads = {name: model.references & models.keys() for name, model in models.items()}
    sorter = TopologicalSorter(reads)
    try:
        sorter.prepare()
    except CycleError as error:
        raise ModelError("Models that read each other: " + " -> ".join(error.args[1])) from None
    awaited: set[str] = set()
    waiting = [name for name, model in models.items() if model.header.function]
    while waiting:
        name = waiting.pop()
        if name not in awaited:
            awaited.add(name)
            waiting.extend(reads[name])
    order: list[str] = []
    ready: list[tuple[bool, int, str]] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (name not in awaited, SCHEMAS.index(name.partition(".")[0]), name))
        *_, name = heappop(ready)
        order.append(name)
        sorter.done(name)
    return order

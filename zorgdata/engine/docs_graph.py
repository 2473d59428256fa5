"""Pictures of how tables feed each other: all of them, and the neighbours of one.

Columns run from left to right in the direction of the data; within a column tables stand near the middle of
what they read, so that lines cross little. All is computed from names: the same models, the same picture.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from zorgdata.engine.model import SCHEMAS, Models

_WIDTH, _HEIGHT = 168, 26
_GAP_X, _GAP_Y = 60, 8
_MARGIN, _HEAD = 12, 34
_LETTER = 7.1  # width of a letter at the size of the labels, rounded up
_SWEEPS = 6


@dataclass(frozen=True)
class Node:
    """A table as a box; ``x, y`` is its left upper corner in pixels."""

    name: str
    label: str
    layer: str
    href: str
    x: float
    y: float
    width: int
    height: int
    current: bool = False


@dataclass(frozen=True)
class Edge:
    """A line from ``source`` to ``target``, which reads it."""

    source: str
    target: str
    path: str


@dataclass(frozen=True)
class Heading:
    """The name of a layer above its columns."""

    text: str
    x: float
    y: float
    end: float


@dataclass(frozen=True)
class Picture:
    """Everything a template needs to draw a graph."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    headings: tuple[Heading, ...] = ()


def model_graph(models: Models, link: Callable[[str], str]) -> Picture:
    """All tables: raw on the left, then every schema, each in as many columns as its models are deep."""
    reads = {model.name: sorted(model.references) for model in models}
    raws = sorted({name for names in reads.values() for name in names if name not in models})
    columns: list[list[str]] = [raws]
    spans = [("raw", 0, 0)] if raws else []
    for schema in SCHEMAS:
        depth = _depths(models, schema)
        if depth:
            first = len(columns)
            columns += [
                [n for n, d in depth.items() if d == level] for level in range(max(depth.values()) + 1)
            ]
            spans.append((schema, first, len(columns) - 1))
    columns = _settle([column for column in columns if column], reads)
    widths = [max(_width(name) for name in column) for column in columns]
    lefts = [_MARGIN + sum(widths[:n]) + n * _GAP_X for n in range(len(columns))]
    places = _rows(columns, reads)
    nodes = {
        name: Node(
            name,
            name.partition(".")[2],
            name.partition(".")[0],
            link(name),
            lefts[n],
            _HEAD + places[name] * (_HEIGHT + _GAP_Y),
            widths[n],
            _HEIGHT,
        )
        for n, column in enumerate(columns)
        for name in column
    }
    headings = tuple(
        Heading(schema, lefts[first], 18, lefts[last] + widths[last]) for schema, first, last in spans
    )
    height = max((node.y for node in nodes.values()), default=0) + _HEIGHT + _MARGIN
    width = lefts[-1] + widths[-1] + _MARGIN if lefts else 2 * _MARGIN
    return Picture(round(width), round(height), tuple(nodes.values()), _edges(nodes, reads), headings)


def neighbours(models: Models, name: str, link: Callable[[str], str]) -> Picture:
    """What a table reads on the left and what reads it on the right."""
    before = sorted(models[name].references) if name in models else []
    after = sorted(model.name for model in models if name in model.references)
    columns = [column for column in (before, [name], after) if column]
    tallest = max(len(column) for column in columns)
    nodes: dict[str, Node] = {}
    left = float(_MARGIN)
    for column in columns:
        width = max(_width(one, qualified=True) for one in column)
        top = _MARGIN + (tallest - len(column)) * (_HEIGHT + _GAP_Y) / 2
        for row, one in enumerate(column):
            y = top + row * (_HEIGHT + _GAP_Y)
            layer = one.partition(".")[0]
            nodes[one] = Node(one, one, layer, link(one), left, y, width, _HEIGHT, one == name)
        left += width + _GAP_X
    reads = {name: before, **{one: [name] for one in after}}
    height = 2 * _MARGIN + tallest * (_HEIGHT + _GAP_Y) - _GAP_Y
    return Picture(round(left - _GAP_X + _MARGIN), height, tuple(nodes.values()), _edges(nodes, reads))


def _depths(models: Models, schema: str) -> dict[str, int]:
    """For each model of a schema: how many models of the same schema it is above the lowest, at least."""
    depth: dict[str, int] = {}
    for model in models:
        if model.schema == schema:
            depth[model.name] = 1 + max(
                (depth[ref] for ref in models.upstream(model.name) if ref in depth), default=-1
            )
    return depth


def _settle(columns: list[list[str]], reads: Mapping[str, list[str]]) -> list[list[str]]:
    """Order every column by the mean place of its neighbours, back and forth."""
    columns = [sorted(column) for column in columns]
    read_by: dict[str, list[str]] = {}
    for name, names in reads.items():
        for one in names:
            read_by.setdefault(one, []).append(name)
    for sweep in range(_SWEEPS):
        near = reads if sweep % 2 == 0 else read_by
        for n in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            place = {name: (row + 0.5) / len(column) for column in columns for row, name in enumerate(column)}
            means = {
                name: _mean((place[x] for x in near.get(name, ()) if x in place), place[name])
                for name in columns[n]
            }
            columns[n] = sorted(columns[n], key=lambda name, means=means: (means[name], name))  # type: ignore[misc]
    return columns


def _rows(columns: list[list[str]], reads: Mapping[str, list[str]]) -> dict[str, float]:
    """The row of every table: near the middle of what it reads, never two in one place."""
    tallest = max((len(column) for column in columns), default=0)
    rows: dict[str, float] = {}
    for column in columns:
        wanted = [
            _mean((rows[one] for one in reads.get(name, ()) if one in rows), n + (tallest - len(column)) / 2)
            for n, name in enumerate(column)
        ]
        placed: list[float] = []
        for n, row in enumerate(wanted):
            lowest = placed[-1] + 1 if placed else 0.0
            highest = tallest - (len(column) - n)
            placed.append(float(round(min(max(row, lowest), highest))))
        rows |= dict(zip(column, placed, strict=True))
    return rows


def _edges(nodes: Mapping[str, Node], reads: Mapping[str, list[str]]) -> tuple[Edge, ...]:
    edges = []
    for target in sorted(reads):
        for source in reads[target]:
            if source not in nodes or target not in nodes:
                continue
            a, b = nodes[source], nodes[target]
            x1, y1, x2, y2 = a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2
            bend = max((x2 - x1) / 2, 20)
            path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
            edges.append(Edge(source, target, path))
    return tuple(edges)


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise


def _width(name: str, qualified: bool = False) -> int:
    label = name if qualified else name.partition(".")[2]
    return max(round(len(label) * _LETTER) + 22, 84 if not qualified else _WIDTH)

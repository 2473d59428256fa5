"""The catalogue as small tables, so that SQL need not repeat what a metric needs and how it is shown.

The engine puts them beside the code lists: ``seeds.metric``, ``seeds.metric_input``, ``seeds.metric_level``.
"""

import hashlib
from collections.abc import Iterator

from zorgdata.catalogue import load
from zorgdata.catalogue.loader import FOLDER
from zorgdata.catalogue.model import Interval, Metric

COLUMNS: dict[str, dict[str, str]] = {
    "metric": {
        "metric": "varchar",
        "theme": "varchar",
        "is_wilson": "boolean",
        "is_byar": "boolean",
        "in_school_year": "boolean",
        "in_calendar_year": "boolean",
        "on_reference_date": "boolean",
    },
    "metric_input": {"metric": "varchar", "need": "integer", "input": "varchar"},
    "metric_level": {"metric": "varchar", "level": "varchar"},
}
"""The tables, their columns and the types of these."""

MEANINGS = {
    "metric": "metrics of the catalogue, with their periods and kind of interval",
    "metric_input": "what a metric needs: of every need one of the inputs (a kind, or kind.column)",
    "metric_level": "levels on which a metric is given",
}

Row = tuple[str | int | bool, ...]


def version() -> str:
    """A hash over the files of the catalogue: it changes when a table might."""
    files = [FOLDER / "vocabulary.toml", *sorted((FOLDER / "themes").glob("*.toml"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def rows(name: str) -> list[Row]:
    """The rows of a table of :data:`COLUMNS`, in the order of the catalogue."""
    make = {"metric": _metric, "metric_input": _inputs, "metric_level": _levels}[name]
    return [row for metric in load().by_key.values() for row in make(metric)]


def _metric(metric: Metric) -> Iterator[Row]:
    yield (
        metric.key,
        metric.theme,
        metric.interval is Interval.WILSON,
        metric.interval is Interval.BYAR,
        "school_year" in metric.periods,
        "calendar_year" in metric.periods,
        "reference_date" in metric.periods,
    )


def _inputs(metric: Metric) -> Iterator[Row]:
    needs = [*(source.split("|") for source in metric.sources), *([column] for column in metric.columns)]
    for need, inputs in enumerate(needs, 1):
        for name in inputs:
            yield metric.key, need, name


def _levels(metric: Metric) -> Iterator[Row]:
    for level in metric.levels:
        yield metric.key, level

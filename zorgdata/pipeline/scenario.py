"""Cost-benefit scenarios on the figures of the region: exact ones for the analyst."""

import contextlib
from pathlib import Path
from typing import Any

import duckdb

from zorgdata.errors import UsageError
from zorgdata.scenario import (
    Quantity,
    ScenarioResult,
    calculate,
    load_prices,
    load_quantities,
    load_template,
    quantities_from_rows,
    template_names,
)
from zorgdata.scenario.load import PRICE_VERSION
from zorgdata.scenario.sensitivity import DRAWS, SEED
from zorgdata.store import open_query
from zorgdata.workspace import Workspace

_UNIT_LEVELS = ("school", "school_municipality")


def calculate_scenario(
    workspace: Workspace,
    scenario: str,
    *,
    unit: str | None = None,
    period: str | None = None,
    prices: Path | None = None,
    quantities: Path | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> ScenarioResult:
    """A shipped scenario by name, or one of your own by path (``.toml``), on ``metrics.value``.

    ``unit``: a school (BRIN6) or a municipality instead of the region. ``quantities``: numbers by hand, which
    go before those of the metrics. UsageError for anything unknown.
    """
    path = Path(scenario)
    own = scenario.endswith(".toml") or path.parent != Path()
    template = load_template(path=path) if own else load_template(scenario)
    with contextlib.closing(open_query(workspace)) as connection:
        keys = sorted({spec.metric for spec in template.quantities.values() if spec.metric})
        try:
            table = connection.execute(
                "select metric, level, unit_id, period, reference_date, dimension, dimension_value, value, "
                "numerator, denominator, lower, upper, status from metrics.value "
                "where metric in (select unnest(?))",
                [keys],
            ).to_arrow_table()
        except duckdb.CatalogException:
            raise UsageError("There are no figures yet.", "Run: zorgdata build") from None
        rows: list[dict[str, Any]] = table.to_pylist()
        level = _level(connection, unit)
    measured = quantities_from_rows(template, rows, unit, period, level)
    given: dict[str, Quantity] = load_quantities(quantities) if quantities else {}
    return calculate(
        template,
        load_prices(PRICE_VERSION, prices),
        {**measured, **given},
        draws=draws,
        seed=seed,
    )


def _level(connection: duckdb.DuckDBPyConnection, unit: str | None) -> str | None:
    if unit is None:
        return None
    known = {
        level
        for (level,) in connection.execute("select level from core.unit where unit_id = ?", [unit]).fetchall()
    }
    for level in _UNIT_LEVELS:
        if level in known:
            return level
    raise UsageError(
        f"There is no school or municipality {unit!r}.", "Give a BRIN6 or a municipality code (four digits)."
    )


def list_scenarios() -> list[dict[str, str]]:
    """The scenarios that come with zorgdata: name, title and what they are about."""
    found = [load_template(name) for name in template_names()]
    return [{"scenario": t.name, "title": t.title, "status": t.status, "summary": t.summary} for t in found]

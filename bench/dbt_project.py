"""zorgdata's models as a dbt project, for ``bench_night.py``: same bodies, same functions, same order.

A model becomes ``models/<schema>__<name>.sql`` with ``ref()`` and ``source()`` where it names a relation. A
model with a function becomes two: its select, and a Python model that calls the function on it. Macros and
code lists stand in the database already, as the raw tables do. Assertions of the headers are left out:
``dbt run`` tests nothing.
"""

import json
import re
from pathlib import Path

from zorgdata.engine import Models

SETTINGS: dict[str, int | str] = {"nested_loop_join_threshold": 64}
"""As the engine sets them, so that both get the same plans."""

_PROJECT = """
name: zorgdata_bench
version: "1.0"
profile: bench
model-paths: [models]
macro-paths: [macros]
flags:
  send_anonymous_usage_stats: false
"""
_SCHEMA_MACRO = "{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}\n"
_PYTHON = """
from importlib import import_module


def model(dbt, session):
    dbt.config(materialized="table", schema="{schema}", alias="{name}")
    rows = dbt.ref("{input}").to_arrow_table()
    return getattr(import_module("{module}"), "{function}")(rows)
"""


def write_project(models: Models, database: Path, folder: Path, threads: int, memory_gb: float) -> None:
    """The project in ``folder``, for the database that holds raw tables, code lists and macros."""
    places = folder / "models"
    places.mkdir(parents=True)
    (folder / "macros").mkdir()
    (folder / "dbt_project.yml").write_text(_PROJECT)
    (folder / "macros" / "schema.sql").write_text(_SCHEMA_MACRO)
    settings = SETTINGS | {"threads": threads}
    if memory_gb:
        settings |= {"memory_limit": f"{memory_gb}GB"}
    target = {"type": "duckdb", "path": str(database), "threads": threads, "settings": settings}
    profile = {"bench": {"target": "bench", "outputs": {"bench": target}}}
    (folder / "profiles.yml").write_text(json.dumps(profile))  # JSON is YAML
    given: dict[str, set[str]] = {}
    for model in models:
        for name in models.inputs(model.name):
            schema, _, table = name.partition(".")
            given.setdefault(schema, set()).add(table)
        _write_model(models, model.name, places)
    sources = [
        {"name": schema, "schema": schema, "tables": [{"name": table} for table in sorted(tables)]}
        for schema, tables in sorted(given.items())
    ]
    (places / "sources.yml").write_text(json.dumps({"version": 2, "sources": sources}))


def _write_model(models: Models, name: str, folder: Path) -> None:
    model = models[name]
    schema, _, table = name.partition(".")
    kind = model.header.materialized
    body = _referring(models, name)
    flat = f"{schema}__{table}"
    if model.header.function:
        module, _, function = model.header.function.partition(":")
        config = f'{{{{ config(materialized="view", schema="{schema}", alias="{table}__input") }}}}'
        (folder / f"{flat}__input.sql").write_text(f"{config}\n{body}\n")
        made = _PYTHON.format(
            schema=schema, name=table, input=f"{flat}__input", module=module, function=function
        )
        (folder / f"{flat}.py").write_text(made)
        return
    config = f'{{{{ config(materialized="{kind}", schema="{schema}", alias="{table}") }}}}'
    (folder / f"{flat}.sql").write_text(f"{config}\n{body}\n")


def _referring(models: Models, name: str) -> str:
    """The body with ``ref`` and ``source`` in place of the relations it reads."""

    def named(found: re.Match[str]) -> str:
        schema, _, table = found[0].partition(".")
        made = f"ref('{schema}__{table}')" if found[0] in models else f"source('{schema}', '{table}')"
        return f"{{{{ {made} }}}}"

    names = "|".join(re.escape(table) for table in sorted(models[name].references))
    return re.sub(rf"\b({names})\b", named, models[name].body) if names else models[name].body

"""What DuckDB's own parser says about a select: which relations it reads, and whether it is one select.

The parser runs on a private connection in memory that never sees data and may not reach files. Values are
written as literals: binding a Python value makes DuckDB import pandas, which costs more than a second.
"""

import json
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Parsed:
    """The relations of one select. ``error`` is empty when it parsed; ``line`` counts from 1 in the body."""

    references: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    stars: int = 0
    error: str = ""
    line: int = 1


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def parse_all(bodies: list[str]) -> list[Parsed]:
    """Parse many selects in one call (20 take 20 ms); order and length as given."""
    if not bodies:
        return []
    rows = ", ".join(f"({n}, {literal(body)})" for n, body in enumerate(bodies))
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": "1",
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=settings) as parser:
        query = f"select json_serialize_sql(body) from (values {rows}) as t (n, body) order by n"
        trees = [json.loads(row[0]) for row in parser.execute(query).fetchall()]
    return [_parsed(tree, body) for tree, body in zip(trees, bodies, strict=True)]


def _parsed(tree: dict[str, Any], body: str) -> Parsed:
    if tree["error"]:
        position = int(tree.get("position") or 0)
        return Parsed(error=tree["error_message"], line=body.count("\n", 0, position) + 1)
    if len(tree["statements"]) != 1:
        return Parsed(error="a model is exactly one select")
    walk = _Walk()
    walk.visit(tree)
    return Parsed(frozenset(walk.qualified), frozenset(walk.bare - walk.ctes), walk.stars)


class _Walk:
    """Collects relations, names of CTEs and stars from the serialised tree."""

    def __init__(self) -> None:
        self.qualified: set[str] = set()
        self.bare: set[str] = set()
        self.ctes: set[str] = set()
        self.stars = 0

    def visit(self, node: Any) -> None:
        if isinstance(node, list):
            for child in node:
                self.visit(child)
        elif isinstance(node, dict):
            kind = node.get("type")
            if kind == "BASE_TABLE":
                schema, table = node["schema_name"].lower(), node["table_name"].lower()
                if schema:
                    self.qualified.add(f"{schema}.{table}")
                else:
                    self.bare.add(table)
            elif kind == "STAR" and node.get("class") == "STAR":
                self.stars += 1
            elif kind == "SELECT_NODE" and node["from_table"]["type"] == "EXPRESSION_LIST":
                # A list of values is serialised as a select * from that list.
                self.stars -= 1
            for entry in node.get("cte_map", {}).get("map", ()) if "cte_map" in node else ():
                self.ctes.add(entry["key"].lower())
            for child in node.values():
                self.visit(child)

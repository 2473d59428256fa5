"""The comment block that opens a model: what the table is, in TOML, beside the SQL that makes it.

The header is the source of the data dictionary, of the assertions after a build and of the tags to select
on. Reading it is strict: an unknown key is more often a typing error than a wish.
"""

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zorgdata.errors import ModelError

_BLOCK = re.compile(r"\A\s*/\*(?P<toml>.*?)\*/", re.DOTALL)
_TOML_LINE = re.compile(r"\(at line (\d+),")
_REQUIRED: dict[str, type] = {"description": str, "grain": str, "key": list, "steps": list, "columns": dict}
_OPTIONAL: dict[str, type] = {
    "tests": list,
    "seeds": list,
    "tags": list,
    "materialized": str,
    "function": str,
    "shape": str,
}
_FUNCTION = re.compile(r"[a-z_]+(\.[a-z_]+)*:[a-z_]+")
SHAPES = "shapes"
"""Folder beside the schemas with headers that several models share."""


class ModelFileError(ModelError):
    """A model file that is malformed, with the file and the line where it is."""

    def __init__(self, path: Path, line: int, problem: str, hint: str = "") -> None:
        super().__init__(f"{path}, line {line}: {problem}", hint)
        self.path = path
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Header:
    """What a model says about itself.

    ``function`` (``package.module:name``) is for what SQL cannot compute: the select gives its input rows,
    the function makes the table. Empty for every other model.
    """

    description: str
    grain: str
    key: tuple[str, ...]
    steps: tuple[str, ...]
    columns: dict[str, str]
    tests: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    materialized: str = "table"
    function: str = ""
    body_line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Block:
    """A SQL file split in two: TOML that starts on ``line``, and a body that starts on ``body_line``."""

    raw: dict[str, Any]
    line: int
    body: str
    body_line: int


def read_block(path: Path, text: str) -> Block:
    """Split a SQL file into its opening TOML comment and its body (without closing semicolon).

    Raises ModelFileError with file and line when the comment is absent or is no TOML.
    """
    block = _BLOCK.match(text)
    if block is None:
        raise ModelFileError(path, 1, "no header", "Open the file with /* description = … */ in TOML.")
    first_line = text.count("\n", 0, block.start("toml")) + 1
    try:
        raw = tomllib.loads(block["toml"])
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = first_line + int(found[1]) - 1 if found else first_line
        raise ModelFileError(path, line, f"the header is no valid TOML: {error}") from None
    body = text[block.end() :].lstrip()
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    return Block(raw, first_line, body.rstrip().removesuffix(";").rstrip(), body_line)


def check_keys(path: Path, block: Block, required: dict[str, type], optional: dict[str, type]) -> None:
    """Refuse a header that lacks a key, has an unknown one, or a value of another TOML type.

    ``key`` and ``steps`` may be empty; every other required value must say something.
    """
    for name, kind in required.items():
        if not block.raw.get(name) and name not in {"key", "steps"}:
            raise ModelFileError(path, block.line, f"the header lacks {name!r}")
        if not isinstance(block.raw.get(name, kind()), kind):
            raise ModelFileError(
                path, block.line, f"{name!r} in the header must be a TOML {_toml_name(kind)}"
            )
    for name, value in block.raw.items():
        kind_or_none = required.get(name) or optional.get(name)
        if kind_or_none is None:
            known = ", ".join([*required, *optional])
            raise ModelFileError(
                path, block.line, f"the header has an unknown key {name!r}", f"Known are {known}."
            )
        if not isinstance(value, kind_or_none):
            wanted = _toml_name(kind_or_none)
            raise ModelFileError(path, block.line, f"{name!r} in the header must be a TOML {wanted}")


def read_header(path: Path, text: str) -> tuple[Header, str]:
    """Split a model file into its header and its SQL body (without closing semicolon).

    ``shape = "figure"`` takes what the header does not say itself from ``sql/shapes/figure.toml``: models of
    one shape say once what their columns mean. Raises ModelFileError with file and line when the block is
    absent, is no TOML, or lacks a key.
    """
    block = _shaped(path, read_block(path, text))
    check_keys(path, block, _REQUIRED, _OPTIONAL)
    raw = block.raw
    missing = [name for name in raw.get("key", ()) if name not in raw["columns"]]
    if missing:
        raise ModelFileError(
            path, block.line, f"the key names columns that are not described: {', '.join(missing)}"
        )
    if raw.get("materialized", "table") not in {"table", "view"}:
        raise ModelFileError(path, block.line, "'materialized' must be 'table' or 'view'")
    function = raw.get("function", "")
    if function and not _FUNCTION.fullmatch(function):
        raise ModelFileError(path, block.line, f"'function' must be package.module:name, not {function!r}")
    if function and raw.get("materialized") == "view":
        raise ModelFileError(path, block.line, "what a function makes is a table, it cannot be a view")
    header = Header(
        description=raw["description"],
        grain=raw["grain"],
        key=tuple(raw["key"]),
        steps=tuple(raw["steps"]),
        columns=raw["columns"],
        tests=tuple(raw.get("tests", ())),
        seeds=tuple(raw.get("seeds", ())),
        tags=tuple(raw.get("tags", ())),
        materialized=raw.get("materialized", "table"),
        function=function,
        body_line=block.body_line,
    )
    return header, block.body


def _shaped(path: Path, block: Block) -> Block:
    name = block.raw.get("shape")
    if not isinstance(name, str):
        return block
    shared = path.parent.parent / SHAPES / f"{name}.toml"
    try:
        given = tomllib.loads(shared.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFileError(path, block.line, f"there is no shape {name!r}", f"Expected {shared}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ModelFileError(shared, 1, f"the shape is no valid TOML: {error}") from None
    return replace(block, raw={**given, **block.raw})


def _toml_name(kind: type) -> str:
    return {"str": "text", "list": "array", "dict": "table", "float": "number"}[kind.__name__]

"""The comment block that opens a model: what the table is, in TOML, beside the SQL that makes it.

The header is the source of the data dictionary, of the assertions after a build and of the tags to select
on. Reading it is strict: an unknown key is more often a typing error than a wish.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zorgdata.errors import ModelError

_BLOCK = re.compile(r"\A\s*/\*(?P<toml>.*?)\*/", re.DOTALL)
_TOML_LINE = re.compile(r"\(at line (\d+),")
_REQUIRED: dict[str, type] = {"description": str, "grain": str, "key": list, "steps": list, "columns": dict}
_OPTIONAL: dict[str, type] = {"tests": list, "seeds": list, "tags": list, "materialized": str}


class ModelFileError(ModelError):
    """A model file that is malformed, with the file and the line where it is."""

    def __init__(self, path: Path, line: int, problem: str, hint: str = "") -> None:
        super().__init__(f"{path}, line {line}: {problem}", hint)
        self.path = path
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Header:
    """What a model says about itself."""

    description: str
    grain: str
    key: tuple[str, ...]
    steps: tuple[str, ...]
    columns: dict[str, str]
    tests: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    materialized: str = "table"
    body_line: int = field(default=1, compare=False)


def read_header(path: Path, text: str) -> tuple[Header, str]:
    """Split a model file into its header and its SQL body (without closing semicolon).

    Raises ModelFileError with file and line when the block is absent, is no TOML, or lacks a key.
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
    _check_keys(path, first_line, raw)
    rest = text[block.end() :]
    body = rest.lstrip()
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
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
        body_line=body_line,
    )
    return header, body.rstrip().removesuffix(";").rstrip()


def _check_keys(path: Path, line: int, raw: dict[str, Any]) -> None:
    for name, kind in _REQUIRED.items():
        if not raw.get(name) and name not in {"key", "steps"}:
            raise ModelFileError(path, line, f"the header lacks {name!r}")
        if not isinstance(raw.get(name, kind()), kind):
            raise ModelFileError(path, line, f"{name!r} in the header must be a TOML {_toml_name(kind)}")
    for name, value in raw.items():
        kind_or_none = _REQUIRED.get(name) or _OPTIONAL.get(name)
        if kind_or_none is None:
            known = ", ".join([*_REQUIRED, *_OPTIONAL])
            raise ModelFileError(path, line, f"the header has an unknown key {name!r}", f"Known are {known}.")
        if not isinstance(value, kind_or_none):
            wanted = _toml_name(kind_or_none)
            raise ModelFileError(path, line, f"{name!r} in the header must be a TOML {wanted}")
    missing = [name for name in raw.get("key", ()) if name not in raw["columns"]]
    if missing:
        raise ModelFileError(
            path, line, f"the key names columns that are not described: {', '.join(missing)}"
        )
    if raw.get("materialized", "table") not in {"table", "view"}:
        raise ModelFileError(path, line, "'materialized' must be 'table' or 'view'")


def _toml_name(kind: type) -> str:
    return {"str": "text", "list": "array", "dict": "table"}[kind.__name__]

"""House rules for models that the parser does not enforce; each problem names file and line."""

import re
from dataclasses import dataclass
from pathlib import Path

from zorgdata.engine.assertions import parse_assertion
from zorgdata.engine.model import SCHEMAS, Model, Models

_OUTSIDE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_UPPER = re.compile(r"\b[A-Z]{2,}\b")
_LEADING_COMMA = re.compile(r"^\s*,", re.MULTILINE)
_ALLOWED_SOURCES = {
    "staging": {"raw", "seeds", "staging"},
    "core": {"seeds", "staging", "core"},
    "metrics": {"seeds", "core", "metrics"},
    "protected": {"seeds", "staging", "core", "metrics", "protected"},
}


@dataclass(frozen=True)
class Problem:
    """One breach of a house rule."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.message}"


def lint(models: Models) -> list[Problem]:
    """All breaches, in order of file and line; ``load_models`` has refused malformed headers before."""
    problems = [problem for model in models for problem in _lint(models, model)]
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line))


def _lint(models: Models, model: Model) -> list[Problem]:
    found: list[Problem] = []
    start = model.header.body_line

    def report(message: str, line: int = start) -> None:
        found.append(Problem(model.path, line, message))

    for name in sorted(model.parsed.bare):
        report(f"relation {name!r} has no schema")
    for name in sorted(model.references):
        schema = name.partition(".")[0]
        if schema not in _ALLOWED_SOURCES[model.schema]:
            report(f"a {model.schema} model may not read {name}: data flow {' -> '.join(('raw', *SCHEMAS))}")
        elif schema != "raw" and name not in models and name not in models.seeds:
            report(f"no model makes {name}")
    if model.parsed.stars and model.schema != "staging":
        report("'select *' is for staging only: name the columns")
    code = _OUTSIDE.sub(_blank, model.body)
    for match in _UPPER.finditer(code):
        report(f"lower case is the habit: {match[0]}", start + code.count("\n", 0, match.start()))
    for match in _LEADING_COMMA.finditer(code):
        report("a comma ends a line, it does not open one", start + code.count("\n", 0, match.end()))
    for text in model.header.tests:
        assertion = parse_assertion(text, model.header.key)
        unknown = [name for name in assertion.columns if name not in model.header.columns]
        if unknown:
            report(f"the test {text!r} names columns that are not described: {', '.join(unknown)}", 1)
    return found


def _blank(text: re.Match[str]) -> str:
    """A literal or comment without its words, as long as it was, so that lines and commas stay in place."""
    return re.sub(r"[^\n]", " " if text[0].startswith(("--", "/*")) else "_", text[0])

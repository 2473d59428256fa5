"""Turns a view into one self-contained HTML page, in the colours of the reports.

As reports do, a page loads nothing and runs only the script whose hash its policy names. The style is the
custom properties of ``templates/report.css`` followed by ``templates/docs/docs.css``.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zorgdata.assets import asset

_ROOT = re.compile(r"^:root\s*\{[^}]*\}", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*)|(?P<text>'(?:[^']|'')*')|(?P<table>\b(?:raw|staging|core|metrics|protected|meta)\.[a-z_0-9]+)"
    r"|(?P<word>\b(?:with|as|select|distinct|from|where|group|by|order|having|union|all|inner|left|right|full|cross|join|on"
    r"|and|or|not|in|is|null|case|when|then|else|end|cast|over|partition|rows|between|unbounded|preceding|following"
    r"|current|row|qualify|window|filter|true|false|values|limit|exists|desc|asc|nulls|ignore|lateral|using)\b)"
)


class Renderer:
    """Renders pages from ``templates/docs``."""

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(asset("templates", "docs")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _style(self) -> str:
        report = asset("templates", "report.css").read_text(encoding="utf-8")
        own = asset("templates", "docs", "docs.css").read_text(encoding="utf-8")
        return _tidy(re.sub(r"/\*.*?\*/", "", "\n".join([*_ROOT.findall(report), own]), flags=re.DOTALL))

    @cached_property
    def _script(self) -> str:
        return _tidy(asset("templates", "docs", "docs.js").read_text(encoding="utf-8"))

    def page(self, template: str, view: Mapping[str, Any]) -> str:
        """HTML of one page; every text in ``view`` is escaped."""
        policy = (
            f"default-src 'none'; style-src '{_hash(self._style)}'; script-src '{_hash(self._script)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        html = self._environment.get_template(template).render(
            view,
            policy=policy,
            stylesheet=Markup(self._style),  # noqa: S704 - our own asset
            script=Markup(self._script),  # noqa: S704 - our own asset
        )
        return _tidy(html) + "\n"


def highlight(sql: str, link: Callable[[str], str]) -> Markup:
    """SQL with its comments, texts and words marked; a table that ``link`` knows becomes a link.

    Blank lines are kept as such: a page drops empty ones.
    """
    pieces: list[Markup] = []
    end = 0
    for match in _TOKEN.finditer(sql):
        pieces.append(Markup.escape(sql[end : match.start()]))
        end = match.end()
        kind, text = match.lastgroup, match[0]
        address = link(text) if kind == "table" else ""
        if address:
            pieces.append(Markup('<a href="{}">{}</a>').format(address, text))
        elif kind in ("comment", "text", "word"):
            pieces.append(Markup('<span class="{}">{}</span>').format(f"sql-{kind}", text))
        else:
            pieces.append(Markup.escape(text))
    pieces.append(Markup.escape(sql[end:]))
    lines = Markup("").join(pieces).split("\n")
    return Markup("\n").join(line if line.strip() else Markup("&#32;") for line in lines)


def _tidy(text: str) -> str:
    """No blank lines and no spaces at line ends. Style and script pass first, so their hashes stay true."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip())


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

"""Turns a view into one self-contained HTML page: Jinja2 with autoescape, inline style and script by hash.

A page loads nothing, stores nothing and runs only the script whose hash its content security policy names.
"""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from zorgdata.assets import asset
from zorgdata.errors import UsageError
from zorgdata.report import dutch
from zorgdata.report.texts import Texts, load_texts
from zorgdata.report.theme import Theme, check_override, read_theme, unreadable

_LOGO_TYPES = {"image/png", "image/jpeg", "image/svg+xml"}
_LOGO_BYTES = 200_000


@dataclass(frozen=True)
class Style:
    """How reports look and speak: stylesheet (with a region's own rules), texts, optional logo."""

    css: str
    theme: Theme
    texts: Texts
    logo: str = ""  # data: URI
    logo_alt: str = ""


def load_style(
    *,
    theme: Path | None = None,
    logo: Path | None = None,
    logo_alt: str = "",
    language: str = "nl",
    texts: Path | None = None,
) -> Style:
    """The house style, with a region's own CSS, logo and texts on top."""
    for path in (theme, logo, texts):
        if path is not None and not path.is_file():
            raise UsageError(
                f"The house style names {path.name}, which is not there.",
                "Put the file in the workspace, or empty the key under [report] in zorgdata.toml.",
            )
    css = asset("templates", "report.css").read_text(encoding="utf-8")
    if theme is not None:
        css += "\n" + check_override(theme.read_text(encoding="utf-8"))
    css = _tidy(re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    if theme is not None and (faint := unreadable(read_theme(css))):
        raise UsageError(
            f"{theme.name}: text cannot be read in these colours: {'; '.join(faint[:3])}.",
            "Text needs a contrast of at least 4.5 to 1 (WCAG 1.4.3). Choose a darker or a lighter colour.",
        )
    return Style(css, read_theme(css), load_texts(language, texts), _data_uri(logo) if logo else "", logo_alt)


def render_page(template: str, view: Mapping[str, Any], style: Style) -> str:
    """HTML of one page. ``view`` holds plain values; every string in it is escaped by the template."""
    script = _tidy(asset("templates", "report.js").read_text(encoding="utf-8"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style.css)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    html = (
        _environment()
        .get_template(template)
        .render(
            view,
            t=style.texts,
            policy=policy,
            stylesheet=Markup(style.css),  # noqa: S704 - our own asset and a checked theme
            script=Markup(script),  # noqa: S704 - our own asset
            logo=style.logo,
            logo_alt=style.logo_alt,
            lang=style.texts.language,
        )
    )
    return _tidy(html) + "\n"


def emphasis(text: str) -> Markup:
    """Escapes ``text`` and sets what stands between ``**`` in bold."""
    parts = text.split("**")
    return Markup("").join(
        Markup("<strong>{}</strong>").format(part) if i % 2 else Markup("{}").format(part)
        for i, part in enumerate(parts)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(asset("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters.update(
        emphasis=emphasis, day=dutch.day, period=dutch.period, number=dutch.number, percent=dutch.percent
    )
    return environment


def _tidy(text: str) -> str:
    """No blank lines and no spaces at line ends. Style and script pass first, so their hashes stay true."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip())


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data_uri(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0]
    if kind not in _LOGO_TYPES or path.stat().st_size > _LOGO_BYTES:
        raise UsageError(
            f"{path.name} cannot be used as a logo.", "Give an SVG, PNG or JPEG of at most 200 kB."
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"

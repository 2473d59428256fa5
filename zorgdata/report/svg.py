"""A Vega-Lite specification into a small, accessible, static SVG for use inside a page.

Charts hold protected values only, so nothing finer than the published rounding can be read back from a
coordinate. Equal specifications give equal SVG and are drawn once per process.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lxml import etree
from markupsafe import Markup

from zorgdata.report.language import DUTCH, computed, spoken
from zorgdata.report.recipes import Recipe, find, keep
from zorgdata.report.theme import Theme

_TICK = "data-tick"
_SVG = "http://www.w3.org/2000/svg"
_DROP = ("role", "class", "font-family", "pointer-events", "style")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def config(theme: Theme) -> dict[str, Any]:
    """The Vega-Lite theme: quiet axes, no frame, text in the ink of the page."""
    soft = theme["ink-soft"]
    return {
        "background": None,
        "font": "Liberation Sans",  # only to measure; the page decides the font
        "view": {"stroke": None},
        "axis": {
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelColor": soft,
            "labelFontSize": 13,
            "labelPadding": 8,
            "title": None,
            "gridColor": theme["line"],
        },
        "axisY": {"grid": True, "tickCount": 4},
        "text": {"fontSize": 13, "color": theme["ink"]},
        "rule": {"color": soft},
        "padding": 4,
    }


def draw(spec: Mapping[str, Any], *, chart_id: str, title: str, desc: str) -> Markup:
    """SVG with ``<title>`` and ``<desc>``; ``chart_id`` makes its ids unique on the page."""
    svg = etree.fromstring(_drawn(spec).encode())
    for tick in svg.iter(f"{{{_SVG}}}text"):
        # The marks of a scale are no figures.
        if tick.get(_TICK) is not None:
            del tick.attrib[_TICK]
            computed(tick.text or "")
    for name in ("title", "desc"):
        node = etree.Element(f"{{{_SVG}}}{name}", id=f"{chart_id}-{name}")
        node.text = title if name == "title" else desc
        svg.insert(0 if name == "title" else 1, node)
    for node in svg.iter():
        own = node.get("id", "")
        if own and not own.startswith(chart_id):
            node.set("id", f"{chart_id}-{own}")
        clip = node.get("clip-path", "")
        if clip.startswith("url(#"):
            node.set("clip-path", f"url(#{chart_id}-{clip[5:]}")
    svg.set("role", "img")
    svg.set("aria-labelledby", f"{chart_id}-title {chart_id}-desc")
    svg.set("class", "chart")
    return Markup(etree.tostring(svg, encoding="unicode"))  # noqa: S704 - serialised, hence escaped


def _drawn(spec: Mapping[str, Any]) -> str:
    """The cleaned SVG of a specification or recipe, taken from an earlier run when it was kept."""
    if not isinstance(spec, Recipe):
        return _svg(json.dumps(spec, sort_keys=True, ensure_ascii=False), spoken())
    if (kept := _memory.get(spec.key) or find(spec.key)) is None:
        kept = _svg(json.dumps(spec.spec, sort_keys=True, ensure_ascii=False), spoken())
        keep(spec.key, kept)
    if len(_memory) < _REMEMBERED:
        _memory[spec.key] = kept
    return kept


def warm_up() -> None:
    """Load what draws: most of a second, in a thread beside what is done before the first drawing."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"})


def forget() -> None:
    """Drop the drawings of this run from memory."""
    _memory.clear()
    _svg.cache_clear()


_memory: dict[str, str] = {}
_REMEMBERED = 1000


@lru_cache(maxsize=512)
def _svg(spec: str, language: str) -> str:
    """The cleaned SVG of a specification: no roles, classes or fonts of the drawing library's own."""
    import vl_convert

    found: Any = json.loads(spec)
    if language == DUTCH:
        raw = vl_convert.vegalite_to_svg(found, format_locale="nl-NL", time_format_locale="nl-NL")
    else:
        raw = vl_convert.vegalite_to_svg(found, format_locale="en-GB", time_format_locale="en-GB")
    svg = etree.fromstring(raw.encode(), etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    for group in svg.iter(f"{{{_SVG}}}g"):
        if "role-axis-label" in group.get("class", ""):
            for text in group.iter(f"{{{_SVG}}}text"):
                text.set(_TICK, "1")
    for node in list(svg.iter()):
        for name in list(node.attrib):
            if name in _DROP or name.startswith("aria-"):
                del node.attrib[name]
            elif name in ("d", "transform", "x", "y", "x2", "y2", "viewBox", "width", "height"):
                node.set(name, _LONG_NUMBER.sub(_round, node.get(name)))
        # Shapes that are never seen.
        empty = node.tag == f"{{{_SVG}}}path" and (node.get("display") == "none" or _is_background(node))
        if empty and node.getparent() is not None:
            node.getparent().remove(node)
    etree.cleanup_namespaces(svg)
    return etree.tostring(svg, encoding="unicode")


def _is_background(node: Any) -> bool:
    return node.get("d", "").endswith("Z") and not (node.get("fill") or node.get("stroke"))


def _round(match: re.Match[str]) -> str:
    return f"{float(match.group()):.1f}".removesuffix(".0")

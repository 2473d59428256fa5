"""A site as one file, and a page as PDF/UA."""

import logging
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from lxml import html as lxml_html

from zorgdata.errors import UsageError
from zorgdata.report.theme import read_theme

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_REFERENCES = ("aria-labelledby", "aria-describedby")


def single_file(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """All pages of a site in one ``index.html``; a report of one page stays as it is.

    Every other page becomes a part that its links show and hide; headings move down a level, ids get the name
    of their page. Downloads stay behind: they are files of their own.
    """
    pages = sorted(name for name in files if name.endswith(".html") and name != "index.html")
    if not pages:
        return {"index.html": files["index.html"]}
    kept = [name for name in pages if name != "downloads.html"]
    slugs = {name: _slug(name) for name in kept} | {"index.html": "inhoud"}
    front = _parse(files["index.html"])
    _rewrite_links(front, "index.html", slugs, "")
    main = front.find(".//main")
    overview = lxml_html.Element("div")
    overview.set("class", "front")
    overview.extend(list(main))
    main.append(overview)
    main.extend(_part(_parse(files[name]), name, slugs) for name in kept)
    return {"index.html": _serialise(front)}


def _slug(name: str) -> str:
    return "p-" + re.sub(r"[^a-z0-9]+", "-", name.removesuffix(".html").lower()).strip("-")


def _parse(page: bytes) -> Any:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    return lxml_html.document_fromstring(page, parser=parser)


def _serialise(tree: Any) -> bytes:
    body: bytes = lxml_html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")
    return body + b"\n"


def _part(tree: Any, name: str, slugs: Mapping[str, str]) -> Any:
    """The content of a page as a part of the front page."""
    slug = slugs[name]
    _rewrite_links(tree, name, slugs, f"{slug}--")
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.get("id"):
            node.set("id", f"{slug}--{node.get('id')}")
        for attribute in _REFERENCES:
            if node.get(attribute):
                node.set(attribute, " ".join(f"{slug}--{i}" for i in node.get(attribute).split()))
        if node.get("data-tools"):
            node.set("data-tools", f"{slug}--{node.get('data-tools')}")
    title, subtitle = tree.find(".//h1"), tree.find(".//p[@class='subtitle']")
    part = lxml_html.Element("section", id=slug)
    part.set("class", "leaf")
    part.set("aria-label", "".join(title.itertext()).strip())
    top = lxml_html.Element("div")
    top.set("class", "wrap leaf-head")
    part.append(top)
    for node in (title, subtitle):
        if node is not None:
            node.tail = None
            top.append(node)
    for section in list(tree.find(".//main")):
        part.append(section)
    for node in list(part.iter(*_HEADINGS)):
        node.tag = f"h{int(node.tag[1]) + 1}"
    return part


def _rewrite_links(tree: Any, name: str, slugs: Mapping[str, str], prefix: str) -> None:
    """Links between pages become links within the file; a link to a page that stayed behind becomes text."""
    for link in list(tree.iter("a")):
        target = link.get("href", "")
        if target.startswith("#"):
            link.set("href", f"#{prefix}{target[1:]}")
            continue
        path, _, anchor = target.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if page not in slugs:
            link.drop_tag()
        elif anchor:
            link.set("href", f"#{slugs[page]}--{anchor}")
        else:
            link.set("href", f"#{slugs[page]}")


def to_pdf(page: bytes) -> bytes:
    """A page as an accessible PDF (PDF/UA-1), by WeasyPrint from the extra ``pdf``."""
    try:
        import weasyprint
    except (ImportError, OSError):
        raise UsageError(
            "Making a PDF needs WeasyPrint, which is not installed here.",
            "Install zorgdata[pdf], or print the page from a browser.",
        ) from None

    # Style sheets of a screen hold more than paper needs; what is left out is no news to a user.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)

    def nothing(url: str, *_: Any, **__: Any) -> Any:
        raise ValueError(f"a report fetches nothing: {url[:40]}")

    document = weasyprint.HTML(string=_paint(page.decode()), url_fetcher=nothing)
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"zorgdata")
    return pdf


def _paint(page: str) -> str:
    """The page with the style of its drawings as attributes: WeasyPrint keeps style sheets out of SVG."""
    css = page.partition("<style>")[2].partition("</style>")[0]
    theme = read_theme(css)
    rules = {
        name: {
            key.strip(): _VARIABLE.sub(lambda m: theme.get(m[1], m[1]), value.strip())
            for key, _, value in (part.partition(":") for part in body.split(";") if ":" in part)
            if key.strip() in ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-dasharray")
        }
        for name, body in _RULE.findall(css.partition("@media print")[0])
    }

    def attributes(match: re.Match[str]) -> str:
        found: dict[str, str] = {}
        for name in match[1].split():
            found.update(rules.get(name, {}))
        return match[0] + "".join(f' {key}="{value}"' for key, value in found.items())

    page = re.sub(r'class="((?:mark|spark|strip)-[^"]+)"', attributes, page)
    return page.replace("<text ", '<text font-family="Liberation Sans, Arial, sans-serif" ')


_RULE = re.compile(r"\.([a-z-]+)(?:\.[a-z]+)? \{([^}]*)\}")
_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")

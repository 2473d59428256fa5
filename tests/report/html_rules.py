"""What must hold for every page, whichever report it belongs to."""

import base64
import hashlib
import re
from itertools import pairwise
from typing import Any

from lxml import html as lxml_html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def parse(text: str) -> Any:
    """The page as a tree."""
    return lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def check_page(text: str, links: bool = False) -> None:
    """Policy, self-containment, ids, headings, tables, drawings. ``links`` allows relative links."""
    tree = parse(text)
    check_policy(text, tree)
    check_self_contained(text, tree, links)
    check_structure(tree)
    check_tables(tree)
    check_drawings(tree)


def check_policy(text: str, tree: Any) -> None:
    """The policy comes first and names the hashes of exactly the style and script on the page."""
    first = tree.find("head")[0]
    assert first.get("http-equiv") == "Content-Security-Policy"
    policy = first.get("content")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    for name in ("style", "script"):
        blocks = re.findall(rf"<{name}>(.*?)</{name}>", text, flags=re.S)
        assert len(blocks) == 1
        digest = base64.b64encode(hashlib.sha256(blocks[0].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def check_self_contained(text: str, tree: Any, links: bool) -> None:
    """Nothing is fetched: no source, no style attribute, no handler, no address of another machine."""
    namespaces = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[^\"'<\s)]+", text)) <= namespaces
    assert "//" not in re.sub(r"https?://www\.w3\.org/2000/svg", "", _without_code(text))
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        for name, value in node.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name == "src":
                assert value.startswith("data:image/")
            if name in ("href", "xlink:href"):
                assert value.startswith("#") or (links and ":" not in value and not value.startswith("/")), (
                    value
                )
        assert node.tag not in ("link", "iframe", "object", "embed", "form", "base", "audio", "video")


def _without_code(text: str) -> str:
    return re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)


def check_structure(tree: Any) -> None:
    """Language, title, landmarks, one h1, no skipped heading, unique ids that references find."""
    assert tree.get("lang") in ("nl", "en")
    assert tree.findtext("head/title").strip()
    assert len(tree.xpath("//main")) == 1
    levels = [int(n.tag[1]) for n in tree.iter(*HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    assert all("".join(n.itertext()).strip() for n in tree.iter(*HEADINGS))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    for name in ("aria-labelledby", "aria-describedby"):
        for value in tree.xpath(f"//@{name}"):
            assert set(value.split()) <= set(ids), value
    for target in tree.xpath("//a/@href[starts-with(., '#')]"):
        assert target[1:] in ids, target
    assert not [v for v in tree.xpath("//@tabindex") if int(v) > 0]


def check_tables(tree: Any) -> None:
    """Every table has a caption, headers with a scope, and rows that fit it; it scrolls in a named region."""
    for table in tree.iter("table"):
        assert "".join(table.find("caption").itertext()).strip()
        assert table.xpath(".//th")
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
        widths = {sum(int(c.get("colspan", 1)) for c in row.xpath("th|td")) for row in table.iter("tr")}
        assert len(widths) == 1, widths
        region = table.getparent()
        assert region.get("role") == "region"
        assert region.get("tabindex") == "0"
        assert region.get("aria-label")


def check_drawings(tree: Any) -> None:
    """A drawing is either named and described, or hidden because the numbers stand beside it."""
    for svg in tree.iter("svg"):
        if svg.get("aria-hidden") == "true":
            assert not svg.xpath(".//*[local-name()='text']")
            continue
        assert svg.get("role") == "img"
        names = svg.get("aria-labelledby").split()
        texts = ["".join(n.itertext()).strip() for i in names for n in svg.xpath(f".//*[@id='{i}']")]
        assert len(texts) == len(names)
        assert all(texts)

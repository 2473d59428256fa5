"""The generated reference: complete, connected, self-contained, accessible, and the same every time."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from zorgdata.assets import asset
from zorgdata.catalogue import load
from zorgdata.checks import load_checks
from zorgdata.engine import Models, load_models
from zorgdata.engine.docs import write_docs
from zorgdata.engine.docs_graph import model_graph
from zorgdata.errors import UsageError
from zorgdata.sources.kinds import KINDS


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(asset("sql"))


@pytest.fixture(scope="module")
def folder(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference of everything that is shipped."""
    folder = tmp_path_factory.mktemp("docs") / "new" / "reference"
    paths = write_docs(models, folder, load_checks())
    assert paths[0] == folder / "index.html"
    assert sorted(paths) == sorted(folder.rglob("*.html"))
    return folder


@pytest.fixture(scope="module")
def trees(folder: Path) -> dict[Path, Any]:
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path: html.document_fromstring(path.read_bytes(), parser=parser) for path in folder.rglob("*.html")
    }


def links(trees: dict[Path, Any]) -> Iterator[tuple[Path, str]]:
    for path, tree in trees.items():
        for target in tree.xpath("//a/@href"):
            yield path, target


def test_every_model_has_a_page_that_says_what_it_is(
    models: Models, folder: Path, trees: dict[Path, Any]
) -> None:
    for model in models:
        tree = trees[folder / "models" / f"{model.name}.html"]
        assert tree.findtext("head/title").startswith(model.name)
        words = " ".join(tree.text_content().split())
        texts = [model.header.description, model.header.grain, *model.header.steps, *model.header.tests]
        for text in [*texts, *model.header.seeds, *model.header.columns.values()]:
            assert " ".join(text.split()) in words, f"{model.name}: {text}"
        assert tree.xpath("//tr/@id") == [f"c-{name}" for name in model.header.columns]


def test_the_sql_on_a_page_is_the_sql_of_the_model(
    models: Models, folder: Path, trees: dict[Path, Any]
) -> None:
    for model in models:
        (code,) = trees[folder / "models" / f"{model.name}.html"].xpath("//section[@id='sql']//pre")
        shown = [line.rstrip() for line in code.text_content().splitlines()]
        assert shown == [line.rstrip() for line in model.body.splitlines()], model.name


def test_every_link_leads_to_a_page_and_a_place_on_it(trees: dict[Path, Any]) -> None:
    ids = {path: set(tree.xpath("//@id")) for path, tree in trees.items()}
    seen = 0
    for path, target in links(trees):
        address, _, place = target.partition("#")
        page = (path.parent / address).resolve() if address else path
        assert page in ids, f"{path.name}: {target}"
        assert not place or place in ids[page], f"{path.name}: {target}"
        seen += 1
    assert seen > 1000


def test_ids_are_unique_and_headings_skip_no_level(trees: dict[Path, Any]) -> None:
    for path, tree in trees.items():
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        levels = [int(node.tag[1]) for node in tree.iter("h1", "h2", "h3", "h4")]
        assert levels[0] == 1, path.name
        assert levels.count(1) == 1, path.name
        assert all(after - before <= 1 for before, after in pairwise(levels)), path.name


def test_nothing_comes_from_elsewhere_and_only_hashed_code_runs(folder: Path, trees: dict[Path, Any]) -> None:
    for path, tree in trees.items():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|url\(|@import|\bsrc=|<link\b|<form\b|<iframe\b", text), path.name
        policy = tree.find("head")[0].get("content")
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        for name in ("style", "script"):
            (block,) = re.findall(rf"<{name}>(.*?)</{name}>", text, flags=re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
            assert f"{name}-src 'sha256-{digest}'" in policy, path.name
        for node in tree.iter():
            attributes = node.attrib if isinstance(node.tag, str) else {}
            assert not [a for a in attributes if a == "style" or a.startswith("on")], path.name


def test_tables_and_drawings_are_named_for_who_cannot_see_them(trees: dict[Path, Any]) -> None:
    for path, tree in trees.items():
        for table in tree.iter("table"):
            assert table.find("caption").text_content().strip(), path.name
            assert all(head.get("scope") in ("col", "row") for head in table.iter("th")), path.name
            assert table.getparent().get("role") == "region"
        for region in tree.xpath("//*[@role='region']"):
            assert region.get("aria-label"), path.name
            assert region.get("tabindex") == "0", path.name
        for drawing in tree.iter("svg"):
            named = drawing.get("aria-labelledby").split()
            assert len(named) == 2
            texts = ["".join(n.itertext()) for i in named for n in drawing.xpath(f".//*[@id='{i}']")]
            assert all(len(text) > 10 for text in texts), path.name


def test_pages_say_their_language(folder: Path, trees: dict[Path, Any]) -> None:
    for path, tree in trees.items():
        assert tree.get("lang") == ("nl" if path.parent.name == "figures" else "en"), path.name
    (reading, *_) = trees[folder / "checks.html"].xpath("//*[@class='reading']")
    assert reading.get("lang") == "nl"


def test_every_figure_input_and_check_is_described(folder: Path, trees: dict[Path, Any]) -> None:
    catalogue = load()
    ids = {
        name for path, tree in trees.items() if path.parent.name == "figures" for name in tree.xpath("//@id")
    }
    assert {metric.key for metric in catalogue} <= ids
    assert {f"raw-{kind}" for kind in KINDS} <= set(trees[folder / "inputs.html"].xpath("//@id"))
    assert {check.name for check in load_checks()} <= set(trees[folder / "checks.html"].xpath("//@id"))


def test_the_graph_holds_every_table_once_and_every_line_runs_to_the_right(models: Models) -> None:
    picture = model_graph(models, lambda name: name)
    nodes = {node.name: node for node in picture.nodes}
    read = {name for model in models for name in model.references}
    assert nodes.keys() == models.by_name.keys() | read
    assert len(picture.nodes) == len(nodes)
    lines = {(edge.source, edge.target) for edge in picture.edges}
    assert lines == {(name, model.name) for model in models for name in model.references}
    assert all(nodes[a].x + nodes[a].width < nodes[b].x for a, b in lines)
    assert all(node.y >= 0 and node.x + node.width <= picture.width for node in picture.nodes)
    columns: dict[float, list[float]] = {}
    for node in picture.nodes:
        columns.setdefault(node.x, []).append(node.y)
        assert node.y + node.height <= picture.height
    for tops in columns.values():
        assert all(after - before >= 26 for before, after in pairwise(sorted(tops)))


def test_another_process_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """With another hash seed, so that no set or dictionary order shows."""
    again = "import sys; from pathlib import Path; from zorgdata.pipeline.figures import write_reference; "
    subprocess.run(
        [sys.executable, "-c", again + "write_reference(Path(sys.argv[1]))", str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.html"))
    assert written == sorted(path.relative_to(folder) for path in folder.rglob("*.html"))
    for path in written:
        assert (tmp_path / path).read_bytes() == (folder / path).read_bytes(), path


def test_a_file_in_place_of_the_folder_is_a_mistake_of_the_user(models: Models, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="no folder"):
        write_docs(models, taken)
    assert taken.read_text(encoding="utf-8") == "mine"

"""Own words and an own look: what a region may change, and how a mistake in it is told."""

from pathlib import Path

import pytest

from zorgdata.errors import UsageError
from zorgdata.report.page import load_style
from zorgdata.report.texts import fields, load_texts


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "teksten.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_region_rewords_one_text_and_keeps_the_rest(tmp_path: Path) -> None:
    texts = load_texts("nl", own(tmp_path, '[brief]\ntitle = "Kort gezegd"\n'))
    assert texts("brief.title") == "Kort gezegd"
    assert texts("figures.title") == load_texts()("figures.title")


def test_a_text_may_use_fewer_fields(tmp_path: Path) -> None:
    texts = load_texts("nl", own(tmp_path, '[comparison]\nup = "Eerst {previous}."\n'))
    assert texts("comparison.up", difference="2", previous="8") == "Eerst 8."


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('[brief]\ntittle = "x"\n', "brief.tittle", "brief.title"),
        ('[reading]\nrules = "x"\n', "reading.rules must be a list", "nl.toml"),
        ('[brief]\ntitle = ["x"]\n', "brief.title must be one text", "nl.toml"),
        ('[comparison]\nup = "{verschil}"\n', "{verschil}", "{difference}, {previous}"),
        ('[comparison]\nequal = "{previous}"\n', "{previous}", "none"),
        ('[comparison]\nup = "{previous"\n', "comparison.up has a brace", "{{"),
        ("[brief\n", "no valid TOML", "line"),
    ],
)
def test_a_mistake_names_the_key_and_what_to_do(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_texts("nl", own(tmp_path, text))
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_a_text_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "teksten.toml"
    path.write_bytes('[brief]\ntitle = "één"\n'.encode("cp1252"))
    with pytest.raises(UsageError, match="UTF-8"):
        load_texts("nl", path)


@pytest.mark.parametrize("part", ["theme", "logo", "texts"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, part: str) -> None:
    with pytest.raises(UsageError, match=r"huis\.x"):
        load_style(**{part: tmp_path / "huis.x"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("css", "message"),
    [
        (":root { --ink: #bbbbbb; }", "--ink on --paper"),
        (":root { --accent: rgb(1, 2, 3); }", "--accent is no colour"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(tmp_path: Path, css: str, message: str) -> None:
    path = tmp_path / "huis.css"
    path.write_text(css, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_style(theme=path)


def test_readable_colours_of_a_region_are_used(tmp_path: Path) -> None:
    path = tmp_path / "huis.css"
    path.write_text(":root { --accent: #5a1a5e; --accent-strong: #3b0f3e; }", encoding="utf-8")
    assert load_style(theme=path).theme["accent"] == "#5a1a5e"


def test_fields_of_a_text() -> None:
    assert fields("{a} en {b}, {{niet}}") == {"a", "b"}
    assert fields(("{a}", "c")) == {"a"}

"""The pages made from the catalogue are up to date and say what a reader needs to recompute a figure."""

from pathlib import Path

import pytest

from zorgdata.catalogue import load
from zorgdata.catalogue.reference import explain, page_name, pages, write
from zorgdata.errors import UsageError

ROOT = Path(__file__).parents[2]
PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_written_page_is_the_made_one(name):
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name], (
        "run: python -m zorgdata.catalogue.reference"
    )


def test_no_page_outlives_its_theme():
    written = {str(path.relative_to(ROOT)) for path in (ROOT / "docs/reference/metrics").glob("*.md")}
    assert written == {name for name in PAGES if name.startswith("docs/reference/metrics/")}


def test_every_metric_has_a_section_and_every_link_a_target():
    catalogue = load()
    for theme in catalogue.themes:
        page = PAGES[f"docs/reference/metrics/{page_name(theme)}"]
        for metric in theme.metrics:
            assert page.count(f'<a id="{metric.key}"></a>') == 1
            assert metric.definition_nl in page
    for metric in catalogue:
        if metric.seeds:
            target = f"reference/metrics/{page_name(catalogue.theme(metric.theme))}#{metric.key}"
            assert target in PAGES["docs/seeds.md"]


def test_tables_in_the_pages_keep_their_columns():
    for name, page in PAGES.items():
        width = 0
        for line in page.splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            width = width or line.count("|")
            assert line.count("|") == width, (name, line)


@pytest.mark.parametrize("key", load().keys)
def test_every_stored_key_can_be_explained(key):
    metric = load().metric(key)
    text = explain(key)
    assert text.splitlines()[0] == metric.label_nl
    for heading in ("Formule:", "Teller:", "Eenheid:", "Perioden:", "Invoer:", "Tonen:"):
        assert heading in text
    assert " ".join(metric.definition_nl.split()) in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()[2:]) <= 88


def test_a_family_lists_the_keys_that_have_values():
    text = explain("renewal_share_any")
    assert "Alleen met een achtervoegsel:" in text
    assert "- renewal_share_any_g0:" in text
    assert "metrics.school.renewal_any_g0 of g28" in text
    assert "Varianten:" in explain("effective_providers")


def test_an_unknown_key_is_a_mistake_of_the_user():
    with pytest.raises(UsageError) as caught:
        explain("zorgaandeel")
    assert caught.value.hint


def test_writing_removes_pages_of_themes_that_are_gone(tmp_path):
    old = tmp_path / "docs/reference/metrics/z_gone.md"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    written = write(tmp_path)
    assert not old.exists()
    assert {str(path.relative_to(tmp_path)) for path in written} == set(PAGES)

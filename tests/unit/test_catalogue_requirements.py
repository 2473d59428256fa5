"""Every numbered requirement of the source documents has a place, and says what kind of place."""

import re
import shutil
from pathlib import Path

import pytest

from zorgdata.assets import asset
from zorgdata.catalogue import CatalogueError, State, load
from zorgdata.catalogue.loader import FOLDER, read_requirements, read_vocabulary

CATALOGUE = load()
SHARED = Path(__file__).parents[2].parent / "shared"
COUNTS = {"0": 17, "1": 15, "2": 30, "3": 15, "4": 15}


def test_every_number_occurs_once_and_in_order():
    numbers = [requirement.number for requirement in CATALOGUE.requirements]
    assert numbers == [f"{doc}.{n}" for doc, last in COUNTS.items() for n in range(1, last + 1)]


@pytest.mark.skipif(not SHARED.exists(), reason="the reference material is not here")
def test_the_numbers_are_those_of_the_source_pages():
    page = (SHARED / "SEEDS.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (\d\.\d+) \|", page, re.MULTILINE)) == {
        requirement.number for requirement in CATALOGUE.requirements
    }


@pytest.mark.skipif(not SHARED.exists(), reason="the reference material is not here")
def test_the_metrics_a_requirement_asks_for_name_it():
    page = (SHARED / "SEEDS.md").read_text(encoding="utf-8")
    known = {metric.code for metric in CATALOGUE}
    by_number = {requirement.number: requirement for requirement in CATALOGUE.requirements}
    for number, row in re.findall(r"^\| (\d\.\d+) \|(.*)$", page, re.MULTILINE):
        asked = set(re.findall(r"\b([A-K]\d{1,2})\b", row)) & known
        for letter, first, last in re.findall(r"\b([A-K])(\d+)–[A-K](\d+)\b", row):
            asked |= {f"{letter}{n}" for n in range(int(first), int(last) + 1)}
        answered = {CATALOGUE.metric(key).code for key in by_number[number].metrics}
        assert asked <= answered, number


@pytest.mark.parametrize("requirement", CATALOGUE.requirements, ids=lambda r: r.number)
def test_every_requirement_has_a_place(requirement):
    assert requirement.metrics or requirement.pages or requirement.tables
    if requirement.state is State.NOT_YET:
        assert requirement.note_nl, "say what is missing"


def test_tables_that_answer_a_requirement_exist():
    for requirement in CATALOGUE.requirements:
        for table in requirement.tables:
            schema, _, name = table.partition(".")
            if schema in ("core", "metrics"):
                assert asset("sql", schema, f"{name}.sql").is_file(), (requirement.number, table)
            else:
                assert schema == "meta", (requirement.number, table)


def test_every_metric_answers_a_requirement():
    assert [metric.key for metric in CATALOGUE if not metric.seeds] == []


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "catalogue", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return tmp_path / "catalogue"


def reread(folder, entry):
    (folder / "requirements.toml").write_text(entry, encoding="utf-8")
    return read_requirements({}, read_vocabulary(folder), folder)


ENTRY = '[[requirement]]\nnumber = "2.3"\ntext_nl = "Iets."\nstate = "{}"\n{}'


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ("computed", 'pages = ["monitor"]'),
        ("register", 'pages = ["monitor"]'),
        ("page", 'tables = ["core.x"]'),
        ("not_yet", ""),
    ],
)
def test_a_state_without_its_kind_of_place_is_refused(folder, state, place):
    with pytest.raises(CatalogueError, match=r"2\.3: state \w+ without a place"):
        reread(folder, ENTRY.format(state, place))


def test_an_unknown_page_or_number_is_refused(folder):
    with pytest.raises(CatalogueError, match="pages: 'billboard'"):
        reread(folder, ENTRY.format("page", 'pages = ["billboard"]'))
    (folder / "requirements.toml").write_text("", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"requirement .* named by metric \w+, does not exist"):
        read_requirements({m.key: m for m in CATALOGUE}, read_vocabulary(folder), folder)

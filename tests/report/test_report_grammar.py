"""Sentences at their edges: nothing, one, all hidden, rising, falling, equal, provisional, no year before.

A sentence holds published numbers only, so no hidden value follows from it.
"""

import re
from dataclasses import replace

import fixture_region
import pytest

from zorgdata.disclosure.notation import number, percent
from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import compare, sentence_of, tile_of
from zorgdata.report.kinds import KINDS
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import load_style
from zorgdata.report.sentences import (
    hours_sentence,
    intensive_sentence,
    providers_sentence,
    share_sentence,
    value_sentence,
)
from zorgdata.report.texts import Texts, load_texts

HIDDEN = Cell("m", "region", "region", "2024-2025", "", "", "", None, ".", "suppressed")
ABSENT = replace(HIDDEN, display="", cell_status="missing")
LANGUAGES = [load_texts("nl"), load_texts("en")]


def shown(value: float, display: str) -> Cell:
    return replace(HIDDEN, value=value, display=display, cell_status="shown")


def share(value: float) -> Cell:
    if value > 0.9:
        return replace(HIDDEN, value=0.9, display=">\u00a090\u00a0%", cell_status="top_coded")
    return shown(value, percent(value))


def count(value: float) -> Cell:
    return shown(value, number(value))


CELLS = [share(0.0), share(0.01), share(0.2), share(0.9), share(0.95), HIDDEN, ABSENT]
COUNTS = [count(0), count(1), count(5), count(1240), HIDDEN, ABSENT]


def whole(sentence: str) -> None:
    """A sentence that a reader can read: closed, spaced, filled in, without doubled signs."""
    if not sentence:
        return
    assert sentence == sentence.strip()
    assert sentence[0].isupper()
    assert sentence[-1] == "."
    assert sentence.count("**") % 2 == 0
    assert not re.search(r"\s\s|\(\)|\{|\}|\.\.|,\.| \.|None|nan", sentence), sentence


def numbers_of(sentence: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", sentence))


@pytest.mark.parametrize("texts", LANGUAGES, ids=lambda t: t.language)
@pytest.mark.parametrize("before", CELLS)
@pytest.mark.parametrize("now", CELLS)
def test_every_sentence_about_a_share_can_be_read(now: Cell, before: Cell, texts: Texts) -> None:
    for provisional in (True, False):
        change = compare(now, before, texts, share=True, chance=provisional)
        for amount in COUNTS:
            for one_school in (True, False):
                told = share_sentence(
                    now,
                    amount,
                    change,
                    texts,
                    date="1 oktober 2024",
                    provisional=provisional,
                    one_school=one_school,
                    registration=provisional,
                )
                whole(told)
                # What is hidden now has no number but the day; what was hidden then no number of then.
                if now.hidden:
                    assert numbers_of(told) == {"1", "2024"}
        whole(value_sentence("brief.short", now, change, texts, provisional=provisional, registration=True))


@pytest.mark.parametrize("texts", LANGUAGES, ids=lambda t: t.language)
@pytest.mark.parametrize("before", COUNTS)
@pytest.mark.parametrize("now", COUNTS)
def test_every_sentence_about_a_count_can_be_read(now: Cell, before: Cell, texts: Texts) -> None:
    change = compare(now, before, texts, step=5)
    told = hours_sentence(now, change, texts, provisional=True, registration=True)
    whole(told)
    if now.hidden:
        assert numbers_of(told) == set()
    if before.hidden or now.hidden:
        assert change.difference == ""
    whole(value_sentence("brief.switches", now, change, texts, provisional=True))
    line = tile_of(change, texts, registration=True)
    assert line
    assert "{" not in line


@pytest.mark.parametrize("texts", LANGUAGES, ids=lambda t: t.language)
def test_a_step_of_rounding_has_no_size(texts: Texts) -> None:
    """15 and 20 may be 17 and 18 children: the difference is not told."""
    change = compare(count(20), count(15), texts, step=5)
    told = sentence_of(change, texts, provisional=False)
    assert numbers_of(told) == {"15"}
    assert numbers_of(tile_of(change, texts)) == {"15"}


@pytest.mark.parametrize("texts", LANGUAGES, ids=lambda t: t.language)
@pytest.mark.parametrize(
    "shares",
    [
        [],
        [share(0.5)],
        [share(0.5), share(0.6)],
        [share(0.1), share(0.2)],
        [share(0.5), share(0.1)],
        [share(0.5), share(0.1), HIDDEN],
        [share(0.95), share(0.5), share(0.45)],
        [HIDDEN, HIDDEN],
        [share(0.1), share(0.1), HIDDEN],
        [share(0.5), share(0.6), share(0.1), HIDDEN],
    ],
)
def test_sentences_about_schools_can_be_read(shares: list[Cell], texts: Texts) -> None:
    for types in ([], [("Speciaal onderwijs", share(0.7)), ("Basisonderwijs", share(0.1))]):
        whole(intensive_sentence(shares, types, texts))


def test_a_hidden_type_takes_the_superlative_away() -> None:
    types = [("Speciaal onderwijs", share(0.7)), ("Basisonderwijs", HIDDEN)]
    assert "grootst" not in intensive_sentence([share(0.5), share(0.1)], types, load_texts())
    assert "grootst" in intensive_sentence(
        [share(0.5), share(0.1)], [types[0], ("BO", share(0.1))], load_texts()
    )


@pytest.mark.parametrize("texts", LANGUAGES, ids=lambda t: t.language)
@pytest.mark.parametrize(
    "cells",
    [[], [HIDDEN], [count(1)], [count(1), count(1)], [count(3), count(3)], [count(1), count(9), HIDDEN]],
)
def test_sentences_about_providers_can_be_read(cells: list[Cell], texts: Texts) -> None:
    whole(providers_sentence(cells, texts))


def test_rising_falling_and_equal_have_their_own_words() -> None:
    texts = load_texts()
    now = share(0.2)
    assert "meer dan" in sentence_of(compare(now, share(0.1), texts, share=True), texts, provisional=True)
    fall = compare(now, share(0.3), texts, share=True)
    assert "echte daling" in sentence_of(fall, texts, provisional=True)
    assert "echte daling" not in sentence_of(fall, texts, provisional=False)
    assert sentence_of(compare(now, now, texts, share=True), texts, provisional=False) == (
        "Dat is evenveel als een jaar eerder."
    )
    assert sentence_of(compare(now, ABSENT, texts, share=True), texts, provisional=False) == ""


LARGEST = 300_000


def inputs(kind: str) -> ReportInputs:
    unit = fixture_region.school_units()[9] if kind == "school" else None
    return fixture_region.inputs("professional", unit=unit)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"monitor"}))
def test_a_page_can_be_mailed(kind: str) -> None:
    files = KINDS[kind](inputs(kind), load_style())
    assert max(len(data) for name, data in files.items() if name.endswith(".html")) < LARGEST


@pytest.mark.parametrize("kind", ["snapshot", "monitor"])
def test_a_page_about_hundreds_of_schools_can_be_mailed(kind: str) -> None:
    """The fixture region twelve times over: 288 schools."""
    found = fixture_region.inputs("public")
    units = list(found.units)
    index = dict(found.figures.index)
    for n in range(1, 12):
        for unit in fixture_region.school_units():
            other = f"{n:02d}{unit.unit_id[2:]}"
            units.append(replace(unit, unit_id=other))
            for key, cell in found.figures.index.items():
                if key[1:3] == ("school", unit.unit_id):
                    index[key[0], "school", other, *key[3:]] = replace(cell, unit_id=other)
    many = replace(found, units=tuple(units), figures=type(found.figures)(index))
    page = KINDS[kind](many, load_style())["index.html"]
    assert len(page) < LARGEST
    assert b"Het zijn veel scholen" in page

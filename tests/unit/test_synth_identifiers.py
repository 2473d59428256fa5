"""Identifiers of the synthetic region: valid in form, distinct, and of no one."""

import re

import numpy as np
import pytest
from stdnum.nl import bsn as eleven_test

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import Ints
from zorgdata.synth.children import SERIALS_PER_REGION
from zorgdata.synth.identifiers import agb, brin, bsn, invented_word, place_name
from zorgdata.synth.schools import make_region, make_schools
from zorgdata.synth.streams import Streams

CHILDREN = SERIALS_PER_REGION * cal.SCALES["national"].regions


def test_every_number_passes_the_eleven_test() -> None:
    serials = np.concatenate([np.arange(3_000), np.arange(3_000, CHILDREN, 7_919)])
    numbers = [f"{number:09d}" for number in bsn(serials).tolist()]
    assert all(eleven_test.is_valid(number) for number in numbers)


@pytest.fixture(scope="module")
def numbers() -> Ints:
    """Numbers of the first and the last children of a country of 25 regions."""
    return bsn(np.concatenate([np.arange(150_000), np.arange(CHILDREN - 150_000, CHILDREN)]))


def test_numbers_are_distinct(numbers: Ints) -> None:
    assert len(np.unique(numbers)) == len(numbers)


def test_numbers_lie_above_those_handed_out_and_some_start_with_a_zero(numbers: Ints) -> None:
    short = numbers < 100_000_000
    assert 0 < short.sum() < len(numbers) / 400
    assert numbers[short].min() >= 99_000_000
    assert numbers[~short].min() >= 930_000_000
    assert numbers.max() < 1_000_000_000


def test_brin_codes_are_distinct_and_fictitious() -> None:
    codes = {brin(serial) for serial in range(676)}
    assert len(codes) == 676
    assert all(re.fullmatch(r"99[A-Z]{2}", code) for code in codes)


def test_agb_codes_stay_in_their_range_for_the_whole_country() -> None:
    assert (agb(0), agb(24 * 380 + 379)) == (41_990_000, 41_999_499)


def test_invented_names_do_not_repeat_within_a_region() -> None:
    assert len({invented_word(serial) for serial in range(300)}) == 300
    places = {place_name(region, number) for region in range(25) for number in range(18)}
    assert len(places) == 25 * 18


def test_schools_and_municipalities_of_all_regions_are_distinct() -> None:
    scale = cal.SCALES["national"]
    branches: set[str] = set()
    codes: set[str] = set()
    areas: set[int] = set()
    boards: set[str] = set()
    for number in range(scale.regions):
        streams = Streams(1, number)
        region = make_region(streams, number)
        schools = make_schools(streams, region, scale)
        assert not branches & set(schools.brin6)
        assert not boards & set(schools.board)
        branches |= set(schools.brin6)
        boards |= set(schools.board)
        codes |= set(region.municipality_codes)
        areas |= set(region.pc4.tolist())
    assert len(branches) == scale.regions * sum(scale.schools)
    assert all(re.fullmatch(r"99[A-Z]{2}\d{2}", branch) for branch in branches)
    assert len(codes) == scale.regions * 18
    assert min(int(code) for code in codes) > 1_992, "a code CBS has issued"
    assert len(areas) == scale.regions * 100

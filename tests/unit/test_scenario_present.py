"""Rounded amounts: no false precision, readable Dutch."""

import pytest

from zorgdata.scenario import Band
from zorgdata.scenario.present import bandwidth, money, plain, ratio_band, rounded, rounded_band

S = "\u00a0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (66910, 67000),
        (9949, 9900),
        (49, 0),
        (50, 100),
        (-66910, -67000),
        (1_234_567, 1_200_000),
        (0, 0),
        (9_960, 10_000),
        (10_400, 10_000),
        (999_400, 999_000),
        (1_000_000, 1_000_000),
        (1_049_000, 1_000_000),
        (-20, 0),
    ],
)
def test_amounts_lose_their_false_precision(value: float, expected: float) -> None:
    assert rounded(value) == expected
    assert str(rounded(value))[0] != "-" or expected < 0


@pytest.mark.parametrize(
    ("band", "text"),
    [
        (Band(20_400, 55_000, 89_600), f"€{S}20.000 tot €{S}90.000"),
        (Band(-10_400, 5_000, 30_200), f"€{S}−10.000 tot €{S}30.000"),
        (Band(1_180_000, 1_500_000, 2_310_000), f"€{S}1,2 miljoen tot €{S}2,3 miljoen"),
        (Band(4_990, 5_000, 5_010), f"ca. €{S}5.000"),
        (Band(0, 0, 0), f"ca. €{S}0"),
    ],
)
def test_bandwidths(band: Band, text: str) -> None:
    assert bandwidth(band) == text


def test_one_step_for_the_whole_band() -> None:
    assert rounded_band(Band(1_234, 50_499, 66_910)) == Band(1_000, 50_000, 67_000)


def test_other_texts() -> None:
    assert money(66_910) == f"ca. €{S}67.000"
    assert money(1_960_000) == f"ca. €{S}2,0 miljoen"
    assert ratio_band(Band(0.44, 1, 1.9)) == "0,4 tot 1,9"
    assert ratio_band(Band(1.01, 1.02, 1.04)) == "ca. 1,0"
    assert [plain(v) for v in (26, 0.5, 1134.24, 1 / 3)] == ["26", "0,5", "1.134,24", "0,33"]

"""Continuity indices against Magill & Senf 1987 and the worked examples."""

import pytest

from zorgdata.stats import Continuity, continuity

# Visits per provider, COC and MMCI as printed by Magill & Senf (1987), table 1; MMCI loosely rounded.
MAGILL_SENF = [
    ((2,), 1.00, 1.00),
    ((1, 1), 0.00, 0.10),
    ((3,), 1.00, 1.00),
    ((2, 1), 0.33, 0.51),
    ((1, 1, 1), 0.00, 0.04),
    ((4,), 1.00, 1.00),
    ((3, 1), 0.50, 0.67),
    ((2, 2), 0.33, 0.67),
    ((2, 1, 1), 0.17, 0.36),
    ((1, 1, 1, 1), 0.00, 0.03),
    ((5,), 1.00, 1.00),
    ((4, 1), 0.60, 0.76),
    ((3, 2), 0.40, 0.76),
    ((3, 1, 1), 0.30, 0.51),
    ((2, 2, 1), 0.20, 0.51),
    ((2, 1, 1, 1), 0.10, 0.28),
    ((1, 1, 1, 1, 1), 0.00, 0.03),
]


@pytest.mark.parametrize(("visits", "coc", "mmci"), MAGILL_SENF)
def test_magill_and_senf_table_1(visits: tuple[int, ...], coc: float, mmci: float) -> None:
    got = continuity(provider for provider, times in enumerate(visits) for _ in range(times))
    assert got.coc == pytest.approx(coc, abs=0.005)
    assert got.mmci == pytest.approx(mmci, abs=0.0145)
    assert (got.contacts, got.providers) == (sum(visits), len(visits))


def test_worked_example_of_four_indications() -> None:
    got = continuity("AABA")
    assert (got.coc, got.upc, got.secon) == (0.5, 0.75, pytest.approx(1 / 3))
    assert got.hhi == 10 / 16


def test_order_counts_for_secon_only() -> None:
    blocks, alternating = continuity("AAAAABBBBB"), continuity("ABABABABAB")
    assert (blocks.upc, blocks.coc, blocks.mmci) == (alternating.upc, alternating.coc, alternating.mmci)
    assert (blocks.upc, round(blocks.coc, 2), round(blocks.mmci, 2)) == (0.5, 0.44, 0.89)
    assert blocks.secon == pytest.approx(8 / 9)
    assert alternating.secon == 0


def test_one_contact_shows_no_continuity() -> None:
    assert continuity(["A"]) == Continuity(None, None, None, None, 1.0, 1, 1)
    assert continuity([]) == Continuity(None, None, None, None, None)


def test_contacts_without_provider_are_dropped_first() -> None:
    assert continuity(["A", None, "A", None, "B"]) == continuity(["A", "A", "B"])
    assert continuity([None, "A"]) == continuity(["A"])


def test_mmci_of_five_visits_to_two_providers() -> None:
    assert continuity("AAABB").mmci == pytest.approx((5.1 - 2) / (5.1 - 1))

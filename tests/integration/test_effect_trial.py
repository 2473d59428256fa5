"""The method on a synthetic region with a known truth: what it finds, and what it refuses to call an effect.

The region has 270 schools; 191 primary schools take part in nothing. The counts are those that
``zorgdata effect --trial`` prints.
"""

import pytest
from scipy.stats import binom

from zorgdata.pipeline.effect_trial import Region, synthetic_region, trial
from zorgdata.stats.effect_study import Verdict

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def region() -> Region:
    return synthetic_region()


def test_a_placebo_is_called_an_effect_in_at_most_one_of_twenty(region: Region) -> None:
    """Over 200 seeds, with what chance allows on top (99 %)."""
    found = trial(region, "placebo", 200)
    assert found.called <= binom.ppf(0.99, 200, 0.05)
    assert found.covered >= binom.ppf(0.01, 200, 0.90), "at least nine in ten intervals hold the truth"


def test_a_true_effect_is_found_and_its_interval_is_honest(region: Region) -> None:
    """Thirty percent of the care prevented at twelve schools of a hundred and ninety-one."""
    found = trial(region, "effect", 60)
    assert found.called >= 36
    assert found.intervals == 60
    assert found.covered >= binom.ppf(0.01, 60, 0.90)


def test_schools_chosen_at_their_worst_are_not_called_an_effect(region: Region) -> None:
    """Before and after alone would call most of them one."""
    found = trial(region, "worst", 40)
    assert found.naive >= 20
    assert found.called <= 2
    assert found.verdicts[Verdict.MAY_BE_RETURN] > 0


def test_care_that_leaves_the_registration_is_never_called_an_effect(region: Region) -> None:
    found = trial(region, "registration", 40)
    assert found.naive >= 20
    assert found.called == 0
    assert found.verdicts[Verdict.MAY_BE_REGISTRATION] >= 30


def test_the_same_seeds_give_the_same_counts(region: Region) -> None:
    assert trial(region, "placebo", 5) == trial(region, "placebo", 5)

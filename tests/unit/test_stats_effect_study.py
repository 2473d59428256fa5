"""One study of one initiative: comparison schools, series, verdicts, and each trap on data made for it."""

from datetime import date

import numpy as np
import pytest

from zorgdata.stats import regression_to_mean
from zorgdata.stats.effect_study import (
    MAY_BE_REGISTRATION,
    EffectStudy,
    Registration,
    School,
    Verdict,
    baseline_class,
    cohort_index,
    study,
)

PERIODS = [f"{y}-{y + 1}" for y in range(2018, 2025)]
CLEAN = Registration(delivered=True)
START = 4


def schools(
    seed: int,
    *,
    treated: int = 12,
    others: int = 40,
    effect: float = 0.0,
    noise: float = 0.02,
    worst_first: bool = False,
) -> list[School]:
    """Shares of schools with a lasting level, noise and a common trend; the effect from START on."""
    rng = np.random.default_rng(seed)
    n = treated + others
    level = rng.normal(0.5, 0.04, n)
    y = level[:, None] + rng.normal(0, noise, (n, len(PERIODS))) + 0.005 * np.arange(len(PERIODS))
    order = np.argsort(-y[:, START - 1]) if worst_first else np.arange(n)
    chosen = set(order[:treated].tolist())
    made = []
    for i in range(n):
        values = y[i].copy()
        if i in chosen:
            values[START:] += effect
        made.append(
            School(f"S{i:02d}", "SO", tuple(values.tolist()), start=START if i in chosen else None, group="g")
        )
    return made


def quick(rows: list[School], registration: Registration = CLEAN) -> EffectStudy:
    return study(rows, PERIODS, registration, replications=200, permutations=199)


def test_a_true_effect_is_an_indication() -> None:
    found = quick(schools(1, effect=-0.06))
    assert found.verdict is Verdict.INDICATION
    assert found.effects is not None
    assert found.effects.cohort_average.lower < -0.06 < found.effects.cohort_average.upper
    assert found.notes == ("indicatief",)


def test_nothing_stays_within_chance() -> None:
    assert quick(schools(2)).verdict is Verdict.WITHIN_CHANCE


def test_a_fall_where_care_may_have_left_the_registration_is_no_effect() -> None:
    """Reported supply, an initiative that is made of it, and supply that nobody delivered."""
    rows = schools(1, effect=-0.06)
    supplied = Registration(True, "ozg", ((PERIODS[START], 100.0, 28.0),))
    for registration in (supplied, Registration(True, "collectief"), Registration(False)):
        found = quick(rows, registration)
        assert found.verdict is Verdict.MAY_BE_REGISTRATION
        assert MAY_BE_REGISTRATION in found.notes
    rising = quick(schools(1, effect=0.06), supplied)
    assert rising.verdict is Verdict.INDICATION, "a rise cannot come from care that left"


def test_schools_chosen_at_their_worst_fall_back_by_themselves() -> None:
    found = quick(schools(3, worst_first=True, noise=0.04))
    assert found.effects is not None
    assert found.returned is not None
    assert found.effects.cohort_average.upper < 0, "without the check this would look like an effect"
    assert found.verdict in (Verdict.MAY_BE_RETURN, Verdict.EARLIER_TREND)
    assert found.returned.expected < 0
    assert found.returned.net < 0


def test_the_expected_return_is_that_of_barnett() -> None:
    """For a cut-off that gives the same mean baseline, both ways to write it agree."""
    found = quick(schools(4, worst_first=True, noise=0.04))
    back = found.returned
    assert back is not None
    total = np.sqrt(back.sd_between**2 + back.sd_within**2 / 2)
    by_cutoff = regression_to_mean(0.0, back.sd_between, back.sd_within, 0.7 * total, 2)
    share = (back.sd_within**2 / 2) / total**2
    assert by_cutoff.value == pytest.approx(share * by_cutoff.expected_baseline, rel=1e-9)


def test_few_schools_get_no_verdict_but_words() -> None:
    found = quick(schools(5, treated=3, others=10, effect=-0.2))
    assert found.verdict is Verdict.TOO_FEW_SCHOOLS
    assert "te weinig scholen voor een toets" in found.notes
    assert found.effects is not None
    assert found.effects.cohort_average.lower is None


def test_comparison_schools_are_alike_and_take_part_in_nothing() -> None:
    rows = [
        School("A", "SO", (0.5,) * 7, start=START, group="zorgintensief"),
        *(School(f"B{i}", "SO", (0.5,) * 7, group="zorgintensief") for i in range(3)),
        School("C", "SO", (0.2,) * 7, group="midden"),
        School("D", "BO", (0.1,) * 7, group="midden"),
        School("E", "SO", (0.5,) * 7, other=True, group="zorgintensief"),
        School("F", "SO", (0.5, None, *(0.5,) * 5), group="zorgintensief"),
    ]
    found = quick(rows)
    assert found.comparable == "type_and_class"
    assert found.series[0].comparison.schools == 3
    fewer = quick([r for r in rows if r.school_id not in ("B0", "B1")])
    assert fewer.comparable == "type"
    assert fewer.series[0].comparison.schools == 2, "B2 and C"


def test_without_comparison_there_is_a_broken_line_or_a_refusal() -> None:
    events = (40.0, 41.0, 39.0, 40.0, 30.0, 31.0, 29.0)
    rows = [School("A", "SO", tuple(e / 100 for e in events), events, (100.0,) * 7, start=START)]
    found = quick(rows)
    assert found.verdict is Verdict.NO_COMPARISON
    assert found.interrupted is not None
    assert found.interrupted.status == "refused", "three periods after the start"
    assert "te weinig meetmomenten voor een schatting" in found.notes
    longer = [
        School("A", "SO", tuple(e / 100 for e in (*events, 30.0)), (*events, 30.0), (100.0,) * 8, start=4)
    ]
    line = study(longer, [*PERIODS, "2025-2026"], CLEAN).interrupted
    assert line is not None
    assert line.status == "short"
    assert line.level_change is not None
    assert line.level_change.value == pytest.approx(0.75, abs=0.03)


def test_series_of_shares_are_pooled_over_pupils() -> None:
    rows = [
        School("A", "SO", (0.5, 0.4), (50.0, 40.0), (100.0, 100.0), start=1, group="g"),
        School("B", "SO", (0.1, 0.1), (1.0, 1.0), (10.0, 10.0), start=1, group="g"),
        School("C", "SO", (0.3, 0.3), group="g"),
    ]
    found = study(rows, PERIODS[:2], CLEAN, share=True)
    first = found.series[0]
    assert first.initiative.estimate.value == pytest.approx(51 / 110)
    assert first.initiative.estimate.lower == pytest.approx(0.3730, abs=5e-4)
    assert (first.initiative.numerator, first.initiative.denominator) == (51, 110)
    assert first.comparison.estimate.lower is None
    assert [p.running for p in found.series] == [False, True]


def test_schools_without_a_whole_series_are_counted() -> None:
    rows = schools(1, effect=-0.06)
    rows[0] = School("S00", "SO", (None, *rows[0].values[1:]), start=START, group="g")
    assert quick(rows).left_out == 1
    with pytest.raises(ValueError, match="before and after"):
        study(rows[:1], PERIODS, CLEAN)


@pytest.mark.parametrize(
    ("start", "index"),
    [("2018-08-01", 0), ("2019-01-30", 0), ("2019-02-01", 1), ("2020-07-31", 2), ("2021-07-01", None)],
)
def test_a_period_counts_when_half_of_it_lies_after_the_start(start: str, index: int | None) -> None:
    years = [(date(y, 8, 1), date(y + 1, 7, 31)) for y in (2018, 2019, 2020)]
    assert cohort_index(date.fromisoformat(start), years) == index


def test_a_reference_date_counts_from_the_day_itself() -> None:
    days = [(date(2022, 10, 1), date(2022, 10, 1)), (date(2023, 10, 1), date(2023, 10, 1))]
    assert cohort_index(date(2022, 10, 1), days) == 0
    assert cohort_index(date(2022, 10, 2), days) == 1


def test_classes_are_those_of_the_catalogue() -> None:
    shares = {
        0.0999: "laag",
        0.10: "midden",
        0.30: "grensgebied",
        0.40: "zorgintensief",
        0.90: "zorgintensief",
    }
    assert {share: baseline_class(share) for share in shares} == shares
    assert baseline_class(0.901) == "zeer_zorgintensief"
    assert baseline_class(None) == ""

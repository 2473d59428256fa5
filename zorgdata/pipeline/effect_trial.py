"""How often the method is right: studies on a synthetic region in which the truth is known.

Schools and their care come from the generator. What is done to them is drawn again for every seed: nothing
at all (placebo), nothing but at schools chosen in their worst year, care that is truly prevented, or the same
care given without an indication. The share of wrong verdicts is then a count, not a promise.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zorgdata.stats.effect_study import Registration, School, Verdict, baseline_class, study
from zorgdata.stats.intervals import mean_interval
from zorgdata.synth import calibration as cal
from zorgdata.synth.measure import by_child, care_spells, delivered, school_year
from zorgdata.synth.world import World, make_world

Floats = npt.NDArray[np.float64]
Kind = Literal["placebo", "worst", "effect", "registration"]
KINDS: tuple[Kind, ...] = ("placebo", "worst", "effect", "registration")

TYPE = "BO"
TREATED = 12
PREVENTED_SHARE = 0.30
YEARS = range(cal.FIRST_SCHOOL_YEAR, cal.FIRST_SCHOOL_YEAR + cal.SCHOOL_YEARS)
WAVES = (4, 5)
"""Index of the first school year after the start; half of the schools start a year later."""


@dataclass(frozen=True)
class Region:
    """Pupils and pupils with care on 1 October per school (rows) and school year, without any initiative."""

    school_ids: tuple[str, ...]
    pupils: Floats
    care: Floats

    @property
    def shares(self) -> Floats:
        """Pupils with care per pupil."""
        result: Floats = self.care / self.pupils
        return result


@dataclass(frozen=True)
class Outcome:
    """Verdicts over the seeds of one kind of trial.

    ``naive``: how often schools before and after, without comparison, would have looked like an effect.
    ``covered``: how often the interval held the true effect (0 for placebo and worst), of ``intervals``.
    """

    kind: Kind
    seeds: int
    verdicts: Mapping[Verdict, int]
    naive: int
    covered: int
    intervals: int

    @property
    def called(self) -> int:
        """How often an indication of an effect was called."""
        return self.verdicts.get(Verdict.INDICATION, 0)

    def row(self) -> dict[str, int | str]:
        """As a row of a table: what was done, how often what was said."""
        return {
            "trial": self.kind,
            "seeds": self.seeds,
            "called_an_effect": self.called,
            "before_after_alone": self.naive,
            "interval_holds_truth": self.covered,
            "intervals": self.intervals,
            **{v.value: self.verdicts.get(v, 0) for v in Verdict if v is not Verdict.INDICATION},
        }


def synthetic_region(seed: int = 1, scale: cal.ScaleName = "region") -> Region:
    """The mainstream primary schools of a synthetic region that take part in no initiative."""
    world = make_world(seed, 0, cal.SCALES[scale])
    known = by_child(delivered(world))
    care = care_spells(known)
    years = [school_year(world, known, care, year) for year in YEARS]
    pupils = np.array([y.pupils_on_date for y in years], dtype=np.float64).T
    in_care = np.array([y.care_on_date for y in years], dtype=np.float64).T
    return _plain(world, pupils, in_care)


def _plain(world: World, pupils: Floats, in_care: Floats) -> Region:
    taken = {s for i in world.programme.initiatives for s in i.schools}
    of_type = np.asarray(world.schools.type) == cal.BO
    free = np.array([s not in taken for s in range(len(world.schools.names))])
    keep = np.flatnonzero(of_type & free & (pupils.min(axis=1) >= 25))
    return Region(tuple(world.schools.brin6[s] for s in keep.tolist()), pupils[keep], in_care[keep])


def trial(region: Region, kind: Kind, seeds: int = 200, treated: int = TREATED) -> Outcome:
    """``seeds`` studies of one kind on one region; every seed draws schools and effects anew."""
    verdicts: Counter[Verdict] = Counter()
    naive = covered = intervals = 0
    for seed in range(seeds):
        rng = np.random.default_rng([seed, KINDS.index(kind)])
        chosen = _choose(region, kind, treated, rng)
        care, truth = _done(region, kind, chosen, rng)
        rows = _schools(region, care, chosen)
        found = study(
            rows,
            [f"{y}-{y + 1}" for y in YEARS],
            _registration(kind),
            share=True,
            replications=200,
            permutations=59,
            seed=seed,
        )
        verdicts[found.verdict] += 1
        naive += _naive(care / region.pupils, chosen)
        estimate = found.effects.cohort_average if found.effects is not None else None
        if estimate is not None and estimate.lower is not None and estimate.upper is not None:
            intervals += 1
            covered += estimate.lower <= truth <= estimate.upper
    return Outcome(kind, seeds, verdicts, naive, covered, intervals)


def _choose(region: Region, kind: Kind, treated: int, rng: np.random.Generator) -> dict[int, int]:
    """Schools with the index of their first year: by lot, or those that stand highest just before."""
    n = len(region.school_ids)
    if kind == "worst":
        # Of a random half those that stand furthest above their own earlier years.
        pool = rng.permutation(n)[: n // 2]
        last = region.shares[:, WAVES[0] - 1] - region.shares[:, : WAVES[0] - 2].mean(axis=1)
        picked = pool[np.argsort(-last[pool])][:treated]
        return {int(s): WAVES[0] for s in picked}
    picked = rng.permutation(n)[:treated]
    return {int(s): WAVES[i % len(WAVES)] for i, s in enumerate(picked)}


def _done(
    region: Region, kind: Kind, chosen: Mapping[int, int], rng: np.random.Generator
) -> tuple[Floats, float]:
    """Care as it is registered, and the true effect: per cohort the mean over its years and schools."""
    care = region.care.copy()
    if kind in ("placebo", "worst"):
        return care, 0.0
    per_school: dict[int, list[float]] = {}
    for school, start in chosen.items():
        expected = -PREVENTED_SHARE * region.shares[school, start:]
        per_school.setdefault(start, []).append(float(expected.mean()))
        left = rng.binomial(region.care[school, start:].astype(np.int64), 1 - PREVENTED_SHARE)
        care[school, start:] = left
    sizes = {start: len(found) for start, found in per_school.items()}
    truth = sum(sizes[g] * float(np.mean(found)) for g, found in per_school.items()) / sum(sizes.values())
    return care, truth


def _schools(region: Region, care: Floats, chosen: Mapping[int, int]) -> list[School]:
    shares = care / region.pupils
    base = min(chosen.values()) - 1
    return [
        School(
            school_id,
            TYPE,
            tuple(shares[i].tolist()),
            tuple(care[i].tolist()),
            tuple(region.pupils[i].tolist()),
            chosen.get(i),
            group=baseline_class(float(shares[i, base])),
        )
        for i, school_id in enumerate(region.school_ids)
    ]


def _registration(kind: Kind) -> Registration:
    if kind != "registration":
        return Registration(True, "ozg")
    rows = tuple((f"{y}-{y + 1}", None, 28.0 if i >= WAVES[0] else None) for i, y in enumerate(YEARS))
    return Registration(True, "collectief", rows)


def _naive(shares: Floats, chosen: Mapping[int, int]) -> bool:
    """Whether the mean change since the year before the start, without comparison, lies off zero."""
    changes = [float(shares[s, start:].mean() - shares[s, start - 1]) for s, start in chosen.items()]
    found = mean_interval(changes)
    return found.lower is not None and found.upper is not None and (found.lower > 0 or found.upper < 0)

"""Planted initiatives: at which schools, since when, and what they truly do.

Two kinds of change must be told apart by whoever evaluates them. ``ozg`` and ``zon`` really prevent care:
part of the trajectories that would have started does not. ``collectief`` prevents nothing: the same care is
given without individual indications, so it leaves the deliveries (registration). ``vaste_partner`` moves new
care to one provider.
"""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Floats, Ints, day
from zorgdata.synth.careers import SIDE, Trajectories
from zorgdata.synth.schools import Schools
from zorgdata.synth.streams import Streams

PREVENTED, UNREGISTERED = 1, 2


@dataclass(frozen=True)
class Initiative:
    """``effect``: share of trajectories starting at its schools that is prevented or not registered;
    for ``vaste_partner`` the share that goes to the partner."""

    key: str
    name: str
    kind: str
    phase: str
    start: int
    end: int
    effect: float
    schools: tuple[int, ...]
    target_metric: str
    target_value: str


@dataclass(frozen=True)
class Programme:
    """All initiatives of a region, and per location the one fixed partner (a provider's index, or -1)."""

    initiatives: tuple[Initiative, ...]
    partner: Ints
    partner_from: Ints
    partner_share: Floats


# key, name, kind, phase, start, end, effect, schools at scales small and region, types, target
_PLAN = (
    ("I01", "Onderwijszorg-generalist op school", "ozg", "uitvoering", day(2022, 8, 1), OPEN, 0.25, (3, 10),
     (cal.BO,), "care_share", "0.07"),
    ("I02", "Kleine klas met jeugdhulp", "zon", "pilot", day(2023, 8, 1), OPEN, 0.30, (1, 6),
     (cal.SBO, cal.BO), "starts_entry_g0", ""),
    ("I03", "Collectief arrangeren", "collectief", "uitvoering", day(2023, 8, 1), OPEN, 0.55, (2, 6),
     (cal.SO, cal.VSO), "providers_per_school", "12"),
    ("I04", "Vaste partner per school", "vaste_partner", "borging", day(2021, 8, 1), OPEN, 0.60, (1, 4),
     (cal.PRO, cal.VSO), "effective_providers", "4"),
    ("I05", "Schakelklas", "overig", "gestopt", day(2020, 8, 1), day(2022, 7, 31), 0.0, (1, 2),
     (cal.VO,), "home_sitters", ""),
    ("I06", "Gezamenlijke intake", "overig", "ontwerp", day(2026, 1, 1), OPEN, 0.0, (1, 3),
     (cal.VO, cal.BO), "waiting_time", "42"),
)  # fmt: skip


def make_programme(streams: Streams, schools: Schools, scale: cal.Scale) -> Programme:
    """Choose the schools of each initiative; those with much care come first, as in reality."""
    rng = streams("programme")
    n = len(schools.names)
    taken = np.zeros(n, dtype=np.bool_)
    large = scale.pupils > 10_000
    made = []
    partner_from = np.full(n, OPEN, dtype=np.int64)
    partner_share = np.zeros(n)
    for key, name, kind, phase, start, end, effect, counts, types, metric, value in _PLAN:
        fit = np.flatnonzero(np.isin(schools.type, types) & ~taken & (schools.share < cal.HIGHEST_SHARE))
        pull = schools.share[fit] * schools.size[fit] * np.exp(0.4 * rng.standard_normal(len(fit)))
        chosen = np.sort(fit[np.argsort(-pull)[: counts[large]]])
        taken[chosen] = True
        made.append(
            Initiative(key, name, kind, phase, start, end, effect, tuple(chosen.tolist()), metric, value)
        )
        if kind in ("vaste_partner", "collectief"):
            partner_from[chosen] = start
            partner_share[chosen] = effect if kind == "vaste_partner" else 0.0
    partner = np.where(partner_from < OPEN, rng.integers(0, 8, n), -1)
    return Programme(tuple(made), partner.astype(np.int64), partner_from, partner_share)


def removed(streams: Streams, programme: Programme, care: Trajectories) -> Ints:
    """Per trajectory: 0 stays, 1 prevented, 2 given without an indication. Residence is never collective, but
    form is decided later; the few that matter stay out of this model."""
    rng = streams("effects")
    out = np.zeros(len(care.child), dtype=np.int64)
    chance = rng.random(len(care.child))
    for initiative in programme.initiatives:
        if initiative.kind not in ("ozg", "zon", "collectief"):
            continue
        here: Bools = np.isin(care.school, initiative.schools)
        here &= (care.start >= initiative.start) & (care.start <= initiative.end)
        if initiative.kind != "collectief":
            here &= care.role != SIDE
        why = UNREGISTERED if initiative.kind == "collectief" else PREVENTED
        out[here & (chance < initiative.effect)] = why
    return out

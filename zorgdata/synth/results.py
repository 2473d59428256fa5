"""What came of care: outcomes at closing, and the other domains a child meets, also after turning 18."""

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, add_years
from zorgdata.synth.surroundings import persons
from zorgdata.synth.world import World
from zorgdata.synth.write import Columns, dates, decimals, numbers, padded, pick

_GOALS = ("geheel", "grotendeels", "deels", "niet", "")
_FOLLOW_UP = ("jeugdhulp", "wmo", "wlz", "geen")
_DOMAINS = ("leerplicht", "wmo", "participatie", "veiligheid")


def outcome_columns(world: World) -> Columns:
    """uitkomsten.csv: for rather more than half of the closed trajectories; the plan for 18 from 16 on."""
    rng = world.streams("outcomes")
    known = world.indications
    closed = known.closes & (known.end <= cal.CUTOFF) & ~known.deleted & (known.end >= cal.FIRST_DAY)
    closed &= known.municipality < world.region.inside + cal.OUTSIDE_DELIVERING
    adult = add_years(world.children.birth[known.child], 18)
    near = np.abs(known.end - adult) < 45
    rows = np.flatnonzero(closed & (rng.random(len(closed)) < np.where(near, 0.75, 0.55)))
    n = len(rows)
    when = np.minimum(known.end[rows] + rng.integers(0, 21, n), cal.CUTOFF)
    planned = world.care.end_reason[np.maximum(known.trajectory[rows], 0)] == 0
    goals = np.where(
        planned,
        rng.choice(5, n, p=[0.28, 0.37, 0.15, 0.05, 0.15]),
        rng.choice(5, n, p=[0.05, 0.15, 0.3, 0.3, 0.2]),
    )
    without = rng.random(n) < np.where(planned, 0.62, 0.25)
    sixteen = when > add_years(world.children.birth[known.child[rows]], 16)
    plan: Bools = rng.random(n) < 0.55
    after = np.where(without, 3, np.where(near[rows], 1 + (rng.random(n) < 0.2), 0))
    score = np.clip(np.round(rng.normal(72, 14, n)), 10, 100).astype(np.int64)
    return {
        **persons(world, known.child[rows]),
        "aanbieder_agb": padded(world.providers.agb[known.provider[rows]], 8),
        "toewijzingnummer": numbers(known.number[rows]),
        "datum": dates(when),
        "doelen_gehaald": pick(_GOALS, goals.astype(np.int64)),
        "zonder_hulp_verder": pick(("nee", "ja"), without.astype(np.int64)),
        "nut": decimals(score, missing=rng.random(n) < 0.3),
        "plan_18": pick(("n", "j", ""), np.where(sixteen, plan.astype(np.int64), 2)),
        "vervolg": pick(_FOLLOW_UP, after.astype(np.int64)),
        **_measurements(world, planned),
    }


def _measurements(world: World, planned: Bools) -> Columns:
    """Problems at the start and at the end, of 45 % of the closed trajectories, with one questionnaire whose
    standard error is 2.1 points; care that ends as planned lowers the score more."""
    rng = world.streams("outcome_measurements")
    n = len(planned)
    begin = np.clip(np.round(rng.normal(18, 5, n)), 2, 40)
    fall = rng.normal(np.where(planned, 6.5, 2.0), 4.0)
    end = np.clip(np.round(begin - fall), 0, 40)
    missing: Bools = rng.random(n) < 0.55
    return {
        "vragenlijst": pick(("SDQ", ""), missing.astype(np.int64)),
        "score_begin": decimals(10 * begin.astype(np.int64), missing=missing),
        "score_eind": decimals(10 * end.astype(np.int64), missing=missing),
        "meetfout": decimals(np.full(n, 21, dtype=np.int64), missing=missing),
    }


def domain_columns(world: World) -> Columns:
    """domeinen.csv: flags of other domains, mostly of children with care; Wmo from 18."""
    rng = world.streams("domains")
    care = world.trajectories
    ever = np.unique(care.child[care.end >= cal.FIRST_DAY])
    n = len(ever)
    parts = []
    for index, share in enumerate((0.06, 0.03, 0.05, 0.02)):
        hit = ever[rng.random(n) < share]
        begin = cal.FIRST_DAY + rng.integers(0, cal.CUTOFF - cal.FIRST_DAY - 30, len(hit))
        begin = np.maximum(begin, world.children.birth[hit] + 365 * 4)
        end = begin + 30 + np.round(rng.exponential(300, len(hit))).astype(np.int64)
        parts.append((np.full(len(hit), index), hit, begin, end))
    adult = add_years(world.children.birth[ever], 18)
    turned = ever[(adult > cal.FIRST_DAY) & (adult <= cal.CUTOFF) & (rng.random(n) < 0.22)]
    begin = add_years(world.children.birth[turned], 18)
    parts.append((np.ones(len(turned), dtype=np.int64), turned, begin, begin + 700))
    kind, child, begin, end = (np.concatenate([p[i] for p in parts]) for i in range(4))
    kept = begin <= cal.CUTOFF
    end = np.where(end > cal.CUTOFF, OPEN, end)
    return {
        **persons(world, child[kept]),
        "domein": pick(_DOMAINS, kind[kept]),
        "begindatum": dates(begin[kept]),
        "einddatum": dates(end[kept]),
    }

"""Home-sitters: absolute absence (holes in enrolment), long relative absence, exemptions 5a beside them."""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Ints, add_years
from zorgdata.synth.surroundings import branches, persons, school_years
from zorgdata.synth.world import World
from zorgdata.synth.write import Columns, dates, pick

KINDS = ("absoluut", "relatief_langdurig", "16_uur", "vrijstelling_5a")
ABSOLUTE, LONG, HOURS_16, EXEMPT = range(4)
_CLOSED = ("hervat", "andere_opleiding", "geen_verzuim_ziek", "")


@dataclass(frozen=True)
class Absences:
    """One entry per notification; ``school`` is -1 for a child that is enrolled nowhere."""

    kind: Ints
    child: Ints
    school: Ints
    start: Ints
    end: Ints


def make_absences(world: World) -> Absences:
    """All absence of the window."""
    rng = world.streams("absences")
    stays, birth = world.stays.take(world.stays.main), world.children.birth
    same = stays.child[1:] == stays.child[:-1]
    hole = np.flatnonzero(same & (stays.start[1:] > stays.end[:-1] + 1) & (stays.start[1:] > cal.FIRST_DAY))
    nowhere = np.full(len(hole), -1, dtype=np.int64)
    parts = [(stays.child[hole], nowhere, stays.end[hole] + 1, stays.start[hole + 1] - 1)]
    row, _, start, stop = school_years(stays)
    of_age = start - birth[stays.child[row]] > 5 * 365
    often = np.where(stays.type[row] == cal.VSO, cal.ABSENT_SPECIAL, 1.0)
    for rate, least, mean in ((cal.LONG_ABSENT_RATE, 29, 60.0), (cal.HOURS_16_RATE, 5, 12.0)):
        hit = np.flatnonzero((rng.random(len(row)) < rate * often) & of_age & (stop - start > 100))
        begin = start[hit] + np.floor(rng.random(len(hit)) * (stop - start - 90)[hit]).astype(np.int64)
        end = begin + least + np.round(rng.exponential(mean, len(hit))).astype(np.int64)
        parts.append((stays.child[row[hit]], stays.school[row[hit]], begin, np.minimum(end, stop[hit])))
    last = add_years(birth, 18) - 1
    exempt = np.flatnonzero((world.children.exempt_from <= cal.CUTOFF) & (last >= cal.FIRST_DAY))
    nowhere = np.full(len(exempt), -1, dtype=np.int64)
    parts.append((exempt, nowhere, world.children.exempt_from[exempt], last[exempt]))
    child, school, first, until = (np.concatenate([part[i] for part in parts]) for i in range(4))
    kind = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    return Absences(kind, child, school, first, until)


def rate_per_1000(world: World, found: Absences, kinds: tuple[int, ...], first: int, last: int) -> float:
    """Children with absence of these kinds in a period, per 1,000 pupils on its first of October."""
    met = np.isin(found.kind, kinds) & (found.start <= last) & (found.end >= first)
    date = first + 61
    pupils = int(((world.stays.start <= date) & (world.stays.end >= date)).sum())
    return 1000 * len(np.unique(found.child[met])) / max(pupils, 1)


def absence_columns(world: World) -> Columns:
    """verzuim.csv"""
    found = make_absences(world)
    running = found.end >= cal.CUTOFF
    why = np.where(running | (found.kind == EXEMPT), len(_CLOSED) - 1, found.child % (len(_CLOSED) - 1))
    return {
        **persons(world, found.child),
        **branches(world, found.school),
        "soort": pick(KINDS, found.kind),
        "begindatum": dates(found.start),
        "einddatum": dates(np.where(running, OPEN, found.end)),
        "status": pick(("afgesloten", "in_behandeling"), running.astype(np.int64)),
        "reden_afsluiting": pick(_CLOSED, why),
    }

"""What a test may know: expected figures, what was aimed at and reached, the true effects of initiatives.

No identifying value stands here: a child is an index at most.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.absence import ABSOLUTE, EXEMPT, LONG, make_absences, rate_per_1000
from zorgdata.synth.calendar import OPEN, Bools, Ints, day, iso
from zorgdata.synth.careers import Trajectories
from zorgdata.synth.children import Enrolments
from zorgdata.synth.initiatives import PREVENTED
from zorgdata.synth.measure import (
    SchoolYear,
    Spells,
    by_child,
    care_spells,
    delivered,
    islands,
    municipal_share,
    school_year,
    trajectory_facts,
)
from zorgdata.synth.world import World
from zorgdata.synth.write import numbers, pick, text, write_csv

YEARS = range(cal.FIRST_SCHOOL_YEAR, cal.FIRST_SCHOOL_YEAR + cal.SCHOOL_YEARS)
_FACT_YEARS = range(2023, 2026)  # five years of history and complete

Row = dict[str, Any]


def write_truth(folder: Path, world: World, suffix: str) -> tuple[list[Row], list[Row]]:
    """Write the expected figures of a region; returns its calibration rows and true effects."""
    known = by_child(delivered(world))
    care = care_spells(known)
    years = {year: school_year(world, known, care, year) for year in YEARS}
    _write_expected(folder / f"expected{suffix}.csv", world, years)
    return _calibration(world, years, care), _effects(world)


def write_json(path: Path, content: object) -> None:
    """JSON with sorted keys and a newline at the end."""
    path.write_text(
        json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _write_expected(path: Path, world: World, years: dict[int, SchoolYear]) -> None:
    """One row per school year and location with at least one enrolled day."""
    columns: dict[str, list[Ints]] = {}
    for year, figures in years.items():
        present = np.flatnonzero(figures.pupil_days)
        for name, values in vars(figures).items():
            columns.setdefault(name, []).append(values[present])
        columns.setdefault("school", []).append(present)
        columns.setdefault("year", []).append(np.full(len(present), year, dtype=np.int64))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    names = {
        "pupils": "pupils_ever",
        "pupil_days": "pupil_days",
        "care_pupils": "care_pupils",
        "care_days": "care_days",
        "providers": "providers_ever",
        "municipalities": "municipalities",
        "pupils_on_date": "pupils_on_date",
        "care_on_date": "care_pupils_on_date",
    }
    labels = [f"{year}-{year + 1}" for year in years]
    write_csv(
        path,
        {
            "period": pick(labels, joined["year"] - cal.FIRST_SCHOOL_YEAR),
            "school_id": text([world.schools.brin6[s] for s in joined["school"].tolist()]),
            **{label: numbers(joined[name]) for name, label in names.items()},
        },
    )


def _calibration(world: World, years: dict[int, SchoolYear], care: Spells) -> list[Row]:
    """Targets with what the delivered data show; ``tolerance`` is meant for the scale region."""
    type_ = world.schools.type
    rows: list[Row] = []

    def add(name: str, target: float, tolerance: float, realised: float, source: str) -> None:
        row = {"name": name, "target": target, "tolerance": tolerance, "source": source}
        rows.append(row | {"realised": round(float(realised), 5), "region": world.region.number})

    last = years[2024]
    add("pupils", world.scale.pupils, 0.03 * world.scale.pupils, last.pupils_on_date.sum(), "P01")
    special: Bools = np.isin(type_, cal.SPECIAL)
    pupils = np.array([y.pupils_on_date for y in years.values()])
    in_care = np.array([y.care_on_date for y in years.values()])
    share = np.where(pupils >= 25, in_care / np.maximum(pupils, 1), np.nan)
    add(
        "care_intensive_pupils",
        0.037,
        0.006,
        last.pupils_on_date[special].sum() / last.pupils_on_date.sum(),
        "P09",
    )
    add("lowest_care_share", 0.0, 0.04, np.nanmin(share), "G02")
    add("highest_care_share", 0.95, 0.05, np.nanmax(share), "G01")
    add("most_providers", 60, 10, max(int(y.providers.max()) for y in years.values()), "G04")
    for index, name in enumerate(cal.TYPES):
        here = type_ == index
        before = years[2022]  # the collective initiative takes care out of the figures from 2023 on
        realised = before.care_on_date[here].sum() / max(int(before.pupils_on_date[here].sum()), 1)
        add(
            f"care_share_{name}",
            cal.CARE_SHARE[index][0],
            0.12 if index in cal.SPECIAL else 0.02,
            realised,
            "own",
        )
    for year, target in ((2018, 0.106), (2022, 0.127), (2024, 0.1275)):
        young, met = municipal_share(world, care, year)
        add(f"youth_share_{year}", target, 0.008, met.sum() / young.sum(), "G05, G06")
    add("youth_share_lowest_municipality", 0.085, 0.025, (met / young).min(), "Twente, own")
    add("youth_share_highest_municipality", 0.15, 0.025, (met / young).max(), "Twente, own")
    missing = make_absences(world)
    for name, kinds, per_1000 in (
        ("home_sitters_per_1000", (ABSOLUTE, LONG), 5.6),
        ("exemptions_per_1000", (EXEMPT,), 3.1),
    ):
        found = rate_per_1000(world, missing, kinds, day(2024, 8, 1), day(2025, 7, 31))
        add(name, per_1000, 0.9, found, "T01, T03, T04")
    facts = trajectory_facts(world, delivered(world), _FACT_YEARS)
    add("trajectories_per_child_year", cal.PER_CHILD_YEAR, 0.05, facts.per_child_year, "G14")
    add("trajectories_per_child_year_special", 1.8, 0.2, facts.per_child_year_special, "own")
    add("repeat_use", cal.REPEAT_SHARE, 0.03, facts.repeat, "G19")
    add("residential_starts", 0.061, 0.02, facts.residential, "CBS longread 2021")
    for code, target, realised in zip(
        cal.REFERRERS, cal.REFERRER_SHARE.tolist(), facts.referrers, strict=True
    ):
        add(f"referrer_{code or 'unknown'}", target, 0.02, realised, "CBS 85097NED")
    bins = ("0_3m", "3_6m", "6_12m", "1_2y", "2_3y", "3_4y", "4y_plus")
    for position, label in enumerate(bins):
        add(f"duration_fitted_{label}", cal.DURATION_FITTED[position], 0.03, facts.lengths[position], "fit")
        add(
            f"duration_{label}",
            cal.DURATION_PUBLISHED[position],
            0.05,
            facts.lengths[position],
            "CBS 85096NED",
        )
    return rows


def _effects(world: World) -> list[Row]:
    """Per initiative: its schools, and what care there would have been without it.

    ``care_days`` are days with care that was really given at the schools (with or without an indication),
    ``care_days_without`` those had the initiative not been there, ``care_days_registered`` those with an
    indication. The true effect of an initiative is the first minus the second.
    """
    out: list[Row] = []
    stays = world.stays
    for item in world.programme.initiatives:
        here = stays.take(np.isin(stays.school, item.schools))
        with_it = _days(here, world.trajectories, [world.lost.take(world.lost_why != PREVENTED)])
        without = _days(here, world.trajectories, [world.lost])
        registered = _days(here, world.trajectories, [])
        rows = [
            {
                "period": f"{year}-{year + 1}",
                "pupil_days": int(pupil),
                "care_days": int(real),
                "care_days_without": int(counter),
                "care_days_registered": int(seen),
            }
            for year, (pupil, real), (_, counter), (_, seen) in zip(
                YEARS, with_it, without, registered, strict=True
            )
        ]
        out.append(
            {
                "initiative_id": item.key,
                "kind": item.kind,
                "start": iso(item.start),
                "end": None if item.end == OPEN else iso(item.end),
                "schools": [world.schools.brin6[s] for s in item.schools],
                "share_of_new_trajectories": item.effect,
                "mechanism": {
                    "ozg": "prevented",
                    "zon": "prevented",
                    "collectief": "not registered",
                    "vaste_partner": "moved to one provider",
                }.get(item.kind, "none"),
                "years": rows,
            }
        )
    return out


def _days(stays: Enrolments, given: Trajectories, more: list[Trajectories]) -> list[tuple[int, int]]:
    """Pupil days and days with care per school year at the schools of ``stays``."""
    child = np.concatenate([given.child, *[m.child for m in more]])
    start = np.concatenate([given.start, *[m.start for m in more]])
    end = np.concatenate([given.end, *[m.end for m in more]])
    care = islands(child, np.zeros(len(child), dtype=np.int64), start, end)
    low = np.searchsorted(care.child, stays.child)
    count = np.searchsorted(care.child, stays.child, side="right") - low
    left = np.repeat(np.arange(len(low)), count)
    right = low[left] + np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    out = []
    for year in YEARS:
        first, last = day(year, 8, 1), day(year + 1, 7, 31)
        begin, stop = np.maximum(stays.start, first), np.minimum(stays.end, last)
        both = np.minimum(stop[left], care.end[right]) - np.maximum(begin[left], care.start[right]) + 1
        out.append((int(np.maximum(stop - begin + 1, 0).sum()), int(np.maximum(both, 0).sum())))
    return out

"""Mutation score of the models behind continuity, access and nearness.

    python -m tests.support.mutation [--jobs 2] [MODEL ...]

One small fault at a time is put into a model, what is made from it is built again, and the figures are held
against the second implementation (``tests.property.test_paths_oracle``). Prints per model how many faults
show, and those that do not: such a fault is a missing case, or a change that is none.
"""

import argparse
import multiprocessing
from functools import cache
from typing import Any

from tests.property.test_paths_oracle import MODELS, crowd, expectations, town, world_of, wrong_rows
from tests.support.mutants import mutants
from tests.support.warehouse import models
from zorgdata.engine import build, select_models
from zorgdata.errors import ModelError

DEFAULT = (
    "core.step",
    "core.heavy_start",
    "core.trajectory_route",
    "core.worker_spell",
    "core.worker_switch",
    "metrics.child_date",
    "metrics.child_event",
    "metrics.child_gap",
    "metrics.child_home",
    "metrics.indication_place",
    "metrics.survival",
    "metrics.theme_d_trajectory",
    "metrics.theme_d_waiting",
    "metrics.theme_e_first",
    "metrics.theme_e_frontline",
    "metrics.theme_e_referral",
    "metrics.theme_g_nearness",
    "metrics.trajectory_place",
    "metrics.visit",
)


@cache
def sample() -> tuple[Any, Any, Any]:
    """The region of the test, built once in every process."""
    db = town()
    world = world_of(db, crowd(10))
    expected = expectations(db, world)
    assert wrong_rows(db, world, expected) == []
    return db, world, expected


def score(name: str) -> tuple[str, int, list[str]]:
    """The number of faults tried in a model, and those that no figure shows."""
    db, world, expected = sample()
    checked = select_models(models(), MODELS)
    again = " ".join(sorted(checked & (models().descendants(name) | {name})))
    tried, survivors = 0, []
    for mutant in mutants(models()[name]):
        tried += 1
        try:
            build(db, mutant.of(models()), select=again, full=True)
        except ModelError:
            continue
        if not wrong_rows(db, world, expected):
            survivors.append(mutant.fault)
    build(db, models(), select=again, full=True)
    return name, tried, survivors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("model", nargs="*")
    options = parser.parse_args()
    tried = shown = 0
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        for name, count, survivors in pool.imap_unordered(score, options.model or DEFAULT):
            tried, shown = tried + count, shown + count - len(survivors)
            print(f"{name}: {count - len(survivors)} of {count} faults show", flush=True)
            for fault in survivors:
                print(f"    {fault}", flush=True)
    print(f"in all {shown} of {tried}, {100 * shown / max(tried, 1):.0f} %")


if __name__ == "__main__":
    main()

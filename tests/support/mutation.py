"""Mutation score of the models of ``core`` and ``metrics``: would the tests notice a slip of the pen?

    python -m tests.support.mutation [--jobs 2] [--sample 12] [--write docs/mutation.md] [MODEL ...]

One small fault at a time is put into a model, and what is made from it is held against the second
implementations (``tests.support.court``) and against what the specs look at (``tests.support.witness``).
A fault that nothing shows is a missing case, or a change that is none: those stand in ``equivalent.toml``.
"""

import argparse
import multiprocessing
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.judges import Judge
from tests.support.mutants import mutants
from tests.support.warehouse import models

if TYPE_CHECKING:
    from tests.support.witness import Note

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
SPECS = Path(__file__).parents[1] / "spec"


@dataclass(frozen=True)
class Score:
    """Of one model: faults tried, those that change nothing, and those that are noticed by nothing."""

    model: str
    tried: int
    equivalent: int
    survivors: tuple[str, ...]

    @property
    def shown(self) -> int:
        return self.tried - self.equivalent - len(self.survivors)


NOTES: list["Note"] = []
"""What the specs built and read: noted once, and handed to every process."""


def notes() -> list["Note"]:
    """Run the specs."""
    from tests.support import witness

    return witness.notes_of(sorted(path for path in SPECS.glob("test_*.py") if "checks" not in path.name))


@cache
def judges() -> Sequence[Judge]:
    """All judges, made once in every process."""
    from tests.support import court, witness

    return [*(make() for make in court.COURT), *map(witness.judge_of, NOTES or notes())]


@cache
def reasons() -> Sequence[tuple[re.Pattern[str], re.Pattern[str], str]]:
    """Model, fault and reason of the changes that are none."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    return [(re.compile(one["model"]), re.compile(one["fault"]), one["why"]) for one in listed]


def why_none(model: str, fault: str) -> str:
    """Why a fault changes nothing; empty when nobody says so."""
    found = (why for m, f, why in reasons() if m.fullmatch(model) and f.search(fault))
    return next(found, "")


def score(name: str, sample: int | None) -> Score:
    """Try the faults of a model."""
    tried, none, survivors = 0, 0, []
    for mutant in mutants(models()[name], sample):
        tried += 1
        if any(judge.convicts(mutant) for judge in judges()):
            continue
        if why_none(name, mutant.fault):
            none += 1
        else:
            survivors.append(mutant.fault)
    return Score(name, tried, none, tuple(survivors))


def _score(job: tuple[str, int | None]) -> Score:
    return score(*job)


def page(scores: Iterable[Score], sample: int | None) -> str:
    """The table, for the documentation."""
    rows = sorted(scores, key=lambda one: one.model)
    tried, none = sum(one.tried for one in rows), sum(one.equivalent for one in rows)
    shown = sum(one.shown for one in rows)
    which = "every fault" if sample is None else f"at most {sample} faults of each model, chosen by its name"
    lines = [
        "# Would the tests notice?",
        "",
        "Made by `python -m tests.support.mutation --write docs/mutation.md`"
        + (f" with `--sample {sample}`" if sample else "")
        + f". Tried: {which}: a comparison, an extreme, `and`/`or`, a sign, or a small number one too high.",
        "",
        "*Shown*: a figure that a second implementation or a spec knows is other than it was, or the model",
        "fails. *No change*: no figure can be other by it; `tests/support/equivalent.toml` says why.",
        "",
        f"**{shown} of {tried - none} faults that make a change show, {shown / max(tried - none, 1):.1%}.**",
        "",
        "| model | faults | shown | no change | not noticed |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [f"| {s.model} | {s.tried} | {s.shown} | {s.equivalent} | {len(s.survivors)} |" for s in rows]
    lines.append(f"| **all** | {tried} | {shown} | {none} | {tried - none - shown} |")
    tried_names = {one.model for one in rows}
    rest = [
        model.name
        for model in models()
        if model.schema in ("core", "metrics")
        and model.name not in tried_names
        and next(mutants(model, 1), None)
    ]
    if rest:
        lines += ["", f"Not tried in this run: {', '.join(sorted(rest))}."]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="at most so many faults of each model")
    parser.add_argument("--write", type=Path, help="where the table goes")
    parser.add_argument("model", nargs="*")
    options = parser.parse_args()
    names = options.model or [name for name in models().by_name if name.startswith(("core.", "metrics."))]
    scores = []
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(options.jobs, initializer=NOTES.extend, initargs=(notes(),)) as pool:
        for one in pool.imap_unordered(_score, [(name, options.sample) for name in names]):
            if not one.tried:
                continue
            scores.append(one)
            print(f"{one.model}: {one.shown} of {one.tried - one.equivalent} faults show", flush=True)
            for fault in one.survivors:
                print(f"    {fault}", flush=True)
    text = page(scores, options.sample)
    print(text.split("\n\n")[3])
    if options.write:
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

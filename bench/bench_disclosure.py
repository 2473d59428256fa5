"""Measures disclosure control on made-up regions and prints what other ways of hiding leave exposed.

    python bench/bench_disclosure.py [--schools 600] [--years 1] [--items 13] [--country]

Compared on the same figures: nothing but the primary rules; rounding to 5 and nothing hidden; a plain
complementary step (no shown parent with exactly one hidden child); and the proven pattern.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import disclosure_region as region
import duckdb

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure import units as unit_tables
from zorgdata.disclosure.assess import declared_metrics
from zorgdata.disclosure.attack import exposed, publish_as
from zorgdata.disclosure.complement import complementary
from zorgdata.disclosure.model import Part, parts
from zorgdata.disclosure.primary import is_hidden, primary, shadow
from zorgdata.disclosure.suppress import suppress
from zorgdata.disclosure.system import FREE, HIDDEN
from zorgdata.disclosure.verify import verify
from zorgdata.limits import DisclosureSettings

METRICS = ("pupils_enrolled", "pupils_with_care", "care_share")


def load(args: argparse.Namespace) -> list[Part]:
    """The systems of the made-up release, per year."""
    found = region.schools(args.schools, per_town=args.per_town)
    rows = region.figures(found, tuple(range(2024, 2024 - args.years, -1)), items=args.items)
    connection = duckdb.connect()
    region.fill(connection, found, [r for r in rows if r[0] in METRICS])
    # Every total and item of every unit: more than a release holds by default.
    rules = DisclosureSettings().public.model_copy(update={"table_set": "all"})
    declared = declared_metrics(connection, None)
    frame, _ = frames.load(connection, rules, declared)
    frames.complete(frame, frozenset(("pupils_with_care",)))
    reason = primary(frame, declared, rules)
    shadow(frame, declared, reason)
    units = unit_tables.load(connection, set(zip(frame.level, frame.unit, strict=True)))
    plain = reason.copy()
    complementary(frame, declared, units, plain)
    found_parts = list(parts(frame, declared, units, rules, reason))
    for part in found_parts:
        part.plain = np.asarray(  # type: ignore[attr-defined]
            [
                c
                for c, mine in enumerate(part.rows)
                if mine and (c in set(part.loose) or is_hidden(plain[mine]).any())
            ],
            np.int64,
        )
    return found_parts


def compare(part: Part) -> None:
    """What other ways of hiding leave exposed: sensitive cells an attacker can narrow too far."""
    system = part.system
    ways = {
        "primary rules only": np.flatnonzero(system.state == HIDDEN),
        "plain complementary step": part.plain,  # type: ignore[attr-defined]
    }
    for name, hidden in ways.items():
        open_cells = exposed(publish_as(system, hidden))
        known = sum(f.low == f.high for f in open_cells)
        more = len(hidden) - int((system.state == HIDDEN).sum())
        print(f"  {name:<28} {more:>5} more hidden, {len(open_cells):>5} exposed, {known} exactly known")
    base = DisclosureSettings().public.rounding_base
    rounded = np.floor(system.x / base + 0.5).astype(np.int64) * base
    only = replace(
        system,
        state=np.where(system.state == FREE, FREE, 1).astype(np.uint8),
        shown_lower=np.maximum(rounded - base // 2, 0),
        shown_upper=rounded + (base - 1) // 2,
    )
    open_cells = exposed(only)
    print(f"  {'rounding only, nothing hidden':<28} {0:>5} more hidden, {len(open_cells):>5} exposed")


def prove(all_parts: list[Part]) -> None:
    """Suppression and verification of every year, with shares and times."""
    began, checked, cells, first, loose, second = time.perf_counter(), 0.0, 0, 0, 0, Counter[str]()
    processor = time.process_time()
    for part in all_parts:
        system = part.system
        mine = system.state != FREE
        loose += len(part.loose)
        cells += int(mine.sum()) - len(part.loose)
        first += int((system.state == HIDDEN).sum()) - len(part.loose)
        outcome = suppress(system)
        second.update(system.names[c][1] for c in outcome.secondary.tolist())
        start = time.perf_counter()
        assert not verify(system, outcome.certificates), "not proven"
        checked += time.perf_counter() - start
    wall = time.perf_counter() - began
    more = sum(second.values())
    above = more - second["school"]
    used = time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  {'proven pattern':<28} {more:>5} more hidden,     0 exposed")
    print(f"  {cells} cells, and {loose} of boards not tied to the rest: not published")
    print(
        f"  primary {first / cells:.1%}; secondary {more / cells:.2%}, {above} above school: {dict(second)}"
    )
    print(f"  {wall:.1f} s, {checked:.1f} s of it verification; {used:.1f} s of processor")
    print(f"  {memory:.2f} GB")


def main() -> None:
    """Runs one configuration."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schools", type=int, default=600)
    parser.add_argument("--per-town", type=int, default=40)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--items", type=int, default=13)
    parser.add_argument("--no-comparison", action="store_true")
    args = parser.parse_args()
    print(f"{args.schools} schools, {args.years} year(s), {args.items} items above school level")
    found = load(args)
    if not args.no_comparison:
        compare(found[0])
    prove(found)


if __name__ == "__main__":
    main()

"""How well children without a BSN are found again, in a made-up town of which the truth is known.

    python bench/bench_linkage.py [CHILDREN]

Moves, typing errors, twins and wrong birth dates are planted (tests/integration/linkage_town.py). A quarter
of the schools gives a BSN; of the pupils of the others it is not known. Precision: share of the links to a
child with care that are right. Recall: share of the pupils with care that are found.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "integration")]


def main() -> None:
    """With names on the care side (JW301) and without, by equality alone and with the model."""
    from linkage_town import Errors, make_children, make_town

    from zorgdata.linkage import LinkOptions, link, measure

    size = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    print(f"{size:,} children, 12 schools, 3 of which give a BSN")
    print("care side       how        precision   recall   measured on hidden BSNs   seconds")
    for names in (True, False):
        for probabilistic in (False, True):
            town = make_town(
                make_children(size, 1), 101, Errors(), bsn_schools=frozenset({0, 1, 2}), care_names=names
            )
            options = LinkOptions(probabilistic=probabilistic)
            start = time.perf_counter()
            links = link(town.connection, options).resolution.links
            seconds = time.perf_counter() - start
            made = [one for one in links if one.person_id in town.care]
            right = sum(town.care[one.person_id] in town.pupils[one.child_id] for one in made)
            in_care = {child.number for child in town.children if child.in_care}
            findable = sum(
                bool(numbers & in_care)
                for child_id, numbers in town.pupils.items()
                if child_id not in town.care
            )
            own = measure(town.connection, options)
            measured = f"{own.precision or 0:.1%} and {own.recall or 0:.1%}"
            side, how = "with names" if names else "without names", "model" if probabilistic else "equality"
            print(
                f"{side:<15} {how:<9} {right / len(made):10.1%} {right / findable:8.1%}   "
                f"{measured:<23} {seconds:9.1f}"
            )
            town.connection.close()


if __name__ == "__main__":
    main()

"""Sums of hours, days and euros that their contributions do not make."""

from typing import Any

import numpy as np

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure.assess import declared_metrics
from zorgdata.disclosure.contributions import contributions
from zorgdata.disclosure.families import family
from zorgdata.limits import PublicRules

# Every figure of every unit and period, not only what goes out.
BY_PUPIL = ("care_days", "timed_care_days", "hours_assigned", "provider_days")
EVERYTHING = PublicRules(table_set="all", periods="all", ground="a test of all figures")


def unexplained(connection: Any) -> tuple[int, list[str]]:
    """How many sums there are, and those whose contributions are not known or make something else."""
    known = declared_metrics(connection, None)
    frame, _ = frames.load(connection, EVERYTHING, known)
    asked = np.zeros(len(frame), bool)
    for metric, rows in frame.by_metric().items():
        # What no family is known of counts as dominated anyway, and so do days of care per payer.
        of = [
            family(metric, frame.dimension[row]) is not None
            and not (metric in BY_PUPIL and frame.level[row] == "responsible_municipality")
            for row in rows.tolist()
        ]
        asked[rows] = known[metric].weighed & (frame.value[rows] > 0) & np.asarray(of, bool)
    found = contributions(connection, frame, asked)
    # A market without providers has no largest; collective supply alone has no children.
    missing = asked & np.isnan(found.one)
    return int(asked.sum()), [
        "|".join((*frame.table(row), frame.level[row], frame.unit[row], f"{frame.value[row]}"))
        for row in np.flatnonzero(missing).tolist()
    ]

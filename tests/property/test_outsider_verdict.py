"""The gate and an outsider come to the same verdict wherever the outsider knows as much as the attacker."""

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_small as small

from zorgdata.disclosure.attack import exposed
from zorgdata.disclosure.declare import declared
from zorgdata.disclosure.folder import check
from zorgdata.disclosure.ledger import Anchors, Ledger
from zorgdata.disclosure.model import parts
from zorgdata.disclosure.present import present
from zorgdata.disclosure.primary import primary
from zorgdata.disclosure.prove import prove
from zorgdata.disclosure.release import facts
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.system import HIDDEN, SHOWN
from zorgdata.disclosure.table import Cell
from zorgdata.disclosure.units import of
from zorgdata.limits import PublicRules

# Of children who sit at home nobody knows out of how many: inside and outside know the same.
METRIC = "home_sitters"
RULES = PublicRules()
school = st.tuples(
    st.one_of(st.integers(0, 14), st.integers(0, 60)),
    st.just(0),
    st.sampled_from("AB"),
    st.sampled_from(["BO", "SO"]),
    st.sampled_from("xyz"),
)


def released(schools):
    """The judged release of a little region, its cells as published, and what the package says."""
    frame, attributes = small.frame_of(schools)
    frame.metric[:] = [METRIC] * len(frame)
    frame.denominator[:] = np.nan
    frame.build_index()
    known = declared([METRIC])
    units = of(attributes, set(zip(frame.level, frame.unit, strict=True)))
    reason = primary(frame, known, RULES)
    (part,) = parts(frame, known, units, RULES, reason)
    proven = prove(part)
    for cell in np.flatnonzero(proven.part.system.state == HIDDEN).tolist():
        for row in proven.part.rows[cell]:
            reason[row] = reason[row] or Reason.SECONDARY
    judged = SimpleNamespace(
        frame=frame,
        declared=known,
        rules=RULES,
        reason=reason,
        units=units,
        proofs=[(proven.part, proven.outcome)],
        withheld=proven.withheld,
        past=Ledger(),
        anchors=Anchors.none(len(frame)),
    )
    return judged, cells_of(judged, reason), facts(judged), proven.outcome


def cells_of(judged, reason):
    frame = judged.frame
    shown = present(frame, judged.declared, RULES, reason)
    return [
        Cell(
            frame.metric[r],
            frame.level[r],
            frame.unit[r],
            frame.period[r],
            frame.reference[r],
            frame.dimension[r],
            frame.item[r],
            None if np.isnan(shown.value[r]) else float(shown.value[r]),
            shown.display[r],
            shown.status[r],
        )
        for r in range(len(frame))
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(school, min_size=2, max_size=10))
def test_gate_and_outsider_judge_every_release_alike(schools):
    judged, cells, block, outcome = released(schools)
    assume(not judged.withheld and not outcome.capped)
    honest = check(block, cells, answering=True)
    assert honest.findings == []
    block["narrowed"] = list(honest.narrowed)
    assert check(block, cells).findings == []
    part = judged.proofs[0][0]
    for cell in np.flatnonzero(part.system.state == HIDDEN).tolist():
        (row,) = part.rows[cell]
        x = int(part.system.x[cell])
        if x in (8, 9):
            continue  # published as 10, which nobody outside can tell from the 10 of ten children
        state = part.system.state.copy()
        state[cell] = SHOWN
        refused = x < RULES.threshold or bool(exposed(replace(part.system, state=state)))
        reason = judged.reason.copy()
        reason[row] = Reason.NONE
        found = check(block, cells_of(judged, reason), answering=not refused).findings
        assert bool(found) == refused, (part.system.names[cell], found)
        if found:
            assert found[0].cell.startswith(f"{METRIC}|")

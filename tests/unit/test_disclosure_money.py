"""Sums of euros and shares of them: what adds up, what stands beside it, and how it is shown."""

import numpy as np

from zorgdata.disclosure.declare import Kind, declared
from zorgdata.disclosure.frame import Frame
from zorgdata.disclosure.model import parts
from zorgdata.disclosure.present import present
from zorgdata.disclosure.primary import primary, shadow
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.units import of
from zorgdata.limits import PublicRules

RULES = PublicRules()
REGION = ("region", "region")


def frame_of(cells) -> Frame:
    """A frame of (metric, level, unit, dimension, item, value, denominator, children)."""
    columns = list(zip(*cells, strict=True))
    numbers = [np.asarray(c, np.float64) for c in columns[5:]]
    n = len(cells)
    frame = Frame(
        *(list(columns[k]) for k in range(3)),
        ["2024-2025"] * n,
        [""] * n,
        list(columns[3]),
        list(columns[4]),
        numbers[0],
        numbers[0] * np.where(np.isnan(numbers[1]), 1.0, numbers[1]),
        numbers[1],
        numbers[2],
        ["ok"] * n,
    )
    frame.build_index()
    return frame


def systems(frame):
    """The systems of a frame without schools, after nothing was hidden."""
    units = of({}, set(zip(frame.level, frame.unit, strict=True)))
    known = declared(sorted(set(frame.metric)))
    return list(parts(frame, known, units, RULES, np.zeros(len(frame), np.uint8)))


def equations(frame):
    """Every relation as a set of (table, coefficient), without slack."""
    found = []
    for part in systems(frame):
        s = part.system
        for r in range(len(s.rhs)):
            at = np.flatnonzero(s.row == r)
            found.append({(s.names[s.col[k]][0], int(s.coef[k])) for k in at})
    return found


def cost(dimension, item, value, metric="care_cost_assigned"):
    return (metric, *REGION, dimension, item, value, np.nan, 200)


def test_every_euro_has_one_form():
    forms = [cost("care_form", "a", 4e6), cost("care_form", "b", 5e6)]
    (only,) = equations(frame_of([cost("", "", 9e6), *forms]))
    name = "care_cost_assigned 2024-2025"
    assert only == {(name, 1), (f"{name} care_form a", -1), (f"{name} care_form b", -1)}


def test_other_payers_stand_beside_the_total_and_the_own_one_is_the_total():
    payers = [cost("funder", "jeugdwet", 9e6), cost("funder", "wmo", 1e6), cost("funder", "swv", 20e6)]
    (only,) = equations(frame_of([cost("", "", 9e6), *payers]))
    name = "care_cost_assigned 2024-2025"
    assert only == {(name, -1), (f"{name} funder jeugdwet", 1)}


def test_individual_supply_is_the_same_sum_in_both_figures():
    by = "cost_by_municipality_assigned"
    cells = [
        cost("", "", 9e6),
        cost("", "", 10e6, by),
        cost("provision_kind", "individueel", 9e6, by),
        cost("provision_kind", "collectief", 1e6, by),
    ]
    found = equations(frame_of(cells))
    name = f"{by} 2024-2025"
    whole = {(name, 1), *((f"{name} provision_kind {k}", -1) for k in ("individueel", "collectief"))}
    same = {(f"{name} provision_kind individueel", 1), ("care_cost_assigned 2024-2025", -1)}
    assert whole in found
    assert same in found
    assert len(found) == 2


def home(metric, dimension, item, value):
    return (metric, *REGION, dimension, item, value, np.nan, value)


def test_a_table_that_equals_another_is_still_a_part_of_its_own_total():
    """What is left of a total without it would be known, and give it away."""
    long = "home_sitters_gt3m"
    cells = [home("home_sitters", "", "", 50), home(long, "", "", 32)]
    cells += [home("home_sitters", "age_group", "12-15", 30), home("home_sitters", "age_group", "16-17", 20)]
    cells += [home(long, "age_group", "12-15", 12), home(long, "age_group", "16-17", 20)]
    name = f"{long} 2024-2025"
    equal = "home_sitters 2024-2025 age_group 16-17"
    assert {(name, 1), (f"{name} age_group 12-15", -1), (equal, -1)} in equations(frame_of(cells))


def test_equal_parts_of_one_breakdown_are_two_parts():
    cells = [home("home_sitters", "", "", 40)]
    cells += [home("home_sitters", "age_group", age, 20) for age in ("12-15", "16-17")]
    (part,) = systems(frame_of(cells))
    assert len(part.system.x) == 3
    assert sorted(part.system.coef.tolist()) == [-1, -1, 1]


def test_equal_small_numbers_of_unrelated_figures_are_chance():
    """What bounds one does not bound the other; from T on, and where one stands on the other, it does."""
    for value, apart in ((3, 2), (30, 1)):
        cells = [home("home_sitters", "age_group", "4-7", value)]
        cells.append(home("absolute_absence", "age_group", "8-11", value))
        (part,) = systems(frame_of(cells))
        assert len(part.system.x) == apart


def test_a_part_that_equals_a_shallower_table_is_judged_with_its_total():
    def share(dimension, item, top):
        return ("short_indication_share", *REGION, dimension, item, top / 400, 400, top)

    cells = [home("home_sitters", "", "", 60), share("", "", 90)]
    cells += [share("care_form", "a", 60), share("care_form", "b", 30)]
    cells += [("care_pupils", *REGION, "", "", 300, np.nan, 300)]
    shallow, deep = systems(frame_of(cells))
    assert (shallow.depth, deep.depth) == (0, 1)
    names = {name[0] for name in deep.system.names}
    assert "short_indication_share 2024-2025 care_form a" in names
    # It is the same figure in both: hidden in one it is hidden in the other.
    (here,) = (r for n, r in zip(deep.system.names, deep.rows, strict=True) if n[0].endswith("care_form a"))
    (there,) = (r for n, r in zip(shallow.system.names, shallow.rows, strict=True) if "sitters" in n[0])
    assert set(here) == set(there)


def test_a_layer_without_finer_cells_keeps_its_types_of_school():
    def of_unit(level, unit, value):
        return ("care_days", level, unit, "", "", value, np.nan, 200)

    cells = [of_unit("region", "region", 9000), of_unit("school_type", "BO", 5000)]
    cells += [
        of_unit("school_type", "VO", 4000),
        of_unit("swv", "PO9901", 5000),
        of_unit("swv", "VO9901", 4000),
    ]
    frame = frame_of(cells)
    schools = {"S1": ("BO", "PO9901"), "S2": ("VO", "VO9901")}
    attributes = {s: {"school_type": t, "swv": w} for s, (t, w) in schools.items()}
    units = of(attributes, set(zip(frame.level, frame.unit, strict=True)))
    known = declared(["care_days"])
    (part,) = parts(frame, known, units, RULES, np.zeros(len(frame), np.uint8))
    assert {part.system.names[c][1] for c in part.loose} == {"swv"}
    assert part.kinds == [("region", "school_type")]


def test_a_share_of_money_is_a_percentage_and_goes_dark_with_either_sum():
    share, by = "cost_municipality_share_assigned", "cost_by_municipality_assigned"
    cells = [
        ("care_pupils", *REGION, "", "", 200, np.nan, 200),
        cost("", "", 10e6, by),
        cost("responsible_municipality", "9901", 2.4e6, by),
        (share, *REGION, "responsible_municipality", "9901", 0.24, 10e6, 200),
    ]
    frame, known = frame_of(cells), declared(["care_pupils", by, share])
    assert known[share].kind is Kind.QUANTILE
    reason = np.zeros(4, np.uint8)
    assert present(frame, known, RULES, reason).display[3] == "24\u00a0%"
    for hidden in (1, 2):
        reason = np.zeros(4, np.uint8)
        reason[hidden] = Reason.DOMINANCE
        shadow(frame, known, reason)
        assert reason[3] == Reason.SHADOW


def test_euros_per_child_are_given_in_hundreds():
    cells = [
        ("pupils_ever", *REGION, "", "", 900, np.nan, 900),
        ("transport_cost", *REGION, "", "", 3978.4, 120, 120),
    ]
    frame, known = frame_of(cells), declared(["pupils_ever", "transport_cost"])
    shown = present(frame, known, RULES, np.zeros(2, np.uint8))
    assert shown.display[1] == "€\u00a04.000"
    # Without knowing who contributes it counts as dominated.
    assert primary(frame, known, RULES)[1] == Reason.DOMINANCE


def test_structure_of_few_children_is_given_in_fives():
    def school(unit, children, effective):
        return ("effective_providers", "school", unit, "", "", effective, np.nan, children)

    frame = frame_of([school("A", 12, 3.37), school("B", 60, 3.37)])
    shown = present(frame, declared(["effective_providers"]), RULES, np.zeros(2, np.uint8))
    assert shown.display == ["3,5", "3,4"]

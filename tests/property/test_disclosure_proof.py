"""The proof of protection against enumeration, a second solver, random regions and known bad patterns."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region
import duckdb
from disclosure_small import part_of

from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.attack import attack, exposed
from zorgdata.disclosure.suppress import suppress
from zorgdata.disclosure.system import FREE, HIDDEN, SHOWN, Certificates, build
from zorgdata.disclosure.verify import verify

school = st.tuples(
    st.integers(0, 60),
    st.integers(0, 120),
    st.sampled_from("AB"),
    st.sampled_from(["BO", "SO"]),
    st.sampled_from("xyz"),
).map(lambda s: (min(s[0], s[0] + s[1]), s[0] + s[1], *s[2:]))
regions = st.lists(school, min_size=1, max_size=12)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def solved(schools, names=None):
    part = part_of(schools, names)
    outcome = suppress(part.system)
    return part.system, outcome


@RELAXED
@given(regions)
def test_every_release_is_proven_and_the_attacker_agrees(schools):
    system, outcome = solved(schools)
    assert outcome.unprotected == ()
    assert verify(system, outcome.certificates) == []
    assert exposed(system) == []


@RELAXED
@example(
    [(9, 9, "B", "BO", "y"), (11, 21, "A", "BO", "y"), (13, 23, "A", "SO", "x"), (13, 27, "B", "SO", "y")]
)
@given(regions)
def test_showing_any_hidden_cell_makes_the_verifier_refuse(schools):
    system, outcome = solved(schools)
    for cell in np.flatnonzero(system.state == HIDDEN):
        state = system.state.copy()
        state[cell] = SHOWN
        assert verify(replace(system, state=state), outcome.certificates), system.names[cell]


@RELAXED
@given(regions, st.randoms(use_true_random=False))
def test_other_order_and_other_names_give_the_same_pattern(schools, random):
    system, _ = solved(schools)
    names = [f"S{k}" for k in range(len(schools))]
    order = list(range(len(schools)))
    random.shuffle(order)
    other, _ = solved([schools[k] for k in order], [names[k] for k in order])
    assert pattern(other) == pattern(system)
    renamed, _ = solved(schools, [f"Q{k}" for k in order])
    # Schools that nothing tells apart may change places; what is hidden may not.
    assert anonymous(renamed) == anonymous(system)


def pattern(system):
    return {n[1:] for n, s in zip(system.names, system.state, strict=True) if s == HIDDEN}


def anonymous(system):
    hidden = np.flatnonzero(system.state == HIDDEN)
    return sorted((system.names[c][1], int(system.x[c]), int(system.upper[c])) for c in hidden)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(4, 16), st.integers(0, 3), st.integers(0, 10**6))
def test_random_hierarchies_with_items_years_and_sums_are_proven(schools, categories, seed):
    connection = duckdb.connect()
    found = region.schools(schools, seed=seed, per_town=4)
    region.fill(connection, found, region.figures(found, seed=seed + 1, items=categories))
    judged = assess(connection, "public", processes=1)
    assert judged.proofs
    for part, outcome in judged.proofs:
        assert verify(part.system, outcome.certificates) == []
        assert exposed(part.system) == []
        for cell in np.flatnonzero(part.system.state == HIDDEN)[:20]:
            state = part.system.state.copy()
            state[cell] = SHOWN
            low = part.system.need_lower[cell] < part.system.shown_lower[cell]
            high = part.system.need_upper[cell] > part.system.shown_upper[cell]
            if low or high:
                assert verify(replace(part.system, state=state), outcome.certificates)


def tables(system):
    """Every whole-number table that agrees with what is published, one a row, by trying all leaves."""
    low, high = system.bounds()
    leaves = [c for c in range(system.size) if not ((system.col == c) & (system.coef > 0)).any()]
    grids = np.meshgrid(*(np.arange(low[c], high[c] + 1) for c in leaves), indexing="ij")
    y = np.zeros((grids[0].size, system.size), np.int64)
    for c, grid in zip(leaves, grids, strict=True):
        y[:, c] = grid.ravel()
    known = set(leaves)
    while len(known) < system.size:
        for r in range(len(system.rhs)):
            terms, coefficients = system.col[system.row == r], system.coef[system.row == r]
            missing = [c for c in terms if c not in known]
            if len(missing) == 1:
                (c,) = missing
                rest = sum(k * y[:, t] for k, t in zip(coefficients, terms, strict=True) if t != c)
                y[:, c] = (system.rhs[r] - rest) * coefficients[list(terms).index(c)]
                known.add(c)
    fits = ((y >= low) & (y <= high)).all(axis=1)
    for r in range(len(system.rhs)):
        mine = system.row == r
        fits &= y[:, system.col[mine]] @ system.coef[mine] == system.rhs[r]
    return y[fits]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 24), st.sampled_from([22, 26]), st.sampled_from("AB"), st.just("BO"), st.just("x")
        ),
        min_size=2,
        max_size=4,
    )
)
def test_claimed_intervals_are_those_of_enumeration(schools):
    system, outcome = solved([(min(x, d), d, *rest) for x, d, *rest in schools])
    every = tables(system)
    sensitive = system.sensitive()
    for finding, cell in zip(attack(system, sensitive.tolist(), whole=True), sensitive, strict=True):
        assert (finding.low, finding.high) == (every[:, cell].min(), every[:, cell].max())
        assert every[:, cell].min() <= system.need_lower[cell]
        assert every[:, cell].max() >= system.need_upper[cell]
    known = {tuple(y) for y in every.tolist()}
    for cells, moves in outcome.certificates.tables:
        y = system.x.copy()
        y[cells] += moves
        assert tuple(y.tolist()) in known


@settings(max_examples=15, deadline=None)
@given(regions)
def test_another_solver_finds_the_same_limits(schools):
    system, _ = solved(schools)
    low, high = system.bounds()
    matrix = np.zeros((len(system.rhs), system.size))
    np.add.at(matrix, (system.row, system.col), system.coef)
    hidden = np.flatnonzero(system.state == HIDDEN)
    for finding, cell in zip(attack(system, hidden.tolist()), hidden, strict=True):
        for sign, end in ((1, finding.low), (-1, finding.high)):
            cost = np.zeros(system.size)
            cost[cell] = sign
            other = linprog(
                cost,
                A_eq=matrix if len(matrix) else None,
                b_eq=system.rhs if len(matrix) else None,
                bounds=np.column_stack([low, high]),
            )
            found = sign * other.fun
            assert end == (np.ceil(found - 1e-6) if sign > 0 else np.floor(found + 1e-6))


def plain(schools):
    """Primary suppression only, no certificates."""
    return part_of(schools).system


def test_two_small_schools_whose_sum_is_small_are_not_protected_by_hiding_both():
    schools = [(2, 60, "A", "BO", "x"), (2, 60, "A", "BO", "x"), (15, 60, "A", "BO", "x")]
    system = plain(schools)
    assert {f.name[2] for f in exposed(system)} == {"S0", "S1"}
    system, outcome = solved(schools)
    assert len(outcome.secondary) > 0
    assert exposed(system) == []


def test_three_singletons_under_a_shown_total():
    schools = [(1, 80, "A", "BO", "x")] * 3 + [(30, 80, "A", "BO", "x")]
    assert len(exposed(plain(schools))) == 3
    system, _ = solved(schools)
    assert exposed(system) == []


def test_a_municipality_with_one_school_is_hidden_with_it():
    schools = [(4, 90, "A", "BO", "x"), *[(20 + k, 90, "B", "BO", "x") for k in range(6)]]
    system, _ = solved(schools)
    assert {("school", "S0"), ("school_municipality", "A"), ("municipality_type", "A|BO")} <= pattern(system)
    assert exposed(system) == []


def test_a_board_that_is_a_difference_of_tables():
    # Board y is town A without S0: its total and the town's give S0 away unless something more is hidden.
    schools = [
        (3, 90, "A", "BO", "x"),
        (25, 90, "A", "BO", "y"),
        (35, 90, "A", "BO", "y"),
        (40, 90, "B", "BO", "z"),
    ]
    assert exposed(plain(schools))
    system, outcome = solved(schools)
    assert len(outcome.secondary) > 0
    assert exposed(system) == []


@pytest.mark.parametrize(
    "schools",
    [
        [(95, 100, "A", "BO", "x"), (20, 100, "A", "BO", "x")],
        [(0, 100, "A", "BO", "x"), (0, 90, "A", "BO", "x"), (20, 100, "A", "BO", "x")],
        [(1, 30, "A", "BO", "x")] * 4,
        [(4, 40, "A", "BO", "x")],
        [(0, 0, "A", "BO", "x"), (12, 12, "A", "SO", "x"), (190, 200, "B", "SO", "x")],
        [(188, 200, "A", "SO", "x"), (3, 200, "B", "BO", "x"), (60, 200, "B", "BO", "x")],
    ],
    ids=["95 percent", "zeros", "all hidden", "one school", "empty and full", "top-coded"],
)
def test_corners(schools):
    system, outcome = solved(schools)
    assert outcome.unprotected == ()
    assert verify(system, outcome.certificates) == []
    assert exposed(system) == []


def test_what_is_known_already_caps_what_can_be_asked():
    part = part_of([(3, 90, "A", "BO", "x"), (30, 90, "A", "BO", "x")])
    system = part.system
    # Both schools are in one town, and an earlier release told 30 of the second and 35 of the town.
    known = [c for c, n in enumerate(system.names) if n[2] != "S0"]
    for low, high in ((system.lower, system.upper), (system.shown_lower, system.shown_upper)):
        low[known], high[known] = system.x[known] - 1, system.x[known] + 1
    outcome = suppress(system)
    small = next(c for c, n in enumerate(system.names) if n[2] == "S0")
    assert outcome.capped == (small,)
    assert outcome.unprotected == ()
    assert (system.need_lower[small], system.need_upper[small]) == (1, 5)
    assert verify(system, outcome.certificates) == []


def little():
    """Total = a + b + slack: one shown total, a small and a larger part."""
    columns = {
        "x": [20, 3, 17, 0],
        "lower": [0, 0, 0, 0],
        "upper": [60, 30, 30, 9],
        "shown_lower": [18, 10, 13, 0],
        "shown_upper": [22, 12, 17, 0],
        "need_lower": [20, 0, 17, 0],
        "need_upper": [20, 10, 17, 0],
        "state": [SHOWN, HIDDEN, HIDDEN, FREE],
        "weight": [100, 1, 1, 0],
        "cluster": [-1, -1, -1, -1],
    }
    names = [("t", "region", "r"), ("t", "school", "a"), ("t", "school", "b"), ("", "slack", "0")]
    return build(names, {k: np.array(v) for k, v in columns.items()}, [([0, 1, 2, 3], [1, -1, -1, -1])])


def test_the_verifier_checks_every_part_of_a_certificate():
    system = little()
    good = Certificates(
        [(np.array([1, 2]), np.array([-3, 3])), (np.array([1, 2]), np.array([7, -7]))], {1: 0}, {1: 1}
    )
    assert verify(system, good) == []
    spoiled = {
        "does not add up": [(np.array([1, 2]), np.array([-3, 2])), good.tables[1]],
        "outside a published interval": [good.tables[0], (np.array([0, 1]), np.array([7, 7]))],
        "below zero": [(np.array([1, 2]), np.array([-4, 4])), good.tables[1]],
        "not far enough": [good.tables[0], (np.array([1, 2]), np.array([6, -6]))],
        "fractions": [(np.array([1, 2]), np.array([-3.0, 3.0])), good.tables[1]],
        "a cell named twice": [(np.array([1, 1, 2]), np.array([-3, -3, 3])), good.tables[1]],
    }
    for why, found in spoiled.items():
        assert verify(system, Certificates(found, {1: 0}, {1: 1})), why
    assert verify(system, Certificates(good.tables, {1: 0}, {}))
    assert verify(replace(system, rhs=system.rhs + 1), good)
    assert verify(replace(system, shown_upper=system.shown_upper - 4), good)


def test_the_verifier_stands_alone():
    # The package itself loads nothing; whatever else is there afterwards the verifier brought along.
    code = (
        "import sys, zorgdata.disclosure.verify;"
        "roots = {m.partition('.')[0] for m in sys.modules if not m.startswith('_')};"
        "print(sorted(roots - set(sys.stdlib_module_names) - {'numpy', 'zorgdata'}));"
        "print(sorted(m for m in sys.modules if m.startswith('zorgdata')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    strangers, ours = (set(ast.literal_eval(line)) for line in ran.stdout.splitlines())
    assert ours == {"zorgdata", "zorgdata.disclosure", "zorgdata.disclosure.verify"}
    assert strangers == set()

"""Which more cells must be hidden, and integer certificates that it is enough.

For every sensitive cell two tables are sought that agree with everything published: one with the cell at its
low end, one at its high end. First joint programmes that serve many cells at once without hiding anything;
then, per cell and direction that is left, the cheapest cells to hide; at last every hidden cell that turns
out not to be needed is shown again.

Moves are sought near the cell first, all else at its true value: what is possible there is possible at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from zorgdata.disclosure.attack import attack
from zorgdata.disclosure.keep import Found, Kept, key_of, print_of
from zorgdata.disclosure.movers import Floats, Movers, Target
from zorgdata.disclosure.search import Search
from zorgdata.disclosure.system import HIDDEN, SHOWN, Certificates, Ints, System, canonical, components

_PASSES = 12
_TRIES = 6
_JOINT_LIMIT = 30_000


@dataclass(frozen=True)
class Outcome:
    """Cells hidden to protect others, certificates, and (cell, direction) no hiding protects as asked.

    What was hidden for others before, stays hidden and is still needed is among ``secondary``.
    ``capped``: cells of which earlier releases already tell more than may be told; they keep what is left.
    ``found``: the same by connected part, to be kept for a next time.
    """

    secondary: Ints
    certificates: Certificates
    unprotected: tuple[tuple[int, int], ...] = ()
    capped: tuple[int, ...] = ()
    found: Mapping[str, Found] = field(default_factory=dict)


Solve = Callable[[Sequence[tuple[System, str]]], list[Found]]
"""Solves connected parts, each with its fingerprint, wherever there is time for it."""


def solve_all(parts: Sequence[tuple[System, str]]) -> list[Found]:
    """Solves connected parts one after the other."""
    return [_solved(part, print_) for part, print_ in parts]


def suppress(system: System, kept: Kept | None = None, solve: Solve = solve_all) -> Outcome:
    """Completes the pattern of a system; its ``state`` is changed in place for what must be hidden too.

    The result depends on figures and structure only: not on names, order of input, or the clock. ``kept``:
    what was found before for parts that may not have changed.
    """
    secondary: list[int] = []
    certificates = Certificates()
    unprotected: list[tuple[int, int]] = []
    capped: list[int] = []
    new: dict[str, Found] = {}
    sensitive = np.zeros(system.size, bool)
    sensitive[system.sensitive()] = True
    asked: list[tuple[Ints, System, str, str]] = []
    for cells, rows in components(system):
        if not sensitive[cells].any():
            continue
        part = system.take(cells, rows)
        if (part.state == SHOWN).any():
            asked.append((cells, part, key_of(part), print_of(part)))
            continue
        # Nothing of it is published, so nothing can be derived from what is published.
        system.need_lower[cells] = system.need_upper[cells] = system.x[cells]
        if kept is not None and len(rows):
            before = kept.dark(key_of(part), print_of(part))
            new |= before
            secondary += [int(cells[c]) for f in before.values() for c in f.secondary]
    known = [kept.take(part, key, print_) if kept else None for _, part, key, print_ in asked]
    left = [(part, print_) for (_, part, _, print_), found in zip(asked, known, strict=True) if found is None]
    solved = iter(solve(left))
    for (cells, part, key, _), taken in zip(asked, known, strict=True):
        found = taken or next(solved)
        if kept is not None:
            found = kept.still(part, key, found)
        new[key] = found
        secondary += cells[found.secondary].tolist()
        offset = len(certificates.tables)
        certificates.tables += [(cells[c], d) for c, d in found.certificates.tables]
        for mine, theirs in (
            (certificates.low, found.certificates.low),
            (certificates.high, found.certificates.high),
        ):
            mine.update({int(cells[c]): k + offset for c, k in theirs.items()})
        unprotected += [(int(cells[c]), sign) for c, sign in found.unprotected]
        for cell, low, high in found.needs:
            system.need_lower[cells[cell]], system.need_upper[cells[cell]] = low, high
            capped.append(int(cells[cell]))
    hidden = np.asarray(sorted(secondary), np.int64)
    system.state[hidden] = HIDDEN
    return Outcome(hidden, certificates, tuple(sorted(unprotected)), tuple(sorted(capped)), new)


def _solved(part: System, print_: str) -> Found:
    """Solves a connected part in its canonical order."""
    order, row_order = canonical(part)
    run = _Run(part.take(order, row_order))
    run.solve()
    found, s = run.found.compact(), run.system
    return Found(
        print_,
        np.sort(order[np.asarray(run.secondary, np.int64)]),
        Certificates(
            [_sorted(order[c], d) for c, d in found.tables],
            {int(order[c]): k for c, k in found.low.items()},
            {int(order[c]): k for c, k in found.high.items()},
        ),
        tuple(sorted((int(order[c]), sign) for c, sign in run.unprotected)),
        tuple(sorted((int(order[c]), int(s.need_lower[c]), int(s.need_upper[c])) for c in run.capped)),
    )


def _sorted(cells: Ints, moves: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(cells)
    return cells[order], moves[order]


class _Run:
    """One connected part, in canonical order."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.found = Certificates()
        self.secondary: list[int] = []
        self.unprotected: set[tuple[int, int]] = set()
        self.capped: set[int] = set()
        self.cells = system.sensitive()
        self.down = system.x[self.cells] - system.need_lower[self.cells]
        self.up = system.need_upper[self.cells] - system.x[self.cells]
        self.search = Search(system)
        self.origin: dict[int, Target] = {}
        self.noise = np.random.default_rng(20240801)
        # The truth itself serves where nothing is asked in a direction.
        self._record(np.arange(system.size), np.zeros(system.size, np.int64))

    def solve(self) -> None:
        if self.system.size <= _JOINT_LIMIT:
            self._joint(self.search.field(), self._targets())
        if not self.search.small:
            self._joint_by_field()
        for target in self._targets():
            if not self._covered(target):
                self._one(target)
        self._prune()
        self.unprotected -= {(c, -1) for c in self.found.low} | {(c, 1) for c in self.found.high}

    def _joint_by_field(self) -> None:
        for table, targets in self._grouped(self.search.table_of):
            self._joint(self.search.field(table=table), targets)
        for place, targets in self._grouped(self.system.cluster):
            if place >= 0:
                self._joint(self.search.field(place), targets)

    def _record(self, cells: Ints, moves: Ints) -> int:
        """Keeps a table of moves and notes whom it serves for the first time; how many that are."""
        whole = np.zeros(self.system.size, np.int64)
        whole[cells] = moves
        mine = whole[self.cells]
        k = len(self.found.tables)
        before = len(self.found.low) + len(self.found.high)
        for cell in self.cells[mine <= -self.down].tolist():
            self.found.low.setdefault(cell, k)
        for cell in self.cells[mine >= self.up].tolist():
            self.found.high.setdefault(cell, k)
        gained = len(self.found.low) + len(self.found.high) - before
        if gained:
            touched = np.flatnonzero(whole)
            self.found.tables.append((touched, whole[touched]))
        return gained

    def _covered(self, target: Target) -> bool:
        return target.cell in (self.found.high if target.sign > 0 else self.found.low)

    def _targets(self) -> list[Target]:
        """What is still to be served; the farthest first."""
        left = []
        for cell, down, up in zip(self.cells.tolist(), self.down.tolist(), self.up.tolist(), strict=True):
            if cell not in self.found.low and (cell, -1) not in self.unprotected:
                left.append(Target(cell, -1, down))
            if cell not in self.found.high and (cell, 1) not in self.unprotected:
                left.append(Target(cell, 1, up))
        return sorted(left, key=lambda t: (-t.distance, t.cell, t.sign))

    def _grouped(self, by: Ints) -> list[tuple[int, list[Target]]]:
        groups: dict[int, list[Target]] = {}
        for target in self._targets():
            groups.setdefault(int(by[target.cell]), []).append(target)
        return sorted(groups.items())

    def _joint(self, movers: Movers, targets: list[Target]) -> None:
        """Programmes for many targets at once, until one brings little."""
        idle = 0
        for _ in range(_PASSES):
            left = [t for t in targets if not self._covered(t)]
            if not left:
                return
            chosen = self._one_way(left)
            weights: Floats = self.noise.uniform(0.5, 1.5, len(chosen))
            moves = self.search.together(movers, chosen, weights)
            gained = 0 if moves is None else self._record(movers.cells, moves)
            idle = idle + 1 if gained <= len(left) // 50 else 0
            if idle >= 2:
                return

    def _one_way(self, targets: Sequence[Target]) -> list[Target]:
        """One direction per cell; where both are open a coin decides, the same on every machine."""
        coin = self.noise.integers(0, 2, self.system.size)
        chosen: dict[int, Target] = {}
        for target in targets:
            if target.cell not in chosen or coin[target.cell] == (target.sign > 0):
                chosen[target.cell] = target
        return list(chosen.values())

    def _keep(self, table: tuple[Ints, Ints] | None) -> bool:
        """Records a table that was found; False when there is none."""
        if table is not None:
            self._record(*table)
        return table is not None

    def _one(self, target: Target) -> None:
        """Serves one target, hiding more where nothing else helps: near it first, then anywhere."""
        if self._search(target):
            return
        nearer = self._cap(target)
        if nearer is None or not self._search(nearer):
            self.unprotected.add((target.cell, target.sign))

    def _cap(self, target: Target) -> Target | None:
        """What is left to ask when even hiding everything would not do: the rest is known already."""
        s = self.system
        dark = replace(s, state=np.where(s.state == SHOWN, HIDDEN, s.state).astype(np.uint8))
        (told,) = attack(dark, [target.cell])
        x, at = int(s.x[target.cell]), int(np.flatnonzero(self.cells == target.cell)[0])
        reach = told.high - x if target.sign > 0 else x - told.low
        if not 0 <= reach < target.distance:
            return None
        self.capped.add(target.cell)
        if target.sign > 0:
            s.need_upper[target.cell], self.up[at] = told.high, reach
        else:
            s.need_lower[target.cell], self.down[at] = told.low, reach
        return Target(target.cell, target.sign, reach)

    def _search(self, target: Target) -> bool:
        if self._keep(self.search.near(target)):
            return True
        for wide in (False, True):
            for _ in range(_TRIES):
                found = self.search.price(target, wide=wide)
                if found is None:
                    break
                paid, table = found
                if len(paid) and not wide and self._keep(self.search.beyond(target)):
                    return True
                if table is None and self._keep(self.search.table(target, wide=wide)):
                    return True
                # Possible in fractions and not in whole numbers: hide the cheapest shown relative.
                cells = paid if len(paid) or table else self.search.relative(target.cell)
                if len(cells):
                    self._set(cells, HIDDEN)
                    self.secondary += cells.tolist()
                    self.origin.update(dict.fromkeys(cells.tolist(), target))
                elif table is None:
                    break
                if self._keep(table):
                    return True
        return False

    def _set(self, cells: Ints, state: int) -> None:
        self.system.state[cells] = state
        self.search.refresh(cells)

    def _prune(self) -> None:
        """Shows again what is not needed, dearest first; and looks again when that found other tables, in
        which what was needed before may not be."""
        s, before = self.system, -1
        while before != len(self.secondary):
            before = len(self.secondary)
            for cell in sorted(self.secondary, key=lambda c: (-s.weight[c], c)):
                self._set(np.asarray([cell]), SHOWN)
                if not self._replace(cell):
                    self._set(np.asarray([cell]), HIDDEN)
            self.secondary = [c for c in self.secondary if s.state[c] == HIDDEN]

    def _replace(self, cell: int) -> bool:
        """Finds other tables for those whose table the shown-again cell rules out; undone when it cannot."""
        s = self.system
        broken = set()
        for k, (cells, moves) in enumerate(self.found.tables):
            at = np.searchsorted(cells, cell)
            there = at < len(cells) and cells[at] == cell
            value = s.x[cell] + (moves[at] if there else 0)
            if not s.shown_lower[cell] <= value <= s.shown_upper[cell]:
                broken.add(k)
        low, high, count = self.found.low, self.found.high, len(self.found.tables)
        self.found.low = {c: k for c, k in low.items() if k not in broken}
        self.found.high = {c: k for c, k in high.items() if k not in broken}
        # First the one it was hidden for: likely the one that cannot do without.
        targets = sorted(self._targets(), key=lambda t: t != self.origin[cell])
        for target in targets:
            if not self._covered(target) and not self._keep(self.search.far(target)):
                self.found.low, self.found.high = low, high
                del self.found.tables[count:]
                return False
        return True

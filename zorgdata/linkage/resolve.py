"""From pairs of children that may be one to who is whom: one person for each child, or a question.

Matching looks at pairs; this looks at what the pairs say together. Two children with a BSN each are two
persons; so are two pupils on one list of one school. When a child could be either of two such persons and
neither is clearly the better, nothing is linked: a wrong link gives a child the care of another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TIERS = ("decided", "exact", "probable", "none")
"""How a child without a BSN was linked: said by a reviewer, by equality, by probability, or not."""


@dataclass(frozen=True)
class Candidate:
    """A pair of children that may be one.

    ``tier`` is the strongest ground for it; ``kin`` is twin or sibling when they rather seem to be two
    children of one household, else empty.
    """

    child_id: str
    other_id: str
    tier: str
    weight: float
    probability: float
    kin: str = ""

    def other(self, child: str) -> str:
        """The other one of the pair."""
        return self.other_id if child == self.child_id else self.child_id


@dataclass(frozen=True)
class Link:
    """Who a child without a BSN is: ``person_id`` is the child with a BSN, else the first of those linked."""

    child_id: str
    person_id: str
    tier: str
    weight: float | None
    probability: float | None


@dataclass(frozen=True)
class Question:
    """A pair that a person has to look at, and why."""

    pair: Candidate
    reason: str


@dataclass(frozen=True)
class Resolution:
    """The links of every child without a BSN, and the questions that are left."""

    links: tuple[Link, ...]
    questions: tuple[Question, ...]


def resolve(
    without_bsn: Iterable[str],
    candidates: Iterable[Candidate],
    lists: Mapping[str, frozenset[tuple[int, str]]],
    *,
    threshold: float,
    margin: float,
) -> Resolution:
    """Link children to persons, the most certain pairs first.

    ``lists`` gives per child the (file, school) lists it stands on. A pair is linked when a reviewer said so;
    when it is exact; or from probability ``threshold`` on. It becomes a question when it looks like twins,
    when a rival of about the same weight (less than ``margin`` bits below) cannot be the same person, or when
    it would put two persons together. Siblings, and two pupils of one list, are no question at all.
    """
    loose = set(without_bsn)
    different = _Different(loose, candidates := list(candidates), lists)
    pairs = sorted((one for one in candidates if _is_open(one, different)), key=_certainty)
    rivals = _Rivals(pairs, different, margin)
    persons = _Persons(loose, lists)
    questions: list[Question] = []
    ground: dict[str, Candidate] = {}
    for pair in pairs:
        reason = ""
        if pair.tier != "decided" and not persons.are_one(pair):
            if not persons.may_join(pair) and _is_settled(pair, ground, margin):
                continue
            reason = _doubt(pair, rivals, threshold)
        if not reason and not persons.join(pair):
            reason = "spreekt een andere koppeling tegen"
        if reason:
            questions.append(Question(pair, reason))
            continue
        for child in (pair.child_id, pair.other_id):
            if child in loose:
                ground.setdefault(child, pair)
    links = [_link(child, persons, ground.get(child)) for child in sorted(loose)]
    return Resolution(tuple(links), tuple(questions))


def _doubt(pair: Candidate, rivals: "_Rivals", threshold: float) -> str:
    """Why a pair is not linked without asking; empty when it is."""
    if pair.kin:
        return "mogelijk een tweeling"
    if rivals.of(pair):
        return "meer dan één kandidaat"
    return "onder de grens" if pair.tier != "exact" and pair.probability < threshold else ""


def _is_settled(pair: Candidate, ground: Mapping[str, Candidate], margin: float) -> bool:
    """Whether one of the two has been linked on a clearly better ground."""
    found = [ground[child] for child in (pair.child_id, pair.other_id) if child in ground]
    return any(one.tier == "decided" or one.weight - pair.weight >= margin for one in found)


def _is_open(pair: Candidate, different: "_Different") -> bool:
    if pair.tier == "decided":
        return True
    return pair.kin != "sibling" and not different.by_list(pair.child_id, pair.other_id)


def _certainty(pair: Candidate) -> tuple[int, float, str, str]:
    return TIERS.index(pair.tier), -pair.weight, pair.child_id, pair.other_id


def _link(child: str, persons: "_Persons", ground: Candidate | None) -> Link:
    if ground is None:
        return Link(child, child, "none", None, None)
    return Link(child, persons.name(child), ground.tier, ground.weight, ground.probability)


class _Different:
    """Which children are known to be two persons."""

    def __init__(
        self,
        loose: set[str],
        candidates: list[Candidate],
        lists: Mapping[str, frozenset[tuple[int, str]]],
    ) -> None:
        self._loose, self._lists = loose, lists
        self._kin = {frozenset((pair.child_id, pair.other_id)) for pair in candidates if pair.kin}

    def by_list(self, one: str, two: str) -> bool:
        """Whether both stand on one list of one school."""
        return bool(self._lists.get(one, frozenset()) & self._lists.get(two, frozenset()))

    def __call__(self, one: str, two: str) -> bool:
        both_known = one not in self._loose and two not in self._loose
        return both_known or frozenset((one, two)) in self._kin or self.by_list(one, two)


class _Rivals:
    """Which children could be either of two different persons."""

    def __init__(self, pairs: list[Candidate], different: _Different, margin: float) -> None:
        self._different, self._margin = different, margin
        self._by_child: dict[str, list[Candidate]] = defaultdict(list)
        for pair in pairs:
            self._by_child[pair.child_id].append(pair)
            self._by_child[pair.other_id].append(pair)

    def of(self, pair: Candidate) -> bool:
        """Whether either child of the pair has another candidate nearly as good who is somebody else."""
        return any(self._doubtful(child, pair) for child in (pair.child_id, pair.other_id))

    def _doubtful(self, child: str, pair: Candidate) -> bool:
        chosen = pair.other(child)
        return any(
            rival.weight > pair.weight - self._margin and self._different(chosen, rival.other(child))
            for rival in self._by_child[child]
            if rival.other(child) != chosen and not rival.kin
        )


class _Persons:
    """Groups of children who are one person; at most one of them has a BSN, and no school list names two."""

    def __init__(self, loose: set[str], lists: Mapping[str, frozenset[tuple[int, str]]]) -> None:
        self._loose, self._lists = loose, lists
        self._group: dict[str, list[str]] = {}

    def are_one(self, pair: Candidate) -> bool:
        """Whether the two have been joined already."""
        return self.name(pair.child_id) == self.name(pair.other_id)

    def may_join(self, pair: Candidate) -> bool:
        """Whether making the two one person puts no two persons together."""
        first, second = self._members(pair.child_id), self._members(pair.other_id)
        if any(c not in self._loose for c in first) and any(c not in self._loose for c in second):
            return False
        return not self._on(first) & self._on(second)

    def join(self, pair: Candidate) -> bool:
        """Make the two one person; False when that would put two persons together."""
        if self.are_one(pair):
            return True
        if not self.may_join(pair):
            return False
        joined = [*self._members(pair.child_id), *self._members(pair.other_id)]
        for child in joined:
            self._group[child] = joined
        return True

    def name(self, child: str) -> str:
        """The child with a BSN in the group, else the first in order."""
        return min(self._members(child), key=lambda member: (member in self._loose, member))

    def _members(self, child: str) -> list[str]:
        return self._group.get(child, [child])

    def _on(self, group: list[str]) -> set[tuple[int, str]]:
        return {entry for child in group for entry in self._lists.get(child, frozenset())}

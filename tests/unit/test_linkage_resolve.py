"""From pairs to persons: what is linked, what is asked, and what may never be one person."""

from typing import Any

import pytest

from zorgdata.linkage.resolve import Candidate, Resolution, resolve


def pair(one: str, two: str, probability: float = 0.99, **columns: Any) -> Candidate:
    """A pair; the weight follows the probability unless it is given."""
    row: dict[str, Any] = {
        "tier": "probable",
        "weight": 10 * probability,
        "probability": probability,
        **columns,
    }
    return Candidate(*sorted((one, two)), **row)


def resolved(
    *pairs: Candidate, loose: str = "p q r s", lists: dict[str, set[tuple[int, str]]] | None = None
) -> Resolution:
    """``p q r s`` have no BSN, ``A B`` have one."""
    frozen = {child: frozenset(entries) for child, entries in (lists or {}).items()}
    return resolve(loose.split(), pairs, frozen, threshold=0.95, margin=3.0)


def persons(resolution: Resolution) -> dict[str, str]:
    """Who is somebody else than itself."""
    return {link.child_id: link.person_id for link in resolution.links if link.person_id != link.child_id}


def reasons(resolution: Resolution) -> list[str]:
    return [question.reason for question in resolution.questions]


def test_every_child_without_bsn_gets_a_row() -> None:
    result = resolved(pair("p", "A"))
    assert [(link.child_id, link.person_id, link.tier) for link in result.links] == [
        ("p", "A", "probable"),
        ("q", "q", "none"),
        ("r", "r", "none"),
        ("s", "s", "none"),
    ]


@pytest.mark.parametrize(("probability", "linked"), [(0.95, True), (0.949, False)])
def test_from_the_threshold_on_a_pair_is_linked(probability: float, linked: bool) -> None:
    result = resolved(pair("p", "A", probability))
    assert bool(persons(result)) is linked
    assert reasons(result) == ([] if linked else ["onder de grens"])


def test_an_exact_pair_needs_no_probability() -> None:
    assert persons(resolved(pair("p", "A", 0.4, tier="exact"))) == {"p": "A"}


def test_two_candidates_with_a_bsn_are_a_question() -> None:
    result = resolved(pair("p", "A", 0.99), pair("p", "B", 0.98))
    assert persons(result) == {}
    assert reasons(result) == ["meer dan één kandidaat"] * 2


def test_a_candidate_that_is_clearly_better_wins() -> None:
    result = resolved(pair("p", "A", 0.999, weight=20.0), pair("p", "B", 0.97, weight=16.9))
    assert persons(result) == {"p": "A"}
    assert reasons(result) == []


def test_a_candidate_that_is_better_by_less_than_the_margin_does_not() -> None:
    result = resolved(pair("p", "A", 0.999, weight=20.0), pair("p", "B", 0.97, weight=17.1))
    assert persons(result) == {}
    assert reasons(result) == ["meer dan één kandidaat"] * 2


def test_two_pupils_of_one_list_cannot_be_one_child_with_care() -> None:
    """Twins of one school, one of whom has care: nobody can tell which."""
    one_school = {"p": {(1, "99AA00")}, "q": {(1, "99AA00")}}
    result = resolved(pair("p", "A"), pair("q", "A"), lists=one_school)
    assert persons(result) == {}
    assert reasons(result) == ["meer dan één kandidaat"] * 2


def test_a_pupil_who_changed_schools_is_one_child() -> None:
    two_schools = {"p": {(1, "99AA00")}, "q": {(2, "99BB00")}}
    assert persons(resolved(pair("p", "A"), pair("q", "A"), lists=two_schools)) == {"p": "A", "q": "A"}


def test_the_same_school_a_year_later_is_no_contradiction() -> None:
    two_lists = {"p": {(1, "99AA00")}, "q": {(2, "99AA00")}}
    assert persons(resolved(pair("p", "q"), lists=two_lists)) == {"q": "p"}


def test_two_pupils_of_one_list_are_not_even_asked_about() -> None:
    one_list = {"p": {(1, "99AA00")}, "q": {(1, "99AA00")}}
    result = resolved(pair("p", "q"), lists=one_list)
    assert (persons(result), reasons(result)) == ({}, [])


def test_a_pupil_without_bsn_is_not_the_one_on_the_same_list_with_a_bsn() -> None:
    one_list = {"p": {(1, "99AA00")}, "A": {(1, "99AA00")}}
    assert persons(resolved(pair("p", "A", tier="exact"), lists=one_list)) == {}


def test_twins_are_a_question_and_siblings_are_none() -> None:
    result = resolved(pair("p", "A", kin="twin"), pair("q", "B", kin="sibling"))
    assert (persons(result), reasons(result)) == ({}, ["mogelijk een tweeling"])


def test_twins_at_two_schools_are_rivals_for_the_care() -> None:
    result = resolved(pair("p", "A"), pair("q", "A"), pair("p", "q", kin="twin"))
    assert persons(result) == {}


def test_a_chain_never_joins_two_children_with_a_bsn() -> None:
    """p is A, q is B, and p looks like q: the weakest pair gives way, with a question when it is close."""
    strong = pair("p", "A", 0.999, weight=30.0), pair("q", "B", 0.999, weight=29.0)
    for weight, asked in ((20.0, []), (27.5, ["spreekt een andere koppeling tegen"])):
        result = resolved(*strong, pair("p", "q", 0.96, weight=weight))
        assert persons(result) == {"p": "A", "q": "B"}
        assert reasons(result) == asked


def test_children_without_bsn_get_the_first_of_them_as_person() -> None:
    result = resolved(pair("q", "r"), pair("r", "s"))
    assert persons(result) == {"r": "q", "s": "q"}
    tiers = {link.child_id: link.tier for link in result.links}
    assert tiers == {"p": "none", "q": "probable", "r": "probable", "s": "probable"}


def test_what_a_reviewer_said_goes_first() -> None:
    result = resolved(
        pair("p", "A", 0.0, weight=0.0, tier="decided", kin="twin"), pair("p", "B", 0.999, tier="exact")
    )
    assert persons(result) == {"p": "A"}


def test_the_order_of_the_pairs_does_not_matter() -> None:
    pairs = [pair("p", "A", 0.99), pair("q", "A", 0.97), pair("q", "r", 0.96), pair("s", "B", 0.95)]
    assert resolved(*pairs) == resolved(*reversed(pairs))

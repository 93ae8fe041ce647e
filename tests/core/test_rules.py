"""The rules: the one table of states, quorum and majority, and how they are read."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import ceil
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.core.errors import BadInput, Refused
from drafter.core.rules import (
    Event,
    Majority,
    Rules,
    State,
    Tally,
    decide,
    is_final,
    next_round,
    next_state,
    quorum_needed,
    read_rules,
    rules_from,
)

STATES = get_args(State)
EVENTS = get_args(Event)
PERMITTED = {
    "open": {"put": "put", "redraft": "open", "withdraw": "withdrawn", "lapse": "lapsed"},
    "put": {
        "accept": "accepted",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "lapse": "lapsed",
        "go_stale": "stale",
    },
    "stale": {"reopen": "open"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_state_and_event_leads_where_the_process_says_or_is_refused(
    state: State, event: Event
) -> None:
    expected = PERMITTED.get(state, {}).get(event)
    if expected is not None:
        assert next_state(state, event) == expected
        return
    with pytest.raises(Refused, match=r"^The amendment cannot be [^:]+: (it|the draft) [^:]+\.$"):
        next_state(state, event)


def test_a_decision_is_final() -> None:
    assert {state for state in STATES if is_final(state)} == {
        "accepted",
        "rejected",
        "withdrawn",
        "lapsed",
    }


@given(st.lists(st.sampled_from(EVENTS)))
def test_no_row_of_events_leaves_the_table_or_a_final_state(events: list[Event]) -> None:
    state: State = "open"
    round_ = 1
    for event in events:
        try:
            after = next_state(state, event)
        except Refused:
            continue
        assert not is_final(state)
        assert after in STATES
        if after in ("accepted", "rejected"):
            assert state == "put"
        round_ = next_round(round_, event)
        state = after
    assert round_ >= 1


def test_opening_again_and_redrafting_begin_a_round() -> None:
    starts = {event for event in EVENTS if next_round(4, event) == 5}
    assert starts == {"reopen", "redraft"}
    assert {next_round(4, event) for event in EVENTS} == {4, 5}


# ---- counting ---------------------------------------------------------------------------------

COUNTS = st.integers(0, 40)
TALLIES = st.builds(Tally, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
SHARES = st.integers(1, 60).flatmap(
    lambda below: st.integers(0, below).map(lambda top: Fraction(top, below))
)
RULES = st.builds(
    Rules,
    quorum=SHARES,
    quorum_floor=st.integers(1, 30),
    majority=st.sampled_from(get_args(Majority)),
)


@given(TALLIES, RULES)
def test_the_quorum_is_the_ceiling_of_the_share_and_never_below_the_floor(
    tally: Tally, rules: Rules
) -> None:
    outcome = decide(tally, rules)
    entitled = tally.in_favour + tally.against + tally.abstaining + tally.absent
    share = ceil(rules.quorum * entitled)
    assert outcome.quorum_needed == max(share, rules.quorum_floor)
    voted = tally.in_favour + tally.against + tally.abstaining
    assert outcome.quorum_met == (voted >= outcome.quorum_needed)
    assert outcome.quorum_met or not outcome.carried


@given(TALLIES, RULES)
def test_what_carries_is_what_the_majority_says(tally: Tally, rules: Rules) -> None:
    yes, no = tally.in_favour, tally.against
    entitled = tally.seats - tally.recused
    majority = {
        "simple": yes > no,
        "absolute": yes > Fraction(entitled, 2),
        "two-thirds": yes + no > 0 and Fraction(yes, yes + no or 1) >= Fraction(2, 3),
    }[rules.majority]
    outcome = decide(tally, rules)
    assert outcome.carried == (majority and outcome.quorum_met)


@given(st.integers(0, 40), COUNTS, COUNTS, COUNTS, RULES)
def test_a_tie_fails_under_every_rule(
    each: int, abstaining: int, absent: int, recused: int, rules: Rules
) -> None:
    assert not decide(Tally(each, each, abstaining, absent, recused), rules).carried


@given(TALLIES, RULES.filter(lambda rules: rules.majority != "absolute"))
def test_an_abstention_more_helps_the_quorum_and_decides_nothing(
    tally: Tally, rules: Rules
) -> None:
    if tally.absent == 0:
        return
    came = Tally(
        tally.in_favour, tally.against, tally.abstaining + 1, tally.absent - 1, tally.recused
    )
    before, after = decide(tally, rules), decide(came, rules)
    assert after.quorum_needed == before.quorum_needed
    assert after.quorum_met or not before.quorum_met
    assert after.carried == before.carried or (after.quorum_met and not before.quorum_met)


@pytest.mark.parametrize(
    ("tally", "majority", "carried"),
    [
        (Tally(6, 5, 0, 9), "simple", True),
        (Tally(6, 6, 8, 0), "simple", False),
        (Tally(10, 0, 10, 0), "absolute", False),
        (Tally(11, 9, 0, 0), "absolute", True),
        (Tally(10, 0, 5, 4, 1), "absolute", True),
        (Tally(8, 4, 0, 8), "two-thirds", True),
        (Tally(8, 5, 0, 7), "two-thirds", False),
        (Tally(0, 0, 20, 0), "two-thirds", False),
        (Tally(9, 0, 0, 11), "simple", False),
    ],
)
def test_known_votes_come_out_as_they_should(
    tally: Tally, majority: Majority, carried: bool
) -> None:
    assert decide(tally, Rules(majority=majority)).carried is carried


def test_recusal_lowers_the_quorum() -> None:
    rules = Rules(quorum=Fraction(1, 2), quorum_floor=3)
    assert [quorum_needed(rules, 20, recused) for recused in (0, 1, 2, 15, 20)] == [10, 10, 9, 3, 3]
    with pytest.raises(BadInput, match="More seats are recused"):
        quorum_needed(rules, 3, 4)


def test_a_tally_counts_each_vote_once() -> None:
    tally = Tally.of(["for", "against", "for", "abstaining", "absent", "recused", "absent"])
    assert tally == Tally(2, 1, 1, 2, 1)
    assert (tally.seats, tally.voting) == (7, 4)
    with pytest.raises(BadInput, match="below zero"):
        Tally(-1)


def test_the_rule_is_said_in_plain_words() -> None:
    rules = Rules(quorum=Fraction(11, 20))
    said = "More for than against, with at least 11 of the 20 seats voting. A tie fails."
    assert decide(Tally(6, 5, 0, 9), rules).rule == said
    assert Rules(majority="absolute").sentence(20, recused=1) == (
        "More than half of all 19 seats for, 10 or more, with at least 10 of the 19 seats "
        "that are not recused voting. A tie fails."
    )
    assert Rules(majority="two-thirds").sentence(5) == (
        "At least twice as many for as against, with at least 3 of the 5 seats voting. A tie fails."
    )


def test_the_result_is_said_in_plain_words() -> None:
    said = "6 for, 5 against, 0 abstaining; 11 of 20 seats voted, and"
    tally = Tally(6, 5, 0, 9)
    assert decide(tally, Rules()).sentence == f"Carried: {said} 10 had to."
    assert decide(tally, Rules(quorum=Fraction(1))).sentence == f"No quorum: {said} 20 had to."
    absolute = decide(tally, Rules(majority="absolute"))
    assert absolute.sentence == f"Not carried: {said} 10 had to."


# ---- reading ----------------------------------------------------------------------------------


def rules_in(**rules: object) -> dict[str, object]:
    return {"site_name": "A report", "extra": {"drafter": {"rules": rules, "numbers": "plain"}}}


def test_every_rule_can_be_set() -> None:
    given_rules = rules_in(
        quorum="11/20",
        quorum_floor=5,
        majority="two-thirds",
        editorial=["origins", "formatting"],
        clerk_may_publish_own=True,
    )
    expected = Rules(Fraction(11, 20), 5, "two-thirds", ("formatting", "origins"), True)
    assert read_rules(given_rules) == expected


@pytest.mark.parametrize(
    "config", [{}, {"extra": None}, {"extra": {"drafter": {}}}, rules_in(), rules_in(quorum=None)]
)
def test_rules_left_out_have_their_defaults(config: dict[str, object]) -> None:
    assert read_rules(config) == Rules()


@pytest.mark.parametrize(
    ("written", "share"), [("1/2", Fraction(1, 2)), ("60%", Fraction(3, 5)), (1, Fraction(1))]
)
def test_a_quorum_may_be_a_fraction_a_percentage_or_one(written: object, share: Fraction) -> None:
    assert read_rules(rules_in(quorum=written)).quorum == share


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"quorumm": "1/2"}, "'quorumm' is not known here; use one of clerk_may"),
        ({"quorum": 0.5}, "'quorum' must be a share"),
        ({"quorum": True}, "'quorum' must be a share"),
        ({"quorum": "3/2"}, "'quorum' must be a share"),
        ({"quorum": "1/0"}, "'quorum' must be a share"),
        ({"quorum": "0/0"}, "'quorum' must be a share"),
        ({"quorum": "-1/2"}, "'quorum' must be a share"),
        ({"quorum": 2}, "'quorum' must be a share"),
        ({"quorum_floor": 0}, "'quorum_floor' must be a whole number of 1 or more"),
        ({"quorum_floor": "3"}, "'quorum_floor' must be a whole number"),
        ({"quorum_floor": True}, "'quorum_floor' must be a whole number"),
        ({"majority": "most"}, "'majority' must be one of simple, absolute, two-thirds"),
        ({"editorial": "formatting"}, "'editorial' must be a list"),
        ({"editorial": ["edited"]}, "changes of words need a vote"),
        ({"clerk_may_publish_own": "yes"}, "'clerk_may_publish_own' must be true or false"),
    ],
)
def test_a_wrong_rule_is_refused_by_name(rules: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        read_rules(rules_in(**rules))
    assert caught.value.sentence.startswith("mkdocs.yml")


@pytest.mark.parametrize("extra", ["text", [], {"drafter": "text"}, {"drafter": {"rules": [1]}}])
def test_rules_that_are_no_mapping_are_refused(extra: object) -> None:
    with pytest.raises(BadInput, match="must be a mapping"):
        read_rules({"extra": extra})


@given(RULES)
def test_rules_read_back_what_they_write_with_the_same_identity(rules: Rules) -> None:
    again = rules_from(rules.to_dict(), "rules")
    assert again == rules
    assert again.identity == rules.identity


def test_the_identity_is_of_the_rules_alone() -> None:
    canonical = (
        '{"clerk_may_publish_own":false,"editorial":["formatting"],'
        '"majority":"simple","quorum":"1/2","quorum_floor":3}'
    )
    assert Rules().identity == hashlib.sha256(canonical.encode()).hexdigest()
    assert read_rules({**rules_in(), "site_name": "Other"}).identity == Rules().identity
    assert read_rules(rules_in(quorum="2/4")).identity == Rules().identity


@pytest.mark.parametrize(
    "other",
    [
        Rules(quorum=Fraction(2, 3)),
        Rules(quorum_floor=4),
        Rules(majority="absolute"),
        Rules(editorial=()),
        Rules(clerk_may_publish_own=True),
    ],
)
def test_every_rule_changes_the_identity(other: Rules) -> None:
    assert other.identity != Rules().identity

"""Decisions: once for each round, told only when applied, undone when main never received it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.people import decisions
from drafter.people.amendments import Amendment, find_amendment
from drafter.people.database import Database
from drafter.people.decisions import (
    Decision,
    NewDecision,
    applied_decisions,
    delete_decision,
    find_decision,
    mark_applied,
    record_decision,
    take_untold,
    unapplied_decisions,
    untold_decisions,
)
from drafter.people.motions import Motion, close_motion, find_motion, mark_stale

ACCEPT = NewDecision(1, 1, "accepted", "1" * 40, "2" * 40, "It is fair.", "clerk")


@pytest.fixture
def closed(database: Database, motion: Motion, now: datetime) -> Motion:
    """Both motions closed, so that amendments 1 and 2 can be decided."""
    with database.writing() as session:
        close_motion(session, 2, 1, "clerk", now)
        return close_motion(session, 1, 1, "clerk", now)


def states(database: Database) -> tuple[str, str]:
    with database.reading() as session:
        view, motion = find_amendment(session, 1), find_motion(session, 1, 1)
    assert view is not None
    assert motion is not None
    return view.state, motion.state


def record(database: Database, new: NewDecision, now: datetime) -> Decision:
    with database.writing() as session:
        return record_decision(session, new, now)


@pytest.mark.usefixtures("closed")
def test_a_decision_that_holds_is_taken_to_be_told_once(database: Database, now: datetime) -> None:
    recorded = record(database, ACCEPT, now)
    with database.writing() as session:
        assert not take_untold(session, recorded, now)
        assert untold_decisions(session) == ()
    with database.noting() as connection:
        applied = mark_applied(connection, 1, 1, now)
    with database.writing() as session:
        assert untold_decisions(session) == (applied,)
        assert take_untold(session, applied, now)
    with database.writing() as session:
        assert untold_decisions(session) == ()
        assert not take_untold(session, applied, now)


@pytest.mark.usefixtures("closed")
def test_a_decision_is_told_only_when_applied(database: Database, now: datetime) -> None:
    decision = record(database, ACCEPT, now)
    assert states(database) == ("put", "closed")
    with database.reading() as session:
        assert unapplied_decisions(session) == (decision,)
        assert applied_decisions(session) == ()
    with database.noting() as connection:
        applied = mark_applied(connection, 1, 1, now + timedelta(seconds=1))
    with database.noting() as connection:
        assert mark_applied(connection, 1, 1, now + timedelta(days=1)) == applied
    assert states(database) == ("accepted", "decided")
    with database.reading() as session:
        assert unapplied_decisions(session) == ()
        assert applied_decisions(session) == (applied,)
        assert find_decision(session, 1, 1) == applied
        assert find_decision(session, 1, 2) is None


@pytest.mark.usefixtures("closed")
def test_a_decision_that_main_never_received_is_taken_again(
    database: Database, now: datetime
) -> None:
    record(database, ACCEPT, now)
    with database.writing() as session:
        delete_decision(session, 1, 1)
    again = record(database, replace(ACCEPT, new_commit="5" * 40), now)
    assert again.new_commit == "5" * 40


@pytest.mark.usefixtures("closed")
def test_an_applied_decision_is_never_removed_or_repeated(
    database: Database, now: datetime
) -> None:
    record(database, ACCEPT, now)
    with database.noting() as connection:
        mark_applied(connection, 1, 1, now)
    with pytest.raises(Refused), database.writing() as session:
        delete_decision(session, 1, 1)
    for outcome in decisions.EVENTS:
        with pytest.raises(Refused, match="was accepted"):
            record(database, replace(ACCEPT, outcome=outcome), now)
    with pytest.raises(NotFound), database.writing() as session:
        delete_decision(session, 2, 1)
    with pytest.raises(NotFound), database.noting() as connection:
        mark_applied(connection, 2, 1, now)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "changes",
    [
        {"new_commit": "9" * 40, "expected_tip": "8" * 40},
        {"amendment": 2, "new_commit": "9" * 40},
        {"amendment": 2, "expected_tip": "9" * 40},
    ],
    ids=["same round", "same tip", "same commit"],
)
def test_round_tip_and_commit_have_one_decision_at_most(
    database: Database, now: datetime, changes: dict[str, object]
) -> None:
    record(database, ACCEPT, now)
    with pytest.raises(Conflict):
        record(database, replace(ACCEPT, **changes), now)  # type: ignore[arg-type]


@pytest.mark.usefixtures("closed")
def test_two_deciding_at_once_leave_one_decision(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    def decide(n: int) -> Decision:
        tips = {"expected_tip": f"{n:040}", "new_commit": f"{n + 50:040}"}
        return record(database, replace(ACCEPT, **tips), now)  # type: ignore[arg-type]

    results = at_once(4, decide)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 3


def test_an_open_or_stale_motion_decides_nothing(
    database: Database, motion: Motion, now: datetime
) -> None:
    for outcome in decisions.VOTED:
        with pytest.raises(Refused):
            record(database, replace(ACCEPT, outcome=outcome), now)
    with database.writing() as session:
        mark_stale(session, 1, 1, now)
    with pytest.raises(Refused):
        record(database, ACCEPT, now)
    with pytest.raises(Refused):
        record(database, replace(ACCEPT, round=2), now)


def test_a_stale_amendment_is_opened_again_before_it_is_withdrawn(
    database: Database, motion: Motion, now: datetime
) -> None:
    with database.writing() as session:
        mark_stale(session, 1, 1, now)
    with pytest.raises(Refused, match="next round"):
        record(database, replace(ACCEPT, outcome="withdrawn"), now)


def test_a_withdrawal_ends_a_running_vote(
    database: Database, motion: Motion, now: datetime
) -> None:
    record(database, replace(ACCEPT, outcome="withdrawn"), now)
    with database.noting() as connection:
        mark_applied(connection, 1, 1, now)
    with database.reading() as session:
        ended = find_motion(session, 1, 1)
    assert states(database) == ("withdrawn", "decided")
    assert ended is not None
    assert (ended.closed_at, ended.closed_by) == (now, "clerk")


def test_an_amendment_never_put_can_lapse(
    database: Database, amendment: Amendment, now: datetime
) -> None:
    with pytest.raises(Refused, match="is in round 1"):
        record(database, replace(ACCEPT, outcome="lapsed", round=2), now)
    record(database, replace(ACCEPT, outcome="lapsed"), now)
    with database.noting() as connection:
        mark_applied(connection, 1, 1, now)
    with database.reading() as session:
        view = find_amendment(session, 1)
    assert view is not None
    assert view.state == "lapsed"

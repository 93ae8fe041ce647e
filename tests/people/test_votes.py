"""Motions and ballots: one ballot a seat, for the words that were seen, until the vote closes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.people.amendments import Amendment, find_amendment
from drafter.people.ballots import (
    Ballot,
    PresentVote,
    ballots_of,
    cast_ballot,
    find_ballot,
    find_vote,
    tally_inputs,
)
from drafter.people.database import Database
from drafter.people.motions import (
    Motion,
    NewMotion,
    close_motion,
    find_motion,
    latest_motion,
    mark_stale,
    motions_in,
    open_motions,
    put_motion,
    reopen_amendment,
)
from drafter.people.seats import add_seats, vacate_seat

WORDS = "d" * 64


def cast(database: Database, now: datetime, **changes: object) -> Ballot:
    ballot = {"amendment": 1, "round": 1, "seat": 1, "choice": "for", "ballot_hash": WORDS}
    with database.writing() as session:
        return cast_ballot(session, now=now, **ballot | changes)  # type: ignore[arg-type]


def test_putting_an_amendment_binds_the_motion_and_moves_the_amendment(
    database: Database, motion: Motion, now: datetime
) -> None:
    with database.reading() as session:
        assert find_motion(session, 1, 1) == motion == latest_motion(session, 1)
        view = find_amendment(session, 1)
    assert view is not None
    assert view.state == "put"
    assert (motion.state, motion.put_at, motion.ballot_hash) == ("open", now, WORDS)
    assert motion.rules_json == '{"quorum":"1/2"}'


@pytest.mark.usefixtures("amendment")
@pytest.mark.parametrize("changes", [{"round": 2}, {"amendment": 9}])
def test_what_is_not_open_in_this_round_is_not_put(
    database: Database,
    new_motion: Callable[..., NewMotion],
    now: datetime,
    changes: dict[str, int],
) -> None:
    with pytest.raises((Refused, NotFound)), database.writing() as session:
        put_motion(session, new_motion(**changes), now)


def test_a_motion_is_put_once_even_by_two_clerks_at_once(
    database: Database,
    amendment: Amendment,
    new_motion: Callable[..., NewMotion],
    now: datetime,
    at_once: Callable[..., list[object]],
) -> None:
    def put(_: int) -> Motion:
        with database.writing() as session:
            return put_motion(session, new_motion(), now)

    results = at_once(4, put)
    assert sum(isinstance(result, Motion) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3


def test_a_seat_may_change_its_ballot_until_the_vote_closes(
    database: Database, motion: Motion, now: datetime
) -> None:
    cast(database, now, seat=2, choice="abstaining")
    cast(database, now)
    changed = cast(database, now + timedelta(hours=1), choice="recused", interest="I own a mill.")
    with database.reading() as session:
        assert find_ballot(session, 1, 1, 1) == changed
        assert find_ballot(session, 1, 1, 3) is None
        assert [ballot.choice for ballot in ballots_of(session, 1, 1)] == ["recused", "abstaining"]
        assert [(m.motion.amendment, m.ballots) for m in open_motions(session)] == [(1, 2), (2, 0)]


def test_a_ballot_for_other_words_is_refused(
    database: Database, motion: Motion, now: datetime
) -> None:
    with pytest.raises(Conflict):
        cast(database, now, ballot_hash="0" * 64)
    with database.reading() as session:
        assert ballots_of(session, 1, 1) == ()


@pytest.mark.usefixtures("motion")
def test_vacant_and_unknown_seats_do_not_vote(database: Database, now: datetime) -> None:
    with database.writing() as session:
        vacate_seat(session, 1, now)
    for seat in (1, 77):
        with pytest.raises(Refused):
            cast(database, now, seat=seat)
    with pytest.raises(NotFound):
        cast(database, now, seat=2, round=2)


@pytest.mark.usefixtures("motion")
def test_no_ballot_after_closing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        closed = close_motion(session, 1, 1, "clerk", now)
    assert (closed.state, closed.closed_at, closed.closed_by) == ("closed", now, "clerk")
    with pytest.raises(Refused):
        cast(database, now)
    with pytest.raises(Refused), database.writing() as session:
        close_motion(session, 1, 1, "clerk", now)
    with database.reading() as session:
        assert [m.amendment for m in motions_in(session, "closed")] == [1]
        assert [m.motion.amendment for m in open_motions(session)] == [2]


@pytest.mark.usefixtures("amendment")
def test_no_ballot_from_the_closing_time_on(
    database: Database, new_motion: Callable[..., NewMotion], now: datetime
) -> None:
    with database.writing() as session:
        add_seats(session, 1)
        put_motion(session, new_motion(closes_at=now + timedelta(hours=1)), now)
    cast(database, now + timedelta(minutes=59))
    with pytest.raises(Refused):
        cast(database, now + timedelta(hours=1))


@pytest.mark.usefixtures("motion")
def test_who_could_vote_is_fixed_at_closing(database: Database, now: datetime) -> None:
    cast(database, now, seat=2)
    with pytest.raises(Refused), database.writing() as session:
        tally_inputs(session, 1, 1)
    with pytest.raises(NotFound), database.reading() as session:
        tally_inputs(session, 1, 2)
    with database.writing() as session:
        vacate_seat(session, 2, now)
        vacate_seat(session, 3, now)
        close_motion(session, 1, 1, "clerk", now)
        vacate_seat(session, 4, now)
    with database.reading() as session:
        inputs = tally_inputs(session, 1, 1)
    assert inputs.voters == (1, 2, 4, 5), "2 had cast a ballot, 3 had not, 4 left later"
    assert [ballot.seat for ballot in inputs.ballots] == [2]
    assert inputs.motion.state == "closed"


def test_a_vote_is_found_as_far_as_it_has_come(
    database: Database,
    amendment: Amendment,
    new_motion: Callable[..., NewMotion],
    now: datetime,
) -> None:
    def present(number: int = 1) -> PresentVote | None:
        with database.reading() as session:
            return find_vote(session, number)

    assert present(77) is None
    assert present() == PresentVote(amendment, None, None)
    with database.writing() as session:
        add_seats(session, 5)
        put_motion(session, new_motion(amendment=2), now)
        motion = put_motion(session, new_motion(), now)
    put = replace(amendment, state="put")
    cast(database, now, seat=2)
    assert present() == PresentVote(put, motion, None)
    with database.writing() as session:
        closed = close_motion(session, 1, 1, "clerk", now)
    with database.reading() as session:
        assert present() == PresentVote(put, closed, tally_inputs(session, 1, 1))
    with database.writing() as session:
        mark_stale(session, 1, 1, now)
        reopen_amendment(session, 1, now)
    assert present() == PresentVote(replace(amendment, round=2), None, None)


@pytest.mark.usefixtures("motion")
def test_a_stale_motion_is_put_again_in_the_next_round(
    database: Database, new_motion: Callable[..., NewMotion], now: datetime
) -> None:
    cast(database, now)
    with database.writing() as session:
        mark_stale(session, 1, 1, now)
        view = find_amendment(session, 1)
    assert view is not None
    assert view.state == "stale"
    with pytest.raises(Conflict, match="asked again"):
        cast(database, now)
    with pytest.raises(Refused), database.writing() as session:
        mark_stale(session, 1, 1, now)
    with database.writing() as session:
        assert reopen_amendment(session, 1, now) == 2
        put_motion(session, new_motion(round=2, ballot_hash="7" * 64), now)
    with pytest.raises(Refused), database.writing() as session:
        reopen_amendment(session, 1, now)
    # The earlier motion cannot end the vote that runs now.
    with pytest.raises(Refused, match="stale already"), database.writing() as session:
        mark_stale(session, 1, 1, now)
    with database.reading() as session:
        assert ballots_of(session, 1, 2) == ()
        assert len(ballots_of(session, 1, 1)) == 1
        latest = latest_motion(session, 1)
    assert latest is not None
    assert latest.round == 2


@pytest.mark.usefixtures("motion")
def test_twenty_parallel_casts_of_one_seat_are_one_ballot(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    choices = ("for", "against", "abstaining")
    results = at_once(20, lambda n: cast(database, now, choice=choices[n % 3]))
    assert all(isinstance(result, Ballot) for result in results), results
    with database.reading() as session:
        assert len(ballots_of(session, 1, 1)) == 1


CAST = """
import sys
from datetime import UTC, datetime
from drafter.people.ballots import cast_ballot
from drafter.people.database import Database
database = Database.open(sys.argv[1])
for choice in ("for", "against") * 5:
    with database.writing() as session:
        cast_ballot(session, amendment=1, round=1, seat=1, choice=choice, ballot_hash="d" * 64,
                    now=datetime(2026, 11, 2, tzinfo=UTC))
database.close()
"""


@pytest.mark.usefixtures("motion")
def test_two_processes_casting_for_one_seat_leave_one_ballot(
    database: Database, where: str
) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", CAST, where]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    with database.reading() as session:
        assert [ballot.choice for ballot in ballots_of(session, 1, 1)] == ["against"]


@pytest.mark.usefixtures("motion")
def test_a_ballot_is_either_counted_or_refused_while_the_vote_closes(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    def act(n: int) -> object:
        if n == 3:
            with database.writing() as session:
                close_motion(session, 1, 1, "clerk", now)
                return tally_inputs(session, 1, 1)
        return cast(database, now, seat=1 + n % 5)

    results = at_once(6, act)
    with database.reading() as session:
        kept = tally_inputs(session, 1, 1).ballots
    assert kept == results[3].ballots  # type: ignore[attr-defined]
    cast_by = {result.seat for result in results if isinstance(result, Ballot)}
    assert {ballot.seat for ballot in kept} == cast_by

"""The database's view of amendments, and the comments they take up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from drafter.core.errors import Conflict, Corrupt, NotFound, Refused
from drafter.people.amendments import (
    Amendment,
    amendments,
    amendments_of_comment,
    comments_of_amendment,
    find_amendment,
    link_comments,
    move_amendment,
    new_amendment_number,
    save_amendment,
)
from drafter.people.comments import NewComment, add_comment, withdraw
from drafter.people.database import Database
from drafter.people.tables import CounterRow


def test_numbers_follow_those_rebuilt_from_git(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert [new_amendment_number(session), new_amendment_number(session)] == [1, 2]
        save_amendment(session, Amendment(17, "t", "accepted", 1, None, "seat-01"), now)
        save_amendment(session, Amendment(4, "t", "open", 1, None, "seat-01"), now)
        assert new_amendment_number(session) == 18


def test_numbers_taken_at_the_same_moment_differ(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    def admit(_: int) -> int:
        with database.writing() as session:
            number = new_amendment_number(session)
            save_amendment(session, Amendment(number, "t", "open", 1, None, "p-1"), now)
            return number

    assert set(at_once(8, admit)) == set(range(1, 9))


def test_a_lost_count_is_an_error_not_a_new_start(database: Database) -> None:
    with database.writing() as session:
        session.delete(session.get_one(CounterRow, "amendment"))
    with pytest.raises(Corrupt), database.writing() as session:
        new_amendment_number(session)


def test_saving_again_replaces_the_view(
    database: Database, amendment: Amendment, now: datetime
) -> None:
    renamed = replace(amendment, title="Votes at seventeen", round=2)
    with database.writing() as session:
        save_amendment(session, renamed, now)
    with database.reading() as session:
        assert find_amendment(session, 1) == renamed
        assert find_amendment(session, 3) is None
        assert [view.number for view in amendments(session)] == [1, 2]


def test_amendments_are_listed_by_state(
    database: Database, amendment: Amendment, now: datetime
) -> None:
    with database.writing() as session:
        move_amendment(session, amendment, replace(amendment, state="withdrawn"), now)
        assert [view.number for view in amendments(session, ["open"])] == [2]
        assert [view.number for view in amendments(session, ["withdrawn", "lapsed"])] == [1]
        assert amendments(session, []) == ()


def test_a_view_that_changed_meanwhile_is_not_overwritten(
    database: Database, amendment: Amendment, now: datetime
) -> None:
    with database.writing() as session:
        move_amendment(session, amendment, replace(amendment, branch_tip="9" * 40), now)
    with pytest.raises(Conflict), database.writing() as session:
        move_amendment(session, amendment, replace(amendment, state="withdrawn"), now)
    with pytest.raises(NotFound), database.writing() as session:
        move_amendment(session, replace(amendment, number=9), amendment, now)


def test_comments_and_amendments_name_each_other(
    database: Database, amendment: Amendment, confirmed: Callable[..., int], now: datetime
) -> None:
    first, second, _ = confirmed(1), confirmed(2), confirmed(3)
    with database.writing() as session:
        link_comments(session, 1, [second, first, second], now)
        link_comments(session, 1, [first], now)
        link_comments(session, 2, [first], now)
    with database.reading() as session:
        assert comments_of_amendment(session, 1) == (first, second)
        assert [view.number for view in amendments_of_comment(session, first)] == [1, 2]
        assert amendments_of_comment(session, 3) == ()


def test_only_confirmed_comments_are_taken_up(
    database: Database,
    amendment: Amendment,
    new_comment: Callable[..., NewComment],
    confirmed: Callable[..., int],
    now: datetime,
) -> None:
    good, gone = confirmed(1), confirmed(2)
    with database.writing() as session:
        received = add_comment(session, new_comment(3), now).number
        withdraw(session, "receipt-2")
    for bad, error in ((received, Refused), (gone, Refused), (77, NotFound)):
        with pytest.raises(error), database.writing() as session:
            link_comments(session, 1, [good, bad], now)
    with pytest.raises(NotFound), database.writing() as session:
        link_comments(session, 77, [good], now)
    with database.reading() as session:
        assert comments_of_amendment(session, 1) == ()

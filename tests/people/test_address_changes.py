"""A new address waits until its link is used: once, by its person, while it is nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.people import persons
from drafter.people.address_changes import ask_change, find_change, forget_changes, make_change
from drafter.people.database import Database

ADA, BEN = "person-ada", "person-ben"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def both(database: Database, now: datetime) -> None:
    with database.writing() as session:
        persons.add_person(session, ADA, "ada@example.org", now)
        persons.add_person(session, BEN, "ben@example.org", now)


def wish(database: Database, person: str, email: str, token: str, now: datetime) -> None:
    with database.writing() as session:
        ask_change(session, person, email, token=token, now=now, until=now + DAY)


def use(database: Database, person: str, token: str, now: datetime) -> str:
    with database.writing() as session:
        return make_change(session, person, token, now)


def test_of_several_who_press_at_once_one_changes_it(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    wish(database, ADA, "new@example.org", "t", now)
    got = at_once(4, lambda _: use(database, ADA, "t", now))
    assert sum(one == "new@example.org" for one in got) == 1
    assert sum(isinstance(one, NotFound) for one in got) == 3


def test_of_two_persons_who_want_one_address_one_gets_it(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    wish(database, ADA, "new@example.org", "a", now)
    wish(database, BEN, "new@example.org", "b", now)
    who = ((ADA, "a"), (BEN, "b"))
    got = at_once(2, lambda n: use(database, *who[n], now))
    assert sum(one == "new@example.org" for one in got) == 1
    assert sum(isinstance(one, Refused | Conflict) for one in got) == 1
    with database.reading() as session:
        assert persons.person_at(session, "new@example.org") is not None


def test_asking_at_once_leaves_one_wish(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    got = at_once(4, lambda n: wish(database, ADA, f"n{n}@example.org", f"t{n}", now))
    assert got == [None] * 4
    with database.reading() as session:
        kept = find_change(session, ADA, now)
    assert kept is not None
    assert kept.email.startswith("n")


def test_what_has_expired_changes_nothing_and_is_forgotten(
    database: Database, now: datetime
) -> None:
    wish(database, ADA, "new@example.org", "a", now)
    wish(database, BEN, "other@example.org", "b", now + DAY)
    with pytest.raises(NotFound):
        use(database, ADA, "a", now + DAY)
    with pytest.raises(NotFound):
        use(database, ADA, "b", now + DAY)
    with database.writing() as session:
        forget_changes(session, now + DAY)
        assert find_change(session, ADA, now) is None
        assert find_change(session, BEN, now + DAY) is not None

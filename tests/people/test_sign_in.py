"""Seats and the one-time links that sign them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.people.database import Database
from drafter.people.links import SignIn, mint_link, redeem_link
from drafter.people.persons import add_person, open_tenure
from drafter.people.seats import Seat, add_seats, fill_seat, find_seat, seats, vacate_seat
from drafter.people.tables import SignInLinkRow
from drafter.people.tokens import new_token, token_hash

CLERK = SignIn("person-c", "clerk", None)
SEAT = SignIn("person-1", "seat", 1)


@pytest.fixture
def link(database: Database, now: datetime) -> str:
    """A link for seat 1 that lasts an hour, beside one for the clerk."""
    with database.writing() as session:
        add_seats(session, 2)
        for person in ("person-c", "person-1"):
            add_person(session, person, None, now)
        open_tenure(session, 1, "person-1", now)
        until = now + timedelta(hours=1)
        mint_link(session, CLERK, token="clerk-token", now=now, until=until)
        return mint_link(session, SEAT, token="seat-token", now=now, until=until)


def redeem(database: Database, token: str, now: datetime) -> SignIn:
    with database.writing() as session:
        return redeem_link(session, token, now)


def test_seats_are_numbered_on(database: Database) -> None:
    with database.writing() as session:
        assert add_seats(session, 2)[1] == Seat(2, True, "seat-02")
        add_seats(session, 1)
        assert [seat.label for seat in seats(session)] == ["seat-01", "seat-02", "seat-03"]
        assert find_seat(session, 4) is None


def test_a_seat_is_vacated_and_filled(database: Database, now: datetime) -> None:
    with database.writing() as session:
        add_seats(session, 2)
        assert not vacate_seat(session, 1, now).filled
        assert [seat.filled for seat in seats(session)] == [False, True]
        assert fill_seat(session, 1).filled
    with pytest.raises(NotFound), database.writing() as session:
        vacate_seat(session, 7, now)
    with pytest.raises(NotFound), database.writing() as session:
        fill_seat(session, 7)


def test_a_link_signs_in_whom_it_was_made_for(database: Database, link: str, now: datetime) -> None:
    assert redeem(database, "clerk-token", now) == CLERK
    assert redeem(database, link, now) == SEAT


def test_only_the_hash_of_a_token_is_kept(database: Database, link: str) -> None:
    with database.reading() as session:
        kept = set(session.scalars(select(SignInLinkRow.token_hash)))
    assert kept == {token_hash(link), token_hash("clerk-token")}


def test_tokens_are_long_and_differ() -> None:
    assert len({new_token() for _ in range(50)}) == 50
    assert len(new_token()) == 43


def test_a_link_works_once(database: Database, link: str, now: datetime) -> None:
    redeem(database, link, now)
    with pytest.raises(Refused, match="used"):
        redeem(database, link, now)


def test_a_link_redeemed_by_two_at_once_signs_in_one(
    database: Database, link: str, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    results = at_once(4, lambda _: redeem(database, link, now))
    assert sum(result == SEAT for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3


def test_a_link_expires(database: Database, link: str, now: datetime) -> None:
    with pytest.raises(Refused, match="expired"):
        redeem(database, link, now + timedelta(hours=1))
    assert redeem(database, link, now + timedelta(minutes=59)) == SEAT


def test_an_unknown_token_is_not_found_and_not_repeated(
    database: Database, link: str, now: datetime
) -> None:
    for token in ("guessed", token_hash(link), "", "\ud800"):
        with pytest.raises(NotFound) as caught:
            redeem(database, token, now)
        assert not token or token not in str(caught.value) + str(caught.value.data)


def test_vacating_a_seat_ends_its_links_for_good(
    database: Database, link: str, now: datetime
) -> None:
    with database.writing() as session:
        vacate_seat(session, 1, now)
        fill_seat(session, 1)
    with pytest.raises(Refused):
        redeem(database, link, now)
    assert redeem(database, "clerk-token", now) == CLERK


def test_a_link_is_for_one_seat_or_for_an_office(
    database: Database, link: str, now: datetime
) -> None:
    for who in (SignIn("person-1", "seat", None), SignIn("person-1", "clerk", 1)):
        with pytest.raises(BadInput), database.writing() as session:
            mint_link(session, who, token="t", now=now, until=now + timedelta(hours=1))

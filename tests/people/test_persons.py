"""Persons, and what they hold for a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.people import api_tokens, credentials, persons, sessions
from drafter.people.database import Database
from drafter.people.links import SignIn, mint_link, redeem_link
from drafter.people.mail import queue_mail, recent_mail
from drafter.people.seats import add_seats, find_seat
from drafter.people.tables import PersonRow

ADA, BEN = "person-ada", "person-ben"
LATER = timedelta(hours=1)


@pytest.fixture
def people(database: Database, now: datetime) -> Database:
    """Two persons and three seats; Ben holds seat 3, so that no test touches it unseen."""
    with database.writing() as session:
        add_seats(session, 3)
        persons.add_person(session, ADA, "ada@example.org", now)
        persons.add_person(session, BEN, "ben@example.org", now)
        persons.open_tenure(session, 3, BEN, now)
    return database


def test_a_seat_is_held_by_one_person_at_a_time(people: Database, now: datetime) -> None:
    with people.writing() as session:
        persons.open_tenure(session, 1, ADA, now)
        assert persons.holder_of(session, 1) == ADA
        assert persons.seats_of(session, ADA) == (1,)
        with pytest.raises(Refused, match="held already"):
            persons.open_tenure(session, 1, BEN, now)


def test_of_two_who_give_a_seat_at_once_one_succeeds(
    people: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    def give(index: int) -> object:
        with people.writing() as session:
            return persons.open_tenure(session, 1, (ADA, BEN)[index % 2], now)

    results = at_once(4, give)
    assert sum(isinstance(result, persons.Tenure) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3


def test_a_tenure_ends_with_its_links_and_sessions_and_its_history_stays(
    people: Database, now: datetime
) -> None:
    who = SignIn(ADA, "seat", 1)
    with people.writing() as session:
        persons.open_tenure(session, 1, ADA, now)
        mint_link(session, who, token="a link", now=now, until=now + LATER)
        sessions.begin(session, "a session", who, now)
        sessions.begin(session, "of Ben", SignIn(BEN, "seat", 3), now)
        for secret, whose in (("a token", who), ("Ben’s", SignIn(BEN, "seat", 3))):
            api_tokens.add_token(session, secret, whose, "x", now, now + LATER, second_factor=False)
    with people.writing() as session:
        persons.end_tenure(session, 1, now + LATER)
        assert sessions.find(session, "a session") is None
        assert sessions.find(session, "of Ben") is not None
        assert api_tokens.find_token(session, "a token") is None
        assert api_tokens.find_token(session, "Ben’s") is not None
        assert persons.holder_of(session, 1) is None
        seat = find_seat(session, 1)
        assert seat is not None
        assert not seat.filled
        persons.open_tenure(session, 1, BEN, now + LATER)
        history = persons.tenures_of_seat(session, 1)
    assert [(one.person, one.until) for one in history] == [(ADA, now + LATER), (BEN, None)]
    with pytest.raises(Refused), people.writing() as session:
        redeem_link(session, "a link", now)


def test_an_office_has_a_number_that_nobody_gets_again(people: Database, now: datetime) -> None:
    with people.writing() as session:
        assert persons.open_office(session, "clerk", ADA, now).number == 1
        assert persons.open_office(session, "clerk", ADA, now).number == 1
        assert persons.open_office(session, "administrator", ADA, now).number == 1
        assert persons.open_office(session, "clerk", BEN, now).number == 2
        persons.end_office(session, "clerk", BEN, now)
        assert persons.held_office(session, "clerk", BEN) is None
        assert persons.held_office(session, "clerk", ADA) is not None
        assert persons.open_office(session, "clerk", BEN, now).number == 3
    with pytest.raises(NotFound), people.writing() as session:
        persons.end_office(session, "administrator", BEN, now)


def test_a_person_is_erased_but_for_the_random_id(people: Database, now: datetime) -> None:
    with people.writing() as session:
        persons.open_tenure(session, 1, ADA, now)
        credentials.keep_secret(session, ADA, "sealed")
        credentials.add_passkey(session, ADA, "key", "public", 0, "A phone", now)
        credentials.replace_codes(session, ADA, ["one", "two"], now)
        for person in (ADA, BEN):
            queue_mail(
                session,
                to_address="x@example.org",
                subject="s",
                body="b",
                now=now,
                contributor=person,
            )
    with pytest.raises(Refused, match="still holds"), people.writing() as session:
        persons.erase_person(session, ADA, now)
    with people.writing() as session:
        persons.end_tenure(session, 1, now)
        persons.erase_person(session, ADA, now)
    with people.reading() as session:
        row = session.get(PersonRow, ADA)
        assert row is not None
        assert (row.email, row.totp_secret, row.erased_at) == (None, None, now)
        assert credentials.passkeys_of(session, ADA) == ()
        assert credentials.codes_left(session, ADA) == 0
        assert len(recent_mail(session)) == 1
        assert [one.person for one in persons.tenures_of_seat(session, 1)] == [ADA]
        assert [one.id for one in persons.persons_kept(session)] == [BEN]


def test_a_session_is_renewed_under_another_secret(people: Database, now: datetime) -> None:
    with people.writing() as session:
        begun = sessions.begin(session, "first", SignIn(BEN, "seat", 3), now)
        sessions.renew(session, begun, "second", now, second=now)
        assert sessions.find(session, "first") is None
        found = sessions.find(session, "second")
        assert found is not None
        assert found.second_at == now
        other = sessions.begin(session, "other", SignIn(BEN, "seat", 3), now)
        sessions.begin(session, "of Ada", SignIn(ADA, "seat", 3), now)
        assert sessions.end_all(session, BEN, but=other) == 1
        assert [one.token_hash for one in sessions.sessions_of(session, BEN)] == [other.token_hash]
        assert len(sessions.sessions_of(session, ADA)) == 1


def test_old_sessions_are_forgotten(people: Database, now: datetime) -> None:
    with people.writing() as session:
        sessions.begin(session, "old", SignIn(BEN, "seat", 3), now - LATER)
        sessions.begin(session, "new", SignIn(BEN, "seat", 3), now)
        sessions.forget(session, now)
        assert sessions.find(session, "old") is None
        assert sessions.find(session, "new") is not None


def test_a_code_and_a_step_of_time_are_used_up(people: Database, now: datetime) -> None:
    with people.writing() as session:
        credentials.replace_codes(session, ADA, ["one", "two"], now)
        assert not credentials.use_code(session, BEN, "one", now)
        assert credentials.use_code(session, ADA, "one", now)
        assert not credentials.use_code(session, ADA, "one", now)
        assert credentials.codes_left(session, ADA) == 1
        assert not credentials.use_step(session, ADA, 5, now)
        credentials.keep_secret(session, ADA, "sealed")
        assert credentials.use_step(session, ADA, 5, now)
        assert not credentials.use_step(session, ADA, 5, now)
        assert not credentials.use_step(session, ADA, 4, now)
        assert credentials.use_step(session, ADA, 6, now)


def test_a_passkey_is_removed_by_its_own_person_alone(people: Database, now: datetime) -> None:
    with people.writing() as session:
        credentials.add_passkey(session, ADA, "key", "public", 0, "A phone", now)
        assert credentials.has_second_factor(session, ADA)
        assert not credentials.has_second_factor(session, BEN)
    with pytest.raises(Conflict), people.writing() as session:
        credentials.add_passkey(session, BEN, "key", "public", 0, "A phone", now)
    with pytest.raises(NotFound), people.writing() as session:
        credentials.remove_passkey(session, BEN, "key")
    with people.writing() as session:
        credentials.remove_passkey(session, ADA, "key")
        assert credentials.find_passkey(session, "key") is None

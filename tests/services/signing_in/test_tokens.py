"""Tokens: what a program shows, to act for the person who made it, and only as long as they may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused
from drafter.people.tokens import token_hash
from drafter.services import seating, signing_in, tokens
from drafter.services.authority import CLERK_ACTOR, OPERATOR, PUBLIC, Actor
from drafter.services.instance import Instance
from drafter.services.limits import MOST_TOKENS
from drafter.services.settings import SignIn
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA, SEAT, Clock, enter, mails_to, with_app


def clerk(instance: Instance, clock: Clock) -> SignedIn:
    """Sign the clerk in, with both factors."""
    signed = enter(instance, CLERK_ACTOR)
    done, _ = with_app(instance, signed, clock)
    return done.signed


def make(instance: Instance, signed: SignedIn, days: int = 30) -> str:
    return tokens.make_token(instance, signed, "A screen", days).secret


def acts(instance: Instance, secret: str) -> Actor | None:
    found = tokens.bearer_of(instance, secret)
    return found.actor if found else None


def test_a_token_acts_for_its_person_in_the_role_that_it_was_made_in(
    instance: Instance, ada: SignedIn
) -> None:
    found = acts(instance, make(instance, ada))
    assert found == SEAT
    assert found is not None
    assert found.person == ada.person


def test_of_a_token_only_the_hash_is_kept_and_nothing_prints_it(
    instance: Instance, ada: SignedIn
) -> None:
    made = tokens.make_token(instance, ada, "A screen", 30)
    assert made.secret not in repr(made)
    with instance.database.reading() as session:
        (row,) = session.execute(text("SELECT * FROM api_tokens")).mappings()
    assert made.secret not in str(row)
    assert row["token_hash"] == token_hash(made.secret)


def test_what_nobody_made_is_nobodys_token(instance: Instance, ada: SignedIn) -> None:
    secret = make(instance, ada)
    for other in ("", "drafter_x", secret + "x", secret[:-1], ada.token, token_hash(secret)):
        assert acts(instance, other) is None


def test_a_token_ends_when_its_time_is_over(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    secret = make(instance, ada, days=90)
    clock.pass_time(days=90, seconds=-1)
    assert acts(instance, secret) == SEAT
    clock.pass_time(seconds=1)
    assert acts(instance, secret) is None


@pytest.mark.parametrize("days", [0, -1, 91, 10_000])
def test_no_token_lasts_longer_than_ninety_days(
    instance: Instance, ada: SignedIn, days: int
) -> None:
    with pytest.raises(BadInput, match="1 to 90 days"):
        make(instance, ada, days)


def test_a_token_needs_a_name_that_is_not_too_long(instance: Instance, ada: SignedIn) -> None:
    for label in ("", " \n", "x" * 61):
        with pytest.raises(BadInput):
            tokens.make_token(instance, ada, label, 30)
    assert tokens.make_token(instance, ada, " The\nscreen ", 30).token.label == "The screen"


def test_a_person_has_no_more_than_so_many_and_those_that_ended_do_not_count(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    for _ in range(MOST_TOKENS):
        make(instance, ada, days=1)
    with pytest.raises(Refused, match="End one"):
        make(instance, ada)
    clock.pass_time(days=1)
    again = enter(instance, SEAT)
    make(instance, again)
    assert len(tokens.own_tokens(instance, again)) == 1


def test_ending_a_token_ends_that_one_alone_and_only_its_owner_can(
    instance: Instance, ada: SignedIn
) -> None:
    first, second = make(instance, ada), make(instance, ada)
    one, _ = tokens.own_tokens(instance, ada)
    with pytest.raises(NotFound):
        tokens.end_token(instance, enter(instance, Actor("seat", 3)), one.id)
    assert acts(instance, first) == SEAT
    tokens.end_token(instance, ada, one.id)
    assert (acts(instance, first), acts(instance, second)) == (None, SEAT)


def test_a_token_ends_with_the_seat_the_office_and_by_an_administrator(
    instance: Instance, clock: Clock, ada: SignedIn
) -> None:
    secret = make(instance, ada)
    seating.sign_somebody_out(instance, OPERATOR, ada.person)
    assert acts(instance, secret) is None
    secret = make(instance, enter(instance, SEAT))
    seating.vacate(instance, OPERATOR, 2)
    assert acts(instance, secret) is None
    seating.seat_person(instance, OPERATOR, 2, ADA)
    assert acts(instance, secret) is None
    ben = clerk(instance, clock)
    secret = make(instance, ben)
    assert acts(instance, secret) == CLERK_ACTOR
    seating.dismiss(instance, OPERATOR, "clerk", ben.person)
    assert acts(instance, secret) is None


def test_no_token_and_no_device_comes_back_with_the_seat_or_the_office(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    seating.add_clerk(instance, OPERATOR, ADA)
    elsewhere, linked = enter(instance, SEAT), signing_in.mint_link(instance, OPERATOR, SEAT)
    secret = make(instance, ada)
    both = signing_in.act_as(instance, elsewhere, "clerk", None)
    by_app, _ = with_app(instance, both, clock)
    as_clerk = make(instance, by_app.signed)
    for end, give in (
        (lambda: seating.vacate(instance, OPERATOR, 2), seating.seat_person),
        (lambda: seating.dismiss(instance, OPERATOR, "clerk", ada.person), None),
    ):
        end()
        if give:
            give(instance, OPERATOR, 2, ADA)
            assert signing_in.resume(instance, by_app.signed.token) is not None
        else:
            seating.add_clerk(instance, OPERATOR, ADA)
        assert acts(instance, secret) is None
        assert signing_in.resume(instance, ada.token) is None
    assert acts(instance, as_clerk) is None
    assert signing_in.resume(instance, by_app.signed.token) is None
    with pytest.raises(Refused):
        signing_in.redeem(instance, linked.rpartition("/")[2])


def test_signing_out_everywhere_else_ends_the_tokens_too(instance: Instance, ada: SignedIn) -> None:
    secret = make(instance, ada)
    holder = next(each for each in seating.holders(instance, OPERATOR).seats if each.seat == 2)
    assert holder.devices == 2
    assert signing_in.sign_out_others(instance, ada) == 1
    assert acts(instance, secret) is None
    assert signing_in.resume(instance, ada.token) is not None


def test_nothing_of_a_token_is_left_of_who_is_erased(instance: Instance, ada: SignedIn) -> None:
    make(instance, ada)
    with instance.database.writing() as session:
        session.execute(text("UPDATE api_tokens SET role = 'clerk', seat = NULL"))
    seating.vacate(instance, OPERATOR, 2)
    with instance.database.reading() as session:
        assert session.execute(text("SELECT id FROM api_tokens")).all() != []
    seating.erase_person(instance, OPERATOR, ada.person)
    with instance.database.reading() as session:
        assert session.execute(text("SELECT id FROM api_tokens")).all() == []


def test_a_clerk_makes_one_only_with_both_factors(instance: Instance, clock: Clock) -> None:
    half = enter(instance, CLERK_ACTOR)
    assert half.actor == PUBLIC
    with pytest.raises(NotAllowed):
        make(instance, half)
    assert acts(instance, make(instance, clerk(instance, clock))) == CLERK_ACTOR


def test_a_clerk_who_sits_on_the_panel_too_cannot_go_round_the_second_factor(
    instance: Instance, clock: Clock, ada: SignedIn
) -> None:
    seating.add_clerk(instance, OPERATOR, ADA)
    with_app(instance, ada, clock)
    by_mail = enter(instance, SEAT)
    assert by_mail.actor == SEAT
    with pytest.raises(NotAllowed, match="second factor"):
        make(instance, by_mail)


def test_a_token_made_without_a_second_factor_does_not_outlive_the_rule_that_asks_for_one(
    instance: Instance,
) -> None:
    usual, instance.settings = instance.settings, _one_factor(instance)
    secret = make(instance, enter(instance, CLERK_ACTOR))
    assert acts(instance, secret) == CLERK_ACTOR
    instance.settings = usual
    assert acts(instance, secret) is None


def _one_factor(instance: Instance) -> object:
    from dataclasses import replace

    return replace(instance.settings, sign_in=SignIn(second_factor=False))


def test_whoever_lost_the_seat_makes_and_ends_none(instance: Instance, ada: SignedIn) -> None:
    make(instance, ada)
    (one,) = tokens.own_tokens(instance, ada)
    with instance.database.writing() as session:
        session.execute(text("UPDATE tenures SET until = since WHERE seat = 2"))
    with pytest.raises(NotAllowed, match="any more"):
        make(instance, ada)
    with pytest.raises(NotAllowed, match="any more"):
        tokens.end_token(instance, ada, one.id)


def test_a_device_that_is_signed_out_makes_none(instance: Instance, ada: SignedIn) -> None:
    signing_in.sign_out(instance, ada.token)
    with pytest.raises(NotAllowed, match="signed out"):
        make(instance, ada)


def test_making_and_ending_is_told_by_mail_and_noted_without_the_secret(
    instance: Instance, ada: SignedIn
) -> None:
    secret = make(instance, ada)
    (one,) = tokens.own_tokens(instance, ada)
    tokens.end_token(instance, ada, one.id)
    ended, made = mails_to(instance, ADA)[:2]
    assert "A token was made for a program: A screen." in made.body
    assert "A token was ended: A screen." in ended.body
    with instance.database.reading() as session:
        noted = [*session.execute(text("SELECT * FROM audit ORDER BY id DESC")).mappings()][:2]
    assert [each["action"] for each in noted] == ["end a token", "make a token"]
    assert secret not in str(noted) + made.body


def test_when_it_was_used_last_is_told_to_its_owner(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    secret = make(instance, ada)
    assert [one.used_at for one in tokens.own_tokens(instance, ada)] == [None]
    first = clock.now + timedelta(hours=1)
    clock.pass_time(hours=1)
    for _ in range(2):
        acts(instance, secret)
        clock.pass_time(minutes=2)
    assert [one.used_at for one in tokens.own_tokens(instance, ada)] == [first]

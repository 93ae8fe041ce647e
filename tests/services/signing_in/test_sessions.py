"""Sessions: what they end by, what they act as, what is kept of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drafter.core.errors import NotAllowed, Refused
from drafter.people.tables import Base
from drafter.services import factors, seating, signing_in, tokens
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA, BEN, SEAT, Clock, enter
from tests.services.signing_in.acts import OWN


def test_a_session_is_resumed_by_its_secret_alone(instance: Instance, ada: SignedIn) -> None:
    assert signing_in.resume(instance, ada.token) == ada
    assert signing_in.resume(instance, ada.session.token_hash) is None
    assert signing_in.resume(instance, "") is None


def test_a_seat_stays_signed_in_for_two_weeks_after_the_last_visit(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    clock.pass_time(days=13)
    assert signing_in.resume(instance, ada.token) is not None
    clock.pass_time(days=13)
    assert signing_in.resume(instance, ada.token) is not None
    clock.pass_time(days=14)
    assert signing_in.resume(instance, ada.token) is None


def test_a_page_waits_for_nobody_who_writes_and_the_next_visit_is_noted(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    secret = tokens.make_token(instance, ada, "A screen", 30).secret
    for _ in range(2):
        clock.pass_time(minutes=5)
        with instance.database.writing():
            assert signing_in.resume(instance, ada.token) is not None
            assert tokens.bearer_of(instance, secret) is not None
    signing_in.resume(instance, ada.token)
    seen = signing_in.resume(instance, ada.token)
    assert seen is not None
    assert seen.session.seen_at == clock.now


def test_and_for_ninety_days_at_most(instance: Instance, ada: SignedIn, clock: Clock) -> None:
    for _ in range(9):
        clock.pass_time(days=10)
        found = signing_in.resume(instance, ada.token)
    assert found is None


def test_a_clerk_stays_signed_in_for_half_a_day(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    clock.pass_time(hours=11)
    assert signing_in.resume(instance, ben.token) is not None
    clock.pass_time(hours=12)
    assert signing_in.resume(instance, ben.token) is None


def test_signing_out_ends_it_for_whoever_kept_the_secret(instance: Instance, ada: SignedIn) -> None:
    signing_in.sign_out(instance, ada.token)
    assert signing_in.resume(instance, ada.token) is None


def test_other_devices_are_signed_out_and_this_one_and_other_people_stay(
    instance: Instance, ada: SignedIn, ben: SignedIn
) -> None:
    other = enter(instance, SEAT)
    unused = signing_in.mint_link(instance, OPERATOR, SEAT).rpartition("/")[2]
    assert signing_in.sign_out_others(instance, ada) == 1
    assert signing_in.resume(instance, other.token) is None
    assert signing_in.resume(instance, ada.token) is not None
    assert signing_in.resume(instance, ben.token) is not None
    with pytest.raises(Refused):
        signing_in.redeem(instance, unused)


def test_a_former_holder_signs_out_nobody(instance: Instance, ada: SignedIn) -> None:
    seating.reseat(instance, OPERATOR, 2, BEN)
    with pytest.raises(NotAllowed, match="any more"):
        signing_in.sign_out_others(instance, ada)


def test_nobody_does_to_another_what_is_their_own(
    instance: Instance, ada: SignedIn, ben: SignedIn
) -> None:
    forged = replace(ada, session=ben.session)
    for act in OWN.values():
        with pytest.raises(NotAllowed, match="not yours"):
            act(instance, forged)


def test_who_holds_two_things_goes_on_in_the_other(instance: Instance, ada: SignedIn) -> None:
    with pytest.raises(Refused, match="do not hold"):
        signing_in.act_as(instance, ada, "clerk", None)
    seating.add_clerk(instance, OPERATOR, ADA)
    assert signing_in.roles_of(instance, ada) == (SEAT, CLERK_ACTOR)
    as_clerk = signing_in.act_as(instance, ada, "clerk", None)
    assert as_clerk.second_due
    assert as_clerk.claimed.name == "clerk-2"
    assert signing_in.act_as(instance, as_clerk, "seat", 2).actor == SEAT
    with pytest.raises(Refused):
        signing_in.act_as(instance, ada, "seat", 3)
    with pytest.raises(Refused):
        signing_in.act_as(instance, ada, "operator", None)


def test_no_secret_is_kept_in_plain(instance: Instance, ada: SignedIn) -> None:
    setup = factors.begin_app(instance, ada)
    codes = factors.new_codes(instance, ada)
    with instance.database.reading() as session:
        kept = [
            str(session.execute(table.select()).all())
            for table in Base.metadata.sorted_tables
            if table.name != "outgoing_mail"
        ]
    for secret in (ada.token, setup.secret.replace(" ", ""), *codes):
        assert secret not in "".join(kept)
        assert secret.replace("-", "") not in "".join(kept)
    assert ada.token not in repr(ada)

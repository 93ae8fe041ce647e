"""Tokens: what a program shows, to act for the person who made it.

A token acts in the one role that its maker had in the session at hand, and only as long as they
hold it: like a session, it is asked at each request and once more in the transaction that writes.
It is shown once, and kept as its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from drafter.core.decisions import one_line
from drafter.core.errors import BadInput, Refused
from drafter.core.saying import say
from drafter.people import api_tokens, persons
from drafter.people.api_tokens import ApiToken
from drafter.people.audit import note
from drafter.people.links import SignIn
from drafter.services.authority import Actor, Belongs, authorize
from drafter.services.factors import require_proven
from drafter.services.limits import LONGEST_LABEL, MOST_TOKENS, TOKEN_LONGEST, require_length
from drafter.services.sign_in_mail import tell_of_change
from drafter.services.signing_in import SEEN_EVERY, SignedIn, needs_second, person_of
from drafter.services.standing import holds, note_visit

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

PREFIX = "drafter_"
"""How each begins, so that whoever finds one knows what it is."""


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A new token, with its secret: this is the only time that it is told."""

    secret: str
    token: ApiToken


@dataclass(frozen=True, slots=True)
class Bearer:
    """For whom a program acts, by which token."""

    actor: Actor
    token: ApiToken


def make_token(instance: Instance, signed: SignedIn, label: str, days: int) -> Made:
    """Make a token for the role that the person acts in now, for so many days.

    Raises BadInput; Refused for one too many; NotAllowed unless enough was proven a moment ago.
    """
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    label = one_line(label)
    if not label:
        raise BadInput("Write what the token is for.", field="purpose")
    require_length(label, LONGEST_LABEL, "A name")
    if not 1 <= days <= TOKEN_LONGEST:
        raise BadInput(
            say("A token is valid for 1 to {days} days.", days=TOKEN_LONGEST), field="days"
        )
    now, secret = instance.clock(), PREFIX + instance.tokens()
    with instance.acting(signed.actor) as session:
        require_proven(session, instance, signed)
        api_tokens.forget_tokens(session, now)
        if len(api_tokens.tokens_of(session, signed.person)) >= MOST_TOKENS:
            raise Refused(say("You have {count} tokens. End one of them first.", count=MOST_TOKENS))
        made = api_tokens.add_token(
            session,
            secret,
            SignIn(signed.person, signed.session.role, signed.session.seat),
            label,
            now,
            now + timedelta(days=days),
            second_factor=signed.session.second_at is not None,
        )
        _tell(
            session,
            instance,
            signed,
            "make a token",
            say("A token was made for a program: {label}.", label=label),
        )
    return Made(secret, made)


def own_tokens(instance: Instance, signed: SignedIn) -> tuple[ApiToken, ...]:
    """Return the person's tokens that have not expired, the oldest first."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.reading() as session:
        found = api_tokens.tokens_of(session, signed.person)
    return tuple(each for each in found if instance.clock() < each.expires_at)


def end_token(instance: Instance, signed: SignedIn, id: int) -> None:
    """End one of the person's tokens at once. Raises NotFound."""
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.acting(signed.actor) as session:
        ended = api_tokens.remove_token(session, signed.person, id)
        _tell(
            session,
            instance,
            signed,
            "end a token",
            say("A token was ended: {label}.", label=ended.label),
        )


def bearer_of(instance: Instance, secret: str) -> Bearer | None:
    """Return for whom a program acts by a secret at this moment; None once anything ended it."""
    now = instance.clock()
    with instance.database.reading() as session:
        token = api_tokens.find_token(session, secret)
        if token is None or _is_over(instance, token, now):
            return None
        actor = _actor(session, token)
        if not holds(session, actor):
            return None
    if token.used_at is None or now - token.used_at >= SEEN_EVERY:
        note_visit(instance, lambda session: api_tokens.touch_token(session, token.id, now))
    return Bearer(actor, token)


def _is_over(instance: Instance, token: ApiToken, now: datetime) -> bool:
    lacking = needs_second(instance, token.role) and not token.second_factor
    return now >= token.expires_at or lacking


def _actor(session: Session, token: ApiToken) -> Actor:
    if token.role == "seat":
        return Actor("seat", token.seat, token.person)
    office = persons.held_office(session, token.role, token.person)
    return Actor(token.role, None, token.person, office.number if office else None)


def _tell(session: Session, instance: Instance, signed: SignedIn, act: str, said: str) -> None:
    tell_of_change(session, instance, person_of(session, signed), said)
    note(session, signed.claimed.name, act, signed.claimed.name, instance.clock())

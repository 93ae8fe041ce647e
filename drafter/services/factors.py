"""The second factor: an authenticator app, and the recovery codes that stand in for a lost one.

Passkeys are a module of their own; a passkey, unlocked by fingerprint or PIN, is both factors.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp

from drafter.core.errors import BadInput, NotAllowed, Refused
from drafter.core.saying import say
from drafter.people import credentials, persons, sessions
from drafter.people.credentials import Passkey
from drafter.people.sessions import Session
from drafter.people.tokens import token_hash
from drafter.services import abuse
from drafter.services.authority import Belongs, authorize
from drafter.services.sealing import seal, unseal
from drafter.services.sign_in_mail import tell_of_change
from drafter.services.signing_in import (
    SignedIn,
    Unproven,
    is_fresh,
    needs_second,
    person_of,
    renewed,
)

if TYPE_CHECKING:
    from drafter.people.database import Session as Database
    from drafter.services.instance import Instance

CODES = 8
WINDOW = 1
"""Steps of half a minute that the clock of a phone may be off."""

WRONG = "This code is not right, or it was used already. Wait for the next one, then type it."


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up, and where they are signed in."""

    email: str | None
    app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int
    sessions: tuple[Session, ...]
    needs_second: bool
    """They hold an office that is acted in with a second factor only."""
    may_change: bool
    """They have proven enough to change it now."""

    @property
    def any(self) -> bool:
        return self.app or bool(self.passkeys)


@dataclass(frozen=True, slots=True, repr=False)
class AppSetup:
    """What an authenticator app is set up with; shown once, until it is confirmed."""

    secret: str
    """Base32, in groups of four, to be typed."""
    uri: str
    """The same for a QR code."""


@dataclass(frozen=True, slots=True, repr=False)
class Proven:
    """A session that has given its second factor, and recovery codes where these are new."""

    signed: SignedIn
    codes: tuple[str, ...] = ()


def factors(instance: Instance, signed: SignedIn) -> Factors:
    """Return what the person has set up."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.reading() as session:
        app = credentials.authenticator_of(session, signed.person)
        return Factors(
            email=person_of(session, signed).email,
            app=app is not None and app.confirmed,
            passkeys=credentials.passkeys_of(session, signed.person),
            codes_left=credentials.codes_left(session, signed.person),
            sessions=sessions.sessions_of(session, signed.person),
            needs_second=_is_officer(session, instance, signed.person),
            may_change=may_change(session, instance, signed),
        )


def begin_app(instance: Instance, signed: SignedIn) -> AppSetup:
    """Begin to set up an authenticator app, or go on with it. Raises Refused, NotAllowed."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.writing() as session:
        require_proven(session, instance, signed)
        known = credentials.authenticator_of(session, signed.person)
        if known is not None and known.confirmed:
            raise Refused("You have an authenticator app already. Remove it first.")
        if known is None:
            secret = _base32(instance.tokens(), 20)
            credentials.keep_secret(session, signed.person, seal(instance, secret))
        else:
            secret = unseal(instance, known.secret)
        name = person_of(session, signed).email or signed.claimed.name
    issuer = str(instance.config.get("site_name") or "Drafter")
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return AppSetup(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), uri)


def confirm_app(instance: Instance, signed: SignedIn, code: str) -> Proven:
    """Finish setting up the app with a first code from it. Raises BadInput, Refused, TooMany."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    _count(instance, signed)
    with instance.database.writing() as session:
        require_proven(session, instance, signed)
        known = credentials.authenticator_of(session, signed.person)
        if known is None or known.confirmed:
            raise Refused("There is no app to be confirmed. Reload the page.")
        if not _use_app(session, instance, signed, code):
            raise BadInput(WRONG)
        tell_of_change(
            session, instance, person_of(session, signed), say("An authenticator app was set up.")
        )
        return proven(session, instance, signed)


def give_code(instance: Instance, signed: SignedIn, code: str) -> Proven:
    """Give a code of the app, or a recovery code, as second factor. Raises BadInput, TooMany."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    _count(instance, signed)
    with instance.database.writing() as session:
        known = credentials.authenticator_of(session, signed.person)
        confirmed = known is not None and known.confirmed
        if not (confirmed and _use_app(session, instance, signed, code)) and not _use_code(
            session, instance, signed, code
        ):
            raise BadInput(WRONG)
        return Proven(renewed(session, instance, signed, second=instance.clock()))


def remove_app(instance: Instance, signed: SignedIn) -> None:
    """Remove the authenticator app. Raises Refused for the last factor of who needs one."""
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.database.writing() as session:
        require_may_change(session, instance, signed)
        credentials.keep_secret(session, signed.person, None)
        if not credentials.has_second_factor(session, signed.person):
            require_dispensable(session, instance, signed)
        tell_of_change(
            session,
            instance,
            person_of(session, signed),
            say("Your authenticator app was removed."),
        )


def new_codes(instance: Instance, signed: SignedIn) -> tuple[str, ...]:
    """Make new recovery codes; the old ones end. Raises NotAllowed."""
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.database.writing() as session:
        require_proven(session, instance, signed)
        return _replace_codes(session, instance, signed)


def proven(session: Database, instance: Instance, signed: SignedIn) -> Proven:
    """Note the second factor that was just set up; with recovery codes for who depends on it.

    It proves no more than was proven before: an open laptop could set one up too.
    """
    depends = _is_officer(session, instance, signed.person)
    without = not credentials.codes_left(session, signed.person)
    codes = _replace_codes(session, instance, signed) if depends and without else ()
    before = signed.session.second_at or signed.session.created_at
    return Proven(renewed(session, instance, signed, second=before), codes)


def may_change(session: Database, instance: Instance, signed: SignedIn) -> bool:
    """Tell whether enough is proven to change factors: whoever needs two and has a second one
    has given it. Else a stolen mailbox would be enough to add one.
    """
    if signed.session.second_at is not None:
        return True
    return not _is_officer(session, instance, signed.person) or not (
        credentials.has_second_factor(session, signed.person)
    )


def require_may_change(session: Database, instance: Instance, signed: SignedIn) -> None:
    """Raise NotAllowed unless `may_change`, or once the session has ended."""
    if sessions.find(session, signed.token) is None:
        raise NotAllowed("You have been signed out meanwhile. Sign in again.")
    if not may_change(session, instance, signed):
        raise NotAllowed("Give your second factor first; then you can change how you sign in.")


def require_proven(session: Database, instance: Instance, signed: SignedIn) -> None:
    """Raise NotAllowed unless `may_change` and proven a moment ago: whatever is set up now lets in
    for long, and an open laptop must not be enough. Whoever sets up a factor that is due to get in
    has nothing yet to prove themselves by.
    """
    require_may_change(session, instance, signed)
    if not signed.second_due and not is_fresh(instance, signed):
        raise Unproven


def require_dispensable(session: Database, instance: Instance, signed: SignedIn) -> None:
    """Raise Refused where somebody needs a second factor and would be left without."""
    if _is_officer(session, instance, signed.person):
        raise Refused("You need a second factor. Set up another one before you remove this.")


def _is_officer(session: Database, instance: Instance, person: str) -> bool:
    held = persons.held_offices(session)
    return any(each.person == person and needs_second(instance, each.role) for each in held)


def _count(instance: Instance, signed: SignedIn) -> None:
    abuse.require_few(instance, "second factor", abuse.person_key(instance, signed.person))


def _use_app(session: Database, instance: Instance, signed: SignedIn, code: str) -> bool:
    known = credentials.authenticator_of(session, signed.person)
    if known is None:
        return False
    step = _step(unseal(instance, known.secret), re.sub(r"\s", "", code), instance.clock())
    return step is not None and credentials.use_step(session, signed.person, step, instance.clock())


def _step(secret: str, code: str, now: datetime) -> int | None:
    if not re.fullmatch(r"[0-9]{6}", code, re.ASCII):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
    except pyotp.OTPVerificationError:
        return None


def _use_code(session: Database, instance: Instance, signed: SignedIn, code: str) -> bool:
    plain = re.sub(r"[\s-]", "", code).lower()
    return credentials.use_code(session, signed.person, plain, instance.clock())


def _replace_codes(session: Database, instance: Instance, signed: SignedIn) -> tuple[str, ...]:
    codes = [_base32(instance.tokens(), 10).lower() for _ in range(CODES)]
    credentials.replace_codes(session, signed.person, codes, instance.clock())
    tell_of_change(
        session, instance, person_of(session, signed), say("New recovery codes were made for you.")
    )
    return tuple("-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes)


def _base32(token: str, size: int) -> str:
    return base64.b32encode(hashlib.sha256(token_hash(token).encode()).digest()[:size]).decode()

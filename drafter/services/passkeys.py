"""Passkeys: this device's fingerprint, face or PIN, or a key that is plugged in (WebAuthn).

A passkey is always asked to verify its person, so it is both factors at once. It is bound to the
address of the instance (`base_url`), never to what a request says of itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from drafter.core.errors import BadInput, NotAllowed, Refused
from drafter.core.saying import say
from drafter.people import credentials
from drafter.people.credentials import Passkey
from drafter.people.persons import find_person
from drafter.services.authority import PUBLIC, Actor, Belongs, authorize
from drafter.services.factors import (
    Proven,
    proven,
    require_dispensable,
    require_may_change,
    require_proven,
)
from drafter.services.limits import LONGEST_LABEL, MOST_PASSKEYS, require_length
from drafter.services.sign_in_mail import tell_of_change
from drafter.services.signing_in import SignedIn, begin, person_of, renewed, usual_role

if TYPE_CHECKING:
    from drafter.services.instance import Instance

UNKNOWN = (
    "This passkey was not recognised here. Sign in with a link by mail; then you can set this "
    "device up once more."
)


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What the browser is asked for, and the challenge that its answer must hold."""

    options: str
    """JSON, for the browser."""
    challenge: str


def are_possible(instance: Instance) -> bool:
    """Tell whether passkeys work at the instance's address: a name, by https or on this machine."""
    parts = urlsplit(instance.base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return bool(host) and (parts.scheme == "https" or host == "localhost")
    return False


def ask_to_register(instance: Instance, signed: SignedIn) -> Asked:
    """Ask the browser for a new passkey of this device or of a key. Raises Refused, NotAllowed."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    _require_possible(instance)
    with instance.database.reading() as session:
        require_proven(session, instance, signed)
        known = credentials.passkeys_of(session, signed.person)
        email = person_of(session, signed).email
    if len(known) >= MOST_PASSKEYS:
        raise Refused(
            say("You have {most_passkeys} passkeys. Remove one first.", most_passkeys=MOST_PASSKEYS)
        )
    options = webauthn.generate_registration_options(
        rp_id=_host(instance),
        rp_name=str(instance.config.get("site_name") or "Drafter"),
        user_id=signed.person.encode("ascii"),
        user_name=email or signed.claimed.name,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id)) for each in known
        ],
        # No attachment is named, so that the device's own fingerprint or PIN is offered too.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def register(
    instance: Instance, signed: SignedIn, answer: str, challenge: str, label: str
) -> Proven:
    """Keep the passkey that the browser made. Raises BadInput, Conflict, NotAllowed."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    label = " ".join(label.split()) or "A passkey"
    require_length(label, LONGEST_LABEL, "A name")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(instance),
            expected_origin=_origin(instance),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise BadInput("This device could not be set up. Try it once more.") from error
    with instance.database.writing() as session:
        require_proven(session, instance, signed)
        credentials.add_passkey(
            session,
            signed.person,
            bytes_to_base64url(made.credential_id),
            bytes_to_base64url(made.credential_public_key),
            made.sign_count,
            label,
            instance.clock(),
        )
        tell_of_change(
            session,
            instance,
            person_of(session, signed),
            say("A passkey was added: {label}.", label=label),
        )
        return proven(session, instance, signed)


def ask_to_authenticate(instance: Instance, *, actor: Actor = PUBLIC) -> Asked:
    """Ask the browser for a passkey of this place, whosever: nobody's name is given away."""
    authorize(actor, "sign in")
    _require_possible(instance)
    options = webauthn.generate_authentication_options(
        rp_id=_host(instance), user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def authenticate(
    instance: Instance,
    answer: str,
    challenge: str,
    signed: SignedIn | None = None,
    *,
    actor: Actor = PUBLIC,
) -> SignedIn:
    """Sign in by a passkey, or give it as the second factor of `signed`. Raises NotAllowed."""
    authorize(actor, "sign in")
    id = _id_of(answer)
    with instance.database.writing() as session:
        known = credentials.find_passkey(session, id)
        person = find_person(session, known.person) if known else None
        if known is None or person is None or person.erased_at is not None:
            raise NotAllowed(UNKNOWN)
        if signed is not None and signed.person != known.person:
            raise NotAllowed("This passkey is somebody else's. Use your own.")
        count = _verified(instance, answer, challenge, known)
        credentials.use_passkey(session, id, count, instance.clock())
        if signed is not None:
            return renewed(session, instance, signed, second=instance.clock())
        who = usual_role(session, known.person)
        if who is None:
            raise NotAllowed("You hold neither a seat nor an office any more.")
        return begin(session, instance, who, second=True)


def remove(instance: Instance, signed: SignedIn, id: str) -> None:
    """Remove one of the person's own passkeys.

    Raises NotFound; Refused for the last factor of who needs one.
    """
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.database.writing() as session:
        require_may_change(session, instance, signed)
        credentials.remove_passkey(session, signed.person, id)
        if not credentials.has_second_factor(session, signed.person):
            require_dispensable(session, instance, signed)
        tell_of_change(session, instance, person_of(session, signed), say("A passkey was removed."))


def _verified(instance: Instance, answer: str, challenge: str, known: Passkey) -> int:
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(instance),
            expected_origin=_origin(instance),
            credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotAllowed(UNKNOWN) from error
    return found.new_sign_count


def _id_of(answer: str) -> str:
    try:
        given = json.loads(answer)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise BadInput("The browser sent no passkey. Try it once more.")
    return str(given["id"]).rstrip("=")


def _require_possible(instance: Instance) -> None:
    if not are_possible(instance):
        raise Refused("Passkeys need an address with a name and https. Use a link by mail instead.")


def _host(instance: Instance) -> str:
    return urlsplit(instance.base_url).hostname or ""


def _origin(instance: Instance) -> str:
    parts = urlsplit(instance.base_url)
    return f"{parts.scheme}://{parts.netloc}"

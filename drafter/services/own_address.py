"""Changing one's own mail address: asked for where one is signed in, confirmed from the new one.

The address is what signs in, so this is guarded as a factor is. Only who signed in, or gave the
second factor, a moment ago may ask: an open laptop is not enough. The link goes to the new address
and works for the person who asked alone, signed in: a mistyped address lets no stranger in. The
old address is told at both steps. The log says that it happened, never which address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core.errors import BadInput, Refused
from drafter.people import address_changes as rows
from drafter.people import api_tokens, links, sessions
from drafter.people.address_changes import AddressChange
from drafter.people.audit import note
from drafter.services import abuse
from drafter.services.addresses import NEW_ADDRESS, address
from drafter.services.authority import Belongs, authorize
from drafter.services.factors import require_may_change, require_proven
from drafter.services.limits import NEW_ADDRESS_LASTS, check_email
from drafter.services.links import may_mail
from drafter.services.mailing import write_outbox
from drafter.services.sign_in_mail import (
    ask_new_address,
    tell_of_address_asked,
    tell_of_address_changed,
)
from drafter.services.signing_in import SignedIn, person_of, renewed

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def ask_for_address(instance: Instance, signed: SignedIn, email: str) -> None:
    """Mail a link to the address that somebody wants from now on, and tell their present one.

    Whether the address belongs to somebody else is told to who reads its mail alone. Raises
    BadInput; NotAllowed unless they proved a moment ago who they are; Refused, TooMany.
    """
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    wanted = (check_email(email) or "").casefold()
    if not wanted:
        raise BadInput("Write your new e-mail address, as name@example.org.", field="email")
    key = abuse.person_key(instance, signed.person)
    abuse.require_few(instance, "sign-in mail", key)
    now, token = instance.clock(), instance.tokens()
    with instance.acting(signed.actor) as session:
        require_proven(session, instance, signed)
        person = person_of(session, signed)
        if person.email == wanted:
            raise BadInput("This is the address that you have now.", field="email")
        if not may_mail(session, instance, wanted):
            raise Refused("This address had many mails from us today. Try it again tomorrow.")
        rows.forget_changes(session, now)
        until = now + NEW_ADDRESS_LASTS
        rows.ask_change(session, person.id, wanted, token=token, now=now, until=until)
        link = address(instance.base_url, NEW_ADDRESS, token=token)
        ask_new_address(session, instance, person, wanted, link)
        tell_of_address_asked(session, instance, person)
    write_outbox(instance)


def waiting_address(instance: Instance, signed: SignedIn) -> AddressChange | None:
    """Return the change that waits to be confirmed, or None."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.reading() as session:
        return rows.find_change(session, signed.person, instance.clock())


def drop_address(instance: Instance, signed: SignedIn) -> None:
    """Keep the present address: the link that was mailed to the other one ends."""
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.acting(signed.actor) as session:
        rows.drop_change(session, signed.person)


def confirm_address(instance: Instance, signed: SignedIn, token: str) -> SignedIn:
    """Use the mailed link up: from now on the new address signs in, and the old one does not.

    Every other session ends, every token, and every link that was mailed to the old address:
    whoever reads the old mailbox must be out. This device, which has just proven both, goes on
    under a new secret. Raises NotFound, Refused.
    """
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    now = instance.clock()
    with instance.acting(signed.actor) as session:
        require_may_change(session, instance, signed)
        before = person_of(session, signed)
        rows.make_change(session, signed.person, token, now)
        links.revoke_links(session, signed.person, now)
        sessions.end_all(session, signed.person, but=signed.session)
        api_tokens.end_tokens(session, signed.person)
        tell_of_address_changed(session, instance, before)
        note(session, signed.claimed.name, "change address", signed.claimed.name, now)
        after = renewed(session, instance, signed)
    write_outbox(instance)
    return after

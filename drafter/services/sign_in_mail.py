"""The mails of signing in: an invitation, a link that was asked for, a word about a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.people.mail import queue_mail
from drafter.people.persons import Person

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def invite(session: Session, instance: Instance, person: Person, what: str, link: str) -> None:
    """Invite a person to what they hold from now on."""
    _queue(
        session,
        instance,
        person,
        "You are invited to the drafting of the report",
        f"From now on you hold {what}.\n\n"
        f"Open the link in this mail to sign in. It works once, within a week:\n{link}\n\n"
        "There you can set up this device, so that its fingerprint or PIN signs you in next time. "
        f"Or ask for a new link whenever you need one:\n{instance.base_url}/sign-in\n",
    )


def send_link(session: Session, instance: Instance, person: Person, link: str) -> None:
    """Send the link that somebody asked for."""
    _queue(
        session,
        instance,
        person,
        "Your link to sign in",
        f"Open this link to sign in. It works once, within an hour:\n{link}\n\n"
        "If you did not ask for it, do nothing: nobody is signed in before the link is opened.\n",
    )


def tell_of_change(session: Session, instance: Instance, person: Person, what: str) -> None:
    """Tell a person what was changed in how they sign in, in case it was somebody else."""
    _queue(
        session,
        instance,
        person,
        "How you sign in has changed",
        f"{what}\n\nIf this was not you, open {instance.base_url}/you/ and sign out all other "
        "devices, then tell an administrator.\n",
    )


def ask_new_address(
    session: Session, instance: Instance, person: Person, email: str, link: str
) -> None:
    """Ask, at the address that a person wants, whether it is theirs."""
    queue_mail(
        session,
        to_address=email,
        subject="Please confirm your new address",
        body=(
            "Somebody who takes part in drafting the report wants this address to be theirs.\n\n"
            "If it was you, open this page on a device where you are signed in, and press its "
            f"button, within a day:\n{link}\n\n"
            "If it was not you, do nothing: nobody is signed in by this link.\n"
        ),
        now=instance.clock(),
        contributor=person.id,
    )


def tell_of_address_asked(session: Session, instance: Instance, person: Person) -> None:
    """Tell the present address that another one was asked for, and how to object."""
    _queue(
        session,
        instance,
        person,
        "Your address is about to change",
        "You, or somebody who is signed in as you, asked to be reached at another address from "
        "now on. Nothing changes before it is confirmed from there.\n\n"
        f"If this was not you, open {instance.base_url}/you/ within a day, keep your address, and "
        f"sign out all other devices. {_whom_to_tell(instance)}\n",
    )


def tell_of_address_changed(session: Session, instance: Instance, person: Person) -> None:
    """Tell the address that was a person's until now that it signs in no longer.

    `person`: as they were before.
    """
    _queue(
        session,
        instance,
        person,
        "Your address has changed",
        "You are reached at another address from now on. No more mail comes here, and this "
        "address signs you in no longer.\n\n"
        f"If this was not you, it can be undone. {_whom_to_tell(instance)}\n",
    )


def _whom_to_tell(instance: Instance) -> str:
    contact = instance.settings.sign_in.contact
    whom = f"an administrator at {contact}" if contact else "an administrator"
    return f"Write to {whom} at once, who can stop it and give you your place back."


def _queue(session: Session, instance: Instance, person: Person, subject: str, body: str) -> None:
    if person.email is not None:
        queue_mail(
            session,
            to_address=person.email,
            subject=subject,
            body=body,
            now=instance.clock(),
            contributor=person.id,
        )

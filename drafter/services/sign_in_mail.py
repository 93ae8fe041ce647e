"""The mails of signing in: an invitation, a link that was asked for, a word about a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core.saying import say
from drafter.people.mail import queue_mail
from drafter.people.persons import Person
from drafter.services.languages import in_report_language

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def invite(session: Session, instance: Instance, person: Person, what: str, link: str) -> None:
    """Invite a person to what they hold from now on."""
    _queue(
        session,
        instance,
        person,
        say("You are invited to the drafting of the report"),
        say(
            "From now on you hold {what}.\n\n"
            "Open the link in this mail to sign in. It works once, within a week:\n{link}\n\n"
            "There you can set up this device, so that its fingerprint or PIN signs you in next "
            "time. Or ask for a new link whenever you need one:\n{page}\n",
            what=what,
            link=link,
            page=f"{instance.base_url}/sign-in",
        ),
    )


def send_link(session: Session, instance: Instance, person: Person, link: str) -> None:
    """Send the link that somebody asked for."""
    _queue(
        session,
        instance,
        person,
        say("Your link to sign in"),
        say(
            "Open this link to sign in. It works once, within an hour:\n{link}\n\n"
            "If you did not ask for it, do nothing: nobody is signed in before the link is "
            "opened.\n",
            link=link,
        ),
    )


def tell_of_change(session: Session, instance: Instance, person: Person, what: str) -> None:
    """Tell a person what was changed in how they sign in, in case it was somebody else."""
    _queue(
        session,
        instance,
        person,
        say("How you sign in has changed"),
        say(
            "{what}\n\nIf this was not you, open {page} and sign out all other devices, then tell "
            "an administrator.\n",
            what=what,
            page=f"{instance.base_url}/you/",
        ),
    )


def ask_new_address(
    session: Session, instance: Instance, person: Person, email: str, link: str
) -> None:
    """Ask, at the address that a person wants, whether it is theirs."""
    queue_mail(
        session,
        to_address=email,
        subject=in_report_language(instance, say("Please confirm your new address")),
        body=in_report_language(
            instance,
            say(
                "Somebody who takes part in drafting the report wants this address to be "
                "theirs.\n\nIf it was you, open this page on a device where you are signed in, and "
                "press its button, within a day:\n{link}\n\n"
                "If it was not you, do nothing: nobody is signed in by this link.\n",
                link=link,
            ),
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
        say("Your address is about to change"),
        say(
            "You, or somebody who is signed in as you, asked to be reached at another address from "
            "now on. Nothing changes before it is confirmed from there.\n\n"
            "If this was not you, open {page} within a day, keep your address, and sign out all "
            "other devices. {tell}\n",
            page=f"{instance.base_url}/you/",
            tell=_whom_to_tell(instance),
        ),
    )


def tell_of_address_changed(session: Session, instance: Instance, person: Person) -> None:
    """Tell the address that was a person's until now that it signs in no longer.

    `person`: as they were before.
    """
    _queue(
        session,
        instance,
        person,
        say("Your address has changed"),
        say(
            "You are reached at another address from now on. No more mail comes here, and this "
            "address signs you in no longer.\n\n"
            "If this was not you, it can be undone. {tell}\n",
            tell=_whom_to_tell(instance),
        ),
    )


def _whom_to_tell(instance: Instance) -> str:
    contact = instance.settings.sign_in.contact
    if contact:
        return say(
            "Write to an administrator at {contact} at once, who can stop it and give you your "
            "place back.",
            contact=contact,
        )
    return say("Write to an administrator at once, who can stop it and give you your place back.")


def _queue(session: Session, instance: Instance, person: Person, subject: str, body: str) -> None:
    if person.email is not None:
        queue_mail(
            session,
            to_address=person.email,
            subject=in_report_language(instance, subject),
            body=in_report_language(instance, body),
            now=instance.clock(),
            contributor=person.id,
        )

"""Supporting a suggestion, and following by mail: both confirmed by mail, both ended by a link."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.errors import BadInput, NotFound
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people import comments as comment_rows
from drafter.people import followings as rows
from drafter.people.amendments import find_amendment
from drafter.people.comments import Comment
from drafter.people.contributors import mails_to
from drafter.people.followings import Followed, Following
from drafter.people.mailed_links import LINK_LASTS, contributor_of, use_link
from drafter.people.supports import (
    Support,
    add_support,
    confirm_support,
    count_supports,
    find_support,
    find_support_by_back,
    take_back,
    unconfirmed_supports,
)
from drafter.services.addresses import CONFIRM, address
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.commenting import confirm as confirm_comment
from drafter.services.limits import check_email
from drafter.services.links import new_contributor, secret_for
from drafter.services.lives import lives_at
from drafter.services.mailing import ask, erase_from_outbox, new_confirmation, write_outbox

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a mailed link has confirmed: exactly one of the three, or nothing that is new."""

    comment: Comment | None = None
    support: Support | None = None
    following: Following | None = None


def support(instance: Instance, number: int, email: str, *, actor: Actor = PUBLIC) -> None:
    """Support a suggestion that is shown; it counts once confirmed by mail, once per address.

    Nothing that comes back tells whether the address is known. Raises NotFound, Refused, BadInput.
    """
    authorize(actor, "support", number)
    to, contributor = _address(email), new_contributor(instance)
    with instance.database.writing() as session:
        found = comment_rows.find_comment(session, number)
        wording = (found.suggested_wording if found else None) or ""
        add_support(
            session,
            number,
            contributor=contributor,
            email=to,
            wording_digest=hashlib.sha256(wording.encode("utf-8")).hexdigest(),
            back_token=secret_for(instance, "take back", contributor),
            now=instance.clock(),
        )
        token = new_confirmation(session, instance, contributor)
        subject = say("Please confirm: support for {number}", number=number)
        body = say(
            "You asked to support the suggestion in comment {number}.\n\n"
            "To confirm, open this page and press its button, within seven days:\n{confirm}\n\n"
            "It counts only then, and once for each address. If it was not you, do nothing.\n",
            number=number,
            confirm=address(instance.base_url, CONFIRM, token=token),
        )
        ask(session, instance, contributor, to, subject, body)
    write_outbox(instance)


def supports_of(
    instance: Instance, comments: Collection[int], *, actor: Actor = PUBLIC
) -> dict[int, int]:
    """Count the support of each suggestion; those without any are left out."""
    authorize(actor, "read")
    with instance.database.reading() as session:
        return count_supports(session, comments)


def take_support_back(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> int:
    """Take support back by its link; return the suggestion's number. Raises NotFound."""
    authorize(actor, "support")
    with instance.database.writing() as session:
        found = find_support_by_back(session, token)
        if found is None:
            raise NotFound("This support was taken back already.")
        mails = mails_to(session, found.contributor)
        take_back(session, found.contributor)
    erase_from_outbox(instance, mails)
    return found.comment


def follow(
    instance: Instance, what: Followed, about: str, email: str, *, actor: Actor = PUBLIC
) -> None:
    """Ask to be told by mail of a clause, an amendment or the report, once confirmed by mail.

    Nothing that comes back tells whether the address is known. Raises NotFound, BadInput.
    """
    authorize(actor, "follow", about)
    to, contributor = _address(email), new_contributor(instance)
    _require_followable(instance, what, about)
    names = {
        "clause": say("a clause of the report"),
        "amendment": say("amendment {number}", number=about),
    }
    with instance.database.writing() as session:
        rows.add_following(
            session,
            what,
            about,
            contributor=contributor,
            email=to,
            end_token=secret_for(instance, "end", contributor),
            now=instance.clock(),
        )
        token = new_confirmation(session, instance, contributor)
        body = say(
            "You asked to be told what becomes of {what}.\n\n"
            "To confirm, open this page and press its button, within seven days:\n{confirm}\n\n"
            "We write only then. Every mail holds a link that ends it. If it was not you, do "
            "nothing.\n",
            what=names.get(what, say("the report")),
            confirm=address(instance.base_url, CONFIRM, token=token),
        )
        ask(session, instance, contributor, to, say("Please confirm: news by mail"), body)
    write_outbox(instance)


def end_follow(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> None:
    """End a following by its link, and forget the address. Raises NotFound."""
    authorize(actor, "follow")
    with instance.database.writing() as session:
        found = rows.find_following_by_end(session, token)
        if found is None:
            raise NotFound("This was ended already. No more mails will come.")
        mails = mails_to(session, found.contributor)
        rows.end_following(session, found.contributor)
    erase_from_outbox(instance, mails)


def forget_unconfirmed(instance: Instance) -> int:
    """Erase whoever asked to support or to follow and did not confirm while the link was valid.

    Return how many there were.
    """
    before = instance.clock() - LINK_LASTS
    with instance.database.reading() as session:
        supports = unconfirmed_supports(session, before)
        wishes = rows.unconfirmed_followings(session, before)
        mails = tuple(mail for one in (*supports, *wishes) for mail in mails_to(session, one))
    if supports or wishes:
        with instance.database.writing() as session:
            for one in supports:
                take_back(session, one)
            for one in wishes:
                rows.end_following(session, one)
        erase_from_outbox(instance, mails)
    return len(supports) + len(wishes)


def confirm_any(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> Confirmed:
    """Confirm whatever a mailed link is for. Raises NotFound, Refused."""
    authorize(actor, "confirm")
    now = instance.clock()
    with instance.database.writing() as session:
        contributor = contributor_of(session, token)
        if contributor is not None and find_support(session, contributor) is not None:
            use_link(session, token, now)
            return Confirmed(support=confirm_support(session, contributor, now))
        if contributor is not None and rows.find_following(session, contributor) is not None:
            use_link(session, token, now)
            return Confirmed(following=rows.confirm_following(session, contributor, now))
    return Confirmed(comment=confirm_comment(instance, token, actor=actor))


def _address(email: str) -> str:
    found = (check_email(email) or "").lower()
    if not found:
        raise BadInput("Write your e-mail address: the mail to confirm goes there.", field="email")
    return found


def _require_followable(instance: Instance, what: Followed, about: str) -> None:
    if what == "clause" and not lives_at(instance.repository, instance.tip).life(ClauseId(about)):
        raise NotFound(
            say("There never was a clause {about} in this report.", about=about), clause=about
        )
    if what == "amendment":
        with instance.database.reading() as session:
            known = about.isdecimal() and find_amendment(session, int(about))
        if not known:
            raise NotFound(say("There is no amendment {about}.", about=about))
    if what == "report" and about:
        raise BadInput("The report is followed as a whole.")

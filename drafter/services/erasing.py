"""Erasing a person for good: address, mails, links, and their own words if they wish it.

What stays says nothing of them: the comment's number, its clause, what became of it, and in git
the wording that the panel has made part of its record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.errors import NotFound
from drafter.people import comments as rows
from drafter.people.audit import note
from drafter.people.comments import Comment
from drafter.people.contributors import (
    address_of,
    contributions_of,
    erase_contributor,
    mails_to,
)
from drafter.people.followings import end_following, find_following
from drafter.people.supports import find_support, take_back
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.limits import check_email
from drafter.services.links import forget_mails
from drafter.services.mailing import erase_from_outbox

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased."""

    comments: tuple[int, ...]
    """The numbers of the comments whose author was erased."""
    words: bool
    """Their words were erased too."""
    others: int
    """Supports and followings that ended."""


def erase(instance: Instance, token: str, *, words: bool = False, actor: Actor = PUBLIC) -> Erased:
    """Erase whoever wrote a comment, by its receipt; with `words` what they wrote too.

    The receipt goes on telling what becomes of the comment. Again changes nothing. Raises
    NotFound.
    """
    authorize(actor, "erase")
    with instance.database.writing() as session:
        found = rows.find_by_receipt(session, token)
        if found is None:
            raise NotFound("This receipt belongs to no comment. Check the address.")
        mails = _erase_comment(session, instance, found, words=words)
    _leave_nothing(instance, mails)
    return Erased((found.number,), words, 0)


def erase_address(instance: Instance, actor: Actor, email: str, *, words: bool = False) -> Erased:
    """Erase everything that an address stands behind: comments, supports, followings.

    For somebody who asks by letter. Raises BadInput, NotFound for an address that is not known.
    """
    authorize(actor, "erase an address")
    address = (check_email(email) or "").lower()
    numbers: list[int] = []
    mails: tuple[int, ...] = ()
    others = 0
    with instance.acting(actor) as session:
        known = contributions_of(session, address)
        if not known:
            raise NotFound("Nothing is kept under this address.")
        for contributor in known:
            found = rows.find_by_contributor(session, contributor)
            if found is not None:
                mails += _erase_comment(session, instance, found, words=words)
                numbers.append(found.number)
                continue
            mails += mails_to(session, contributor)
            others += 1
            if find_support(session, contributor) is not None:
                take_back(session, contributor)
            elif find_following(session, contributor) is not None:
                end_following(session, contributor)
            else:
                erase_contributor(session, contributor)
        forget_mails(session, instance, address)
        note(session, actor.name, "erase", "a person", instance.clock())
    _leave_nothing(instance, mails)
    return Erased(tuple(sorted(numbers)), words, others)


def _erase_comment(
    session: Session, instance: Instance, found: Comment, *, words: bool
) -> tuple[int, ...]:
    """Erase a comment's author in the session; return the numbers of the mails to them."""
    mails = mails_to(session, found.contributor)
    address = address_of(session, found.contributor)
    if address is not None:
        forget_mails(session, instance, address)
    erase_contributor(session, found.contributor)
    if words:
        rows.erase_words(session, found.number, instance.clock())
    return mails


def _leave_nothing(instance: Instance, mails: tuple[int, ...]) -> None:
    erase_from_outbox(instance, mails)
    instance.database.scrub()

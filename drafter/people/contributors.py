"""The people behind contributions: how to reach them, and how to erase them for good."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from drafter.core.errors import Refused
from drafter.people.rows import require_storable, table_of
from drafter.people.tables import (
    CommentAmendmentRow,
    CommentRow,
    ContributorRow,
    MailedLinkRow,
    OutgoingMailRow,
)


@dataclass(frozen=True, slots=True, repr=False)
class Commenter:
    """How to reach who sent a comment. It has no readable form, so that no log can quote it."""

    comment: int
    contributor: str
    email: str


_LINK, _COMMENT, _PERSON = map(table_of, (CommentAmendmentRow, CommentRow, ContributorRow))
_TELL = (
    select(_COMMENT.c.number, _PERSON.c.id, _PERSON.c.email)
    .join_from(_LINK, _COMMENT, _COMMENT.c.number == _LINK.c.comment)
    .join(_PERSON, _PERSON.c.id == _COMMENT.c.contributor)
    .where(_LINK.c.amendment == bindparam("number"))
    .where(_PERSON.c.email.is_not(None), _COMMENT.c.state != "withdrawn")
    .order_by(_COMMENT.c.number)
)


def address_of(session: Session, contributor: str) -> str | None:
    """Return the e-mail address behind a contribution; None where there is none, or erased."""
    row = session.get(ContributorRow, contributor)
    return row.email if row else None


def is_erased(session: Session, contributor: str) -> bool:
    """Tell whether the person behind a contribution was erased."""
    return session.get(ContributorRow, contributor) is None


def add_address(session: Session, contributor: str, email: str) -> None:
    """Add an address to a contribution that has none. Raises Refused where it has, or is erased."""
    require_storable(email)
    row = session.get(ContributorRow, contributor, with_for_update=True)
    if row is None or row.email is not None:
        raise Refused("An address was given already, or it was erased.")
    row.email = email
    session.flush()


def contributions_of(session: Session, email: str) -> tuple[str, ...]:
    """Return the ids of every contribution that an address stands behind, oldest first."""
    query = select(ContributorRow.created_at, ContributorRow.id).where(
        ContributorRow.email == email.lower()
    )
    found = sorted((created_at, name) for created_at, name in session.execute(query))
    return tuple(name for _, name in found)


def mails_to(session: Session, contributor: str) -> tuple[int, ...]:
    """Return the numbers of the mails to the person behind a contribution, sent or not."""
    return tuple(
        session.scalars(
            select(OutgoingMailRow.id).where(OutgoingMailRow.contributor == contributor)
        )
    )


def whom_to_tell(session: Session, amendment: int) -> tuple[Commenter, ...]:
    """Return those whose comments an amendment takes up, by number of comment; without those who
    withdrew it, left no address, or were erased.
    """
    return tuple(Commenter(*row) for row in session.execute(_TELL, {"number": amendment}))


def erase_contributor(session: Session, contributor: str) -> None:
    """Erase the person behind a contribution, and every mail and link to them, used or not.

    The comment stays, under its random id, and the record still verifies.
    """
    session.execute(delete(OutgoingMailRow).where(OutgoingMailRow.contributor == contributor))
    session.execute(delete(MailedLinkRow).where(MailedLinkRow.contributor == contributor))
    session.execute(delete(ContributorRow).where(ContributorRow.id == contributor))

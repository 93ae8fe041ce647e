"""The people behind contributions: how to reach them, and how to erase them for good."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from drafter.core.errors import Refused
from drafter.people.rows import require_storable
from drafter.people.tables import ContributorRow, MailedLinkRow, OutgoingMailRow


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
    return tuple(
        session.scalars(
            select(ContributorRow.id)
            .where(ContributorRow.email == email.lower())
            .order_by(ContributorRow.created_at, ContributorRow.id)
        )
    )


def mails_to(session: Session, contributor: str) -> tuple[int, ...]:
    """Return the numbers of the mails to the person behind a contribution, sent or not."""
    return tuple(
        session.scalars(
            select(OutgoingMailRow.id).where(OutgoingMailRow.contributor == contributor)
        )
    )


def erase_contributor(session: Session, contributor: str) -> None:
    """Erase the person behind a contribution, and every mail and link to them, used or not.

    The comment stays, under its random id, and the record still verifies.
    """
    session.execute(delete(OutgoingMailRow).where(OutgoingMailRow.contributor == contributor))
    session.execute(delete(MailedLinkRow).where(MailedLinkRow.contributor == contributor))
    session.execute(delete(ContributorRow).where(ContributorRow.id == contributor))

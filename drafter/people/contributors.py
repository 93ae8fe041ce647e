"""The people behind contributions: how to reach them, and how to erase them for good."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from drafter.people.tables import ContributorRow, OutgoingMailRow


def address_of(session: Session, contributor: str) -> str | None:
    """Return the e-mail address behind a contribution; None where there is none, or erased."""
    row = session.get(ContributorRow, contributor)
    return row.email if row else None


def erase_contributor(session: Session, contributor: str) -> None:
    """Erase the person behind a contribution, and every mail to them, sent or not.

    The comment stays, under its random id, and the record still verifies.
    """
    session.execute(delete(OutgoingMailRow).where(OutgoingMailRow.contributor == contributor))
    session.execute(delete(ContributorRow).where(ContributorRow.id == contributor))

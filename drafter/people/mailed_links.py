"""Links that are mailed to confirm a contribution: single use, for seven days, sent again on wish.

Also how many such mails one address may be sent on one day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound, Refused
from drafter.people.tables import MailBudgetRow, MailedLinkRow
from drafter.people.tokens import token_hash

LINK_LASTS: Final = timedelta(days=7)
"""How long a mailed link confirms."""


def new_link(session: Session, contributor: str, token: str, now: datetime) -> None:
    """Record a link for a contribution; those mailed before for it still work."""
    session.add(
        MailedLinkRow(
            token_hash=token_hash(token),
            contributor=contributor,
            created_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    session.flush()


def contributor_of(session: Session, token: str) -> str | None:
    """Return the contribution that a link was mailed for, used or not, or None."""
    row = session.get(MailedLinkRow, token_hash(token))
    return row.contributor if row else None


def use_link(session: Session, token: str, now: datetime) -> bool:
    """Use a link up; of two at the same moment one succeeds. False where it was used before.

    Raises NotFound for an unknown link, Refused for one that has expired.
    """
    used = session.execute(
        update(MailedLinkRow)
        .where(
            MailedLinkRow.token_hash == token_hash(token),
            MailedLinkRow.used_at.is_(None),
            MailedLinkRow.expires_at > now,
        )
        .values(used_at=now)
    )
    if used.rowcount:  # type: ignore[attr-defined]
        return True
    row = session.get(MailedLinkRow, token_hash(token))
    if row is None:
        raise NotFound("This link confirms nothing. Open it from the mail once more.")
    if row.used_at is None:
        raise Refused(
            "This link was valid for seven days, and they are over. Have it sent again from your "
            "receipt, or from the page “Send it again”."
        )
    return False


def erase_links(session: Session, contributor: str) -> None:
    """Erase every link that was mailed for a contribution."""
    session.execute(delete(MailedLinkRow).where(MailedLinkRow.contributor == contributor))


def spend_mail(session: Session, address_hash: str, day: date, most: int) -> bool:
    """Count one mail to an address on a day; False, and nothing counted, past `most`.

    Of several at the same moment each is counted. What was counted before yesterday is forgotten.
    """
    session.execute(delete(MailBudgetRow).where(MailBudgetRow.day < day - timedelta(days=1)))
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    one_more = (
        insert(MailBudgetRow)
        .values(address_hash=address_hash, day=day, sent=1)
        .on_conflict_do_update(
            index_elements=[MailBudgetRow.address_hash, MailBudgetRow.day],
            set_={"sent": MailBudgetRow.sent + 1},
            where=MailBudgetRow.sent < most,
        )
        .returning(MailBudgetRow.sent)
    )
    return session.execute(one_more).first() is not None


def forget_budget(session: Session, address_hash: str) -> None:
    """Forget what was counted for an address."""
    session.execute(delete(MailBudgetRow).where(MailBudgetRow.address_hash == address_hash))

"""Mail that waits to be sent. Queued in the session of what it tells of, sent after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from drafter.people.rows import frozen, require_storable
from drafter.people.tables import OutgoingMailRow


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """A mail in the queue. It has no readable form, so that no log can quote it."""

    id: int
    to_address: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    unsubscribe: str | None
    """The page that ends such mails at one press, for the head of the mail."""


def queue_mail(
    session: Session,
    *,
    to_address: str,
    subject: str,
    body: str,
    now: datetime,
    contributor: str | None = None,
    once: str | None = None,
    unsubscribe: str | None = None,
) -> None:
    """Queue a mail; one of the same `once` (an event's name) is queued only the first time.

    `contributor` lets erasing a person take the mail along. Raises BadInput.
    """
    require_storable(to_address, subject, body)
    if once is not None and _is_known(session, once):
        return
    session.add(
        OutgoingMailRow(
            to_address=to_address,
            subject=subject,
            body=body,
            contributor=contributor,
            once=once,
            created_at=now,
            unsubscribe=unsubscribe,
        )
    )
    session.flush()


def unsent_mail(
    session: Session, *, now: datetime | None = None, limit: int = 100
) -> tuple[Mail, ...]:
    """Return the mail that waits, oldest first; with `now` only what may be sent then."""
    query = select(OutgoingMailRow).where(OutgoingMailRow.sent_at.is_(None))
    if now is not None:
        query = query.where(_is_free(now))
    rows = session.scalars(query.order_by(OutgoingMailRow.id).limit(limit))
    return tuple(frozen(Mail, row) for row in rows)


def lease_mail(session: Session, id: int, now: datetime, until: datetime) -> bool:
    """Take a mail, to send it; of several at the same moment one gets it. Nobody else does before
    `until`: a sender that is killed lets the lease run out.
    """
    return _hold(session, id, until, _is_free(now))


def hold_mail(session: Session, id: int, leased: datetime, until: datetime) -> bool:
    """Let a mail that was leased until `leased` wait for another moment; False once it ran out."""
    return _hold(session, id, until, OutgoingMailRow.not_before == leased)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(OutgoingMailRow.not_before.is_(None), OutgoingMailRow.not_before <= now)


def _hold(session: Session, id: int, until: datetime, where: ColumnElement[bool]) -> bool:
    held = session.execute(
        update(OutgoingMailRow)
        .where(OutgoingMailRow.id == id, OutgoingMailRow.sent_at.is_(None), where)
        .values(not_before=until)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def recent_mail(session: Session, *, limit: int = 100) -> tuple[Mail, ...]:
    """Return the newest mail, sent or not, newest first: the mailbox page of the demo."""
    kept = OutgoingMailRow.to_address != ""  # of what was erased nothing is left to show
    query = select(OutgoingMailRow).where(kept).order_by(OutgoingMailRow.id.desc()).limit(limit)
    return tuple(frozen(Mail, row) for row in session.scalars(query))


def mark_sent(session: Session, id: int, now: datetime) -> bool:
    """Note that a mail has left; the second time changes nothing. False where it was erased."""
    row = session.get(OutgoingMailRow, id, with_for_update=True)
    if row is None:
        return False
    row.sent_at = row.sent_at or now
    session.flush()
    return True


def mail_sent_before(session: Session, before: datetime) -> tuple[int, ...]:
    """Return the numbers of the mails that left before a moment and still say to whom."""
    query = select(OutgoingMailRow.id).where(
        OutgoingMailRow.sent_at < before, OutgoingMailRow.to_address != ""
    )
    return tuple(session.scalars(query))


def erase_sent_mail(session: Session, before: datetime) -> None:
    """Erase the mail that left before a moment; it is personal data, and has done its work.

    Events told `once` stay known: their rows lose address, subject and body only.
    """
    left = OutgoingMailRow.sent_at < before
    session.execute(delete(OutgoingMailRow).where(left, OutgoingMailRow.once.is_(None)))
    session.execute(
        update(OutgoingMailRow)
        .where(left)
        .values(to_address="", subject="", body="", contributor=None, unsubscribe=None)
    )


def _is_known(session: Session, once: str) -> bool:
    query = select(OutgoingMailRow.id).where(OutgoingMailRow.once == once)
    return session.execute(query).first() is not None

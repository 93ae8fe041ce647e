"""Long work, leased by workers: one that dies lets its lease run out, and another takes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict
from drafter.core.saying import say
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import JobRow

JobState = Literal["waiting", "running", "done", "failed"]

MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work and how far it is."""

    id: int
    kind: str
    payload: Mapping[str, Any]  # what JSON can hold
    state: JobState
    leased_by: str | None
    lease_until: datetime | None
    attempts: int  # how often it was leased
    progress: int  # percent
    message: str  # a sentence for people, without personal data


def add_job(session: Session, kind: str, payload: Mapping[str, Any], now: datetime) -> Job:
    """Queue a job."""
    row = JobRow(
        kind=kind,
        payload=dict(payload),
        state="waiting",
        created_at=now,
        not_before=now,
        attempts=0,
        progress=0,
        message="",
    )
    session.add(row)
    session.flush()
    return frozen(Job, row)


def find_job(session: Session, id: int) -> Job | None:
    """Return a job, or None."""
    row = session.get(JobRow, id)
    return frozen(Job, row) if row else None


def lease_job(session: Session, worker: str, now: datetime, until: datetime) -> Job | None:
    """Take the oldest job that waits, or whose lease has run out; None when there is none.

    A job whose last attempt ran out is marked failed instead.
    """
    while (row := _next(session, now)) is not None:
        if row.attempts < MAX_ATTEMPTS:
            row.state, row.leased_by, row.lease_until = "running", worker, until
            row.attempts += 1
            session.flush()
            return frozen(Job, row)
        _end(row, "failed", "The work was interrupted too often.", now)
        session.flush()
    return None


def report_progress(
    session: Session, id: int, worker: str, progress: int, message: str, until: datetime
) -> None:
    """Note how far a job is and renew its lease. Raises Conflict when the lease was lost."""
    require_storable(message)
    row = _leased(session, id, worker)
    row.progress, row.message, row.lease_until = progress, message, until
    session.flush()


def finish_job(session: Session, id: int, worker: str, message: str, now: datetime) -> Job:
    """Mark a job done. Raises Conflict when the lease was lost."""
    require_storable(message)
    row = _leased(session, id, worker)
    row.progress = 100
    _end(row, "done", message, now)
    session.flush()
    return frozen(Job, row)


def fail_job(
    session: Session,
    id: int,
    worker: str,
    message: str,
    now: datetime,
    *,
    again_at: datetime | None,
) -> Job:
    """Mark a job failed, or let it wait until `again_at` while attempts are left.

    Raises Conflict when the lease was lost.
    """
    require_storable(message)
    row = _leased(session, id, worker)
    if again_at is None or row.attempts >= MAX_ATTEMPTS:
        _end(row, "failed", message, now)
    else:
        row.state, row.not_before, row.message = "waiting", again_at, message
        row.leased_by = row.lease_until = None
    session.flush()
    return frozen(Job, row)


def _next(session: Session, now: datetime) -> JobRow | None:
    waiting = and_(JobRow.state == "waiting", JobRow.not_before <= now)
    abandoned = and_(JobRow.state == "running", JobRow.lease_until <= now)
    return session.scalars(
        select(JobRow)
        .where(or_(waiting, abandoned))
        .order_by(JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _leased(session: Session, id: int, worker: str) -> JobRow:
    row = session.get(JobRow, id, with_for_update=True, populate_existing=True)
    if row is None or row.leased_by != worker:
        raise Conflict(say("Job {id} is no longer ours: its lease ran out.", id=id), job=id)
    return row


def _end(row: JobRow, state: JobState, message: str, now: datetime) -> None:
    row.state, row.message, row.finished_at = state, message, now
    row.leased_by = row.lease_until = None

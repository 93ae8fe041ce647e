"""Tables of the work behind the pages: jobs, outgoing mail, audit, settings, counters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, UtcTime, one_of, together

JOB_STATES = ("waiting", "running", "done", "failed")


class JobRow(Base):
    """Long work. A worker leases it; when the lease runs out, another may take it."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JOB_STATES),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_percent"),
        CheckConstraint("(state = 'running') = (leased_by IS NOT NULL)", name="running_leased"),
        together("leased_by", "lease_until"),
        Index("ix_jobs_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    not_before: Mapped[datetime] = mapped_column(UtcTime)
    leased_by: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    attempts: Mapped[int]
    progress: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class OutgoingMailRow(Base):
    """A mail to be sent. `contributor` lets erasing a person take the mail along;
    `once` names an event that must be told only once, whatever restarts in between. Nobody sends
    it before `not_before`: somebody else is doing so, or its server asked for patience.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_sent_at", "sent_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    to_address: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    contributor: Mapped[str | None] = mapped_column(index=True)
    once: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    unsubscribe: Mapped[str | None] = mapped_column(Text)
    not_before: Mapped[datetime | None] = mapped_column(UtcTime)


class AuditRow(Base):
    """Who did what to which object, when. Names objects by number, never quotes them."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str]
    action: Mapped[str]
    object: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class SettingRow(Base):
    """A named value of this instance."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class CounterRow(Base):
    """The last number given out. A row, not a sequence: a number rolled back is not lost,
    so that comments and amendments are numbered without gaps.
    """

    __tablename__ = "counters"
    __table_args__ = (CheckConstraint("last >= 0", name="last_counted"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]

"""Tables of the panel: seats, amendments as the database sees them, motions,
ballots and decisions. No name of a person stands in any of them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Commit, Digest, UtcTime, digest, one_of, together

AMENDMENT_STATES = ("open", "put", "stale", "accepted", "rejected", "withdrawn", "lapsed")
MOTION_STATES = ("open", "closed", "decided", "stale")
CHOICES = ("for", "against", "abstaining", "recused")
OUTCOMES = ("accepted", "rejected", "withdrawn", "lapsed")

RUNNING = text("state IN ('open', 'closed')")
UNNAMED = text("(named_tip IS NULL OR named_tip <> branch_tip)")


class SeatRow(Base):
    """A place on the panel; `filled` while a person holds it."""

    __tablename__ = "seats"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filled: Mapped[bool]
    label: Mapped[str]


class AmendmentRow(Base):
    """An amendment as the database sees it. All of it can be rebuilt from git."""

    __tablename__ = "amendments"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("round > 0", name="round_positive"),
        one_of("state", AMENDMENT_STATES),
        Index("ix_amendments_state", "state", "number", "branch_tip"),
        Index("ix_amendments_unnamed", "number", sqlite_where=UNNAMED, postgresql_where=UNNAMED),
        Index("uq_amendments_by_motion", "by_motion", unique=True),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    round: Mapped[int]
    branch_tip: Mapped[str | None] = mapped_column(Commit)
    submitter: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    by_motion: Mapped[int | None]
    """The carried motion to reconsider that it was opened by: each opens one."""
    about: Mapped[int | None]
    """For a motion to reconsider: the amendment that it would open again."""
    named_tip: Mapped[str | None] = mapped_column(Commit)
    """The branch tip that its rows in `touches` are of; while it is another, they are old."""


class TouchRow(Base):
    """A name that an amendment's record names: a clause, a place, a chapter. Derived from git."""

    __tablename__ = "touches"
    __table_args__ = (Index("ix_touches_name", "name", "amendment", "claimed"),)

    amendment: Mapped[int] = mapped_column(ForeignKey("amendments.number"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    claimed: Mapped[bool]
    """It changes what stands there, so that another that does the same contests it."""


class BatchRow(Base):
    """Amendments put together in one motion. Each has a motion of its own, which names it."""

    __tablename__ = "batches"

    number: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    put_at: Mapped[datetime] = mapped_column(UtcTime)
    put_by: Mapped[str]


class MotionRow(Base):
    """The question put: one amendment, one round, bound to exact words and to the rules.

    `rules_json` is text, not a JSON column: `rules_id` is the hash of these very bytes.
    `voters` is fixed at closing: the seats that could vote, as numbers with commas between.
    """

    __tablename__ = "motions"
    __table_args__ = (
        CheckConstraint("round > 0", name="round_positive"),
        one_of("state", MOTION_STATES),
        digest("ballot_hash"),
        digest("rules_id"),
        together("closed_at", "closed_by"),
        CheckConstraint("state <> 'open' OR closed_at IS NULL", name="open_not_closed"),
        CheckConstraint(
            "state NOT IN ('closed', 'decided') OR closed_at IS NOT NULL", name="closed_has_time"
        ),
        CheckConstraint("closed_at IS NULL OR voters IS NOT NULL", name="closed_has_voters"),
        UniqueConstraint("amendment", "round", "ballot_hash"),
        Index(
            "uq_motions_running",
            "amendment",
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
        Index("ix_motions_state", "state", "amendment"),
        Index("ix_motions_batch", "batch", "amendment"),
    )

    amendment: Mapped[int] = mapped_column(ForeignKey("amendments.number"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(Text)
    ballot_hash: Mapped[str] = mapped_column(Digest)
    rules_id: Mapped[str] = mapped_column(Digest)
    rules_json: Mapped[str] = mapped_column(Text)
    base_commit: Mapped[str] = mapped_column(Commit)
    state: Mapped[str]
    put_at: Mapped[datetime] = mapped_column(UtcTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcTime)
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str | None]
    voters: Mapped[str | None] = mapped_column(Text)
    batch: Mapped[int | None]
    """The batch that it was put in; no foreign key, as SQLite adds none to a table it has."""


class BallotRow(Base):
    """One seat's vote. The foreign key makes a ballot for other words impossible."""

    __tablename__ = "ballots"
    __table_args__ = (
        one_of("choice", CHOICES),
        ForeignKeyConstraint(
            ["amendment", "round", "ballot_hash"],
            ["motions.amendment", "motions.round", "motions.ballot_hash"],
        ),
    )

    amendment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(ForeignKey("seats.number"), primary_key=True)
    choice: Mapped[str]
    ballot_hash: Mapped[str] = mapped_column(Digest)
    cast_at: Mapped[datetime] = mapped_column(UtcTime)
    interest: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[str | None]
    """The clerk, where the vote was taken in the room; empty where the seat cast it itself."""


class DissentRow(Base):
    """What a seat puts on record against a decision, between the closing and the decision."""

    __tablename__ = "dissents"
    __table_args__ = (
        ForeignKeyConstraint(["amendment", "round"], ["motions.amendment", "motions.round"]),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
    )

    amendment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(
        ForeignKey("seats.number"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcTime)


class DecisionRow(Base):
    """A decision, written before main moves, marked applied after, and told of then.

    No foreign key to a motion: withdrawn and lapsed are decided without one. Main moves from
    one tip to one commit only, so each stands in one decision at most.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("round > 0", name="round_positive"),
        one_of("outcome", OUTCOMES),
        CheckConstraint("expected_tip <> new_commit", name="moves_main"),
        Index("ix_decisions_applied_at", "applied_at"),
        Index("ix_decisions_told_at", "told_at"),
    )

    amendment: Mapped[int] = mapped_column(ForeignKey("amendments.number"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    expected_tip: Mapped[str] = mapped_column(Commit, unique=True)
    new_commit: Mapped[str] = mapped_column(Commit, unique=True)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)

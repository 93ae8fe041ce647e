"""Tables of what citizens send in. Personal data stands apart, so that it can be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Digest, UtcTime, digest, one_of, together

COMMENT_KINDS = ("remark", "suggestion")
COMMENT_STATES = ("received", "confirmed", "held", "shown", "withdrawn")


class CommentRow(Base):
    """A citizen's remark on a clause, or a suggestion of other wording.

    `contributor` is a random id of this one contribution and deliberately no foreign key:
    the person behind it can be erased while the comment and its place in the record stay.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        one_of("kind", COMMENT_KINDS),
        one_of("state", COMMENT_STATES),
        digest("wording_hash"),
        digest("receipt_hash"),
        digest("confirm_hash"),
        CheckConstraint(
            "(kind = 'suggestion') = (suggested_wording IS NOT NULL)", name="suggestion_has_wording"
        ),
        CheckConstraint("kind = 'suggestion' OR length(text) > 0", name="remark_has_text"),
        CheckConstraint("state <> 'held' OR held_reason IS NOT NULL", name="held_has_reason"),
        CheckConstraint("state <> 'received' OR confirmed_at IS NULL", name="received_unconfirmed"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'held', 'shown') OR confirmed_at IS NOT NULL",
            name="later_states_confirmed",
        ),
        together("answer", "answered_at"),
        together("answer", "answered_by"),
        Index("ix_comments_clause_id_state", "clause_id", "state", "number"),
        Index("ix_comments_state_kind", "state", "kind", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clause_id: Mapped[str]
    wording_hash: Mapped[str] = mapped_column(Digest)
    words_seen: Mapped[str] = mapped_column(Text)
    version_seen: Mapped[str | None]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    suggested_wording: Mapped[str | None] = mapped_column(Text)
    contributor: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    held_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    receipt_hash: Mapped[str] = mapped_column(Digest, unique=True)
    confirm_hash: Mapped[str] = mapped_column(Digest, unique=True)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_by: Mapped[str | None]


class ContributorRow(Base):
    """The person behind one contribution. Erasing this row is erasing the person.

    No UNIQUE on the address: one person may contribute often, under a new id each time.
    """

    __tablename__ = "contributors"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class CommentAmendmentRow(Base):
    """A comment that an amendment takes up; one may serve several, and several one."""

    __tablename__ = "comment_amendments"

    comment: Mapped[int] = mapped_column(ForeignKey("comments.number"), primary_key=True)
    amendment: Mapped[int] = mapped_column(
        ForeignKey("amendments.number"), primary_key=True, index=True
    )
    linked_at: Mapped[datetime] = mapped_column(UtcTime)

"""The table of proposals: what a member or the clerk drafts before it is an amendment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Commit, UtcTime, one_of

PROPOSAL_KINDS = ("new", "redraft", "combined")
PROPOSAL_STATES = ("drafting", "submitted", "admitted", "discarded", "returned")


class ProposalRow(Base):
    """A proposal. `author` is a seat or the clerk, never a name.

    `steps` is JSON as `core.steps` writes it; `comments` and `sources` are numbers with commas
    between. `revision` counts the changes, so that two windows cannot overwrite each other.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("kind", PROPOSAL_KINDS),
        one_of("state", PROPOSAL_STATES),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("state <> 'returned' OR length(reason) > 0", name="returned_has_reason"),
        CheckConstraint(
            "(state = 'admitted') = (amendment IS NOT NULL)", name="admitted_has_amendment"
        ),
        CheckConstraint("kind = 'new' OR length(sources) > 0", name="others_have_sources"),
        CheckConstraint(
            "state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_time"
        ),
        Index("ix_proposals_author", "author", "state", "id"),
        Index("ix_proposals_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    author: Mapped[str]
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    comments: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text)
    base_commit: Mapped[str] = mapped_column(Commit)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    amendment: Mapped[int | None] = mapped_column(ForeignKey("amendments.number"), index=True)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)

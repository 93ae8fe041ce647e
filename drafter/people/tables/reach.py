"""Tables of what each amendment touches, so that the few that a change concerns are found at once.

Derived from git alone: whatever is missing or of an older branch is computed again.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Commit


class ReachRow(Base):
    """That the places of an amendment are known, as its branch stood at one commit."""

    __tablename__ = "reaches"

    amendment: Mapped[int] = mapped_column(ForeignKey("amendments.number"), primary_key=True)
    branch_tip: Mapped[str] = mapped_column(Commit)


class PlaceRow(Base):
    """A clause that an amendment touches, or a place that it puts something at."""

    __tablename__ = "places"
    __table_args__ = (Index("ix_places_place", "place", "amendment"),)

    amendment: Mapped[int] = mapped_column(ForeignKey("amendments.number"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)

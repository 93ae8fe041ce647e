"""Telling of a decision: a step of its own, noted beside the decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Note when a decision was told; until now that was the moment it was applied."""
    op.add_column("decisions", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE decisions SET told_at = applied_at")
    op.create_index("ix_decisions_told_at", "decisions", ["told_at"], unique=False)

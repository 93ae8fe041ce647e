"""Proposals: what is being drafted before it is an amendment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of proposals."""
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("base_commit", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amendment", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('new', 'redraft', 'combined')", name=op.f("ck_proposals_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('drafting', 'submitted', 'admitted', 'discarded', 'returned')",
            name=op.f("ck_proposals_state_known"),
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_proposals_revision_positive")),
        sa.CheckConstraint(
            "state <> 'returned' OR length(reason) > 0",
            name=op.f("ck_proposals_returned_has_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'admitted') = (amendment IS NOT NULL)",
            name=op.f("ck_proposals_admitted_has_amendment"),
        ),
        sa.CheckConstraint(
            "kind = 'new' OR length(sources) > 0", name=op.f("ck_proposals_others_have_sources")
        ),
        sa.CheckConstraint(
            "state <> 'submitted' OR submitted_at IS NOT NULL",
            name=op.f("ck_proposals_submitted_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_proposals_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_author", "proposals", ["author", "state", "id"], unique=False)
    op.create_index("ix_proposals_state", "proposals", ["state", "id"], unique=False)
    op.create_index("ix_proposals_amendment", "proposals", ["amendment"], unique=False)

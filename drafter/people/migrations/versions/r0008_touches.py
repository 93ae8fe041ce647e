"""What each amendment is about, so that those whom a change may concern are found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

UNNAMED = sa.text("(named_tip IS NULL OR named_tip <> branch_tip)")
ANSWERED = sa.text("answered_at IS NOT NULL")


def upgrade() -> None:
    """Make the table of names, which the next start fills from the records in git; and indices for
    lists of comments, each in the order in which it is read.
    """
    op.add_column("amendments", sa.Column("named_tip", sa.String(length=64), nullable=True))
    op.drop_index("ix_amendments_state", table_name="amendments")
    op.create_index(
        "ix_amendments_state", "amendments", ["state", "number", "branch_tip"], unique=False
    )
    op.create_index(
        "ix_amendments_unnamed",
        "amendments",
        ["number"],
        unique=False,
        sqlite_where=UNNAMED,
        postgresql_where=UNNAMED,
    )
    op.create_table(
        "touches",
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_touches_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("amendment", "name", name="pk_touches"),
    )
    op.drop_index("ix_comments_clause_id_state", table_name="comments")
    op.create_index(
        "ix_comments_clause_id_state",
        "comments",
        ["clause_id", "state", "number", "kind"],
        unique=False,
    )
    op.create_index("ix_comments_state", "comments", ["state", "number"], unique=False)
    op.create_index(
        "ix_comments_answered",
        "comments",
        ["number", "state"],
        unique=False,
        sqlite_where=ANSWERED,
        postgresql_where=ANSWERED,
    )
    op.create_index("ix_touches_name", "touches", ["name", "amendment", "claimed"], unique=False)

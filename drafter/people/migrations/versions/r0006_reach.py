"""What each amendment touches, to find those that a change concerns; indexes for long lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables, which fill by themselves, and count changes from nought."""
    op.create_table(
        "reaches",
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("branch_tip", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_reaches_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("amendment", name="pk_reaches"),
    )
    op.create_table(
        "places",
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment"], ["amendments.number"], name="fk_places_amendment_amendments"
        ),
        sa.PrimaryKeyConstraint("amendment", "place", name="pk_places"),
    )
    op.create_index("ix_places_place", "places", ["place", "amendment"])
    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("last", sa.Integer)),
        [{"name": "change", "last": 0}],
    )

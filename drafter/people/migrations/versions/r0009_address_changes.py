"""Changes of a person's own address that wait to be confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of address changes."""
    op.create_table(
        "address_changes",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_address_changes_token_hash_digest")
        ),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_address_changes_expires_later")
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["persons.id"], name="fk_address_changes_person_persons"
        ),
        sa.PrimaryKeyConstraint("person", name="pk_address_changes"),
        sa.UniqueConstraint("token_hash", name="uq_address_changes_token_hash"),
    )

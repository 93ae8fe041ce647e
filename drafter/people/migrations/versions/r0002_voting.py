"""Voting: batches, dissents, votes taken in the room, amendments opened again by a motion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make two tables, and add a column to three."""
    op.add_column("amendments", sa.Column("by_motion", sa.Integer(), nullable=True))
    op.add_column("amendments", sa.Column("about", sa.Integer(), nullable=True))
    op.create_index("uq_amendments_by_motion", "amendments", ["by_motion"], unique=True)
    op.add_column("motions", sa.Column("batch", sa.Integer(), nullable=True))
    op.create_index("ix_motions_batch", "motions", ["batch", "amendment"], unique=False)
    op.add_column("ballots", sa.Column("entered_by", sa.String(), nullable=True))
    op.create_table(
        "batches",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_batches"),
    )
    op.create_table(
        "dissents",
        sa.Column("amendment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_dissents_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["amendment", "round"],
            ["motions.amendment", "motions.round"],
            name="fk_dissents_amendment_round_motions",
        ),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"], name="fk_dissents_seat_seats"),
        sa.PrimaryKeyConstraint("amendment", "round", "seat", name="pk_dissents"),
    )

"""Mail: a lease, so that of several senders one alone sends each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Note until when a mail is left alone; whatever waits now may leave at once."""
    op.add_column(
        "outgoing_mail", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True)
    )

"""Run by Alembic: takes the connection, and the transaction, that `schema.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from drafter.people.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
)
with context.begin_transaction():
    context.run_migrations()

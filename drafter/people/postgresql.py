"""Everything that holds for PostgreSQL alone: the driver, how a session begins, its error codes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError

from drafter.core.errors import BadInput

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""One state throughout, as SQLite gives a reader."""

WRITING = {"isolation_level": "READ COMMITTED"}
"""Each writer locks the rows that it decides by, so a statement sees what others committed."""

PASSING = {**WRITING, "drafter_waits": False}
"""As `WRITING`, and the commit does not wait for the disk."""

BUSY = frozenset({"40001", "40P01", "55P03"})
"""Codes for "try again": serialization, deadlock, lock not available. See
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

FULL = "53100"

STATE = "SELECT pg_current_snapshot()::text"
"""Which transactions are seen: where it is the same, so is everything that is read."""


def postgresql_engine(url: URL, busy_seconds: float) -> Engine:
    """Make an engine; a writer waits `busy_seconds` for a row that another one holds.

    Raises BadInput where the driver is missing.
    """
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=24,
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise BadInput(
            "PostgreSQL needs its driver. Install Drafter with it: "
            "pip install 'drafter[postgresql]'."
        ) from None

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(busy_seconds * 1000)}")
            cursor.execute("SHOW synchronous_commit")
            if cursor.fetchone() == ("off",):
                # Then a commit would be acknowledged that a power cut can still undo.
                cursor.execute("SET synchronous_commit = on")
        connection.commit()

    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("drafter_waits", True):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

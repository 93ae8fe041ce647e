"""Everything that holds for SQLite alone: the driver, the settings of a connection, how a
transaction begins. The rest of the package is SQL that PostgreSQL understands as well.
"""

from __future__ import annotations

import importlib
import sqlite3
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

READING = {"drafter_writes": False}
WRITING = {"drafter_writes": True}
PASSING = {"drafter_writes": True, "drafter_waits": False}
"""As `WRITING`, and the commit does not wait for the disk."""

WAL_IS_SOUND_FROM = (3, 51, 3)
"""Before it, resetting the write-ahead log could corrupt the file: https://sqlite.org/wal.html"""

BUSY, LOCKED = 5, 6
"""Primary result codes: https://sqlite.org/rescode.html"""
FULL = "SQLITE_FULL"


def driver() -> ModuleType:
    """Return `pysqlite3`, whose wheel carries a current SQLite, else Python's own `sqlite3`."""
    try:
        return importlib.import_module("pysqlite3")
    except ModuleNotFoundError:
        return sqlite3


def journal_settings(version: tuple[int, ...]) -> tuple[str, str]:
    """Return journal mode and `synchronous` for a version of SQLite; both survive a power cut.

    >>> journal_settings((3, 51, 3)), journal_settings((3, 40, 1))
    (('wal', 'full'), ('delete', 'extra'))
    """
    return ("wal", "full") if version >= WAL_IS_SOUND_FROM else ("delete", "extra")


def sqlite_engine(url: URL, busy_seconds: float) -> Engine:
    """Make an engine whose sessions say by `READING` or `WRITING` how they begin.

    A reading session begins with BEGIN and sees one state throughout; with a write-ahead log it
    neither waits for writers nor makes them wait. A writing session takes the write lock with
    its first statement: one that begins by reading would fail at once when it turns to writing.
    """
    module = driver()
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        module=module,
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
    )
    journal, synchronous = journal_settings(module.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # Only with a write-ahead log is a commit that does not wait as sound as one that does.
        passing = "normal" if journal == "wal" else synchronous
        record.info["drafter_synchronous"] = {True: synchronous, False: passing}
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        _use_journal(connection, journal)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        # What a person has erased is overwritten with zeros, not only unlinked.
        connection.execute("PRAGMA secure_delete = ON")

    event.listen(engine, "begin", _begin)
    return engine


STATE = "PRAGMA data_version"
"""Differs, on one connection, whenever another one has committed: https://sqlite.org/pragma.html"""


def scrub(connection: Any) -> bool:
    """Empty the write-ahead log into the file, so that no older page is left in it.

    False where a reader held it open; then the next call does it.
    """
    row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return row is None or row[0] == 0


def is_busy(error: object) -> bool:
    """Tell whether an error of the driver means that another writer held the file too long."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF in (BUSY, LOCKED)


def _use_journal(connection: Any, journal: str) -> None:
    (current,) = connection.execute("PRAGMA journal_mode").fetchone()
    if current not in (journal, "memory"):
        connection.execute(f"PRAGMA journal_mode = {journal}")


def _begin(connection: Connection) -> None:
    options, info = connection.get_execution_options(), connection.info
    # Settings go to the driver itself: they wait for nothing, and cost a fifth of that.
    raw: Any = connection.connection.driver_connection
    writes = options.get("drafter_writes", False)
    if info.get("drafter_writes") != writes:
        raw.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        info["drafter_writes"] = writes
    waits = options.get("drafter_waits", True)
    if writes and info.get("drafter_waits", True) != waits:
        raw.execute(f"PRAGMA synchronous = {info['drafter_synchronous'][waits]}")
        info["drafter_waits"] = waits
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

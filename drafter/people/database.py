"""Opens the database, gives out sessions that read or write, brings its tables up to date.

Knows no table. Turns the driver's errors into Drafter's, without the values that were sent.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session as Session

from drafter.core.errors import Busy, Conflict, DrafterError, NotFound, Unreadable
from drafter.people import schema, sqlite

SERIALIZATION_FAILURES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes for "try again": serialization, deadlock, lock not available."""


class Database:
    """One database, open. Safe to share between threads, not across a fork: open it after."""

    def __init__(
        self, engine: Engine, reading: Mapping[str, object], writing: Mapping[str, object]
    ):
        self._engine = engine
        self._readers = engine.execution_options(**reading)
        self._writers = engine.execution_options(**writing)

    @classmethod
    def open(
        cls, where: str | Path, *, must_exist: bool = False, busy_seconds: float = 10.0
    ) -> Database:
        """Open a database by the path of an SQLite file or by a URL.

        A missing file is made, readable by its owner only, unless it `must_exist`. A writer
        waits `busy_seconds` for another one. Raises NotFound, Unreadable.
        """
        url = _url(where)
        if url.get_backend_name() != "sqlite":
            return cls(
                create_engine(url, hide_parameters=True, pool_pre_ping=True),
                reading={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
                writing={"isolation_level": "READ COMMITTED"},
            )
        _touch(url, must_exist)
        engine = sqlite.sqlite_engine(url, busy_seconds)
        return cls(engine, reading=sqlite.READING, writing=sqlite.WRITING)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and cannot write."""
        with _explained(), Session(self._readers) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that writes: committed at the end, rolled back when an error leaves.

        Raises Busy when another writer takes too long, Conflict when a constraint refuses.
        """
        with _explained(), Session(self._writers) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest form, whole or not at all. Nothing to do is no error."""
        with _explained(), self._writers.begin() as connection:
            schema.upgrade(connection)

    def is_current(self) -> bool:
        """Tell whether the tables have the form that this program expects."""
        with _explained(), self._readers.begin() as connection:
            return schema.is_current(connection)

    def scrub(self) -> bool:
        """Leave nothing erased behind in the files of the database. Call it outside a session.

        False where somebody was reading just then. PostgreSQL does it by itself (autovacuum).
        """
        if self._engine.dialect.name != "sqlite":
            return True
        with _explained(), self._engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            return sqlite.scrub(raw)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _url(where: str | Path) -> URL:
    if isinstance(where, str) and "://" in where:
        return make_url(where)
    return URL.create("sqlite", database=str(where))


def _touch(url: URL, must_exist: bool) -> None:
    path = Path(url.database or "")
    if url.database in (None, "", ":memory:"):
        raise NotFound("A database needs a file of its own. Name a path.")
    if must_exist and not path.exists():
        raise NotFound(f"There is no database at {path}. Check the path, or restore a backup.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        sentence = f"The database at {path} cannot be opened: {error.strerror}."
        raise Unreadable(sentence, path=str(path)) from error


@contextmanager
def _explained() -> Iterator[None]:
    """Replace the driver's errors; theirs may quote the row, with its texts and addresses."""
    try:
        yield
    except PoolExhausted:
        raise Busy("All connections to the database are in use. Try again in a moment.") from None
    except DBAPIError as error:
        raise _drafter_error(error) from None


def _drafter_error(error: DBAPIError) -> DrafterError:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if sqlite.is_busy(error.orig) or code in SERIALIZATION_FAILURES:
        return Busy("Another writer is using the database. Try again in a moment.", code=code)
    if isinstance(error, IntegrityError):
        sentence = "This contradicts what is already recorded. Reload and look at it again."
        return Conflict(sentence, code=code)
    sentence = "The database could not be read or written. If it stays so, check disk and server."
    return Unreadable(sentence, code=code, statement=error.statement)

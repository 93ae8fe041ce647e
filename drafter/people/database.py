"""Opens the database, gives out sessions that read or write, brings its tables up to date.

Knows no table. Turns the driver's errors into Drafter's, without the values that were sent.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import cast

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session as Session

from drafter.core.errors import BadInput, Busy, Conflict, DrafterError, NotFound, Unreadable
from drafter.core.saying import say
from drafter.people import postgresql, schema, sqlite
from drafter.people.rows import require_storable
from drafter.people.watching import Watch

KINDS = ("sqlite", "postgresql")
LARGEST_NUMBER = 2**31 - 1
"""Of what an INTEGER of PostgreSQL holds; every number here is one."""


class Database:
    """One database, open. Safe to share between threads, not across a fork: open it after."""

    def __init__(self, engine: Engine, kind: ModuleType, busy_seconds: float) -> None:
        self._engine = engine
        self._readers = engine.execution_options(**kind.READING)
        self._writers = engine.execution_options(**kind.WRITING)
        self._passers = engine.execution_options(**kind.PASSING)
        self._turn = threading.RLock() if kind is sqlite else None
        """Of SQLite's one writer: who waits here goes on at once, and does not look again and
        again."""
        self._busy_seconds = busy_seconds
        self._watch = Watch(engine)

    @classmethod
    def open(
        cls, where: str | Path, *, must_exist: bool = False, busy_seconds: float = 10.0
    ) -> Database:
        """Open a database by the path of an SQLite file or by a URL.

        A missing file is made, readable by its owner only, unless it `must_exist`. A writer
        waits `busy_seconds` for another one. Raises NotFound, Unreadable, BadInput on a URL of
        another kind of database.
        """
        url = _url(where)
        if url.get_backend_name() == "postgresql":
            engine = postgresql.postgresql_engine(url, busy_seconds)
            event.listen(engine, "before_cursor_execute", _check)
            return cls(engine, postgresql, busy_seconds)
        _touch(url, must_exist)
        engine = sqlite.sqlite_engine(url, busy_seconds)
        event.listen(engine, "before_cursor_execute", _check)
        return cls(engine, sqlite, busy_seconds)

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
        with _explained(), self._its_turn(), Session(self._writers) as session, session.begin():
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Read as `reading` does, by plain statements alone: at half the cost of a session."""
        with _explained(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def noting(self, *, waits: bool = True) -> Iterator[Connection]:
        """Write as `writing` does, by plain statements alone: at half the cost of a session.

        Where it `waits` not for the disk, a power cut can undo it, as with `passing`.
        """
        engine = self._writers if waits else self._passers
        with _explained(), self._its_turn(), engine.begin() as connection:
            yield connection

    @contextmanager
    def passing(self, *, waits: bool = True) -> Iterator[Session]:
        """Give a session that writes what may be lost: a power cut can undo the last of it.

        For counts that are of use for a while. The process being killed undoes nothing. Raises
        Busy where another writer takes too long; without `waits`, where there is one at all.
        """
        with (
            _explained(),
            self._its_turn(waits=waits),
            Session(self._passers) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _its_turn(self, *, waits: bool = True) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=self._busy_seconds if waits else 0):
            raise Busy("Another writer is using the database. Try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()

    def migrate(self) -> None:
        """Bring the tables to the newest form, whole or not at all. Nothing to do is no error."""
        with _explained(), self._writers.begin() as connection:
            schema.upgrade(connection)

    def is_current(self) -> bool:
        """Tell whether the tables have the form that this program expects."""
        with _explained(), self._readers.begin() as connection:
            return schema.is_current(connection)

    def is_unused(self) -> bool:
        """Tell whether no report has its seats, comments or amendments here."""
        with _explained(), self._readers.begin() as connection:
            return schema.is_unused(connection)

    def scrub(self) -> bool:
        """Leave nothing erased behind in the files of the database. Call it outside a session.

        False where somebody was reading just then. PostgreSQL does it by itself (autovacuum).
        """
        if self._engine.dialect.name != "sqlite":
            return True
        with _explained(), self._engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            return sqlite.scrub(raw)

    def state(self) -> object:
        """Give a sign of the state of the data: while it is the same, nothing was committed.

        Cheap enough to be asked at every request. It may change without a change, and means
        nothing to another process.
        """
        with _explained():
            return self._watch.look()

    def close(self) -> None:
        """Close all connections."""
        self._watch.close()
        self._engine.dispose()


def _url(where: str | Path) -> URL:
    if isinstance(where, str) and "://" in where:
        return _known_url(where)
    return URL.create("sqlite", database=str(where))


def _known_url(where: str) -> URL:
    """Read a URL; what it says is never quoted, because it may hold a password."""
    try:
        url = make_url(where)
    except ArgumentError:
        raise BadInput("The address of the database cannot be read.") from None
    if url.get_backend_name() == "postgres":
        url = url.set(drivername="postgresql")
    if url.get_backend_name() not in KINDS:
        raise BadInput(
            "Drafter keeps its data in SQLite or PostgreSQL. "
            "Name a database as postgresql+psycopg://name@host/database."
        )
    return url


def _touch(url: URL, must_exist: bool) -> None:
    path = Path(url.database or "")
    if url.database in (None, "", ":memory:"):
        raise NotFound("A database needs a file of its own. Name a path.")
    if must_exist and not path.exists():
        raise NotFound(
            say("There is no database at {path}. Check the path, or restore a backup.", path=path)
        )
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


def _check(
    connection: Connection, cursor: object, statement: str, given: object, *_: object
) -> None:
    """Refuse, before the driver does it in its own way, what not every database can take.

    Raises BadInput, NotFound.
    """
    for row in given if isinstance(given, list) else (given,):
        for value in row.values() if isinstance(row, dict) else cast("tuple[object, ...]", row):
            if isinstance(value, str):
                require_storable(value)
            elif isinstance(value, int) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
                raise NotFound("There is nothing with so large a number. Check the address.")


def _drafter_error(error: DBAPIError) -> DrafterError:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if sqlite.is_busy(error.orig) or code in postgresql.BUSY:
        return Busy("Another writer is using the database. Try again in a moment.", code=code)
    if code in (sqlite.FULL, postgresql.FULL):
        sentence = (
            "The disk is full. What was acknowledged is safe; when there is room, look whether "
            "this was recorded, and send it again if not."
        )
        return Unreadable(sentence, code=code)
    if isinstance(error, IntegrityError):
        sentence = "This contradicts what is already recorded. Reload and look at it again."
        return Conflict(sentence, code=code)
    sentence = "The database could not be read or written. If it stays so, check disk and server."
    return Unreadable(sentence, code=code, statement=error.statement)

"""Whether anything was committed since one looked last: by this process or by any other."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine

from drafter.core.errors import Unreadable
from drafter.people import postgresql, sqlite


class Watch:
    """A connection of its own that never writes, and holds no transaction between two looks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = sqlite.STATE if engine.dialect.name == "sqlite" else postgresql.STATE
        self._guard = threading.Lock()
        self._connection: Any = None
        self._opened = 0

    def look(self) -> object:
        """Give a sign that stays the same while nothing is committed. Raises Unreadable.

        Where the connection was lost another is opened, whose signs are other ones.
        """
        error = self._engine.dialect.loaded_dbapi.Error
        with self._guard:
            try:
                return self._ask()
            except error:
                self._drop()
            try:
                return self._ask()
            except error:
                self._drop()
        raise Unreadable("The database could not be read. If it stays so, check disk and server.")

    def close(self) -> None:
        """Close the connection; the next look opens another."""
        with self._guard:
            self._drop()

    def _ask(self) -> object:
        if self._connection is None:
            connection: Any = self._engine.raw_connection()
            self._connection = connection.driver_connection
            connection.detach()
            if self._engine.dialect.name == "postgresql":
                self._connection.autocommit = True
            self._opened += 1
        return self._opened, self._connection.execute(self._question).fetchone()[0]

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                self._connection.close()
            self._connection = None

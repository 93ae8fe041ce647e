"""Real databases for every test, of both kinds, and what lies in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from drafter.core.errors import DrafterError
from drafter.core.ids import ClauseId
from drafter.people.amendments import Amendment, save_amendment
from drafter.people.comments import NewComment, add_comment, confirm
from drafter.people.database import Database
from drafter.people.motions import Motion, NewMotion, put_motion
from drafter.people.seats import add_seats
from tests.postgres import Server

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path, database_kind: str) -> Iterator[str]:
    """The path or URL of an empty database, for tests that open it more than once."""
    if database_kind == "sqlite":
        yield str(tmp_path / "people.db")
        return
    server: Server = request.getfixturevalue("postgres")
    ready = "database" in request.fixturenames
    url = server.make(request.getfixturevalue("migrated") if ready else None)
    yield url
    server.drop(url)


@pytest.fixture
def database(where: str) -> Iterator[Database]:
    database = Database.open(where)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def new_comment() -> Callable[..., NewComment]:
    """Make a suggestion as a citizen sends it; each `n` is another contribution."""

    def make(n: int = 1, **changes: object) -> NewComment:
        comment = NewComment(
            clause_id=ClauseId("c-4d8x2n"),
            wording_hash="a" * 64,
            words_seen="Every citizen may vote.",
            version_seen="v1",
            kind="suggestion",
            text="",
            suggested_wording="Every citizen aged sixteen may vote.",
            contributor=f"p-{n}",
            email="ada@example.org",
            receipt_token=f"receipt-{n}",
            confirm_token=f"confirm-{n}",
        )
        return replace(comment, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def confirmed(database: Database, new_comment: Callable[..., NewComment]) -> Callable[..., int]:
    """Send and confirm a comment; returns its number."""

    def make(n: int = 1, **changes: object) -> int:
        with database.writing() as session:
            new = new_comment(n, **changes)
            add_comment(session, new, NOW)
            return confirm(session, new.confirm_token, NOW).number

    return make


@pytest.fixture
def amendment(database: Database) -> Amendment:
    """Amendment 1, open in its first round, with a neighbour that no test should touch."""
    one = Amendment(1, "Votes at sixteen", "open", 1, "b" * 40, "p-1")
    other = Amendment(2, "A register", "open", 1, "c" * 40, "p-2")
    with database.writing() as session:
        save_amendment(session, one, NOW)
        save_amendment(session, other, NOW)
    return one


@pytest.fixture
def new_motion() -> Callable[..., NewMotion]:
    def make(**changes: object) -> NewMotion:
        motion = NewMotion(
            amendment=1,
            round=1,
            question="Shall amendment 1 be accepted?",
            ballot_hash="d" * 64,
            rules_id="e" * 64,
            rules_json='{"quorum":"1/2"}',
            base_commit="f" * 40,
            closes_at=None,
            opened_by="clerk",
        )
        return replace(motion, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def motion(
    database: Database, amendment: Amendment, new_motion: Callable[..., NewMotion]
) -> Motion:
    """An open motion on amendment 1 and another on amendment 2, before five filled seats."""
    with database.writing() as session:
        add_seats(session, 5)
        put_motion(session, new_motion(amendment=2), NOW)
        return put_motion(session, new_motion(), NOW)


@pytest.fixture
def at_once() -> Callable[..., list[object]]:
    """Run a function in many threads that start together; returns results and errors."""

    def run(times: int, act: Callable[[int], object]) -> list[object]:
        barrier = Barrier(times)

        def one(index: int) -> object:
            barrier.wait()
            try:
                return act(index)
            except DrafterError as error:
                return error

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run

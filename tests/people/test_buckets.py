"""What is counted: the same for every process, filling again with time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from drafter.people import buckets
from drafter.people.database import Database
from drafter.people.tables import BucketRow

KEY, OTHER = "a" * 64, "b" * 64


def take(database: Database, now: datetime, key: str = KEY, kind: str = "comment") -> float:
    with database.writing() as session:
        return buckets.take(session, kind, key, most=3, per_second=0.1, now=now)


def test_there_are_so_many_and_then_none(database: Database, now: datetime) -> None:
    assert [take(database, now) for _ in range(4)] == [2, 1, 0, -1]
    assert take(database, now, OTHER) == 2
    assert take(database, now, kind="mail") == 2


def test_it_fills_with_time_and_never_past_its_brim(database: Database, now: datetime) -> None:
    for _ in range(3):
        take(database, now)
    assert take(database, now + timedelta(seconds=5)) == -0.5
    assert take(database, now + timedelta(seconds=10)) == 0
    assert take(database, now + timedelta(days=1)) == 2


def test_a_clock_that_goes_back_gives_nothing(database: Database, now: datetime) -> None:
    for _ in range(3):
        take(database, now)
    assert take(database, now - timedelta(hours=1)) == -1
    assert take(database, now) == -1


def test_takers_at_once_never_get_more_than_there_is(
    database: Database, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    left = at_once(8, lambda _: take(database, now))
    assert sorted(left)[-3:] == [0, 1, 2]  # type: ignore[type-var]
    assert sum(one >= 0 for one in left) == 3  # type: ignore[operator]


def test_what_is_full_again_is_forgotten(database: Database, now: datetime) -> None:
    take(database, now - timedelta(days=3), OTHER)
    take(database, now)
    with database.writing() as session:
        buckets.forget(session, now)
        assert session.get(BucketRow, ("comment", OTHER)) is None
        assert session.get(BucketRow, ("comment", KEY)) is not None

"""How much of one kind somebody has left to do, in the database: the same for every process,
and after a restart. Keys are hashes that the caller makes; no address is known here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from drafter.people.tables import BucketRow

KEPT = timedelta(days=2)
"""A bucket that nobody touched for so long is full again, and is forgotten."""


def take(
    session: Session, kind: str, key: str, *, most: float, per_second: float, now: datetime
) -> float:
    """Take one from a bucket that holds `most` and fills by `per_second`.

    Returns what is left; below zero there was none to take, and nothing was taken: minus that
    is what is lacking to one.
    """
    row = _locked(session, kind, key, most, now)
    passed = max((now - row.at).total_seconds(), 0.0)
    filled = min(most, row.remaining + passed * per_second)
    left = filled - 1
    row.remaining, row.at = (left if left >= 0 else filled), max(now, row.at)
    session.flush()
    return left


def forget(session: Session, now: datetime) -> None:
    """Remove what is full again."""
    session.execute(delete(BucketRow).where(BucketRow.at < now - KEPT))


def _locked(session: Session, kind: str, key: str, most: float, now: datetime) -> BucketRow:
    """Return the row, locked; of two that make it at once one wins and both go on."""
    values = {"kind": kind, "key": key, "remaining": most, "at": now}
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    session.execute(insert(BucketRow).values(**values).on_conflict_do_nothing())
    row = session.get(BucketRow, (kind, key), with_for_update=True, populate_existing=True)
    assert row is not None
    return row

"""The public log of moderation: append-only, each row holding the hash of the one before.

The hash is the SHA-256 of the row's own fields and of `previous`, so that a row changed, taken
out or put in later breaks the chain at that place; the counter of its numbers shows a cut end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from drafter.core.errors import Corrupt
from drafter.people.counters import next_number
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import CounterRow, ModerationLogRow

FIRST: Final = "0" * 64
"""What stands as the hash before the first row."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of moderation."""

    number: int
    at: datetime
    actor: str
    action: str  # "held", "shown", "answered", "taken up", "entered", "opened", "closed", …
    comment: int | None
    reason: str  # a reason of the policy, by its key; empty where none is needed
    sentence: str  # the clerk's words, for everybody
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the log does not hold together."""

    number: int
    sentence: str


def record_act(
    session: Session,
    actor: str,
    action: str,
    now: datetime,
    *,
    comment: int | None = None,
    reason: str = "",
    sentence: str = "",
) -> Act:
    """Add an act to the log, in the session of the act itself.

    The counter's row stays locked until the session ends, so that no two acts follow one row.
    """
    require_storable(sentence)
    number = next_number(session, "moderation")
    before = session.get(ModerationLogRow, number - 1) if number > 1 else None
    if number > 1 and before is None:
        raise Corrupt("The log of moderation has lost its last entry. Restore a backup.")
    act = Act(
        number=number,
        at=now,
        actor=actor,
        action=action,
        comment=comment,
        reason=reason,
        sentence=sentence,
        previous=before.hash if before else FIRST,
        hash="",
    )
    row = ModerationLogRow(
        **{name: getattr(act, name) for name in Act.__slots__ if name != "hash"}, hash=hash_of(act)
    )
    session.add(row)
    session.flush()
    return frozen(Act, row)


def hash_of(act: Act) -> str:
    """Compute what an act's hash must be."""
    fields = [
        act.number,
        act.at.astimezone(UTC).isoformat(),
        act.actor,
        act.action,
        act.comment,
        act.reason,
        act.sentence,
        act.previous,
    ]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def acts(
    session: Session, *, before: int | None = None, limit: int = 100, comment: int | None = None
) -> tuple[Act, ...]:
    """Return the newest acts (below number `before`, about one `comment`), newest first."""
    query = select(ModerationLogRow).order_by(ModerationLogRow.number.desc()).limit(limit)
    if before is not None:
        query = query.where(ModerationLogRow.number < before)
    if comment is not None:
        query = query.where(ModerationLogRow.comment == comment)
    return tuple(frozen(Act, row) for row in session.scalars(query))


def count_acts(session: Session) -> int:
    """Count the acts in the log."""
    return session.scalar(select(func.count()).select_from(ModerationLogRow)) or 0


def first_break(session: Session) -> Broken | None:
    """Check the whole chain and return its first break; None where it holds."""
    previous, number = FIRST, 0
    for row in session.scalars(
        select(ModerationLogRow).order_by(ModerationLogRow.number).execution_options(yield_per=1000)
    ):
        act, number = frozen(Act, row), number + 1
        if act.number != number:
            return Broken(number, f"Entry {number} is missing.")
        if act.previous != previous:
            return Broken(number, f"Entry {number} does not follow the entry before it.")
        if act.hash != hash_of(act):
            return Broken(number, f"Entry {number} was changed after it was written.")
        previous = act.hash
    given = session.scalar(select(CounterRow.last).where(CounterRow.name == "moderation")) or 0
    if given != number:
        return Broken(number + 1, f"{given} entries were written, and {number} are there.")
    return None

"""Which amendments are about which clauses, places and chapters.

A memory of what the records in git say, so that the few that a change may concern are found
without reading the others. `unnamed` tells of which it is not up to date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from drafter.core.rules import State
from drafter.people.rows import table_of
from drafter.people.tables import AmendmentRow, TouchRow
from drafter.people.tables.panel import UNNAMED

UNDECIDED: tuple[State, ...] = ("open", "put", "stale")
AT_ONCE = 500
"""Names asked for in one query."""


def save_touches(session: Session, amendment: int, tip: str, named: Mapping[str, bool]) -> None:
    """Note what an amendment names as its branch stands at `tip`, and whether it claims it."""
    session.execute(delete(TouchRow).where(TouchRow.amendment == amendment))
    rows = [{"amendment": amendment, "name": name, "claimed": c} for name, c in named.items()]
    if rows:
        session.execute(insert(table_of(TouchRow)), rows)
    known = update(AmendmentRow).where(AmendmentRow.number == amendment)
    session.execute(known.values(named_tip=tip))


def unnamed(session: Session) -> tuple[tuple[int, str], ...]:
    """Return number and branch tip of the undecided amendments whose names are not known."""
    query = (
        select(AmendmentRow.number, AmendmentRow.branch_tip)
        .where(UNNAMED, *_undecided(AmendmentRow))
        .order_by(AmendmentRow.number)
    )
    return tuple((number, tip) for number, tip in session.execute(query) if tip)


def undecided(session: Session) -> tuple[int, ...]:
    """Return the numbers of the undecided amendments that have words."""
    table = table_of(AmendmentRow)
    query = select(table.c.number).where(
        table.c.state.in_(UNDECIDED), table.c.branch_tip.is_not(None)
    )
    return tuple(sorted(number for (number,) in session.execute(query)))


def touching(session: Session, names: Collection[str]) -> tuple[tuple[int, str], ...]:
    """Return number and branch tip of the undecided amendments that name one of `names`."""
    found: dict[int, str] = {}
    for some in _batches(sorted(names)):
        query = (
            select(AmendmentRow.number, AmendmentRow.branch_tip)
            .join(TouchRow, TouchRow.amendment == AmendmentRow.number)
            .where(TouchRow.name.in_(some), *_undecided(AmendmentRow), _is_named(AmendmentRow))
        )
        found |= {number: tip for number, tip in session.execute(query) if tip}
    return tuple(sorted(found.items()))


def unrivalled(session: Session, after: int, limit: int) -> tuple[tuple[int, str], ...]:
    """Return number and branch tip of open amendments, past number `after`, that claim nothing
    that another undecided one claims.
    """
    mine, theirs, other = aliased(TouchRow), aliased(TouchRow), aliased(AmendmentRow)
    rival = (
        exists()
        .where(
            mine.amendment == AmendmentRow.number,
            mine.claimed,
            theirs.name == mine.name,
            theirs.amendment != mine.amendment,
            theirs.claimed,
            other.number == theirs.amendment,
            *_undecided(other),
        )
        .correlate(AmendmentRow)
    )
    query = (
        select(AmendmentRow.number, AmendmentRow.branch_tip)
        .where(
            AmendmentRow.state == "open",
            AmendmentRow.number > after,
            AmendmentRow.branch_tip.is_not(None),
            _is_named(AmendmentRow),
            ~rival,
        )
        .order_by(AmendmentRow.number)
        .limit(limit)
    )
    return tuple((number, tip) for number, tip in session.execute(query) if tip)


def _undecided(row: type[AmendmentRow]) -> tuple[ColumnElement[bool], ...]:
    return row.state.in_(UNDECIDED), row.branch_tip.is_not(None)


def _is_named(row: type[AmendmentRow]) -> ColumnElement[bool]:
    return row.branch_tip == row.named_tip


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]

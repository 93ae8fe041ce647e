"""Which amendments touch which clauses and places: a memory of what git says, never more.

An amendment in `unreached` is one whose branch has moved since, or that is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from drafter.people.amendments import Amendment
from drafter.people.rows import frozen
from drafter.people.tables import AmendmentRow, PlaceRow, ReachRow

UNDECIDED = ("open", "put", "stale")
AT_ONCE = 500
"""Places asked for in one query."""


def undecided_numbers(session: Session) -> tuple[int, ...]:
    """Return the numbers of the amendments that are not decided and have words, ascending."""
    query = select(AmendmentRow.number).where(
        AmendmentRow.state.in_(UNDECIDED), AmendmentRow.branch_tip.is_not(None)
    )
    return tuple(session.scalars(query.order_by(AmendmentRow.number)))


def unreached(session: Session) -> tuple[Amendment, ...]:
    """Return the undecided amendments whose places are not known as they now stand."""
    query = (
        select(AmendmentRow)
        .outerjoin(ReachRow, ReachRow.amendment == AmendmentRow.number)
        .where(
            AmendmentRow.state.in_(UNDECIDED),
            AmendmentRow.branch_tip.is_not(None),
            ReachRow.branch_tip.is_distinct_from(AmendmentRow.branch_tip),
        )
        .order_by(AmendmentRow.number)
    )
    return tuple(frozen(Amendment, row) for row in session.scalars(query))


def save_reach(session: Session, amendment: int, tip: str, places: Collection[str]) -> None:
    """Note what an amendment touches, as its branch stands at the commit `tip`."""
    session.merge(ReachRow(amendment=amendment, branch_tip=tip))
    session.flush()
    session.execute(delete(PlaceRow).where(PlaceRow.amendment == amendment))
    rows = [{"amendment": amendment, "place": place} for place in sorted(places)]
    if rows:
        session.execute(insert(PlaceRow), rows)


def amendments_reaching(session: Session, places: Collection[str]) -> tuple[Amendment, ...]:
    """Return the undecided amendments that touch one of `places`, by number."""
    found: dict[int, Amendment] = {}
    for some in _batches(sorted(places)):
        reaching = select(PlaceRow.amendment).where(PlaceRow.place.in_(some))
        query = select(AmendmentRow).where(
            AmendmentRow.number.in_(reaching),
            AmendmentRow.state.in_(UNDECIDED),
            AmendmentRow.branch_tip.is_not(None),
        )
        found |= {row.number: frozen(Amendment, row) for row in session.scalars(query)}
    return tuple(found[number] for number in sorted(found))


def _batches(places: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(places), AT_ONCE):
        yield places[start : start + AT_ONCE]

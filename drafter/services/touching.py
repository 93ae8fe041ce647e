"""Which amendments a change may concern, found in the database without reading the others.

What each is about stands in its record in git, and is kept beside its row. One whose names are not
kept yet, or are of older words, is read: where there is doubt it is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.instructions import Instruction
from drafter.people.touches import (
    UNDECIDED,
    save_touches,
    touching,
    undecided,
    unnamed,
    unrivalled,
)
from drafter.services.proposals import changes_words, record_at
from drafter.services.refreshing import names_of

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

AT_ONCE = 500
"""Amendments whose names are written in one transaction."""

__all__ = [
    "UNDECIDED",
    "fill_names",
    "names_in",
    "nearest",
    "note_names",
    "undecided",
    "without_rival",
]


def names_in(instructions: Collection[Instruction]) -> Mapping[str, bool]:
    """Name what instructions are about, and whether they claim it: another that does so too
    contests it. A place is named by what stands before it, else by what it stands in.
    """
    found: dict[str, bool] = {}
    for each in instructions:
        claims = {each.subject, each.preceding or (each.clause and each.parent)}
        for name in (each.subject, each.parent, each.preceding, each.chapter):
            if name is not None:
                found[name] = found.get(name, False) or name in claims
    return found


def note_names(session: Session, record: records.Amendment, tip: str) -> None:
    """Keep what an amendment is about, in the transaction that writes its row."""
    save_touches(session, record.number, tip, names_in(record.instructions))


def fill_names(instance: Instance) -> int:
    """Read and keep the names of every undecided amendment that lacks them; return how many."""
    with instance.database.reading() as session:
        missing = unnamed(session)
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        read = [(record_at(instance.repository, tip, number), tip) for number, tip in some]
        with instance.database.writing() as session:
            for record, tip in read:
                note_names(session, record, tip)
    return len(missing)


def nearest(
    instance: Instance, session: Session, names: Collection[str]
) -> tuple[tuple[int, str], ...]:
    """Return number and branch tip of the undecided amendments that name one of `names`."""
    wanted = frozenset(names)
    late = (one for one in unnamed(session) if wanted & names_of(instance, *one))
    return tuple(sorted({*touching(session, wanted), *late}))


def without_rival(instance: Instance, session: Session, limit: int) -> tuple[int, ...]:
    """Return open amendments that change words which no other undecided one changes, by number.

    One whose names are not kept is left out, and so is what it names.
    """
    late = {name for one in unnamed(session) for name in names_of(instance, *one)}
    found: list[int] = []
    after = 0
    while len(found) < limit:
        some = unrivalled(session, after, limit)
        for number, tip in some:
            if changes_words(record_at(instance.repository, tip, number)) and not (
                late and late & names_of(instance, number, tip)
            ):
                found.append(number)
        if len(some) < limit:
            break
        after = some[-1][0]
    return tuple(found[:limit])

"""How a comment stands to the text of today: what became of the words that its author saw.

Knows a clause's life as a row of turns, oldest first, and the moment at which it was seen. Does
not know where turns come from; `services.lives` reads them out of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from drafter.core.diff import Change, Diff
from drafter.core.ids import ClauseId

Happening = Literal[
    "came", "reworded", "moved", "moved+reworded", "split", "took in", "joined", "removed"
]
"""What can happen to a clause. `split`: other clauses were cut out of it; `took in`: others were
joined into it; `joined`: it was itself joined into another, and is gone.
"""
Relation = Literal["same", "changed", "moved", "split", "joined", "removed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened to a clause."""

    position: int
    """Of the change on main, counted from its first commit."""
    happening: Happening
    hash: str | None
    """Of its wording from then on; None where it is gone."""
    others: tuple[ClauseId, ...] = ()
    """The clauses cut out of it, taken in by it, or the one that it was joined into."""
    amendment: int | None = None
    """The amendment that did it; None for an edit, an import or the first draft."""
    version: str | None = None
    """The first version that contains it; None while it is not published."""
    kind: str = ""
    """The kind of change in the record: decision, edit, import, first."""

    @property
    def ends(self) -> bool:
        """Whether the clause is gone from then on."""
        return self.happening in ("joined", "removed")


@dataclass(frozen=True, slots=True)
class Standing:
    """A comment's relation to the text of today; more than one thing may hold at once."""

    present: bool
    """The clause stands in the text."""
    changed: bool
    """It stands there with other words, or as another kind of clause, than the author saw."""
    moved: bool
    """It stands there, and was moved since."""
    parts: tuple[ClauseId, ...]
    """The clauses cut out of it since, in the order in which it happened."""
    taken_in: tuple[ClauseId, ...]
    """The clauses joined into it since."""
    end: Turn | None
    """What took it out of the text; None while it stands there."""

    @property
    def relation(self) -> Relation:
        """Name the one thing that says most.

        >>> Standing(True, False, True, (), (), None).relation
        'moved'
        """
        if self.end is not None:
            return "joined" if self.end.happening == "joined" else "removed"
        if self.parts:
            return "split"
        if self.changed:
            return "changed"
        return "moved" if self.moved else "same"

    @property
    def joined_into(self) -> ClauseId | None:
        """The clause that it became part of; None where it did not."""
        return self.end.others[0] if self.end and self.end.others else None


def standing(life: Sequence[Turn], seen_at: int, seen_hash: str) -> Standing:
    """Tell how words seen at a position on main, with a wording hash, stand to the last turn.

    `life` is the clause's whole life. A clause seen after its last turn is as it was.

    >>> came, gone = Turn(0, "came", "a" * 64), Turn(3, "removed", None, amendment=7)
    >>> standing([came, gone], 1, "a" * 64).relation
    'removed'
    >>> standing([came], 1, "a" * 64).relation
    'same'
    """
    since = [turn for turn in life if turn.position > seen_at]
    last = life[-1] if life else None
    present = last is not None and not last.ends
    cut = (turn.others for turn in since if turn.happening == "split")
    taken = (turn.others for turn in since if turn.happening == "took in")
    return Standing(
        present=present,
        changed=present and last is not None and last.hash != seen_hash,
        moved=present and any(turn.happening in ("moved", "moved+reworded") for turn in since),
        parts=_each_once(cut),
        taken_in=_each_once(taken),
        end=None if present or last is None else last,
    )


def turns_in(
    diff: Diff,
    *,
    position: int,
    amendment: int | None,
    version: str | None,
    kind: str,
) -> dict[ClauseId, tuple[Turn, ...]]:
    """Read off one comparison what happened to each clause, by its id."""
    found: dict[ClauseId, tuple[Turn, ...]] = {}

    def note(
        clause: ClauseId | None,
        happening: Happening,
        hash: str | None,
        others: tuple[ClauseId, ...] = (),
    ) -> None:
        if clause is not None:
            turn = Turn(position, happening, hash, others, amendment, version, kind)
            found[clause] = (*found.get(clause, ()), turn)

    for change in diff.changes:
        for one in _happenings(change):
            note(*one)
    return found


_Noted = tuple[ClauseId | None, Happening, str | None, tuple[ClauseId, ...]]

_SIMPLE: dict[str, Happening] = {
    "edited": "reworded",
    "formatting": "reworded",
    "moved": "moved",
    "moved+edited": "moved+reworded",
}


def _happenings(change: Change) -> Iterable[_Noted]:
    old, new = change.sides("old"), change.sides("new")
    if change.kind == "split":
        yield from _split(change, old[0].id, {side.id: side.hash for side in new})
    elif change.kind == "joined":
        yield from _joined(change, tuple(side.id for side in old), new[0].id, new[0].hash)
    elif change.kind == "removed":
        yield old[0].id, "removed", None, ()
    elif change.kind == "added":
        yield new[0].id, "came", new[0].hash, ()
    elif change.kind in _SIMPLE:
        was, now = old[0].id, new[0].id
        if was is not None and was != now:
            yield was, "joined", None, _known((now,))
            yield now, "came", new[0].hash, ()
        else:
            yield now, _SIMPLE[change.kind], new[0].hash, ()


def _split(
    change: Change, clause: ClauseId | None, parts: dict[ClauseId | None, str]
) -> Iterable[_Noted]:
    others = _known(tuple(part for part in parts if part != clause))
    if clause in parts:
        yield clause, "split", parts[clause], others
    elif others:
        yield clause, "joined", None, others
    else:
        yield clause, "removed", None, ()
    for part, hash in parts.items():
        if part != clause:
            yield part, "came", hash, ()


def _joined(
    change: Change, parts: tuple[ClauseId | None, ...], clause: ClauseId | None, hash: str
) -> Iterable[_Noted]:
    for part in parts:
        if part != clause:
            yield part, "joined", None, _known((clause,))
    if clause in parts:
        yield clause, "took in", hash, _known(tuple(part for part in parts if part != clause))
    else:
        yield clause, "came", hash, ()


def _known(ids: tuple[ClauseId | None, ...]) -> tuple[ClauseId, ...]:
    return tuple(one for one in ids if one is not None)


def _each_once(groups: Iterable[tuple[ClauseId, ...]]) -> tuple[ClauseId, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))

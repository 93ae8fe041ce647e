"""Where each proposal of the assemblies ended up, from the text and the records alone.

Knows no page and no HTML; pages, notes, map and flow all say what is found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from drafter.core.amendments import Amendment
from drafter.core.assemblies import Assembly, Proposal
from drafter.core.clauses import Place
from drafter.publish.edition import Edition
from drafter.store.history import Version

Fate = Literal["taken-up", "removed", "not-taken-up"]


@dataclass(frozen=True, slots=True)
class Left:
    """A clause that named a proposal in an earlier version, and none does any more."""

    place: Place
    """Where it stood last."""
    version: Version
    """The last version in which it named the proposal."""
    still_there: bool
    """Whether the clause stands in this version, with other sources."""
    by: tuple[Amendment, ...]
    """The amendments that changed it next; none where it was a recorded edit."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of one proposal."""

    assembly: Assembly
    proposal: Proposal
    places: tuple[Place, ...]
    """The clauses of this version that name it."""
    left: tuple[Left, ...]
    """Where it stood before; empty where a clause of this version names it."""
    carried_by: tuple[Amendment, ...]
    """The amendments that go back to it, in the order of their numbers."""
    reason: str
    """The panel's reason for not taking it up, in one line; empty where none is recorded."""

    @property
    def fate(self) -> Fate:
        """In one word, what became of it."""
        if self.places:
            return "taken-up"
        return "removed" if self.left else "not-taken-up"

    @property
    def rejected(self) -> tuple[Amendment, ...]:
        """The amendments that go back to it and were rejected, each with the panel's reason."""
        return tuple(each for each in self.carried_by if each.status == "rejected")

    @property
    def origin(self) -> str:
        """Name the proposal as clauses do: "leeds-2018/4"."""
        return f"{self.assembly.id}/{self.proposal.number}"

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters that it stands in, by their paths, each once."""
        return tuple(dict.fromkeys(place.chapter.path for place in self.places))


def ends(edition: Edition) -> dict[str, tuple[End, ...]]:
    """Say by assembly what became of its proposals; the assemblies in the order they first met."""
    left = _left(edition)
    carried = _carried(edition)
    ordered = sorted(edition.assemblies.values(), key=lambda each: (each.start, each.id))
    return {
        assembly.id: tuple(
            _end(edition, assembly, proposal, left, carried) for proposal in assembly.proposals
        )
        for assembly in ordered
    }


def _end(
    edition: Edition,
    assembly: Assembly,
    proposal: Proposal,
    left: Mapping[str, tuple[Left, ...]],
    carried: Mapping[str, list[Amendment]],
) -> End:
    origin = f"{assembly.id}/{proposal.number}"
    return End(
        assembly=assembly,
        proposal=proposal,
        places=tuple(edition.taken_up.get(origin, ())),
        left=left.get(origin, ()),
        carried_by=tuple(carried.get(origin, ())),
        reason=assembly.reason(proposal.number),
    )


def _carried(edition: Edition) -> dict[str, list[Amendment]]:
    found: dict[str, list[Amendment]] = {}
    for _, amendment in sorted(edition.amendments.items()):
        for origin in amendment.assemblies:
            found.setdefault(origin, []).append(amendment)
    return found


def _left(edition: Edition) -> dict[str, tuple[Left, ...]]:
    """For each origin that no clause of this version names, the clauses that named it last."""
    found: dict[str, tuple[Left, ...]] = {}
    follower = edition.version
    for version, report in reversed(edition.earlier):
        named: dict[str, list[Place]] = {}
        for place in report.places():
            for origin in dict.fromkeys(place.clause.origin):
                if origin not in edition.taken_up and origin not in found:
                    named.setdefault(origin, []).append(place)
        for origin, places in named.items():
            found[origin] = tuple(_gone(edition, each, version, follower) for each in places)
        follower = version
    return found


def _gone(edition: Edition, place: Place, version: Version, follower: Version | None) -> Left:
    clause = place.clause.id
    by = [
        amendment
        for amendment in (edition.accepted_on(clause) if clause else ())
        if follower is not None and edition.closed_in.get(amendment.number) == follower.number
    ]
    there = clause is not None and edition.report.locate(clause) is not None
    return Left(place, version, there, tuple(by))

"""What accepting an amendment would do to the others, found by asking only those it concerns.

With ten thousand amendments open, all but a handful touch other clauses. What each one touches
does not depend on the draft, so it is computed once and kept in the database; one that is not
there yet, or was redrafted since, is computed when it is next needed.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.consequences import (
    Consequence,
    Proposal,
    consequences,
    reach_between,
    reach_of,
)
from drafter.core.errors import DrafterError
from drafter.people.amendments import Amendment
from drafter.people.reach import amendments_reaching, save_reach, undecided_numbers, unreached
from drafter.services.proposals import proposal_at
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.services.instance import Instance

AT_ONCE = 200
"""Amendments whose places are written in one transaction."""


def consequences_of(
    instance: Instance, amendment: Amendment, tip: str, mine: Proposal, after: Report
) -> tuple[Consequence, ...]:
    """Tell what happens to each other undecided amendment where the draft at `tip` becomes
    `after`, by number. One that it does not concern is `unchanged`.
    """
    before = read_report(instance.repository, tip)
    places = reach_between(before, after)
    late = _late(instance, places)
    with instance.database.reading() as session:
        numbers = undecided_numbers(session)
        near = {each.number: each for each in amendments_reaching(session, places)} | late
    near.pop(amendment.number, None)

    def foresee(other: Amendment) -> Consequence:
        def look() -> Consequence:
            proposal = proposal_at(instance.repository, other.number, other.branch_tip or "")
            return consequences(before, mine, (proposal,))[0]

        key = (tip, amendment.branch_tip or "", other.branch_tip or "")
        return instance.foreseen.get(key, look)

    told = {other.number: foresee(other) for other in near.values()}
    return tuple(
        told.get(number) or Consequence(number, "unchanged", ())
        for number in sorted({*numbers, *told} - {amendment.number})
    )


def fill_reach(instance: Instance) -> int:
    """Compute and keep the places of every undecided amendment that lacks them."""
    return len(_late(instance, ()))


def _late(instance: Instance, places: Collection[str]) -> dict[int, Amendment]:
    """Catch up with the amendments whose places are not known; return those that touch `places`.

    A disk that refuses the note costs time at the next look, and nothing else.
    """
    with instance.database.reading() as session:
        missing = unreached(session)
    found: dict[int, Amendment] = {}
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        reaches = {each: _reach(instance, each) for each in some}
        found |= {
            each.number: each
            for each, reach in reaches.items()
            if not places or not reach.isdisjoint(places)
        }
        try:
            with instance.database.writing() as session:
                for each, reach in reaches.items():
                    save_reach(session, each.number, each.branch_tip or "", reach)
        except DrafterError as error:
            logging.getLogger(__name__).warning("%s", error.sentence)
    return found


def _reach(instance: Instance, amendment: Amendment) -> frozenset[str]:
    assert amendment.branch_tip is not None
    proposal = proposal_at(instance.repository, amendment.number, amendment.branch_tip)
    return reach_of(proposal)

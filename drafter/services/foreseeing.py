"""What accepting an amendment would do to the other open ones, however many there are.

The core compares texts; here only those are handed to it that share a name with the change.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.consequences import Consequence, Proposal, consequences, touched_between
from drafter.services.proposals import chapter_changes, proposal_at
from drafter.services.touching import nearest, undecided

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def foresee(
    instance: Instance,
    before: Report,
    after: Report,
    mine: Proposal,
    *,
    but: Collection[int] = (),
) -> tuple[Consequence, ...]:
    """Tell it for each undecided amendment, by number, where the draft goes from `before` to
    `after` by `mine`; for `mine` itself and for those in `but` it is not told.
    """
    changed = touched_between(before, after)
    changed |= chapter_changes(before, after).keys() | {mine.adopts or ""}
    left_out = {mine.number, *but}
    with instance.database.reading() as session:
        numbers = undecided(session)
        near = nearest(instance, session, changed)
    concerned = [
        proposal_at(instance.repository, number, tip)
        for number, tip in near
        if number not in left_out
    ]
    told = {each.number: each for each in consequences(before, mine, concerned)}
    return tuple(
        told.get(number) or Consequence(number, "unchanged", ())
        for number in numbers
        if number not in left_out
    )

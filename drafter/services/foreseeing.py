"""What accepting an amendment would do to the other open ones, however many there are.

The core compares texts; here only those are handed to it that share a name with the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drafter.core.consequences import Consequence, Proposal, consequences, touched_between
from drafter.services.proposals import Effect, chapter_changes, proposal_at
from drafter.services.refreshing import names_of

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def foresee(
    instance: Instance, effect: Effect, mine: Proposal, others: Sequence[tuple[int, str]]
) -> tuple[Consequence, ...]:
    """Tell it for each of `others` (number and branch tip), in their order, but for `mine`."""
    changed = touched_between(effect.before, effect.after)
    changed |= chapter_changes(effect.before, effect.after).keys() | {mine.adopts or ""}
    others = [(number, tip) for number, tip in others if number != mine.number]
    near = [
        proposal_at(instance.repository, number, tip)
        for number, tip in others
        if changed & names_of(instance, number, tip)
    ]
    told = {each.number: each for each in consequences(effect.before, mine, near)}
    return tuple(told.get(number, Consequence(number, "unchanged", ())) for number, _ in others)

"""Amendments that ask for nothing any more: looked for when main has moved, and remembered.

Only what touches something that changed since the last look is merged again. The desk shows what
is remembered; closing looks once more, so a list that is a moment old closes nothing amiss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from drafter.core.rules import State
from drafter.people.amendments import Amendment, amendments, find_amendment
from drafter.people.lines import Line, count_states, lines_at
from drafter.people.settings import read_setting, write_setting
from drafter.services.authority import Actor, authorize
from drafter.services.deciding import may_lapse
from drafter.services.proposals import record_at
from drafter.services.refreshing import changed_between, names_of
from drafter.services.touching import nearest

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

REMEMBERED: Final = "asks for nothing"
UNVOTED: Final[tuple[State, ...]] = ("open", "stale")
AT_ONCE: Final = 200
"""Amendments that a page looks through itself; more are left to the worker."""
MOST_SHOWN: Final = 50
MOST_REMEMBERED: Final = 500


def lapsable(instance: Instance, actor: Actor) -> tuple[Line, ...]:
    """Return the amendments that can be closed as lapsed, by number; the first of them."""
    authorize(actor, "lapse")
    with instance.database.reading() as session:
        tip, found = _remembered(read_setting(session, REMEMBERED))
        counts = count_states(session)
    if tip != instance.tip and sum(counts.get(state, 0) for state in UNVOTED) <= AT_ONCE:
        found = look_for_lapsable(instance)
    with instance.database.reading() as session:
        return lines_at(session, found.values(), UNVOTED, limit=MOST_SHOWN)


def look_for_lapsable(instance: Instance) -> Mapping[int, str]:
    """Look where main has moved since the last look; return branch tips by number, and keep them.

    Costs one short question while main stands still.
    """
    tip = instance.tip
    with instance.database.reading() as session:
        before, known = _remembered(read_setting(session, REMEMBERED))
        if before == tip:
            return known
        waiting = _concerned(instance, session, before, known)
    found = {
        each.number: each.branch_tip
        for each in waiting
        if each.branch_tip is not None and may_lapse(instance, each, tip)
    }
    kept = dict(sorted(found.items())[:MOST_REMEMBERED])
    with instance.database.writing() as session:
        write_setting(session, REMEMBERED, json.dumps({"tip": tip, "found": kept}))
    return kept


def _concerned(
    instance: Instance, session: Session, before: str | None, known: Mapping[int, str]
) -> list[Amendment]:
    """Find those that what changed since the last look, or since they were begun, is about."""
    if before is None:
        return [one for one in amendments(session, UNVOTED) if _moved_since_begun(instance, one)]
    changed = changed_between(instance, before, instance.tip)
    near = {number for number, _ in nearest(instance, session, changed)}
    found = (find_amendment(session, number) for number in sorted(near | known.keys()))
    return [each for each in found if each is not None and each.state in UNVOTED]


def _moved_since_begun(instance: Instance, one: Amendment) -> bool:
    if one.branch_tip is None:
        return False
    begun = record_at(instance.repository, one.branch_tip, one.number).base_commit
    changed = changed_between(instance, begun, instance.tip)
    return bool(changed & names_of(instance, one.number, one.branch_tip))


def _remembered(value: str | None) -> tuple[str | None, Mapping[int, str]]:
    if value is None:
        return None, {}
    kept = json.loads(value)
    return kept["tip"], {int(number): tip for number, tip in kept["found"].items()}

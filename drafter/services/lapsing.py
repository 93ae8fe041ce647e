"""Amendments that ask for nothing any more: looked for when main has moved, and remembered.

Only what touches something that changed since the last look is merged again. The desk shows what
is remembered; closing looks once more, so a list that is a moment old closes nothing amiss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from drafter.core.rules import State
from drafter.people.amendments import Amendment, amendments
from drafter.people.lines import Line, count_states, lines_at
from drafter.people.settings import read_setting, write_setting
from drafter.services.authority import Actor, authorize
from drafter.services.deciding import may_lapse
from drafter.services.proposals import record_at
from drafter.services.refreshing import changed_between, names_of

if TYPE_CHECKING:
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
        waiting = amendments(session, UNVOTED)
    found = {
        each.number: each.branch_tip
        for each in waiting
        if each.branch_tip is not None
        and (
            known.get(each.number) == each.branch_tip or _is_concerned(instance, each, before, tip)
        )
        and may_lapse(instance, each, tip)
    }
    kept = dict(sorted(found.items())[:MOST_REMEMBERED])
    with instance.database.writing() as session:
        write_setting(session, REMEMBERED, json.dumps({"tip": tip, "found": kept}))
    return kept


def _is_concerned(instance: Instance, amendment: Amendment, before: str | None, tip: str) -> bool:
    """Tell whether what changed since the last look, or since it was begun, has to do with it."""
    number, branch_tip = amendment.number, amendment.branch_tip
    assert branch_tip is not None
    since = before or record_at(instance.repository, branch_tip, number).base_commit
    return bool(changed_between(instance, since, tip) & names_of(instance, number, branch_tip))


def _remembered(value: str | None) -> tuple[str | None, Mapping[int, str]]:
    if value is None:
        return None, {}
    kept = json.loads(value)
    return kept["tip"], {int(number): tip for number, tip in kept["found"].items()}

"""Whose a proposal is: its author's alone while it is drafted, the clerk's too once handed in."""

from __future__ import annotations

from drafter.core.errors import NotAllowed, NotFound, Refused
from drafter.core.saying import say
from drafter.people.proposals import Proposal, changed_elsewhere
from drafter.services.authority import Actor


def require_readable(proposal: Proposal | None, actor: Actor, id: int) -> Proposal:
    """Return a proposal that the actor may read. Raises NotFound, NotAllowed."""
    if proposal is None:
        raise NotFound(say("There is no draft {id}.", id=id), proposal=id)
    handed_in = proposal.state in ("submitted", "admitted", "returned")
    if proposal.author != actor.name and not (actor.role == "clerk" and handed_in):
        raise NotAllowed("This draft is somebody else's. Begin one of your own.", proposal=id)
    return proposal


def require_own(proposal: Proposal | None, actor: Actor, id: int) -> Proposal:
    """Return a proposal that the actor may change: one of their own that is not handed in.

    Raises NotFound, NotAllowed, Refused.
    """
    found = require_readable(proposal, actor, id)
    if found.author != actor.name:
        raise NotAllowed("This draft is somebody else's. Give it back with a reason instead.")
    if found.state not in ("drafting", "returned"):
        raise Refused(_BECAUSE[found.state], proposal=id)
    return found


def require_submitted(proposal: Proposal | None, id: int) -> Proposal:
    """Return a proposal that waits for the clerk. Raises NotFound, Refused."""
    if proposal is None:
        raise NotFound(say("There is no draft {id}.", id=id), proposal=id)
    if proposal.state != "submitted":
        raise Refused(_BECAUSE.get(proposal.state, "It has not been handed in."), proposal=id)
    return proposal


def require_unchanged(proposal: Proposal, revision: int) -> None:
    """Raise Conflict where a proposal was saved since `revision`."""
    if proposal.revision != revision:
        raise changed_elsewhere(proposal.id)


_BECAUSE = {
    "submitted": "This draft is with the clerk. Take it back first, then change it.",
    "admitted": "This draft has become an amendment. Draft that one anew instead.",
    "discarded": "This draft was thrown away. Begin another one.",
    "returned": "This draft was given back to its author, and has not been handed in again.",
}

"""Proposals, the clerk's side: what was handed in is admitted, or given back with a reason.

Nothing of a proposal is in git before the clerk has confirmed, by admitting it, that its wording
names no private person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from drafter.core.decisions import statement
from drafter.core.errors import BadInput
from drafter.core.steps import Reword, try_steps
from drafter.people import amendments as rows
from drafter.people.audit import note
from drafter.people.comments import Comment
from drafter.people.contributors import whom_to_tell
from drafter.people.proposals import (
    Proposal,
    ProposalState,
    find_proposal,
    proposals,
    save_proposal,
)
from drafter.services.authority import Actor, authorize
from drafter.services.counting import require_amendment
from drafter.services.drafting import require_ready
from drafter.services.limits import LONGEST_REASON, require_length
from drafter.services.mailing import tell_of_redraft, write_outbox
from drafter.services.opening import (
    Opening,
    check_title,
    move_branch,
    open_amendment,
    redraft_amendment,
    usable_comment,
)
from drafter.services.owning import require_submitted, require_unchanged
from drafter.services.rebuilding import adopt_branches

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

WAITING: Final[tuple[ProposalState, ...]] = ("submitted",)


def waiting(instance: Instance, actor: Actor) -> tuple[Proposal, ...]:
    """Return the proposals that were handed in and wait for the clerk, oldest first."""
    authorize(actor, "admit")
    with instance.database.reading() as session:
        return proposals(session, WAITING)


def give_back(instance: Instance, actor: Actor, id: int, reason: str) -> Proposal:
    """Give a proposal back to its author with a reason. Raises NotFound, Refused, BadInput."""
    authorize(actor, "admit", id)
    reason = statement(reason)
    require_length(reason, LONGEST_REASON, "A reason")
    if not reason:
        raise BadInput("Say why: the author reads it, and can hand it in again.")
    with instance.acting(actor) as session:
        found = require_submitted(find_proposal(session, id), id)
        note(session, actor.name, "give back", f"draft {id}", instance.clock())
        after = replace(found, state="returned", reason=reason)
        return save_proposal(session, after, instance.clock())


def admit_proposal(
    instance: Instance, actor: Actor, id: int, *, title: str = "", revision: int | None = None
) -> int:
    """Make an amendment of a proposal, or the next words of the one that it redrafts; its number.

    The clerk confirms thereby that the wording names no private person. Raises NotFound; Refused
    where it was not handed in, or what it redrafts is not open any more; Conflict where the draft
    has changed the same words, or its author this proposal.
    """
    authorize(actor, "admit", id)
    adopt_branches(instance)
    with instance.writing() as writer:
        with instance.database.reading() as session:
            found = require_submitted(find_proposal(session, id), id)
        if revision is not None:
            require_unchanged(found, revision)
        drafted = require_ready(instance, found)
        with instance.acting(actor) as session:
            now = instance.clock()
            texts = Opening(
                title=check_title(title or found.title),
                base=instance.tip,
                before=drafted.before,
                after=drafted.after,
                submitter=found.author,
                supporters=0,
                comments=found.comments,
                by=actor.name,
            )
            opening = _credited(session, found, texts)
            if found.kind == "redraft":
                row = require_amendment(session, found.sources[0])
                asked = whom_to_tell(session, row.number)
                opened = redraft_amendment(instance, writer, session, row, opening)
                tell_of_redraft(session, instance, row.number, row.round + 1, asked)
            else:
                opened = open_amendment(instance, writer, session, opening)
            done = replace(found, state="admitted", amendment=opened.number)
            save_proposal(session, done, now)
            note(session, actor.name, "admit", f"amendment {opened.number}", now)
        move_branch(instance, writer, opened)
    write_outbox(instance)
    return opened.number


def _credited(session: Session, found: Proposal, opening: Opening) -> Opening:
    """Credit every comment that the proposal, or what it combines, takes up."""
    comments, supporters = set(found.comments), 0
    combines = found.sources if found.kind == "combined" else ()
    for number in combines:
        comments.update(rows.comments_of_amendment(session, number))
    asking = [one for one in (usable_comment(session, n) for n in sorted(comments)) if one]
    suggestions = [one for one in asking if one.suggested_wording is not None]
    if found.kind == "redraft":
        known = set(rows.comments_of_amendment(session, found.sources[0]))
        supporters = sum(one.number not in known for one in suggestions)
        submitter = opening.submitter
    else:
        first = _whose_words(suggestions, opening) if found.author.startswith("clerk") else None
        submitter = first or opening.submitter
        supporters = len(suggestions) - (1 if first else 0)
    return replace(
        opening,
        submitter=submitter,
        supporters=supporters,
        comments=[one.number for one in asking],
        combines=combines,
    )


def _whose_words(suggestions: Sequence[Comment], opening: Opening) -> str | None:
    """Name the author of the first suggestion, where the words are exactly those suggested."""
    if not suggestions:
        return None
    first = suggestions[0]
    steps = [Reword(first.clause_id, str(first.suggested_wording))]
    alone = try_steps(opening.before, steps, ()).report
    same = all(
        (other := opening.after.chapter(chapter.path)) and other.same_text(chapter)
        for chapter in alone.chapters
    )
    whole = same and len(alone.chapters) == len(opening.after.chapters)
    return first.contributor if whole else None

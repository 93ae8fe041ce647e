"""Proposals, their author's side: begin, change step by step, hand in, throw away; and withdrawing.

Nothing of a proposal is in git before the clerk has admitted it (`receiving`). What each step does
to the text is worked out in `drafting`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.decisions import one_line, statement
from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused
from drafter.core.retracing import steps_between
from drafter.core.rules import next_state
from drafter.core.saying import say
from drafter.core.steps import Reword, Step, try_steps
from drafter.people import amendments as rows
from drafter.people import comments as comment_rows
from drafter.people.audit import note
from drafter.people.comments import Comment
from drafter.people.proposals import (
    NewProposal,
    Proposal,
    ProposalState,
    add_proposal,
    find_proposal,
    proposals,
    save_proposal,
)
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.counting import read_amendment, require_amendment
from drafter.services.deciding import Decided, withdraw_for
from drafter.services.drafting import (
    check_step,
    nameable,
    named,
    require_ready,
    require_step,
    taken_ids,
    work_out,
)
from drafter.services.limits import (
    LONGEST_REMARK,
    LONGEST_TITLE,
    MOST_COMMENTS_TOGETHER,
    MOST_STEPS,
    require_length,
)
from drafter.services.opening import (
    check_title,
    usable_comment,
)
from drafter.services.owning import (
    require_own,
    require_readable,
    require_submitted,
    require_unchanged,
)
from drafter.services.proposals import effect_of, proposal_at
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

RETURNED: tuple[ProposalState, ...] = ("returned",)
MOST_SHOWN = 50
"""Drafts given back that a desk lists."""


# Beginning.


def start(
    instance: Instance,
    actor: Actor,
    *,
    title: str = "",
    steps: Sequence[Step] = (),
    comments: Sequence[int] = (),
) -> Proposal:
    """Begin a proposal; steps that do not fit the draft are refused, not kept.

    Raises NotFound, BadInput, Refused for a comment that cannot be taken up.
    """
    authorize(actor, "propose")
    title = _short_title(title)
    for step in steps:
        check_step(step)
    base = instance.tip
    taken = taken_ids(instance, ())
    kept = _made(read_report(instance.repository, base), steps, taken)
    return _begin(instance, actor, NewProposal("new", actor.name, base, title, kept), comments)


def start_from_comments(
    instance: Instance, actor: Actor, comments: Sequence[int], *, title: str = ""
) -> Proposal:
    """Begin a proposal out of comments, all credited; each clause gets the words first suggested.

    Raises NotFound, BadInput, Refused for a comment that cannot be taken up.
    """
    authorize(actor, "propose", tuple(comments))
    with instance.database.reading() as session:
        found = [_require_comment(session, actor, number) for number in sorted(set(comments))]
    first: dict[str, Step] = {}
    for comment in found:
        words, clause = comment.suggested_wording, comment.clause_id
        if words is not None:
            first.setdefault(clause, Reword(clause, words))
    base = instance.tip
    fits = try_steps(
        read_report(instance.repository, base), tuple(first.values()), taken_ids(instance, ())
    )
    gone = {one.index for one in fits.unfit}
    steps = tuple(step for index, step in enumerate(first.values()) if index not in gone)
    new = NewProposal("new", actor.name, base, _short_title(title), steps)
    return _begin(instance, actor, new, comments)


def start_redraft(instance: Instance, actor: Actor, number: int) -> Proposal:
    """Begin to draft an open amendment anew: a seat its own, the clerk any.

    Its steps are those of the amendment in the draft as it stands now; where words compete, those
    that it was made with, to be mended. Raises NotFound, NotAllowed, Refused, BadInput.
    """
    authorize(actor, "propose", number)
    row = read_amendment(instance, number)
    next_state(row.state, "redraft")
    if actor.role == "seat" and row.submitter != actor.name:
        raise NotAllowed(
            "Only who submitted an amendment, or the clerk, drafts it anew. Draft one of your own, "
            "and the panel chooses between them."
        )
    if row.branch_tip is None:
        raise NotFound(
            say("The words of amendment {number} have been removed.", number=number), number=number
        )
    base, repository = instance.tip, instance.repository
    effect = effect_of(repository, base, number, row.branch_tip)
    if effect.competing:
        texts = proposal_at(repository, number, row.branch_tip)
        steps = steps_between(texts.base, texts.proposed)
    else:
        steps = steps_between(effect.before, effect.after)
    new = NewProposal("redraft", actor.name, base, row.title, steps, sources=(number,))
    return _begin(instance, actor, new, ())


def begin_combined(
    instance: Instance, actor: Actor, numbers: Sequence[int], title: str, steps: Sequence[Step]
) -> Proposal:
    """Begin a proposal that brings amendments together; for `competing.start_combined`."""
    authorize(actor, "propose", tuple(numbers))
    new = NewProposal(
        "combined",
        actor.name,
        instance.tip,
        _short_title(title),
        tuple(steps),
        sources=tuple(numbers),
    )
    return _begin(instance, actor, new, ())


def _begin(instance: Instance, actor: Actor, new: NewProposal, comments: Sequence[int]) -> Proposal:
    if len(new.steps) > MOST_STEPS:
        raise BadInput(
            say(
                "A draft can have {most_steps} changes. Make it two amendments.",
                most_steps=MOST_STEPS,
            )
        )
    with instance.acting(actor) as session:
        checked = _check_comments(session, actor, comments)
        now = instance.clock()
        made = add_proposal(session, replace(new, comments=checked), now)
        note(session, actor.name, "begin draft", f"draft {made.id}", now)
    return made


# Changing.


def add_step(
    instance: Instance, actor: Actor, id: int, *steps: Step, revision: int | None = None
) -> Proposal:
    """Add steps to one's proposal. Raises BadInput, NotFound, NotAllowed, Refused, Conflict."""
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        return replace(found, steps=_checked(instance, found, len(found.steps), steps))

    return _change(instance, actor, id, revision, change)


def replace_step(
    instance: Instance,
    actor: Actor,
    id: int,
    index: int,
    *steps: Step,
    revision: int | None = None,
) -> Proposal:
    """Put a step, or several, in the place of an earlier one. Raises as `add_step`."""
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        require_step(found, index)
        kept = _checked(instance, found, index, steps)
        return replace(found, steps=(*kept, *found.steps[index + 1 :]))

    return _change(instance, actor, id, revision, change)


def set_steps(
    instance: Instance,
    actor: Actor,
    id: int,
    steps: Sequence[Step],
    *,
    revision: int | None = None,
) -> Proposal:
    """Put other steps in the place of all that one's proposal has. Raises as `add_step`."""
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        return replace(found, steps=_checked(instance, found, 0, steps))

    return _change(instance, actor, id, revision, change)


def remove_step(
    instance: Instance, actor: Actor, id: int, index: int, *, revision: int | None = None
) -> Proposal:
    """Take a step out of one's proposal. Raises NotFound, NotAllowed, Refused, Conflict."""
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        require_step(found, index)
        return replace(found, steps=found.steps[:index] + found.steps[index + 1 :])

    return _change(instance, actor, id, revision, change)


def describe(
    instance: Instance,
    actor: Actor,
    id: int,
    *,
    title: str,
    note: str = "",
    comments: Sequence[int] | None = None,
    revision: int | None = None,
) -> Proposal:
    """Give one's proposal its title, a note to the clerk, the comments it takes up (None: as is).

    Raises BadInput, NotFound, NotAllowed, Refused, Conflict.
    """
    authorize(actor, "propose", id)
    title, words = _short_title(title), statement(note)
    require_length(words, LONGEST_REMARK, "A note")

    def change(found: Proposal) -> Proposal:
        taken = found.comments
        if comments is not None:
            with instance.database.reading() as session:
                taken = _check_comments(session, actor, comments, known=taken)
        return replace(found, title=title, note=words, comments=taken)

    return _change(instance, actor, id, revision, change)


def refresh(instance: Instance, actor: Actor, id: int, *, revision: int | None = None) -> Proposal:
    """Go on from the draft as it stands now. Steps that no longer fit keep their words.

    Raises NotFound, NotAllowed, Refused, Conflict.
    """
    authorize(actor, "propose", id)
    tip = instance.tip

    def change(found: Proposal) -> Proposal:
        drafted = work_out(instance, found)
        if drafted.competing or drafted.applied.unfit:
            return replace(found, base_commit=tip)
        try:
            steps = steps_between(drafted.before, drafted.after)
        except BadInput:
            steps = found.steps
        return replace(found, base_commit=tip, steps=steps)

    return _change(instance, actor, id, revision, change)


def discard(instance: Instance, actor: Actor, id: int) -> Proposal:
    """Throw one's proposal away; its words are kept, out of sight. Raises as `add_step`."""
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        return replace(found, state="discarded")

    return _change(instance, actor, id, None, change)


def submit(instance: Instance, actor: Actor, id: int, *, revision: int | None = None) -> Proposal:
    """Hand one's proposal to the clerk.

    Raises BadInput where it has no title, changes nothing, or has a step that does not fit;
    Conflict where the draft has changed the same words since, or another window this proposal.
    """
    authorize(actor, "propose", id)

    def change(found: Proposal) -> Proposal:
        check_title(found.title)
        require_ready(instance, found)
        return replace(found, state="submitted", reason="", submitted_at=instance.clock())

    return _change(instance, actor, id, revision, change, "hand in")


def take_draft_back(instance: Instance, actor: Actor, id: int) -> Proposal:
    """Take one's proposal back from the clerk, to change it. Raises NotFound, NotAllowed, Refused.

    Raises Conflict where the clerk was faster.
    """
    authorize(actor, "propose", id)
    with instance.acting(actor) as session:
        found = require_readable(find_proposal(session, id), actor, id)
        if found.author != actor.name:
            raise NotAllowed("This draft is somebody else's.")
        require_submitted(found, id)
        return save_proposal(session, replace(found, state="drafting"), instance.clock())


def _checked(
    instance: Instance, found: Proposal, at: int, steps: Sequence[Step]
) -> tuple[Step, ...]:
    """Give the first `at` steps of a proposal and these behind them, where they fit."""
    for step in steps:
        check_step(step)
    if at + len(steps) > MOST_STEPS:
        raise BadInput(
            say(
                "A draft can have {most_steps} changes. Make it two amendments.",
                most_steps=MOST_STEPS,
            )
        )
    base = read_report(instance.repository, found.base_commit)
    taken = taken_ids(instance, found.sources)
    earlier = try_steps(base, found.steps[:at], taken).report
    return (*found.steps[:at], *_made(earlier, steps, taken))


def _made(before: Report, steps: Sequence[Step], taken: set[str]) -> tuple[Step, ...]:
    """Check that steps fit and that a vote could name them; give what they add its ids."""
    applied = try_steps(before, steps, taken)
    if applied.unfit:
        raise BadInput(applied.unfit[0].sentence, step=applied.unfit[0].index)
    if problem := nameable(before, applied.report):
        raise BadInput(problem)
    return tuple(named(step, applied, index) for index, step in enumerate(steps))


def _change(
    instance: Instance,
    actor: Actor,
    id: int,
    revision: int | None,
    change: Callable[[Proposal], Proposal],
    action: str = "",
) -> Proposal:
    """Change one's own proposal, if it still is as it was at `revision` (None: as read now).

    Worked out before the transaction is begun: reading and comparing texts takes its time.
    """
    with instance.database.reading() as session:
        found = require_own(find_proposal(session, id), actor, id)
    if revision is not None:
        require_unchanged(found, revision)
    changed = change(found)
    with instance.acting(actor) as session:
        if action:
            note(session, actor.name, action, f"draft {id}", instance.clock())
        return save_proposal(session, changed, instance.clock())


def own_proposals(instance: Instance, actor: Actor) -> tuple[Proposal, ...]:
    """Return the actor's proposals that are not closed, oldest first."""
    authorize(actor, "propose")
    with instance.database.reading() as session:
        return proposals(session, ("drafting", "returned", "submitted"), author=actor.name)


def returned_to(instance: Instance, actor: Actor) -> tuple[Proposal, ...]:
    """Return the actor's proposals that the clerk has given back, oldest first."""
    authorize(actor, "propose")
    with instance.database.reading() as session:
        return proposals(session, RETURNED, author=actor.name, limit=MOST_SHOWN)


# Withdrawing.


def withdraw_by_receipt(
    instance: Instance, token: str, number: int, reason: str, *, actor: Actor = PUBLIC
) -> Decided:
    """Withdraw the amendment that one's suggestion has become, by its receipt.

    Raises NotFound for an unknown receipt or number; NotAllowed where somebody else submitted the
    amendment; Refused where others asked for it too, or where it is decided; BadInput.
    """
    authorize(actor, "withdraw comment", number)
    with instance.database.reading() as session:
        comment = comment_rows.find_by_receipt(session, token)
        if comment is None:
            raise NotFound("This receipt belongs to no comment. Check the address.")
        row = require_amendment(session, number)
        asked = rows.comments_of_amendment(session, number)
    if row.submitter != comment.contributor:
        raise NotAllowed("This amendment is not yours to withdraw: somebody else submitted it.")
    if set(asked) - {comment.number}:
        raise Refused(
            "Others asked for this amendment too, so it stays. You can take your own comment back."
        )
    return withdraw_for(instance, comment.contributor, number, reason)


def _require_comment(session: Session, actor: Actor, number: int) -> Comment:
    found = comment_rows.find_comment(session, number)
    shown = found is not None and found.state == "shown"
    if found is None or (actor.role == "seat" and not shown):
        raise NotFound(
            say("There is no comment {number} to take up.", number=number), number=number
        )
    if usable_comment(session, number) is None:
        raise Refused(
            say(
                "Comment {number} is {state}; it cannot be taken up.",
                number=number,
                state=found.state,
            ),
            number=number,
        )
    return found


def _check_comments(
    session: Session, actor: Actor, numbers: Sequence[int], known: Sequence[int] = ()
) -> tuple[int, ...]:
    wanted = tuple(sorted(set(numbers)))
    if len(wanted) > MOST_COMMENTS_TOGETHER:
        raise BadInput(
            say(
                "One amendment takes up {most_comments_together} comments at most.",
                most_comments_together=MOST_COMMENTS_TOGETHER,
            )
        )
    for number in wanted:
        if number not in known:
            _require_comment(session, actor, number)
    return wanted


def _short_title(title: str) -> str:
    title = one_line(title)
    require_length(title, LONGEST_TITLE, "A title")
    return title

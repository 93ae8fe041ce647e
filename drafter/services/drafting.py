"""What a proposal would do, worked out: its steps in the text, beside the draft as it stands now.

Reads only. A proposal's steps are made in the text that it was begun on; what the draft has become
since is merged in, so that nothing that anybody typed is lost and nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drafter.core.clauses import Chapter, Clause, Report
from drafter.core.consequences import Consequence
from drafter.core.consequences import Proposal as Texts
from drafter.core.diff import Change, Diff, diff_reports
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput, DrafterError, NotFound, Refused
from drafter.core.merge import Competing, merge_reports
from drafter.core.saying import say
from drafter.core.steps import Add, Applied, NewChapter, Reword, Step, try_steps
from drafter.people import amendments as rows
from drafter.people.proposals import Proposal, find_proposal
from drafter.services.authority import Actor, authorize
from drafter.services.foreseeing import foresee
from drafter.services.identities import ids_ever
from drafter.services.limits import LONGEST_CHAPTER, LONGEST_WORDING, check_nesting, require_length
from drafter.services.owning import require_readable
from drafter.services.permitted import edit_faults
from drafter.services.proposals import proposal_at
from drafter.store.names import is_commit_id
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True)
class Drafted:
    """A proposal's steps in the text."""

    base: Report
    """The draft that it was begun on."""
    proposed: Report
    """That draft with the steps that fit."""
    applied: Applied
    before: Report
    """The draft now."""
    after: Report
    """The draft now with the steps; as before where words compete."""
    competing: tuple[Competing, ...]
    """Where the draft has changed the same words since."""

    @property
    def moved_on(self) -> bool:
        """Whether the draft has changed since the proposal was begun."""
        return self.base is not self.before

    @property
    def ready(self) -> bool:
        """Whether it could become an amendment as it is."""
        return not self.applied.unfit and not self.competing and bool(self._asks())

    def _asks(self) -> object:
        return instructions_between(self.before, self.after)


@dataclass(frozen=True)
class ProposalView:
    """All that a page shows of a proposal."""

    proposal: Proposal
    drafted: Drafted
    diff: Diff
    """What it would change; against the text it was begun on where words compete."""
    since: tuple[Change, ...]
    """What has changed in the draft since it was begun, in the clauses and chapters it touches."""
    consequences: tuple[Consequence, ...]
    """What accepting it would do to each open amendment."""
    problem: str
    """Why no vote could name what it asks; empty where one could."""


@dataclass(frozen=True)
class StepPreview:
    """What steps would do, before they are kept."""

    problem: str
    """Why it cannot be made, in a sentence that says what to do; empty where it can."""
    changes: tuple[Change, ...]
    clause: Clause | None
    """The clause as it would be; None where there is none, as after a removal."""
    chapter: Chapter | None
    """The chapter in which it stands then."""
    edit_fault: str
    """Why it could not be saved as a recorded edit; empty where it could."""


def view_proposal(instance: Instance, actor: Actor, id: int) -> ProposalView:
    """Return everything about a proposal of one's own; the clerk reads those handed in too.

    Raises NotFound, NotAllowed.
    """
    authorize(actor, "propose", id)
    with instance.database.reading() as session:
        proposal = require_readable(find_proposal(session, id), actor, id)
    drafted = work_out(instance, proposal)
    sources = proposal.sources if proposal.kind == "redraft" else ()
    style = instance.numbering
    clean = not drafted.competing
    one, two = (drafted.before, drafted.after) if clean else (drafted.base, drafted.proposed)
    diff = diff_reports(one, two, style=style)
    problem = nameable(one, two)
    mine = Texts(0, drafted.base, drafted.proposed)
    follows: tuple[Consequence, ...] = ()
    if clean and diff.changes:
        follows = foresee(instance, drafted.before, drafted.after, mine, but=sources)
    return ProposalView(proposal, drafted, diff, _since(drafted, style), follows, problem)


def read_proposal(instance: Instance, actor: Actor, id: int) -> Proposal:
    """Return a proposal without working out what it does. Raises NotFound, NotAllowed."""
    authorize(actor, "propose", id)
    with instance.database.reading() as session:
        return require_readable(find_proposal(session, id), actor, id)


def text_before(
    instance: Instance, actor: Actor, proposal: int | None = None, at: int | None = None
) -> Report:
    """Return the text in which the next step of a proposal is made, or its step `at`.

    Without a proposal it is the draft as it stands. Raises NotFound, NotAllowed.
    """
    authorize(actor, "propose", proposal)
    if proposal is None:
        return instance.report
    found = read_proposal(instance, actor, proposal)
    if at is not None:
        require_step(found, at)
    base = read_report(instance.repository, found.base_commit)
    return try_steps(base, found.steps[:at], taken_ids(instance, found.sources)).report


def require_step(found: Proposal, index: int) -> None:
    """Raise NotFound where a proposal has no such step."""
    if not 0 <= index < len(found.steps):
        raise NotFound("This draft has no such change any more. Look at it again.")


def clause_then(instance: Instance, actor: Actor, clause_id: str, commit: str) -> Clause | None:
    """Return a clause as it stood in a commit of main; None where it did not, or there is none."""
    authorize(actor, "propose", clause_id)
    if not is_commit_id(commit) or not instance.repository.contains(instance.tip, commit):
        return None
    place = read_report(instance.repository, commit).locate(clause_id)
    return place.clause if place else None


def preview_steps(
    instance: Instance,
    actor: Actor,
    steps: Sequence[Step],
    *,
    proposal: int | None = None,
    at: int | None = None,
) -> StepPreview:
    """Show what steps would do behind those of a proposal, or in place of its step `at`.

    Without a proposal they are made in the draft as it stands. Raises NotFound, NotAllowed.
    """
    before = text_before(instance, actor, proposal, at)
    sources = read_proposal(instance, actor, proposal).sources if proposal is not None else ()
    try:
        for step in steps:
            check_step(step)
    except BadInput as error:
        return StepPreview(error.sentence, (), None, None, "")
    return _previewed(instance, before, steps, taken_ids(instance, sources))


def work_out(instance: Instance, proposal: Proposal) -> Drafted:
    """Make a proposal's steps in the text, and merge that with the draft as it stands now."""
    base = read_report(instance.repository, proposal.base_commit)
    before = instance.report
    applied = try_steps(base, proposal.steps, taken_ids(instance, proposal.sources))
    proposed = applied.report
    if base is before:
        return Drafted(base, proposed, applied, before, proposed, ())
    merged = merge_reports(base, before, proposed)
    if merged.competing:
        return Drafted(base, proposed, applied, before, before, merged.competing)
    return Drafted(base, proposed, applied, before, merged.report, ())


def require_ready(instance: Instance, found: Proposal) -> Drafted:
    """Raise BadInput or the like, saying what to do, where it could be no amendment as it is."""
    drafted = work_out(instance, found)
    if drafted.applied.unfit:
        raise BadInput(
            say("One of its changes does not fit: {unfit}", unfit=drafted.applied.unfit[0].sentence)
        )
    if drafted.competing:
        raise Refused(
            "The draft has changed the same words since. Bring this draft up to date, look at "
            "what it would change now, and hand it in again."
        )
    if problem := nameable(drafted.before, drafted.after):
        raise BadInput(problem)
    if not drafted.ready:
        raise BadInput("This changes nothing in the draft: change something first.")
    return drafted


def taken_ids(instance: Instance, sources: Collection[int]) -> set[str]:
    """Return every id ever used, but for those that the amendments `sources` brought in.

    Whoever drafts them anew, or combines them, goes on with the same clauses.
    """
    taken = ids_ever(instance.repository, instance.tip)
    with instance.database.reading() as session:
        found = [rows.find_amendment(session, number) for number in sources]
    for source in found:
        if source and source.branch_tip:
            texts = proposal_at(instance.repository, source.number, source.branch_tip)
            taken -= texts.proposed.ids - texts.base.ids
    return taken


def check_step(step: Step) -> None:
    """Refuse words that are too long or too deeply nested. Raises BadInput."""
    words = step.wording if isinstance(step, Reword) else getattr(step, "text", "")
    if isinstance(step, NewChapter):
        require_length(words, LONGEST_CHAPTER, "A new chapter")
    else:
        require_length(words, LONGEST_WORDING, "The wording of a clause")
    check_nesting(words)


def nameable(before: Report, after: Report) -> str:
    """Say why no vote could name a change; empty where one could."""
    try:
        instructions_between(before, after)
    except DrafterError as error:
        return error.sentence
    return ""


def _previewed(
    instance: Instance, before: Report, steps: Sequence[Step], taken: set[str]
) -> StepPreview:
    applied = try_steps(before, steps, taken)
    if applied.unfit:
        return StepPreview(applied.unfit[0].sentence, (), None, None, "")
    after, about = applied.report, applied.made[0]
    problem = nameable(before, after)
    changes = diff_reports(before, after, style=instance.numbering).changes
    place = after.locate(str(about))
    chapter = place.chapter if place else after.chapter(str(about))
    fault = next(edit_faults(before, after, instance.rules), "")
    clause = place.clause if place else None
    return StepPreview(problem, changes if not problem else (), clause, chapter, fault)


def _since(drafted: Drafted, style: str) -> tuple[Change, ...]:
    """List what changed in the draft since, in the clauses and chapters that a proposal touches."""
    if not drafted.moved_on:
        return ()
    paths = {
        chapter.path
        for chapter in drafted.base.chapters
        if (other := drafted.proposed.chapter(chapter.path)) and not chapter.same_text(other)
    }
    steps = (conflict.clause for conflict in drafted.competing)
    places = (drafted.base.locate(str(clause)) for clause in steps)
    paths |= {place.chapter.path for place in places if place}
    changes = diff_reports(drafted.base, drafted.before, style=style).changes
    sides = ("old", "new")
    return tuple(
        change
        for change in changes
        if any(side.path in paths for which in sides for side in change.sides(which))  # type: ignore[arg-type]
    )


def named(step: Step, applied: Applied, index: int) -> Step:
    """Give an added clause, and the clauses of a new chapter, the ids that they have in the text.

    So that later steps can build on them, whatever else is admitted meanwhile.
    """
    about = applied.made[index]
    place = applied.report.locate(str(about)) if about else None
    if isinstance(step, Add) and place:
        return replace(step, id=place.clause.id)
    chapter = applied.report.chapter(str(about)) if about else None
    if isinstance(step, NewChapter) and chapter:
        return NewChapter(step.path, chapter.text)
    return step

"""Motions that change no wording: to end a chapter's drafting, to open a decision again.

Each is numbered and recorded like an amendment, with a branch that carries its record alone. What
a carried motion to reconsider allows, one new amendment, is opened here too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.clauses import Chapter, Report
from drafter.core.effects import instructions_between
from drafter.core.errors import NotFound, Refused
from drafter.core.instructions import Instruction, chapter_hash
from drafter.core.merge import merge_reports
from drafter.core.rules import is_final
from drafter.core.saying import say
from drafter.people.amendments import (
    amendments,
    comments_of_amendment,
    link_comments,
    new_amendment_number,
    save_amendment,
)
from drafter.people.audit import note
from drafter.people.counters import count_from
from drafter.services.authority import Actor, authorize
from drafter.services.counting import read_amendment
from drafter.services.permitted import phase_of
from drafter.services.proposals import chapter_changes, numbered, proposal_at, record_at
from drafter.services.rebuilding import adopt_branches, last_number, view_of
from drafter.services.touching import note_names
from drafter.store import names
from drafter.store.history import versions, walk_changes
from drafter.store.messages import write_message
from drafter.store.reports import read_report
from drafter.store.writer import Changes, Writer

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def drafting_chapters(instance: Instance) -> tuple[Chapter, ...]:
    """Return the chapters whose drafting has not ended, in reading order."""
    return tuple(each for each in instance.report.chapters if phase_of(each) == "drafting")


def move_adoption(instance: Instance, actor: Actor, path: str) -> int:
    """Move to adopt a chapter's text and end its drafting; return the motion's number.

    Raises NotFound; Refused where the chapter is not drafting, or such a motion is undecided.
    """
    authorize(actor, "move", path)
    adopt_branches(instance)
    with instance.writing() as writer, instance.acting(actor) as session:
        chapter = instance.report.chapter(path)
        if chapter is None:
            raise NotFound(say("There is no chapter {path!r}.", path=path[:200]), path=path)
        if phase_of(chapter) != "drafting":
            raise Refused(
                say("The drafting of {path} has ended; only votes change it.", path=path), path=path
            )
        instruction = Instruction("adopt", chapter=path, before=chapter_hash(chapter.text))
        _require_new(instance, session, instruction)
        title = f"Adopt the text of {_title(chapter)}"
        return _open(instance, writer, session, actor, _motion(instance, actor, title, instruction))


def move_reconsideration(instance: Instance, actor: Actor, number: int) -> int:
    """Move to open the decision on an amendment again; return the motion's number.

    Raises NotFound; Refused where it was neither accepted nor rejected, changed no words, or such
    a motion is undecided.
    """
    authorize(actor, "move", number)
    adopt_branches(instance)
    with instance.writing() as writer, instance.acting(actor) as session:
        old = read_amendment(instance, number)
        if old.state not in ("accepted", "rejected") or old.branch_tip is None:
            raise Refused(
                say(
                    "Amendment {number} is {state}; only a decision is reconsidered.",
                    number=number,
                    state=old.state,
                )
            )
        if record_at(instance.repository, old.branch_tip, number).instructions[0].clause is None:
            raise Refused(
                say("Motion {number} changed no words; move it again instead.", number=number)
            )
        instruction = Instruction("reconsider", amendment=numbered(number))
        _require_new(instance, session, instruction)
        title = f"Reconsider amendment {number}: {old.title}"
        return _open(instance, writer, session, actor, _motion(instance, actor, title, instruction))


def open_again(instance: Instance, actor: Actor, motion: int) -> int:
    """Open the one amendment that a carried motion to reconsider allows; return its number.

    After a rejection it asks for the same words; after an acceptance for those before it. Raises
    NotFound; Refused where the motion was not carried or has been used, or nothing is left to ask.
    """
    authorize(actor, "open again", motion)
    adopt_branches(instance)
    with instance.writing() as writer, instance.acting(actor) as session:
        old = _reconsidered(instance, motion)
        if any(each.by_motion == motion for each in amendments(session)):
            raise Refused(
                say("Motion {motion} has opened its amendment already.", motion=motion),
                number=motion,
            )
        record, before, after = _asked_again(instance, old, motion)
        number = _open(
            instance, writer, session, actor, record, changes=chapter_changes(before, after)
        )
        comments = comments_of_amendment(session, old)
        if record.comments:
            link_comments(session, number, comments, instance.clock())
        return number


def _reconsidered(instance: Instance, motion: int) -> int:
    """Return the amendment that a carried motion is about. Raises NotFound, Refused."""
    if read_amendment(instance, motion).state == "accepted":
        record = record_at(instance.repository, instance.tip, motion)
        if record.instructions[0].amendment is not None:
            return record.instructions[0].amendment
    raise Refused(
        say("{motion} is no carried motion to reconsider an amendment.", motion=motion),
        number=motion,
    )


def _asked_again(
    instance: Instance, old: int, motion: int
) -> tuple[records.Amendment, Report, Report]:
    """Make the record of the new amendment, its base and its text. Raises Refused."""
    repository, tip = instance.repository, instance.tip
    decided = record_at(repository, tip, old)
    base, before, after = _words_of(instance, decided)
    merged = merge_reports(before, read_report(repository, tip), after)
    if not merged.competing:  # else it stands on its old base, and must be redrafted
        base, before, after = tip, read_report(repository, tip), merged.report
    instructions = instructions_between(before, after)
    if not instructions:
        raise Refused(
            say(
                "All that amendment {old} could ask for again stands in the draft already.", old=old
            )
        )
    again = decided.status == "rejected"
    title = decided.title if again else f"Take back amendment {old}: {decided.title}"
    record = replace(
        decided,
        title=title[:200],
        status="open",
        round=1,
        base_commit=base,
        base_version=_version(instance),
        instructions=instructions,
        submitter=record_at(repository, tip, motion).submitter,
        supporters=decided.supporters if again else 0,
        comments=decided.comments if again else (),
        decision=None,
        reconsiders=numbered(old),
        by_motion=numbered(motion),
    )
    return record, before, after


def _words_of(instance: Instance, decided: records.Amendment) -> tuple[str, Report, Report]:
    """Give what to ask for again: a commit on main, its text, and the text asked for."""
    repository = instance.repository
    if decided.status == "rejected":
        branch_tip = read_amendment(instance, decided.number).branch_tip
        if branch_tip is None:
            raise NotFound(
                say("The words of amendment {number} have been removed.", number=decided.number)
            )
        asked = proposal_at(repository, decided.number, branch_tip)
        return decided.base_commit, asked.base, asked.proposed
    path = names.amendment_path(decided.number)
    for commit, changes in walk_changes(repository, instance.tip):
        if any(change.path == path for change in changes):
            texts = (read_report(repository, each) for each in (commit.id, commit.parents[0]))
            made, earlier = texts
            return commit.id, made, earlier
    raise NotFound(
        say("The draft does not hold the decision on amendment {number}.", number=decided.number)
    )


def _motion(
    instance: Instance, actor: Actor, title: str, instruction: Instruction
) -> records.Amendment:
    return records.Amendment(
        number=numbered(1),
        title=title[:200],
        status="open",
        base_commit=instance.tip,
        base_version=_version(instance),
        instructions=(instruction,),
        submitter=actor.name,
    )


def _open(
    instance: Instance,
    writer: Writer,
    session: Session,
    actor: Actor,
    record: records.Amendment,
    *,
    changes: Changes | None = None,
) -> int:
    """Give a record its number and its branch; the branch comes last, as in admitting."""
    count_from(session, "amendment", last_number(instance))
    record = replace(record, number=numbered(new_amendment_number(session)))
    number, base, now = record.number, record.base_commit, instance.clock()
    files = {**(changes or {}), records.record_path(number): records.write_record(record).encode()}
    message = write_message("amendment", f"Amendment {number} opened", {"Amendment": str(number)})
    tip = writer.write_commit(files, base, (base,), message, now)
    save_amendment(session, view_of(record, tip), now)
    note_names(session, record, tip)
    note(session, actor.name, "move", f"amendment {number}", now)
    writer.move_ref(names.amendment_branch(number), None, tip)
    return number


def _require_new(instance: Instance, session: Session, wanted: Instruction) -> None:
    """Refuse a motion while another asks for the same, or has what it allowed still undecided."""
    for view in amendments(session):
        if view.branch_tip is None:
            continue
        record = record_at(instance.repository, view.branch_tip, view.number)
        same = record.instructions[0].subject == wanted.subject
        again = wanted.amendment is not None and record.reconsiders == wanted.amendment
        if (same or again) and not is_final(view.state):
            raise Refused(
                say(
                    "Amendment {number} asks for this already, and is undecided.",
                    number=view.number,
                )
            )


def _title(chapter: Chapter) -> str:
    heading = next((c for c in chapter.clauses if c.type == "heading"), None)
    words = " ".join(heading.wording.split()) if heading else ""
    return words[:120] or chapter.path


def _version(instance: Instance) -> str | None:
    published = versions(instance.repository)
    return published[-1].name if published else None

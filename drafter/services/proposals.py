"""What an amendment's branch does to the draft: its record, its merge, its instructions."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.core import amendments as records
from drafter.core.amendments import Number, read_record
from drafter.core.clauses import Report
from drafter.core.consequences import Proposal
from drafter.core.effects import instructions_between
from drafter.core.frontmatter import set_phase
from drafter.core.instructions import Instruction, chapter_hash
from drafter.core.merge import Competing, merge_reports
from drafter.core.reading import read_chapter
from drafter.services.permitted import phase_of
from drafter.store import names
from drafter.store.objects import encode
from drafter.store.reports import read_report
from drafter.store.repository import Repository


@dataclass(frozen=True)
class Effect:
    """What accepting an amendment would do to the draft at one commit."""

    before: Report
    after: Report
    """The merge; with the base wording where something competes."""
    instructions: tuple[Instruction, ...]
    """What a ballot binds to; empty where something competes, or nothing would change."""
    competing: tuple[Competing, ...]


def record_at(repository: Repository, commit: str, number: int) -> records.Amendment:
    """Read an amendment's record in a commit. Raises NotFound, BadInput, Unreadable."""
    path = names.amendment_path(number)
    return read_record(repository.read_text(commit, path), path)


def proposal_at(repository: Repository, number: int, branch_tip: str) -> Proposal:
    """Read an amendment as two texts: the draft that its branch began at, and its own."""
    record = record_at(repository, branch_tip, number)
    return Proposal(
        number,
        read_report(repository, record.base_commit),
        read_report(repository, branch_tip),
        adopts=next((each.chapter for each in record.instructions if each.chapter), None),
    )


def effect_of(repository: Repository, tip: str, number: int, branch_tip: str) -> Effect:
    """Merge an amendment into the draft at `tip`, in memory."""
    record = record_at(repository, branch_tip, number)
    if not changes_words(record):
        return _effect_without_words(read_report(repository, tip), record)
    proposal = proposal_at(repository, number, branch_tip)
    before = read_report(repository, tip)
    merged = merge_reports(proposal.base, before, proposal.proposed)
    if merged.competing:
        return Effect(before, merged.report, (), merged.competing)
    instructions = instructions_between(before, merged.report)
    return Effect(before, merged.report, instructions, ())


def changes_words(record: records.Amendment) -> bool:
    """Tell whether an amendment changes clauses; one that adopts or reconsiders does not."""
    return record.instructions[0].clause is not None


def _effect_without_words(before: Report, record: records.Amendment) -> Effect:
    """Give the effect of a motion that changes no wording.

    Adopting binds the chapter's text as it now is, and asks for nothing where its drafting has
    ended or the chapter is gone.
    """
    [instruction] = record.instructions
    if instruction.chapter is None:
        return Effect(before, before, (instruction,), ())
    chapter = before.chapter(instruction.chapter)
    if chapter is None or phase_of(chapter) != "drafting":
        return Effect(before, before, (), ())
    text = set_phase(chapter.text, "amending", chapter.path)
    adopted = read_chapter(chapter.path, text)
    after = Report(tuple(adopted if each is chapter else each for each in before.chapters))
    now = Instruction("adopt", chapter=chapter.path, before=chapter_hash(chapter.text))
    return Effect(before, after, (now,), ())


def chapter_changes(before: Report, after: Report) -> dict[str, bytes | None]:
    """Return what a commit must change to lead from one text to the other: path -> content."""
    old = {chapter.path: chapter for chapter in before.chapters}
    new = {chapter.path: chapter for chapter in after.chapters}
    changes: dict[str, bytes | None] = {path: None for path in old if path not in new}
    for path, chapter in new.items():
        if path not in old or (old[path] is not chapter and old[path].text != chapter.text):
            changes[path] = encode(chapter.text)
    return changes


def numbered(number: int) -> Number:
    """Take a plain number as an amendment's."""
    return Number(number)

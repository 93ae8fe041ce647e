"""What an amendment's branch does to the draft: its record, its merge, its instructions."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.core import amendments as records
from drafter.core.amendments import Number, read_record
from drafter.core.clauses import Report
from drafter.core.consequences import Proposal
from drafter.core.effects import instructions_between
from drafter.core.instructions import Instruction
from drafter.core.merge import Competing, merge_reports
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
    base = record_at(repository, branch_tip, number).base_commit
    return Proposal(number, read_report(repository, base), read_report(repository, branch_tip))


def effect_of(repository: Repository, tip: str, number: int, branch_tip: str) -> Effect:
    """Merge an amendment into the draft at `tip`, in memory."""
    proposal = proposal_at(repository, number, branch_tip)
    before = read_report(repository, tip)
    merged = merge_reports(proposal.base, before, proposal.proposed)
    if merged.competing:
        return Effect(before, merged.report, (), merged.competing)
    instructions = instructions_between(before, merged.report)
    return Effect(before, merged.report, instructions, ())


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

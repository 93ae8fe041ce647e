"""Verifying the amendments' branches: each carries its record, and the words that it names."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.core.amendments import NO_TITLE, Amendment, read_record
from drafter.core.effects import instructions_between
from drafter.core.instructions import Instruction
from drafter.services.findings import Finding, guarded, short
from drafter.services.proposals import record_at
from drafter.services.rebuilding import is_tombstone
from drafter.services.verifying_commits import form_faults
from drafter.store import names
from drafter.store.history import changed_paths
from drafter.store.objects import Commit
from drafter.store.reports import read_amendment_records, read_report
from drafter.store.repository import Repository


def branch_findings(
    repository: Repository, tip: str, line: frozenset[str], *, complete: bool
) -> Iterator[Finding]:
    """Verify every amendment's branch, or tombstone; `line` is main's first-parent line.

    With `complete` each decided amendment must have its branch, and no other branch or tag may be
    there: so it is in a bare repository. A checkout may have but some.
    """
    found = {names.amendment_number(name): head for name, head in repository.branches()}
    records = dict(read_amendment_records(repository, tip))
    for number, head in found.items():
        if number is not None:
            name = names.amendment_branch(number)
            yield from guarded(name, _one(repository, name, number, head, line))
            if is_tombstone(repository, head):
                text = records.get(number)
                yield from guarded(name, _tombstone(repository, name, number, head, text))
    if not complete:
        return
    for number in records:
        if number not in found:
            yield Finding(f"amendment {number}", "It is decided, and its branch is missing.")
    for ref in repository.refs():
        name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
        known = name == names.MAIN or names.amendment_number(name) or names.version_number(name)
        if ref.startswith(("refs/heads/", "refs/tags/")) and not known:
            yield Finding(ref, "No report has a branch or a tag of this name.")


def _one(
    repository: Repository, name: str, number: int, head: str, line: frozenset[str]
) -> Iterator[Finding]:
    record = record_at(repository, head, number)
    if record.number != number:
        yield Finding(name, f"It carries the record of amendment {record.number}.")
    if record.removed is not None and not is_tombstone(repository, head):
        yield Finding(name, "Its record says that its words were removed, and it is no tombstone.")
    if record.status != "open":
        yield Finding(name, f"Its record says {record.status}; on its branch each is open.")
    for sentence in _commits(repository, record, head, line):
        yield Finding(name, sentence)
    if record.base_commit not in line or not repository.contains(head, record.base_commit):
        yield Finding(name, "It does not begin at the commit of main that its record names.")
        return
    for change in changed_paths(repository, record.base_commit, head):
        own = change.path == names.amendment_path(number)
        if not own and not names.is_chapter(change.path):
            yield Finding(name, f"It changes {change.path}, which no amendment may.")
    if is_tombstone(repository, head):
        return
    texts = (read_report(repository, commit) for commit in (record.base_commit, head))
    named = {each for each in record.instructions if each.clause is not None}
    if set(instructions_between(*texts)) != named:
        yield Finding(name, "Its words are not those that its record names.")


def _tombstone(
    repository: Repository, name: str, number: int, head: str, decided: str | None
) -> Iterator[Finding]:
    """Check that a tombstone stands for an amendment that main records as closed unaccepted."""
    record, commit = record_at(repository, head, number), repository.commit(head)
    if record.removed is None:
        yield Finding(name, "It is a tombstone, and does not say when and why the words went.")
    if commit.parents != (record.base_commit,):
        yield Finding(name, "It is a tombstone, and carries more than the record.")
    paths = {change.path for change in changed_paths(repository, record.base_commit, head)}
    if paths != {names.amendment_path(number)}:
        yield Finding(name, "It is a tombstone, and changes more than the record.")
    final = None if decided is None else read_record(decided, names.amendment_path(number))
    if final is None or final.status == "accepted":
        state = "accepted" if final else "not decided"
        yield Finding(name, f"Its words were removed, though the amendment is {state}.")
    else:
        lost = ", ".join(_not_kept(record, final, commit))
        if lost:
            yield Finding(
                name, f"It is the tombstone of another amendment than main records: {lost} differ."
            )


KEPT = (
    "number",
    "base_commit",
    "base_version",
    "submitter",
    "supporters",
    "comments",
    "assemblies",
    "combines",
    "reconsiders",
    "by_motion",
)
"""What a decision takes over from the branch as it is, and a tombstone keeps."""


def _not_kept(record: Amendment, final: Amendment, tombstone: Commit) -> Iterator[str]:
    """Name what a tombstone should have kept of the amendment that main records."""
    yield from (field for field in KEPT if getattr(record, field) != getattr(final, field))
    if record.round > final.round:
        yield "round"
    if record.title != NO_TITLE:
        yield "title"
    if not _same_instructions(record, final):
        yield "instructions"
    removed = record.removed
    if removed is None:
        return
    if removed.date != tombstone.time.date():
        yield "date"
    if {each.clause for each in record.instructions if each.verb == "insert"} - set(removed.ids):
        yield "ids"


def _same_instructions(record: Amendment, final: Amendment) -> bool:
    """Compare what both name. A motion merges the words with the draft of its day: where a clause
    had other words there than where the amendment began, what is asked of it can differ.
    """
    if final.decision is None or final.decision.count is None:
        return record.instructions == final.instructions
    asked, put = (
        {each.clause: _binding(each) for each in one.instructions} for one in (record, final)
    )
    moved = any(clause in asked and asked[clause][1] != put[clause][1] for clause in put)
    return moved or put.items() <= asked.items()


def _binding(each: Instruction) -> tuple[object, ...]:
    """Give what of an instruction does not depend on its neighbours in the draft."""
    return (
        each.verb, each.before, each.after, each.type, each.ordered, each.level,
        each.origins_before, each.origins_after,
    )  # fmt: skip


def _commits(
    repository: Repository, record: Amendment, head: str, line: frozenset[str]
) -> Iterator[str]:
    """Name the faults of the branch's own commits, down to where it leaves main."""
    for commit in repository.commits(head):
        if commit.id in line:
            return
        buried = commit.id == head and commit.kind == "tombstone"
        own = commit.trailer("Amendment") == str(record.number)
        if not own or (commit.kind != "amendment" and not buried):
            yield f"Its {short(commit.id)} is not of the kind 'amendment'."
        parent = commit.parents[0] if commit.parents else None
        changes = changed_paths(repository, parent, commit.id)
        yield from form_faults(repository, commit, changes)

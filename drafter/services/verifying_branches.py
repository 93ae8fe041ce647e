"""Verifying the amendments' branches: each carries its record, and the words that it names."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.core.amendments import Amendment
from drafter.core.effects import instructions_between
from drafter.services.findings import Finding, guarded, short
from drafter.services.proposals import record_at
from drafter.services.verifying_commits import form_faults
from drafter.store import names
from drafter.store.history import changed_paths
from drafter.store.reports import read_amendment_records, read_report
from drafter.store.repository import Repository


def branch_findings(
    repository: Repository, tip: str, line: frozenset[str], *, complete: bool
) -> Iterator[Finding]:
    """Verify every amendment's branch; `line` is main's first-parent line.

    With `complete` each decided amendment must have its branch, and no other branch or tag may be
    there: so it is in a bare repository. A checkout may have but some.
    """
    found = {names.amendment_number(name): head for name, head in repository.branches()}
    for number, head in found.items():
        if number is not None:
            name = names.amendment_branch(number)
            yield from guarded(name, _one(repository, name, number, head, line))
    if not complete:
        return
    for number, _ in read_amendment_records(repository, tip):
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
    texts = (read_report(repository, commit) for commit in (record.base_commit, head))
    named = {each for each in record.instructions if each.clause is not None}
    if set(instructions_between(*texts)) != named:
        yield Finding(name, "Its words are not those that its record names.")


def _commits(
    repository: Repository, record: Amendment, head: str, line: frozenset[str]
) -> Iterator[str]:
    """Name the faults of the branch's own commits, down to where it leaves main."""
    for commit in repository.commits(head):
        if commit.id in line:
            return
        if commit.kind != "amendment" or commit.trailer("Amendment") != str(record.number):
            yield f"Its {short(commit.id)} is not of the kind 'amendment'."
        parent = commit.parents[0] if commit.parents else None
        changes = changed_paths(repository, parent, commit.id)
        yield from form_faults(repository, commit, changes)

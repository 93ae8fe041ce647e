"""Verifying the commits of main, one by one: form, kind, and what each changed."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.core.amendments import Amendment, read_record
from drafter.core.errors import BadInput, DrafterError
from drafter.core.rules import read_rules
from drafter.publish.facts import read_facts
from drafter.publish.release_notes import notes_faults
from drafter.services.findings import Finding, short
from drafter.services.instance import config_at
from drafter.services.permitted import decision_faults, edit_faults, path_faults
from drafter.services.proposals import record_at
from drafter.services.starting import check_configuration
from drafter.store import names
from drafter.store.history import Change, changed_paths
from drafter.store.objects import Commit
from drafter.store.reports import read_amendment_records, read_report
from drafter.store.repository import Repository


def commit_findings(repository: Repository, commit: Commit) -> Iterator[Finding]:
    """Verify one commit of main's line against the first of its parents. Raises DrafterError."""
    parent = commit.parents[0] if commit.parents else None
    changes = changed_paths(repository, parent, commit.id)
    for fault in _faults(repository, commit, changes):
        yield Finding(short(commit.id), fault)


def form_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    """Name what in a commit's form no report has: its words, its names, its files."""
    if not commit.is_generated:
        yield "Its author or its message is not the one that Drafter writes; people may be named."
    for change in changes:
        if not change.regular:
            yield f"{change.path} is no ordinary file."
        elif change.new is not None:
            yield from _path_faults(change.path)
    yield from _clashes(repository, commit, changes)


def _faults(repository: Repository, commit: Commit, changes: tuple[Change, ...]) -> Iterator[str]:
    if commit.kind is None:
        yield "It does not say of what kind it is."
        return
    yield from form_faults(repository, commit, changes)
    yield from path_faults(commit.kind, (change.path for change in changes))
    yield from _kind_faults(repository, commit, changes)


def _path_faults(path: str) -> Iterator[str]:
    try:
        names.check_path(path)
    except BadInput as error:
        yield error.sentence


def _clashes(repository: Repository, commit: Commit, changes: tuple[Change, ...]) -> Iterator[str]:
    """Name files that some computers would take for one; only folders that grew are looked at."""
    grown = {
        "/".join(parts[:depth])
        for change in changes
        if change.old is None and change.new is not None
        for parts in [change.path.split("/")]
        for depth in range(len(parts))
    }
    for folder in sorted(grown):
        tree = repository.tree_id(commit.id, folder)
        entries = repository.folder_entries(tree) if tree else ()
        clash = names.clashing(entry.name for entry in entries)
        if clash is not None:
            where = f" in {folder}" if folder else ""
            yield f"{clash[0]} and {clash[1]}{where} are one name on some computers."


def _kind_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    if (commit.kind == "first") != (not commit.parents):
        yield "A first commit begins the record, and nothing else does."
    if commit.kind in ("first", "operator"):
        yield from _configuration_faults(repository, commit, changes)
    if commit.kind == "first":
        return
    if commit.kind == "decision":
        yield from _decision_faults(repository, commit, changes)
        return
    if len(commit.parents) != 1:
        yield "Only an accepted amendment is joined to main; this joins something else."
    if commit.kind == "import" and read_amendment_records(repository, commit.parents[0]):
        yield "It imports a text after the panel had decided on it."
    if commit.kind == "publication":
        yield from _publication_faults(repository, commit, changes)
    if commit.kind == "edit":
        before = read_report(repository, commit.parents[0])
        rules = read_rules(config_at(repository, commit.parents[0]))
        yield from edit_faults(before, read_report(repository, commit.id), rules)


def _configuration_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    found = next((each for each in changes if each.path == names.SITE_CONFIGURATION), None)
    if commit.kind == "operator" and found is None:
        return
    if found is None or found.new is None:
        yield "It leaves the report without mkdocs.yml, and so without its rules."
        return
    try:
        check_configuration(repository.read_blob(found.new))
    except BadInput as error:
        yield error.sentence


def _publication_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    number = names.version_number(commit.trailer("Version") or "")
    if number is None:
        yield "It is a publication, and does not say of which version."
        return
    notes = names.notes_path(number)
    own = {names.comments_path(number), names.answers_path(number), notes}
    for change in changes:
        if change.path not in own or change.new is None:
            yield f"It publishes version {number}, and changes {change.path}."
        elif change.path == names.comments_path(number) and change.regular:
            read_facts(repository.read_text(commit.id, change.path), change.path)
        elif change.path == notes and change.regular:
            yield from notes_faults(repository.read_blob(change.new))


def _decision_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    paths = [change for change in changes if names.record_number(change.path)]
    if len(paths) != 1 or paths[0].old is not None or paths[0].new is None:
        yield "A decision adds the record of one amendment and changes no other record."
        return
    record = read_record(repository.read_text(commit.id, paths[0].path), paths[0].path)
    if record.number != names.record_number(paths[0].path):
        yield f"{paths[0].path} is the record of amendment {record.number}."
    if (commit.trailer("Amendment"), commit.trailer("Outcome")) != (
        str(record.number),
        record.status,
    ):
        yield f"Its message names another decision than its record, amendment {record.number}."
    yield from record.findings()
    yield from _rules_faults(repository, commit, record)
    if record.status != "accepted":
        if len(commit.parents) != 1 or len(changes) > 1:
            yield f"Amendment {record.number} is {record.status}, yet the text changes."
        return
    yield from _branch_faults(repository, commit, record)
    before = read_report(repository, commit.parents[0])
    yield from decision_faults(before, read_report(repository, commit.id), record.instructions)


def _rules_faults(repository: Repository, commit: Commit, record: Amendment) -> Iterator[str]:
    """The rules that a vote was counted by were in force at some time before it."""
    count = record.decision.count if record.decision else None
    if count is None:
        return
    seen: set[str | None] = set()
    for earlier in repository.commits(commit.parents[0]):
        entry = repository.find(earlier.id, names.SITE_CONFIGURATION)
        blob = None if entry is None else entry.blob_id
        if blob not in seen:
            seen.add(blob)
            if _identity_at(repository, earlier.id) == count.rules.identity:
                return
    yield f"Amendment {record.number} was counted by rules that were never in force."


def _identity_at(repository: Repository, commit: str) -> str | None:
    try:
        return read_rules(config_at(repository, commit)).identity
    except BadInput:
        return None  # a finding of its own, at the commit that brought it


def _branch_faults(repository: Repository, commit: Commit, record: Amendment) -> Iterator[str]:
    """What an acceptance joins to main is the amendment that its record names."""
    number = record.number
    if len(commit.parents) != 2:
        joined = "without its branch" if len(commit.parents) < 2 else "with more than its branch"
        yield f"Amendment {number} is accepted {joined}."
        return
    branch = commit.parents[1]
    try:
        opened = record_at(repository, branch, number)
        begins = repository.contains(branch, opened.base_commit) and repository.contains(
            commit.parents[0], opened.base_commit
        )
    except DrafterError:
        yield f"What it joins to main is not the branch of amendment {number}."
        return
    if not begins or (opened.base_commit, opened.submitter) != (
        record.base_commit,
        record.submitter,
    ):
        yield f"What it joins to main is another amendment {number} than its record names."

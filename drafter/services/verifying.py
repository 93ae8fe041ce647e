"""Verifying a report: whatever its record claims, checked against what is there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drafter.core.amendments import read_record
from drafter.core.assemblies import read_assembly, resolve_origin
from drafter.core.clauses import duplicate_ids
from drafter.core.errors import DrafterError
from drafter.core.rules import is_final
from drafter.people.amendments import amendments
from drafter.people.database import Database
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.people.moderation_log import count_acts, first_break
from drafter.services.findings import Finding, guarded, short
from drafter.services.progress import Progress
from drafter.services.rebuilding import is_tombstone
from drafter.services.seeing import Seen, seen_findings
from drafter.services.signing import signature_findings, unsigned
from drafter.services.verifying_branches import branch_findings
from drafter.services.verifying_commits import commit_findings
from drafter.services.verifying_ids import id_findings
from drafter.services.verifying_records import combining_findings, motion_findings
from drafter.services.verifying_versions import built_folders, folder_findings, version_findings
from drafter.store import names
from drafter.store.history import tree_sha256, versions
from drafter.store.maintenance import is_pruning
from drafter.store.objects import Commit
from drafter.store.reports import read_amendment_records, read_assemblies, read_report
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and what was not looked at."""

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    """What was checked, a sentence each with its figures."""
    not_checked: tuple[str, ...]
    """What was not checked and why, a sentence each."""

    @property
    def sound(self) -> bool:
        return not self.findings


def verify(
    repository: Repository,
    database: Database | None = None,
    public: Path | None = None,
    *,
    tip: str | None = None,
    since: str | None = None,
    begun: bool = False,
    seen: Seen | None = None,
    signers: str | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a report, from `since` (a commit) or from its first commit on; writes nothing.

    `begun`: the next version may be recorded and not tagged yet. `seen`: where the report stood
    when it was verified last. `signers`: who may have signed versions, a list in ssh's form. What
    cannot be read is a finding, not an error.
    """
    last = tip or repository.resolve(names.MAIN)
    findings: list[Finding] = []
    line = _line(repository, last, findings)
    since_then = list(itertools.takewhile(lambda commit: commit.id != since, line))
    for done, commit in enumerate(since_then, 1):
        findings += guarded(short(commit.id), commit_findings(repository, commit))
        if progress is not None:
            progress(done, len(since_then), "Checking every change of the text")
    findings += guarded("the ids", id_findings(repository, line))
    findings += guarded("the text", _text_findings(repository, last))
    records = guarded("the records", _record_findings(repository, last))
    findings += [finding for finding in records if finding not in findings]
    findings += guarded("the versions", version_findings(repository, line, begun=begun))
    ids = frozenset(commit.id for commit in line)
    branches = branch_findings(repository, last, ids, complete=repository.writable)
    findings += guarded("the branches", branches)
    if seen is not None:
        findings += guarded("what was seen", seen_findings(repository, last, seen))
    if signers is not None:
        findings += guarded("the signatures", signature_findings(repository, signers))
    checked = [f"{_counted(len(since_then), 'change')} on main: of a permitted kind, within it."]
    checked += _counts(repository, last)
    checked += _remembered(repository, seen, signers)
    not_checked = [*_not_checked(repository, database, public)]
    if signers is None:
        not_checked.append("Who signed the versions: no list of signers is at hand.")
    if database is not None:
        findings += guarded("the database", _database_findings(repository, database, last))
        checked.append("The database's decisions and amendments, against git.")
        findings += guarded("the log of moderation", _log_findings(database))
        with database.reading() as session:
            checked.append(
                f"{count_acts(session)} acts of moderation, each against the one before."
            )
    if is_pruning(repository):
        sentence = "An amendment's wording was to be removed for good, and is still there."
        findings.append(Finding("the repository", f"{sentence} Start the server, or redact again."))
    if public is not None:
        findings += guarded("the pages", folder_findings(repository, public))
        built = _counted(len(built_folders(public)), "version")
        checked.append(f"The published pages of {built}, against manifests and tags.")
    return Verification(tuple(findings), tuple(checked), tuple(not_checked))


def _line(repository: Repository, tip: str, findings: list[Finding]) -> list[Commit]:
    """Read main's first-parent line, newest first; where it breaks off is a finding."""
    line: list[Commit] = []
    try:
        line.extend(repository.commits(tip))
    except DrafterError as error:
        where = short(line[-1].id) if line else "main"
        findings.append(Finding(where, f"The history breaks off here: {error.sentence}"))
    return line


def _counts(repository: Repository, tip: str) -> Iterator[str]:
    try:
        records, tags = read_amendment_records(repository, tip), repository.tags()
    except DrafterError:
        return  # a finding of its own
    yield "Every clause id is one clause's, and every origin names a proposal."
    yield f"{_counted(len(records), 'record')} of amendments, against their own counts and hashes."
    yield f"{_counted(len(tags), 'version')}: each tag against the files of its tree."


def _remembered(repository: Repository, seen: Seen | None, signers: str | None) -> Iterator[str]:
    if seen is not None:
        yield f"The history contains {short(seen.main)}, and every version that was seen before."
    if signers is not None:
        yield "The signature of each version, from the first that is signed."
        if early := ", ".join(unsigned(repository)):
            yield f"Not signed, because published before there was a key: {early}."


def _not_checked(
    repository: Repository, database: Database | None, public: Path | None
) -> Iterator[str]:
    if database is None:
        yield "The database: none is at hand, so ballots and comments were not seen."
    if public is None:
        yield "The published pages: no folder of them is at hand."
    else:
        yield "The pages around the versions, which each publication renews: latest, clauses, list."
        if lacking := _unbuilt(repository, public):
            yield f"The pages of {', '.join(lacking)}: they have not been built here."
    if not repository.writable:
        yield "Amendments whose branches this checkout lacks; a clone made with --mirror has them."


def _unbuilt(repository: Repository, public: Path) -> list[str]:
    """List the versions that have no pages though they were not imported."""
    built = {folder.name for folder in built_folders(public)}
    try:
        return [v.name for v in versions(repository) if not v.imported and v.name not in built]
    except DrafterError:
        return []  # a finding of its own


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _text_findings(repository: Repository, tip: str) -> Iterator[Finding]:
    tree_sha256(repository, tip)  # every file is there and can be read
    report = read_report(repository, tip)
    for chapter, clause in duplicate_ids(report.chapters):
        where = f"{chapter.path}, line {clause.line}"
        yield Finding(where, f"The id {clause.id} is used a second time.")
    assemblies = {
        assembly.id: assembly
        for assembly in (read_assembly(*each) for each in read_assemblies(repository, tip))
    }
    for place in report.places():
        for origin in place.clause.origin:
            if resolve_origin(origin, assemblies) is None:
                where = f"{place.chapter.path}, line {place.clause.line}"
                yield Finding(where, f"The origin {origin} names no proposal of an assembly.")


def _record_findings(repository: Repository, tip: str) -> Iterator[Finding]:
    for number, text in read_amendment_records(repository, tip):
        path = names.amendment_path(number)
        yield from guarded(path, _one_record(number, text, path))
    yield from motion_findings(repository, tip)


def _one_record(number: int, text: str, path: str) -> Iterator[Finding]:
    record = read_record(text, path)
    if record.removed is not None:
        yield Finding(path, "A tombstone stands on an amendment's branch, and never on main.")
    if record.number != number or not is_final(record.status):
        yield Finding(path, "It is not the record of a decided amendment of its number.")
    for sentence in record.findings():
        yield Finding(path, sentence)


def _database_findings(repository: Repository, database: Database, tip: str) -> Iterator[Finding]:
    with database.reading() as session:
        left, applied = unapplied_decisions(session), applied_decisions(session)
        views = {view.number: view for view in amendments(session)}
    for row in left:
        yield Finding(f"amendment {row.amendment}", "Its decision was begun and not finished.")
    records = {
        number: read_record(text, names.amendment_path(number))
        for number, text in read_amendment_records(repository, tip)
    }
    for row in applied:
        record = records.pop(row.amendment, None)
        where = f"amendment {row.amendment}"
        if record is None or not repository.contains(tip, row.new_commit):
            yield Finding(where, "The database holds a decision that git does not.")
        elif record.status != row.outcome:
            yield Finding(where, f"It is {record.status} in git, {row.outcome} in the database.")
        elif views[row.amendment].state != row.outcome:
            yield Finding(where, "The database shows another state than its own decision.")
    for number in records:
        yield Finding(f"amendment {number}", "Git holds a decision that the database does not.")
    yield from combining_findings(repository, tip, views)
    yield from _branch_rows(repository, {view.number: view.branch_tip for view in views.values()})


def _log_findings(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        broken = first_break(session)
    if broken is not None:
        yield Finding("the log of moderation", broken.sentence)


def _branch_rows(repository: Repository, tips: dict[int, str | None]) -> Iterator[Finding]:
    branches = {names.amendment_number(name): tip for name, tip in repository.branches()}
    for number, tip in branches.items():
        if number is None or tips.get(number) == tip:
            continue
        if tips.get(number) is not None or not is_tombstone(repository, tip):
            yield Finding(f"amendment {number}", "The database knows other words of it than git.")
    for number, known in tips.items():
        if known is not None and number not in branches:
            yield Finding(f"amendment {number}", "Its branch is missing.")

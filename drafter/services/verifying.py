"""Verifying a report: whatever its record claims, checked against what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drafter.core.amendments import Amendment, read_record
from drafter.core.assemblies import read_assembly, resolve_origin
from drafter.core.clauses import duplicate_ids
from drafter.core.errors import DrafterError
from drafter.core.rules import is_final, read_rules
from drafter.people.amendments import amendments
from drafter.people.database import Database
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.people.moderation_log import count_acts, first_break
from drafter.publish import manifest
from drafter.services.instance import config_at
from drafter.services.permitted import decision_faults, edit_faults, path_faults
from drafter.services.progress import Progress
from drafter.services.proposals import record_at
from drafter.store import names
from drafter.store.history import Change, changed_paths, read_version, tree_sha256, walk_changes
from drafter.store.objects import Commit
from drafter.store.reports import read_amendment_records, read_assemblies, read_report
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    where: str
    """The commit, record, version, clause or file, as people name it."""
    sentence: str


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
    progress: Progress | None = None,
) -> Verification:
    """Verify a report, from `since` (a commit) or from its first commit on; writes nothing.

    What cannot be read is a finding, not an error.
    """
    last = tip or repository.resolve(names.MAIN)
    findings: list[Finding] = []
    checked: list[str] = []
    line = [commit.id for commit in repository.commits(last, since)]
    for done, (commit, changes) in enumerate(walk_changes(repository, last, since), 1):
        findings += _guarded(_short(commit.id), _commit_findings(repository, commit, changes))
        if progress is not None:
            progress(done, len(line), "Checking every change of the text")
    checked.append(f"{len(line)} changes on main: each of a permitted kind, within its limits.")
    findings += _guarded("the text", _text_findings(repository, last))
    checked.append("Every clause id is used once, and every origin names a proposal.")
    findings += _guarded("the records", _record_findings(repository, last))
    records = len(read_amendment_records(repository, last))
    checked.append(f"{records} records of amendments, against their own counts and hashes.")
    tags = repository.tags()
    for tag in tags:
        findings += _guarded(tag, _version_findings(repository, last, tag))
    checked.append(f"{len(tags)} versions: each tag against the files of its tree.")
    findings += _guarded("the branches", _branch_findings(repository))
    not_checked: list[str] = []
    if database is None:
        not_checked.append("The database: none is at hand, so ballots and comments were not seen.")
    else:
        findings += _guarded("the database", _database_findings(repository, database, last))
        checked.append("The database's decisions and amendments, against git.")
        findings += _guarded("the log of moderation", _log_findings(database))
        with database.reading() as session:
            checked.append(
                f"{count_acts(session)} acts of moderation, each against the one before."
            )
    if public is None:
        not_checked.append("The published pages: no folder of them is at hand.")
    else:
        findings += _folder_findings(repository, public)
        checked.append("The published pages, against their manifests.")
    return Verification(tuple(findings), tuple(checked), tuple(not_checked))


def _guarded(where: str, found: Iterator[Finding]) -> list[Finding]:
    """Collect findings; what cannot be read ends the row with a finding of its own."""
    findings: list[Finding] = []
    try:
        findings.extend(found)
    except DrafterError as error:
        findings.append(Finding(where, error.sentence))
    return findings


def _short(commit: str) -> str:
    return f"commit {commit[:10]}"


def _commit_findings(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[Finding]:
    where = _short(commit.id)
    if commit.kind is None:
        yield Finding(where, "It does not say of what kind it is.")
        return
    for change in changes:
        if not change.regular:
            yield Finding(where, f"{change.path} is no ordinary file.")
    for fault in path_faults(commit.kind, (change.path for change in changes)):
        yield Finding(where, fault)
    for fault in _kind_faults(repository, commit, changes):
        yield Finding(where, fault)


def _kind_faults(
    repository: Repository, commit: Commit, changes: tuple[Change, ...]
) -> Iterator[str]:
    parents = len(commit.parents)
    if (commit.kind == "first") != (parents == 0):
        yield "A first commit begins the record, and nothing else does."
    if commit.kind == "first":
        return
    if commit.kind == "decision":
        yield from _decision_faults(repository, commit, changes)
        return
    if parents != 1:
        yield "Only an accepted amendment is joined to main; this joins something else."
    if commit.kind == "import" and read_amendment_records(repository, commit.parents[0]):
        yield "It imports a text after the panel had decided on it."
    if commit.kind == "edit":
        before = read_report(repository, commit.parents[0])
        rules = read_rules(config_at(repository, commit.parents[0]))
        yield from edit_faults(before, read_report(repository, commit.id), rules)


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
    yield from record.findings()
    if record.status != "accepted":
        if len(commit.parents) != 1 or len(changes) > 1:
            yield f"Amendment {record.number} is {record.status}, yet the text changes."
        return
    if len(commit.parents) != 2:
        yield f"Amendment {record.number} is accepted without its branch."
    before = read_report(repository, commit.parents[0])
    yield from decision_faults(before, read_report(repository, commit.id), record.instructions)


def _text_findings(repository: Repository, tip: str) -> Iterator[Finding]:
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
        record = read_record(text, path)
        if record.number != number or not is_final(record.status):
            yield Finding(path, "It is not the record of a decided amendment of its number.")
        for sentence in record.findings():
            yield Finding(path, sentence)
    yield from _motion_findings(repository, tip)


def _motion_findings(repository: Repository, tip: str) -> Iterator[Finding]:
    """Check motions to reconsider: each names a decision, and opens one amendment if carried."""
    records = {n: read_record(text) for n, text in read_amendment_records(repository, tip)}
    opened: set[int] = set()
    for number, record in records.items():
        path = names.amendment_path(number)
        old = records.get(record.instructions[0].amendment or record.number)
        if old is None or (old is not record and old.status not in ("accepted", "rejected")):
            yield Finding(path, "It reconsiders what was not decided by a vote.")
        if record.by_motion is None:
            continue
        motion = records.get(record.by_motion)
        asked = motion.instructions[0].amendment if motion else None
        if motion is None or motion.status != "accepted" or asked != record.reconsiders:
            yield Finding(path, f"Motion {record.by_motion} did not open it again.")
        if record.by_motion in opened:
            yield Finding(path, f"Motion {record.by_motion} opened another amendment already.")
        opened.add(record.by_motion)


def _version_findings(repository: Repository, tip: str, tag: str) -> Iterator[Finding]:
    version = read_version(repository, tag)
    if tree_sha256(repository, version.commit) != version.tree_sha256:
        yield Finding(tag, "Its tag does not match the files that it names.")
    if not repository.contains(tip, version.commit):
        yield Finding(tag, "Its text does not stand on main's line.")
    yield from _text_findings_of(repository, tag, version.commit)


def _text_findings_of(repository: Repository, tag: str, commit: str) -> Iterator[Finding]:
    for chapter, clause in duplicate_ids(read_report(repository, commit).chapters):
        yield Finding(f"{tag}, {chapter.path}", f"The id {clause.id} is used a second time.")


def _branch_findings(repository: Repository) -> Iterator[Finding]:
    for name, tip in repository.branches():
        number = names.amendment_number(name)
        if number is None:
            continue
        record = record_at(repository, tip, number)
        if record.number != number:
            yield Finding(name, f"It carries the record of amendment {record.number}.")
        for change in changed_paths(repository, record.base_commit, tip):
            own = change.path == names.amendment_path(number)
            if not own and not names.is_chapter(change.path):
                yield Finding(name, f"It changes {change.path}, which no amendment may.")


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
    for number, record in _all_records(repository, tip).items():
        for source in record.combines:
            if source not in views:
                yield Finding(f"amendment {number}", f"It combines {source}, which never was.")
    yield from _branch_rows(repository, {view.number: view.branch_tip for view in views.values()})


def _log_findings(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        broken = first_break(session)
    if broken is not None:
        yield Finding("the log of moderation", broken.sentence)


def _all_records(repository: Repository, tip: str) -> dict[int, Amendment]:
    """Read the record of every amendment: on main where it is decided, else on its branch."""
    found = {
        number: record_at(repository, branch_tip, number)
        for name, branch_tip in repository.branches()
        if (number := names.amendment_number(name))
    }
    return found | {
        number: read_record(text, names.amendment_path(number))
        for number, text in read_amendment_records(repository, tip)
    }


def _branch_rows(repository: Repository, tips: dict[int, str | None]) -> Iterator[Finding]:
    branches = {names.amendment_number(name): tip for name, tip in repository.branches()}
    for number, tip in branches.items():
        if number is not None and tips.get(number) != tip:
            yield Finding(f"amendment {number}", "The database knows other words of it than git.")
    for number, known in tips.items():
        if known is not None and number not in branches:
            yield Finding(f"amendment {number}", "Its branch is missing.")


def _folder_findings(repository: Repository, public: Path) -> Iterator[Finding]:
    folders = sorted(public.iterdir()) if public.is_dir() else []
    for folder in folders:
        if folder.is_dir() and names.version_number(folder.name) is not None:
            yield from _guarded(folder.name, _one_folder(repository, folder))


def _one_folder(repository: Repository, folder: Path) -> Iterator[Finding]:
    version = read_version(repository, folder.name)
    claimed = manifest.read_manifest(folder)
    if (claimed.version, claimed.commit) != (version.name, version.commit):
        yield Finding(folder.name, "Its pages were built from another version than its tag names.")
    if claimed.tree_sha256 != version.tree_sha256:
        yield Finding(folder.name, "Its manifest and its tag name different files.")
    for sentence in manifest.findings(folder):
        yield Finding(folder.name, sentence)

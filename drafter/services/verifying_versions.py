"""Verifying versions: each tag against its tree and main's line, each folder against its tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from drafter.core.clauses import duplicate_ids
from drafter.publish import manifest
from drafter.services.findings import Finding, guarded, short
from drafter.store import names
from drafter.store.history import read_version, tree_sha256
from drafter.store.objects import Commit
from drafter.store.reports import read_report
from drafter.store.repository import Repository


def version_findings(
    repository: Repository, line: Sequence[Commit], *, begun: bool = False
) -> Iterator[Finding]:
    """Verify every version's tag; `line` is main's first-parent line, newest first.

    `begun`: the next version may be recorded already and not be tagged, because its publication
    was cut off and is being finished.
    """
    recorded = _recorded(line)
    tags = repository.tags()
    for number, tag in enumerate(tags, 1):
        if tag != names.version_tag(number):
            yield Finding(tag, f"Versions are numbered without a gap, and v{number} is missing.")
            break
    for tag in tags:
        yield from guarded(tag, _one(repository, tag, recorded.get(tag)))
    next_one = names.version_tag(len(tags) + 1)
    for name, commit in recorded.items():
        if name not in tags and not (begun and name == next_one):
            sentence = f"It is recorded in {short(commit.id)} and has no tag; publish to finish it."
            yield Finding(name, sentence)


def _recorded(line: Sequence[Commit]) -> dict[str, Commit]:
    """Find the commit that records each version: the last one that names it."""
    found: dict[str, Commit] = {}
    for commit in line:
        name = commit.trailer("Version")
        if commit.kind in ("publication", "import") and name is not None:
            found.setdefault(name, commit)
    return dict(reversed(found.items()))


def _one(repository: Repository, tag: str, recorded: Commit | None) -> Iterator[Finding]:
    version = read_version(repository, tag)
    if tree_sha256(repository, version.commit) != version.tree_sha256:
        yield Finding(tag, "Its tag does not match the files that it names.")
    if recorded is None:
        yield Finding(tag, "No commit on main's line records it.")
    elif recorded.id != version.commit:
        yield Finding(tag, f"Its tag names another text than {short(recorded.id)} records.")
    elif version.imported != (recorded.kind == "import"):
        yield Finding(tag, "Its tag and main differ on whether it was imported.")
    for chapter, clause in duplicate_ids(read_report(repository, version.commit).chapters):
        yield Finding(f"{tag}, {chapter.path}", f"The id {clause.id} is used a second time.")


def folder_findings(repository: Repository, public: Path) -> Iterator[Finding]:
    """Verify every built version in the public folder against its manifest and its tag."""
    for folder in built_folders(public):
        yield from guarded(folder.name, _one_folder(repository, folder))


def built_folders(public: Path) -> list[Path]:
    """List the folders of versions in the public folder."""
    folders = sorted(public.iterdir()) if public.is_dir() else []
    return [each for each in folders if each.is_dir() and names.version_number(each.name)]


def _one_folder(repository: Repository, folder: Path) -> Iterator[Finding]:
    version = read_version(repository, folder.name)
    claimed = manifest.read_manifest(folder)
    if (claimed.version, claimed.commit) != (version.name, version.commit):
        yield Finding(folder.name, "Its pages were built from another version than its tag names.")
    if claimed.tree_sha256 != version.tree_sha256:
        yield Finding(folder.name, "Its manifest and its tag name different files.")
    if (claimed.title, claimed.date) != (version.title, version.time.isoformat()):
        yield Finding(folder.name, "Its manifest and its tag differ in title or date.")
    for sentence in manifest.findings(folder):
        yield Finding(folder.name, sentence)

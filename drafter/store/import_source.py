"""Reading somebody else's git history, to import its texts as versions. Writes nothing.

What is in that repository is untrusted: its configuration runs nothing, links and submodules are
passed over, and its words are data.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pygit2

from drafter.core.errors import BadInput, NotFound
from drafter.store.failures import reading
from drafter.store.history import walk_changes
from drafter.store.repository import Repository

_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+~^-]{0,199}")
_LONGEST_PATTERN = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The matching files of one commit."""

    commit: str
    time: datetime
    """The commit's, in UTC."""
    subject: str
    """The first line of its message, as written there: foreign words."""
    files: dict[str, bytes]
    """Path -> content, sorted by path; equal contents are one object in memory."""


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign repository, and the Markdown files in it that `pattern` matches.

    `pattern` is matched part by part: `*` and `?` within one name, `**` any number of folders.
    """

    repository: Repository
    pattern: str

    @classmethod
    def open(cls, path: Path, pattern: str) -> Source:
        """Open the repository at `path`. Raises NotFound, Unreadable, BadInput on a bad pattern."""
        if not pattern or len(pattern) > _LONGEST_PATTERN or pattern.count("**") > 4:
            raise BadInput(f"{pattern[:80]!r} is no pattern of paths; try 'folder/**'.")
        return cls(Repository.open(path), pattern)

    def commits(self, at: Sequence[str] = (), *, every_change: bool = False) -> tuple[str, ...]:
        """Choose commits of HEAD's first-parent line, oldest first.

        With `every_change` each one that changed a matching file; with `at` the revisions named;
        with neither the last one. Raises NotFound on a revision that is not there, BadInput on one
        of another form or beside that line.
        """
        if at and every_change:
            raise BadInput("Name revisions, or take every change: not both.")
        head = self._head()
        if every_change:
            return tuple(reversed([*self._changing(head)]))
        if not at:
            return (head,)
        wanted = {self._resolve(revision): revision for revision in at}
        line = [commit.id for commit in self.repository.commits(head)]
        beside = [revision for commit, revision in wanted.items() if commit not in set(line)]
        if beside:
            raise BadInput(f"{beside[0]} is not on the first-parent line of HEAD.")
        return tuple(commit for commit in reversed(line) if commit in wanted)

    def snapshot(self, commit: str) -> Snapshot:
        """Read the matching files of one commit; there may be none."""
        facts = self.repository.commit(commit)
        entries = (e for e in self.repository.list_tree(commit) if self.matches(e.path))
        files = {
            entry.path: self.repository.read_blob(entry.blob_id)
            for entry in entries
            if entry.is_file
        }
        return Snapshot(commit, facts.time, facts.message.strip("\n").split("\n")[0], files)

    def snapshots(
        self, at: Sequence[str] = (), *, every_change: bool = False
    ) -> Iterator[Snapshot]:
        """Read the commits that `commits` chooses, one after the other."""
        return map(self.snapshot, self.commits(at, every_change=every_change))

    def matches(self, path: str) -> bool:
        """Tell whether `path` is Markdown that the pattern matches."""
        return path.endswith(".md") and _matches(path.split("/"), self.pattern.split("/"))

    def _changing(self, head: str) -> Iterator[str]:
        for commit, changes in walk_changes(self.repository, head):
            if any(change.old != change.new and self.matches(change.path) for change in changes):
                yield commit.id

    def _head(self) -> str:
        try:
            return self.repository.resolve("HEAD")
        except NotFound as error:
            raise NotFound(
                "That repository has no text at HEAD. Check out the branch to import from."
            ) from error

    def _resolve(self, revision: str) -> str:
        if not _REVISION.fullmatch(revision):
            raise BadInput(f"{revision[:80]!r} is no revision; give a commit id or a tag.")
        with reading(f"The revision {revision}"):
            try:
                found = self.repository.git.revparse_single(revision)
            except KeyError as error:
                raise NotFound(f"There is no {revision} in that repository.") from error
            return str(found.peel(pygit2.Commit).id)


def _matches(parts: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[start:], pattern[1:]) for start in range(len(parts) + 1))
    return (
        bool(parts)
        and fnmatch.fnmatchcase(parts[0], pattern[0])
        and _matches(parts[1:], pattern[1:])
    )

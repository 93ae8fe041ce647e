"""The values that reading a repository gives: files, folders and commits, and a file's text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pygit2

from drafter.store import names
from drafter.store.messages import Kind, is_generated, read_kind, read_trailers

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a commit's tree."""

    path: str
    """From the top, with `/`; bytes that are no UTF-8 stand as surrogate escapes."""
    blob_id: str
    mode: int
    """git's mode, as an integer."""

    @property
    def regular(self) -> bool:
        """Mode 100644. A report holds nothing else: no link, no executable, no submodule."""
        return self.mode == names.FILE_MODE

    @property
    def is_file(self) -> bool:
        """A file with content of its own, executable or not; no link and no submodule."""
        return self.mode & 0o170000 == 0o100000


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in one folder."""

    name: str
    id: str
    mode: int

    @property
    def is_folder(self) -> bool:
        return self.mode == names.FOLDER_MODE


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as it stands in git."""

    id: str
    parents: tuple[str, ...]
    tree: str
    message: str
    time: datetime
    """The committer's, in UTC."""
    author: str
    """`Name <address>`; the report's own are all the same."""
    committer: str

    @property
    def kind(self) -> Kind | None:
        """The kind that its trailer names; None where it names none, or one not permitted."""
        return read_kind(self.message)

    @property
    def is_generated(self) -> bool:
        """Signed by the one identity that a report knows, with a message that nobody typed."""
        identity = f"{names.IDENTITY_NAME} <{names.IDENTITY_ADDRESS}>"
        return {self.author, self.committer} == {identity} and is_generated(self.message)

    def trailer(self, key: str) -> str | None:
        """The value of a trailer; None where it has none of this key."""
        return dict(read_trailers(self.message)).get(key)


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8, and any other byte as a surrogate escape, so none is lost."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of a text that `decode` has read: exactly those that were there."""
    return text.encode("utf-8", "surrogateescape")


def describe_commit(commit: pygit2.Commit) -> Commit:
    """Read git's commit into ours. Raises whatever pygit2 does on a malformed one."""
    return Commit(
        id=str(commit.id),
        parents=tuple(map(str, commit.parent_ids)),
        tree=str(commit.tree_id),
        message=decode(commit.raw_message),
        time=_EPOCH + timedelta(seconds=commit.commit_time),
        author=_write_identity(commit.author),
        committer=_write_identity(commit.committer),
    )


def _write_identity(signature: pygit2.Signature) -> str:
    return f"{decode(signature.raw_name)} <{decode(signature.raw_email)}>"

"""What changed, commit by commit and version by version: files by their ids, not their words.

Does not read chapters; whoever wants clauses compares the two reports.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pygit2

from drafter.core.errors import Corrupt, NotFound
from drafter.core.saying import say
from drafter.store import names
from drafter.store.failures import reading
from drafter.store.messages import TagMessage, read_tag_message
from drafter.store.objects import Commit, Entry, TreeEntry, decode, encode
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Change:
    """One file that two commits do not have in common."""

    path: str
    old: str | None
    """The blob's id before; None where the file is new."""
    new: str | None
    """The blob's id after; None where the file is gone."""
    regular: bool
    """What is there after has mode 100644, or nothing is there."""


@dataclass(frozen=True, slots=True)
class Version:
    """One published version: its tag and what the tag says."""

    name: str
    """`v3`."""
    number: int
    title: str
    tree_sha256: str
    """What the tag claims; `tree_sha256` computes it."""
    imported: bool
    commit: str
    time: datetime
    """The tag's, in UTC."""
    milestone: bool = False
    """Later versions stay compared with it, however many they become."""


def changed_paths(repository: Repository, old: str | None, new: str) -> tuple[Change, ...]:
    """Compare the trees of two commits, sorted by path; None stands for an empty tree.

    Folders with the same id are not opened, so the cost follows the size of the change. A file
    whose mode alone changed is a change too.
    """
    old_tree = None if old is None else repository.commit(old).tree
    changes = _compare(repository, old_tree, repository.commit(new).tree, "")
    return tuple(sorted(changes, key=lambda change: encode(change.path)))


def walk_changes(
    repository: Repository, tip: str, until: str | None = None
) -> Iterator[tuple[Commit, tuple[Change, ...]]]:
    """Walk the first-parent line from `tip`, newest first, with what each commit changed on it."""
    for commit in repository.commits(tip, until):
        parent = commit.parents[0] if commit.parents else None
        yield commit, changed_paths(repository, parent, commit.id)


def versions(repository: Repository) -> tuple[Version, ...]:
    """Return the published versions in the order of their numbers. Raises as `read_version`."""
    return tuple(read_version(repository, name) for name in repository.tags())


def read_version(repository: Repository, name: str) -> Version:
    """Read one version's tag.

    Raises NotFound where there is none, Unreadable where it cannot be read, and Corrupt where it
    is no annotated tag of the form that `write_tag_message` gives.
    """
    ref = names.ref_of(name)
    with reading(f"The tag {name}"):
        target = repository.git.references.get(ref)
        found = None if target is None else repository.git[target.target]
        facts = None if not isinstance(found, pygit2.Tag) else _describe(repository, name, found)
    if target is None:
        raise NotFound(say("There is no version {name} in this report.", name=name), name=name)
    if facts is None:
        raise Corrupt(
            say("The tag {name} does not say what a version's tag says.", name=name), name=name
        )
    return facts


def tag_object(repository: Repository, name: str) -> str:
    """Return the id of a version's tag itself, which changes with its title. Raises NotFound."""
    with reading(f"The tag {name}"):
        target = repository.git.references.get(names.ref_of(name))
    if target is None:
        raise NotFound(say("There is no version {name} in this report.", name=name), name=name)
    return str(target.target)


def signed_tag(repository: Repository, name: str) -> tuple[bytes, str | None]:
    """Return what a version's tag says, and the signature over it; None where it is not signed.

    Raises NotFound, Unreadable.
    """
    with reading(f"The tag {name}"):
        content = repository.git[tag_object(repository, name)].read_raw()
    at = content.find(b"\n-----BEGIN ")
    if at < 0:
        return content, None
    return content[: at + 1], decode(content[at + 1 :])


def tree_sha256(repository: Repository, commit: str) -> str:
    r"""Return the hash that a version's tag holds: of the list of every file of its tree.

    The list has one line a file, `<SHA-256 of the file, hex>  <path>\n`, sorted by the bytes of
    the path; it is what `sha256sum` prints in a checkout. Raises Corrupt on a tree that holds
    anything but ordinary files, or a path with a line feed.
    """
    digest = hashlib.sha256()
    for entry in repository.list_tree(commit):
        if not entry.regular or "\n" in entry.path:
            raise Corrupt(
                say("{path!r} in {commit} is no ordinary file.", path=entry.path, commit=commit),
                path=entry.path,
            )
        digest.update(f"{_digest(repository, entry)}  ".encode() + encode(entry.path) + b"\n")
    return digest.hexdigest()


def _digest(repository: Repository, entry: Entry) -> str:
    def compute() -> str:
        return hashlib.sha256(repository.read_blob(entry.blob_id)).hexdigest()

    return repository.digests.get(entry.blob_id, compute)


def _compare(
    repository: Repository, old: str | None, new: str | None, prefix: str
) -> Iterator[Change]:
    if old == new:
        return
    before, after = _by_name(repository, old), _by_name(repository, new)
    for name in before.keys() | after.keys():
        left, right = before.get(name), after.get(name)
        if left == right:
            continue
        path = prefix + name
        folders = [
            None if side is None or not side.is_folder else side.id for side in (left, right)
        ]
        yield from _compare(repository, folders[0], folders[1], f"{path}/")
        if (left is not None and not left.is_folder) or (right is not None and not right.is_folder):
            yield _change(path, left, right)


def _by_name(repository: Repository, tree: str | None) -> dict[str, TreeEntry]:
    return {} if tree is None else {entry.name: entry for entry in repository.folder_entries(tree)}


def _change(path: str, old: TreeEntry | None, new: TreeEntry | None) -> Change:
    before = None if old is None or old.is_folder else old.id
    after = None if new is None or new.is_folder else new
    return Change(
        path=path,
        old=before,
        new=None if after is None else after.id,
        regular=after is None or after.mode == names.FILE_MODE,
    )


def _describe(repository: Repository, name: str, tag: pygit2.Tag) -> Version | None:
    facts: TagMessage | None = read_tag_message(decode(tag.raw_message))
    number = names.version_number(name)
    if facts is None or facts.number != number or tag.name != name or tag.tagger is None:
        return None
    target = repository.git[tag.target]
    if not isinstance(target, pygit2.Commit):
        return None
    return Version(
        name=name,
        number=number,
        title=facts.title,
        tree_sha256=facts.tree_sha256,
        imported=facts.imported,
        commit=str(target.id),
        time=datetime.fromtimestamp(tag.tagger.time, UTC),
        milestone=facts.milestone,
    )

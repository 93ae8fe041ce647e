from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, datetime

import pygit2
import pytest

from drafter.core.errors import Corrupt, NotFound, Unreadable
from drafter.store.history import (
    changed_paths,
    read_version,
    tree_sha256,
    versions,
    walk_changes,
)
from drafter.store.messages import write_tag_message
from drafter.store.repository import Repository

TIME = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_exactly_the_changed_files_are_named(repository, commit) -> None:
    old = commit({"drafts/a.md": b"1", "drafts/x/b.md": b"1", "drafts/x/c.md": b"1"})
    new = commit({"drafts/a.md": b"2", "drafts/x/b.md": None, "drafts/y/b.md": b"1"})
    changes = changed_paths(repository, old, new)
    assert [(c.path, c.old is not None, c.new is not None) for c in changes] == [
        ("drafts/a.md", True, True),
        ("drafts/x/b.md", True, False),
        ("drafts/y/b.md", False, True),
    ]
    assert changes[1].old == changes[2].new
    assert all(change.regular for change in changes)
    assert changed_paths(repository, new, new) == ()
    assert [c.path for c in changed_paths(repository, None, old)] == [
        "drafts/a.md",
        "drafts/x/b.md",
        "drafts/x/c.md",
    ]


def test_a_file_that_became_a_folder_is_both_removed_and_added(repository, commit) -> None:
    old = commit({"site/a": b"1"})
    commit({"site/a": None})
    new = commit({"site/a/b": b"1"})
    changes = changed_paths(repository, old, new)
    assert [(c.path, c.old is None, c.new is None) for c in changes] == [
        ("site/a", False, True),
        ("site/a/b", True, False),
    ]


def test_a_change_of_mode_alone_is_a_change_and_not_regular(repository, commit) -> None:
    made = commit({"mkdocs.yml": b"a"})
    git = pygit2.Repository(str(repository.folder))
    builder = git.TreeBuilder(git[made].tree)
    builder.insert("mkdocs.yml", git.create_blob(b"a"), pygit2.enums.FileMode.BLOB_EXECUTABLE)
    signature = pygit2.Signature("a", "b", 0)
    forged = str(git.create_commit(None, signature, signature, "m", builder.write(), [made]))
    (change,) = changed_paths(repository, made, forged)
    assert change.old == change.new
    assert not change.regular


def test_unchanged_folders_are_not_opened(repository, commit, monkeypatch) -> None:
    old = commit({f"drafts/{n}/a.md": b"1" for n in range(50)})
    new = commit({"drafts/7/a.md": b"2"})
    opened: list[str] = []
    fresh = Repository.open(repository.folder)
    read = fresh.folder_entries
    monkeypatch.setattr(fresh, "folder_entries", lambda tree: opened.append(tree) or read(tree))
    assert len(changed_paths(fresh, old, new)) == 1
    assert len(opened) == 6


def test_the_line_of_main_is_walked_with_what_each_commit_changed(repository, commit) -> None:
    first = commit({"drafts/a.md": b"1"})
    second = commit({"drafts/b.md": b"1"})
    walked = [
        (made.id, [c.path for c in changes]) for made, changes in walk_changes(repository, second)
    ]
    assert walked == [(second, ["drafts/b.md"]), (first, ["drafts/a.md"])]


def test_the_hash_of_a_tree_is_what_a_sceptic_computes_in_a_checkout(
    repository, commit, tmp_path
) -> None:
    made = commit(
        {"drafts/tŷ.md": b"\r\n", "drafts/a.md": b"", "drafts/a/b.md": b"\0", "mkdocs.yml": b"x"}
    )
    subprocess.run(
        ["git", "-c", "core.autocrlf=false", "clone", "-q", repository.folder, tmp_path / "c"],
        check=True,
    )
    files = (path for path in (tmp_path / "c").rglob("*") if path.is_file())
    listed = sorted(
        (str(path.relative_to(tmp_path / "c")).encode(), path.read_bytes())
        for path in files
        if ".git" not in path.parts
    )
    lines = [
        hashlib.sha256(content).hexdigest().encode() + b"  " + path for path, content in listed
    ]
    assert len(lines) == 4
    assert tree_sha256(repository, made) == hashlib.sha256(b"\n".join(lines) + b"\n").hexdigest()


def test_the_hash_follows_names_and_contents(repository, commit) -> None:
    hashes = [
        tree_sha256(repository, commit(changes))
        for changes in (
            {"drafts/a.md": b"1", "drafts/b.md": b"2"},
            {"drafts/a.md": b"2", "drafts/b.md": b"1"},
            {"drafts/c.md": b"1", "drafts/b.md": None},
        )
    ]
    assert len(set(hashes)) == 3


def test_a_tree_with_anything_but_ordinary_files_has_no_hash(repository, commit) -> None:
    made = commit({"mkdocs.yml": b"a"})
    git = pygit2.Repository(str(repository.folder))
    for mode in (pygit2.enums.FileMode.LINK, pygit2.enums.FileMode.BLOB_EXECUTABLE):
        builder = git.TreeBuilder(git[made].tree)
        builder.insert("mkdocs.yml", git.create_blob(b"a"), mode)
        signature = pygit2.Signature("a", "b", 0)
        forged = str(git.create_commit(None, signature, signature, "m", builder.write(), [made]))
        with pytest.raises(Corrupt):
            tree_sha256(repository, forged)


def forge(repository: Repository, parent: str, name: bytes) -> str:
    """Commit a file under a name that pygit2 itself would refuse, by git's own plumbing."""
    blob = repository.list_tree(parent)[0].blob_id

    def run(*arguments: str, given: bytes = b"") -> str:
        environment = {
            f"GIT_{who}_{what}": "x"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ["git", "--git-dir", repository.folder, *arguments], input=given, check=True,
            capture_output=True, env=environment,
        )  # fmt: skip
        return done.stdout.decode().strip()

    tree = run("mktree", "-z", given=b"100644 blob " + blob.encode() + b"\t" + name + b"\0")
    return run("commit-tree", tree, "-m", "x")


def test_a_path_that_could_forge_a_line_of_the_list_is_corrupt(repository, commit) -> None:
    forged = forge(repository, commit({"drafts/a.md": b"1"}), b"a\n" + b"0" * 64 + b"  b")
    with pytest.raises(Corrupt):
        tree_sha256(repository, forged)


def test_a_path_that_is_no_utf_8_can_be_listed_and_compared(repository, commit) -> None:
    made = commit({"drafts/a.md": b"1"})
    forged = forge(repository, made, b"caf\xe9.md")
    assert [e.path for e in repository.list_tree(forged)] == ["caf\udce9.md"]
    assert [c.path for c in changed_paths(repository, made, forged)] == [
        "caf\udce9.md",
        "drafts/a.md",
    ]
    assert len(tree_sha256(repository, forged)) == 64


def publish(repository: Repository, commit_id: str, number: int, *, imported: bool = False) -> None:
    message = write_tag_message(
        number, f"Draft {number}", tree_sha256(repository, commit_id), imported=imported
    )
    with repository.writing() as writer:
        writer.create_tag(number, commit_id, message, TIME)


def test_versions_are_read_in_the_order_of_their_numbers(repository, commit) -> None:
    made = {number: commit({"drafts/a.md": str(number).encode()}) for number in (1, 2, 10)}
    for number in (10, 1, 2):
        publish(repository, made[number], number, imported=number == 1)
    read = versions(repository)
    assert [version.name for version in read] == ["v1", "v2", "v10"]
    assert [version.commit for version in read] == list(made.values())
    assert [version.imported for version in read] == [True, False, False]
    assert read[1].title == "Draft 2"
    assert read[1].time == TIME
    assert read[1].tree_sha256 == tree_sha256(repository, made[2])


def test_a_version_that_is_not_there_is_not_found(repository, commit) -> None:
    commit({"drafts/a.md": b"1"})
    assert versions(repository) == ()
    with pytest.raises(NotFound):
        read_version(repository, "v1")


@pytest.mark.parametrize("forgery", ["light", "words", "number", "file"])
def test_a_forged_version_is_corrupt_and_never_left_out(repository, commit, forgery: str) -> None:
    made = commit({"drafts/a.md": b"1"})
    publish(repository, made, 1)
    git = pygit2.Repository(str(repository.folder))
    signature, kind = pygit2.Signature("a", "b", 0), pygit2.enums.ObjectType
    match forgery:
        case "light":
            git.references.create("refs/tags/v2", made)
        case "words":
            git.create_tag("v2", made, kind.COMMIT, signature, "Version 2\n")
        case "number":
            message = write_tag_message(3, "T", "0" * 64)
            git.create_tag("v2", made, kind.COMMIT, signature, message)
        case "file":
            message = write_tag_message(2, "T", "0" * 64)
            git.create_tag("v2", git.create_blob(b"x"), kind.BLOB, signature, message)
    with pytest.raises(Corrupt):
        versions(repository)


def test_a_version_whose_tag_is_broken_is_unreadable(repository, commit) -> None:
    publish(repository, commit({"drafts/a.md": b"1"}), 1)
    (repository.folder / "refs/tags/v1").write_text("junk\n")
    for ask in (versions, Repository.tags, Repository.branches, Repository.refs):
        with pytest.raises(Unreadable):
            ask(Repository.open(repository.folder))

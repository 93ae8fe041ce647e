from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pygit2
import pytest

from drafter.core.errors import BadInput, Busy, Conflict, NotFound, Refused, Unreadable
from drafter.store.messages import write_message, write_tag_message
from drafter.store.repository import Repository

START = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
EDIT = write_message("edit", "Edit")


def git_id(kind: str, content: bytes) -> hashlib._Hash:
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content)


def test_a_commit_has_the_bytes_that_the_format_says_and_so_the_same_id_everywhere(
    repository,
) -> None:
    with repository.writing() as writer:
        made = writer.write_commit({"drafts/a.md": b"a"}, None, (), EDIT, START)
    folder = git_id("tree", b"100644 a.md\0" + git_id("blob", b"a").digest()).digest()
    tree = git_id("tree", b"40000 drafts\0" + folder).hexdigest()
    signed = f"Drafter <drafter@localhost> {int(START.timestamp())} +0000"
    text = f"tree {tree}\nauthor {signed}\ncommitter {signed}\n\nEdit\n\nKind: edit\n"
    assert made == git_id("commit", text.encode()).hexdigest()


def test_a_written_commit_moves_no_ref(repository) -> None:
    with repository.writing() as writer:
        writer.write_commit({"drafts/a.md": b"a"}, None, (), EDIT, START)
    assert repository.refs() == ()


def test_only_what_is_named_changes(repository, commit) -> None:
    first = commit({"drafts/a.md": b"a", "drafts/x/b.md": b"b", "mkdocs.yml": b"c"})
    second = commit({"drafts/x/b.md": None, "drafts/y/d.md": b"d"})
    assert [entry.path for entry in repository.list_tree(second)] == [
        "drafts/a.md",
        "drafts/y/d.md",
        "mkdocs.yml",
    ]
    assert repository.find(first, "mkdocs.yml") == repository.find(second, "mkdocs.yml")
    empty = commit({"drafts/a.md": None, "drafts/y/d.md": None, "mkdocs.yml": None})
    assert repository.list_tree(empty) == ()


def test_a_commit_may_stand_on_another_tree_than_its_first_parents(repository, commit) -> None:
    main = commit({"drafts/a.md": b"a"})
    branch = commit({"drafts/b.md": b"b"}, "amendments/0001")
    with repository.writing() as writer:
        merged = writer.write_commit({"drafts/c.md": b"c"}, branch, (main, branch), EDIT, START)
    assert repository.commit(merged).parents == (main, branch)
    assert [e.path for e in repository.list_tree(merged)] == ["drafts/b.md", "drafts/c.md"]


@pytest.mark.parametrize(
    "changes",
    [{"../x.md": b""}, {"README.md": b""}, {"drafts/a.md/b.md": b""}, {"drafts/x.md": None},
     {"drafts/a.md": b"", "drafts/a.md/b.md": b""}, {"drafts/a.md/b.md": b"", "drafts/a.md": b""}],
    ids=str,
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_refused(repository, commit, changes) -> None:
    tip = commit({"drafts/a.md": b"a"})
    with repository.writing() as writer, pytest.raises((BadInput, NotFound)):
        writer.write_commit(changes, tip, (tip,), EDIT, START)


def test_a_folder_is_never_overwritten_by_a_file(repository, commit) -> None:
    tip = commit({"site/a/b.css": b"a"})
    with repository.writing() as writer, pytest.raises(BadInput):
        writer.write_commit({"site/a": b""}, tip, (tip,), EDIT, START)


def test_a_file_beyond_the_limit_is_refused(repository, monkeypatch) -> None:
    monkeypatch.setattr("drafter.store.writer.LARGEST_FILE", 10)
    with repository.writing() as writer:
        writer.write_commit({"drafts/a.md": b"x" * 10}, None, (), EDIT, START)
        with pytest.raises(BadInput):
            writer.write_commit({"drafts/a.md": b"x" * 11}, None, (), EDIT, START)


@pytest.mark.parametrize("message", ["", "Edit\n", "Edit\n\nKind: vote\n", "E\0\n\nKind: edit\n"])
def test_a_commit_without_a_kind_is_refused(repository, message: str) -> None:
    with repository.writing() as writer, pytest.raises(BadInput):
        writer.write_commit({}, None, (), message, START)


@pytest.mark.parametrize(
    "time",
    [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))),
     datetime(1969, 1, 1, tzinfo=UTC)],
)  # fmt: skip
def test_a_time_that_is_not_utc_is_refused(repository, time: datetime) -> None:
    with repository.writing() as writer, pytest.raises(BadInput):
        writer.write_commit({}, None, (), EDIT, time)


def test_a_parent_or_base_that_is_not_there_is_refused(repository) -> None:
    with repository.writing() as writer:
        for base, parents in (("1" * 40, ()), (None, ("1" * 40,))):
            with pytest.raises(NotFound):
                writer.write_commit({"drafts/a.md": b""}, base, parents, EDIT, START)


def write_sibling(repository: Repository, tip: str | None, text: bytes) -> str:
    with repository.writing() as writer:
        parents = () if tip is None else (tip,)
        return writer.write_commit({"drafts/a.md": text}, tip, parents, EDIT, START)


def test_a_ref_that_moved_meanwhile_is_a_conflict_and_stays(repository, commit) -> None:
    old = commit({"drafts/a.md": b"1"})
    mine = write_sibling(repository, old, b"mine")
    theirs = commit({"drafts/a.md": b"2"})
    with repository.writing() as writer:
        for expected in (old, None, mine, "0" * 40, ""):
            with pytest.raises(Conflict):
                writer.move_ref("main", expected, mine)
        with pytest.raises(Conflict):
            writer.move_ref("amendments/0001", old, mine)
    assert repository.tip("main") == theirs
    assert repository.tip("amendments/0001") is None


def test_a_ref_moved_by_another_git_between_reading_and_writing_is_a_conflict(
    repository, commit, monkeypatch
) -> None:
    """The compare-and-swap is git's own: it holds even against a program without our lock."""
    old = commit({"drafts/a.md": b"1"})
    mine, theirs = (
        write_sibling(repository, old, b"mine"),
        write_sibling(repository, old, b"theirs"),
    )
    contains = repository.contains

    def moved_meanwhile(tip: str, ancestor: str) -> bool:
        git = pygit2.Repository(str(repository.folder))
        git.references.create("refs/heads/main", theirs, force=True)
        return contains(tip, ancestor)

    monkeypatch.setattr(repository, "contains", moved_meanwhile)
    with repository.writing() as writer, pytest.raises(Conflict):
        writer.move_ref("main", old, mine)
    assert repository.tip("main") == theirs


def test_a_branch_only_moves_forward(repository, commit) -> None:
    first = commit({"drafts/a.md": b"1"})
    second = commit({"drafts/a.md": b"2"})
    sibling = write_sibling(repository, first, b"3")
    with repository.writing() as writer:
        for target in (first, sibling):
            with pytest.raises(Refused):
                writer.move_ref("main", second, target)
        with pytest.raises(NotFound):
            writer.move_ref("main", second, "1" * 40)
        writer.move_ref("main", second, second)
    assert repository.tip("main") == second


def test_a_packed_ref_is_compared_and_moved_like_any_other(repository, commit) -> None:
    from drafter.store.maintenance import tidy

    old = commit({"drafts/a.md": b"1"})
    tidy(repository)
    assert not (repository.folder / "refs/heads/main").exists()
    with repository.writing() as writer, pytest.raises(Conflict):
        writer.move_ref("main", None, old)
    assert commit({"drafts/a.md": b"2"}) == repository.tip("main")


@pytest.mark.parametrize("branch", ["v1", "master", "-f", "refs/heads/main", "amendments/1"])
def test_no_other_branch_is_made(repository, commit, branch: str) -> None:
    tip = commit({"drafts/a.md": b"1"})
    with repository.writing() as writer, pytest.raises(BadInput):
        writer.move_ref(branch, None, tip)


def test_an_alias_of_a_branch_is_refused(repository, commit) -> None:
    tip = commit({"drafts/a.md": b"1"})
    (repository.folder / "refs/heads/amendments").mkdir()
    (repository.folder / "refs/heads/amendments/0001").write_text("ref: refs/heads/main\n")
    with repository.writing() as writer, pytest.raises(Refused):
        writer.move_ref("amendments/0001", tip, tip)


def test_a_broken_ref_is_not_moved(repository, commit) -> None:
    tip = commit({"drafts/a.md": b"1"})
    (repository.folder / "refs/heads/main").write_text("garbage\n")
    with repository.writing() as writer, pytest.raises(Unreadable):
        writer.move_ref("main", tip, tip)


def test_a_version_is_tagged_once_and_never_again(repository, commit) -> None:
    first, second = commit({"drafts/a.md": b"1"}), commit({"drafts/a.md": b"2"})
    message = write_tag_message(1, "First draft", "0" * 64)
    with repository.writing() as writer:
        assert writer.create_tag(1, first, message, START) == "v1"
        with pytest.raises(Conflict):
            writer.create_tag(1, second, message, START)
        with pytest.raises(BadInput):
            writer.create_tag(2, second, message, START)
        with pytest.raises(NotFound):
            writer.create_tag(2, "1" * 40, write_tag_message(2, "T", "0" * 64), START)
    assert repository.tip("v1") == repository.resolve("v1") == first
    assert repository.tags() == ("v1",)


def test_a_ref_that_a_foreign_git_holds_is_busy(repository, commit) -> None:
    tip = commit({"drafts/a.md": b"1"})
    new = write_sibling(repository, tip, b"2")
    with repository.writing() as writer:
        lock = repository.folder / "refs/heads/main.lock"
        lock.touch()
        with pytest.raises(Busy):
            writer.move_ref("main", tip, new)
        lock.unlink()
        writer.move_ref("main", tip, new)
    assert repository.tip("main") == new


def test_a_disk_that_refuses_is_an_os_error_and_nothing_moves(repository, commit) -> None:
    tip = commit({"drafts/a.md": b"1"})
    objects = repository.folder / "objects"
    with repository.writing() as writer:
        objects.rename(objects.with_name("away"))
        objects.write_text("")
        with pytest.raises(OSError, match="could not be saved"):
            writer.write_commit({"drafts/b.md": b"new"}, None, (), EDIT, START)
        objects.unlink()
        objects.with_name("away").rename(objects)
    assert repository.tip("main") == tip


def test_two_names_that_are_one_on_some_computers_are_refused(repository, commit) -> None:
    first = commit({"drafts/tŷ.md": b"a", "drafts/x/b.md": b"b"})
    for changes in (
        {"drafts/TŶ.md": b"c"},
        {"drafts/X/c.md": b"c"},
        {"site/a": b"", "site/A": b""},
    ):
        with repository.writing() as writer, pytest.raises(BadInput, match="one name"):
            writer.write_commit(changes, first, (first,), EDIT, START)
    with repository.writing() as writer:
        renamed = {"drafts/tŷ.md": None, "drafts/Tŷ.md": b"a"}
        assert writer.write_commit(renamed, first, (first,), EDIT, START)

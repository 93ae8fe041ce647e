"""Objects written by ourselves: git's own forms, whole at their place or not there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest

from drafter.store import loose
from drafter.store.loose import ASIDE, clear_aside, new_object, write_objects
from drafter.store.maintenance import check_objects
from drafter.store.messages import write_message
from drafter.store.repository import Repository

START = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
EDIT = write_message("edit", "Edit")

DIE = """
import os, pathlib, sys
from datetime import UTC, datetime
from drafter.store import journal, loose
from drafter.store.messages import write_message
from drafter.store.repository import Repository

journal.LARGEST = 0
setattr(loose, sys.argv[2], lambda *arguments: os._exit(7))
repository, tip = Repository.open(pathlib.Path(sys.argv[1])), sys.argv[3]
with repository.writing() as writer:
    time = datetime(2026, 1, 11, tzinfo=UTC)
    writer.write_commit({"drafts/b.md": b"b"}, tip, (tip,), write_message("edit", "Edit"), time)
"""

WRITE = """
import pathlib, sys
from datetime import UTC, datetime
from drafter.store.messages import write_message
from drafter.store.repository import Repository

repository = Repository.open(pathlib.Path(sys.argv[1]))
for number in range(20):
    with repository.writing() as writer:
        tip = repository.tip("main")
        text = {f"drafts/{sys.argv[2]}-{number}.md": b"the same"}
        time = datetime(2026, 1, 11, tzinfo=UTC)
        new = writer.write_commit(text, tip, (tip,), write_message("edit", "Edit"), time)
        writer.move_ref("main", tip, new)
"""


@pytest.fixture
def disk() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def left_aside(repository: Repository) -> list[str]:
    return os.listdir(repository.folder / "objects" / ASIDE)


def test_git_makes_the_same_objects(repository, commit) -> None:
    files = {
        "drafts/a.md": "Tŷ\r\n".encode(),
        "drafts/a/b.md": b"\xff\0",
        "drafts/a-c.md": b"",
        "drafts/a0/b.md": b"x" * 100_000,
    }
    tip = commit(files)
    git = pygit2.Repository(str(repository.folder))
    builder = git.TreeBuilder()
    inner = {name: git.TreeBuilder() for name in ("a", "a0")}
    for path, content in files.items():
        *folders, name = path.split("/")[1:]
        into = inner[folders[0]] if folders else builder
        into.insert(name, git.create_blob(content), pygit2.enums.FileMode.BLOB)
    for name, folder in inner.items():
        builder.insert(name, folder.write(), pygit2.enums.FileMode.TREE)
    assert str(builder.write()) == repository.tree_id(tip, "drafts")
    assert check_objects(repository) == ()


def test_what_is_remembered_of_a_commit_is_what_is_read(repository, commit) -> None:
    commit({"drafts/a.md": b"a", "drafts/x/b.md": b"b"})
    tip = commit({"drafts/x/b.md": None, "drafts/a-b.md": b"c", "mkdocs.yml": b"d"})
    again = Repository.open(repository.folder)
    assert repository.commit(tip) == again.commit(tip)
    assert repository.list_tree(tip) == again.list_tree(tip)
    for folder in ("", "drafts"):
        tree = repository.tree_id(tip, folder)
        assert repository.folder_entries(tree) == again.folder_entries(tree)


@pytest.mark.parametrize("step", ["sync_files", "_put_in_place", "sync_folders"])
def test_a_writer_killed_at_any_step_leaves_nothing_torn_and_the_next_clears_up(
    repository, commit, script, step: str
) -> None:
    """One that waits for each file, as it does for what is too large for the journal."""
    tip = commit({"drafts/a.md": b"a"})
    process = script(DIE, repository.folder, step, tip)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 7, said
    assert bool(left_aside(repository)) == (step != "sync_folders")
    assert check_objects(repository) == ()
    with repository.writing():
        assert left_aside(repository) == []
    assert commit({"drafts/b.md": b"b"}) == repository.tip("main")
    assert check_objects(repository) == ()


def test_no_object_has_its_name_before_the_disk_has_it(
    tmp_path: Path, disk: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, rename = os.fsync, os.rename

    def seen_fsync(handle: int) -> None:
        events.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    def seen_rename(old: str, new: str) -> None:
        rename(old, new)
        events.append("name")

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "rename", seen_rename)
    new = [new_object("blob", b"%d" % number) for number in range(3)]
    write_objects(tmp_path, new, disk)
    folders = len({each.id[:2] for each in new}) + 1
    assert events == ["file"] * 3 + ["name"] * 3 + ["folder"] * folders


def test_a_disk_that_refuses_leaves_no_name_and_nothing_aside(
    tmp_path: Path, disk: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        write_objects(tmp_path, [new_object("blob", b"a"), new_object("blob", b"b")], disk)
    assert os.listdir(tmp_path) == [ASIDE]
    assert os.listdir(tmp_path / ASIDE) == []


def test_more_objects_than_may_be_open_at_once_are_all_written(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loose, "AT_ONCE", 3)
    files = {f"drafts/{number}.md": b"%d" % number for number in range(20)}
    tip = commit(files)
    again = Repository.open(repository.folder)
    assert {e.path: again.read_blob(e.blob_id) for e in again.list_tree(tip)} == files


def test_an_object_written_twice_is_whole_afterwards_even_if_it_was_torn(
    repository, commit
) -> None:
    tip = commit({"drafts/a.md": b"a"})
    entry = repository.find(tip, "drafts/a.md")
    path = repository.folder / "objects" / entry.blob_id[:2] / entry.blob_id[2:]
    path.chmod(0o644)
    path.write_bytes(b"")
    assert check_objects(repository) != ()
    commit({"drafts/b.md": b"a"})
    assert check_objects(repository) == ()


def test_clearing_up_where_nothing_was_ever_written_is_nothing(tmp_path: Path) -> None:
    assert clear_aside(tmp_path) == 0


def test_several_processes_that_write_the_same_words_at_once_lose_nothing(
    repository, commit, script
) -> None:
    commit({"drafts/a.md": b"a"})
    started: list[subprocess.Popen[str]] = [
        script(WRITE, repository.folder, name) for name in ("one", "two", "three")
    ]
    for process in started:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    again = Repository.open(repository.folder)
    assert len(again.list_tree(again.tip("main"))) == 61
    assert check_objects(repository) == ()
    assert left_aside(repository) == []

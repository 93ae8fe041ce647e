"""The journal: what was acknowledged outlives a power cut, and nothing else comes out of it."""

from __future__ import annotations

import errno
import os
import subprocess
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from drafter.store import journal, loose
from drafter.store.journal import NAME, Journal
from drafter.store.maintenance import check_objects, prune, tidy
from drafter.store.messages import write_message
from drafter.store.repository import Repository
from tests.store.power import Power

START = datetime(2026, 1, 11, 9, 0, tzinfo=UTC)
EDIT = write_message("edit", "Edit")


def write(repository: Repository, files: dict[str, bytes | None], *, move: bool = True) -> str:
    with repository.writing() as writer:
        tip = repository.tip("main")
        new = writer.write_commit(files, tip, () if tip is None else (tip,), EDIT, START)
        if move:
            writer.move_ref("main", tip, new)
    return new


def require_sound(repository: Repository, commit: str, files: dict[str, bytes]) -> None:
    assert repository.tip("main") == commit
    found = {e.path: repository.read_blob(e.blob_id) for e in repository.list_tree(commit)}
    assert found == files
    assert check_objects(repository) == ()


def object_path(repository: Repository, id: str) -> Path:
    return repository.folder / "objects" / id[:2] / id[2:]


@pytest.mark.parametrize("names_survive", [True, False])
def test_a_power_cut_before_any_sync_or_name_leaves_the_old_text_or_the_new_one_whole(
    repository, commit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names_survive: bool
) -> None:
    old = commit({"drafts/a.md": b"old"})
    repository.settle()
    numbers = count()
    cuts: list[Path] = []

    def before(what: str, place: str) -> None:
        into = tmp_path / f"cut-{next(numbers)}"
        cuts.append(power.cut(into, names_survive=names_survive))

    power = Power(repository.folder, monkeypatch, before)
    new = write(repository, {"drafts/a.md": b"new"})
    acknowledged = len(cuts)
    before("", "")
    repository.settle()
    before("", "")
    monkeypatch.undo()
    assert acknowledged >= 8
    for at, cut in enumerate(cuts):
        again = Repository.open(cut)
        if again.tip("main") == old:
            assert at < acknowledged
            require_sound(again, old, {"drafts/a.md": b"old"})
            write(again, {"drafts/a.md": b"new"})
        require_sound(again, again.tip("main"), {"drafts/a.md": b"new"})
        assert again.settle()
        assert again.journal.size == 0
    require_sound(Repository.open(cuts[acknowledged]), new, {"drafts/a.md": b"new"})


def test_a_text_is_acknowledged_after_three_syncs_and_its_files_come_after_the_journal(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"drafts/a.md": b"old"})
    power = Power(repository.folder, monkeypatch)
    write(repository, {"drafts/a.md": b"new"})
    calls = [call for call in power.calls if not call[1].startswith("objects")]
    assert calls == [
        ("sync", NAME),
        ("sync", "refs/heads/main.lock"),
        ("rename", "refs/heads/main"),
        ("sync", "refs/heads"),
    ]
    objects = [call for call in power.calls if call[1].startswith("objects")]
    assert {what for what, _ in objects} == {"rename"}
    assert power.calls[0] == ("sync", NAME)
    assert power.calls[1 : 1 + len(objects)] == objects


def test_the_journal_is_emptied_only_when_the_disk_has_every_file_and_folder_it_names(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"drafts/a.md": b"old"})
    ids = {each.id for each in repository.journal.objects()}
    power = Power(repository.folder, monkeypatch)
    repository.settle()
    *before, cut, emptied = power.calls
    assert (cut, emptied) == (("cut", NAME), ("sync", NAME))
    assert {place for _, place in before} == {
        "objects",
        *(f"objects/{id[:2]}" for id in ids),
        *(f"objects/{id[:2]}/{id[2:]}" for id in ids),
    }


@pytest.mark.parametrize("damage", ["missing", "empty", "torn"])
def test_a_file_that_a_power_cut_took_is_written_anew_at_the_next_start(
    repository, commit, damage: str
) -> None:
    tip = commit({"drafts/a.md": b"a" * 1000, "drafts/b.md": b"b"})
    for each in tuple(repository.journal.objects()):
        path = object_path(repository, each.id)
        path.chmod(0o644)
        whole = path.read_bytes()
        path.unlink() if damage == "missing" else path.write_bytes(
            b"" if damage == "empty" else whole[: len(whole) // 2]
        )
    again = Repository.open(repository.folder)
    require_sound(again, tip, {"drafts/a.md": b"a" * 1000, "drafts/b.md": b"b"})
    assert again.journal.size == 0


@pytest.mark.parametrize("left", [1, 7, 8, 100, -1])
def test_a_torn_tail_is_ignored_and_the_next_write_is_found_behind_it(
    repository, commit, left: int
) -> None:
    commit({"drafts/a.md": b"a"})
    whole = (repository.folder / NAME).read_bytes()
    known = [each.id for each in repository.journal.objects()]
    write(repository, {"drafts/b.md": os.urandom(2000)}, move=False)
    torn = (repository.folder / NAME).read_bytes()
    tail = torn[len(whole) :][:left]
    (repository.folder / NAME).write_bytes(whole + tail)
    assert [each.id for each in repository.journal.objects()] == known
    tip = write(repository, {"drafts/c.md": b"c"})
    assert tip in [each.id for each in repository.journal.objects()]
    object_path(repository, tip).unlink()
    require_sound(
        Repository.open(repository.folder), tip, {"drafts/a.md": b"a", "drafts/c.md": b"c"}
    )


def test_garbage_in_the_place_of_a_journal_is_nothing(repository, commit) -> None:
    tip = commit({"drafts/a.md": b"a"})
    repository.settle()
    (repository.folder / NAME).write_bytes(b"\0" * 5000)
    require_sound(Repository.open(repository.folder), tip, {"drafts/a.md": b"a"})
    assert commit({"drafts/b.md": b"b"}) in [each.id for each in repository.journal.objects()]


@pytest.mark.parametrize("refused", ["pwrite", "fsync"])
@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_the_journal_leaves_no_frame_and_the_next_write_succeeds(
    repository, commit, monkeypatch: pytest.MonkeyPatch, refused: str, why: int
) -> None:
    tip = commit({"drafts/a.md": b"a"})
    size, real = repository.journal.size, os.pwrite
    assert size > 0

    def refuse(handle: int, *given: object) -> None:
        if refused == "pwrite":
            real(handle, bytes(given[0])[:50], size)  # half of it was written
        raise OSError(why, os.strerror(why))

    with monkeypatch.context() as patch:
        patch.setattr(os, refused, refuse)
        with pytest.raises(OSError, match="could not be saved"):
            write(repository, {"drafts/b.md": b"b"})
    assert repository.journal.size == size
    assert repository.tip("main") == tip
    new = write(repository, {"drafts/c.md": b"c"})
    object_path(repository, new).unlink()
    require_sound(
        Repository.open(repository.folder), new, {"drafts/a.md": b"a", "drafts/c.md": b"c"}
    )


def test_a_disk_that_refuses_the_files_keeps_the_journal(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"drafts/a.md": b"a"})
    kept = tuple(repository.journal.objects())

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(loose, "sync_files", refuse)
        with pytest.raises(OSError, match="Input/output"):
            repository.settle()
    assert tuple(repository.journal.objects()) == kept
    assert repository.settle()
    assert repository.journal.size == 0


def test_the_journal_does_not_grow_beyond_its_bound(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.store.repository.FULL", 3000)
    sizes = []
    for number in range(30):
        commit({f"drafts/{number}.md": os.urandom(200)})
        sizes.append(repository.journal.size)
    assert 3000 < max(sizes) < 6000
    assert sizes != sorted(sizes)
    assert check_objects(repository) == ()


def test_what_is_large_is_waited_for_in_its_own_files(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = commit({"drafts/a.md": b"a"})
    repository.settle()
    monkeypatch.setattr(journal, "LARGEST", 1000)
    power = Power(repository.folder, monkeypatch)
    tip = commit({"drafts/b.md": b"b" * 1000})
    assert repository.journal.size == 0
    assert ("sync", f"objects/{tip[:2]}") in power.calls


def test_settling_waits_for_nobody_longer_than_it_is_told(repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    other = Repository.open(repository.folder)
    with repository.writing():
        assert not other.settle(timeout=0)
    assert other.settle(timeout=0)
    assert other.journal.size == 0


def test_tidying_and_pruning_empty_the_journal_first(repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    tidy(repository)
    assert repository.journal.size == 0
    lost = write(repository, {"drafts/b.md": b"b"}, move=False)
    with repository.writing():
        prune(repository)
    assert repository.journal.size == 0
    again = Repository.open(repository.folder)
    with pytest.raises(Exception, match="no commit"):
        again.commit(lost)


def test_a_journal_that_is_not_there_is_made_durably(
    repository, commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report from before there was one has none."""
    commit({"drafts/a.md": b"a"})
    repository.settle()
    (repository.folder / NAME).unlink()
    assert repository.settle()
    power = Power(repository.folder, monkeypatch)
    tip = commit({"drafts/b.md": b"b"})
    assert power.calls[:2] == [("sync", "."), ("sync", NAME)]
    assert tip in [each.id for each in Journal(repository.folder).objects()]


KILLED = """
import os, pathlib, sys
from datetime import UTC, datetime
from drafter.store import journal, loose
from drafter.store.messages import write_message
from drafter.store.repository import Repository

module = {"journal": journal, "loose": loose, "os": os}[sys.argv[2]]
repository, tip = Repository.open(pathlib.Path(sys.argv[1])), sys.argv[4]
if sys.argv[3] == "half":
    whole = os.pwrite
    def half(handle, content, at):
        whole(handle, content[: len(content) // 2], at)
        os._exit(7)
    os.pwrite = half
else:
    setattr(module, sys.argv[3], lambda *arguments: os._exit(7))
with repository.writing() as writer:
    time = datetime(2026, 1, 11, tzinfo=UTC)
    writer.write_commit({"drafts/b.md": b"b"}, tip, (tip,), write_message("edit", "Edit"), time)
"""


@pytest.mark.parametrize(
    ("module", "step"),
    [("os", "half"), ("os", "fsync"), ("journal", "place_objects"), ("loose", "_put_in_place")],
)
def test_a_writer_killed_at_any_step_leaves_nothing_torn_and_the_next_goes_on(
    repository, commit, script, module: str, step: str
) -> None:
    tip = commit({"drafts/a.md": b"a"})
    process: subprocess.Popen[str] = script(KILLED, repository.folder, module, step, tip)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 7, said
    assert check_objects(repository) == ()
    new = commit({"drafts/b.md": b"b"})
    assert new in [each.id for each in repository.journal.objects()]
    require_sound(
        Repository.open(repository.folder), new, {"drafts/a.md": b"a", "drafts/b.md": b"b"}
    )
    assert repository.settle()
    assert check_objects(repository) == ()

from __future__ import annotations

import subprocess
from pathlib import Path

import pygit2

from drafter.store.maintenance import check_objects, tidy
from drafter.store.messages import write_message
from drafter.store.repository import Repository


def test_a_sound_repository_has_no_findings(repository, commit) -> None:
    assert check_objects(repository) == ()
    commit({"drafts/a.md": b"a"})
    assert check_objects(repository) == ()


def test_a_damaged_object_is_found(repository, commit) -> None:
    made = commit({"drafts/a.md": b"a"})
    blob = repository.find(made, "drafts/a.md").blob_id
    (repository.folder / "objects" / blob[:2] / blob[2:]).unlink()
    assert any(blob in finding for finding in check_objects(repository))


def test_tidying_keeps_every_ref_every_file_and_what_no_ref_holds_yet(repository, commit) -> None:
    made = [commit({f"drafts/{n}.md": str(n).encode()}) for n in range(5)]
    other = commit({"drafts/b.md": b"b"}, "amendments/0001")
    time = repository.commit(made[0]).time
    with repository.writing() as writer:
        pending = writer.write_commit(
            {"drafts/c.md": b"c"}, made[-1], (made[-1],), write_message("edit", "Edit"), time
        )
    for _ in range(2):
        tidy(repository)
    for reader in (repository, Repository.open(repository.folder)):
        assert reader.branches() == (("amendments/0001", other), ("main", made[-1]))
        assert reader.read_text(pending, "drafts/c.md") == "c"
        assert reader.read_text(made[0], "drafts/0.md") == "0"
    assert commit({"drafts/d.md": b"d"})


def test_tidying_keeps_what_was_packed_and_lost_its_ref(repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    lost = commit({"drafts/b.md": b"b"}, "amendments/0001")
    tidy(repository)
    pygit2.Repository(str(repository.folder)).references.delete("refs/heads/amendments/0001")
    tidy(repository)
    assert Repository.open(repository.folder).read_text(lost, "drafts/b.md") == "b"


def test_a_tidied_repository_can_be_cloned_as_plain_files(repository, commit, tmp_path) -> None:
    made = commit({"drafts/a.md": b"a"})
    tidy(repository)
    assert f"{made}\trefs/heads/main" in (repository.folder / "info/refs").read_text()
    packs = (repository.folder / "objects/info/packs").read_text()
    assert packs.startswith("P pack-")


def test_the_settings_of_whoever_runs_it_do_not_reach_git(
    repository, commit, tmp_path: Path, monkeypatch
) -> None:
    commit({"drafts/a.md": b"a"})
    config = tmp_path / "gitconfig"
    config.write_text("[alias]\n\tx = y\n[fsck]\n\tskipList = /nowhere\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert subprocess.run(
        ["git", "--git-dir", repository.folder, "fsck"], capture_output=True
    ).returncode
    assert check_objects(repository) == ()

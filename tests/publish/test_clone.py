"""The record as plain files: cloned over plain HTTP, renewed by what is new, sound by itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from drafter.core.editing import substitute
from drafter.publish.clone import FOLDER, renew_record
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from drafter.store import clone
from drafter.store.repository import Repository
from tests.publish.stories import Story
from tests.serving import served


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


def git(*words: str | Path) -> str:
    done = subprocess.run(["git", *map(str, words)], capture_output=True, text=True, check=True)
    return done.stdout


def packs(public: Path) -> set[str]:
    return {path.name for path in (public / FOLDER / "objects" / "pack").glob("*.pack")}


def named(public: Path) -> set[str]:
    lines = (public / FOLDER / "objects" / "info" / "packs").read_text().split("\n")
    return {line[2:] for line in lines if line}


def refs(folder: str | Path) -> dict[str, str]:
    pairs = (line.split("\t") for line in git("ls-remote", folder).splitlines())
    return {name: target for target, name in pairs if not name.endswith("^{}")}


def test_the_examples_record_is_cloned_over_plain_http_and_verifies(
    kept: Instance, tmp_path: Path
) -> None:
    with served(kept.public) as address:
        git("clone", "--quiet", f"{address}/{FOLDER}", tmp_path / "clone")
        git("clone", "--quiet", "--mirror", f"{address}/{FOLDER}", tmp_path / "mirror.git")
    checkout = verify(Repository.open(tmp_path / "clone"))
    assert checkout.sound, checkout.findings
    whole = verify(Repository.open(tmp_path / "mirror.git"))
    assert whole.sound, whole.findings
    assert (tmp_path / "clone" / "drafts" / "02-values.md").is_file()


def test_it_holds_main_at_the_last_version_and_nothing_that_begins_later(kept: Instance) -> None:
    found = refs(kept.public / FOLDER)
    main = found["refs/heads/main"]
    assert main == kept.repository.tip("v3")
    assert main != kept.repository.tip("main")
    assert {"refs/tags/v1", "refs/tags/v2", "refs/tags/v3"} <= found.keys()
    assert "refs/heads/amendments/0022" in found
    assert "refs/heads/amendments/0028" not in found
    assert {name.split("/")[1] for name in found if name != "HEAD"} == {"heads", "tags"}


def test_a_renewal_adds_what_is_new_and_leaves_the_rest(story: Story, public: Path) -> None:
    assert renew_record(public, story.repository)
    before = packs(public)
    assert not renew_record(public, story.repository)
    story.decide(4, "Reword it", substitute(story.report, "c-00000c", "Other."), accepted=True)
    story.publish(3, "Third")
    assert renew_record(public, story.repository)
    assert before < packs(public) == named(public)
    (new,) = packs(public) - before
    sizes = {path.name: path.stat().st_size for path in public.rglob("*.pack")}
    assert sizes[new] < sum(sizes[each] for each in before)
    git("--git-dir", public / FOLDER, "fsck", "--full", "--strict")
    assert refs(public / FOLDER)["refs/heads/main"] == story.tip


def test_whoever_read_the_old_list_still_finds_its_packs(
    story: Story, public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew_record(public, story.repository)
    monkeypatch.setattr(clone, "MOST_PACKS", 1)
    before = packs(public)
    story.publish(3, "Third")
    renew_record(public, story.repository)
    assert before <= packs(public)
    assert not before & named(public)
    renew_record(public, story.repository)
    assert packs(public) == named(public)


@pytest.mark.parametrize("step", ["_pack", "_put_packs", "_put_refs"])
def test_a_clone_succeeds_wherever_a_renewal_is_cut_off(
    story: Story, public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    renew_record(public, story.repository)
    story.decide(4, "Reword it", substitute(story.report, "c-00000c", "Other."), accepted=True)
    story.publish(3, "Third")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(clone, "MOST_PACKS", 1)
        patched.setattr(clone, step, cut)
        with pytest.raises(KeyboardInterrupt):
            renew_record(public, story.repository)
    with served(public) as address:
        git("clone", "--quiet", "--mirror", f"{address}/{FOLDER}", tmp_path / "meanwhile")
        renew_record(public, story.repository)
        git("clone", "--quiet", "--mirror", f"{address}/{FOLDER}", tmp_path / "after")
    assert refs(tmp_path / "after")["refs/heads/main"] == story.tip
    git("--git-dir", public / FOLDER, "fsck", "--full", "--strict")


def test_what_the_refs_no_longer_lead_to_is_gone_at_once(story: Story, public: Path) -> None:
    first, last = story.repository.tip("v1"), story.repository.tip("v2")
    assert first
    assert last
    main = "refs/heads/main"
    folder = public / FOLDER
    assert clone.renew_clone(story.repository, folder, lambda: {main: last}, main)
    before = packs(public)
    assert clone.renew_clone(story.repository, folder, lambda: {main: first}, main)
    assert not before & packs(public)
    assert git("--git-dir", folder, "rev-parse", "main").strip() == first
    gone = subprocess.run(["git", "--git-dir", folder, "cat-file", "-e", last], check=False)
    assert gone.returncode != 0


def test_nothing_is_written_before_there_is_a_version(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "empty.git")
    assert not renew_record(tmp_path / "public", repository)
    assert not (tmp_path / "public").exists()

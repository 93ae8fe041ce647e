"""A dry run is what would be published, byte for byte, and leaves no trace in the report."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drafter.core.errors import BadInput, NotAllowed, Refused
from drafter.publish.manifest import read_manifest
from drafter.services import editing, previewing, publishing
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import DONE

SEAT = Actor("seat", 1)


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Name every file with its inode and when it was written."""
    facts = {path: path.stat() for path in sorted(folder.rglob("*"))}
    return {str(path): (stat.st_ino, stat.st_mtime_ns) for path, stat in facts.items()}


@pytest.fixture
def still(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """The small report, at one moment."""
    editing.edit(instance, SEAT, DONE, "Something will be done.")
    now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    monkeypatch.setattr(instance, "clock", lambda: now)
    return instance


def test_it_is_what_is_published_then_and_it_leaves_no_trace(still: Instance) -> None:
    before = everything(still.repository.folder)
    made = previewing.preview(still, CLERK_ACTOR, "A title", "Read it.\n")
    assert everything(still.repository.folder) == before
    assert list(still.public.iterdir()) == []
    assert made.faults == made.hindrances == made.remarks == ()
    shown = read_manifest(previewing.preview_folder(still) / "v1")
    version = publishing.publish(still, OPERATOR, "A title", notes="Read it.\n")
    assert read_manifest(still.public / "v1") == shown
    assert shown.commit == version.commit
    for path in shown.files:
        if path == "notes/index.html":
            assert "<p>Read it.</p>" in (still.public / "v1" / path).read_text()


def test_the_panel_finds_the_last_one_until_its_version_is_published(still: Instance) -> None:
    assert previewing.find_preview(still, SEAT) is None
    first = previewing.preview(still, CLERK_ACTOR)
    assert previewing.find_preview(still, SEAT) == first
    assert previewing.is_of_now(still, first)
    editing.edit(still, SEAT, DONE, "Something else will be done.")
    assert not previewing.is_of_now(still, first)
    second = previewing.preview(still, CLERK_ACTOR)
    assert previewing.find_preview(still, SEAT) == second
    assert len([path for path in (still.path / "preview").iterdir() if not path.is_symlink()]) == 1
    publishing.publish(still, OPERATOR)
    assert previewing.find_preview(still, SEAT) is None
    assert not (still.path / "preview").exists()


def test_it_waits_for_no_writer_and_no_writer_waits_for_it(still: Instance) -> None:
    with still.repository.writing():
        assert previewing.preview(still, CLERK_ACTOR).version == "v1"


def test_it_names_what_keeps_the_draft_from_being_published(still: Instance) -> None:
    publishing.publish(still, OPERATOR)
    made = previewing.preview(still, CLERK_ACTOR)
    assert made.hindrances == ("Nothing has changed since v1, so there is nothing to publish.",)
    assert made.version == "v2"
    assert os.readlink(previewing.preview_folder(still) / "v1").endswith("public/v1")


def test_into_a_folder_it_is_the_whole_site(still: Instance, tmp_path: Path) -> None:
    publishing.publish(still, OPERATOR)
    previewing.preview(still, OPERATOR, into=tmp_path / "site")
    assert not (tmp_path / "site" / "v1").is_symlink()
    assert (tmp_path / "site" / "v1" / "manifest.json").is_file()
    assert "v2" in (tmp_path / "site" / "versions.json").read_text()
    assert previewing.find_preview(still, SEAT) is None
    with pytest.raises(Refused, match="is there already"):
        previewing.preview(still, OPERATOR, into=tmp_path / "site")


def test_the_public_does_not_find_it(still: Instance) -> None:
    with pytest.raises(NotAllowed):
        previewing.find_preview(still, Actor("public"))


# Release notes


def test_the_notes_are_in_the_record_and_nothing_else_may_be(still: Instance) -> None:
    version = publishing.publish(
        still, OPERATOR, notes=" Read it.\r\n\r\n\r\n\r\nAll.", pages=False
    )
    text = still.repository.read_text(version.commit, "amendments/notes/v1.md")
    assert text == " Read it.\n\nAll.\n"
    assert verify(still.repository, still.database).findings == ()


def test_without_notes_their_draft_is_published_and_empty_ones_are_none(still: Instance) -> None:
    drafted = publishing.draft_release_notes(still, OPERATOR)
    version = publishing.publish(still, OPERATOR, pages=False)
    assert still.repository.read_text(version.commit, "amendments/notes/v1.md") == drafted
    assert drafted.startswith("The first version: 3 chapters with 9 clauses.")
    editing.edit(still, SEAT, DONE, "Nothing will be done.")
    version = publishing.publish(still, OPERATOR, notes="", pages=False)
    assert still.repository.find(version.commit, "amendments/notes/v2.md") is None


def test_the_draft_says_what_was_edited_without_a_vote(still: Instance) -> None:
    publishing.publish(still, OPERATOR, pages=False)
    editing.edit(still, SEAT, DONE, "Nothing at all will be done.")
    drafted = publishing.draft_release_notes(still, OPERATOR)
    assert "## Edited without a vote\n\n- What comes next: 1 clause\n" in drafted


def test_notes_that_are_too_long_are_refused_before_anything_is_recorded(still: Instance) -> None:
    with pytest.raises(BadInput, match="at most"):
        publishing.publish(still, OPERATOR, notes="x" * 20_001)
    assert still.repository.tags() == ()

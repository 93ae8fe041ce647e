"""The moments at which the text changed on main, and what each was."""

from __future__ import annotations

from pathlib import Path

from drafter.core.editing import substitute
from drafter.store.messages import write_message
from drafter.store.moments import read_moments
from tests.publish.stories import tell


def test_only_what_changed_a_chapter_is_a_moment(tmp_path: Path) -> None:
    """Not a rejected amendment, nor a publication."""
    story = tell(tmp_path / "report.git")
    first, accepted, later = read_moments(story.repository, story.tip)
    assert (first.kind, first.amendment, first.seat) == ("first", None, None)
    assert [(each.kind, each.amendment) for each in (accepted, later)] == [
        ("decision", 1),
        ("decision", 3),
    ]
    assert [each.version and each.version.name for each in (first, later)] == ["v1", "v2"]
    assert "eighteen" in first.report.locate("c-000003").clause.wording  # type: ignore[union-attr]
    assert "sixteen" in accepted.report.locate("c-000003").clause.wording  # type: ignore[union-attr]


def test_an_edit_after_the_last_version_is_in_none_and_says_whose_it_is(tmp_path: Path) -> None:
    story = tell(tmp_path / "report.git")
    after = substitute(story.report, "c-00000b", "Everyone is equal.")
    tip = story.tip
    with story.repository.writing() as writer:
        message = write_message("edit", "Edit", {"Seat": "seat-05"})
        changes = {chapter.path: chapter.text.encode() for chapter in after.chapters}
        new = writer.write_commit(changes, tip, (tip,), message, story.tick())
        writer.move_ref("main", tip, new)
    last = read_moments(story.repository, new)[-1]
    assert (last.commit, last.kind, last.version, last.seat) == (new, "edit", None, "seat-05")
    assert len(read_moments(story.repository, tip)) == 3, "up to the commit that is named"

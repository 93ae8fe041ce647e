"""Release notes: one form in git, drafted from what was decided, and safe on a page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from drafter.core.errors import BadInput
from drafter.publish.edition import read_edition
from drafter.publish.facts import CommentFact
from drafter.publish.release_notes import (
    clean_notes,
    draft_notes,
    first_sentence,
    notes_faults,
    notes_page,
)
from drafter.services.instance import Instance
from drafter.store.history import read_version
from tests.publish.stories import Story


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" \n\t\n", ""),
        ("Two are new.", "Two are new.\n"),
        ("One.\r\n\r\n\r\nTwo.  \r", "One.\n\nTwo.\n"),
        ("\n\nHid\u202eden\x00.\u200b\n", "Hidden.\n"),
    ],
)
def test_equal_words_have_one_form(typed: str, kept: str) -> None:
    assert clean_notes(typed) == kept
    assert clean_notes(kept) == kept


def test_notes_have_a_limit() -> None:
    assert clean_notes("x" * 20_000)
    with pytest.raises(BadInput):
        clean_notes("x" * 20_001)


@pytest.mark.parametrize(
    "content", [b"", b"No end.", b"A\r\n", b"\xff\n", "A\u200b.\n".encode(), b"x" * 20_001 + b"\n"]
)
def test_a_file_that_is_no_notes_is_told(content: bytes) -> None:
    assert len(list(notes_faults(content))) == 1
    assert list(notes_faults(b"Notes.\n")) == []


@pytest.mark.parametrize(
    ("reason", "first"),
    [
        ("", ""),
        ("It is *clearer*. And short.", "It is clearer."),
        ("By 3.5 per cent. So be it.", "By 3.5 per cent."),
        ("“Why not?” they said. We agree.", "“Why not?” they said."),
        ("No end\n\nSecond paragraph.", "No end Second paragraph."),
    ],
)
def test_the_first_sentence_is_plain(reason: str, first: str) -> None:
    assert first_sentence(reason) == first


def test_the_draft_names_what_was_decided_with_the_panels_reason(story: Story) -> None:
    edition = read_edition(story.repository, read_version(story.repository, "v2"))
    before = [CommentFact(1, "c-000003", answered=True)]
    comments = [*before, CommentFact(2, "c-000003", answered=True), CommentFact(3, "c-000003")]
    text = draft_notes(edition, comments, before)
    assert "\n## Accepted\n\n- Amendment 1, “" in text
    assert "It is clearer.\n" in text
    assert "\n## Rejected\n" in text
    assert "Of 3 comments, 2 have an answer, 1 of them since version 1.\n" in text
    assert draft_notes(edition, comments, before) == text


def test_a_page_of_notes_links_amendments_that_there_are_and_runs_nothing(story: Story) -> None:
    edition = read_edition(story.repository, read_version(story.repository, "v2"))
    notes = (
        "# Big\n\nSee amendment 1, *amendment 1* and amendment 99; [out](../../x) "
        "[in](https://e.org/) <script>x</script> {{ x }} `amendment 1`\n"
    )
    html = notes_page(dataclasses.replace(edition, notes=notes)).html
    assert html.count('<a href="../amendments/0001/">amendment 1</a>') == 2
    assert "amendment 99;" in html
    assert "<code>amendment 1</code>" in html
    assert '<a href="https://e.org/">in</a>' in html
    assert "<a>out</a>" in html
    assert "<script>" not in html
    assert "{{ x }}" in html
    assert html.count("<h1>") == 1


def test_the_front_of_a_version_begins_with_its_notes(kept: Instance, tmp_path: Path) -> None:
    page = (kept.public / "v3" / "index.html").read_text(encoding="utf-8")
    assert "What version 3 brings" in page
    assert '<a href="notes/">Release notes</a>' in page
    notes = (kept.public / "v3" / "notes" / "index.html").read_text(encoding="utf-8")
    assert '<a href="../amendments/0022/">Amendment 22</a>' in notes

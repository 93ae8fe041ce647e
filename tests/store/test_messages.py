from __future__ import annotations

import itertools

import pytest

from drafter.core.errors import BadInput
from drafter.store.messages import (
    KINDS,
    clean_title,
    read_kind,
    read_tag_message,
    read_trailers,
    write_message,
    write_tag_message,
)

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_back(kind: str) -> None:
    message = write_message(kind, "Decision on amendment 17: accepted", {"Amendment": "17"})  # type: ignore[arg-type]
    assert read_kind(message) == kind
    assert read_trailers(message) == (("Kind", kind), ("Amendment", "17"))


@pytest.mark.parametrize(
    "subject", ["", "a", "Two\nlines", "Typed by a citizen: <b>", "Tŷ", "A" * 101, "Kind\r"]
)
def test_a_first_line_that_could_have_been_typed_is_refused(subject: str) -> None:
    with pytest.raises(BadInput):
        write_message("edit", subject)


@pytest.mark.parametrize(
    ("key", "value"),
    [("Seat", "a\nKind: decision"), ("Seat", ""), ("Seat", " a"), ("seat", "a"), ("Kind", "first"),
     ("Seat: x", "a"), ("Seat", "a\0"), ("Seat", "a\u2028b"), ("Seat", "a" * 2001)],
)  # fmt: skip
def test_a_trailer_cannot_smuggle_in_another(key: str, value: str) -> None:
    with pytest.raises(BadInput):
        write_message("edit", "Edit", {key: value})


@pytest.mark.parametrize(
    "message",
    ["Edit\n", "Kind: edit\n", "Edit\n\nKind: vote\n", "Edit\n\nKind: edit\nKind: decision\n",
     "Edit\n\nKind: edit\nand more\n", "Edit\n\nKind: edit\n\nSeat: seat-07\n",
     "Edit\n\nKind: edit \n"],
)  # fmt: skip
def test_a_commit_without_exactly_one_permitted_kind_has_none(message: str) -> None:
    assert read_kind(message) is None


def test_the_message_of_a_tag_is_read_back() -> None:
    title = "Tŷ’r Cyffredin: second draft"
    for imported, milestone in itertools.product((False, True), repeat=2):
        message = write_tag_message(3, title, HASH, imported=imported, milestone=milestone)
        facts = read_tag_message(message)
        assert facts is not None
        assert (facts.number, facts.title) == (3, title)
        assert (facts.tree_sha256, facts.imported, facts.milestone) == (HASH, imported, milestone)


def test_what_the_clerk_typed_marks_no_version_as_a_milestone() -> None:
    facts = read_tag_message(write_tag_message(3, "Milestone: yes", HASH))
    assert facts is not None
    assert not facts.milestone


def test_a_signature_may_follow_the_message_of_a_tag() -> None:
    signed = write_tag_message(3, "T", HASH) + "-----BEGIN SSH SIGNATURE-----\nU1\n"
    assert read_tag_message(signed) == read_tag_message(write_tag_message(3, "T", HASH))
    assert read_tag_message(write_tag_message(3, "T", HASH) + "more\n") is None


@pytest.mark.parametrize("title", ["", " a", "a\nb", "a\0", "a\u200b", "a" * 201, "a  b"])
def test_a_title_that_is_not_one_clean_line_is_refused_and_can_be_cleaned(title: str) -> None:
    with pytest.raises(BadInput):
        write_tag_message(1, title, HASH)
    assert write_tag_message(1, clean_title(title) or "Untitled", HASH)


def test_a_tag_wants_a_version_and_a_hash() -> None:
    with pytest.raises(BadInput):
        write_tag_message(0, "T", HASH)
    with pytest.raises(BadInput):
        write_tag_message(1, "T", HASH.upper())

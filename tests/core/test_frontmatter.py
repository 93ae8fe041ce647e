"""Front matter: where it ends, what it may hold, and that nothing else is touched."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.core.errors import BadInput
from drafter.core.frontmatter import (
    ChapterSettings,
    load_yaml,
    read_chapter_settings,
    read_front_matter,
    set_phase,
    split_front_matter,
)

PIECES = st.sampled_from(
    [
        "---",
        "--- ",
        "----",
        " ---",
        "...",
        "\n",
        "\r\n",
        "\r",
        "a: 1",
        "\x0b",
        "\x85",
        "\ufeff",
        "x",
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
YAMLISH = st.text(st.sampled_from("ab:- [{}]\n'\"#&*!|>%@?,01e._<=~\t\x00\x85"), max_size=40)


@given(st.one_of(TEXTS, st.text()))
def test_front_matter_and_body_add_up_to_the_text(text: str) -> None:
    front, body = split_front_matter(text)
    assert front + body == text
    assert not front or front.startswith("---")
    assert split_front_matter(front)[0] == front


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_front_matter_ends_at_the_first_closing_line(newline: str) -> None:
    text = newline.join(["---", "a: 1", "---", "b", "---", ""])
    assert split_front_matter(text) == (
        newline.join(["---", "a: 1", "---", ""]),
        newline.join(["b", "---", ""]),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\na: 1\n",
        "\n---\na: 1\n---\n",
        " ---\na: 1\n---\n",
        "\ufeff---\na: 1\n---\n",
        "----\na: 1\n---\n",
        "---\na: 1\n ---\n",
        "---\na: 1\n----\n",
        "--- a\nb\n---\n",
        "---\na\x0b---\n",
    ],
)
def test_what_is_not_opened_or_not_closed_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ("", text)


def test_front_matter_may_be_empty_or_end_the_file() -> None:
    assert split_front_matter("---\n---\nText") == ("---\n---\n", "Text")
    assert split_front_matter("---\na: 1\n---") == ("---\na: 1\n---", "")
    assert read_front_matter("---\n---\n", "a.md") == {}


def test_values_are_plain_and_dates_are_dates() -> None:
    front = "---\na: 2018-03-10\nb: [1, 2.5, true, null]\nc: {d: 'e'}\n---\n"
    assert read_front_matter(front, "a.md") == {
        "a": datetime.date(2018, 3, 10),
        "b": [1, 2.5, True, None],
        "c": {"d": "e"},
    }


@pytest.mark.parametrize(
    ("inside", "line", "why"),
    [
        ("a: &x 1\nb: *x\n", 2, "anchors"),
        ("a: 1\nb: *x\n", 3, "anchors"),
        ("a: 1\nb: !!python/name:os.system x\n", 3, "tags"),
        ("a: !ENV x\n", 2, "tags"),
        ("a: 1\nb: 2\na: 3\n", 4, "given twice"),
        ("1: 2\n", 2, "a key must be text"),
        ("a: 1\n<<: {b: 2}\n", 3, "a key must be text"),
        ("? [a]\n: 1\n", 2, "a key must be text"),
        ("- a\n", 2, "'key: value'"),
        ("a: 1\nb: 2018-02-30\n", 3, "no such date"),
        ("a: 1\nb: [\n", 4, "not YAML"),
        ("a: 1\n\tb: 2\n", 3, "not YAML"),
        ("a: 1\nb: \x01\n", 3, "character"),
        ("a: 1\n...\nb: 2\n", 4, "not YAML"),
        ("a: 1\nb: " + "[" * 20 + "]" * 20 + "\n", 3, "levels deep"),
        ("a: " + "9" * 5000 + "\n", 2, "no such date or number"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(inside: str, line: int, why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        read_front_matter(f"---\n{inside}---\n", "drafts/a.md")
    assert caught.value.data["line"] == line
    assert caught.value.sentence.startswith(f"drafts/a.md, line {line}: ")


def test_a_deep_nest_or_a_long_text_is_refused_before_it_is_built() -> None:
    with pytest.raises(BadInput, match="levels deep"):
        load_yaml("[" * 50_000, "a.md")
    with pytest.raises(BadInput, match="longer than"):
        load_yaml("a" * 1_000_001, "a.md")


@settings(max_examples=300, deadline=None)
@given(st.one_of(YAMLISH, st.text()))
def test_any_text_is_a_value_or_a_plain_refusal(text: str) -> None:
    sentence = "a.md, line "
    try:
        load_yaml(text, "a.md")
    except BadInput as refusal:
        sentence = refusal.sentence
    assert sentence.startswith("a.md, line ")


def test_a_chapter_has_a_title_and_a_phase() -> None:
    front = "---\ntitle: Votes\nphase: drafting\nother: [kept]\n---\n"
    assert read_chapter_settings(front, "a.md") == ChapterSettings("Votes", "drafting")
    assert read_chapter_settings("", "a.md") == ChapterSettings(None, "amending")


@pytest.mark.parametrize("inside", ["phase: done", "phase: [drafting]", "title: 3", "title: ''"])
def test_a_wrong_title_or_phase_is_refused_by_name(inside: str) -> None:
    with pytest.raises(BadInput, match=f"a.md: '{inside.split(':')[0]}' must be"):
        read_chapter_settings(f"---\n{inside}\n---\n", "a.md")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---|phase: drafting|---|T.|", "---|phase: amending|---|T.|"),
        ("---|a: 1|phase:  drafting # c|---|T.|", "---|a: 1|phase:  amending # c|---|T.|"),
        ("---|phase: amending|---|T.|", "---|phase: amending|---|T.|"),
        ("T.|", "T.|"),
    ],
)
def test_ending_the_drafting_changes_the_phase_alone(newline: str, before: str, after: str) -> None:
    def lines(text: str) -> str:
        return text.replace("|", newline)

    assert set_phase(lines(before), "amending", "a.md") == lines(after)


def test_beginning_to_draft_adds_the_phase() -> None:
    assert set_phase("---\na: 1\n---\nT.", "drafting", "a.md") == (
        "---\nphase: drafting\na: 1\n---\nT."
    )
    assert set_phase("T.", "drafting", "a.md") == "---\nphase: drafting\n---\nT."


@pytest.mark.parametrize("inside", ["{phase: drafting}", '"phase": drafting', "phase:\n drafting"])
def test_a_phase_that_has_no_line_of_its_own_is_not_guessed_at(inside: str) -> None:
    with pytest.raises(BadInput, match="on a line of its own"):
        set_phase(f"---\n{inside}\n---\nT.", "amending", "a.md")

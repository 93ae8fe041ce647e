"""What is read is written back byte for byte; adding ids adds markers and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import write_chapter
from drafter.core.marking import add_ids
from drafter.core.reading import read_chapter
from drafter.core.rendering import render
from drafter.core.wording import join, tokens_of
from tests.core.texts import PIECES

awkward = st.lists(st.sampled_from(PIECES), max_size=16).map("".join) | st.text(max_size=60)


@given(awkward)
def test_any_text_is_written_back_as_it_was_read(text: str) -> None:
    assert write_chapter(read_chapter("drafts/a.md", text)) == text


@given(awkward)
def test_the_tokens_of_a_clause_spell_its_wording(text: str) -> None:
    for clause in read_chapter("drafts/a.md", text).clauses:
        assert join(tokens_of(clause.type, clause.parts)) == clause.wording


@given(awkward)
def test_adding_ids_changes_no_clause_but_for_its_id_and_is_done_once(text: str) -> None:
    before = read_chapter("drafts/a.md", text)
    after = add_ids(before)
    assert all(clause.id or clause.type == "opaque" for clause in after.clauses)
    assert [(c.kind, c.wording, c.parent) for c in after.clauses] == [
        (c.kind, c.wording, c.parent) for c in before.clauses
    ]
    assert add_ids(after).text == after.text


@given(awkward)
def test_adding_ids_adds_markers_and_line_breaks_and_nothing_else(text: str) -> None:
    before = read_chapter("drafts/a.md", text)
    after = add_ids(before)
    added = {c.id for c in after.clauses if c.id} - {c.id for c in before.clauses}
    rest = after.text
    for name in added:
        rest = rest.replace(f"{{: #{name} }}", "")
    assert re.sub(r"[ \r\n]", "", rest) == re.sub(r"[ \r\n]", "", text)


@given(awkward)
def test_adding_ids_changes_nothing_that_is_rendered(text: str) -> None:
    after = add_ids(read_chapter("drafts/a.md", text)).text
    pages = [render(split_front_matter(t)[1].replace("\udc80", "?")) for t in (text, after)]
    plain = [re.sub(r' id="c-[0-9a-z]+"', "", page) for page in pages]
    assert plain[0] == plain[1]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("## x ##\n", ["opaque"]),
        ("```\nopen\n", ["opaque"]),
        ("[x]: /u\n", ["opaque"]),
        ("<div>\nwords\n</div>\n", ["opaque"]),
        ("words\n<div>\n", ["opaque"]),
        ("- > quote\n", ["opaque"]),
        ("- words\n  <div>\n", ["opaque"]),
        ("---\ntitle: x\n---\nwords\n", ["opaque", "paragraph"]),
        ("{: #c-7k3m9q }\n", ["opaque"]),
        ("[^1]: words[^1]\n", ["note"]),
        ("- a\n  - b\n\n  c\n", ["item", "item"]),
    ],
)
def test_each_block_is_the_clause_that_the_format_says(text: str, types: list[str]) -> None:
    assert [clause.type for clause in read_chapter("drafts/a.md", text).clauses] == types


def test_a_marker_is_read_with_its_origins_and_ancestors() -> None:
    text = 'Words.\n{: #c-7k3m9q origin="leeds-2018/4 bath-2017/1" was="c-4d8x2n" }\n'
    (clause,) = read_chapter("drafts/a.md", text).clauses
    assert (clause.id, clause.origin, clause.was) == (
        "c-7k3m9q",
        ("leeds-2018/4", "bath-2017/1"),
        ("c-4d8x2n",),
    )
    assert clause.wording == "Words."


def test_what_stands_in_an_item_besides_nested_items_belongs_to_it() -> None:
    text = "- first\n\n  > quoted\n\n  - nested\n\n  later\n"
    item, nested = read_chapter("drafts/a.md", text).clauses
    assert item.wording == "first\n> quoted\nlater"
    assert (nested.wording, nested.parent, nested.slot) == ("nested", 0, 1)

"""Steps of a draft: each alone is exactly its instruction; what does not fit is said, not lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.core.clauses import ClauseType, Report, kind_of
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.core.retracing import steps_between
from drafter.core.steps import (
    ADDABLE,
    Add,
    Move,
    NewChapter,
    Remove,
    Reword,
    Step,
    apply_steps,
    chapter_path,
    from_json,
    new_chapter_text,
    section_of,
    to_json,
    try_steps,
)
from tests.core.texts import edited, report

VOTING, OTHER = "drafts/voting.md", "drafts/other.md"
TEXT = """\
# Voting {: #c-v0t1ng }

Every citizen may vote.
{: #c-s1xteen }

## Lists {: #c-11st00 }

- One {: #c-aaaaa1 }
  - Two {: #c-aaaaa2 }
- Three {: #c-aaaaa3 }

## After {: #c-aft3r0 }

The end.
{: #c-end000 }
"""
SIXTEEN, ONE, TWO, THREE = map(ClauseId, ("c-s1xteen", "c-aaaaa1", "c-aaaaa2", "c-aaaaa3"))
LISTS, END = ClauseId("c-11st00"), ClauseId("c-end000")
TEXTS = {
    "paragraph": "A new paragraph.",
    "heading": "A new heading",
    "item": "A new entry",
    "quote": "Something *said*\n\nin two parts",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "code": "```\ncode\n```",
}
seeds = st.integers(0, 2**32)


def draft() -> Report:
    other = read_chapter(OTHER, "# Other {: #c-0ther0 }\n\nWords.\n{: #c-w0rds0 }\n")
    return Report((read_chapter(VOTING, TEXT), other))


def verbs(before: Report, after: Report) -> list[tuple[str, str | None]]:
    return [(each.verb, each.clause) for each in instructions_between(before, after)]


def done(*steps: Step) -> list[tuple[str, str | None]]:
    before = draft()
    return verbs(before, apply_steps(before, steps, ()))


def test_each_step_alone_gives_exactly_its_instruction() -> None:
    assert done(Reword(SIXTEEN, "Everyone may vote.")) == [("substitute", SIXTEEN)]
    assert done(Remove(SIXTEEN)) == [("repeal", SIXTEEN)]
    assert done(Move(SIXTEEN, OTHER, None, ClauseId("c-w0rds0"))) == [("move", SIXTEEN)]
    assert done(Move(TWO, VOTING, None, THREE)) == [("move", TWO)]
    new = apply_steps(draft(), [NewChapter("drafts/new.md", "# New\n\nWords.\n")], ())
    assert [verb for verb, _ in verbs(draft(), new)] == ["insert", "insert"]


@pytest.mark.parametrize("kind", ADDABLE)
@pytest.mark.parametrize("after", [None, "c-v0t1ng", "c-s1xteen", "c-aaaaa3", "c-end000"])
def test_a_clause_of_any_kind_stands_where_it_was_asked_for(kind: str, after: str | None) -> None:
    place = ClauseId(after) if after else None
    step = Add(VOTING, None, place, TEXTS[kind], kind)  # type: ignore[arg-type]
    before = draft()
    after_report = apply_steps(before, [step], ())
    (only,) = instructions_between(before, after_report)
    assert (only.verb, only.type, only.parent, only.preceding) == ("insert", kind, VOTING, place)


def test_an_entry_can_be_put_inside_another_and_nothing_else_can() -> None:
    assert [v for v, _ in done(Add(VOTING, THREE, None, "Inside", "item"))] == ["insert"]
    assert [v for v, _ in done(Add(VOTING, ONE, TWO, "Inside", "item", ordered=True))] == ["insert"]
    for kind in ("paragraph", "heading", "quote"):
        with pytest.raises(BadInput, match="Only a list entry"):
            done(Add(VOTING, ONE, TWO, TEXTS[kind], kind))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="Only a list entry"):
        done(Move(SIXTEEN, VOTING, ONE, None))


def test_removing_an_item_removes_what_is_nested_in_it() -> None:
    assert done(Remove(ONE)) == [("repeal", ONE), ("repeal", TWO)]


def test_removing_a_section_is_several_removals() -> None:
    section = section_of(draft(), LISTS)
    assert section == (LISTS, ONE, THREE)
    gone = done(*[Remove(clause) for clause in section])
    assert {clause for _, clause in gone} == {LISTS, ONE, TWO, THREE}
    assert section_of(draft(), SIXTEEN) == (SIXTEEN,)


def test_the_last_clause_of_a_chapter_can_go_and_another_come() -> None:
    everything = [Remove(c) for c in section_of(draft(), ClauseId("c-0ther0"))]
    empty = apply_steps(draft(), everything, ())
    assert empty.chapter(OTHER).text == ""  # type: ignore[union-attr]
    again = apply_steps(empty, [Add(OTHER, None, None, "Back.")], draft().ids)
    assert "Back." in again.chapter(OTHER).text  # type: ignore[union-attr]


def test_a_later_step_may_build_on_a_new_clause_even_under_another_id() -> None:
    name = ClauseId("c-newnew")
    steps = (
        Add(VOTING, None, SIXTEEN, "First new.", id=name),
        Add(VOTING, None, name, "Second new."),
        Reword(name, "First, reworded."),
    )
    for taken in ((), {"c-newnew"}):
        found = apply_steps(draft(), steps, taken)
        words = [c.wording for c in found.chapters[0].clauses][1:4]
        assert words == ["Every citizen may vote.", "First, reworded.", "Second new."]
        assert ("c-newnew" in found.ids) == (not taken)


def test_a_new_id_stays_clear_of_every_id_that_ever_was() -> None:
    step = Add(VOTING, None, SIXTEEN, "New.")
    (first,) = apply_steps(draft(), [step], ()).ids - draft().ids
    (second,) = apply_steps(draft(), [step], {first}).ids - draft().ids
    assert first != second
    chapter = NewChapter("drafts/n.md", "# N\n\nWords. \n{: #c-0ther0 }\n")
    assert "c-0ther0" not in apply_steps(draft(), [chapter], ()).chapters[2].text


def test_a_step_on_what_is_gone_is_named_and_the_others_are_made() -> None:
    steps = (
        Remove(SIXTEEN),
        Reword(SIXTEEN, "Too late."),
        Add(VOTING, None, SIXTEEN, "Nowhere."),
        Move(TWO, VOTING, None, ONE),
        Add(VOTING, ONE, TWO, "Its place has moved.", "item"),
        Reword(END, "The very end."),
    )
    found = try_steps(draft(), steps, ())
    assert [one.index for one in found.unfit] == [1, 2, 4]
    assert "not in the draft any more" in found.unfit[0].sentence
    assert "moved meanwhile" in found.unfit[2].sentence
    assert found.made == (SIXTEEN, None, None, TWO, None, END)
    with pytest.raises(BadInput, match="not in the draft any more"):
        apply_steps(draft(), steps, ())


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Reword(SIXTEEN, " "), "propose its removal"),
        (Reword(SIXTEEN, "Every citizen may vote."), "already"),
        (Reword(SIXTEEN, "One.\n\nTwo."), "one paragraph"),
        (Add(VOTING, None, SIXTEEN, " "), "Write the words"),
        (Add("drafts/nowhere.md", None, None, "x"), "not in the draft"),
        (Add(VOTING, None, SIXTEEN, "[^1]: x", "note"), "cannot be added"),
        (Move(SIXTEEN, VOTING, None, ClauseId("c-v0t1ng")), "already"),
        (Move(SIXTEEN, VOTING, None, SIXTEEN), "behind itself"),
        (Move(ONE, VOTING, TWO, None), "into itself"),
        (NewChapter(VOTING, "# Voting\n"), "already"),
        (NewChapter("drafts/n.md", "# N\n\n<div>\n"), "raw HTML"),
        (NewChapter("drafts/n.md", "\n"), "first words"),
    ],
)
def test_a_step_that_cannot_be_says_what_to_do(step: Step, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        apply_steps(draft(), [step], ())


def test_steps_are_kept_as_json_and_read_back() -> None:
    steps: tuple[Step, ...] = (
        Reword(SIXTEEN, "Tŷ\n“quoted”"),
        Add(VOTING, None, None, "x", "heading", level=3, origin=("leeds-2018/1",)),
        Add(VOTING, ONE, TWO, "x", "item", ordered=True, id=ClauseId("c-newnew")),
        Remove(ONE),
        Move(ONE, OTHER, None, None),
        NewChapter("drafts/n.md", "# N\n"),
    )
    assert from_json(to_json(steps)) == steps
    assert from_json("[]") == ()


@pytest.mark.parametrize(
    "text",
    [
        *["", "{}{", "[1]", '[{"do": "burn"}]', '[{"do": "remove", "clause": "x"}]'],
        *['[{"do": "add"}]', '[{"do": "remove", "clause": "c-aaaaa1", "more": 1}]'],
    ],
)
def test_what_is_no_list_of_steps_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_json(text)


@pytest.mark.parametrize(
    "title", ["Votes", "Tŷ’r Cyffredin", "  --  ", "CON", "_x_", "𒀀" * 99, "日本"]
)
def test_the_path_of_a_new_chapter_is_one_that_a_report_can_have(title: str) -> None:
    from drafter.store.names import check_path

    check_path(chapter_path(title, ()))
    assert chapter_path(title, {chapter_path(title, ())}) != chapter_path(title, ())


def test_a_new_chapter_begins_with_its_title_and_wants_one() -> None:
    assert new_chapter_text(" A  title ", "Words.\r\nMore.") == "# A title\n\nWords.\nMore.\n"
    for title in ("", " \n "):
        with pytest.raises(BadInput, match="title"):
            new_chapter_text(title, "Words.")


@given(seeds)
def test_the_steps_between_two_texts_lead_from_one_to_the_other(seed: int) -> None:
    chance, taken = random.Random(seed), set[str]()
    before = report(chance, taken)
    after = edited(chance, before, "x", taken)
    steps = steps_between(before, after)
    found = try_steps(before, from_json(to_json(steps)), ())
    assert found.unfit == ()
    assert instructions_between(before, found.report) == instructions_between(before, after)


@given(seeds)
def test_removing_what_was_added_gives_the_text_back(seed: int) -> None:
    chance = random.Random(seed)
    before = report(chance, set())
    tops = [c for c in before.chapters[0].clauses if c.parent is None and c.id]
    step = Add(before.chapters[0].path, None, chance.choice(tops).id, "New words.")
    found = try_steps(before, [step], ())
    if not found.unfit:
        new = ClauseId(str(found.made[0]))
        again = apply_steps(found.report, [Remove(new)], ())
        assert verbs(before, again) == []


@given(seeds)
def test_steps_on_different_clauses_come_to_the_same_in_any_order(seed: int) -> None:
    chance = random.Random(seed)
    before = report(chance, set())
    plain = [c for c in before.chapters[0].clauses if c.id and c.type == "paragraph"]
    steps: list[Step] = [Reword(c.id, f"{c.wording} More.") for c in plain if c.id]
    one = apply_steps(before, steps, ())
    two = apply_steps(before, steps[::-1], ())
    assert one.chapters[0].text == two.chapters[0].text


RECAST = """\
# Voting {: #c-v0t1ng }

Every citizen may vote.
{: #c-s1xteen origin="leeds-2018/4" }

> Said in Leeds.

{: #c-q00te0 }

- One {: #c-aaaaa1 }
  - Two {: #c-aaaaa2 }
- Three {: #c-aaaaa3 }

The end.
{: #c-end000 }
"""


@pytest.mark.parametrize(
    ("clause", "words"),
    [("c-s1xteen", "Every citizen may vote."), ("c-q00te0", "> Said in Leeds."),
     ("c-aaaaa3", "Three"), ("c-end000", "The end.")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("type", "ordered", "level"),
    [("paragraph", False, None), ("heading", False, 2), ("heading", False, 4),
     ("item", False, None), ("item", True, None), ("quote", False, None)],
)  # fmt: skip
def test_a_clause_becomes_another_kind_and_stays_itself(
    clause: str, words: str, type: ClauseType, ordered: bool, level: int | None
) -> None:
    before = Report((read_chapter(VOTING, RECAST),))
    place = before.locate(clause)
    assert place is not None
    step = Reword(ClauseId(clause), words, type, ordered, level)
    found = try_steps(before, from_json(to_json([step])), ())
    if kind_of(type, ordered=ordered, level=level) == place.clause.kind:
        assert "has already" in found.unfit[0].sentence
        return
    assert found.unfit == ()
    now = found.report.locate(clause)
    assert now is not None
    assert now.clause.kind == kind_of(type, ordered=ordered, level=level)
    assert now.clause.origin == place.clause.origin
    assert words.strip("> ") in now.clause.wording
    (only,) = instructions_between(before, found.report)
    assert (only.verb, only.clause, only.type, only.level) == ("substitute", clause, type, level)
    again = steps_between(before, found.report)
    assert instructions_between(before, apply_steps(before, again, ())) == (only,)


def test_what_has_entries_inside_it_or_stands_in_one_stays_an_entry() -> None:
    before = Report((read_chapter(VOTING, RECAST),))
    for clause in (ONE, TWO):
        with pytest.raises(BadInput, match="Move them apart"):
            apply_steps(before, [Reword(clause, "Words.", "paragraph")], ())
    numbered = apply_steps(before, [Reword(ONE, "One", "item", True)], ())
    assert numbered.locate(TWO).parent == ONE  # type: ignore[union-attr]


def test_a_table_and_a_footnote_stay_what_they_are() -> None:
    before = Report((read_chapter(VOTING, RECAST),))
    for kind in ("table", "code", "note"):
        with pytest.raises(BadInput, match="stays what it is"):
            apply_steps(before, [Reword(SIXTEEN, "Words.", kind)], ())  # type: ignore[arg-type]


def test_what_is_split_off_names_the_clause_that_it_was_split_from() -> None:
    before = draft()
    steps = (
        Reword(SIXTEEN, "Every citizen"),
        Add(VOTING, None, SIXTEEN, "may vote.", was=(SIXTEEN,)),
    )
    assert from_json(to_json(steps)) == steps
    after = apply_steps(before, steps, ())
    part = after.chapter(VOTING).clauses[2]
    assert (part.wording, part.was) == ("may vote.", (SIXTEEN,))
    again = apply_steps(before, steps_between(before, after), ())
    assert [chapter.text for chapter in again.chapters] == [c.text for c in after.chapters]
    stranger = Add(VOTING, None, SIXTEEN, "may vote.", was=(ClauseId("c-n0ne00"),))
    with pytest.raises(BadInput, match="not in the draft"):
        apply_steps(before, [stranger], ())

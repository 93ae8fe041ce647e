"""Who brought these words: by what was edited, moved, split and joined, and by the law."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.core.clauses import Report
from drafter.core.diff import diff_reports
from drafter.core.editing import insert, move, repeal, substitute
from drafter.core.ids import ClauseId
from drafter.core.marking import add_ids
from drafter.core.provenance import events, where_they_differ
from drafter.core.reading import read_chapter
from drafter.core.wording import join
from drafter.core.wordorigins import Span, word_origins
from tests.core.texts import WORDS, document, edited, report

seeds = st.integers(0, 2**32)

A, B, C, TITLE = map(ClauseId, ("c-aaaaaa", "c-bbbbbb", "c-cccccc", "c-zzzzzz"))

FIRST = f"""# Voting {{: #c-zzzzzz }}

Every citizen aged eighteen or over may vote. The register is kept by the council.
{{: #{A} }}

Nobody pays to vote.
{{: #{B} }}
"""


def text(chapter: str = FIRST, path: str = "drafts/voting.md") -> Report:
    return Report((read_chapter(path, chapter),))


def told(spans: tuple[Span[str], ...]) -> list[tuple[str, str]]:
    return [(span.step, join(span.tokens).strip()) for span in spans]


def follow(*texts: Report) -> dict[str, list[tuple[str, str]]]:
    found = word_origins((f"step {n}", each) for n, each in enumerate(texts))
    return {str(clause): told(spans) for clause, spans in found.items()}


def chapter(*clauses: tuple[str, str]) -> str:
    """Write paragraphs: their words, and what stands in their markers."""
    return "\n".join(f"{words}\n{{: {marker} }}\n" for words, marker in clauses)


def test_each_edit_keeps_the_words_of_those_before() -> None:
    first = text()
    second = substitute(
        first,
        A,
        "Every citizen aged sixteen or over may vote. The register is kept by the council.",
    )
    third = substitute(
        second,
        A,
        "Every citizen aged sixteen or over may vote. The register is kept by an open office.",
    )
    assert follow(first, second, third)[A] == [
        ("step 0", "Every citizen aged"),
        ("step 1", "sixteen"),
        ("step 0", "or over may vote. The register is kept by"),
        ("step 2", "an open office."),
    ]


def test_a_moved_clause_keeps_who_brought_it() -> None:
    first = text()
    second = substitute(first, B, "Nobody pays a fee to vote.")
    third = move(second, B, path="drafts/voting.md", parent=None, after=TITLE)
    assert follow(first, second, third)[B] == [
        ("step 0", "Nobody pays"),
        ("step 1", "a fee"),
        ("step 0", "to vote."),
    ]


def test_a_clause_moved_to_another_chapter_keeps_who_brought_it() -> None:
    other = read_chapter("drafts/other.md", "# Other {: #c-yyyyyy }\n")
    first = Report((*text().chapters, other))
    second = move(first, B, path="drafts/other.md", parent=None, after=ClauseId("c-yyyyyy"))
    assert follow(first, second)[B] == [("step 0", "Nobody pays to vote.")]


def test_a_new_clause_came_with_its_step_and_one_that_is_gone_keeps_its_last_words() -> None:
    first = text()
    second = insert(
        first,
        path="drafts/voting.md",
        parent=None,
        after=A,
        text="Votes are secret.",
        type="paragraph",
        taken=first.ids,
        name=C,
    )
    third = repeal(second, B)
    found = follow(first, second, third)
    assert found[C] == [("step 1", "Votes are secret.")]
    assert found[B] == [("step 0", "Nobody pays to vote.")]


def test_a_split_clause_gives_its_words_on_and_a_joined_one_brings_them_back() -> None:
    one = "Every citizen may vote. The register is kept by the council of the region."
    whole = text(chapter((one, f"#{A}")))
    reworded = substitute(whole, A, one.replace("council", "office"))
    kept, cut = "Every citizen may vote.", "The register is kept by the office of the region."
    split = text(chapter((kept, f"#{A}"), (cut, f'#{B} was="{A}"')))
    joined = text(chapter((f"{kept} {cut}", f'#{A} was="{B}"')))
    parts = follow(whole, reworded, split)
    assert parts[A] == [("step 0", kept)]
    assert parts[B] == [
        ("step 0", "The register is kept by the"),
        ("step 1", "office"),
        ("step 0", "of the region."),
    ]
    assert follow(whole, reworded, split, joined)[A] == follow(whole, reworded)[A]


def test_words_joined_from_another_clause_say_with_which_they_came() -> None:
    two = text(chapter(("Every citizen may vote.", f"#{A}"), ("Nobody pays for it.", f"#{B}")))
    one = text(chapter(("Every citizen may vote. Nobody pays for it.", f'#{A} was="{B}"')))
    spans = word_origins([("first", two), ("second", one)])[A]
    assert [(span.step, span.clause, join(span.tokens).strip()) for span in spans] == [
        ("first", A, "Every citizen may vote."),
        ("first", B, "Nobody pays for it."),
    ]


def test_a_clause_that_names_an_ancestor_which_stays_has_copied_its_words() -> None:
    first = text(chapter(("Every citizen may vote on a Sunday.", f"#{A}")))
    second = text(
        chapter(
            ("Every citizen may vote by letter.", f'#{B} was="{A}"'),
            ("Every citizen may vote on a Sunday.", f"#{A}"),
        )
    )
    found = follow(first, second)
    assert found[A] == [("step 0", "Every citizen may vote on a Sunday.")]
    assert found[B] == [
        ("step 0", "Every citizen may vote"),
        ("step 1", "by letter."),
    ]


def test_small_words_between_changes_keep_who_brought_them() -> None:
    """The difference shows the phrase as one; most of it stood there before."""
    first = text(chapter(("The council decides which letters of the county it answers.", f"#{A}")))
    second = substitute(first, A, "The council decides which petitions of the region it answers.")
    assert ("step 0", "of the") in follow(first, second)[A]


def test_a_small_word_in_a_phrase_that_became_another_goes_with_it() -> None:
    first = text(chapter(("The council must answer letters of anyone within ten days.", f"#{A}")))
    second = substitute(first, A, "The council must answer petitions of residents within ten days.")
    assert ("step 1", "petitions of residents") in follow(first, second)[A]


def test_a_small_word_within_what_was_written_anew_is_no_sliver() -> None:
    first = text(
        chapter(
            ("Everyone is free. The old council of the county met in winter. Nobody pays.", f"#{A}")
        )
    )
    second = substitute(
        first,
        A,
        "Everyone is free. A new parliament for every island of ours sits all summer. Nobody pays.",
    )
    assert follow(first, second)[A] == [
        ("step 0", "Everyone is free."),
        ("step 1", "A new parliament for every island of ours sits all summer"),
        ("step 0", ". Nobody pays."),
    ]


def test_a_lone_full_stop_goes_with_later_words_and_one_that_was_put_in_stays() -> None:
    first = text()
    second = substitute(first, B, "Nobody pays to vote by letter.")
    assert follow(first, second)[B] == [
        ("step 0", "Nobody pays to vote"),
        ("step 1", "by letter."),
    ]
    third = substitute(first, B, "Nobody pays, to vote.")
    assert ("step 1", ",") in follow(first, third)[B]


@pytest.mark.parametrize(
    "words", ["Nobody *pays* to **vote**.", "Nobody Pays to vote.", "Nobody [pays](/x) to vote."]
)
def test_formatting_and_capitals_bring_no_words(words: str) -> None:
    first = text()
    second = substitute(first, B, words)
    spans = word_origins([("first", first), ("second", second)])[B]
    assert [span.step for span in spans] == ["first"]


def test_a_cell_of_a_table_has_its_own_step() -> None:
    table = "| Gift | Limit |\n|---|---|\n| To a party | 10,000 |\n\n{{: #{A} }}\n"
    first = text(table.format(A=A).replace("{{", "{").replace("}}", "}"))
    second = substitute(first, A, "| Gift | Limit |\n|---|---|\n| To a party | 5,000 |")
    assert [step for step, _ in follow(first, second)[A]] == ["step 0", "step 1"]
    assert "5,000" in follow(first, second)[A][1][1]


def test_a_small_word_between_two_long_insertions_is_no_sliver_and_a_longer_run_stays() -> None:
    first = text(chapter(("A council of towns meets.", f"#{A}")))
    second = substitute(
        first, A, "A council that meets in public each year of all the many small towns meets."
    )
    assert follow(first, second)[A] == [
        ("step 0", "A council"),
        ("step 1", "that meets in public each year of all the many small"),
        ("step 0", "towns meets."),
    ]
    first = text(chapter(("A council of elected towns meets.", f"#{A}")))
    second = substitute(
        first,
        A,
        "A council that meets in public each year of elected and very small old towns meets.",
    )
    assert ("step 0", "of elected") in follow(first, second)[A]


def test_a_small_cell_between_two_that_were_written_anew_keeps_who_brought_it() -> None:
    table = "| What | Limit | Who |\n|---|---|---|\n| {} | 3 | {} |"
    old = table.format("gifts to a party", "any company here")
    first = text(f"{old}\n\n{{: #{A} }}\n")
    second = substitute(first, A, table.format("loans by rich donors", "every registered voter"))
    spans = word_origins([("first", first), ("second", second)])[A]
    kept = [token.text for span in spans if span.step == "first" for token in span.tokens]
    assert "3" in kept
    assert "gifts" not in kept


# Laws.


def written(text: Report) -> dict[str, str]:
    return {p.clause.id: p.clause.wording for p in text.places() if p.clause.id}


@given(seeds)
def test_phrases_are_the_wording_exactly_and_neighbours_differ(seed: int) -> None:
    chance, taken = random.Random(seed), set[str]()
    line = [report(chance, taken)]
    for step in range(3):
        line.append(edited(chance, line[-1], f"s{step}", taken))
    found = word_origins(enumerate(line))
    last: dict[str, str] = {}
    for each in line:
        last |= written(each)
    assert {str(clause) for clause in found} == set(last)
    for clause, spans in found.items():
        assert join([token for span in spans for token in span.tokens]) == last[clause]
        keys = [(span.step, span.clause) for span in spans]
        assert all(one != two for one, two in pairwise(keys))


@given(seeds)
def test_what_no_step_touched_came_with_the_first(seed: int) -> None:
    chance, taken = random.Random(seed), set[str]()
    line = [report(chance, taken)]
    for step in range(3):
        line.append(edited(chance, line[-1], f"s{step}", taken))
    always = set.intersection(*(set(written(each).items()) for each in line))
    found = word_origins(enumerate(line))
    for clause, _ in always:
        assert {(span.step, span.clause) for span in found[ClauseId(clause)]} <= {(0, clause)}


@given(seeds)
def test_words_put_in_by_a_step_are_its_own_and_the_others_stay(seed: int) -> None:
    """Every word stands once, so that none can be taken for another."""
    chance = random.Random(seed)
    unique = chance.sample(WORDS, len(WORDS))
    brought = dict.fromkeys(unique[:12], 0)
    words, line = list(brought), []
    line.append(text(chapter((" ".join(words), f"#{A}"))))
    for step in range(1, 5):
        at, fresh = chance.randrange(len(words) + 1), unique[12 + 2 * step : 14 + 2 * step]
        words[at : at + chance.randrange(3)] = fresh
        brought |= dict.fromkeys(fresh, step)
        line.append(text(chapter((" ".join(words), f"#{A}"))))
    for span in word_origins(enumerate(line))[A]:
        assert {brought[token.shown] for token in span.tokens} == {span.step}


@given(seeds)
def test_steps_that_touch_different_clauses_can_change_places(seed: int) -> None:
    chance, taken = random.Random(seed), set[str]()
    first = report(chance, taken)
    paragraphs = [
        place.clause
        for place in first.places()
        if place.clause.id and place.clause.type == "paragraph"
    ]
    if len(paragraphs) < 2:
        return
    one, two = chance.sample(paragraphs, 2)
    assert one.id
    assert two.id

    def reword(text: Report, clause: str, word: str) -> Report:
        place = text.locate(clause)
        assert place is not None
        return substitute(text, clause, f"{place.clause.wording} {word.capitalize()}.")

    a, b = reword(first, one.id, "anew"), reword(first, two.id, "besides")
    both = reword(a, two.id, "besides")
    line = word_origins([("first", first), ("a", a), ("b", both)])
    other = word_origins([("first", first), ("b", b), ("a", both)])
    assert line == other
    assert "a" in {span.step for span in line[one.id]}


@given(seeds)
def test_a_step_is_compared_in_the_chapters_that_it_changed(seed: int) -> None:
    """Leaving out what two texts have in common changes no event."""
    chance, taken = random.Random(seed), set[str]()
    chapters = []
    for n in range(3):
        made = add_ids(read_chapter(f"drafts/{n}.md", document(chance)), taken)
        taken |= {c.id for c in made.clauses if c.id}
        chapters.append(made)
    old = Report(tuple(chapters))
    clauses = [p.clause.id for p in old.places() if p.clause.id and p.clause.type == "paragraph"]
    if not clauses:
        return
    new = repeal(old, chance.choice(clauses))
    small = where_they_differ(old, new)
    assert [len(each.chapters) for each in small] == [1, 1]
    changes = [
        [(change.kind, change.clause, change.words) for change in diff_reports(*pair).changes]
        for pair in ((old, new), small)
    ]
    assert changes[0] == changes[1] != []
    assert events([old, new]).keys() == old.ids

"""Which suggestions stand together: by what they change, not by the words that all share."""

from __future__ import annotations

from drafter.core.likeness import changed_words, likeness, nearly_same

CLAUSE = "Every citizen who has reached the age of sixteen may vote in every election."


def test_copies_with_a_word_changed_stand_beside_the_first() -> None:
    endings = (
        ", and nobody has to ask for it.",
        ", and no one has to ask for it.",
        ", without having to ask for it.",
    )
    suggested = [CLAUSE.rstrip(".") + ending for ending in endings]
    changes = {number: (CLAUSE, words) for number, words in enumerate(suggested, 5)}
    assert nearly_same(changes) == {6: 5, 7: 5}


def test_rivals_do_not_stand_together_though_nearly_all_their_words_are_the_same() -> None:
    other, third = CLAUSE.replace("sixteen", "fourteen"), CLAUSE.replace("sixteen", "eighteen")
    assert nearly_same({1: (CLAUSE, other), 2: (CLAUSE, third)}) == {}


def test_putting_words_in_is_not_like_taking_them_out() -> None:
    longer = CLAUSE + " It is free."
    put_in, taken_out = changed_words(CLAUSE, longer), changed_words(longer, CLAUSE)
    assert likeness(put_in, put_in) == 1
    assert likeness(put_in, taken_out) == 0


def test_what_changes_no_word_is_like_nothing() -> None:
    same = (CLAUSE, CLAUSE.upper())
    assert nearly_same({1: same, 2: same}) == {}

"""Comments from the first click to the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import BadInput, DrafterError, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.people.amendments import Amendment, link_comments, save_amendment
from drafter.people.comments import (
    ClauseCount,
    NewComment,
    add_comment,
    comments_on_clause,
    confirm,
    counts_by_clause,
    find_by_receipt,
    find_comment,
    withdraw,
)
from drafter.people.contributors import (
    Commenter,
    address_of,
    erase_contributor,
    whom_to_tell,
)
from drafter.people.database import Database
from drafter.people.mail import queue_mail, recent_mail
from drafter.people.moderation import (
    Answer,
    AnswerCount,
    answer_comment,
    answers,
    comment_facts,
    comments_to_moderate,
    count_answers,
    hold_comment,
    show_comment,
    suggestions_to_admit,
)

Make = Callable[..., NewComment]
Confirmed = Callable[..., int]

CLAUSE = ClauseId("c-4d8x2n")
OTHER = ClauseId("c-9w2t5v")


def test_a_comment_keeps_what_was_sent_and_what_was_seen(
    database: Database, new_comment: Make, now: datetime
) -> None:
    with database.writing() as session:
        comment = add_comment(session, new_comment(text="Why?\n", words_seen="Ünï — “words”"), now)
    with database.reading() as session:
        assert find_comment(session, 1) == comment
        assert find_comment(session, 2) is None
    assert (comment.number, comment.state, comment.created_at) == (1, "received", now)
    assert (comment.text, comment.words_seen) == ("Why?\n", "Ünï — “words”")


def test_numbers_have_no_gap_even_when_a_session_fails(
    database: Database, new_comment: Make, now: datetime
) -> None:
    def add_and_fail() -> None:
        with database.writing() as session:
            add_comment(session, new_comment(1), now)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        add_and_fail()
    with database.writing() as session:
        assert [add_comment(session, new_comment(n), now).number for n in (2, 3)] == [1, 2]


def test_comments_sent_at_the_same_moment_get_different_numbers(
    database: Database, new_comment: Make, now: datetime, at_once: Callable[..., list[object]]
) -> None:
    def send(n: int) -> int:
        with database.writing() as session:
            return add_comment(session, new_comment(n), now).number

    assert sorted(map(str, at_once(12, send)), key=int) == [str(n) for n in range(1, 13)]


@pytest.mark.parametrize(
    "changes",
    [
        {"suggested_wording": None},
        {"kind": "remark"},
        {"kind": "remark", "suggested_wording": None, "text": ""},
        {"text": "zero \0"},
        {"suggested_wording": "half \ud800"},
        {"email": "a\0@example.org"},
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused(
    database: Database, new_comment: Make, now: datetime, changes: dict[str, str]
) -> None:
    with pytest.raises(BadInput), database.writing() as session:
        add_comment(session, new_comment(**changes), now)
    with database.reading() as session:
        assert find_comment(session, 1) is None


def test_suggesting_to_remove_a_clause_is_an_empty_wording(
    database: Database, new_comment: Make, now: datetime
) -> None:
    with database.writing() as session:
        assert add_comment(session, new_comment(suggested_wording=""), now).suggested_wording == ""


def test_a_receipt_finds_its_comment_and_no_other(
    database: Database, new_comment: Make, now: datetime
) -> None:
    with database.writing() as session:
        for n in (1, 2, 3):
            add_comment(session, new_comment(n), now)
    with database.reading() as session:
        found = find_by_receipt(session, "receipt-2")
        assert found is not None
        assert found.number == 2
        assert find_by_receipt(session, "confirm-2") is None
        assert find_by_receipt(session, "\ud800") is None


def test_confirming_twice_changes_nothing(
    database: Database, new_comment: Make, now: datetime
) -> None:
    with database.writing() as session:
        add_comment(session, new_comment(1), now)
        add_comment(session, new_comment(2), now)
        first = confirm(session, "confirm-1", now)
    with database.writing() as session:
        assert confirm(session, "confirm-1", now + timedelta(days=1)) == first
        other = find_comment(session, 2)
    assert (first.state, first.confirmed_at) == ("confirmed", now)
    assert other is not None
    assert other.state == "received"


def test_confirming_does_not_take_back_what_the_clerk_did(
    database: Database, confirmed: Confirmed, now: datetime
) -> None:
    with database.writing() as session:
        hold_comment(session, confirmed(), "names a private person")
        assert confirm(session, "confirm-1", now).state == "held"


def test_unknown_tokens_and_withdrawn_comments_are_not_confirmed(
    database: Database, confirmed: Confirmed, now: datetime
) -> None:
    confirmed()
    with pytest.raises(NotFound) as caught, database.writing() as session:
        confirm(session, "receipt-1", now)
    assert "receipt-1" not in str(caught.value) + str(caught.value.data)
    with database.writing() as session:
        assert withdraw(session, "receipt-1").state == "withdrawn"
        assert withdraw(session, "receipt-1").state == "withdrawn"
    with pytest.raises(Refused), database.writing() as session:
        confirm(session, "confirm-1", now)
    with pytest.raises(NotFound), database.writing() as session:
        withdraw(session, "confirm-1")


def test_a_clause_lists_only_what_is_shown_there(
    database: Database, confirmed: Confirmed, new_comment: Make, now: datetime
) -> None:
    shown = [confirmed(1), confirmed(2, kind="remark", suggested_wording=None, text="Good.")]
    elsewhere, held, waiting = confirmed(3, clause_id=OTHER), confirmed(4), confirmed(5)
    with database.writing() as session:
        for number in (*shown, elsewhere):
            show_comment(session, number)
        hold_comment(session, held, "abuse")
        add_comment(session, new_comment(6), now)
    with database.reading() as session:
        assert [comment.number for comment in comments_on_clause(session, CLAUSE)] == shown
        assert [c.number for c in comments_on_clause(session, CLAUSE, after=1)] == [2]
        assert [c.number for c in comments_on_clause(session, CLAUSE, limit=1)] == [1]
        assert counts_by_clause(session) == {CLAUSE: ClauseCount(1, 1), OTHER: ClauseCount(0, 1)}
        assert counts_by_clause(session, [OTHER]) == {OTHER: ClauseCount(0, 1)}
        assert counts_by_clause(session, []) == {}
        assert [comment.number for comment in comments_to_moderate(session)] == [waiting]


def test_a_suggestion_waits_for_admission_until_an_amendment_takes_it_up(
    database: Database,
    confirmed: Confirmed,
    new_comment: Make,
    amendment: Amendment,
    now: datetime,
) -> None:
    first, second = confirmed(1), confirmed(2)
    confirmed(3, kind="remark", suggested_wording=None, text="Good.")
    held = confirmed(4)
    with database.writing() as session:
        add_comment(session, new_comment(5), now)
        show_comment(session, second)
        hold_comment(session, held, "abuse")
        assert [c.number for c in suggestions_to_admit(session)] == [first, second]
        link_comments(session, amendment.number, [first], now)
        assert [c.number for c in suggestions_to_admit(session)] == [second]


MODERATION = [
    lambda session, now: show_comment(session, 1),
    lambda session, now: hold_comment(session, 1, "abuse"),
    lambda session, now: answer_comment(session, 1, "Thank you.", "clerk", now),
]


@pytest.mark.parametrize("act", MODERATION, ids=["show", "hold", "answer"])
def test_what_is_not_confirmed_or_withdrawn_is_not_moderated(
    database: Database, new_comment: Make, now: datetime, act: Callable[..., object]
) -> None:
    def attempt(expected: type[DrafterError]) -> None:
        with pytest.raises(expected), database.writing() as session:
            act(session, now)

    attempt(NotFound)
    with database.writing() as session:
        add_comment(session, new_comment(), now)
    attempt(Refused)
    with database.writing() as session:
        withdraw(session, "receipt-1")
    attempt(Refused)


def test_holding_and_answering_need_words(
    database: Database, confirmed: Confirmed, now: datetime
) -> None:
    number = confirmed()
    with pytest.raises(BadInput), database.writing() as session:
        hold_comment(session, number, " ")
    with pytest.raises(BadInput), database.writing() as session:
        answer_comment(session, number, "", "clerk", now)


def test_a_held_comment_can_be_shown_again(database: Database, confirmed: Confirmed) -> None:
    number = confirmed()
    with database.writing() as session:
        assert hold_comment(session, number, "abuse").held_reason == "abuse"
        shown = show_comment(session, number)
    assert (shown.state, shown.held_reason) == ("shown", None)


def test_a_publication_gets_facts_without_texts_and_the_public_answers(
    database: Database, confirmed: Confirmed, amendment: Amendment, now: datetime
) -> None:
    first, second, hidden = confirmed(1), confirmed(2), confirmed(3)
    with database.writing() as session:
        show_comment(session, first)
        show_comment(session, second)
        link_comments(session, 2, [first], now)
        link_comments(session, 1, [first, hidden], now)
        answer_comment(session, second, "Taken up elsewhere.", "clerk", now)
        answer_comment(session, hidden, "Not public.", "clerk", now)
    with database.reading() as session:
        facts = comment_facts(session)
        assert answers(session) == (Answer(second, "Taken up elsewhere.", now, "clerk"),)
        assert count_answers(session) == AnswerCount(shown=2, answered=1)
    assert [(fact.number, fact.amendments) for fact in facts] == [(first, (1, 2)), (second, ())]
    assert [fact.answered_at for fact in facts] == [None, now]
    assert "Every citizen" not in repr(facts)


def test_erasing_a_person_keeps_the_comment_and_takes_the_mail(
    database: Database, confirmed: Confirmed, now: datetime
) -> None:
    confirmed(1)
    confirmed(2)
    with database.writing() as session:
        for n in (1, 2):
            assert address_of(session, f"p-{n}") == "ada@example.org"
            queue_mail(
                session,
                to_address="ada@example.org",
                subject="s",
                body="b",
                now=now,
                contributor=f"p-{n}",
            )
        erase_contributor(session, "p-1")
    with database.reading() as session:
        assert address_of(session, "p-1") is None
        assert address_of(session, "p-2") == "ada@example.org"
        assert len(recent_mail(session)) == 1
        kept = find_comment(session, 1)
    assert kept is not None
    assert kept.contributor == "p-1"


def test_those_are_told_who_can_be_reached_and_have_not_withdrawn(
    database: Database, confirmed: Confirmed, now: datetime
) -> None:
    second, _, _, _, elsewhere, first = (
        confirmed(2), confirmed(3), confirmed(4), confirmed(5, email=None), confirmed(6),
        confirmed(1, email="bob@example.org"),
    )  # fmt: skip
    with database.writing() as session:
        for number in (1, 2):
            view = Amendment(number, "A", "open", 1, "b" * 40, "p-1")
            save_amendment(session, view, now)
        link_comments(session, 1, [n for n in range(1, 7) if n != elsewhere], now)
        link_comments(session, 2, [elsewhere], now)
        withdraw(session, "receipt-3")
        erase_contributor(session, "p-4")
    with database.reading() as session:
        told = whom_to_tell(session, 1)
    assert told == (
        Commenter(second, "p-2", "ada@example.org"),
        Commenter(first, "p-1", "bob@example.org"),
    )
    assert "example.org" not in repr(told)

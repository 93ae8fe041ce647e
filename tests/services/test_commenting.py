from __future__ import annotations

import pytest

from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.people.contributors import address_of
from drafter.services import admitting, commenting
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import decide
from drafter.services.editing import edit
from drafter.services.instance import Instance
from drafter.services.limits import DEEPEST_NESTING, LONGEST_REMARK, LONGEST_WORDING
from tests.services.reports import (
    DONE,
    PEOPLE,
    REGISTER,
    SIXTEEN,
    admit,
    closed,
    mailed,
    send,
    suggest,
)
from tests.services.test_authority import SEAT

YOUNGER = "Every citizen aged fifteen or over may vote in every election."


def test_a_comment_with_an_address_waits_for_its_confirmation(instance: Instance) -> None:
    sent = commenting.comment(instance, SIXTEEN, "Good.", email=" ada@example.org ")
    assert sent.number == 1
    assert commenting.receipt(instance, sent.receipt_token).comment.state == "received"
    assert sent.confirm_token is not None
    assert commenting.confirm(instance, sent.confirm_token).state == "confirmed"
    with instance.database.reading() as session:
        found = commenting.receipt(instance, sent.receipt_token).comment
        assert address_of(session, found.contributor) == "ada@example.org"


def test_a_comment_without_an_address_is_kept_and_counts_once_one_is_added(
    instance: Instance,
) -> None:
    sent = commenting.comment(instance, SIXTEEN, "Good.")
    assert sent.confirm_token is None
    view = commenting.receipt(instance, sent.receipt_token)
    assert (view.comment.state, view.has_address) == ("received", False)
    with pytest.raises(Refused):
        admitting.show(instance, CLERK_ACTOR, sent.number)
    with pytest.raises(BadInput, match="address"):
        commenting.send_again(instance, sent.receipt_token)
    assert commenting.send_again(instance, sent.receipt_token, "Ada@Example.org")
    commenting.confirm(instance, mailed(instance, "confirm")[-1])
    admitting.show(instance, CLERK_ACTOR, sent.number)
    assert [c.text for c in commenting.comments_on(instance, SIXTEEN)] == ["Good."]


@pytest.mark.parametrize(
    "address",
    [
        "ada",
        "a@b",
        "ada@example.org\nBcc: all@example.org",
        "a b@example.org",
        "x" * 250 + "@e.org",
    ],
)
def test_what_is_no_address_is_refused(instance: Instance, address: str) -> None:
    with pytest.raises(BadInput):
        commenting.comment(instance, SIXTEEN, "Good.", email=address)


def test_what_is_too_long_too_deep_or_empty_is_refused(instance: Instance) -> None:
    with pytest.raises(BadInput, match="Shorten"):
        commenting.comment(instance, SIXTEEN, "x" * (LONGEST_REMARK + 1))
    with pytest.raises(BadInput, match="Shorten"):
        commenting.comment(instance, SIXTEEN, "", "x" * (LONGEST_WORDING + 1))
    with pytest.raises(BadInput, match="more plainly"):
        commenting.comment(instance, SIXTEEN, "", "[ " * (DEEPEST_NESTING + 1))
    with pytest.raises(BadInput):
        commenting.comment(instance, SIXTEEN, " ")
    with pytest.raises(NotFound):
        commenting.comment(instance, ClauseId("c-000000"), "Good.")
    with pytest.raises(NotFound):
        commenting.comment(instance, SIXTEEN, "Good.", version_seen="v9")
    assert admitting.queue(instance, CLERK_ACTOR).to_moderate == ()


@pytest.mark.parametrize(
    "wording",
    [
        "One paragraph.\n\nAnd another.",
        "# A heading",
        "- An item\n- Another",
        "Words. {: #c-aaaaaa }",
        "Every citizen aged sixteen or over may vote in every election.",
        "",
    ],
)
def test_a_preview_says_why_a_wording_cannot_be_sent(instance: Instance, wording: str) -> None:
    preview = commenting.preview_suggestion(instance, SIXTEEN, wording)
    assert preview.problems
    with pytest.raises(BadInput):
        commenting.comment(instance, SIXTEEN, "", wording)


def test_a_preview_shows_the_change_as_it_would_be_published(instance: Instance) -> None:
    preview = commenting.preview_suggestion(instance, SIXTEEN, YOUNGER.replace("may", "**may**"))
    assert preview.problems == ()
    assert "<strong>may</strong>" in preview.html
    old = "".join(text for mark, text in preview.pieces if mark != "+")
    assert old == preview.clause.wording


def test_a_receipt_follows_a_comment_to_its_end(instance: Instance) -> None:
    sent = send(instance, SIXTEEN, "", YOUNGER)
    assert commenting.receipt(instance, sent.receipt_token).outcomes == ()
    number = admitting.admit(instance, CLERK_ACTOR, [sent.number], "Fifteen")
    [outcome] = commenting.receipt(instance, sent.receipt_token).outcomes
    assert (outcome.number, outcome.state, outcome.put) == (number, "open", False)
    closed(instance, number, "faab-")
    [outcome] = commenting.receipt(instance, sent.receipt_token).outcomes
    assert (outcome.state, outcome.put, outcome.decided_on) == ("put", True, None)
    decide(instance, CLERK_ACTOR, number, "Too young.")
    [outcome] = commenting.receipt(instance, sent.receipt_token).outcomes
    assert (outcome.state, outcome.reason) == ("rejected", "Too young.")
    assert outcome.decided_on == "2026-03-01"


def test_a_receipt_says_what_has_changed_in_the_clause_since(instance: Instance) -> None:
    sent = commenting.comment(instance, DONE, "What?")
    assert commenting.receipt(instance, sent.receipt_token).changed_since == ()
    edit(instance, SEAT, DONE, "Something must be done.")
    view = commenting.receipt(instance, sent.receipt_token)
    assert view.comment.words_seen == "Something will have to be done."
    assert any(mark == "+" for mark, _ in view.changed_since)


def test_a_stranger_follows_and_confirms_nothing(instance: Instance) -> None:
    commenting.comment(instance, SIXTEEN, "Good.", email="ada@example.org")
    with pytest.raises(NotFound):
        commenting.receipt(instance, "guess")
    with pytest.raises(NotFound):
        commenting.confirm(instance, "guess")


def test_unconfirmed_held_and_withdrawn_suggestions_are_not_admitted(instance: Instance) -> None:
    unconfirmed = commenting.comment(instance, SIXTEEN, "", YOUNGER, "ada@example.org")
    held = suggest(instance, SIXTEEN, YOUNGER)
    admitting.hold(instance, CLERK_ACTOR, held, "Names a person.", reason="person")
    withdrawn = commenting.comment(instance, SIXTEEN, "", YOUNGER)
    commenting.withdraw_comment(instance, withdrawn.receipt_token)
    for number in (unconfirmed.number, held, withdrawn.number):
        with pytest.raises(Refused):
            admitting.admit(instance, CLERK_ACTOR, [number], "Fifteen")
    assert admit(instance, PEOPLE, "Power is ours.") == 1


def test_one_amendment_takes_up_several_suggestions(instance: Instance) -> None:
    numbers = [
        suggest(instance, SIXTEEN, YOUNGER),
        suggest(instance, SIXTEEN, YOUNGER),
        suggest(instance, REGISTER, "The register is kept well."),
        send(instance, SIXTEEN, "Indeed.").number,
    ]
    number = admitting.admit(instance, CLERK_ACTOR, numbers, "  Two\n changes ")
    tip = instance.repository.tip(f"amendments/{number:04}")
    assert tip is not None
    text = instance.repository.read_text(tip, f"amendments/{number:04}.md")
    assert 'title: "Two changes"' in text
    assert "supporters: 2" in text
    other = suggest(instance, SIXTEEN, "Nobody may vote.")
    with pytest.raises(BadInput, match="two amendments"):
        admitting.admit(instance, CLERK_ACTOR, [numbers[0], other], "Both")
    with pytest.raises(BadInput, match="other wording"):
        admitting.admit(instance, CLERK_ACTOR, [numbers[3]], "None")


def test_numbers_have_no_gap_when_an_admission_fails(instance: Instance) -> None:
    good = suggest(instance, SIXTEEN, YOUNGER)
    with pytest.raises(BadInput):
        admitting.admit(instance, CLERK_ACTOR, [good], " ")
    with pytest.raises(NotFound):
        admitting.admit(instance, CLERK_ACTOR, [99], "T")
    assert admitting.admit(instance, CLERK_ACTOR, [good], "T") == 1


def test_an_edit_of_words_that_changed_meanwhile_is_a_conflict(instance: Instance) -> None:
    place = instance.report.locate(DONE)
    assert place is not None
    edit(instance, SEAT, DONE, "Something must be done.")
    with pytest.raises(Conflict):
        edit(instance, SEAT, DONE, "Nothing.", seen=place.clause.hash)

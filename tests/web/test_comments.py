"""What the pages around a comment do: keys of forms, deadlines, receipts, support, the clerk."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from drafter.core.ids import ClauseId
from drafter.services import admitting, amending, commenting, editing, moderating, phases
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance
from drafter.services.permitted import edit_faults
from tests.services.reports import send as send_one

from .test_taking_part import OTHER, PAGE, WORDS, links, send, send_and_confirm
from .visitor import CLAUSE, Clock, Visitor, send_comment


def waiting(instance: Instance) -> list[bool]:
    found = moderating.list_comments(instance, CLERK_ACTOR, "all")
    return [one.suspected for one in found]


def filled(visitor: Visitor, **fields: str) -> dict[str, str]:
    visitor.get(PAGE)
    typed = {"comment": "Good.", "wording": WORDS, "email": "", "do": "send", "consent": "yes"}
    return typed | {"seen": visitor.field("seen"), "form": visitor.field("form")} | fields


def test_the_same_form_sent_twice_makes_one_comment(visitor: Visitor, instance: Instance) -> None:
    form = filled(visitor)
    first, again = visitor.send(PAGE, **form), visitor.send(PAGE, **form)
    assert first.headers["Location"] == again.headers["Location"]
    visitor.get(PAGE)
    changed = visitor.send(PAGE, **form | {"comment": "Better."})
    assert changed.status_code == 400
    assert "You have sent this form before" in changed.text
    assert "Better." in changed.text
    assert len(waiting(instance)) == 1
    second = visitor.send(PAGE, **form | {"comment": "Better.", "form": visitor.field("form")})
    assert second.status_code == 303
    assert second.headers["Location"] != first.headers["Location"]
    back = visitor.send(PAGE, **filled(visitor, comment="Better."))
    assert back.headers["Location"] == second.headers["Location"]
    assert len(waiting(instance)) == 2


def test_what_a_machine_sends_is_flagged_and_not_refused(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    visitor.send(PAGE, **filled(visitor, comment="Fast."))
    slow = filled(visitor, comment="Slow.")
    clock.pass_time(seconds=4)
    visitor.send(PAGE, **slow)
    trapped = filled(visitor, comment="Trapped.", website="https://example.org")
    clock.pass_time(seconds=4)
    visitor.send(PAGE, **trapped)
    visitor.send(PAGE, **filled(visitor, comment="Forged.", form="x.1000000000.0000"))
    assert waiting(instance) == [True, False, True, True]


def test_nothing_is_taken_without_consent_and_the_box_is_never_ticked(
    visitor: Visitor, instance: Instance
) -> None:
    assert not re.search(r'name="consent"[^>]*checked', visitor.get(PAGE).text)
    response = send(visitor, comment="Kept here.", consent="")
    assert response.status_code == 400
    assert "Tick that we may keep" in response.text
    assert "Kept here." in response.text
    assert waiting(instance) == []


def test_ten_thousand_words_are_refused_kindly_and_kept(
    visitor: Visitor, instance: Instance
) -> None:
    said = "words " * 10_000
    response = send(visitor, comment=said)
    assert response.status_code == 400
    assert "Shorten it" in response.text
    assert said.strip() in response.text
    assert waiting(instance) == []


def test_when_the_time_is_over_a_sentence_stands_in_place_of_the_form(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    end = clock.now + timedelta(hours=1)
    phases.set_phase(instance, CLERK_ACTOR, None, end)
    assert "Comments are open until Monday 2 November 2026 at 13:00." in visitor.get(PAGE).text
    form = filled(visitor)
    form["csrf_token"] = visitor.field("csrf_token")
    clock.now = end + timedelta(minutes=4)
    assert "They are closed." in visitor.get(PAGE).text
    assert 'name="comment"' not in visitor.page
    assert "They are closed." in visitor.get("/take-part/").text
    assert visitor.client.post(PAGE, data=form).status_code == 303
    form = form | {"form": "", "comment": "Too late, and kept."}
    clock.pass_time(minutes=1)
    late = visitor.client.post(PAGE, data=form)
    assert late.status_code == 400
    assert "Too late, and kept." in late.text
    assert len(waiting(instance)) == 1


def test_a_receipt_takes_an_address_changes_and_erases(
    visitor: Visitor, instance: Instance
) -> None:
    receipt = send(visitor, comment="First words.", email="").headers["Location"]
    assert "does not count yet" in visitor.get(receipt).text
    assert visitor.send(f"{receipt}/send-again", email="nonsense").status_code == 400
    visitor.send(f"{receipt}/send-again", email="ada@e.org")
    visitor.get(receipt)
    visitor.send(f"{receipt}/rewrite", comment="Second words.", wording=OTHER)
    assert "Second words." in visitor.get(receipt).text
    assert re.search(r"<ins>.*sixteen", visitor.page)
    visitor.send(links(instance.outbox, "confirm")[-1])
    visitor.get(receipt)
    assert visitor.send(f"{receipt}/erase").status_code == 400
    visitor.send(f"{receipt}/erase", what="words")
    page = visitor.get(receipt).text
    assert "Removed by its author." in page
    assert "Second words." not in page
    assert "Comment 1 was removed by its author." in visitor.get(PAGE).text


def test_the_answer_is_the_same_for_every_address(visitor: Visitor, instance: Instance) -> None:
    send(visitor, comment="Mine.", email="ada@e.org")
    answers = []
    for address in ("ada@e.org", "nobody@e.org"):
        visitor.get("/take-part/send-again")
        answers.append(visitor.send("/take-part/send-again", email=address).text)
    assert len(links(instance.outbox, "confirm")) == 2
    assert answers[0] == answers[1]


def test_a_suggestion_is_supported_and_a_mail_program_takes_it_back(
    app: Flask, visitor: Visitor, instance: Instance, suggested: int
) -> None:
    moderating.show(instance, CLERK_ACTOR, suggested)
    where = f"/take-part/comments/{suggested}/support"
    assert "I support it" in visitor.get(where).text
    assert visitor.send(where, email="").status_code == 400
    visitor.send(where, email="bo@e.org")
    link = links(instance.outbox, "confirm")[-1]
    visitor.get(link)
    assert "counts now" in visitor.send(link).text
    assert "One person supports this." in visitor.get(PAGE).text
    visitor.get("/take-part/follow")
    assert "A mail to confirm" in visitor.send("/take-part/follow", email="bo@e.org").text
    link = links(instance.outbox, "confirm")[-1]
    visitor.get(link)
    assert "From now on we write" in visitor.send(link).text


def test_a_mail_program_ends_by_one_request_without_a_session(
    app: Flask, visitor: Visitor, instance: Instance
) -> None:
    from drafter.services import mailing, supporting

    supporting.follow(instance, "report", "", "bo@e.org")
    supporting.confirm_any(instance, links(instance.outbox, "confirm")[-1].rpartition("/")[2])
    with instance.database.writing() as session:
        mailing.tell_followers(session, instance, [("report", "")], "News", "News.", "an event")
    mailing.write_outbox(instance)
    end = links(instance.outbox, "follow/end")[-1]
    assert "Write to me no more" in visitor.get(end).text
    fresh = app.test_client()
    assert fresh.post(end, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "ended already" in fresh.post(end).text


@pytest.fixture
def removed(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> ClauseId:
    """A clause with a comment on it, removed since."""
    clause = ClauseId("c-9w2t5v")
    sent = send_one(instance, clause, "Keep this one.", email="ada@e.org")
    moderating.show(instance, CLERK_ACTOR, sent.number)
    monkeypatch.setattr(editing, "edit_faults", lambda *_: iter(()))
    assert edit_faults is not editing.edit_faults
    from drafter.services.authority import Actor

    editing.repeal(instance, Actor("seat", 1), clause)
    return clause


def test_a_clause_that_is_gone_says_what_became_of_it_and_shows_its_comments(
    visitor: Visitor, instance: Instance, removed: ClauseId
) -> None:
    page = visitor.get(f"/take-part/clause/{removed}")
    assert page.status_code == 200
    assert "no longer in the draft" in page.text
    assert "removed by an edit of the panel" in page.text
    assert "The register is kept by an independent office." in page.text
    assert "Keep this one." in page.text
    assert 'name="comment"' not in page.text
    where = visitor.get("/take-part/comments/1").headers["Location"]
    assert where == f"/take-part/clause/{removed}#comment-1"
    assert visitor.get("/take-part/clause/c-000000").status_code == 404


def test_the_clerk_goes_through_the_queue_without_returning_to_the_desk(
    clerk: Visitor, instance: Instance
) -> None:
    for said in ("One.", "Two.", "Two."):
        send_one(instance, ClauseId(CLAUSE), said, email="ada@e.org")
    page = clerk.get("/clerk/comments").text
    assert "Two times the same words; each counts." in page
    clerk.get("/clerk/comments/1")
    assert clerk.send("/clerk/comments/1/show").headers["Location"] == "/clerk/comments/2"
    clerk.get("/clerk/comments/2")
    assert "comment 3" in clerk.page
    held = clerk.send("/clerk/comments/2/hold", reason="threat", sentence="It insults.")
    assert held.headers["Location"] == "/clerk/comments/3"
    assert "Look at it again" in clerk.get("/clerk/comments/3").text
    assert clerk.send("/clerk/comments/3/show").headers["Location"] == "/clerk/comments"
    assert "Every comment of this kind is done." in clerk.get("/clerk/comments").text
    clerk.get("/clerk/comments/2")
    assert "Show it again" in clerk.page
    clerk.send("/clerk/comments/2/show")
    listed = clerk.get("/clerk/comments?list=unanswered").text
    assert listed.count('name="numbers"') == 3
    refused = clerk.send("/clerk/comments/answer?list=unanswered", answer="Kept words.")
    assert refused.status_code == 400
    assert "Kept words." in refused.text
    token = re.search(r'name="csrf_token" value="([^"]*)"', clerk.page)
    assert token is not None
    given = {"csrf_token": token[1], "numbers": ["1", "3"], "answer": "To both."}
    clerk.client.post("/clerk/comments/answer?list=unanswered", data=given)
    answers = [one.answer for one in commenting.comments_on(instance, ClauseId(CLAUSE))]
    assert answers == ["To both.", None, "To both."]


def test_what_was_said_is_taken_down_and_its_receipt_printed(
    clerk: Visitor, visitor: Visitor, instance: Instance
) -> None:
    clerk.get("/clerk/comments/new")
    given = {"comment": "Said aloud.", "place": "Leeds town hall", "taken_on": "2026-11-01"}
    wrong = clerk.send("/clerk/comments/new", **given, clause="9.9")
    assert wrong.status_code == 400
    assert "Said aloud." in wrong.text
    made = clerk.send("/clerk/comments/new", **given, clause="1.2", source="spoken")
    page = clerk.get(made.headers["Location"]).text
    code = re.search(r'class="code">([^<]+)<', page)
    assert code is not None
    visitor.get("/take-part/receipt")
    assert visitor.send("/take-part/receipt", number="1", code="wrong").status_code == 404
    opened = visitor.send("/take-part/receipt", number="1", code=code[1])
    assert (
        "Said at Leeds town hall, 1 November 2026" in visitor.get(opened.headers["Location"]).text
    )
    assert date(2026, 11, 1) == moderating.printed(instance, CLERK_ACTOR, 1)[0].taken_on


def test_the_clerk_sets_the_time_for_comments(
    clerk: Visitor, visitor: Visitor, instance: Instance
) -> None:
    clerk.get("/clerk/comments/until")
    assert clerk.send("/clerk/comments/until", closes_at="soon").status_code == 400
    clerk.send("/clerk/comments/until", closes_at="2026-11-30T18:00")
    assert "until Monday 30 November 2026 at 18:00" in visitor.get(PAGE).text
    assert "until Monday 30 November 2026 at 18:00" in visitor.get("/take-part/log").text


def test_a_clause_is_found_by_its_number_and_by_its_words(visitor: Visitor) -> None:
    assert visitor.get("/take-part/?find=1.2").headers["Location"] == PAGE
    assert visitor.get("/take-part/?find=aged+eighteen").headers["Location"] == PAGE
    found = visitor.get("/take-part/?find=register").text
    assert "independent office" in found or visitor.get("/take-part/?find=register").location
    assert "No clause has this number" in visitor.get("/take-part/?find=zebra").text


def test_the_live_preview_gives_the_change_alone(visitor: Visitor) -> None:
    visitor.get(PAGE)
    token, seen = visitor.field("csrf_token"), visitor.field("seen")
    form = {"csrf_token": token, "seen": seen, "wording": OTHER}
    answer = visitor.client.post(f"{PAGE}/preview", data=form).text
    assert re.search(r"<del>.*eighteen.*</del>.*<ins>.*sixteen.*</ins>", answer)
    assert "<html" not in answer
    bad = visitor.client.post(f"{PAGE}/preview", data=form | {"wording": "# No\n\nTwo"}).text
    assert 'class="error"' in bad
    same = visitor.client.post(f"{PAGE}/preview", data=form | {"wording": WORDS}).text
    assert same.strip() == ""


def test_a_page_of_a_confirmed_comment_says_thank_you(visitor: Visitor, instance: Instance) -> None:
    send_and_confirm(visitor, instance, comment="Thanks.")
    assert "Thank you" in visitor.page
    gone = visitor.send("/take-part/confirm/nonsense")
    assert gone.status_code == 409
    assert "Send it again" in gone.text


def test_who_alone_asked_for_an_amendment_withdraws_it_by_the_receipt(
    visitor: Visitor, instance: Instance
) -> None:
    wording = "Every citizen aged sixteen or over may vote in every election."
    mine, other = (send_comment(instance, CLAUSE, why, wording) for why in ("Mine.", "Ours."))
    where = f"/take-part/receipt/{mine.receipt_token}"
    assert "Withdraw amendment" not in visitor.get(where).text
    admitting.admit(instance, CLERK_ACTOR, [mine.number], "Sixteen")
    assert "Withdraw amendment 1" in visitor.get(where).text
    assert "Withdraw amendment" not in visitor.get(f"/take-part/receipt/{other.receipt_token}").text
    visitor.get(where)
    assert visitor.send(f"{where}/withdraw-amendment", number="1").status_code == 400
    done = visitor.send(f"{where}/withdraw-amendment", number="1", withdrawal="I was wrong.")
    assert done.status_code == 303
    assert amending.view_amendment(instance, 1).state == "withdrawn"
    assert "Withdraw amendment" not in visitor.get(where).text

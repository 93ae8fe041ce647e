"""Signing in; the seats' votes, bound to the words on the page; the clerk's work to the end."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from drafter.core.ids import ClauseId
from drafter.people.seats import vacate_seat
from drafter.services import admitting, amending, deciding, signing_in, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from tests.services.reports import send

from .visitor import Clock, Visitor


def vote(visitor: Visitor, number: int, **fields: str) -> int:
    where = f"/panel/amendments/{number}"
    visitor.get(where)
    hash_ = visitor.field("ballot_hash")
    return visitor.send(where, **({"ballot_hash": hash_, "choice": "for"} | fields)).status_code


def my_ballot(instance: Instance, number: int, seat: int = 1) -> str | None:
    view = amending.view_amendment(instance, number, actor=Actor("seat", seat))
    assert view.motion is not None
    return next((one.choice for one in view.motion.ballots if one.seat == seat), None)


def test_a_sign_in_link_asks_first_and_works_once(
    app: Flask, visitor: Visitor, instance: Instance
) -> None:
    link = urlsplit(signing_in.mint_link(instance, OPERATOR, Actor("seat", 2))).path
    for _ in range(2):
        assert visitor.get(link).status_code == 200
    assert visitor.get("/panel/").status_code == 403
    visitor.get(link)
    assert visitor.send(link).headers["Location"] == "/panel/"
    assert "Seat 2" in visitor.get("/panel/").text
    thief = Visitor(app.test_client())
    thief.get(link)
    assert thief.send(link).status_code == 409
    assert thief.get("/panel/").status_code == 403


def test_an_expired_link_signs_nobody_in(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    link = urlsplit(signing_in.mint_link(instance, OPERATOR, CLERK_ACTOR)).path
    clock.pass_time(days=30)
    visitor.get(link)
    assert visitor.send(link).status_code == 409
    assert visitor.get("/clerk/").status_code == 403


def test_signing_out_ends_the_session(seat: Visitor) -> None:
    seat.get("/panel/")
    assert seat.send("/sign-out").status_code == 303
    assert seat.get("/panel/").status_code == 403


def test_a_vacated_seat_is_signed_out_at_once(seat: Visitor, instance: Instance) -> None:
    assert seat.get("/panel/").status_code == 200
    with instance.database.writing() as session:
        vacate_seat(session, 1, instance.clock())
    assert seat.get("/panel/").status_code == 403


def test_the_cookie_holds_a_secret_and_nothing_that_says_who_it_is(seat: Visitor) -> None:
    seat.get("/panel/")
    with seat.client.session_transaction() as session:
        held = {name: value for name, value in session.items() if not name.startswith("_")}
    assert held.keys() <= {"id", "csrf_token"}
    assert "seat" not in str(held.values())


def test_the_desk_puts_first_what_needs_a_vote(seat: Visitor, instance: Instance, put: int) -> None:
    page = seat.get("/panel/").text
    assert "One vote waits for you" in page
    assert vote(seat, put) == 303
    page = seat.get("/panel/").text
    assert "Nothing waits for you" in page
    assert "You have voted" in page


def test_a_vote_is_recorded_and_can_be_changed(seat: Visitor, instance: Instance, put: int) -> None:
    vote(seat, put)
    assert my_ballot(instance, put) == "for"
    vote(seat, put, choice="against")
    assert my_ballot(instance, put) == "against"
    assert "You voted against" in seat.get(f"/panel/amendments/{put}").text


def test_nothing_is_preselected_even_after_a_vote(seat: Visitor, put: int) -> None:
    vote(seat, put)
    page = seat.get(f"/panel/amendments/{put}").text
    assert page.count('type="radio"') == 4
    assert " checked" not in page


def test_a_vote_without_a_choice_is_asked_for_again(
    seat: Visitor, instance: Instance, put: int
) -> None:
    assert vote(seat, put, choice="") == 400
    assert "Choose one of these first." in seat.page
    assert my_ballot(instance, put) is None


def test_a_vote_on_other_words_is_not_recorded_and_the_member_is_asked_again(
    seat: Visitor, instance: Instance, put: int
) -> None:
    assert vote(seat, put, ballot_hash="0" * 64) == 409
    assert "your vote was not recorded" in seat.page
    assert my_ballot(instance, put) is None
    hash_ = seat.field("ballot_hash")
    assert hash_ != "0" * 64
    where = f"/panel/amendments/{put}"
    assert seat.send(where, ballot_hash=hash_, choice="for").status_code == 303
    assert my_ballot(instance, put) == "for"


def test_how_others_voted_is_not_shown_before_the_decision(
    seat: Visitor, instance: Instance, put: int
) -> None:
    view = amending.view_amendment(instance, put)
    assert view.motion is not None
    hash_ = view.motion.motion.ballot_hash
    voting.cast(instance, Actor("seat", 2), put, "against", hash_)
    page = seat.get(f"/panel/amendments/{put}").text
    assert "1 of 3 seats have voted" in page
    assert "voted against" not in page


def test_after_the_closing_time_there_is_no_ballot(
    seat: Visitor, instance: Instance, admitted: int, clerk: Visitor, clock: Clock
) -> None:
    where = f"/clerk/amendments/{admitted}"
    clerk.get(where)
    assert clerk.send(f"{where}/put", closes_at="2026-11-03T18:00").status_code == 303
    page = seat.get(f"/panel/amendments/{admitted}").text
    assert "voting closes on Tuesday 3 November 2026 at 18:00" in page
    clock.pass_time(days=2)
    page = seat.get(f"/panel/amendments/{admitted}").text
    assert "Record my vote" not in page
    assert "voting closed on Tuesday" in page
    clerk.get(where)
    assert clerk.send(f"{where}/reopen").status_code == 303
    assert "Put it to the vote" in clerk.get(where).text


@pytest.mark.parametrize("when", ["2020-01-01T18:00", "on Thursday"])
def test_a_closing_time_that_cannot_be_keeps_the_form(
    clerk: Visitor, admitted: int, when: str
) -> None:
    clerk.get(f"/clerk/amendments/{admitted}")
    response = clerk.send(f"/clerk/amendments/{admitted}/put", closes_at=when)
    assert response.status_code == 400
    assert when in response.text


def test_the_clerk_admits_only_with_a_title_and_the_confirmation(
    clerk: Visitor, instance: Instance, suggested: int
) -> None:
    where = f"/clerk/comments/{suggested}"
    clerk.get(where)
    response = clerk.send(f"{where}/admit", title="Votes at sixteen")
    assert response.status_code == 400
    assert 'value="Votes at sixteen"' in response.text
    assert "names no private person" in response.text
    assert clerk.send(f"{where}/admit", no_names="yes").status_code == 400
    assert amending.list_amendments(instance) == ()
    made = clerk.send(f"{where}/admit", title="Votes at sixteen", no_names="yes")
    assert made.headers["Location"] == "/clerk/amendments/1"


def test_the_clerk_shows_and_holds_back(clerk: Visitor, instance: Instance, suggested: int) -> None:
    where = f"/clerk/comments/{suggested}"
    assert "Show it beside the clause" in clerk.get(where).text
    assert clerk.send(f"{where}/show").status_code == 303
    clerk.get(where)
    assert clerk.send(f"{where}/hold", reason="person", sentence=" ").status_code == 400
    assert clerk.send(f"{where}/hold", sentence="It names somebody.").status_code == 400
    held = clerk.send(f"{where}/hold", reason="person", sentence="It names somebody.")
    assert held.status_code == 303
    assert "held back" in clerk.get(where).text


def test_the_queue_gets_empty(clerk: Visitor, instance: Instance, suggested: int) -> None:
    assert "One thing waits for you" in clerk.get("/clerk/").text
    admitting.hold(instance, CLERK_ACTOR, suggested, "It names somebody.", reason="person")
    assert "Nothing waits for you" in clerk.get("/clerk/").text


def test_the_clerk_closes_and_decides_with_a_reason(
    clerk: Visitor, visitor: Visitor, instance: Instance, closed: int
) -> None:
    where = f"/clerk/amendments/{closed}"
    assert "Carried: 2 for, 0 against" in clerk.get(where).text
    assert clerk.send(f"{where}/decide", reason="").status_code == 400
    assert clerk.send(f"{where}/decide", reason="They bear it **too**.").status_code == 303
    page = visitor.get(f"/take-part/amendments/{closed}").text
    assert "Accepted on 2 November 2026" in page
    assert "They bear it <strong>too</strong>." in page
    assert "Seat 3" in page
    assert "did not vote" in page
    assert "aged sixteen" in visitor.get("/take-part/clause/c-4d8x2n").text


def test_a_second_decision_is_refused(clerk: Visitor, closed: int) -> None:
    where = f"/clerk/amendments/{closed}"
    clerk.get(where)
    clerk.send(f"{where}/decide", reason="Once.")
    clerk.get("/clerk/publication")
    response = clerk.send(f"{where}/decide", reason="Twice, and long worked on.")
    assert response.status_code == 409
    assert "Twice, and long worked on." in response.text


def test_the_next_version_lists_what_was_decided(clerk: Visitor, closed: int) -> None:
    where = f"/clerk/amendments/{closed}"
    clerk.get(where)
    clerk.send(f"{where}/decide", reason="Yes.")
    page = clerk.get("/clerk/publication").text
    assert "Publish version 1" in page
    assert "Let people vote at sixteen" in page


def test_a_title_that_is_too_long_is_kept(clerk: Visitor) -> None:
    clerk.get("/clerk/publication")
    response = clerk.send("/clerk/publication", title="Long " * 100)
    assert response.status_code == 400
    assert "Long Long" in response.text


def test_publishing_shows_how_far_it_is_and_what_came_of_it(
    clerk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, told = threading.Event(), threading.Event()

    class Made:
        name = "v1"

    def publish(*given: Any, milestone: bool, **_: object) -> Made:
        progress: Callable[..., None] = given[3]
        assert milestone == (given[2] == "First")
        progress(1, 4, "Checking the record")
        told.set()
        go.wait(10)
        return Made()

    monkeypatch.setattr("drafter.web.clerk.publication.publish_version", publish)
    clerk.get("/clerk/publication")
    where = clerk.send("/clerk/publication", title="First", milestone="yes").headers["Location"]
    assert told.wait(10)
    page = clerk.get(where).text
    assert "Checking the record" in page
    assert '<progress value="25"' in page
    assert 'http-equiv="refresh"' in page
    assert clerk.get("/clerk/publication").headers["Location"] == where
    go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("work "):
            thread.join(10)
    page = clerk.get(where).text
    assert "Version 1 is published" in page
    assert 'http-equiv="refresh"' not in page


def test_the_release_notes_are_drafted_and_what_was_typed_is_kept(
    clerk: Visitor, closed: int
) -> None:
    where = f"/clerk/amendments/{closed}"
    clerk.get(where)
    clerk.send(f"{where}/decide", reason="It is *right*. And it is late.")
    page = clerk.get("/clerk/publication").text
    assert "- Amendment 1, “Let people vote at sixteen”: It is right.\n" in page
    assert "name no private person" in page
    response = clerk.send("/clerk/publication", notes="Long words. " * 2000)
    assert response.status_code == 400
    assert "Long words. Long words." in response.text


def test_a_version_is_looked_at_before_it_is_published_by_panel_and_clerk_alone(
    clerk: Visitor, seat: Visitor, visitor: Visitor
) -> None:
    assert "Nothing to look at" in seat.get("/panel/preview/").text
    assert seat.get("/panel/preview/v1/").status_code == 404
    clerk.get("/clerk/publication")
    where = clerk.send("/clerk/publication", do="look", notes="Read it.").headers["Location"]
    for thread in threading.enumerate():
        if thread.name.startswith("work "):
            thread.join(60)
    assert "Nothing is published yet" in clerk.get(where).text
    assert "from the draft as it is now" in clerk.get("/clerk/publication").text
    for somebody in (seat, clerk):
        page = somebody.get("/panel/preview/v1/")
        assert "Not published: a look at what would be version 1." in page.text
        assert "<p>Read it.</p>" in page.text
        assert somebody.get("/panel/preview/v1/manifest.json").status_code == 200
        assert somebody.get("/panel/preview/.preview.json").status_code == 404
        assert somebody.get("/panel/preview/v1").headers["Location"] == "/panel/preview/v1/"
    assert visitor.get("/panel/preview/v1/").status_code in (302, 303, 403)
    assert visitor.get("/v1/").status_code == 404


def test_the_change_is_read_out_with_words_not_with_colour_alone(seat: Visitor, put: int) -> None:
    page = seat.get(f"/panel/amendments/{put}").text
    assert re.search(r'<del><span class="sr">removed: </span>', page)
    assert re.search(r'<ins><span class="sr">added: </span>', page)


def test_a_member_is_told_when_the_draft_has_changed_under_the_vote(
    seat: Visitor, instance: Instance, closed: int
) -> None:
    wording = "Every citizen aged eighteen or over may vote in every election and referendum."
    other = send(instance, ClauseId("c-4d8x2n"), "", wording)
    number = admitting.admit(instance, CLERK_ACTOR, (other.number,), "Referendums too")
    amending.put(instance, CLERK_ACTOR, number)
    where = f"/panel/amendments/{number}"
    assert "the vote has ended" not in seat.get(where).text
    deciding.decide(instance, CLERK_ACTOR, closed, "They bear it too.")
    page = seat.get(where).text
    assert "the vote has ended" in page
    assert "What is new since it was put" in page
    assert re.search(r"<del><span[^>]*>removed: </span>eighteen</del>", page)
    assert 'name="choice"' not in page
    assert "To be put again, because the draft has changed" in seat.get("/panel/").text


def test_the_receipt_follows_a_suggestion_to_the_decision(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    clause = ClauseId("c-4d8x2n")
    wording = "Every citizen aged sixteen or over may vote in every election."
    sent = send(instance, clause, "They work too.", wording)
    where = f"/take-part/receipt/{sent.receipt_token}"
    number = admitting.admit(instance, CLERK_ACTOR, (sent.number,), "Votes at sixteen")
    assert "It has become an amendment." in visitor.get(where).text
    hash_ = amending.put(instance, CLERK_ACTOR, number).ballot_hash
    assert "The panel is voting on it." in visitor.get(where).text
    for each in (1, 2):
        voting.cast(instance, Actor("seat", each), number, "for", hash_)
    voting.close(instance, CLERK_ACTOR, number)
    deciding.decide(instance, CLERK_ACTOR, number, "They bear it **too**.")
    page = visitor.get(where).text
    assert "The panel accepted the amendment." in page
    assert "They bear it <strong>too</strong>." in page
    assert "The clause now reads as you suggested." in page


def test_an_interest_that_is_too_long_is_kept_and_nothing_recorded(
    seat: Visitor, instance: Instance, put: int
) -> None:
    assert vote(seat, put, choice="recused", interest="kin " * 100) == 400
    assert "kin kin" in seat.page
    assert my_ballot(instance, put) is None

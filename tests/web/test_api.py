"""The interface for programs: who asks, what it takes, what it never tells, how it refuses."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from drafter.core.ids import ClauseId
from drafter.people.ballots import ballots_of
from drafter.services import admitting, deciding, editing, moderating, voting
from drafter.services.abuse import LIMITS
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.web.api import problem
from drafter.web.security import MAX_BODY

from .programs import Program, token_of
from .visitor import CLAUSE, Clock, Visitor, send_comment

ONE, TWO = Actor("seat", 1), Actor("seat", 2)
KEY = "7e2f6a52-2c1b-4a8e-9d0f-3b1c5e7a9f24"
SIXTEEN = "Every citizen aged sixteen or over may vote in every election."


def detail(answer: TestResponse, status: int) -> str:
    """Give the sentence of a problem with this status."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == problem.MEDIA_TYPE
    said = answer.json
    assert said is not None
    assert said["status"] == status
    return str(said["detail"])


def words_of(instance: Instance, number: int) -> str:
    from drafter.services import amending

    motion = amending.view_amendment(instance, number).motion
    assert motion is not None
    return motion.motion.ballot_hash


def remark(instance: Instance, **more: object) -> dict[str, object]:
    place = instance.report.locate(CLAUSE)
    assert place is not None
    seen = place.clause.hash
    return {"text": "A remark.", "wording_hash": seen, "consent": True, **more}


class TestWhoAsks:
    def test_a_cookie_is_worth_nothing_here(
        self, seat: Visitor, instance: Instance, put: int
    ) -> None:
        assert seat.get("/panel/").status_code == 200
        answer = seat.client.get("/api/v1/me")
        assert answer.json == {"role": "public", "seat": None, "expires_at": None}
        assert "Set-Cookie" not in answer.headers
        ballot = {"choice": "for", "ballot_hash": words_of(instance, put)}
        cast = seat.client.put(f"/api/v1/amendments/{put}/ballot", json=ballot)
        assert "Show the token" in detail(cast, 401)
        with instance.database.reading() as session:
            assert ballots_of(session, put, 1) == ()

    def test_a_token_is_and_no_page_believes_it(
        self, app: Flask, instance: Instance, seat_program: Program
    ) -> None:
        answer = seat_program.get("/me")
        assert answer.json is not None
        assert (answer.json["role"], answer.json["seat"]) == ("seat", 1)
        page = app.test_client().get("/panel/", headers=seat_program.headers)
        assert page.status_code == 403

    @pytest.mark.parametrize("shown", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "x", ""])
    def test_what_is_no_token_is_refused_even_where_anybody_may_read(
        self, app: Flask, shown: str
    ) -> None:
        answer = app.test_client().get("/api/v1/report", headers={"Authorization": shown})
        detail(answer, 401)
        assert answer.headers["WWW-Authenticate"] == (
            'Bearer realm="drafter", error="invalid_token"'
        )

    def test_without_one_it_is_asked_for(self, program: Program) -> None:
        answer = program.send("POST", "/amendments/1/close")
        assert "Show the token of somebody who may do this (close)" in detail(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="drafter"'

    def test_another_site_cannot_have_a_browser_send(
        self, program: Program, instance: Instance
    ) -> None:
        where = f"/clauses/{CLAUSE}/comments"
        site = {"Sec-Fetch-Site": "cross-site"}
        assert "another site" in detail(program.send("POST", where, remark(instance), **site), 400)


class TestTokensOnThePage:
    def make(self, visitor: Visitor, days: str = "30", purpose: str = "The hall") -> TestResponse:
        visitor.get("/you/")
        return visitor.send("/you/tokens", purpose=purpose, days=days)

    def test_one_is_shown_once_works_and_is_ended_there(self, app: Flask, seat: Visitor) -> None:
        made = self.make(seat)
        secret = re.search(r'class="secret">(drafter_[\w-]+)<', made.text)
        assert secret
        assert made.headers["Cache-Control"] == "no-store"
        program = Program(app, secret[1])
        assert program.get("/me").status_code == 200
        page = seat.get("/you/").text
        assert "The hall" in page
        assert "last used" in page
        assert secret[1] not in page
        end = re.search(r'action="(/you/tokens/\d+/end)"', page)
        assert end
        assert seat.send(end[1]).status_code == 303
        assert "The hall" not in seat.get("/you/").text
        detail(program.get("/me"), 401)

    @pytest.mark.parametrize(("days", "purpose"), [("91", "x"), ("-1", "x"), ("x", "x"), ("9", "")])
    def test_a_mistake_keeps_what_was_typed_and_makes_none(
        self, seat: Visitor, days: str, purpose: str
    ) -> None:
        answer = self.make(seat, days, purpose)
        assert answer.status_code == 400
        assert f'name="days" value="{days}"' in answer.text
        assert "drafter_" not in answer.text
        assert "None." in seat.get("/you/").text


class TestWhatItTakes:
    def where(self) -> str:
        return f"/clauses/{CLAUSE}/comments"

    def test_a_form_is_not_json(self, app: Flask, instance: Instance) -> None:
        sent = app.test_client().post(f"/api/v1{self.where()}", data={"text": "x"})
        assert "Content-Type: application/json" in detail(sent, 415)

    @pytest.mark.parametrize(
        "body", ["", "{", "[]", "null", '"x"', '{"text": "\\ud800"}', "[" * 100_000, "\xff"]
    )
    def test_what_cannot_be_read_is_bad_input(self, app: Flask, body: str) -> None:
        sent = app.test_client().post(
            f"/api/v1{self.where()}",
            data=body.encode("latin-1"),
            content_type="application/json",
        )
        assert "not as described" in detail(sent, 400)

    def test_an_unknown_field_is_refused_by_its_name(
        self, program: Program, instance: Instance
    ) -> None:
        answer = program.send("POST", self.where(), remark(instance, txet="x"))
        assert "'txet'" in detail(answer, 400)
        assert answer.json is not None
        assert answer.json["errors"][0]["field"] == "txet"

    def test_so_is_an_unknown_parameter_and_one_that_stands_twice(self, program: Program) -> None:
        assert "'staet'" in detail(program.get("/amendments?staet=put"), 400)
        assert "twice" in detail(program.get("/amendments?after=1&after=2"), 400)
        for wrong in ("after=-1", "after=x", "limit=101", "limit=0", "state=won", f"after={2**63}"):
            detail(program.get(f"/amendments?{wrong}"), 400)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"consent": False},
            {"consent": "true"},
            {"text": 7},
            {"wording_hash": "x"},
            {"email": ["a"]},
        ],
    )
    def test_a_field_of_the_wrong_kind_is_refused(
        self, program: Program, instance: Instance, wrong: dict[str, object]
    ) -> None:
        answer = program.send("POST", self.where(), remark(instance, **wrong))
        assert f"'{next(iter(wrong))}'" in detail(answer, 400)

    def test_too_much_is_too_much(self, program: Program, instance: Instance) -> None:
        long = remark(instance, text="x" * (MAX_BODY + 1))
        assert "too long" in detail(program.send("POST", self.where(), long), 413)

    def test_the_same_limits_hold_as_on_the_page(
        self, program: Program, instance: Instance
    ) -> None:
        long = remark(instance, text="x" * 5_001)
        assert "may have 5000 characters" in detail(program.send("POST", self.where(), long), 400)

    def test_a_method_that_is_not_there_is_named_with_those_that_are(
        self, program: Program
    ) -> None:
        answer = program.send("DELETE", "/report")
        detail(answer, 405)
        assert "GET" in answer.headers["Allow"]


class TestCommenting:
    def send(self, program: Program, sent: dict[str, object], **headers: str) -> TestResponse:
        return program.send("POST", f"/clauses/{CLAUSE}/comments", sent, **headers)

    def test_a_suggestion_waits_for_its_mail_and_is_shown_nowhere_before(
        self, program: Program, instance: Instance
    ) -> None:
        answer = self.send(program, remark(instance, wording=SIXTEEN, email="ada@example.org"))
        assert answer.status_code == 201
        assert answer.json is not None
        assert answer.json["confirm_by_mail"] is True
        receipt = program.get(f"/receipts/{answer.json['receipt']}")
        assert receipt.json is not None
        assert (receipt.json["state"], receipt.json["to_confirm"]) == ("received", True)
        assert receipt.headers["Cache-Control"] == "no-store"
        rows = program.get(f"/clauses/{CLAUSE}/comments").json
        assert rows == {"comments": [], "page": 1, "pages": 1, "total": 0}

    def test_the_clerk_sees_that_a_program_sent_it(
        self, program: Program, seat_program: Program, instance: Instance
    ) -> None:
        for each in (program, seat_program):
            self.send(each, remark(instance))
        flags = [
            moderating.read_comment(instance, CLERK_ACTOR, number).comment.suspected
            for number in (1, 2)
        ]
        assert flags == [True, False]

    def test_sent_twice_under_one_key_it_counts_once(
        self, program: Program, instance: Instance
    ) -> None:
        sent = remark(instance)
        first, again = (self.send(program, sent, **{"Idempotency-Key": KEY}) for _ in range(2))
        assert first.json is not None
        assert again.json is not None
        assert first.json["number"] == again.json["number"] == 1
        assert first.json["receipt"] == again.json["receipt"]

    def test_a_key_that_was_used_for_other_words_gives_no_receipt_away(
        self, program: Program, instance: Instance
    ) -> None:
        headers = {"Idempotency-Key": KEY}
        first = self.send(program, remark(instance), **headers)
        other = self.send(program, remark(instance, text="Other words."), **headers)
        assert first.json is not None
        assert "used for another comment" in detail(other, 409)
        assert first.json["receipt"] not in other.text

    def test_a_key_that_others_would_choose_too_is_refused(
        self, program: Program, instance: Instance
    ) -> None:
        answer = self.send(program, remark(instance), **{"Idempotency-Key": "1"})
        assert "20 to 200 characters" in detail(answer, 400)

    def test_for_words_that_are_no_longer_those_nothing_is_recorded(
        self, program: Program, instance: Instance
    ) -> None:
        answer = self.send(program, remark(instance, wording_hash="0" * 64))
        assert "Read it again" in detail(answer, 409)

    @pytest.mark.parametrize("sent", [{"text": " "}, {"text": "x", "wording": " "}])
    def test_what_the_page_refuses_is_refused(
        self, program: Program, instance: Instance, sent: dict[str, object]
    ) -> None:
        detail(self.send(program, remark(instance, **sent)), 400)

    def test_a_flood_is_told_how_long_to_wait(
        self, program: Program, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        from drafter.services import abuse

        few = replace(LIMITS["comment"], refuse=abuse.Bucket(2, abuse.HOUR))
        monkeypatch.setattr(abuse, "LIMITS", {**LIMITS, "comment": few})
        answers = [self.send(program, remark(instance)) for _ in range(3)]
        assert [each.status_code for each in answers] == [201, 201, 429]
        detail(answers[2], 429)
        assert int(answers[2].headers["Retry-After"]) > 0


class TestWhatItTells:
    def test_a_comment_held_back_keeps_its_place_and_none_of_its_words(
        self, program: Program, instance: Instance
    ) -> None:
        send_comment(instance, CLAUSE, "Shown words.")
        send_comment(instance, CLAUSE, "Held words.", SIXTEEN)
        admitting.show(instance, CLERK_ACTOR, 1)
        admitting.hold(instance, CLERK_ACTOR, 2, "It names somebody.", reason="person")
        answer = program.get(f"/clauses/{CLAUSE}/comments")
        assert answer.json is not None
        shown, held = answer.json["comments"]
        assert (shown["state"], shown["text"]) == ("shown", "Shown words.")
        assert (held["state"], held["text"], held["suggested_wording"]) == ("held", None, None)
        assert "It names somebody." in held["held_because"]
        for word in ("Held words", "sixteen", "ada@e.org"):
            assert word not in answer.text

    def test_before_the_closing_nobody_learns_how_others_have_voted(
        self, app: Flask, instance: Instance, put: int, program: Program, clerk_program: Program
    ) -> None:
        words = words_of(instance, put)
        voting.cast(instance, TWO, put, "recused", words, interest="A farm of my own.")
        for each in (program, Program(app, token_of(instance, ONE)), clerk_program):
            answer = each.get(f"/amendments/{put}")
            assert answer.json is not None
            assert answer.json["motion"]["voted_seats"] == [2]
            assert answer.json["motion"]["roll_call"] == []
            assert "farm" not in answer.text
        own = Program(app, token_of(instance, TWO)).get(f"/amendments/{put}").json
        assert own is not None
        assert own["panel"]["own"] == {"choice": "recused", "interest": "A farm of my own."}

    def test_what_the_panel_alone_is_shown_is_not_shown_to_the_public(
        self, program: Program, clerk_program: Program, instance: Instance, put: int
    ) -> None:
        words = words_of(instance, put)
        public = program.get(f"/amendments/{put}")
        assert public.json is not None
        assert public.json["panel"] is None
        assert words not in public.text
        asked = clerk_program.get(f"/amendments/{put}").json
        assert asked is not None
        assert asked["panel"]["ballot_hash"] == words

    def test_the_clerk_reads_the_statements_and_decides_only_then(
        self, program: Program, clerk_program: Program, instance: Instance, put: int
    ) -> None:
        words = words_of(instance, put)
        voting.cast(instance, Actor("seat", 3), put, "recused", words, interest="I own it.")
        for seat in (ONE, TWO):
            voting.cast(instance, seat, put, "for", words)
        voting.close(instance, CLERK_ACTOR, put)
        where, reason = f"/amendments/{put}/decide", "It is right."
        unread = clerk_program.send("POST", where, {"reason": reason})
        assert "Read them" in detail(unread, 409)
        asked = clerk_program.get(f"/amendments/{put}").json
        assert asked is not None
        said = asked["panel"]["statements"]
        assert said["interests"] == [{"seat": 3, "text": "I own it."}]
        sent = {"reason": reason, "statements_read": said["digest"]}
        assert clerk_program.send("POST", where, sent).status_code == 200

    def test_a_list_is_read_part_by_part(
        self, program: Program, instance: Instance, admitted: int
    ) -> None:
        for number in (2, 3):
            send_comment(instance, "c-9w2t5v", "x", f"The register is kept by {number} offices.")
            admitting.admit(instance, CLERK_ACTOR, (number,), f"Register {number}")
        first = program.get("/amendments?limit=2").json
        assert first is not None
        assert [one["number"] for one in first["amendments"]] == [1, 2]
        last = program.get(f"/amendments?limit=2&after={first['next']}").json
        assert last is not None
        assert ([one["number"] for one in last["amendments"]], last["next"]) == ([3], None)
        assert program.get("/amendments?state=accepted").json == {"amendments": [], "next": None}

    def test_a_clause_that_is_gone_says_what_became_of_it(
        self, program: Program, instance: Instance
    ) -> None:
        _drafting(instance)
        editing.repeal(instance, ONE, ClauseId("c-9w2t5w"))
        found = program.get("/clauses/c-9w2t5w").json
        assert found is not None
        assert (found["number"], found["wording"]) == (
            "1.2.2",
            "Anyone may look up their own entry.",
        )
        assert found["gone"]["sentence"].startswith("It was removed")
        detail(program.get("/clauses/c-zzzzzz"), 404)
        detail(program.get("/clauses/c-zzzzzz/comments"), 404)

    def test_what_the_public_reads_may_be_asked_for_again_and_nothing_else(
        self, program: Program, seat_program: Program
    ) -> None:
        first = program.get("/report")
        assert (first.headers["Cache-Control"], first.headers["Vary"]) == (
            "no-cache",
            "Authorization",
        )
        again = program.get("/report", **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.text) == (304, "")
        by_token = seat_program.get("/report")
        assert by_token.headers["Cache-Control"] == "no-store"
        assert "ETag" not in by_token.headers

    def test_a_receipt_opens_by_its_secret_alone(
        self, program: Program, instance: Instance, suggested: int
    ) -> None:
        for guess in (str(suggested), "x", "x" * 43):
            detail(program.get(f"/receipts/{guess}"), 404)


def _drafting(instance: Instance) -> None:
    """Let seats edit the chapter freely."""
    from drafter.store import names
    from drafter.store.messages import write_message

    with instance.writing() as writer:
        path, tip = "drafts/01-voting.md", instance.tip
        text = "---\nphase: drafting\n---\n" + instance.report.chapters[0].text
        message = write_message("operator", "Begin drafting")
        new = writer.write_commit({path: text.encode()}, tip, (tip,), message, instance.clock())
        writer.move_ref(names.MAIN, tip, new)


class TestWhatItDoes:
    def test_one_ballot_however_often_it_is_sent(
        self, seat_program: Program, instance: Instance, put: int
    ) -> None:
        sent = {"choice": "for", "ballot_hash": words_of(instance, put)}
        for _ in range(3):
            answer = seat_program.send("PUT", f"/amendments/{put}/ballot", sent)
            assert answer.status_code == 200
        with instance.database.reading() as session:
            assert [(b.seat, b.choice) for b in ballots_of(session, put, 1)] == [(1, "for")]

    def test_an_interest_is_declared_and_taken_back(
        self, seat_program: Program, instance: Instance, put: int
    ) -> None:
        where, words = f"/amendments/{put}/ballot", words_of(instance, put)
        recused = {"choice": "recused", "ballot_hash": words}
        assert "which interest" in detail(seat_program.send("PUT", where, recused), 400)
        seat_program.send("PUT", where, {**recused, "interest": "I own it."})
        vote = {"choice": "for", "ballot_hash": words}
        detail(seat_program.send("PUT", where, vote), 409)
        assert seat_program.send("DELETE", where).status_code == 200
        assert seat_program.send("PUT", where, vote).status_code == 200

    def test_who_is_not_in_the_majority_dissents(
        self, app: Flask, instance: Instance, put: int
    ) -> None:
        words = words_of(instance, put)
        for number, choice in ((1, "for"), (2, "for"), (3, "against")):
            voting.cast(instance, Actor("seat", number), put, choice, words)  # type: ignore[arg-type]
        voting.close(instance, CLERK_ACTOR, put)
        where, sent = f"/amendments/{put}/dissent", {"text": "Too early."}
        three = Program(app, token_of(instance, Actor("seat", 3)))
        assert three.send("PUT", where, sent).status_code == 200
        detail(Program(app, token_of(instance, ONE)).send("PUT", where, sent), 409)

    def test_words_that_have_moved_are_not_decided(
        self, clerk_program: Program, instance: Instance, closed: int
    ) -> None:
        other = send_comment(instance, CLAUSE, "x", SIXTEEN.replace("sixteen", "seventeen"))
        number = admitting.admit(instance, CLERK_ACTOR, (other.number,), "Seventeen")
        from drafter.services import amending

        words = amending.put(instance, CLERK_ACTOR, number).ballot_hash
        for seat in (ONE, TWO):
            voting.cast(instance, seat, number, "for", words)
        voting.close(instance, CLERK_ACTOR, number)
        deciding.decide(instance, CLERK_ACTOR, number, "Because.")
        sent = {"reason": "It is right."}
        answer = clerk_program.send("POST", f"/amendments/{closed}/decide", sent)
        assert "has changed since" in detail(answer, 409)
        assert answer.json is not None
        assert answer.json["type"].endswith("/conflict")

    def test_the_seat_that_asked_for_it_withdraws_it_and_no_other(
        self, app: Flask, instance: Instance
    ) -> None:
        from drafter.core.steps import Reword
        from drafter.services import proposing, receiving

        steps = [Reword(ClauseId(CLAUSE), SIXTEEN)]
        draft = proposing.start(instance, ONE, title="Sixteen", steps=steps)
        proposing.submit(instance, ONE, draft.id)
        number = receiving.admit_proposal(instance, CLERK_ACTOR, draft.id)
        where, sent = f"/amendments/{number}/withdraw", {"reason": "We think again."}
        other = Program(app, token_of(instance, TWO)).send("POST", where, sent)
        assert "Only the seat that asked" in detail(other, 403)
        answer = Program(app, token_of(instance, ONE)).send("POST", where, sent)
        assert answer.json is not None
        assert answer.json["state"] == "withdrawn"

    def test_a_mistake_of_the_program_tells_nothing_of_itself(
        self, program: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(self: Instance) -> object:
            raise RuntimeError("the secret inside")

        monkeypatch.setattr(Instance, "report", property(fail))
        answer = program.get("/report")
        detail(answer, 500)
        assert "secret" not in answer.text

    def test_an_expired_token_does_nothing(
        self, seat_program: Program, clock: Clock, instance: Instance, put: int
    ) -> None:
        clock.pass_time(days=30)
        sent = {"choice": "for", "ballot_hash": words_of(instance, put)}
        detail(seat_program.send("PUT", f"/amendments/{put}/ballot", sent), 401)

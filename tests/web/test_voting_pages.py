"""The vote on pages, in every circumstance: interests, dissents, rooms, batches, motions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drafter.core.ids import ClauseId
from drafter.services import admitting, amending, batching, deciding, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance

from .visitor import CLAUSE, Clock, Visitor, send_comment

REGISTER = ClauseId("c-9w2t5v")
PUBLIC_OFFICE = "The register is kept by a public office."


@pytest.fixture
def second(instance: Instance) -> int:
    """A second open amendment, of another clause."""
    sent = send_comment(instance, REGISTER, "", PUBLIC_OFFICE)
    return admitting.admit(instance, CLERK_ACTOR, (sent.number,), "A public office")


def hash_of(instance: Instance, number: int) -> str:
    motion = amending.view_amendment(instance, number).motion
    assert motion is not None
    return motion.motion.ballot_hash


def cast(instance: Instance, number: int, **choices: voting.Choice) -> None:
    for seat, choice in choices.items():
        who = Actor("seat", int(seat.removeprefix("seat")))
        voting.cast(instance, who, number, choice, hash_of(instance, number))


def test_a_seat_with_an_interest_says_which_and_can_take_it_back(
    seat: Visitor, instance: Instance, put: int
) -> None:
    where = f"/panel/amendments/{put}"
    seat.get(where)
    fields = {"ballot_hash": seat.field("ballot_hash"), "choice": "recused"}
    assert seat.send(where, **fields).status_code == 400
    assert "Say which interest you have" in seat.page
    assert seat.send(where, **fields, interest="I keep a register.").status_code == 303
    page = seat.get(where).text
    assert "I keep a register." in page
    assert 'name="choice"' not in page
    assert seat.send(where, ballot_hash=hash_of(instance, put), choice="for").status_code == 409
    seat.get(where)
    assert seat.send(f"{where}/take-back").status_code == 303
    assert 'name="choice"' in seat.get(where).text


def test_who_has_voted_is_shown_and_never_how(
    seat: Visitor, clerk: Visitor, instance: Instance, put: int
) -> None:
    cast(instance, put, seat2="against", seat3="for")
    for page in (
        seat.get(f"/panel/amendments/{put}").text,
        clerk.get(f"/clerk/amendments/{put}").text,
        clerk.get(f"/clerk/amendments/{put}/roll-call").text,
    ):
        assert "voted against" not in page
        assert "voted for" not in page
    assert "seats 2 and 3" in seat.get(f"/panel/amendments/{put}").text


def test_after_the_closing_everybody_sees_how_each_voted_and_the_minority_may_dissent(
    seat: Visitor, visitor: Visitor, clerk: Visitor, instance: Instance, put: int
) -> None:
    cast(instance, put, seat1="against", seat2="for", seat3="for")
    assert "So it cannot be undone." in clerk.get(f"/clerk/amendments/{put}").text
    clerk.send(f"/clerk/amendments/{put}/close")
    assert "voted against" in visitor.get(f"/take-part/amendments/{put}").text
    assert "You may dissent" in seat.get("/panel/").text
    where = f"/panel/amendments/{put}"
    seat.get(where)
    assert seat.send(f"{where}/dissent", dissent="x" * 20_000).status_code == 400
    assert "xxx" in seat.page
    assert seat.send(f"{where}/dissent", dissent="It comes **too early**.").status_code == 303
    assert "It comes **too early**." in seat.get(where).text

    where = f"/clerk/amendments/{put}"
    page = clerk.get(where).text
    assert "It comes <strong>too early</strong>." in page
    seen = clerk.field("seen")
    assert clerk.send(f"{where}/decide", reason="Yes.", seen=seen).status_code == 409
    assert "Yes." in clerk.page
    sent = clerk.send(f"{where}/decide", reason="Yes.", seen=seen, statements="yes")
    assert sent.status_code == 303
    assert "Seat 1 dissents" in visitor.get(f"/take-part/amendments/{put}").text


def test_a_vote_in_the_room_is_entered_on_one_form(
    clerk: Visitor, visitor: Visitor, instance: Instance, put: int
) -> None:
    cast(instance, put, seat1="against")
    where = f"/clerk/amendments/{put}/roll-call"
    page = clerk.get(where).text
    assert "has cast its own vote" in page
    assert " checked" not in page
    fields = {
        "ballot_hash": clerk.field("ballot_hash"),
        "vote-1": "for",
        "vote-2": "for",
        "vote-3": "recused",
    }
    assert clerk.send(where, **fields).status_code == 400
    assert "Seat 3: Say which interest" in clerk.page
    fields["interest-3"] = "I keep a register."
    assert clerk.send(where, **fields).status_code == 409
    assert "cast their own ballot: 1" in clerk.page
    assert "I keep a register." in clerk.page
    assert clerk.send(where, **fields, **{"replace-1": "yes"}).status_code == 303
    clerk.send(f"/clerk/amendments/{put}/close")
    page = visitor.get(f"/take-part/amendments/{put}").text
    assert page.count("(in the room)") == 2
    assert "I keep a register." in page


def test_uncontested_amendments_are_put_voted_closed_and_decided_together(
    seat: Visitor, clerk: Visitor, instance: Instance, admitted: int, second: int
) -> None:
    assert "Put several together" in clerk.get("/clerk/").text
    page = clerk.get("/clerk/together").text
    assert page.count('name="number"') == 2
    assert " checked" not in page
    assert clerk.send("/clerk/together", number=str(admitted)).status_code == 400
    both = {"number": [str(admitted), str(second)]}
    where = clerk.send("/clerk/together", **both).headers["Location"]  # type: ignore[arg-type]
    number = int(where.rpartition("/")[2])

    assert "Two amendments put together" in seat.get("/panel/").text
    at = f"/panel/together/{number}"
    page = seat.get(at).text
    assert "A public office" in page
    digest = seat.field("digest")
    assert seat.send(at, digest=digest, choice="").status_code == 400
    assert seat.send(at, digest="0" * 64, choice="for").status_code == 409
    assert "your vote was not recorded" in seat.page
    assert seat.send(at, digest=digest, choice="for").status_code == 303
    batching.cast_together(instance, Actor("seat", 2), number, "for", digest)
    clerk.get(where)
    assert clerk.send(f"{where}/close").status_code == 303
    assert clerk.send(f"{where}/decide", reason=" ").status_code == 400
    assert clerk.send(f"{where}/decide", reason="Nobody minded.").status_code == 303
    for each in (admitted, second):
        assert amending.view_amendment(instance, each).state == "accepted"
    assert "All" not in clerk.get(where).text


def test_a_seat_takes_one_out_of_the_others(
    seat: Visitor, instance: Instance, admitted: int, second: int
) -> None:
    batch = batching.put_together(instance, CLERK_ACTOR, (admitted, second)).number
    where = f"/panel/amendments/{second}"
    assert "Vote on this one by itself" in seat.get(where).text
    assert seat.send(f"{where}/take-out").status_code == 303
    assert "Take it out" not in seat.get(where).text
    assert "A public office" not in seat.get(f"/panel/together/{batch}").text


def test_what_is_so_already_is_offered_to_be_closed_as_lapsed_and_never_is_by_itself(
    clerk: Visitor, instance: Instance, closed: int
) -> None:
    wording = "Every citizen aged sixteen or over may vote in every election."
    sent = send_comment(instance, "c-4d8x2n", "", wording)
    same = admitting.admit(instance, CLERK_ACTOR, (sent.number,), "The same")
    where = f"/clerk/amendments/{same}"
    assert "Close it as lapsed" not in clerk.get(where).text
    clerk.get(f"/clerk/amendments/{closed}")
    clerk.send(f"/clerk/amendments/{closed}/decide", reason="Yes.")
    assert amending.view_amendment(instance, same).state == "open"
    assert "Close it as lapsed" in clerk.get(where).text
    assert "can be closed as lapsed" in clerk.get("/clerk/").text
    assert clerk.send(f"{where}/lapse", reason="").status_code == 400
    assert clerk.send(f"{where}/lapse", reason="It is so already.").status_code == 303
    assert "Lapsed on" in clerk.get(where).text
    assert "can be closed as lapsed" not in clerk.get("/clerk/").text


def test_a_decision_is_opened_again_by_a_carried_motion(
    seat: Visitor, clerk: Visitor, instance: Instance, closed: int
) -> None:
    clerk.get(f"/clerk/amendments/{closed}")
    clerk.send(f"/clerk/amendments/{closed}/decide", reason="Yes.")
    seat.get(f"/panel/amendments/{closed}")
    sent = seat.send(f"/panel/amendments/{closed}/reconsider")
    motion = int(sent.headers["Location"].rpartition("/")[2])
    assert "Changes no words." in seat.get(f"/panel/amendments/{motion}").text
    amending.put(instance, CLERK_ACTOR, motion)
    cast(instance, motion, seat1="for", seat2="for")
    voting.close(instance, CLERK_ACTOR, motion)
    clerk.get(f"/clerk/amendments/{motion}")
    clerk.send(f"/clerk/amendments/{motion}/decide", reason="It deserves a second look.")
    assert "Carried: to open again" in clerk.get("/clerk/").text
    clerk.get(f"/clerk/amendments/{motion}")
    where = clerk.send(f"/clerk/amendments/{motion}/open-again").headers["Location"]
    page = clerk.get(where).text
    assert f"Reconsiders amendment {closed}, as motion {motion} allowed." in page
    assert "Carried: to open again" not in clerk.get("/clerk/").text


def test_a_chapter_in_drafting_is_moved_to_be_adopted(
    seat: Visitor, clerk: Visitor, instance: Instance, tmp_path: Path
) -> None:
    for who, at in ((seat, "/panel"), (clerk, "/clerk")):
        assert "No chapter is being drafted" in who.get(f"{at}/motions").text
    with instance.writing() as writer:
        from drafter.store.messages import write_message

        tip = instance.tip
        text = instance.repository.read_text(tip, "drafts/01-voting.md")
        files = {"drafts/01-voting.md": f"---\nphase: drafting\n---\n{text}".encode()}
        message = write_message("import", "Drafting begins")
        commit = writer.write_commit(files, tip, (tip,), message, instance.clock())
        writer.move_ref("main", tip, commit)
    assert "Move to adopt its text" in seat.get("/panel/motions").text
    sent = seat.send("/panel/motions/adopt", path="drafts/01-voting.md")
    page = seat.get(sent.headers["Location"]).text
    assert "Ends the drafting of “Voting”." in page
    assert seat.send(sent.headers["Location"] + "/withdraw").status_code == 303
    assert "Withdrawn by whoever asked for it." in seat.get(sent.headers["Location"]).text


def test_the_change_is_shown_in_its_place_or_side_by_side(
    seat: Visitor, instance: Instance, put: int
) -> None:
    page = seat.get(f"/panel/amendments/{put}").text
    assert re.search(r'class="around">.*The register is kept', page, re.S)
    assert "As it would be" not in page
    page = seat.get(f"/panel/amendments/{put}?view=side").text
    assert "As it would be" in page
    assert 'class="around"' not in page


def test_each_desk_says_so_where_nothing_is_to_do(seat: Visitor, clerk: Visitor) -> None:
    assert "Nothing waits for you" in seat.get("/panel/").text
    assert "Nothing waits for you" in clerk.get("/clerk/").text


def test_a_vote_that_ran_out_stands_on_the_clerks_desk(
    clerk: Visitor, instance: Instance, admitted: int, clock: Clock
) -> None:
    from datetime import timedelta

    amending.put(instance, CLERK_ACTOR, admitted, clock.now + timedelta(hours=1))
    clock.pass_time(hours=2)
    assert "Time is over: to close, or to put again" in clerk.get("/clerk/").text


def test_the_desk_reads_no_text_however_many_amendments_are_open(
    seat: Visitor, instance: Instance, put: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("read")

    for name in ("effect_of", "proposal_at", "record_at"):
        monkeypatch.setattr(amending, name, fail)
    assert seat.get("/panel/").status_code == 200
    assert "A public office" in seat.page


def test_the_wording_of_an_amendment_is_removed_and_its_page_says_why(
    seat: Visitor, clerk: Visitor, visitor: Visitor, instance: Instance, admitted: int
) -> None:
    where = f"/clerk/amendments/{admitted}"
    assert "Remove its wording for good" in clerk.get(where).text
    wrong = clerk.send(f"{where}/redact", removal=" ")
    assert (wrong.status_code, "Give the reason" in wrong.text) == (400, True)
    assert clerk.send(f"{where}/redact", removal="It named *somebody*.").status_code == 303
    assert "Remove its wording for good" not in clerk.get(where).text
    for who, at in ((seat, "/panel"), (clerk, "/clerk"), (visitor, "/take-part")):
        page = who.get(f"{at}/amendments/{admitted}").text
        assert "It named <em>somebody</em>." in page
        assert "<h2>Wording removed</h2>" in page
        assert "What it asked for" not in page


def test_a_vote_ended_by_a_rival_can_go_on_with_other_words(
    instance: Instance, clerk: Visitor
) -> None:
    for number, age in ((1, "sixteen"), (2, "seventeen")):
        wording = f"Every citizen aged {age} or over may vote in every election."
        send_comment(instance, CLAUSE, "Why.", wording)
        admitting.admit(instance, CLERK_ACTOR, (number,), f"Vote at {age}")
        amending.put(instance, CLERK_ACTOR, number)
    motion = amending.view_amendment(instance, 1).motion
    assert motion is not None
    for seat in (1, 2):
        voting.cast(instance, Actor("seat", seat), 1, "for", motion.motion.ballot_hash)
    voting.close(instance, CLERK_ACTOR, 1)
    deciding.decide(instance, CLERK_ACTOR, 1, "It is right.")
    page = clerk.get("/clerk/amendments/2").text
    assert "Begin the next round" in page
    assert "Put it to the vote again" not in page
    assert clerk.send("/clerk/amendments/2/reopen").status_code == 303
    page = clerk.get("/clerk/amendments/2").text
    assert "Draft it anew" in page

"""Making the example: where a visitor begins, and that half of one is never left."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.core.errors import NotFound, Refused
from drafter.demo.making import (
    CITIZENS_CLAUSE,
    PUT_CLAUSE,
    REMARK_CLAUSE,
    WAITING_CLAUSE,
    make_demo,
)
from drafter.demo.starter import starter
from drafter.services.admitting import queue
from drafter.services.amending import list_amendments, view_amendment
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from drafter.services.publishing import publish
from drafter.services.receiving import waiting
from drafter.services.signing_in import list_seats, redeem
from drafter.services.verifying import verify
from drafter.services.voting import cast, close
from tests.example import BASE_URL, clock

PUT = 28


def test_the_report_holds_the_clauses_that_the_demo_speaks_of(kept: Instance) -> None:
    for clause in (CITIZENS_CLAUSE, PUT_CLAUSE, REMARK_CLAUSE, WAITING_CLAUSE):
        assert kept.report.locate(clause), clause
    assert (starter() / "site").is_dir()


def test_twenty_seats_are_filled_and_each_version_has_its_pages(kept: Instance) -> None:
    assert [seat.filled for seat in list_seats(kept)] == [True] * 20
    for name in ("v1", "v2", "v3"):
        assert (kept.public / name / "index.html").is_file(), name


def test_one_motion_lacks_one_ballot_of_its_quorum(lived: Instance) -> None:
    (amendment,) = list_amendments(lived, ["put"])
    motion = view_amendment(lived, amendment.number, actor=CLERK_ACTOR).motion
    assert amendment.number == PUT
    assert motion is not None
    assert (motion.voted, motion.quorum_needed, motion.seats) == (9, 10, 20)
    with pytest.raises(Refused):
        close(lived, CLERK_ACTOR, amendment.number)


def test_the_clerk_finds_one_comment_and_one_draft_waiting(kept: Instance) -> None:
    (comment,) = queue(kept, CLERK_ACTOR).to_moderate
    assert comment.clause_id == WAITING_CLAUSE
    (draft,) = waiting(kept, CLERK_ACTOR)
    assert draft.author == "seat-18"


def test_the_record_verifies(kept: Instance) -> None:
    assert verify(kept.repository, kept.database, kept.public).findings == ()


def test_the_links_sign_in_a_seat_that_has_not_voted_and_the_clerk(lived: Instance) -> None:
    tour = make_demo(lived.path, BASE_URL)
    assert redeem(lived, tour.member.rpartition("/")[2]).actor == Actor("seat", 3)
    assert redeem(lived, tour.clerk.rpartition("/")[2]).actor == CLERK_ACTOR
    assert tour.seat == "seat-03"
    assert tour.waiting == f"The vote on amendment {PUT} lacks one ballot of its quorum."
    assert tour.citizen == f"{BASE_URL}/take-part/clause/{CITIZENS_CLAUSE}"
    assert tour.mailbox == f"{BASE_URL}/demo/mailbox"


def test_the_missing_ballot_leads_to_a_decision_and_the_same_clerk_may_publish_it(
    lived: Instance,
) -> None:
    view = view_amendment(lived, PUT, actor=Actor("seat", 3))
    assert view.motion is not None
    cast(lived, Actor("seat", 3), PUT, "for", view.motion.motion.ballot_hash)
    close(lived, CLERK_ACTOR, PUT)
    decided = decide(lived, CLERK_ACTOR, PUT, "Three years is long enough.")
    assert isinstance(decided, Decided)
    assert decided.outcome == "accepted"
    assert lived.rules.clerk_may_publish_own
    assert publish(lived, CLERK_ACTOR, "Fourth draft").name == "v4"
    assert make_demo(lived.path, BASE_URL).waiting == "No vote waits for you."


def test_the_links_are_made_of_the_tokens_of_the_visit(lived: Instance) -> None:
    drawn = iter(("mine-1", "mine-2"))
    tour = make_demo(lived.path, BASE_URL, clock=clock(), tokens=lambda: next(drawn))
    assert (tour.member.rpartition("/")[2], tour.clerk.rpartition("/")[2]) == ("mine-1", "mine-2")


def test_half_a_demo_is_never_left_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("drafter.demo.panel.publishing.publish", fail)
    with pytest.raises(OSError, match="No space left"):
        make_demo(tmp_path / "demo", BASE_URL)
    assert list(tmp_path.iterdir()) == []


def test_what_stands_at_the_place_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Mine.")
    with pytest.raises(Refused):
        make_demo(tmp_path, BASE_URL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_report_that_is_no_example_is_not_opened_as_one(tmp_path: Path) -> None:
    Instance.create(tmp_path / "report").close()
    with pytest.raises(Refused, match="Something stands"):
        make_demo(tmp_path / "report", BASE_URL)


def test_an_installed_package_brings_the_sources_of_the_site_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.__file__", str(tmp_path / "site-packages/drafter/__init__.py"))
    with pytest.raises(NotFound):
        starter()
    carried = tmp_path / "site-packages/drafter/demo/report"
    (carried / "site").mkdir(parents=True)
    (carried / "mkdocs.yml").touch()
    assert starter() == carried

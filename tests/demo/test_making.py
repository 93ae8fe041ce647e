"""The example report: what it holds, that it verifies, and that it can be made twice alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafter.core.errors import NotFound, Refused
from drafter.demo.making import (
    CITIZENS_CLAUSE,
    PUT_CLAUSE,
    REMARK_CLAUSE,
    WAITING_CLAUSE,
    Tour,
    make_demo,
)
from drafter.demo.starter import starter
from drafter.services.admitting import queue
from drafter.services.amending import list_amendments, view_amendment
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from drafter.services.publishing import publish
from drafter.services.signing_in import list_seats, redeem
from drafter.services.verifying import verify
from drafter.services.voting import cast, close
from drafter.store.history import versions

BASE_URL = "http://127.0.0.1:8000"


def clock() -> Callable[[], datetime]:
    """A clock that is a minute later each time it is asked."""
    start = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    minutes = iter(range(1_000_000))
    return lambda: start + timedelta(minutes=next(minutes))


def tokens() -> Callable[[], str]:
    numbers = iter(range(1_000_000))
    return lambda: f"token-{next(numbers):032d}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tour]:
    path = tmp_path_factory.mktemp("demo") / "report"
    return path, make_demo(path, BASE_URL, clock=clock(), tokens=tokens())


@pytest.fixture
def demo(made: tuple[Path, Tour]) -> Iterator[Instance]:
    instance = Instance.open(made[0])
    yield instance
    instance.close()


def test_the_starter_report_holds_the_clauses_that_the_demo_speaks_of(demo: Instance) -> None:
    for clause in (CITIZENS_CLAUSE, PUT_CLAUSE, REMARK_CLAUSE, WAITING_CLAUSE):
        assert demo.report.locate(clause), clause
    assert (starter() / "site").is_dir()


def test_seven_seats_are_filled_and_version_1_has_its_pages(demo: Instance) -> None:
    assert [seat.filled for seat in list_seats(demo)] == [True] * 7
    assert [version.name for version in versions(demo.repository)] == ["v1"]
    assert (demo.public / "v1" / "index.html").is_file()


def test_one_motion_lacks_one_ballot_of_its_quorum(demo: Instance) -> None:
    (amendment,) = list_amendments(demo)
    motion = view_amendment(demo, amendment.number, actor=CLERK_ACTOR).motion
    assert amendment.state == "put"
    assert motion is not None
    assert (motion.voted, motion.quorum_needed, motion.seats) == (3, 4, 7)
    with pytest.raises(Refused):
        close(demo, CLERK_ACTOR, amendment.number)


def test_the_clerk_finds_one_comment_waiting(demo: Instance) -> None:
    (waiting,) = queue(demo, CLERK_ACTOR).to_moderate
    assert waiting.clause_id == WAITING_CLAUSE


def test_the_record_verifies(demo: Instance) -> None:
    assert verify(demo.repository, demo.database, demo.public).findings == ()


def test_the_links_sign_in_a_seat_that_has_not_voted_and_the_clerk(tmp_path: Path) -> None:
    tour = make_demo(tmp_path / "demo", BASE_URL)
    instance = Instance.open(tmp_path / "demo")
    try:
        assert redeem(instance, tour.member.rpartition("/")[2]).actor == Actor("seat", 4)
        assert redeem(instance, tour.clerk.rpartition("/")[2]).actor == CLERK_ACTOR
    finally:
        instance.close()
    assert tour.seat == "seat-04"
    assert tour.citizen == f"{BASE_URL}/take-part/clause/{CITIZENS_CLAUSE}"
    assert tour.mailbox == f"{BASE_URL}/demo/mailbox"


def test_the_missing_ballot_leads_to_a_decision_and_the_same_clerk_may_publish_it(
    tmp_path: Path,
) -> None:
    make_demo(tmp_path / "demo", BASE_URL)
    instance = Instance.open(tmp_path / "demo")
    try:
        view = view_amendment(instance, 1, actor=Actor("seat", 4))
        assert view.motion is not None
        cast(instance, Actor("seat", 4), 1, "for", view.motion.motion.ballot_hash)
        close(instance, CLERK_ACTOR, 1)
        decided = decide(instance, CLERK_ACTOR, 1, "Three years is long enough.")
        assert isinstance(decided, Decided)
        assert decided.outcome == "accepted"
        assert publish(instance, CLERK_ACTOR, "Second draft").name == "v2"
        assert instance.rules.clerk_may_publish_own
    finally:
        instance.close()
    assert make_demo(tmp_path / "demo", BASE_URL).waiting == "No vote waits for you."


def test_the_same_clock_and_tokens_make_the_same_report(
    made: tuple[Path, Tour], tmp_path: Path
) -> None:
    again = make_demo(tmp_path / "again", BASE_URL, clock=clock(), tokens=tokens())
    assert again == made[1]
    one, two = Instance.open(made[0]), Instance.open(tmp_path / "again")
    try:
        assert one.tip == two.tip
        assert one.repository.branches() == two.repository.branches()
        assert one.repository.tip("v1") == two.repository.tip("v1")
    finally:
        one.close()
        two.close()


def test_half_a_demo_is_never_left_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("drafter.demo.making.publish", fail)
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


def test_an_installed_package_brings_the_starter_report_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.__file__", str(tmp_path / "site-packages/drafter/__init__.py"))
    with pytest.raises(NotFound):
        starter()
    carried = tmp_path / "site-packages/drafter/demo/report"
    (carried / "drafts").mkdir(parents=True)
    (carried / "mkdocs.yml").touch()
    assert starter() == carried

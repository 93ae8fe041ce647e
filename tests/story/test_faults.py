"""Killed at every boundary that a verb crosses, and anywhere under load: the next process finds
everything that was acknowledged, once, and goes on without a hand.
"""

from __future__ import annotations

import errno
import itertools
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from drafter.core.ids import ClauseId
from drafter.people.amendments import amendments_of_comment
from drafter.people.audit import entries_about
from drafter.people.ballots import ballots_of, find_ballot
from drafter.people.comments import find_comment
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.services import amending, commenting, editing, publishing, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.services.mailing import write_outbox
from drafter.services.verifying import Finding, verify
from tests.conftest import FULL
from tests.services.reports import (
    DONE,
    SIXTEEN,
    Ticking,
    admit,
    closed,
    make_instance,
    suggest,
    write_source,
)
from tests.story.orders import Orders

KILLED = -9
CLAUSES = 30
KILLS_UNDER_LOAD = 300 if FULL else 15


@pytest.fixture
def instance(tmp_path: Path, database_url: str | None) -> Iterator[Instance]:
    """An instance with a panel of three, and clauses enough."""
    source = write_source(tmp_path / "source")
    lines = ["# Many {: #c-many00 }"]
    lines += [f"Sentence number {n} says little.\n{{: #{name(n)} }}" for n in range(CLAUSES)]
    (source / "drafts" / "many.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    made = make_instance(
        tmp_path / "instance", source, seats=3, clock=Ticking(), database=database_url
    )
    with closing(made):
        yield made


def name(n: int) -> ClauseId:
    return ClauseId(f"c-{n:06d}")


def at_every_boundary(
    orders: Orders, instance: Instance, verb: str, given: Callable[[int], dict[str, Any]]
) -> Iterator[tuple[int, dict[str, Any], list[Any]]]:
    """Kill a verb at its first boundary, its second, … until it comes through alive."""
    for die_at in itertools.count(1):
        mine = given(die_at)
        told = orders.give(instance.path, verb, mine, how="die", at=die_at)
        status = told.pop()["status"]
        assert status in (0, KILLED), told
        yield die_at, mine, told
        if status == 0:
            assert told, "what came through was acknowledged"
            return


def require_agreement(instance: Instance, *, untagged: bool = False) -> None:
    """A fresh start finishes whatever was left, and then nothing disagrees."""
    with closing(Instance.open(instance.path)) as again:
        with again.database.reading() as session:
            assert unapplied_decisions(session) == ()
        found = verify(again.repository, again.database).findings
        assert [each for each in found if not (untagged and _is_untagged(each))] == []


def _is_untagged(finding: Finding) -> bool:
    """Whether it is a version that the next publication finishes."""
    return finding.sentence.endswith("has no tag; publish to finish it.")


def comments_by_text(instance: Instance) -> list[str]:
    """Give the comments' texts, in the order of their numbers, which have no gap."""
    texts = []
    with instance.database.reading() as session:
        for number in itertools.count(1):
            found = find_comment(session, number)
            if found is None:
                assert find_comment(session, number + 1) is None
                return texts
            texts.append(found.text)
    raise AssertionError


def test_a_comment_killed_anywhere_is_kept_once_where_it_was_acknowledged(
    instance: Instance, orders: Orders
) -> None:
    acknowledged = {}
    clause = {"clause": SIXTEEN}
    for turn, _, told in at_every_boundary(
        orders, instance, "comment", lambda n: {**clause, "text": f"comment {n}"}
    ):
        for one in told:
            acknowledged[f"comment {turn}"] = one["receipt"]
    assert turn >= 4
    kept = comments_by_text(instance)
    assert len(set(kept)) == len(kept)
    for text, receipt in acknowledged.items():
        assert commenting.receipt(instance, receipt).comment.text == text
    require_agreement(instance)


def test_a_ballot_killed_anywhere_is_the_old_one_or_the_new_one(
    instance: Instance, orders: Orders
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    bound = amending.put(instance, CLERK_ACTOR, number).ballot_hash
    choices = itertools.cycle(("for", "against", "abstaining"))
    before: str | None = None

    def given(_: int) -> dict[str, Any]:
        return {"seat": 1, "number": number, "choice": next(choices), "ballot_hash": bound}

    for turn, mine, told in at_every_boundary(orders, instance, "cast", given):  # noqa: B007
        with instance.database.reading() as session:
            found = find_ballot(session, number, 1, 1)
            assert len(ballots_of(session, number, 1)) == (found is not None)
        now = found.choice if found else None
        assert now in ((mine["choice"],) if told else (before, mine["choice"]))
        before = now
    assert turn >= 4
    require_agreement(instance)


def test_an_edit_killed_anywhere_is_on_main_once_where_it_was_acknowledged(
    instance: Instance, orders: Orders
) -> None:
    def given(turn: int) -> dict[str, Any]:
        return {"clause": DONE, "wording": f"Something will be done, {turn}."}

    for turn, mine, told in at_every_boundary(orders, instance, "edit", given):  # noqa: B007
        place = instance.report.locate(DONE)
        assert place is not None
        if told:
            assert place.clause.wording == mine["wording"]
            assert instance.repository.contains(instance.tip, told[0]["edit"])
    assert turn >= 7
    kinds = [commit.kind for commit in instance.repository.commits(instance.tip)]
    assert kinds.count("edit") <= turn
    require_agreement(instance)
    with instance.database.reading() as session:
        noted = entries_about(session, f"clause {DONE}")
    assert len(noted) == kinds.count("edit")


@pytest.mark.full_on_both
def test_an_admission_killed_anywhere_is_one_amendment_or_none(
    instance: Instance, orders: Orders
) -> None:
    sent = [suggest(instance, name(n), f"Number {n} says more.") for n in range(CLAUSES)]
    for turn, mine, told in at_every_boundary(  # noqa: B007
        orders, instance, "admit", lambda n: {"comments": [sent[n]]}
    ):
        require_agreement(instance)
        with instance.database.reading() as session:
            made = amendments_of_comment(session, mine["comments"][0])
        assert len(made) <= 1
        if told:
            assert [each.number for each in made] == [told[0]["admit"]]
    assert turn >= 7
    found = amending.list_amendments(instance)
    assert [each.number for each in found] == list(range(1, len(found) + 1))


@pytest.mark.full_on_both
def test_putting_and_closing_killed_anywhere_can_be_done_again(
    instance: Instance, orders: Orders
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    for verb in ("put", "close"):
        for die_at in itertools.count(1):
            told = orders.give(instance.path, verb, {"number": number}, how="die", at=die_at)
            if told[-1]["status"] != KILLED:
                break
        # The last boundary is behind the commit: it was done, so once more is refused.
        assert told[0].get("error") == "Refused", told
        view = amending.view_amendment(instance, number)
        assert view.motion is not None
        assert view.motion.motion.state == ("open" if verb == "put" else "closed")
        if verb == "put":
            for seat in (1, 2, 3):
                bound = view.motion.motion.ballot_hash
                voting.cast(instance, Actor("seat", seat), number, "for", bound)
    require_agreement(instance)


def test_a_decision_killed_anywhere_is_taken_once(instance: Instance, orders: Orders) -> None:
    numbers = [admit(instance, name(n), f"Number {n} says more.") for n in range(CLAUSES)]
    for number in numbers:
        closed(instance, number, "fff")
    for turn, mine, _ in at_every_boundary(  # noqa: B007
        orders, instance, "decide", lambda n: {"number": numbers[n - 1]}
    ):
        require_agreement(instance)
        write_outbox(instance)  # as whoever comes next does: else the mails left behind grow
        view = amending.view_amendment(instance, mine["number"])
        if view.state == "put":
            assert orders.give(instance.path, "decide", mine)[-1] == {"status": 0}
    assert turn >= 12
    require_agreement(instance)
    kinds = [commit.kind for commit in instance.repository.commits(instance.tip)]
    assert kinds.count("decision") == turn
    with instance.database.reading() as session:
        assert len(applied_decisions(session)) == turn


@pytest.mark.full_on_both
def test_a_publication_killed_anywhere_is_one_version(instance: Instance, orders: Orders) -> None:
    acknowledged = []

    def given(turn: int) -> dict[str, Any]:
        editing.edit(instance, Actor("seat", 1), DONE, f"Something will be done, {turn}.")
        return {"title": f"Turn {turn}"}

    for turn, _, told in at_every_boundary(orders, instance, "publish", given):  # noqa: B007
        acknowledged += [one["publish"] for one in told]
        require_agreement(instance, untagged=not told)
    assert turn >= 15
    tags = instance.repository.tags()
    assert list(tags) == [f"v{n}" for n in range(1, len(tags) + 1)]
    assert acknowledged == [tags[-1]]
    publishing.build_missing(instance, CLERK_ACTOR)
    assert all((instance.public / tag / "manifest.json").exists() for tag in tags)
    found = verify(instance.repository, instance.database, instance.public)
    assert found.findings == ()


REFUSED_BY_THE_DISK = ("OSError", "Unreadable", "Busy")


@pytest.mark.full_on_both
@pytest.mark.parametrize("refuse", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_refuses_from_any_write_on_is_told_and_nothing_is_half_done(
    instance: Instance, orders: Orders, refuse: int
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    bound = amending.put(instance, CLERK_ACTOR, number).ballot_hash
    to_decide = admit(instance, name(1), "Number 1 says more.")
    closed(instance, to_decide, "fff")
    verbs: dict[str, dict[str, Any]] = {
        "comment": {"clause": SIXTEEN, "text": "Heard?"},
        "cast": {"seat": 1, "number": number, "choice": "for", "ballot_hash": bound},
        "edit": {"clause": DONE},
        "decide": {"number": to_decide},
    }
    receipts, edits, last = [], [], 0
    for verb, given in verbs.items():
        for fail_at in itertools.count(1):
            given = {**given, "wording": f"Something will be done, {fail_at}."}
            told = orders.give(instance.path, verb, given, how="refuse", at=fail_at, refuse=refuse)
            status = told.pop()["status"]
            receipts += [one["receipt"] for one in told if "receipt" in one]
            edits += [one["edit"] for one in told if "edit" in one]
            if status == 0:
                break
            if verb == "decide" and told[-1]["error"] == "Refused":
                break  # what the last one recorded, and could not say, this one has finished
            assert told[-1]["error"] in REFUSED_BY_THE_DISK, told
            assert len(told[-1]["sentence"]) > 20
            last = fail_at
    assert last >= 3
    require_agreement(instance)
    for receipt in receipts:
        commenting.receipt(instance, receipt)
    assert all(instance.repository.contains(instance.tip, edit) for edit in edits)
    with closing(Instance.open(instance.path)) as again:
        assert amending.view_amendment(again, to_decide).state == "accepted"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.usefixtures("sqlite_only")
def test_a_full_disk_loses_nothing_says_so_and_is_recovered_from_by_making_room(
    instance: Instance, orders: Orders, small_disk: Path
) -> None:
    to_decide = admit(instance, name(1), "Number 1 says more.")
    closed(instance, to_decide, "fff")
    instance.close()
    path = small_disk / "instance"
    shutil.copytree(instance.path, path)
    with suppress(OSError), (small_disk / "ballast").open("wb") as ballast:
        for _ in range(12 * 16):
            ballast.write(b"x" * 65536)
            ballast.flush()
    with (small_disk / "ballast").open("r+b") as ballast:
        ballast.truncate(ballast.seek(0, 2) - 300_000)
    receipts: list[str] = []
    for turn in range(500):
        given = {"clause": SIXTEEN, "text": f"{turn} " + "word " * 700}
        told = orders.give(path, "comment", given)
        if told[-1]["status"] != 0:
            break
        receipts.append(told[0]["receipt"])
    assert told[0]["error"] == "Unreadable", told
    assert "full" in told[0]["sentence"]
    assert receipts
    (small_disk / "last").write_bytes(b"")
    with suppress(OSError), (small_disk / "last").open("wb", buffering=0) as last:
        while last.write(b"x" * 4096):
            pass
    edited = {"clause": DONE, "wording": "Something will be done."}
    assert orders.give(path, "edit", edited)[0]["error"] in REFUSED_BY_THE_DISK
    assert orders.give(path, "decide", {"number": to_decide})[0]["error"] in REFUSED_BY_THE_DISK
    for file in ("ballast", "last"):
        (small_disk / file).unlink()
    for verb, given in (("edit", edited), ("decide", {"number": to_decide})):
        assert orders.give(path, verb, given)[-1] == {"status": 0}
    with closing(Instance.open(path)) as again:
        for receipt in receipts:
            commenting.receipt(again, receipt)
        assert len(comments_by_text(again)) == len(receipts) + 1
        assert verify(again.repository, again.database).findings == ()


class Ledger:
    """What several processes acknowledged, and what each was about to do when it died."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.receipts: list[str] = []
        self.edits: list[str] = []
        self.decided: list[int] = []
        self.ballots: dict[int, set[str]] = {}

    def note(self, seat: int, told: list[Any]) -> None:
        with self._guard:
            for one in told:
                assert "error" not in one, one
                self.receipts += [one["receipt"]] if "receipt" in one else []
                self.edits += [one["edit"]] if "edit" in one else []
                self.decided += [one["decide"]] if "decide" in one else []
                if "casting" in one:
                    self.ballots[seat] = {*self.ballots.get(seat, ()), one["casting"]}
                if "cast" in one:
                    self.ballots[seat] = {one["cast"]}


def test_killed_at_random_under_load_nothing_acknowledged_is_lost_or_doubled(
    instance: Instance, orders: Orders
) -> None:
    running = admit(instance, SIXTEEN, "Everyone may vote.")
    bound = amending.put(instance, CLERK_ACTOR, running).ballot_hash
    numbers = [admit(instance, name(n), f"Number {n} says more.") for n in range(CLAUSES)]
    for number in numbers:
        closed(instance, number, "fff")
    ledger, chance = Ledger(), random.Random(1832)
    second = Orders()

    def work(seat: int) -> None:
        giver = orders if seat == 1 else second
        mine = numbers[seat - 1 :: 2]
        for turn in range(KILLS_UNDER_LOAD // 2 + 1):
            given = {
                "name": f"seat {seat} life {turn}",
                "clause": SIXTEEN,
                "edited": DONE,
                "motion": {"seat": seat, "number": running, "ballot_hash": bound},
                "decide": [number for number in mine if number not in ledger.decided][:1],
            }
            told = giver.give(
                instance.path,
                "load",
                given,
                how="linger",
                at=chance.randint(1, 40),
                linger=chance.random() / 50,
            )
            status = told.pop()["status"]
            already = [one for one in told if one.get("error") == "Refused"]
            if already:  # it was decided, and died before it could say so
                ledger.decided += given["decide"]
                told = [one for one in told if "error" not in one]
            assert status == KILLED or already, (status, told)
            ledger.note(seat, told)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (1, 2)))
    second.stop()
    require_agreement(instance)
    texts = comments_by_text(instance)
    written = [text for text in texts if text.startswith("seat")]
    assert len(set(written)) == len(written) >= len(ledger.receipts) > 0
    for receipt in ledger.receipts:
        commenting.receipt(instance, receipt)
    line = [commit.id for commit in instance.repository.commits(instance.tip)]
    assert len(ledger.edits) == len({*ledger.edits} & {*line})
    with instance.database.reading() as session:
        decided = [decision.amendment for decision in applied_decisions(session)]
        assert len(set(decided)) == len(decided)
        assert set(ledger.decided) <= set(decided)
        for seat, possible in ledger.ballots.items():
            found = find_ballot(session, running, 1, seat)
            assert found is not None
            assert found.choice in possible

"""A decision killed at any of its steps: the next start finishes it, and nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from drafter.people.amendments import find_amendment
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.people.mail import recent_mail
from drafter.services import admitting, commenting, deciding
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from drafter.services.mailing import write_outbox
from drafter.services.verifying import verify
from drafter.store.maintenance import check_objects
from drafter.store.messages import write_message
from tests.services.reports import REGISTER, SIXTEEN, admit, closed, send, suggest
from tests.store.power import Power
from tests.story.conftest import Start

KILLED = 7

DECIDE = """
import os, sys
from pathlib import Path
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance

def die(step):
    if step == sys.argv[3]:
        os._exit(7)

instance = Instance.open(Path(sys.argv[1]), fault=die)
decide(instance, CLERK_ACTOR, int(sys.argv[2]), "Because it is right.")
"""

YOUNGER = "Every citizen aged fifteen or over may vote in every election."
BEFORE_IT_IS_RECORDED = ("decide 0", "decide 1", "decide 2", "decide 3")
AFTER_IT_IS_RECORDED = ("decide 4", "decide 5", "decided")


def kill_at(step: str, instance: Instance, number: int, start: Start) -> None:
    process = start(DECIDE, instance.path, number, step)
    _, said = process.communicate(timeout=60)
    assert process.returncode == KILLED, said


def state_of(instance: Instance, number: int) -> str:
    with instance.database.reading() as session:
        found = find_amendment(session, number)
        assert unapplied_decisions(session) == ()
    assert found is not None
    return found.state


def decisions_on_main(instance: Instance) -> int:
    line = instance.repository.commits(instance.tip)
    return sum(commit.kind == "decision" for commit in line)


def require_agreement(instance: Instance) -> None:
    found = verify(instance.repository, instance.database)
    assert found.findings == ()


@pytest.mark.parametrize("step", AFTER_IT_IS_RECORDED)
def test_a_recorded_decision_is_finished_unaided_at_the_next_start(
    instance: Instance, start: Start, step: str
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    kill_at(step, instance, number, start)
    again = Instance.open(instance.path)
    assert state_of(again, number) == "accepted"
    place = again.report.locate(SIXTEEN)
    assert place is not None
    assert place.clause.wording == YOUNGER
    assert decisions_on_main(again) == 1
    require_agreement(again)
    again.close()


@pytest.mark.parametrize("step", BEFORE_IT_IS_RECORDED)
def test_a_decision_that_was_not_recorded_is_taken_again_with_the_same_ballots(
    instance: Instance, start: Start, step: str
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    before = instance.tip
    kill_at(step, instance, number, start)
    again = Instance.open(instance.path)
    assert again.tip == before
    assert state_of(again, number) == "put"
    require_agreement(again)
    assert isinstance(decide(again, CLERK_ACTOR, number, "Because it is right."), Decided)
    assert decisions_on_main(again) == 1
    require_agreement(again)
    again.close()


def test_the_next_write_finishes_it_too(instance: Instance, start: Start) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    kill_at("decide 4", instance, number, start)
    with instance.writing():
        assert state_of(instance, number) == "accepted"
    require_agreement(instance)


def test_the_next_decision_finishes_it_first(instance: Instance, start: Start) -> None:
    one = admit(instance, SIXTEEN, YOUNGER)
    two = admit(instance, REGISTER, "The register is kept well.")
    closed(instance, one)
    closed(instance, two)
    kill_at("decide 4", instance, one, start)
    assert isinstance(decide(instance, CLERK_ACTOR, two, "Better."), Decided)
    assert (state_of(instance, one), state_of(instance, two)) == ("accepted", "accepted")
    assert decisions_on_main(instance) == 2
    require_agreement(instance)


def test_those_who_asked_are_told_once_and_only_when_it_is_applied(
    instance: Instance, start: Start
) -> None:
    asked = suggest(instance, SIXTEEN, YOUNGER, "ada@example.org")
    number = admitting.admit(instance, CLERK_ACTOR, [asked], "Fifteen")
    closed(instance, number)

    def told() -> int:
        with instance.database.reading() as session:
            return sum("decided" in mail.body for mail in recent_mail(session))

    kill_at("decide 5", instance, number, start)
    write_outbox(instance)
    assert told() == 0
    for _ in range(2):
        again = Instance.open(instance.path)
        write_outbox(again)
        again.close()
    assert told() == 1


def move_main_elsewhere(instance: Instance, path: str, text: str) -> None:
    """Write to main as a foreign push would: without finishing anything first."""
    with instance.repository.writing() as writer:
        tip = instance.tip
        message = write_message("operator", "Something else")
        files: dict[str, bytes | None] = {path: text.encode()}
        commit = writer.write_commit(files, tip, (tip,), message, instance.clock())
        writer.move_ref("main", tip, commit)


def test_a_decision_that_main_never_received_starts_again_on_the_new_text(
    instance: Instance, start: Start
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    kill_at("decide 4", instance, number, start)
    move_main_elsewhere(instance, "site/overrides/other.html", "Other.\n")
    again = Instance.open(instance.path)
    assert state_of(again, number) == "accepted"
    place = again.report.locate(SIXTEEN)
    assert place is not None
    assert place.clause.wording == YOUNGER
    with again.database.reading() as session:
        assert [row.reason for row in applied_decisions(session)] == ["Because it is right."]
    require_agreement(again)
    again.close()


def test_one_that_main_never_received_goes_stale_where_its_words_have_changed(
    instance: Instance, start: Start
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    kill_at("decide 4", instance, number, start)
    place = instance.report.locate(SIXTEEN)
    assert place is not None
    changed = place.chapter.text.replace("may vote", "may and must vote")
    move_main_elsewhere(instance, place.chapter.path, changed)
    again = Instance.open(instance.path)
    assert state_of(again, number) == "stale"
    assert decisions_on_main(again) == 0
    again.close()


@pytest.mark.parametrize("names_survive", [True, False])
@pytest.mark.parametrize("mark_survives", [True, False])
def test_a_decision_that_was_acknowledged_outlives_a_power_cut(
    instance: Instance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names_survive: bool,
    mark_survives: bool,
) -> None:
    """Of git's files only what was synced is left, and the mark, which is not, may be gone."""
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    instance.repository.settle()
    with monkeypatch.context() as patch:
        power = Power(instance.repository.folder, patch)
        if not mark_survives:
            patch.setattr(deciding, "_mark_applied", lambda *_: None)
        decide(instance, CLERK_ACTOR, number, "Because it is right.")
        left = power.cut(tmp_path / "left.git", names_survive=names_survive)
    instance.close()
    shutil.rmtree(instance.repository.folder)
    left.rename(instance.repository.folder)
    assert check_objects_of(left=instance.repository.folder) != ""
    again = Instance.open(instance.path)
    assert state_of(again, number) == "accepted"
    place = again.report.locate(SIXTEEN)
    assert place is not None
    assert place.clause.wording == YOUNGER
    assert decisions_on_main(again) == 1
    require_agreement(again)
    assert check_objects(again.repository) == ()
    again.close()


def check_objects_of(left: Path) -> str:
    """Let git tell what is wrong with a repository that nobody has opened yet."""
    fsck = ["git", "--git-dir", str(left), "fsck", "--no-dangling"]
    return subprocess.run(fsck, capture_output=True, text=True, check=False).stderr


ADMIT = """
import os, sys
from pathlib import Path
from drafter.services.admitting import admit
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance

def die(step):
    if step == "branch made":
        os._exit(7)

instance = Instance.open(Path(sys.argv[1]), fault=die)
admit(instance, CLERK_ACTOR, [int(sys.argv[2])], "A change")
"""


def test_an_admission_killed_behind_its_branch_is_finished_at_the_next_start(
    instance: Instance, start: Start
) -> None:
    sent = send(instance, SIXTEEN, "", YOUNGER)
    process = start(ADMIT, instance.path, sent.number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == KILLED, said
    again = Instance.open(instance.path)
    assert state_of(again, 1) == "open"
    assert [o.number for o in commenting.receipt(again, sent.receipt_token).outcomes] == [1]
    assert admit(again, REGISTER, "The register is kept well.") == 2
    require_agreement(again)
    again.close()

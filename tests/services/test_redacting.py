"""An amendment's wording is removed for good, and everything else of it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drafter.core.amendments import NO_TITLE, Removed, read_record, write_record
from drafter.core.errors import (
    BadInput,
    Conflict,
    DrafterError,
    NotAllowed,
    NotFound,
    Refused,
    Unreadable,
)
from drafter.core.steps import Add, Reword
from drafter.people.amendments import find_amendment, save_amendment
from drafter.people.audit import entries_about
from drafter.people.motions import find_motion, latest_motion
from drafter.people.proposals import Proposal, find_proposal
from drafter.people.tables import Base
from drafter.publish.clone import FOLDER, renew_record
from drafter.services import (
    admitting,
    amending,
    batching,
    competing,
    erasing,
    moving,
    proposing,
    receiving,
    redacting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, PUBLIC, Actor
from drafter.services.deciding import Decided, decide, withdraw_amendment
from drafter.services.identities import ids_ever
from drafter.services.instance import Instance, pass_by
from drafter.services.publishing import publish
from drafter.services.redacting import redact
from drafter.services.verifying import verify
from drafter.store import names
from drafter.store.maintenance import check_objects, is_pruning, tidy
from drafter.store.messages import read_trailers, write_message
from drafter.store.reports import read_report
from drafter.store.repository import Repository
from tests.services.reports import REGISTER, SIXTEEN, Ticking, admit, closed, make_instance, send

CANARY = "Zephyrina"
WORDS = f"Every citizen aged sixteen may vote, and {CANARY} Quux may not."
WHY = "It named a private person."


def rejected(instance: Instance, words: str = WORDS) -> int:
    number = admit(instance, SIXTEEN, words, "Who may vote")
    closed(instance, number, "aaa--")
    decide(instance, CLERK_ACTOR, number, "No.")
    return number


def state(instance: Instance, number: int) -> str:
    with instance.database.reading() as session:
        found = find_amendment(session, number)
    assert found is not None
    return found.state


def copies_in_git(repository: Path) -> list[str]:
    """Name every object that holds the canary, and every file of the repository that does."""
    listed = subprocess.run(
        ["git", "--git-dir", repository, "cat-file", "--batch-all-objects", "--batch-check"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = []
    for line in listed:
        name, kind, _ = line.split()
        content = subprocess.run(
            ["git", "--git-dir", repository, "cat-file", kind, name],
            capture_output=True,
            check=True,
        ).stdout
        if CANARY.encode() in content:
            found.append(name)
    return found + copies_in_files(repository)


def copies_in_files(folder: Path) -> list[str]:
    """Name every file that holds the canary, as it is or packed by zlib anywhere in it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if CANARY.encode() in unpacked(path.read_bytes())]


def unpacked(content: bytes) -> bytes:
    """Give the bytes, and behind them whatever any of them unpack to."""
    found = [content]
    for begin in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(content[begin.start() :]))
    return b"".join(found)


def test_words_in_the_journal_would_be_found(instance: Instance) -> None:
    rejected(instance)
    assert str(instance.repository.journal.path) in copies_in_files(instance.path)


def require_sound(instance: Instance) -> None:
    found = verify(instance.repository, instance.database, instance.public)
    assert found.findings == ()
    assert check_objects(instance.repository) == ()


def test_the_words_of_a_rejected_amendment_leave_git_and_its_record_stays(
    instance: Instance,
) -> None:
    number = rejected(instance)
    before = instance.repository.read_text(instance.tip, names.amendment_path(number))
    assert copies_in_git(instance.repository.folder)
    done = redact(instance, CLERK_ACTOR, number, WHY)
    assert (done.closed, done.comments) == (False, (1,))
    assert copies_in_git(instance.repository.folder) == []
    assert instance.repository.read_text(instance.tip, names.amendment_path(number)) == before
    require_sound(instance)
    with instance.database.reading() as session:
        assert entries_about(session, f"amendment {number}")[-1].action == "redact"


def test_no_file_of_the_instance_holds_the_words_once_their_author_is_erased_too(
    instance: Instance,
) -> None:
    receipt = send(instance, SIXTEEN, "Because.", WORDS)
    number = admitting.admit(instance, CLERK_ACTOR, [receipt.number], "Who may vote")
    withdraw_amendment(instance, CLERK_ACTOR, number, "No.")
    tidy(instance.repository)
    redact(instance, CLERK_ACTOR, number, WHY)
    erasing.erase(instance, receipt.receipt_token, words=True)
    instance.close()
    assert copies_in_files(instance.path) == []
    assert copies_in_git(instance.repository.folder) == []


def test_packed_words_go_too(instance: Instance) -> None:
    number = rejected(instance)
    tidy(instance.repository)
    redact(instance, CLERK_ACTOR, number, WHY)
    assert copies_in_git(instance.repository.folder) == []
    require_sound(instance)


def test_the_words_of_an_unfinished_write_go_with_them(instance: Instance) -> None:
    number = rejected(instance)
    aside = instance.repository.folder / "objects/drafter-new"
    subprocess.run(
        ["git", "--git-dir", instance.repository.folder, "hash-object", "-w", "--stdin"],
        input=f"{CANARY}, never committed".encode(), check=True, capture_output=True,
    )  # fmt: skip
    (aside / ("0" * 40)).write_bytes(CANARY.encode())
    assert len(copies_in_git(instance.repository.folder)) > 3
    redact(instance, CLERK_ACTOR, number, WHY)
    assert copies_in_git(instance.repository.folder) == []


def test_an_open_one_is_withdrawn_and_its_title_never_comes_into_the_record(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, WORDS, f"Against {CANARY}")
    done = redact(instance, OPERATOR, number, WHY)
    assert done.closed
    record = read_record(instance.repository.read_text(instance.tip, names.amendment_path(number)))
    assert (record.title, record.status) == (NO_TITLE, "withdrawn")
    assert record.decision is not None
    assert record.decision.closed_by == "operator"
    assert copies_in_git(instance.repository.folder) == []
    with instance.database.reading() as session:
        row = find_amendment(session, number)
    assert row is not None
    assert (row.title, row.branch_tip) == (NO_TITLE, None)
    require_sound(instance)


def test_a_vote_that_runs_or_waits_for_its_decision_is_not_cut_off(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    amending.put(instance, CLERK_ACTOR, number)
    with pytest.raises(Refused, match="being voted on"):
        redact(instance, CLERK_ACTOR, number, WHY)
    assert state(instance, number) == "put"
    withdraw_amendment(instance, CLERK_ACTOR, number, "Never mind.")
    assert not redact(instance, CLERK_ACTOR, number, WHY).closed


def test_one_whose_vote_went_stale_is_withdrawn(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, WORDS, f"Against {CANARY}")
    amending.put(instance, CLERK_ACTOR, number)
    other = admit(instance, SIXTEEN, "Every citizen aged fifteen or over may vote always.")
    closed(instance, other)
    decide(instance, CLERK_ACTOR, other, "Yes.")
    assert state(instance, number) == "stale"
    assert redact(instance, CLERK_ACTOR, number, WHY).closed
    with instance.database.reading() as session:
        motion = latest_motion(session, number) or find_motion(session, number, 1)
    assert motion is not None
    assert CANARY not in motion.question
    require_sound(instance)


def test_what_was_accepted_is_the_draft_and_cannot_be_removed_so(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    with pytest.raises(Refused, match="accepted"):
        redact(instance, CLERK_ACTOR, number, WHY)


def test_it_wants_a_reason_an_amendment_with_words_and_somebody_who_may(
    instance: Instance,
) -> None:
    number = rejected(instance)
    with pytest.raises(BadInput, match="reason"):
        redact(instance, CLERK_ACTOR, number, "  ")
    with pytest.raises(NotFound):
        redact(instance, CLERK_ACTOR, 99, WHY)
    for actor in (PUBLIC, Actor("seat", 1), Actor("administrator")):
        with pytest.raises(NotAllowed):
            redact(instance, actor, number, WHY)
    motion = moving.move_adoption(instance, CLERK_ACTOR, "drafts/blank.md")
    with pytest.raises(Refused, match="no words"):
        redact(instance, CLERK_ACTOR, motion, WHY)
    redact(instance, CLERK_ACTOR, number, WHY)
    with pytest.raises(Refused, match="already"):
        redact(instance, CLERK_ACTOR, number, WHY)


def test_the_tombstone_keeps_number_ids_and_hashes_and_is_the_same_each_time(
    instance: Instance,
) -> None:
    number = rejected(instance)
    tip = instance.repository.tip(names.amendment_branch(number))
    assert tip is not None
    old = read_record(instance.repository.read_text(tip, names.amendment_path(number)))
    redact(instance, CLERK_ACTOR, number, WHY)
    tombstone = instance.repository.tip(names.amendment_branch(number))
    assert tombstone is not None
    new = read_record(instance.repository.read_text(tombstone, names.amendment_path(number)))
    assert (new.number, new.instructions) == (number, old.instructions)
    assert new.submitter == old.submitter
    assert new.title == NO_TITLE
    assert new.removed is not None
    assert new.removed.reason == WHY
    commit = instance.repository.commit(tombstone)
    assert (commit.kind, commit.parents) == ("tombstone", (old.base_commit,))
    assert [key for key, _ in read_trailers(commit.message)] == ["Kind", "Amendment", "By"]


def test_ids_that_only_its_words_had_are_never_given_out_again(instance: Instance) -> None:
    seat = Actor("seat", 1)
    draft = proposing.start(instance, seat, title="A clause more")
    proposing.add_step(
        instance, seat, draft.id, Add("drafts/voting.md", None, REGISTER, f"{CANARY} counts.")
    )
    proposing.submit(instance, seat, draft.id)
    number = receiving.admit_proposal(instance, CLERK_ACTOR, draft.id)
    tip = instance.repository.tip(names.amendment_branch(number))
    assert tip is not None
    [new] = read_report(instance.repository, tip).ids - instance.report.ids
    redact(instance, CLERK_ACTOR, number, WHY)
    assert new in ids_ever(instance.repository, instance.tip)


def kept(instance: Instance, id: int) -> Proposal:
    with instance.database.reading() as session:
        found = find_proposal(session, id)
    assert found is not None
    return found


def rows_with_canary(instance: Instance) -> list[str]:
    with instance.database.reading() as session:
        return [
            f"{table.name}: {row}"
            for table in Base.metadata.sorted_tables
            for row in session.execute(table.select())
            if CANARY in str(row)
        ]


def test_no_row_of_the_database_holds_the_words_that_a_member_drafted(instance: Instance) -> None:
    """Its draft, one that would redraft it, one that combines it, and a batch that names it."""
    seat, clerk = Actor("seat", 1), CLERK_ACTOR
    draft = proposing.start(instance, seat, title=f"Against {CANARY}")
    proposing.add_step(instance, seat, draft.id, Reword(SIXTEEN, WORDS))
    proposing.describe(instance, seat, draft.id, title=f"Against {CANARY}", note=f"{CANARY}!")
    proposing.submit(instance, seat, draft.id)
    number = receiving.admit_proposal(instance, clerk, draft.id)
    rival = admit(instance, SIXTEEN, "Nobody may vote.")
    redraft = proposing.start_redraft(instance, seat, number)
    combined = competing.start_combined(instance, clerk, (number, rival))
    proposing.set_steps(instance, clerk, combined.id, (Reword(SIXTEEN, f"{WORDS} Nobody."),))
    withdraw_amendment(instance, clerk, rival, "Never mind.")
    other = admit(instance, REGISTER, "It is kept.")
    question = f"Shall we do as {CANARY} would not?"
    batch = batching.put_together(instance, clerk, (number, other), question=question)
    stronger = admit(instance, SIXTEEN, "Every citizen aged fifteen or over may vote always.")
    closed(instance, stronger)
    decide(instance, clerk, stronger, "Yes.")
    assert state(instance, number) == "stale"
    assert {row.split(":")[0] for row in rows_with_canary(instance)} >= {
        "amendments", "batches", "motions", "proposals",
    }  # fmt: skip
    redact(instance, clerk, number, WHY)
    assert rows_with_canary(instance) == []
    assert copies_in_files(instance.path) == []
    assert batching.view_batch(instance, batch.number).batch.question
    for ended in (redraft, combined):
        assert kept(instance, ended.id).state == "discarded"
    require_sound(instance)


def test_pages_say_that_the_words_are_removed_and_why(instance: Instance) -> None:
    number = rejected(instance)
    redact(instance, CLERK_ACTOR, number, WHY)
    view = amending.view_amendment(instance, number)
    assert view.diff.changes == ()
    assert view.removed is not None
    assert view.removed.reason == WHY
    assert view.record.status == "rejected"


def test_a_rejection_whose_words_are_gone_is_not_reconsidered(instance: Instance) -> None:
    number = rejected(instance)
    motion = moving.move_reconsideration(instance, CLERK_ACTOR, number)
    closed(instance, motion)
    decide(instance, CLERK_ACTOR, motion, "Again.")
    redact(instance, CLERK_ACTOR, number, WHY)
    with pytest.raises(NotFound, match="removed"):
        moving.open_again(instance, CLERK_ACTOR, motion)
    with pytest.raises(Refused):
        moving.move_reconsideration(instance, CLERK_ACTOR, number)


def test_another_amendment_with_the_same_words_is_named(instance: Instance) -> None:
    number = rejected(instance)
    other = admit(instance, SIXTEEN, WORDS, "Again")
    assert redact(instance, CLERK_ACTOR, number, WHY).same == (other,)
    assert amending.view_amendment(instance, other).diff.changes


def test_a_database_from_before_learns_of_it(instance: Instance, tmp_path: Path) -> None:
    number = rejected(instance)
    with instance.database.reading() as session:
        old = find_amendment(session, number)
    redact(instance, CLERK_ACTOR, number, WHY)
    assert old is not None
    with instance.database.writing() as session:
        save_amendment(session, old, instance.clock())
    assert verify(instance.repository, instance.database).findings
    again = Instance.open(instance.path, clock=Ticking())
    require_sound(again)
    assert amending.view_amendment(again, number).removed
    again.close()


def test_an_empty_database_is_filled_from_git_without_the_words(
    instance: Instance, tmp_path: Path
) -> None:
    number = rejected(instance)
    redact(instance, CLERK_ACTOR, number, WHY)
    other = make_instance(tmp_path / "other", tmp_path / "source")
    other.close()
    shutil.rmtree(other.path / "report.git")
    shutil.copytree(instance.repository.folder, other.path / "report.git")
    again = Instance.open(other.path, clock=Ticking())
    assert state(again, number) == "rejected"
    view = amending.view_amendment(again, number)
    assert view.amendment.branch_tip is None
    assert view.removed
    again.close()


def test_another_process_that_had_read_the_words_forgets_them(instance: Instance) -> None:
    number = rejected(instance)
    other = Instance.open(instance.path)
    assert CANARY in str(amending.view_amendment(other, number).diff.changes)
    redact(instance, CLERK_ACTOR, number, WHY)
    assert amending.view_amendment(other, number).removed
    kept = other.repository.files._kept.values()
    assert not any(CANARY.encode() in content for content, _ in kept)
    assert other.report.locate(REGISTER)
    other.close()


def test_what_something_outside_holds_is_told_and_named_by_verify(instance: Instance) -> None:
    number = rejected(instance)
    tidy(instance.repository)
    [pack] = (instance.repository.folder / "objects/pack").glob("*.pack")
    pack.with_suffix(".keep").touch()
    with pytest.raises(Unreadable, match="keep"):
        redact(instance, CLERK_ACTOR, number, WHY)
    said = [finding.sentence for finding in verify(instance.repository, instance.database).findings]
    assert len(said) == 1
    assert "still there" in said[0]
    pack.with_suffix(".keep").unlink()
    Instance.open(instance.path).close()
    assert copies_in_git(instance.repository.folder) == []
    assert not is_pruning(instance.repository)


def test_without_the_git_program_nothing_is_touched(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = rejected(instance)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unreadable, match="git program"):
        redact(instance, CLERK_ACTOR, number, WHY)
    require_sound(instance)


STEPS = (
    *("redact begun", "redact written", "redact buried", "redact noted", "redact copied"),
    "redact pruned",
)


class Killed(BaseException):
    """Stands for a kill: nothing after it runs."""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_either_was_not_or_is_finished_at_the_next_start(
    instance: Instance, step: str
) -> None:
    number = rejected(instance)
    copy = published(instance)

    def die(here: str) -> None:
        if here == step:
            raise Killed

    instance.fault = die
    with pytest.raises(Killed):
        redact(instance, CLERK_ACTOR, number, WHY)
    again = Instance.open(instance.path, clock=Ticking())
    require_sound(again)
    gone = redacting.removed_wording(again.repository, number) is not None
    assert gone == (step not in ("redact begun", "redact written"))
    if gone:
        assert copies_in_git(again.repository.folder) == []
        assert copies_in_git(copy) == []
        with again.database.reading() as session:
            assert entries_about(session, f"amendment {number}")[-1].actor == "clerk"
    else:
        assert amending.view_amendment(again, number).diff.changes
        redact(again, CLERK_ACTOR, number, WHY)
        assert copies_in_git(again.repository.folder) == []
    again.close()


@pytest.mark.parametrize("step", STEPS)
def test_cut_off_at_any_step_it_is_finished_by_asking_again(instance: Instance, step: str) -> None:
    number = rejected(instance)

    def die(here: str) -> None:
        if here == step:
            raise Killed

    instance.fault = die
    with pytest.raises(Killed):
        redact(instance, CLERK_ACTOR, number, WHY)
    instance.fault = pass_by
    with suppress(Refused):  # removed already, and now for good
        redact(instance, CLERK_ACTOR, number, WHY)
    assert redacting.removed_wording(instance.repository, number)
    assert copies_in_git(instance.repository.folder) == []
    assert all(row.startswith("comments: ") for row in rows_with_canary(instance))
    require_sound(instance)


def meanwhile(
    instance: Instance, step: str, act: Callable[[Instance], object]
) -> Callable[[], object]:
    """Have another server do something while this one stands at a step; gives what came of it."""
    other = Instance.open(instance.path, clock=Ticking())
    came: list[object] = []

    def run() -> None:
        try:
            came.append(act(other))
        except DrafterError as error:
            came.append(error)

    thread = threading.Thread(target=run)

    def begin(here: str) -> None:
        if here == step:
            thread.start()

    instance.fault = begin

    def result() -> object:
        thread.join(60)
        other.close()
        return came[0]

    return result


@pytest.mark.parametrize("step", STEPS)
def test_an_open_one_cannot_be_put_while_its_wording_is_removed(
    instance: Instance, step: str
) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    result = meanwhile(instance, step, lambda other: amending.put(other, CLERK_ACTOR, number))
    assert redact(instance, CLERK_ACTOR, number, WHY).closed
    assert isinstance(result(), Refused | NotFound)
    assert state(instance, number) == "withdrawn"
    require_sound(instance)


@pytest.mark.parametrize("votes", ["fffab", "aaa--"])
@pytest.mark.parametrize("step", ["decide 1", "decide 3", "decide 5"])
def test_wording_is_removed_before_a_decision_or_after_it_and_never_within(
    instance: Instance, step: str, votes: str
) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    closed(instance, number, votes)
    result = meanwhile(instance, step, lambda other: redact(other, CLERK_ACTOR, number, WHY))
    decided = decide(instance, CLERK_ACTOR, number, "So.")
    assert isinstance(decided, Decided)
    came = result()
    assert isinstance(came, Refused if decided.outcome == "accepted" else redacting.Redacted)
    assert state(instance, number) == decided.outcome
    require_sound(instance)


def test_a_clone_of_the_whole_verifies(instance: Instance, tmp_path: Path) -> None:
    number = rejected(instance)
    redact(instance, CLERK_ACTOR, number, WHY)
    clone = tmp_path / "clone.git"
    subprocess.run(
        ["git", "clone", "-q", "--mirror", instance.repository.folder, clone], check=True
    )
    assert verify(Repository.open(clone)).findings == ()


def published(instance: Instance) -> Path:
    """Publish a version; return the public copy of the record, which has the words."""
    publish(instance, OPERATOR, "First", pages=False)
    renew_record(instance.public, instance.repository)
    return instance.public / FOLDER


def test_it_is_gone_from_the_public_copy_at_once_and_that_verifies(instance: Instance) -> None:
    number = rejected(instance)
    copy = published(instance)
    assert copies_in_git(copy)
    redact(instance, CLERK_ACTOR, number, WHY)
    assert copies_in_git(copy) == []
    assert verify(Repository.open(copy)).findings == ()


def test_open_words_that_go_leave_a_public_copy_that_verifies(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, WORDS, "Who may vote")
    copy = published(instance)
    assert copies_in_git(copy)
    redact(instance, CLERK_ACTOR, number, WHY)
    assert copies_in_git(copy) == []
    assert verify(Repository.open(copy)).findings == ()
    publish(instance, OPERATOR, "Second", pages=False)
    renew_record(instance.public, instance.repository)
    assert verify(Repository.open(copy)).findings == ()


# Tombstones that no verb would write.


def forged(instance: Instance, number: int, changes: dict[str, bytes], **facts: Any) -> str:
    """Bury an open amendment under a tombstone with these files, past every check."""
    branch = names.amendment_branch(number)
    tip = instance.repository.tip(branch)
    assert tip is not None
    record = read_record(instance.repository.read_text(tip, names.amendment_path(number)))
    gone = Removed(instance.clock().date(), WHY)
    removed = replace(record, **{"title": NO_TITLE, "removed": gone, **facts})
    message = write_message("tombstone", "Wording removed", {"Amendment": str(number)})
    with instance.repository.writing() as writer:
        files = {names.amendment_path(number): write_record(removed).encode(), **changes}
        base = record.base_commit
        commit = writer.write_commit(files, base, (base,), message, instance.clock())
        writer.bury(branch, tip, commit)
    return " ".join(finding.sentence for finding in verify(instance.repository).findings)


def test_an_amendment_that_is_not_decided_cannot_be_hidden_by_a_tombstone(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    assert "though the amendment is not decided" in forged(instance, number, {})


def test_a_tombstone_stands_for_no_accepted_amendment(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, WORDS)
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    assert "though the amendment is accepted" in forged(instance, number, {})


@pytest.mark.parametrize(
    ("field", "value", "voted"),
    [
        ("comments", (7,), False),
        ("supporters", 99, False),
        ("submitter", "seat-01", False),
        ("round", 3, False),
        ("assemblies", ("leeds-2018",), False),
        ("title", f"Against {CANARY}", False),
        ("date", date(2020, 1, 1), False),
        ("clause", REGISTER, False),
        ("clause", REGISTER, True),
        ("after", "0" * 64, False),
        ("after", "0" * 64, True),
    ],
)
def test_a_tombstone_keeps_whatever_names_no_words(
    instance: Instance, field: str, value: Any, voted: bool
) -> None:
    number = rejected(instance) if voted else admit(instance, SIXTEEN, WORDS, "Who may vote")
    if not voted:
        withdraw_amendment(instance, CLERK_ACTOR, number, "No.")
    tip = instance.repository.tip(names.amendment_branch(number))
    assert tip is not None
    facts: dict[str, Any] = {field: value}
    if field == "date":
        facts = {"removed": Removed(value, WHY)}
    elif field in ("clause", "after"):
        [one] = read_record(
            instance.repository.read_text(tip, names.amendment_path(number))
        ).instructions
        facts = {"instructions": (replace(one, **facts),)}
    said = forged(instance, number, {}, **facts)
    named = "instructions" if field in ("clause", "after") else field
    assert f"another amendment than main records: {named} differ" in said


def test_a_tombstone_changes_no_text(instance: Instance) -> None:
    number = rejected(instance)
    text = instance.repository.read_text(instance.tip, "drafts/voting.md").replace("may", "must")
    said = forged(instance, number, {"drafts/voting.md": text.encode()})
    assert "changes more than the record" in said


def test_only_a_tombstone_of_its_own_takes_the_place_of_a_branch(instance: Instance) -> None:
    number, other = rejected(instance), admit(instance, REGISTER, "It is kept.")
    redact(instance, CLERK_ACTOR, number, WHY)
    tombstone = instance.repository.tip(names.amendment_branch(number))
    tip = instance.repository.tip(names.amendment_branch(other))
    assert tombstone
    assert tip
    with instance.repository.writing() as writer:
        with pytest.raises(Refused):
            writer.bury(names.amendment_branch(other), tip, tombstone)
        with pytest.raises(Refused):
            writer.bury(names.amendment_branch(other), tip, instance.tip)
        with pytest.raises(BadInput):
            writer.bury("main", instance.tip, tombstone)
        with pytest.raises(Conflict):
            writer.bury(names.amendment_branch(number), tip, tombstone)

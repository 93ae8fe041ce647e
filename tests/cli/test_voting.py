"""A vote from the command line, from putting it to the decision, and the motions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drafter.services.instance import Instance
from tests.cli.conftest import Run
from tests.services.reports import (
    PEOPLE,
    REGISTER,
    SIXTEEN,
    Ticking,
    admit,
    make_instance,
    write_source,
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report with five seats and three open amendments."""
    source = write_source(tmp_path / "source")
    instance = make_instance(tmp_path / "instance", source, clock=Ticking())
    admit(instance, SIXTEEN, "Everyone may vote.", "Everyone")
    admit(instance, REGISTER, "The register is kept by a public office.", "A public office")
    admit(instance, PEOPLE, "Power is ours.", "Shorter")
    instance.close()
    return instance.path


def test_a_vote_goes_from_putting_to_the_decision(run: Run, report: Path) -> None:
    ended = run("put", report, 1)
    assert (ended.code, ended.err) == (0, "")
    words = re.search(r"^words  ([0-9a-f]{64})$", ended.out, re.M)
    assert words
    for seat in ("seat-01", "2"):
        assert run("vote", report, 1, "for", "--words", words[1], "--as", seat).code == 0
    told = run("vote", report, 1, "recused", "--as", "seat-03")
    assert (told.code, "Say which interest" in told.err) == (2, True)
    interest = ("--interest", "I keep a register.")
    assert run("vote", report, 1, "recused", *interest, "--as", "3").code == 0
    told = run("vote", report, 1, "for", "--as", "3")
    assert (told.code, "Take that back" in told.err) == (1, True)
    assert run("vote", report, 1, "--take-back", "--as", "3").code == 0
    assert run("vote", report, 1, "against", "--as", "3").code == 0
    ended = run("close", report, 1)
    assert (ended.code, ended.out.startswith("0001  Carried: 2 for, 1 against")) == (0, True)
    assert run("dissent", report, 1, "--text", "Too early.", "--as", "1").code == 1
    assert run("dissent", report, 1, "--text", "Too early.", "--as", "3").code == 0
    assert run("decide", report, 1).code == 2
    told = run("decide", report, 1, "--reason", "Yes.")
    assert told.code == 1
    assert "    Too early." in told.out
    assert "no private person" in told.err
    ended = run("decide", report, 1, "--reason", "Yes.", "--statements-read")
    assert ended.code == 0
    assert "0001  accepted  Carried" in ended.out
    assert run("verify", report).code == 0


def test_a_roll_call_in_the_room_is_entered_in_one_line(run: Run, report: Path) -> None:
    run("put", report, 1)
    run("vote", report, 1, "against", "--as", "1")
    called = ("seat-01=for", "seat-02=for", "3=for", "4=absent")
    told = run("vote", report, 1, *called)
    assert (told.code, "own ballot: 1" in told.err) == (1, True)
    ended = run("vote", report, 1, *called, "--replace", "seat-01")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "seat-01  for")
    assert "3 for, 0 against" in run("close", report, 1).out
    assert run("vote", report, 1, "x", "--as", "clerk").code == 2


def test_several_are_put_together_and_one_is_taken_out(run: Run, report: Path) -> None:
    assert (
        run("put", report, 1, 2, 3).out == "Put together: Shall these three amendments be made?\n"
    )
    assert run("separate", report, 2, "--as", "seat-04").code == 0
    for number in (1, 3):
        run("vote", report, number, "seat-01=for", "seat-02=for", "seat-03=for")
    assert run("close", report, 1).code == 1
    assert run("close", report, 1, "--together").out.count("Carried") == 2
    ended = run("decide", report, 3, "--together", "--reason", "Nobody minded.")
    assert (ended.code, ended.out.count("accepted")) == (0, 2)
    assert run("close", report, 2, "--together").code == 1


def test_motions_are_made_carried_and_used(run: Run, report: Path) -> None:
    def carry(number: int) -> None:
        run("put", report, number)
        run("vote", report, number, "seat-01=for", "seat-02=for", "seat-03=for")
        run("close", report, number)
        assert run("decide", report, number, "--reason", "Yes.").code == 0

    assert run("adopt", report, "drafts/blank.md", "--as", "seat-02").out == "Motion 4.\n"
    assert run("adopt", report, "drafts/blank.md").code == 1
    carry(4)
    carry(1)
    assert run("reconsider", report, 1, "--as", "seat-02").out == "Motion 5.\n"
    assert run("reconsider", report, 5, "--open").code == 1
    carry(5)
    assert run("reconsider", report, 5, "--open").out == "Amendment 6.\n"
    assert run("withdraw", report, 6, "--reason", "No.", "--as", "seat-03").code == 1
    assert run("withdraw", report, 6, "--reason", "No.", "--as", "seat-02").code == 0
    assert run("lapse", report, 2, "--reason", "No.").code == 1
    assert run("verify", report).code == 0


def test_only_who_may_does_it_and_the_sentence_says_so(run: Run, report: Path) -> None:
    for arguments in (("put", report, 1), ("close", report, 1), ("reopen", report, 1)):
        told = run(*arguments, "--as", "seat-01")
        assert told.code == 1
        assert "Sign in as somebody who may." in told.err
    assert run("put", report, 1, "--as", "nobody").code == 2


def test_a_reason_can_stand_in_a_file(run: Run, report: Path, tmp_path: Path) -> None:
    (tmp_path / "reason.md").write_text("Because it is **so**.\n", encoding="utf-8")
    ended = run("withdraw", report, 1, "--reason-file", tmp_path / "reason.md")
    assert ended.out == "0001  withdrawn  Amendment 1 is withdrawn.\n"
    instance = Instance.open(report)
    text = instance.repository.read_text(instance.tip, "amendments/0001.md")
    instance.close()
    assert "> Because it is **so**." in text


def test_the_wording_of_an_amendment_is_removed(run: Run, report: Path) -> None:
    assert run("redact", report, 1).code == 2
    told = run("redact", report, 1, "--reason", "It names a private person.")
    assert (told.code, told.err) == (0, "")
    assert "is now withdrawn" in told.out
    assert "Comment 1 still has its own words" in told.out
    assert run("amendments", report).out.startswith("0001  withdrawn  Wording removed")
    assert run("redact", report, 1, "--reason", "Again.").code == 1
    assert run("verify", report).code == 0


def test_verify_remembers_where_a_report_stood(run: Run, report: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    told = run("verify", report, "--seen", seen)
    assert (told.code, "remembers where it stands" in told.out) == (0, True)
    run("withdraw", report, 1, "--reason", "No.")
    told = run("verify", report, "--seen", seen)
    assert (told.code, "The history contains" in told.out) == (0, True)
    kept = seen.read_text()
    other = make_instance(tmp_path / "other", tmp_path / "source", clock=Ticking())
    other.close()
    (tmp_path / "source/drafts/values.md").write_text("# Values\n")
    forged = make_instance(tmp_path / "forged", tmp_path / "source", clock=Ticking())
    forged.close()
    told = run("verify", forged.path, "--seen", seen)
    assert (told.code, "It was replaced" in told.out) == (1, True)
    assert seen.read_text() == kept
    assert run("verify", forged.path, "--since", "1" * 40).code == 1
    assert run("verify", forged.path, "--since", "v1").code == 2
    assert run("verify", report, "--signers", tmp_path / "none").code == 2

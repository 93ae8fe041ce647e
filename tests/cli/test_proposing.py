"""Amendments from the command line: every way one can arise, as a seat and as the clerk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.services import admitting, amending
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.commenting import comment, confirm
from drafter.services.instance import Instance
from drafter.services.signing_in import add_seats
from tests.cli.conftest import Run

Write = Callable[..., Path]

CHAPTER = """# Votes {: #c-aaaaaa }

Every citizen aged eighteen may vote.
{: #c-bbbbbb }

- A register is kept. {: #c-cccccc }
"""
SETTINGS = "site_name: A report\nextra: {drafter: {numbering: decimal}}\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "drafts").mkdir(parents=True)
    (source / "drafts" / "votes.md").write_text(CHAPTER, encoding="utf-8")
    (source / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    made = Instance.create(tmp_path / "report", source)
    add_seats(made, OPERATOR, 3)
    made.close()
    return tmp_path / "report"


def file(folder: Path, words: str) -> Path:
    path = folder / "words.md"
    path.write_text(words + "\n", encoding="utf-8")
    return path


def look(report: Path, number: int) -> amending.AmendmentView:
    instance = Instance.open(report)
    view = amending.view_amendment(instance, number)
    instance.close()
    return view


def test_a_seat_proposes_in_every_way_and_the_clerk_admits(
    run: Run, report: Path, tmp_path: Path
) -> None:
    words = file(tmp_path, "Tŷ: every citizen aged sixteen may vote.")
    new = tmp_path / "new.md"
    new.write_text("Money is published.\n\n- Monthly.\n", encoding="utf-8")
    ended = run(
        *("propose", report, "--as", "seat-02", "--title", "All at once"),
        *("--reword", "1.1", words, "--add", "c-cccccc", words, "--add", "inside:c-cccccc", words),
        *("--move", "c-bbbbbb", "c-cccccc", "--new-chapter", "Money", new),
    )
    assert (ended.code, ended.out) == (0, "Draft 1, handed in\n"), ended.err
    assert run("admit", report).out == "   1  seat-02   All at once\n"
    refused = run("admit", report, "1")
    assert refused.code == 2
    assert "--names-nobody" in refused.err
    assert run("admit", report, "1", "--names-nobody").out == "Amendment 1\n"
    record = look(report, 1).record
    assert record.submitter == "seat-02"
    verbs = sorted(each.verb for each in record.instructions)
    assert verbs.count("insert") == 5
    assert "substitute" in verbs or "move" in verbs


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--remove", "9.9"], 2, "no clause"),
        (["--reword", "1.1", "/nowhere"], 2, "no file"),
        (["--remove", "1.1", "--comments", "x"], 2, "no list of numbers"),
        (["--remove", "1.1", "--comments", "7"], 2, "no comment 7"),
        ([], 2, "changes nothing"),
    ],
)
def test_what_cannot_be_is_said_and_no_draft_is_left(
    run: Run, report: Path, options: list[str], code: int, said: str
) -> None:
    ended = run("propose", report, "--as", "1", "--title", "T", *options)
    assert ended.code == code
    assert said in ended.err
    assert run("admit", report).out == ""


def test_a_draft_can_be_kept_and_given_back(run: Run, report: Path) -> None:
    given = ("propose", report, "--as", "seat-01", "--title", "T", "--remove", "1.1")
    assert run(*given, "--keep").out == "Draft 1\n"
    assert run("admit", report).out == ""
    assert run("admit", report, "1", "--names-nobody").code == 1
    run(*given)
    assert run("admit", report, "2", "--give-back", "Too short.").code == 0
    assert run("admit", report).out == ""


def test_suggestions_are_admitted_by_number(run: Run, report: Path) -> None:
    instance = Instance.open(report)
    place = instance.report.locate("c-bbbbbb")
    assert place is not None
    assert place.clause.id is not None
    words = "Every citizen aged sixteen may vote."
    sent = comment(instance, place.clause.id, "", words, "ada@example.org")
    assert sent.confirm_token is not None
    confirm(instance, sent.confirm_token)
    instance.close()
    options = ("--comments", str(sent.number), "--names-nobody")
    assert run("admit", report, *options).code == 2
    assert run("admit", report, *options, "--title", "Sixteen").out == "Amendment 1\n"


def test_redrafting_combining_and_withdrawing(run: Run, report: Path, tmp_path: Path) -> None:
    words = file(tmp_path, "Every citizen aged sixteen may vote.")
    for who, options in (("1", ("--reword", "1.1", words)), ("2", ("--remove", "c-cccccc"))):
        run("propose", report, "--as", who, "--title", f"By {who}", *options)
        run("admit", report, who, "--names-nobody")
    assert run("redraft", report, "1", "--as", "seat-02", "--remove", "1.1").code == 1
    file(tmp_path, "Every citizen aged fourteen may vote.")
    again = run("redraft", report, "1", "--as", "seat-01", "--reword", "1.1", words)
    assert (again.code, again.out) == (0, "Draft 3, handed in\n"), again.err
    assert run("admit", report, "3", "--names-nobody").out == "Amendment 1\n"
    assert look(report, 1).amendment.round == 2
    assert run("combine", report, "1", "--as", "clerk").code == 2
    both = run("combine", report, "1", "2", "--as", "clerk", "--title", "Both")
    assert (both.code, both.out) == (0, "Draft 4, handed in\n"), both.err
    assert run("admit", report, "4", "--names-nobody").out == "Amendment 3\n"
    record = look(report, 3).record
    assert (record.combines, record.title, record.submitter) == ((1, 2), "Both", "clerk")
    assert run("withdraw", report, "1", "--as", "seat-02", "--reason", "No.").code == 1
    gone = run("withdraw", report, "1", "--as", "seat-01", "--reason", "The third is better.")
    assert (gone.code, gone.out) == (0, "0001  withdrawn  Amendment 1 is withdrawn.\n")
    assert run("verify", report).code == 0


def test_a_redraft_that_is_refused_leaves_no_draft(run: Run, report: Path) -> None:
    run("propose", report, "--as", "1", "--title", "T", "--remove", "1.1")
    run("admit", report, "1", "--names-nobody")
    assert run("redraft", report, "1", "--as", "1", "--reword", "9.9", "/nowhere").code == 2
    instance = Instance.open(report)
    from drafter.services import proposing
    from drafter.services.authority import Actor

    assert proposing.own_proposals(instance, Actor("seat", 1)) == ()
    assert admitting.queue(instance, CLERK_ACTOR).to_admit == ()
    instance.close()

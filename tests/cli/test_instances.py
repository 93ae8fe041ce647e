"""The verbs that keep a report: each on a real instance made by the command itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from drafter.services.admitting import admit
from drafter.services.amending import put
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, Actor
from drafter.services.commenting import comment, confirm
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.signing_in import list_seats, redeem
from drafter.services.voting import cast, close
from drafter.store.history import read_version
from drafter.store.repository import Repository
from tests.cli.conftest import Run
from tests.postgres import Server

Write = Callable[..., Path]

SETTINGS = """site_name: A report
extra:
  drafter:
    numbering: decimal
    rules: {quorum: 1/2, quorum_floor: 1, majority: simple, clerk_may_publish_own: true}
"""
CHAPTER = """# Votes {: #c-aaaaaa }

Every citizen aged eighteen may vote.
{: #c-bbbbbb origin="leeds-2018/1" }

A register is kept.
{: #c-cccccc }
"""
RECORD = """---
id: leeds-2018
title: Leeds assembly
model: random-selection
organisers: [A group]
place: Leeds
level: regional
dates: [2018-03-10]
participants: 40
selection: By lot.
---

## Questions

- Who should vote?

## Proposals

1. Votes at sixteen. Votes: 30 for, 5 against.
"""


@pytest.fixture
def source(write: Write) -> Path:
    write("source/drafts/01-votes.md", CHAPTER)
    write("source/drafts/assemblies/leeds-2018.md", RECORD)
    return write("source/mkdocs.yml", SETTINGS).parent


@pytest.fixture
def report(run: Run, source: Path, tmp_path: Path) -> Path:
    path = tmp_path / "report"
    assert run("init", path, "--from", source).code == 0
    return path


@pytest.fixture
def decided(report: Path) -> Path:
    """A report whose first amendment was accepted by one seat, and the second waits."""
    instance = Instance.open(report)
    try:
        from drafter.services.authority import OPERATOR
        from drafter.services.signing_in import add_seats

        add_seats(instance, OPERATOR, 1)
        first = suggest(instance, "c-bbbbbb", "Every citizen aged sixteen may vote.")
        motion = put(instance, CLERK_ACTOR, first)
        cast(instance, Actor("seat", 1), first, "for", motion.ballot_hash)
        close(instance, CLERK_ACTOR, first)
        decide(instance, CLERK_ACTOR, first, "Leeds asked for it.")
        put(instance, CLERK_ACTOR, suggest(instance, "c-cccccc", "A public register is kept."))
    finally:
        instance.close()
    return report


def suggest(instance: Instance, clause: str, wording: str) -> int:
    receipt = comment(instance, clause, "Please.", wording, "ada@example.org")  # type: ignore[arg-type]
    assert receipt.confirm_token is not None
    confirm(instance, receipt.confirm_token)
    return admit(instance, CLERK_ACTOR, [receipt.number], f"Of {clause}")


def test_init_makes_a_report_of_a_folder_and_says_what_comes_next(
    run: Run, source: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new"
    ended = run("init", path, "--from", source)
    assert ended.code == 0
    assert ended.out.startswith(f"Made a report at {path}.\n")
    assert f"drafter serve {path}\n" in ended.out
    assert "1.1  c-bbbbbb\n    Every citizen aged eighteen may vote." in run("show", path).out


def test_init_without_a_folder_says_how_to_give_it_a_text(run: Run, tmp_path: Path) -> None:
    ended = run("init", tmp_path / "new")
    assert ended.code == 0
    assert "drafter import" in ended.out


def test_init_refuses_a_folder_that_holds_something(run: Run, report: Path) -> None:
    ended = run("init", report)
    assert (ended.code, ended.out) == (1, "")
    assert "choose another folder" in ended.err


def test_init_names_a_source_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path / "new", "--from", tmp_path / "none").code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("configure", "{}", "."),
        ("assemblies", "{}", __file__),
        ("publish", "{}"),
        ("seats", "{}"),
        ("link", "{}", "clerk"),
        ("serve", "{}"),
    ],
)
def test_a_verb_that_wants_an_instance_says_how_to_make_one(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = run(*(argument.format(tmp_path) for argument in arguments))
    assert ended.code == 2
    assert ended.err.endswith(f"Make one: drafter init {tmp_path}\n")


def test_configure_takes_the_settings_over_once(run: Run, report: Path, write: Write) -> None:
    folder = write("source/mkdocs.yml", SETTINGS.replace("A report", "Our report")).parent
    first, second = run("configure", report, folder), run("configure", report, folder)
    assert (first.code, second.code) == (0, 0)
    assert re.fullmatch(r"Taken over, in [0-9a-f]{10}\.\n", first.out)
    assert second.out == "Nothing has changed.\n"


def test_configure_refuses_tags_that_run_code(run: Run, report: Path, write: Write) -> None:
    folder = write("bad/mkdocs.yml", "site_name: !!python/name:os.system\n").parent
    assert run("configure", report, folder).code == 2


def test_assemblies_adds_a_record_and_names_a_fault_by_file_and_field(
    run: Run, report: Path, write: Write
) -> None:
    good = write("york-2019.md", RECORD.replace("leeds-2018", "york-2019"))
    bad = write(
        "bath-2019.md", RECORD.replace("leeds-2018", "bath-2019").replace("place: Leeds", "")
    )
    ended = run("assemblies", report, good)
    assert (ended.code, ended.out) == (0, "drafts/assemblies/york-2019.md\n")
    assert run("assemblies", report, good).out == "Nothing has changed.\n"
    ended = run("assemblies", report, bad)
    assert ended.code == 2
    assert "bath-2019.md" in ended.err
    assert "place" in ended.err


def test_seats_are_added_and_listed(run: Run, report: Path) -> None:
    empty = run("seats", report)
    assert (empty.code, empty.out) == (0, "")
    assert "--add" in empty.err
    assert run("seats", report, "--add", 2).out == "seat-01  filled\nseat-02  filled\n"
    assert run("seats", report).out.count("\n") == 2
    assert run("seats", report, "--add", 0).code == 2


@pytest.mark.parametrize(
    ("who", "actor"),
    [
        ("clerk", CLERK_ACTOR),
        ("admin", ADMINISTRATOR),
        ("2", Actor("seat", 2)),
        ("seat-02", Actor("seat", 2)),
    ],
)
def test_a_link_signs_in_whom_it_was_made_for_and_once(
    run: Run, report: Path, who: str, actor: Actor
) -> None:
    run("seats", report, "--add", 2)
    ended = run("link", report, who)
    assert ended.code == 0
    token = re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/(\S+)\n", ended.out)
    assert token
    instance = Instance.open(report)
    try:
        assert redeem(instance, token[1]).claimed == actor
    finally:
        instance.close()


def test_a_seat_is_given_to_a_person_and_vacated(run: Run, report: Path) -> None:
    run("seats", report, "--add", 2)
    given = run("seats", report, "--assign", "2", "ada@example.org", "--holders")
    assert re.search(r"^seat-01  filled  no address known  since \S+$", given.out, re.MULTILINE)
    assert "seat-02  filled  ada@example.org  since" in given.out
    assert len(list((report / "outbox").glob("*.eml"))) == 1
    again = run("seats", report, "--assign", "seat-02", "ben@example.org", "--holders")
    assert "ben@example.org" in again.out
    assert "ada@example.org" not in again.out
    assert run("seats", report, "--vacate", "2").out == "seat-01  filled\nseat-02  vacant\n"
    assert run("link", report, "2").code == 1
    assert run("seats", report, "--assign", "9", "ada@example.org").code == 2
    assert run("seats", report, "--assign", "x", "ada@example.org").code == 2
    assert run("seats", report, "--assign", "1", "no address").code == 2


def test_clerks_and_administrators_are_appointed_and_dismissed(run: Run, report: Path) -> None:
    empty = run("clerks", report)
    assert (empty.code, empty.out) == (0, "")
    assert "drafter link" in empty.err
    made = run(
        "clerks", report, "--add", "ben@example.org", "--add-administrator", "cleo@example.org"
    )
    assert [line.split()[:2] for line in made.out.splitlines()] == [
        ["clerk", "ben@example.org"],
        ["administrator", "cleo@example.org"],
    ]
    assert run("link", report, "cleo@example.org").code == 0
    assert run("clerks", report, "--remove", "ben@example.org").out.startswith("administrator")
    assert run("clerks", report, "--remove", "ben@example.org").code == 2
    assert run("link", report, "ben@example.org").code == 2
    assert run("clerks", report, "--remove-administrator", "cleo@example.org").out == ""


@pytest.mark.parametrize(("who", "code"), [("9", 1), ("me", 2), ("-1", 2), ("0", 2)])
def test_there_is_no_link_for_a_vacant_seat_or_for_nobody(
    run: Run, report: Path, who: str, code: int
) -> None:
    ended = run("link", report, "--", who)
    assert (ended.code, ended.out) == (code, "")


def test_amendments_are_listed_from_git_with_their_decisions(run: Run, decided: Path) -> None:
    in_instance, in_git = run("amendments", decided), run("amendments", decided / "report.git")
    assert in_instance.code == in_git.code == 0
    first, second = in_instance.out.splitlines()
    assert re.fullmatch(
        r"0001  accepted   Of c-bbbbbb  \(\d{4}-\d\d-\d\d: 1 for, 0 against\)", first
    )
    assert second == "0002  put        Of c-cccccc"
    assert in_git.out.splitlines() == [first, "0002  open       Of c-cccccc"]


def test_amendments_of_one_status(run: Run, decided: Path) -> None:
    assert run("amendments", decided, "--status", "accepted").out.count("\n") == 1
    assert run("amendments", decided, "--status", "put").out.startswith("0002")
    assert run("amendments", decided, "--status", "lapsed").out == ""
    ended = run("amendments", decided, "--status", "lost")
    assert ended.code == 2
    assert "accepted" in ended.err


def test_history_tells_every_wording_and_its_cause(run: Run, decided: Path) -> None:
    ended = run("history", decided, "c-bbbbbb")
    assert ended.code == 0
    assert "first text" in ended.out
    assert "amendment 1" in ended.out
    assert "[-eighteen-]{+sixteen+}" in ended.out
    assert "Origin: leeds-2018/1, Leeds assembly: Votes at sixteen." in ended.out
    assert run("history", decided, "1.1").out == ended.out


def test_history_tells_who_brought_which_words(run: Run, decided: Path) -> None:
    ended = run("history", "--words", decided, "c-bbbbbb")
    assert ended.code == 0
    lines = [
        re.sub(r" \([0-9a-f]{10}\)$|^[0-9-]{10}, ", "", line) for line in ended.out.split("\n")
    ]
    at = lines.index("    sixteen")
    assert lines[at - 1] == "amendment 1, in no version yet"
    assert lines[at - 3].endswith("aged")
    assert lines[at + 2] == "first text, in no version yet"
    assert run("history", "--words", decided, "1.1").out == ended.out
    assert run("history", "--words", decided, "c-zzzzzz").code == 2


def test_history_of_an_id_that_never_was_is_an_error(run: Run, report: Path) -> None:
    assert run("history", report, "c-zzzzzz").code == 2
    assert run("history", report, "9.9").code == 2


def test_verify_says_what_it_checked_and_what_it_could_not(run: Run, decided: Path) -> None:
    in_instance, in_git = run("verify", decided), run("verify", decided / "report.git")
    assert in_instance.code == in_git.code == 0, in_instance.out + in_git.out
    assert "checked      " in in_instance.out
    assert "not checked  " in in_git.out
    assert in_git.out.endswith("Everything that was checked holds.\n")


def test_publishing_gives_a_version_that_can_be_compared_and_built_again(
    run: Run, decided: Path, tmp_path: Path
) -> None:
    ended = run("publish", decided, "--title", "Second thoughts", "--milestone")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("Published v1: Second thoughts\n")
    assert (decided / "public" / "v1" / "index.html").is_file()
    assert run("diff", f"{decided}@v1", decided).code == 0
    assert read_version(Repository.open(decided / "report.git"), "v1").milestone
    assert run("publish", decided).code == 1
    assert run("publish", decided, "--only", "v1", "--milestone").code == 2
    assert run("publish", decided, "--only", "v1").out.startswith("All of these")
    built = run("build", f"{decided}@v1", "-o", tmp_path / "site")
    assert (built.code, built.out) == (0, f"Built v1 in {tmp_path / 'site'}\n")
    pages = sorted(path.name for path in (tmp_path / "site").iterdir())
    assert pages == sorted(path.name for path in (decided / "public" / "v1").iterdir())


def test_a_dry_run_publishes_nothing_and_goes_into_a_folder(
    run: Run, decided: Path, tmp_path: Path
) -> None:
    ended = run("publish", decided, "--dry-run", "--into", tmp_path / "look")
    assert ended.code == 0, ended.err
    assert re.fullmatch(r"Not published\. v1 would be \d+ pages, in .*look\n", ended.out)
    assert not (decided / "public" / "v1").exists()
    assert run("check", tmp_path / "look", "--report", decided).code == 2, "git has no such version"
    assert run("publish", decided, "--dry-run", "--into", tmp_path / "look").code == 1
    assert run("publish", decided, "--into", tmp_path / "look").code == 2
    assert run("publish", decided).code == 0
    ended = run("publish", decided, "--dry-run")
    assert ended.code == 1
    assert ended.out.startswith("Nothing has changed since v1")


def test_the_release_notes_are_a_file_or_drafted(run: Run, decided: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("It is the *first*.\r\n")
    assert run("publish", decided, "--notes", tmp_path / "notes.md").code == 0
    assert "It is the <em>first</em>." in (decided / "public/v1/notes/index.html").read_text()
    assert run("publish", decided, "--notes", tmp_path / "none.md").code == 2


def test_a_built_site_is_checked_and_what_is_wrong_is_named(
    run: Run, decided: Path, tmp_path: Path
) -> None:
    assert run("check", decided / "none").code == 2
    run("publish", decided)
    ended = run("check", decided)
    assert (ended.code, ended.out[-15:]) == (0, "nothing found.\n")
    assert run("build", decided, "-o", tmp_path / "site", "--check").code == 0
    (tmp_path / "site" / "amendments" / "0001" / "index.html").unlink()
    ended = run("check", tmp_path / "site")
    assert ended.code == 1
    assert "v1/amendments/0001/index.html: it is missing" in ended.out


def test_build_refuses_a_full_folder_and_a_version_that_was_never_published(
    run: Run, report: Path, tmp_path: Path
) -> None:
    assert run("build", report, "-o", tmp_path / "site").code == 2
    run("publish", report)
    assert run("build", report, "-o", tmp_path).code == 1
    ended = run("build", f"{report}@main", "-o", tmp_path / "site")
    assert ended.code == 2
    assert "It has v1." in ended.err


def test_versions_that_are_to_be_built_may_follow_one_only(run: Run, report: Path) -> None:
    run("publish", report)
    assert run("publish", report, "--only", "v1", "v7").code == 2
    assert run("publish", report, "v1").code == 2


def test_showing_an_empty_report_says_what_to_do(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "empty"
    run("init", path)
    assert run("show", path).out == f"{path} has no clause yet. Give it a text: drafter import\n"


def test_init_keeps_its_data_in_the_database_named_and_only_where_no_report_does(
    run: Run, tmp_path: Path, source: Path, postgres: Server
) -> None:
    url = postgres.make()
    path = tmp_path / "kept"
    assert run("init", path, "--from", source, "--database", url).code == 0
    assert run("seats", path, "--add", 3).code == 0
    assert not (path / "drafter.sqlite3").exists()
    with closing(Instance.open(path)) as instance:
        assert instance.settings.database == url
        assert len(list_seats(instance)) == 3
    second = run("init", tmp_path / "second", "--database", url)
    assert (second.code, "Another report" in second.err) == (1, True)
    assert not (tmp_path / "second").exists()
    postgres.drop(url)
    gone = run("seats", path)
    assert gone.code == 2
    assert "could not be read" in gone.err


def test_init_refuses_a_database_of_another_kind(run: Run, tmp_path: Path) -> None:
    ended = run("init", tmp_path / "x", "--database", "mysql://a:SECRET@b/c")
    assert (ended.code, "PostgreSQL" in ended.err, "SECRET" in ended.err) == (2, True, False)
    assert not (tmp_path / "x").exists()

"""How the command ends: exit codes, one sentence, no traceback, quiet pipes, quick help."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import drafter.cli.verbs as verbs
from drafter.cli.frame import EXIT_CODES, exit_code_of
from drafter.core.errors import BadInput, DrafterError, Refused
from tests.cli.conftest import PROGRAM, PYTHON_PATH, Run, Start


def _subclasses(kind: type[DrafterError]) -> Iterator[type[DrafterError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _subclasses(below)


def test_every_error_has_an_exit_code_of_its_own() -> None:
    in_core = {
        kind for kind in _subclasses(DrafterError) if kind.__module__ == "drafter.core.errors"
    }
    assert in_core == set(EXIT_CODES)
    assert set(EXIT_CODES.values()) == {1, 2}


def test_an_error_of_a_class_made_elsewhere_ends_as_the_class_above_it() -> None:
    class Closed(Refused):
        pass

    assert exit_code_of(Closed("The vote is closed.")) == 1


@pytest.mark.parametrize("verb", verbs.VERBS)
def test_the_help_of_each_verb_says_what_it_does_gives_an_example_and_its_exit_codes(
    run: Run, verb: str
) -> None:
    ended = run(verb, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: drafter {verb} ")
    assert f"  drafter {verb}" in ended.out.partition("\n")[2]
    assert "Exit codes: 0" in ended.out


def test_the_help_lists_every_verb_with_its_line(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for name, verb in verbs.VERBS.items():
        assert f"  {name} " in ended.out
        assert verb.line in ended.out


def test_the_verbs_are_those_that_were_promised() -> None:
    promised = (
        "init configure import lint ids show diff merge history amendments publish verify build "
        "check seats clerks link assemblies serve demo comments comment erase "
        "put vote close dissent decide reopen separate lapse withdraw adopt reconsider "
        "propose redraft combine admit redact"
    )
    assert set(verbs.VERBS) == set(promised.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["diff", "one.md"], "drafter: Missing argument 'NEW'. See: drafter diff --help\n"),
        (["dif"], "drafter: No such command 'dif'."),
        (["diff", "--form", "x", "a", "b"], "See: drafter diff --help\n"),
    ],
)
def test_a_mistyped_command_ends_with_2_and_one_sentence(
    run: Run, arguments: list[str], sentence: str
) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert ended.err.count("\n") == 1


def test_an_error_made_on_purpose_shows_its_sentence_and_no_traceback(run: Run) -> None:
    ended = run("diff", "not-there.md", "nor-there.md")
    assert ended.code == 2
    assert ended.err == "drafter: There is no file not-there.md. Check the path.\n"


def test_an_unexpected_error_is_one_sentence_that_says_how_to_learn_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.cli.texts.add_ids_to_report", _break)
    ended = run("ids", __file__)
    assert ended.code == 2
    assert "ZeroDivisionError: by nothing" in ended.err
    assert "DRAFTER_DEBUG=1" in ended.err
    assert ended.err.count("\n") == 1


def test_debugging_shows_where_an_error_came_from(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.cli.texts.add_ids_to_report", _break)
    monkeypatch.setenv("DRAFTER_DEBUG", "1")
    ended = run("ids", __file__)
    assert ended.code == 2
    assert "Traceback" in ended.err


def test_a_disk_that_refuses_is_named_with_its_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "a.md"))

    monkeypatch.setattr("drafter.cli.texts.add_ids_to_report", refuse)
    ended = run("ids", __file__)
    assert ended.code == 2
    assert ended.err.startswith(f"drafter: No space left on device ({tmp_path / 'a.md'}).")


def test_ctrl_c_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("drafter.cli.texts.add_ids_to_report", interrupt)
    ended = run("ids", __file__)
    assert (ended.code, ended.err) == (130, "drafter: Stopped.\n")


def test_a_refusal_ends_with_1_and_a_bad_argument_with_2() -> None:
    assert exit_code_of(Refused("No.")) == 1
    assert exit_code_of(BadInput("What?")) == 2


def test_a_reader_that_leaves_early_gets_no_complaint(tmp_path: Path) -> None:
    text = "".join(f"Paragraph {n} of a long text.\n\n" for n in range(20_000))
    (tmp_path / "long.md").write_text(text)
    process = subprocess.Popen(
        [*PROGRAM, "show", "long.md"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=PYTHON_PATH,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert said == b""


def test_comparing_loads_neither_web_nor_database_nor_git_nor_a_terminal_toolkit(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text("One.\n")
    script = (
        "import sys; from drafter.cli import main\n"
        "assert main(['diff', 'a.md', 'a.md']) == 0\n"
        "assert main(['merge', 'a.md', 'a.md', 'a.md', '-o', 'b.md']) == 0\n"
        "heavy = ('flask', 'mkdocs', 'sqlalchemy', 'pygit2', 'git', 'rich', 'drafter.services',"
        " 'drafter.store', 'drafter.people', 'drafter.web', 'drafter.publish')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=PYTHON_PATH, capture_output=True
    )
    assert ended.stdout.splitlines()[-1] == b"[]", ended.stderr.decode()


def test_the_version_is_told(start: Start) -> None:
    ended = start("--version")
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"drafter, version ")


def _break(*_: object) -> None:
    raise ZeroDivisionError("by nothing")

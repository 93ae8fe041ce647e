"""`drafter comments`, `comment` and `erase`."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.services.instance import Instance
from tests.cli.conftest import Run
from tests.services.reports import SIXTEEN, make_instance, send, write_source


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An instance with three confirmed comments."""
    where = tmp_path / "instance"
    made = make_instance(where, write_source(tmp_path / "source"))
    for said in ("One.", "Two.", "Three."):
        send(made, SIXTEEN, said)
    made.close()
    return where


def test_comments_are_shown_held_answered_and_listed(path: Path, run: Run) -> None:
    assert run("comment", "show", path, 1, 2).code == 0
    assert run("comment", "hold", path, 3, "--text", "It insults.").code == 2
    held = run("comment", "hold", path, 3, "--reason", "threat", "--text", "It insults.")
    assert held.code == 0
    assert run("comments", path, "--held").out == f"3  held  {SIXTEEN}  Three.\n"
    assert run("comment", "answer", path, 1, 2, "--text", "To both.").code == 0
    assert run("comments", path, "--unanswered").out == ""
    assert len(run("comments", path).out.splitlines()) == 3
    assert run("comment", "show", path, "x").code == 2


def test_a_comment_is_taken_down_and_the_time_is_set(path: Path, run: Run) -> None:
    given = ("--source", "spoken", "--place", "Leeds", "--on", "2026-02-01", "--text", "Spoken.")
    ended = run("comment", "enter", path, SIXTEEN, *given)
    assert ended.out.startswith("Comment 4, code ")
    assert run("comments", path, "--waiting", "--until", "2020-01-01T00:00").code == 0
    assert run("comments", path, "--until", "soon").code == 2


def test_an_address_is_erased(path: Path, run: Run) -> None:
    ended = run("erase", path, "ADA@example.org", "--words")
    assert ended.out == "Erased: the author of comments 1, 2, 3; 0 other wishes ended.\n"
    assert run("erase", path, "ada@example.org").code == 2
    instance = Instance.open(path)
    data = b"".join(one.read_bytes() for one in instance.path.glob("drafter.sqlite3*"))
    instance.close()
    assert b"ada@example.org" not in data

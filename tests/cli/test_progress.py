"""The bar for long work: on a terminal only, and gone at the end."""

from __future__ import annotations

import contextlib

import pytest

from drafter.cli.progress import progress


def test_the_bar_is_drawn_on_a_terminal_and_wiped_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress() as draw:
        draw(1, 2, "Reading v1")
    said = capsys.readouterr()
    assert said.out == ""
    assert "] 1 of 2 Reading v1" in said.err
    assert said.err.endswith("\r\x1b[K")


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as draw:
        draw(1, 2, "Reading v1")
    assert capsys.readouterr() == ("", "")


def test_the_bar_is_wiped_away_when_the_work_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with contextlib.suppress(ValueError), progress() as draw:
        draw(1, 2, "Reading")
        raise ValueError("broken")
    assert capsys.readouterr().err.endswith("\r\x1b[K")

"""`drafter merge`: the text, the marks, the JSON, and its exit codes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.core.merge import merge_text
from tests.cli.conftest import Run

Write = Callable[..., Path]

BASE = "First paragraph stays here.\n\nSecond paragraph stays there.\n"
OURS = BASE.replace("First", "Our first")
THEIRS = BASE.replace("there", "everywhere")
RIVAL = BASE.replace("First", "Their first")


@pytest.fixture
def texts(write: Write) -> Callable[..., list[Path]]:
    def write_all(*given: str | bytes) -> list[Path]:
        names = ("base.md", "ours.md", "theirs.md")
        return [write(name, text) for name, text in zip(names, given, strict=True)]

    return write_all


Texts = Callable[..., list[Path]]


def test_what_does_not_compete_is_merged_and_printed(run: Run, texts: Texts) -> None:
    ended = run("merge", *texts(BASE, OURS, THEIRS))
    merged = "Our first paragraph stays here.\n\nSecond paragraph stays everywhere.\n"
    assert (ended.code, ended.out, ended.err) == (0, merged, "")


def test_what_competes_keeps_the_base_wording_on_either_side_and_is_named(
    run: Run, texts: Texts
) -> None:
    one = run("merge", *texts(BASE, OURS, RIVAL))
    two = run("merge", *texts(BASE, RIVAL, OURS))
    assert one == two
    assert (one.code, one.out) == (1, BASE)
    assert "One place competes (a clause without id: both sides changed the same words)" in one.err
    assert one.err.count("\n") == 1


def test_marks_show_all_three_wordings_as_git_does(run: Run, texts: Texts) -> None:
    ended = run("merge", "--markers", *texts(BASE, OURS, RIVAL))
    assert ended.code == 1
    assert ended.out == merge_text(BASE, OURS, RIVAL).with_markers()
    for sign in ("<<<<<<<", "|||||||", "=======", ">>>>>>>"):
        assert sign in ended.out


def test_json_is_what_the_core_says(run: Run, texts: Texts) -> None:
    ended = run("merge", "--format", "json", *texts(BASE, OURS, RIVAL))
    assert ended.code == 1
    assert json.loads(ended.out) == merge_text(BASE, OURS, RIVAL).to_dict()
    assert ended.err == ""


def test_json_and_marks_do_not_go_together(run: Run, texts: Texts) -> None:
    ended = run("merge", "--format", "json", "--markers", *texts(BASE, OURS, RIVAL))
    assert ended.code == 2


def test_the_result_may_replace_one_of_the_files_and_keeps_its_mode(run: Run, texts: Texts) -> None:
    base, ours, theirs = texts(BASE, OURS, THEIRS)
    ours.chmod(0o640)
    ended = run("merge", base, ours, theirs, "-o", ours)
    assert (ended.code, ended.out) == (0, "")
    assert ours.read_text() == merge_text(BASE, OURS, THEIRS).text
    assert ours.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in ours.parent.iterdir()) == [
        "base.md",
        "ours.md",
        "theirs.md",
    ]


def test_a_new_file_gets_the_mode_that_the_mask_leaves(run: Run, texts: Texts) -> None:
    files = texts(BASE, OURS, THEIRS)
    out = files[0].with_name("out.md")
    before = os.umask(0o027)
    try:
        run("merge", *files, "-o", out)
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o777 == 0o640


def test_every_byte_that_nobody_changed_stays(run: Run, texts: Texts, tmp_path: Path) -> None:
    odd = b"A line\r\n\r\n\tA tab \xff and NUL \x00.\r\n\r\n<div>raw</div>\r\n\r\nEnd"
    out = tmp_path / "out.md"
    ended = run("merge", *texts(odd, odd.replace(b"A line", b"A longer line"), odd), "-o", out)
    assert ended.code == 0
    assert out.read_bytes() == odd.replace(b"A line", b"A longer line")


def test_an_error_writes_nothing(run: Run, texts: Texts, tmp_path: Path) -> None:
    base, ours, _ = texts(BASE, OURS, THEIRS)
    ended = run("merge", base, ours, tmp_path / "none.md", "-o", ours)
    assert ended.code == 2
    assert ours.read_text() == OURS


def test_an_output_folder_that_is_not_there_is_named(
    run: Run, texts: Texts, tmp_path: Path
) -> None:
    ended = run("merge", *texts(BASE, OURS, THEIRS), "-o", tmp_path / "none" / "out.md")
    assert ended.code == 2
    assert str(tmp_path / "none") in ended.err


def test_a_folder_is_refused(run: Run, texts: Texts, tmp_path: Path) -> None:
    ended = run("merge", *texts(BASE, OURS, THEIRS)[:2], tmp_path)
    assert ended.code == 2
    assert "is a folder" in ended.err

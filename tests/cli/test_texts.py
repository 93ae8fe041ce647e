"""`drafter lint`, `drafter ids` and `drafter show` on files and checkouts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.core.reading import read_chapter
from tests.cli.conftest import TEXT, Run

Write = Callable[..., Path]


def ids_in(path: Path) -> list[str]:
    chapter = read_chapter("", path.read_bytes().decode("utf-8", "surrogateescape"))
    return [clause.id for clause in chapter.clauses if clause.id]


def test_lint_names_file_line_and_what_to_do_and_answers_1(run: Run, write: Write) -> None:
    path = write("a.md", "Fine.\n\n<div>raw</div>\n")
    ended = run("lint", path)
    assert ended.code == 1
    assert ended.out.startswith(f"{path}:3: ")
    assert ended.err == ""


def test_lint_finds_nothing_in_a_good_file_and_answers_0(run: Run, write: Write) -> None:
    ended = run("lint", write("a.md", "Fine.\n{: #c-aaaaaa }\n"))
    assert (ended.code, ended.out) == (0, "")


def test_lint_finds_an_id_that_stands_in_two_files(run: Run, write: Write) -> None:
    one = write("drafts/a.md", "One.\n{: #c-aaaaaa }\n")
    write("drafts/b.md", "Two.\n{: #c-aaaaaa }\n")
    ended = run("lint", one.parent)
    assert ended.code == 1
    assert "b.md:1: " in ended.out
    assert "c-aaaaaa" in ended.out


def test_ids_adds_markers_and_nothing_else(run: Run, write: Write) -> None:
    path = write("a.md", TEXT)
    ended = run("ids", path)
    assert ended.code == 0
    assert ended.out == f"{path}: 4 new ids.\n"
    marked = path.read_text()
    for marker in ids_in(path):
        marked = marked.replace(f"\n{{: #{marker} }}", "").replace(f" {{: #{marker} }}", "")
    assert marked == TEXT


def test_ids_a_second_time_changes_nothing_not_even_the_time_of_the_file(
    run: Run, write: Write
) -> None:
    path = write("a.md", TEXT)
    run("ids", path)
    before = path.stat()
    ended = run("ids", path)
    assert (ended.code, ended.out) == (0, "")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_ids_are_kept_apart_across_the_files_named(run: Run, write: Write) -> None:
    paths = [write(f"{folder}/a.md", TEXT) for folder in ("one", "two")]
    assert run("ids", *paths).code == 0
    found = [name for path in paths for name in ids_in(path)]
    assert len(found) == len(set(found)) == 8


def test_ids_are_the_same_wherever_the_folder_lies(run: Run, write: Write) -> None:
    one, two = write("here/drafts/sub/a.md", TEXT), write("there/deep/drafts/sub/a.md", TEXT)
    run("ids", one)
    run("ids", two)
    assert ids_in(one) == ids_in(two)


def test_ids_keep_odd_bytes(run: Run, write: Write) -> None:
    path = write("a.md", b"A line\r\n\r\nAnother \xff\x00.")
    run("ids", path)
    first, second = ids_in(path)
    assert path.read_bytes() == (
        b"A line\r\n{: #%s }\r\n\r\nAnother \xff\x00.\r\n{: #%s }"
        % (first.encode(), second.encode())
    )


def test_checking_ids_lists_what_lacks_one_and_writes_nothing(run: Run, write: Write) -> None:
    path = write("a.md", TEXT)
    ended = run("ids", "--check", path)
    assert ended.code == 1
    assert ended.out.splitlines()[0] == f"{path}:1: heading: Rights"
    assert ended.out.count("\n") == 4
    assert ended.err == "4 clauses lack an id. Run drafter ids without --check.\n"
    assert path.read_text() == TEXT


def test_checking_ids_answers_0_when_all_are_there(run: Run, write: Write) -> None:
    path = write("a.md", TEXT)
    run("ids", path)
    ended = run("ids", "--check", path)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_a_folder_without_markdown_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("ids", tmp_path)
    assert ended.code == 2
    assert "no Markdown file" in ended.err


REPORT = (
    "# Rights {: #c-aaaaaa }\n\nEvery citizen has a vote.\n"
    '{: #c-bbbbbb origin="leeds-2018/4" was="c-cccccc" }\n\n- One. {: #c-dddddd }\n'
)


@pytest.fixture
def folder(write: Write) -> Path:
    return write("report/drafts/a.md", REPORT).parents[1]


def test_show_prints_every_clause_with_number_and_id(run: Run, folder: Path) -> None:
    ended = run("show", folder)
    assert ended.code == 0
    assert ended.out.startswith("drafts/a.md\n\n1  c-aaaaaa\n    # Rights\n")
    assert "1.1  c-bbbbbb\n    Every citizen has a vote.\n" in ended.out


@pytest.mark.parametrize("name", ["c-bbbbbb", "1.1", "c-cccccc"])
def test_show_finds_a_clause_by_id_number_or_an_ancestors_id(
    run: Run, folder: Path, name: str
) -> None:
    ended = run("show", folder, name)
    assert ended.code == 0
    assert ended.out.startswith("1.1  paragraph  c-bbbbbb\n    Every citizen has a vote.\n")
    assert "File: drafts/a.md, line 3\n" in ended.out
    assert "Origins: leeds-2018/4\n" in ended.out
    assert "Came from: c-cccccc\n" in ended.out


@pytest.mark.parametrize("name", ["c-zzzzzz", "9.9", "nonsense"])
def test_show_says_where_else_to_look_for_a_clause_that_is_not_there(
    run: Run, folder: Path, name: str
) -> None:
    ended = run("show", folder, name)
    assert (ended.code, ended.out) == (2, "")
    assert f"There is no clause {name}" in ended.err


def test_show_takes_a_single_file(run: Run, write: Write) -> None:
    assert "    # Rights\n" in run("show", write("a.md", REPORT)).out

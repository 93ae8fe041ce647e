"""`drafter diff`: what it compares, its three forms, and its exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from drafter.cli.difftext import Paper, wrap, write_diff
from drafter.core.diff import diff_text
from tests.cli.conftest import Run, Start

Write = Callable[..., Path]

OLD = "# Votes {: #c-aaaaaa }\n\nEvery citizen aged eighteen may vote.\n{: #c-bbbbbb }\n"
NEW = "# Votes {: #c-aaaaaa }\n\nEvery citizen aged sixteen may vote.\n{: #c-bbbbbb }\n"


def test_words_are_marked_and_the_clause_is_named(run: Run, write: Write) -> None:
    ended = run("diff", write("old.md", OLD), write("new.md", NEW))
    assert ended.code == 1
    assert "1.1  paragraph edited  c-bbbbbb\n" in ended.out
    assert "    Every citizen aged [-eighteen-]{+sixteen+} may vote.\n" in ended.out
    assert ended.out.endswith("\n1 change: 1 edited.\n")
    assert ended.err == ""


def test_equal_texts_and_texts_that_differ_in_white_space_answer_0(run: Run, write: Write) -> None:
    old, same = write("old.md", OLD), write("same.md", OLD.replace("\n\n", "\n\n\n"))
    ended = run("diff", old, same)
    assert (ended.code, ended.out) == (0, "No clause changed.\n")


def test_json_is_what_the_core_says_with_the_files_as_paths(run: Run, write: Write) -> None:
    old, new = write("old.md", OLD), write("new.md", NEW + "\nÉga tŷ.\n")
    ended = run("diff", "--format", "json", old, new)
    found = json.loads(ended.out)
    expected = json.loads(json.dumps(diff_text(OLD, NEW + "\nÉga tŷ.\n").to_dict()))
    for change in expected["changes"]:
        for side, path in (("old", old), ("new", new)):
            if change[side]:
                change[side]["path"] = str(path)
    assert ended.code == 1
    assert found == expected
    assert "Éga tŷ." in ended.out
    assert ended.out.endswith("}\n")
    assert ended.out.count("\n") == 1


def test_json_stays_json_where_a_file_is_no_utf8(run: Run, write: Write) -> None:
    ended = run("diff", "--format", "json", write("a.md", ""), write("b.md", b"A \xff byte.\n"))
    words = json.loads(ended.out.encode("utf-8").decode("utf-8"))["changes"][0]["words"]
    assert words == [["+", "A \udcff byte."]]


class _Balanced(HTMLParser):
    """Notes tags that are not closed in their order, and whatever is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.faults: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        self.loads += [v or "" for k, v in attrs if k in ("src", "href") and (v or "#")[0] != "#"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def test_the_page_is_well_formed_loads_nothing_and_runs_no_words_of_the_text(
    run: Run, write: Write
) -> None:
    sly = "Every <script>alert(1)</script> & \x1b[31m `</ins>` citizen.\n"
    ended = run("diff", "--format", "html", write("a.md", OLD), write('b".md', OLD + "\n" + sly))
    page = _Balanced()
    page.feed(ended.out)
    assert ended.code == 1
    assert (page.open, page.faults, page.loads) == ([], [], [])
    assert "script" not in page.tags
    assert "&lt;script&gt;" in ended.out
    assert "\x1b" not in ended.out
    assert '<ins><span class="sr">added: </span>' in ended.out


def test_signs_that_would_command_the_terminal_are_shown_not_sent(run: Run, write: Write) -> None:
    ended = run("diff", write("a.md", ""), write("b.md", "Red \x1b[31m and \x07 bell.\n"))
    assert "{+Red ␛[31m and ␇ bell.+}" in ended.out


def test_a_move_says_where_the_clause_stood_and_does_not_repeat_it_all(
    run: Run, write: Write
) -> None:
    one, two = (f"{word} paragraph.\n{{: #c-{word}{word} }}\n" for word in ("aaa", "bbb"))
    ended = run("diff", write("a.md", f"{one}\n{two}"), write("b.md", f"{two}\n{one}"))
    assert ended.code == 1
    assert "paragraph moved" in ended.out
    assert "Stood" in ended.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("## A title\n", "### A title\n", "heading form changed"),
        ("Some *word* here.\n", "Some word here.\n", "paragraph formatting only"),
        (
            OLD,
            OLD.replace("bbbbbb", 'bbbbbb origin="leeds-2018/4"'),
            "Origins added: leeds-2018/4.",
        ),
        ("One. {: #c-cccccc }\n", "", "paragraph removed"),
    ],
)
def test_each_kind_is_said_in_words(run: Run, write: Write, old: str, new: str, said: str) -> None:
    ended = run("diff", write("a.md", old), write("b.md", new))
    assert ended.code == 1
    assert said in ended.out


def test_a_split_names_the_parts(run: Run, write: Write) -> None:
    old = "First half of it. Second half of it.\n{: #c-aaaaaa }\n"
    new = 'First half of it.\n{: #c-aaaaaa }\n\nSecond half of it.\n{: #c-bbbbbb was="c-aaaaaa" }\n'
    ended = run("diff", write("a.md", old), write("b.md", new))
    assert "paragraph split into 2  c-aaaaaa\n    Into: c-aaaaaa, c-bbbbbb.\n" in ended.out


def test_in_a_terminal_lines_are_broken_and_changes_coloured_as_well_as_marked() -> None:
    diff = diff_text("word " * 40 + "old end.\n", "word " * 40 + "new end.\n")
    text = write_diff(diff, Paper(60, colour=True))
    assert "\x1b[31m\x1b[9m[-old-]\x1b[0m" in text
    assert "\x1b[32m\x1b[4m{+new+}\x1b[0m" in text
    assert max(len(line) for line in write_diff(diff, Paper(60, colour=False)).split("\n")) <= 60


def test_breaking_lines_loses_no_word_and_keeps_line_feeds() -> None:
    text = "one two three\nfour " + "x" * 50 + " five"
    lines = wrap(text, Paper(20, colour=False))
    assert " ".join(line.strip() for line in lines) == text.replace("\n", " ")
    assert len(lines) > 3


def test_a_word_longer_than_the_line_does_not_hide_the_words_after_it() -> None:
    assert wrap("y" * 30 + " end", Paper(20, colour=False)) == ["    " + "y" * 30, "    end"]


def test_folders_are_compared_chapter_by_chapter_in_their_reading_order(
    run: Run, write: Write
) -> None:
    for folder in ("old", "new"):
        write(f"{folder}/mkdocs.yml", "nav: [b.md, a.md]\nextra: {drafter: {numbering: decimal}}\n")
        write(f"{folder}/drafts/a.md", "Chapter a.\n")
        write(f"{folder}/drafts/assemblies/leeds-2018.md", f"Not a chapter, {folder}.\n")
    write("old/drafts/b.md", "# B\n\n- An item.\n")
    write("new/drafts/b.md", "# B\n\n- An item, longer.\n")
    ended = run("diff", "--format", "json", write("old/x").parent, write("new/x").parent)
    changes = json.loads(ended.out)["changes"]
    assert [change["new"]["path"] for change in changes] == ["drafts/b.md"]
    assert changes[0]["new"]["number"] == "1.1"


def test_a_folder_that_is_no_report_is_all_its_markdown_files(run: Run, write: Write) -> None:
    write("old/sub/a.md", "One.\n")
    write("old/.git/b.md", "Hidden.\n")
    write("new/sub/a.md", "Two words more.\n")
    ended = run("diff", "--format", "json", write("old/x").parent, write("new/x").parent)
    paths = {(c["new"] or c["old"])["path"] for c in json.loads(ended.out)["changes"]}
    assert paths == {"sub/a.md"}


def test_a_path_with_an_at_sign_is_a_path_where_it_exists(run: Run, write: Write) -> None:
    path = write("me@home.md", OLD)
    assert run("diff", path, path).code == 0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one commit on main, and a change that is not committed."""
    folder = tmp_path / "checkout"
    (folder / "drafts").mkdir(parents=True)
    (folder / "drafts/a.md").write_text(OLD)
    git(folder, "init", "-q", "-b", "main")
    commit_all(folder)
    (folder / "drafts/a.md").write_text(NEW)
    return folder


def git(folder: Path, *arguments: str, fails: bool = False) -> str:
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    ended = subprocess.run(
        ["git", *named, *arguments], cwd=folder, capture_output=True, text=True, check=not fails
    )
    return ended.stdout + ended.stderr


def commit_all(folder: Path, message: str = "x") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def test_a_checkout_without_a_version_is_its_files_and_with_one_its_git(
    run: Run, checkout: Path
) -> None:
    head = git(checkout, "rev-parse", "HEAD").strip()
    for version in ("main", "HEAD", head, head[:8]):
        assert run("diff", f"{checkout}@{version}", checkout).code == 1
    assert run("diff", f"{checkout}@main", f"{checkout}@{head}").code == 0


@pytest.mark.parametrize(
    ("version", "said"),
    [("v9", "It has main, and no version yet."), ("--help", "There is no --help in"), ("", "@v2")],
)
def test_a_version_that_is_not_there_is_named_with_those_that_are(
    run: Run, checkout: Path, version: str, said: str
) -> None:
    ended = run("diff", "--", f"{checkout}@{version}", checkout)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_a_whole_process_compares_two_files(start: Start, write: Write) -> None:
    write("old.md", OLD)
    write("new.md", NEW)
    ended = start("diff", "old.md", "new.md")
    assert ended.returncode == 1
    assert b"[-eighteen-]{+sixteen+}" in ended.stdout

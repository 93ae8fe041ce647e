"""`drafter import`: files as chapters, a row of files and a git history as versions."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

Write = Callable[..., Path]


def test_files_become_chapters_of_a_report_that_is_made_where_it_is_missing(
    run: Run, write: Write, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    ended = run("import", report, write("values.md", "One.\n"), write("rights.md", "Two.\n"))
    assert (ended.code, ended.err) == (0, f"Made a report at {report}.\n")
    assert ended.out == "drafts/rights.md\ndrafts/values.md\n"
    assert "    One.\n" in run("show", report).out


def test_a_row_of_files_becomes_versions_and_clauses_keep_their_ids(
    run: Run, write: Write, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    texts = [
        "All over eighteen vote.\n",
        "All over sixteen vote.\n",
        "All over sixteen vote now.\n",
    ]
    files = [write(f"{number}.md", text) for number, text in enumerate(texts, 2019)]
    ended = run("import", report, "--versions", *files)
    assert (ended.code, ended.out) == (0, "v1\nv2\nv3\n")
    changed = run("diff", f"{report}@v1", f"{report}@v3").out
    assert "paragraph edited  c-" in changed
    assert "[-eighteen" in changed


def test_a_row_of_folders_keeps_the_chapters_apart(run: Run, write: Write, tmp_path: Path) -> None:
    report = tmp_path / "report"
    for year, text in (("2019", "One text.\n"), ("2020", "One longer text.\n")):
        write(f"{year}/a.md", text)
        write(f"{year}/b.md", "The same.\n")
    ended = run("import", report, "--versions", tmp_path / "2019", tmp_path / "2020")
    assert (ended.code, ended.out) == (0, "v1\nv2\n")
    assert "drafts/a.md" in run("diff", f"{report}@v1", f"{report}@v2").out


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository of somebody else's: three commits on Policies, one beside them."""
    folder = tmp_path / "policies"
    (folder / "Policies").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for number, text in enumerate(("One rule.", "One new rule.", "One new rule here.")):
        (folder / "Policies/rule.md").write_text(f"{text}\n")
        commit(folder, f"Change {number}")
        git(folder, "tag", f"r{number}")
    (folder / "README.md").write_text("Beside.\n")
    commit(folder, "Beside")
    return folder


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, env=os.environ)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


@pytest.mark.parametrize(
    ("chosen", "versions"),
    [
        (["--every-change"], "v1\nv2\nv3\n"),
        (["--at", "r0", "r2"], "v1\nv2\n"),
        (["--at", "r0", "--at", "r2"], "v1\nv2\n"),
        ([], "v1\n"),
    ],
)
def test_the_commits_of_a_history_become_versions(
    run: Run, history: Path, tmp_path: Path, chosen: list[str], versions: str
) -> None:
    report = tmp_path / "report"
    ended = run("import", report, "--history", history, "--path", "Policies/**", *chosen)
    assert (ended.code, ended.out) == (0, versions)
    shown = run("show", report).out
    assert "One new rule here." in shown
    assert "Beside" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--versions"],
        ["--versions", "--history", "x", "--path", "**"],
        ["--history", "x"],
        ["--history", "x", "--path", "**", "a.md"],
        ["--history", "x", "--path", "**", "--at", "r1", "--every-change"],
        ["a.md", "--every-change"],
        ["a.md", "--path", "**"],
    ],
)
def test_arguments_that_do_not_belong_together_are_refused_before_anything_is_made(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    ended = run("import", tmp_path / "report", *arguments)
    assert ended.code == 2
    assert ended.err.endswith("See: drafter import --help\n")
    assert not (tmp_path / "report").exists()


def test_a_file_that_is_not_there_leaves_no_report_behind(run: Run, tmp_path: Path) -> None:
    for kind in ([], ["--versions"]):
        assert run("import", tmp_path / "report", *kind, tmp_path / "none.md").code == 2
    assert not (tmp_path / "report").exists()


def test_two_files_of_one_name_are_refused(run: Run, write: Write, tmp_path: Path) -> None:
    ended = run("import", tmp_path / "report", write("a/x.md"), write("b/x.md"))
    assert ended.code == 2
    assert "x.md" in ended.err

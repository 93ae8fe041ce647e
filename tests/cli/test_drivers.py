"""As git's merge and diff drivers, set up as the help says, in a real repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, PYTHON_PATH

BASE = "First paragraph stays here.\n\nSecond paragraph stays there.\n"


class Repository:
    """A checkout whose Markdown files have this program as their drivers."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.folder = folder
        self.text = folder / "text.md"
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("config", "merge.drafter.driver", f"{program} merge %O %A %B -o %A --markers")
        self.git("config", "diff.drafter.command", f"{program} diff")
        (folder / ".gitattributes").write_text("*.md merge=drafter diff=drafter\n")
        self.commit(BASE)

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        return subprocess.run(
            ["git", *named, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env={**os.environ, **PYTHON_PATH, "LC_ALL": "C.UTF-8"},
        )

    def commit(self, text: str) -> None:
        self.text.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "A change")

    def both_change(self, ours: str, theirs: str) -> subprocess.CompletedProcess[str]:
        """Change the text on two branches, and merge them."""
        self.git("checkout", "-q", "-b", "other")
        self.commit(theirs)
        self.git("checkout", "-q", "main")
        self.commit(ours)
        return self.git("merge", "other")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    program = tmp_path / "drafter"
    program.write_text(f'#!/bin/sh\nexec {PROGRAM[0]} -c "{PROGRAM[2]}" "$@"\n')
    program.chmod(0o755)
    return Repository(tmp_path / "work", program)


def test_git_merges_separate_words_of_one_line_by_the_driver(repository: Repository) -> None:
    ended = repository.both_change(
        BASE.replace("First", "The first"), BASE.replace("here", "right here")
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert repository.text.read_text().startswith("The first paragraph stays right here.\n")


def test_git_reports_a_conflict_where_words_compete_and_the_file_shows_the_marks(
    repository: Repository,
) -> None:
    ended = repository.both_change(BASE.replace("First", "Our"), BASE.replace("First", "Their"))
    assert ended.returncode == 1
    assert "CONFLICT" in ended.stdout
    text = repository.text.read_text()
    assert "<<<<<<<" in text
    assert "Our paragraph" in text
    assert "Their paragraph" in text
    assert "UU text.md" in repository.git("status", "--porcelain").stdout


def test_git_diff_prints_the_changes_by_clause(repository: Repository) -> None:
    repository.text.write_text(BASE.replace("First", "Our"))
    ended = repository.git("diff")
    assert ended.returncode == 0, ended.stderr
    assert "text.md\n" in ended.stdout
    assert "[-First-]{+Our+} paragraph" in ended.stdout


def test_git_diff_shows_new_removed_and_renamed_files(repository: Repository) -> None:
    (repository.folder / "new.md").write_text("A new file.\n")
    repository.git("add", "new.md")
    assert "{+A new file.+}" in repository.git("diff", "--cached").stdout
    repository.git("mv", "text.md", "moved.md")
    (repository.folder / "moved.md").write_text(BASE.replace("First", "Our"))
    repository.git("add", "-A")
    ended = repository.git("diff", "--cached", "-M10")
    assert ended.returncode == 0, ended.stderr
    assert "moved.md\n" in ended.stdout
    assert "[-First-]{+Our+} paragraph" in ended.stdout


def test_git_diff_goes_on_past_a_file_in_conflict(repository: Repository) -> None:
    repository.both_change(BASE.replace("First", "Our"), BASE.replace("First", "Their"))
    ended = repository.git("diff")
    assert ended.returncode == 0, ended.stderr

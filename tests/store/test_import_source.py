from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from drafter.core.errors import BadInput, NotFound
from drafter.store.import_source import Source


class Foreign:
    """A checkout made with the git program, as strangers make them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.day = 0
        self.run("init", "-q", "-b", "trunk")

    def run(self, *arguments: str) -> str:
        date = f"2020-01-{self.day + 1:02d}T12:00:00+02:00"
        identity = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a", "GIT_AUTHOR_DATE": date,
                    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a",
                    "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": "/dev/null"}  # fmt: skip
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=os.environ | identity, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, subject: str, **files: str | None) -> str:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_md", ".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if text is None else path.write_text(text)
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", subject)
        self.day += 1
        return self.run("rev-parse", "HEAD")


@pytest.fixture
def foreign(tmp_path: Path) -> Foreign:
    return Foreign(tmp_path / "foreign")


def test_every_change_of_a_matching_file_on_the_first_parent_line_is_a_snapshot(foreign) -> None:
    first = foreign.commit("One\n\nbody", P__a_md="1", P__x__b_md="1", other_md="1", P__c_txt="1")
    foreign.commit("Noise beside", other_md="2")
    foreign.commit("Noise of another kind", P__c_txt="2")
    foreign.run("checkout", "-q", "-b", "side")
    on_side = foreign.commit("On a branch", P__a_md="2")
    foreign.commit("On a branch again", P__a_md="3")
    foreign.run("checkout", "-q", "trunk")
    foreign.run("merge", "-q", "--no-ff", "-m", "Merge", "side")
    merge = foreign.run("rev-parse", "HEAD")
    (foreign.folder / "P/a.md").chmod(0o755)
    foreign.commit("Mode alone")
    gone = foreign.commit("Gone", P__a_md=None)
    source = Source.open(foreign.folder, "P/**")
    chosen = source.commits(every_change=True)
    assert chosen == (first, merge, gone)
    assert on_side not in chosen
    snapshots = list(source.snapshots(every_change=True))
    assert [s.subject for s in snapshots] == ["One", "Merge", "Gone"]
    assert [s.files for s in snapshots] == [
        {"P/a.md": b"1", "P/x/b.md": b"1"},
        {"P/a.md": b"3", "P/x/b.md": b"1"},
        {"P/x/b.md": b"1"},
    ]
    assert snapshots[0].time.isoformat() == "2020-01-01T10:00:00+00:00"
    assert snapshots[0].files["P/x/b.md"] is snapshots[2].files["P/x/b.md"]


def test_named_revisions_come_oldest_first_and_without_any_the_last_one(foreign) -> None:
    first, second, third = (foreign.commit(f"C{n}", a_md=str(n)) for n in range(3))
    foreign.run("tag", "-a", "v1.0", "-m", "x", first)
    source = Source.open(foreign.folder, "*")
    assert source.commits() == (third,)
    assert source.commits(["HEAD~1", "v1.0"]) == (first, second)
    assert source.commits([third[:8], third]) == (third,)


@pytest.mark.parametrize(
    "revision",
    ["-x", "--output=x", "", ":/One", "HEAD:a.md", "@{-1}", "HEAD@{1}", "a b", "HEAD\n", "x" * 300],
)
def test_a_revision_of_another_form_is_refused(foreign, revision: str) -> None:
    foreign.commit("One", a_md="1")
    with pytest.raises(BadInput):
        Source.open(foreign.folder, "*").commits([revision])


def test_a_revision_that_is_missing_or_beside_the_line_is_refused(foreign) -> None:
    foreign.commit("One", a_md="1")
    foreign.run("checkout", "-q", "-b", "side")
    foreign.commit("Beside", a_md="2")
    foreign.run("checkout", "-q", "trunk")
    source = Source.open(foreign.folder, "*")
    with pytest.raises(NotFound):
        source.commits(["v9"])
    with pytest.raises(BadInput):
        source.commits(["side"])
    with pytest.raises(BadInput):
        source.commits(["trunk"], every_change=True)


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [("P/**", "P/a.md P/x/b.md P/x/y/c.md"), ("P/*", "P/a.md"), ("P/*.md", "P/a.md"),
     ("**/b.md", "P/x/b.md"), ("**", "P/a.md P/x/b.md P/x/y/c.md a.md"), ("*", "a.md"),
     ("P/**/c.md", "P/x/y/c.md"), ("P/?.md", "P/a.md"), ("P/[!a].md", ""), ("p/**", ""),
     ("P/**/[bc].md", "P/x/b.md P/x/y/c.md"), ("P", ""), ("P/", "")],
)  # fmt: skip
def test_a_pattern_matches_part_by_part(tmp_path, repository, pattern: str, matching: str) -> None:
    source = Source.open(repository.folder, pattern)
    paths = ["P/a.md", "P/x/b.md", "P/x/y/c.md", "a.md", "P/a.txt", "P/md"]
    assert " ".join(path for path in paths if source.matches(path)) == matching


@pytest.mark.parametrize("pattern", ["", "a" * 501, "**/" * 5])
def test_a_pattern_without_bounds_is_refused(repository, pattern: str) -> None:
    with pytest.raises(BadInput):
        Source.open(repository.folder, pattern)


def test_links_are_passed_over(foreign) -> None:
    foreign.commit("One", a_md="1")
    (foreign.folder / "b.md").symlink_to("/etc/passwd")
    made = foreign.commit("Link")
    assert Source.open(foreign.folder, "*").snapshot(made).files == {"a.md": b"1"}


def test_what_is_no_repository_is_not_found(tmp_path) -> None:
    with pytest.raises(NotFound):
        Source.open(tmp_path, "*")


def test_a_repository_without_a_commit_is_not_found(foreign) -> None:
    with pytest.raises(NotFound, match="That repository has no text"):
        Source.open(foreign.folder, "*").commits()

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pygit2
import pytest

from drafter.core.errors import BadInput, Corrupt, NotFound, Refused, Unreadable
from drafter.store.objects import decode, encode
from drafter.store.repository import Repository

ODD_FILES = {
    "CRLF": b"# A\r\n\r\ntext\r\n",
    "NUL": b"a\0b\n",
    "invalid UTF-8": b"caf\xe9 \xff\xfe\xed\xa0\x80\n",
    "byte order mark": b"\xef\xbb\xbf# A\n",
    "no final newline": b"a",
    "empty": b"",
    "old line ends": b"a\rb\x0bc\x0c\xc2\x85d\xe2\x80\xa8e",
}


@pytest.mark.parametrize("content", ODD_FILES.values(), ids=ODD_FILES.keys())
def test_any_file_comes_back_byte_for_byte(repository, commit, content: bytes) -> None:
    made = commit({"drafts/tŷ.md": content})
    text = repository.read_text(made, "drafts/tŷ.md")
    assert encode(text) == content
    assert decode(content) == text


def test_what_git_itself_reads_is_what_was_written(repository, commit) -> None:
    commit({"drafts/a.md": b"a\r\n", "site/x/y.css": b"p{}", "mkdocs.yml": b"nav: []\n"})
    told = subprocess.run(
        ["git", "--git-dir", repository.folder, "ls-tree", "-r", "main"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert [line.split()[0] + " " + line.split("\t")[1] for line in told.splitlines()] == [
        "100644 drafts/a.md",
        "100644 mkdocs.yml",
        "100644 site/x/y.css",
    ]
    assert (
        subprocess.run(["git", "--git-dir", repository.folder, "fsck", "--strict"]).returncode == 0
    )


def test_a_new_repository_is_bare_on_main_and_empty(repository: Repository) -> None:
    git = pygit2.Repository(str(repository.folder))
    assert git.is_bare
    assert git.raw_listall_references() == []
    assert git.lookup_reference("HEAD").target == "refs/heads/main"
    assert repository.tip("main") is None
    assert repository.branches() == repository.tags() == ()


def test_creating_over_a_repository_is_refused(repository: Repository, commit) -> None:
    made = commit({"drafts/a.md": b"a"})
    with pytest.raises(Refused):
        Repository.create(repository.folder)
    assert Repository.open(repository.folder).tip("main") == made


def test_files_are_listed_in_the_order_of_their_paths(repository, commit) -> None:
    made = commit({f"drafts/{name}.md": b"x" for name in ("b", "a/c", "a-b", "tŷ")})
    listed = [entry.path for entry in repository.list_tree(made, "drafts")]
    assert listed == ["drafts/a-b.md", "drafts/a/c.md", "drafts/b.md", "drafts/tŷ.md"]
    assert all(entry.regular for entry in repository.list_tree(made))
    assert repository.list_tree(made, "amendments") == ()
    assert repository.list_tree(made, "drafts/b.md") == ()


def test_what_is_not_there_is_said_to_be_not_there(repository, commit, tmp_path) -> None:
    made = commit({"drafts/a.md": b"a"})
    assert repository.tip("amendments/0001") is None
    assert repository.find(made, "drafts/b.md") is None
    assert repository.find(made, "drafts") is None
    assert repository.find(made, "drafts/a.md/b.md") is None
    for missing in (
        lambda: repository.read_text(made, "drafts/b.md"),
        lambda: repository.resolve("v1"),
        lambda: repository.resolve("1" * 40),
        lambda: repository.commit("1" * 40),
        lambda: repository.commit(repository.commit(made).tree),
        lambda: repository.resolve(repository.commit(made).tree),
        lambda: Repository.open(tmp_path / "nothing"),
        lambda: Repository.open(tmp_path),
        lambda: Repository.open(repository.folder / "objects"),
    ):
        with pytest.raises(NotFound):
            missing()


def object_path(repository: Repository, object_id: str) -> Path:
    """Say where an object lies, which nothing brings back from there on."""
    repository.settle()
    return repository.folder / "objects" / object_id[:2] / object_id[2:]


@pytest.mark.parametrize("damage", ["junk", "empty", "missing"])
def test_a_file_that_cannot_be_read_is_unreadable_and_never_absent(
    repository, commit, damage: str
) -> None:
    made = commit({"drafts/a.md": b"a"})
    entry = repository.find(made, "drafts/a.md")
    path = object_path(repository, entry.blob_id)
    path.chmod(0o644)
    path.unlink() if damage == "missing" else path.write_bytes(b"junk" if damage == "junk" else b"")
    fresh = Repository.open(repository.folder)
    assert fresh.find(made, "drafts/a.md") == entry
    with pytest.raises(Unreadable):
        fresh.read_text(made, "drafts/a.md")


def test_a_file_with_another_files_words_is_unreadable(repository, commit) -> None:
    made = commit({"drafts/a.md": b"a", "drafts/b.md": b"b"})
    a, b = (object_path(repository, entry.blob_id) for entry in repository.list_tree(made))
    a.chmod(0o644)
    a.write_bytes(b.read_bytes())
    with pytest.raises(Unreadable):
        Repository.open(repository.folder).read_text(made, "drafts/a.md")


def test_a_broken_folder_or_commit_is_unreadable(repository, commit) -> None:
    made = commit({"drafts/a.md": b"a"})
    for broken in (repository.commit(made).tree, made):
        path = object_path(repository, broken)
        path.chmod(0o644)
        path.write_bytes(b"junk")
        with pytest.raises(Unreadable):
            Repository.open(repository.folder).list_tree(made)


@pytest.mark.parametrize("content", ["", "garbage\n", "1" * 40 + "\n"])
def test_a_broken_ref_is_unreadable_and_never_absent(repository, commit, content: str) -> None:
    commit({"drafts/a.md": b"a"})
    (repository.folder / "refs/heads/main").write_text(content)
    with pytest.raises(Unreadable):
        Repository.open(repository.folder).tip("main")


def test_a_repository_without_its_head_is_unreadable(repository: Repository) -> None:
    checkout = repository.folder.with_name("checkout")
    subprocess.run(["git", "clone", "-q", repository.folder, checkout], check=True, stderr=-3)
    (checkout / ".git/HEAD").unlink()
    (repository.folder / "HEAD").unlink()
    for broken in (repository.folder, checkout):
        with pytest.raises(Unreadable):
            Repository.open(broken)


def test_a_commit_is_found_by_branch_version_id_and_the_beginning_of_its_id(
    repository, commit
) -> None:
    made = commit({"drafts/a.md": b"a"})
    other = commit({"drafts/a.md": b"b"}, "amendments/0012")
    for name, expected in (
        ("main", made),
        ("HEAD", made),
        (made, made),
        (made[:7], made),
        ("amendments/0012", other),
    ):
        assert repository.resolve(name) == expected
    for name in ("-x", "main~1", made[:6], "refs/heads/main", f"{made}:drafts"):
        with pytest.raises((BadInput, NotFound)):
            repository.resolve(name)
    assert repository.branches() == (("amendments/0012", other), ("main", made))


def test_commits_are_walked_on_the_first_parent_line(repository, commit) -> None:
    line = [commit({"drafts/a.md": str(n).encode()}) for n in range(4)]
    assert [found.id for found in repository.commits(line[-1])] == line[::-1]
    assert [found.id for found in repository.commits(line[-1], line[1])] == [line[3], line[2]]
    newest = repository.commit(line[-1])
    assert newest.kind == "edit"
    assert newest.time.isoformat() == "2026-01-10T09:03:00+00:00"
    assert newest.author == newest.committer == "Drafter <drafter@localhost>"
    assert repository.contains(line[3], line[0])
    assert not repository.contains(line[0], line[3])


def test_a_checkout_is_read_and_never_written(repository, commit, tmp_path) -> None:
    made = commit({"drafts/a.md": b"a"})
    subprocess.run(["git", "clone", "-q", repository.folder, tmp_path / "checkout"], check=True)
    checkout = Repository.open(tmp_path / "checkout")
    assert checkout.resolve("HEAD") == made
    assert checkout.read_text(made, "drafts/a.md") == "a"
    with pytest.raises(Refused), checkout.writing():
        pytest.fail("a checkout was opened for writing")


def test_a_link_is_listed_as_such_and_never_followed(repository, commit) -> None:
    made = commit({"drafts/a.md": b"a"})
    git = pygit2.Repository(str(repository.folder))
    builder = git.TreeBuilder(git[made].tree)
    builder.insert("mkdocs.yml", git.create_blob(b"/etc/passwd"), pygit2.enums.FileMode.LINK)
    signature = pygit2.Signature("a", "b", 0)
    forged = str(git.create_commit(None, signature, signature, "m", builder.write(), [made]))
    assert [entry.path for entry in repository.list_tree(forged) if not entry.regular] == [
        "mkdocs.yml"
    ]
    with pytest.raises(Corrupt):
        repository.read_text(forged, "mkdocs.yml")


def test_every_thread_reads_through_its_own_handle(repository, commit) -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = [commit({"drafts/a.md": str(n).encode()}) for n in range(20)]
    fresh = Repository.open(repository.folder)
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda id: fresh.read_text(id, "drafts/a.md"), made * 5))
    assert read == [str(n) for n in range(20)] * 5


def test_opening_turns_syncing_on_and_importing_does_not(script, repository) -> None:
    source = (
        "import sys, pathlib; from drafter.store.repository import Repository; import pygit2\n"
        "calls = []\n"
        "kind = type(pygit2.settings); original = kind.enable_fsync_gitdir\n"
        "kind.enable_fsync_gitdir = lambda self, on=True: calls.append(on) or original(self, on)\n"
        "assert calls == []\n"
        "Repository.open(pathlib.Path(sys.argv[1])); assert calls == [True], calls\n"
    )
    process = script(source, repository.folder)
    assert process.communicate()[1] == ""
    assert process.returncode == os.EX_OK

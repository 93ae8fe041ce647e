from __future__ import annotations

import pytest

from drafter.core.errors import Corrupt, NotFound, Unreadable
from drafter.store.reports import (
    read_amendment_records,
    read_assemblies,
    read_report,
    reading_order,
)
from drafter.store.repository import Repository

NAV = b"""
site_name: A report
nav:
  - Start: index.md
  - Rights:
      - rights/voting.md
      - Courts: rights/courts.md
      - rights/voting.md
  - Elsewhere: https://example.org/
  - missing.md
  - assemblies/leeds-2018.md
"""

FILES: dict[str, bytes | None] = {
    "mkdocs.yml": NAV,
    "drafts/zebra.md": b"Z.\n",
    "drafts/annex.md": b"A.\n",
    "drafts/index.md": b"# Start\n",
    "drafts/rights/courts.md": b"# Courts\n",
    "drafts/rights/voting.md": b"# Voting\r\n\r\ncaf\xe9\r\n",
    "drafts/assemblies/leeds-2018.md": b"# Leeds\n",
    "drafts/assemblies/bristol-2017.md": b"# Bristol\n",
    "amendments/10000.md": b"ten thousand\n",
    "amendments/9999.md": b"nine\n",
    "amendments/0002.md": b"two\n",
    "amendments/comments/v1.json": b"{}",
}


def test_chapters_stand_in_the_order_of_the_nav_and_then_of_their_paths(repository, commit) -> None:
    report = read_report(repository, commit(FILES))
    assert [chapter.path for chapter in report.chapters] == [
        "drafts/index.md",
        "drafts/rights/voting.md",
        "drafts/rights/courts.md",
        "drafts/annex.md",
        "drafts/zebra.md",
    ]
    assert report.chapters[1].text == "# Voting\r\n\r\ncaf\udce9\r\n"


def test_a_report_without_configuration_is_read_in_the_order_of_its_paths(
    repository, commit
) -> None:
    made = commit({"drafts/b.md": b"b", "drafts/a.md": b"a"})
    assert [c.path for c in read_report(repository, made).chapters] == [
        "drafts/a.md",
        "drafts/b.md",
    ]
    made = commit({"drafts/a.md": None, "drafts/b.md": None})
    assert read_report(repository, made).chapters == ()


def test_only_what_changed_is_read_again(repository, commit) -> None:
    old = read_report(repository, commit(FILES))
    new = read_report(repository, commit({"drafts/annex.md": b"B.\n"}))
    same = [a is b for a, b in zip(old.chapters, new.chapters, strict=True)]
    assert same == [True, True, True, False, True]
    assert read_report(repository, commit({"amendments/0003.md": b"x"})) is new


def test_a_new_order_is_seen_at_once(repository, commit) -> None:
    read_report(repository, commit(FILES))
    report = read_report(repository, commit({"mkdocs.yml": b"nav: [zebra.md]\n"}))
    assert report.chapters[0].path == "drafts/zebra.md"


def test_the_same_text_under_two_paths_is_two_chapters(repository, commit) -> None:
    made = commit({"drafts/a.md": b"same", "drafts/b.md": b"same"})
    assert [c.path for c in read_report(repository, made).chapters] == [
        "drafts/a.md",
        "drafts/b.md",
    ]


def test_records_are_read_sorted_as_numbers(repository, commit) -> None:
    made = commit(FILES)
    assert read_amendment_records(repository, made) == (
        (2, "two\n"),
        (9999, "nine\n"),
        (10000, "ten thousand\n"),
    )
    assert read_assemblies(repository, made) == (
        ("drafts/assemblies/bristol-2017.md", "# Bristol\n"),
        ("drafts/assemblies/leeds-2018.md", "# Leeds\n"),
    )


def test_a_commit_that_is_not_there_is_not_an_empty_report(repository) -> None:
    with pytest.raises(NotFound):
        read_report(repository, "1" * 40)


@pytest.mark.parametrize(
    "configuration",
    ["nav: [", "a: !!python/name:os.system", "a: !ENV X", "\0", "nav: &a [*a]",
     "x0: &x0 [a.md,a.md]\n" + "".join(
         f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9)
     ) + "nav: *x8\n"],
    ids=["torn", "python", "env", "nul", "endless", "billion"],
)  # fmt: skip
def test_a_configuration_that_cannot_be_read_is_unreadable(configuration: str) -> None:
    with pytest.raises(Unreadable):
        reading_order(configuration, ("drafts/a.md",))


@pytest.mark.parametrize(
    "configuration", ["", "[]", "nav:", "nav: 3", "nav: {}", "site_name: x", "nav: [{a: null}, 3]"]
)
def test_a_configuration_without_a_usable_nav_gives_the_order_of_paths(configuration: str) -> None:
    assert reading_order(configuration, ("drafts/b.md", "drafts/a.md")) == (
        "drafts/a.md",
        "drafts/b.md",
    )


def test_a_link_among_the_chapters_is_corrupt(repository, commit) -> None:
    import pygit2

    made = commit(FILES)
    git = pygit2.Repository(str(repository.folder))
    folder = git.TreeBuilder(git[made].tree["drafts"])
    folder.insert("passwords.md", git.create_blob(b"/etc/passwd"), pygit2.enums.FileMode.LINK)
    top = git.TreeBuilder(git[made].tree)
    top.insert("drafts", folder.write(), pygit2.enums.FileMode.TREE)
    signature = pygit2.Signature("a", "b", 0)
    forged = git.create_commit(None, signature, signature, "m", top.write(), [made])
    with pytest.raises(Corrupt):
        read_report(repository, str(forged))


def test_a_chapter_that_cannot_be_read_is_not_left_out(repository, commit) -> None:
    made = commit(FILES)
    repository.settle()
    blob = repository.find(made, "drafts/annex.md").blob_id
    (repository.folder / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Unreadable):
        read_report(Repository.open(repository.folder), made)

from __future__ import annotations

import pytest

from drafter.core.errors import BadInput
from drafter.store import names

ALLOWED = [
    "mkdocs.yml",
    "drafts/index.md",
    "drafts/tŷ.md",
    "drafts/rights and duties/02-voting.md",
    "drafts/assemblies/leeds-2018.md",
    "amendments/0001.md",
    "amendments/9999.md",
    "amendments/10000.md",
    "amendments/comments/v1.json",
    "amendments/answers/v12.json",
    "amendments/notes/v12.md",
    "site/assets/report.css",
    "site/fonts/serif.woff2",
]

REFUSED = {
    "outside the layout": ["README.md", "drafter/cli.py", "mkdocs.yaml", "drafts", "site", ""],
    "another kind of file": ["drafts/a.html", "drafts/a.MD", "drafts/hooks.py", "amendments/a.md"],
    "a number in another form": [
        "amendments/1.md", "amendments/00001.md", "amendments/0000.md", "amendments/٠٠٠١.md",
        "amendments/0001.md.md", "amendments/comments/v0.json", "amendments/comments/1.json",
        "amendments/answers/v01.json", "amendments/notes/v01.md", "amendments/notes/v1.json",
        "amendments/0001/x.md",
    ],
    "an assembly's id in another form": [
        "drafts/assemblies/Leeds.md", "drafts/assemblies/a/b.md", "drafts/assemblies/tŷ.md",
    ],
    "traversal": [
        "../x.md", "drafts/../mkdocs.yml", "/drafts/a.md", "drafts//a.md", "drafts/./a.md",
        "drafts/a.md/", "site/..", "site/",
    ],
    "an option": ["-drafts/a.md", "drafts/-a.md", "drafts/--upload-pack=x.md", "site/-x"],
    "a sign no path may hold": [
        "drafts/a\0.md", "drafts/a\n.md", "drafts/a\\b.md", "drafts\\a.md", "drafts/a\x7f.md",
        "drafts/a\u202eb.md", "drafts/a\u200b.md", "drafts/\udcff.md", "drafts/a:b.md",
        "drafts/a\u2028.md", "site/a?b", "drafts/\ue000.md",
    ],
    "git's own folder in disguise": [
        "site/.git/config", "site/.GIT/config", "site/.git./config", "site/.git /config",
        "site/.g\u200cit/config", "site/GIT~1/config", "site/git~2/config", "site/．git/config",
        "site/.git::$INDEX_ALLOCATION/config", "site/.gitmodules", "site/.gitattributes",
        "site/\ufeff.git/config", "drafts/.git/a.md",
    ],
    "what Windows or macOS would change": [
        "drafts/a./b.md", "drafts/a /b.md", "drafts/ a.md", "site/nul", "drafts/CON.md",
        "site/com1.txt", "drafts/ty\u0302.md", "site/x／..／y",
    ],
    "too long": [
        "drafts/" + "a" * 200 + ".md", "drafts/" + "é" * 120 + ".md",
        "drafts/" + "/".join(["a" * 150] * 7) + ".md", "drafts/" + "a/" * 12 + "a.md",
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", ALLOWED)
def test_a_path_of_the_layout_is_allowed(path: str) -> None:
    assert names.check_path(path) == path


@pytest.mark.parametrize(
    "path", [path for paths in REFUSED.values() for path in paths], ids=lambda path: repr(path)[:60]
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(BadInput):
        names.check_path(path)


def test_numbers_become_names_and_names_become_numbers_again() -> None:
    for number in (1, 42, 9999, 10_000, 123_456):
        assert names.amendment_number(names.amendment_branch(number)) == number
        assert names.record_number(names.amendment_path(number)) == number
        assert names.check_path(names.amendment_path(number))
        assert names.version_number(names.version_tag(number)) == number
    assert names.amendment_branch(7) == "amendments/0007"


@pytest.mark.parametrize("number", [0, -1, 1_000_000_000])
def test_a_number_outside_the_row_names_nothing(number: int) -> None:
    with pytest.raises(BadInput):
        names.amendment_branch(number)
    with pytest.raises(BadInput):
        names.version_tag(number)


@pytest.mark.parametrize(
    "name",
    ["-f", "--force", "master", "main\n", "refs/heads/main", "amendments/1", "amendments/00001",
     "amendments/0000", "amendments/0001.lock", "amendments/0001\n", "v0", "v01", "v1\n", "V1",
     "main:x", "main^", "HEAD~1", "../main", ""],
)  # fmt: skip
def test_no_other_name_is_a_ref(name: str) -> None:
    with pytest.raises(BadInput):
        names.ref_of(name)


def test_a_tag_is_no_branch() -> None:
    assert names.ref_of("v3") == "refs/tags/v3"
    with pytest.raises(BadInput):
        names.branch_ref("v3")

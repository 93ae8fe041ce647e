from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drafter.core.clauses import Report
from drafter.core.errors import Refused
from drafter.core.frontmatter import load_yaml
from drafter.core.numbering import numbers_itself
from drafter.core.reading import read_chapter
from drafter.services.authority import OPERATOR
from drafter.services.deciding import decide
from drafter.services.history import clause_story
from drafter.services.importing import (
    ImportedText,
    chapter_paths,
    import_chapters,
    import_versions,
)
from drafter.services.instance import Instance, config_at, numbering_of
from drafter.services.own_numbers import without_numbers
from drafter.services.verifying import verify
from drafter.store.history import versions
from tests.services.reports import SIXTEEN, admit, closed
from tests.services.test_authority import CLERK_ACTOR

ONE = b"# Rights\n\nAll are equal.\n\nAll may speak.\n"
TWO = b"# Rights\n\nAll may speak and write.\n\nAll are equal.\n\nAll may meet.\n"
THREE = b"# Rights\r\n\r\nAll may meet.\r\n"


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return Instance.create(tmp_path_factory.mktemp("empty") / "instance")


def bare(text: str) -> str:
    lines = [line.partition(" {: #")[0] for line in text.splitlines() if line[:4] != "{: #"]
    return "\n".join(lines)


def test_each_text_becomes_a_version_and_its_clauses_keep_their_ids(empty: Instance) -> None:
    when = datetime(1990, 5, 1, tzinfo=UTC)
    told: list[tuple[int, int]] = []
    names = import_versions(
        empty,
        OPERATOR,
        [ImportedText({"Rights.md": text}, f"The {n}th", when) for n, text in enumerate((ONE, TWO))]
        + [ImportedText({"Rights.md": THREE, "More.md": b"More.\n"}, "The end")],
        lambda done, total, _: told.append((done, total)),
        total=3,
    )
    assert names == ("v1", "v2", "v3")
    assert told == [(1, 3), (2, 3), (3, 3)]
    found = versions(empty.repository)
    assert [version.imported for version in found] == [True, True, True]
    assert found[0].time == when
    texts = [
        bare(empty.repository.read_text(version.commit, "drafts/Rights.md")) for version in found
    ]
    assert texts == ["\n".join(text.decode().splitlines()) for text in (ONE, TWO, THREE)]
    equal = next(p for p in empty.report.places() if p.clause.wording == "All may meet.")
    assert equal.clause.id is not None
    story = clause_story(empty.repository, equal.clause.id)
    assert [step.version for step in story.steps] == ["v2"]
    assert verify(empty.repository, empty.database).findings == ()


def test_a_text_older_than_git_can_say_is_imported_as_of_now(empty: Instance) -> None:
    old = ImportedText({"a.md": b"A.\n"}, "Old", datetime(1787, 9, 17, tzinfo=UTC))
    import_versions(empty, OPERATOR, [old])
    assert versions(empty.repository)[0].time.year > 2000


def test_an_id_that_was_used_once_is_never_given_to_another_clause(empty: Instance) -> None:
    gone = ImportedText({"a.md": b"Words that go away.\n"}, "1")
    other = ImportedText({"a.md": b"Quite something else instead of it all.\n"}, "2")
    import_versions(empty, OPERATOR, [gone])
    first = empty.report.ids
    import_versions(empty, OPERATOR, [other, gone])
    assert not first & empty.report.ids


def test_nothing_is_imported_after_a_decision(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    with pytest.raises(Refused, match="votes and edits"):
        import_versions(instance, OPERATOR, [ImportedText({"a.md": b"A.\n"}, "A")])
    with pytest.raises(Refused, match="votes and edits"):
        import_chapters(instance, OPERATOR, {"a.md": b"A.\n"})


def test_files_become_chapters_beside_those_that_are_there(instance: Instance) -> None:
    before = instance.report.ids
    assert import_chapters(instance, OPERATOR, {"more/New one.md": b"New.\n"}) == (
        "drafts/more/New one.md",
    )
    assert before < instance.report.ids
    tip = instance.tip
    import_chapters(instance, OPERATOR, {"more/New one.md": b"New.\n"})
    assert instance.tip == tip
    assert verify(instance.repository, instance.database).findings == ()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.md", ".git/config.md", "-x.md", "a\nb.md", "CON.md", "assemblies/x.md",
     "a/./b.md", "git~1.md", " .md", "x" * 300 + ".md", "e\u0301.md", "a\u202eb.md"],
)  # fmt: skip
def test_every_foreign_name_becomes_a_path_that_a_report_may_hold(
    empty: Instance, name: str
) -> None:
    paths = chapter_paths([name, "a.md"])
    assert len(set(paths.values())) == 2
    import_chapters(empty, OPERATOR, {name: b"Text.\n", "a.md": b"More.\n"})
    assert len(empty.report.chapters) == 2


def test_each_file_gets_a_page_of_its_own() -> None:
    names = ["d.md", "d/index.md", "d/README.md", "amendments.md", "Search/x.md", "assemblies/y.md"]
    assert list(chapter_paths(names).values()) == [
        "drafts/d.md",
        "drafts/d/index-2.md",
        "drafts/d/README-2.md",
        "drafts/imported-amendments.md",
        "drafts/imported-Search/x.md",
        "drafts/imported-assemblies/y.md",
    ]


# Texts with their own numbers.

NUMBERED = (
    b"# A constitution\n\n## Article I\n\nOne.\n\n### Section 1\n\nTwo.\n\n"
    b"## Article II\n\nThree.\n"
)


@pytest.mark.parametrize(
    "headings",
    [
        ("Article I", "Article II. The courts"),
        ("1. Health", "1.2 Waiting lists", "Preamble"),
        ("**Section 1**", "Section 2: Votes"),
        ("\u00a7 1 Dignity", "\u00a7\u00a7 2\u20134 Freedom"),
        ("I. Rights", "II. Duties"),
        ("Erthygl 1", "Erthygl 2"),
        ("1\\. Health", "2\\. Housing"),
        ("(a) Health", "(b) Housing"),
    ],
)
def test_a_text_whose_headings_are_numbered_numbers_itself(headings: tuple[str, ...]) -> None:
    assert numbers_itself(text_of(headings))


@pytest.mark.parametrize(
    "headings",
    [
        ("Health", "Housing"),
        ("1. Health",),
        ("1. Health", "Housing", "Votes", "2. Work"),
        ("2018 in Leeds", "2019 in Cardiff"),
        ("Agenda 2030", "Charter 1998"),
        ("I think so", "Mix of both"),
        ("A right", "D\u00fcrfen"),
    ],
)
def test_a_text_whose_headings_are_words_does_not(headings: tuple[str, ...]) -> None:
    assert not numbers_itself(text_of(headings))


def text_of(headings: tuple[str, ...]) -> Report:
    return Report((read_chapter("drafts/a.md", "".join(f"## {each}\n\n" for each in headings)),))


def test_an_import_with_numbers_of_its_own_leaves_them_alone(empty: Instance) -> None:
    assert empty.numbering == "sections"
    rules = empty.rules
    import_versions(empty, OPERATOR, [ImportedText({"A.md": t}, "T") for t in (ONE, NUMBERED)])
    assert [v.name for v in versions(empty.repository)] == ["v1", "v2"]
    assert (empty.numbering, empty.rules) == ("none", rules)
    first = versions(empty.repository)[0].commit
    assert numbering_of(config_at(empty.repository, first)) == "sections"
    assert verify(empty.repository).findings == ()


def test_chapters_with_numbers_of_their_own_are_left_alone_too(instance: Instance) -> None:
    before = instance.numbering
    import_chapters(instance, OPERATOR, {"A.md": ONE})
    assert instance.numbering == before != "none"
    import_chapters(instance, OPERATOR, {"B.md": NUMBERED, "C.md": NUMBERED + NUMBERED})
    assert instance.numbering == "none"
    assert verify(instance.repository).findings == ()


@pytest.mark.parametrize(
    "before",
    [
        "site_name: R\n",
        "extra: {drafter: {numbering: decimal}}\n",
        "extra:\n  drafter:\n    rules:\n      quorum: 1/2\n",
        "extra:\n  social: []\n",
        "plugins: [numbering: clauses]\nextra:\n  drafter:\n    numbering: clauses  # ours\n",
    ],
)
def test_only_the_style_changes_in_the_configuration(before: str) -> None:
    after = without_numbers(before)
    assert after is not None
    was, now = load_yaml(before, "a"), load_yaml(after, "a")
    assert isinstance(was, dict)
    assert isinstance(now, dict)
    assert numbering_of(now) == "none"
    assert {k: v for k, v in now.items() if k != "extra"} == {
        k: v for k, v in was.items() if k != "extra"
    }


def test_a_configuration_that_cannot_be_changed_safely_is_left_as_it_is() -> None:
    assert without_numbers("extra: {a: 1}\n") is None

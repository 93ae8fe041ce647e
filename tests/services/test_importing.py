from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drafter.core.errors import Refused
from drafter.services.authority import OPERATOR
from drafter.services.deciding import decide
from drafter.services.history import clause_story
from drafter.services.importing import (
    ImportedText,
    chapter_paths,
    import_chapters,
    import_versions,
)
from drafter.services.instance import Instance
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

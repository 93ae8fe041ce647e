"""What a crash or somebody else's git left: the report opens, tells, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygit2
import pytest

from drafter.people.amendments import find_amendment
from drafter.people.audit import entries_about, recent_entries
from drafter.services import amending, configuring, importing, publishing
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.deciding import decide
from drafter.services.editing import edit
from drafter.services.importing import ImportedText
from drafter.services.instance import Instance, pass_by
from drafter.services.verifying import verify
from drafter.store.writer import Writer
from tests.services.reports import DONE, REGISTER, SIXTEEN, Ticking, admit, closed

SEAT = Actor("seat", 2)


class Killed(BaseException):
    """Stands for a kill: nothing after it runs."""


def foreign_branch(instance: Instance, number: int, record: bytes | None) -> str:
    """Put a branch at main's tip, with a record of these bytes, as any git may."""
    git = pygit2.Repository(str(instance.repository.folder))
    index = pygit2.Index()
    index.read_tree(git[instance.tip].peel(pygit2.Tree))
    if record is not None:
        blob = git.create_blob(record)
        index.add(pygit2.IndexEntry(f"amendments/{number:04}.md", blob, 0o100644))
    who = pygit2.Signature("Drafter", "drafter@localhost", 1_800_000_000, 0)
    tree = index.write_tree(git)
    made = git.create_commit(None, who, who, "Amendment\n\nKind: amendment\n", tree, [instance.tip])
    git.references.create(f"refs/heads/amendments/{number:04}", made, force=True)
    return str(made)


@pytest.mark.parametrize("record", [None, b"no record\n"])
def test_a_branch_without_a_readable_record_is_told_and_keeps_nobody_out(
    instance: Instance, record: bytes | None
) -> None:
    known = admit(instance, SIXTEEN, "Everyone may vote.")
    tip = foreign_branch(instance, 7, record)
    again = Instance.open(instance.path, clock=Ticking())
    [(branch, sentence)] = again.set_aside.items()
    assert branch == "amendments/0007"
    assert "amendments/0007" in sentence
    assert "mirror" in sentence
    assert again.repository.tip(branch) == tip
    with again.database.reading() as session:
        assert find_amendment(session, 7) is None
    assert amending.view_amendment(again, known).diff.changes
    assert admit(again, REGISTER, "It is kept.") == 8
    where = {finding.where for finding in verify(again.repository, again.database).findings}
    assert branch in where
    again.close()


def test_an_amendment_whose_branch_was_overwritten_keeps_what_the_database_knew(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    with instance.database.reading() as session:
        before = find_amendment(session, number)
    foreign_branch(instance, number, b"no record\n")
    again = Instance.open(instance.path, clock=Ticking())
    with again.database.reading() as session:
        assert find_amendment(session, number) == before
    assert verify(again.repository, again.database).findings
    again.close()


def test_a_sound_report_sets_nothing_aside(instance: Instance) -> None:
    admit(instance, SIXTEEN, "Everyone may vote.")
    again = Instance.open(instance.path)
    assert again.set_aside == {}
    again.close()


def cut_off(instance: Instance) -> None:
    """Kill an edit between main and its note."""

    def die(step: str) -> None:
        if step == "edit made":
            raise Killed

    instance.fault = die
    with pytest.raises(Killed):
        edit(instance, SEAT, DONE, "Something else will have to be done.")
    instance.fault = lambda _: None
    with instance.database.reading() as session:
        assert entries_about(session, f"clause {DONE}") == ()


def notes(instance: Instance) -> list[tuple[str, str]]:
    with instance.database.reading() as session:
        return [(each.actor, each.action) for each in entries_about(session, f"clause {DONE}")]


def test_an_edit_that_was_cut_off_gets_its_note_at_the_next_start_once(instance: Instance) -> None:
    cut_off(instance)
    for _ in range(2):
        again = Instance.open(instance.path, clock=Ticking())
        assert notes(again) == [("seat-02", "edit")]
        again.close()


def test_the_next_write_notes_it_first(instance: Instance) -> None:
    cut_off(instance)
    edit(instance, SEAT, DONE, "Nothing will have to be done.")
    assert notes(instance) == [("seat-02", "edit")] * 2


def test_the_next_decision_notes_it_first(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number)
    cut_off(instance)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    assert notes(instance) == [("seat-02", "edit")]


def test_an_edit_that_was_noted_is_not_noted_again(instance: Instance, tmp_path: Path) -> None:
    edit(instance, SEAT, DONE, "Something else will have to be done.")
    with instance.database.reading() as session:
        before = recent_entries(session)
    Instance.open(instance.path, clock=Ticking()).close()
    with instance.database.reading() as session:
        assert recent_entries(session) == before


def configure(instance: Instance) -> None:
    source = instance.path.parent / "source"
    (source / "site").mkdir(exist_ok=True)
    (source / "site" / "about.md").write_text("# About\n")
    configuring.configure(instance, OPERATOR, source)


def two_versions(instance: Instance) -> None:
    texts = [ImportedText({"old.md": b"# Old %d\n" % year}, f"{year}", None) for year in (1, 2)]
    importing.import_versions(instance, OPERATOR, texts)


WRITES: dict[str, tuple[Callable[[Instance], object], str, tuple[str, str, str]]] = {
    "operator": (configure, "operator made", ("operator", "operator", "report")),
    "publish": (
        lambda instance: publishing.publish(instance, CLERK_ACTOR, pages=False),
        "publish made",
        ("clerk", "publish", "version 1"),
    ),
    "import": (
        lambda instance: importing.import_chapters(instance, OPERATOR, {"new.md": b"# New\n"}),
        "import made",
        ("operator", "import", "1 chapters"),
    ),
    "import of versions": (two_versions, "import made", ("operator", "import", "1 versions")),
}


@pytest.mark.parametrize("how", ["at the next start", "by the next write"])
@pytest.mark.parametrize("name", sorted(WRITES))
def test_whatever_reached_main_and_was_cut_off_is_noted_once(
    instance: Instance, name: str, how: str
) -> None:
    write, at, said = WRITES[name]

    def die(step: str) -> None:
        if step == at:
            raise Killed

    def noted(instance: Instance) -> list[tuple[str, str, str]]:
        with instance.database.reading() as session:
            found = [(each.actor, each.action, each.object) for each in recent_entries(session)]
        return [each for each in found if each == said]

    instance.fault = die
    with pytest.raises(Killed):
        write(instance)
    assert noted(instance) == []
    instance.fault = pass_by
    for number in (1, 2):
        if how == "by the next write":
            more = {f"{name}{number}.md": b"# Text\n" for name in ("one", "two")}
            importing.import_chapters(instance, OPERATOR, more)
        else:
            Instance.open(instance.path, clock=Ticking()).close()
    assert noted(instance) == [said]


def test_what_never_reached_main_is_not_noted(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(Writer, "move_ref", die)
        with pytest.raises(Killed):
            configure(instance)
    importing.import_chapters(instance, OPERATOR, {"new.md": b"# New\n"})
    Instance.open(instance.path, clock=Ticking()).close()
    with instance.database.reading() as session:
        said = [each.action for each in recent_entries(session)]
    assert "operator" not in said
    assert said.count("import") == 1

"""A record in which something was slipped in: verification names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drafter.core.errors import Refused
from drafter.people.decisions import delete_decision
from drafter.people.tables import DecisionRow
from drafter.services import publishing
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.verifying import Verification, verify
from drafter.store.messages import Kind, write_message, write_tag_message
from drafter.store.writer import Changes, Writer
from tests.services.reports import BLANK, PEOPLE, SIXTEEN, VALUES, VOTING, admit, closed

Slip = Callable[..., str]


@pytest.fixture
def slip(instance: Instance) -> Slip:
    """Write to main past the services."""

    def write(kind: Kind, changes: dict[str, str]) -> str:
        with instance.repository.writing() as writer:
            tip = instance.tip
            files: dict[str, bytes | None] = {p: text.encode() for p, text in changes.items()}
            message = write_message(kind, "Slipped in")
            commit = writer.write_commit(files, tip, (tip,), message, instance.clock())
            writer.move_ref("main", tip, commit)
        return commit

    return write


def check(instance: Instance) -> Verification:
    return verify(instance.repository, instance.database)


def sentences(instance: Instance) -> str:
    return " ".join(finding.sentence for finding in check(instance).findings)


def decided(instance: Instance) -> int:
    number = admit(instance, SIXTEEN, "Everyone aged fifteen may vote.")
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    return number


def test_what_came_by_the_verbs_is_sound(instance: Instance) -> None:
    decided(instance)
    admit(instance, PEOPLE, "Power is ours.")
    found = check(instance)
    assert found.findings == ()
    assert found.sound
    assert "published pages" in found.not_checked[0]


def test_without_a_database_it_says_what_it_did_not_check(instance: Instance) -> None:
    assert any("database" in said for said in verify(instance.repository).not_checked)


def test_words_changed_by_an_edit_in_an_amending_chapter_are_named(
    instance: Instance, slip: Slip
) -> None:
    slip("edit", {"drafts/voting.md": VOTING.replace("sixteen", "sixty")})
    assert "only a vote of the panel may change it" in sentences(instance)


def test_an_edit_that_opens_a_chapter_for_drafting_is_named(instance: Instance, slip: Slip) -> None:
    slip("edit", {"drafts/voting.md": "---\nphase: drafting\n---\n" + VOTING})
    assert sentences(instance)


def test_an_edit_of_what_a_drafting_chapter_says_about_itself_is_named(
    instance: Instance, slip: Slip
) -> None:
    slip("edit", {"drafts/blank.md": BLANK.replace("phase: drafting", "phase: amending")})
    assert "changes the front matter of drafts/blank.md" in sentences(instance)


def test_a_change_outside_its_kind_is_named(instance: Instance, slip: Slip) -> None:
    slip("operator", {"drafts/voting.md": VOTING.replace("sixteen", "sixty")})
    assert "changes drafts/voting.md, which that kind may not" in sentences(instance)


def test_a_decision_that_changes_another_clause_too_is_named(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = admit(instance, SIXTEEN, "Everyone aged fifteen may vote.")
    closed(instance, number)
    honest = Writer.write_commit

    def write_more(writer: Writer, changes: Changes, *others: Any) -> str:
        more = {**changes, "drafts/values.md": VALUES.replace("people", "few").encode()}
        return honest(writer, more, *others)

    monkeypatch.setattr(Writer, "write_commit", write_more)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    assert f"It changes {PEOPLE} as no instruction of its record says" in sentences(instance)


def test_a_record_that_is_written_over_is_named(instance: Instance, slip: Slip) -> None:
    number = decided(instance)
    path = f"amendments/{number:04}.md"
    text = instance.repository.read_text(instance.tip, path)
    slip("decision", {path: text.replace("> Yes.", "> No.")})
    assert "changes no other record" in sentences(instance)


def test_a_record_without_its_ballots_is_named(instance: Instance, slip: Slip) -> None:
    number = decided(instance)
    path = f"amendments/{number:04}.md"
    text = instance.repository.read_text(instance.tip, path)
    forged = text.replace("seat-02: for", "seat-02: against")
    assert forged != text
    slip("decision", {path: forged})
    assert "cannot be" in sentences(instance) or "not how a record" in sentences(instance)


def test_an_id_used_twice_is_named(instance: Instance, slip: Slip) -> None:
    slip("import", {"drafts/more.md": f"Other words.\n{{: #{PEOPLE} }}\n"})
    assert f"The id {PEOPLE} is used a second time" in sentences(instance)


def test_an_origin_that_names_no_proposal_is_named(instance: Instance, slip: Slip) -> None:
    slip("import", {"drafts/more.md": 'Words.\n{: #c-0r1g1n origin="leeds-2018/9" }\n'})
    assert "leeds-2018/9 names no proposal" in sentences(instance)


def test_an_import_after_a_decision_is_named(instance: Instance, slip: Slip) -> None:
    decided(instance)
    slip("import", {"drafts/more.md": "Words.\n{: #c-0r1g1n }\n"})
    assert "after the panel had decided" in sentences(instance)


def test_a_tag_that_claims_another_tree_is_named(instance: Instance) -> None:
    with instance.repository.writing() as writer:
        message = write_tag_message(1, "First", "0" * 64)
        writer.create_tag(1, instance.tip, message, instance.clock())
    assert "does not match" in sentences(instance)


def test_a_decision_that_the_database_lost_is_named(instance: Instance) -> None:
    number = decided(instance)
    with instance.database.writing() as session:
        row = session.get(DecisionRow, (number, 1))
        session.delete(row)
    assert "Git holds a decision that the database does not" in sentences(instance)


def test_a_decision_that_git_lost_is_named(instance: Instance) -> None:
    number = decided(instance)
    before = instance.repository.commit(instance.tip).parents[0]
    found = verify(instance.repository, instance.database, tip=before)
    said = " ".join(finding.sentence for finding in found.findings)
    assert number == 1
    assert "The database holds a decision that git does not" in said


def test_a_decision_begun_and_not_finished_is_named(instance: Instance) -> None:
    number = decided(instance)
    with instance.database.writing() as session:
        row = session.get(DecisionRow, (number, 1))
        assert row is not None
        row.applied_at = None
    assert "begun and not finished" in sentences(instance)
    with instance.database.writing() as session:
        delete_decision(session, number, 1)


def test_nothing_is_published_while_something_is_wrong(instance: Instance, slip: Slip) -> None:
    slip("edit", {"drafts/voting.md": VOTING.replace("sixteen", "sixty")})
    with pytest.raises(Refused, match="Nothing is published"):
        publishing.publish(instance, CLERK_ACTOR)
    assert instance.repository.tags() == ()

"""What git would take and no verb would write: verification names it, from git alone."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pygit2
import pytest

from drafter.core.amendments import read_record, write_record
from drafter.core.instructions import Instruction, ballot_hash, chapter_hash
from drafter.services import publishing
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.permitted import decision_faults
from drafter.services.verifying import verify
from drafter.store.history import tree_sha256
from drafter.store.messages import write_message, write_tag_message
from drafter.store.reports import read_report
from drafter.store.writer import Writer
from tests.services.reports import BLANK, PEOPLE, SIXTEEN, VALUES, admit, closed

FILE = 0o100644
VERSION_1 = {"Version": "v1"}
RECORD = "amendments/0001.md"


class Forger:
    """Writes to the repository as any git may, past every check."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.git = pygit2.Repository(str(instance.repository.folder))

    def text(self, path: str) -> str:
        return self.instance.repository.read_text(self.instance.tip, path)

    def commit(
        self,
        message: str,
        files: Mapping[str, bytes | str | None] | None = None,
        *,
        mode: int = FILE,
        author: str = "Drafter",
        parents: list[str] | None = None,
        ref: str = "refs/heads/main",
    ) -> str:
        tip = self.instance.tip if parents is None else parents[0]
        index = pygit2.Index()
        index.read_tree(self.git[tip].peel(pygit2.Tree))
        for path, content in (files or {}).items():
            if content is None:
                index.remove(path)
                continue
            content = content.encode() if isinstance(content, str) else content
            index.add(pygit2.IndexEntry(path, self.git.create_blob(content), mode))
        signature = pygit2.Signature(author, "drafter@localhost", 1_800_000_000, 0)
        tree = index.write_tree(self.git)
        made = self.git.create_commit(None, signature, signature, message, tree, parents or [tip])
        self.git.references.create(ref, made, force=True)
        return str(made)

    def tag(self, number: int, commit: str) -> None:
        digest = tree_sha256(self.instance.repository, commit)
        with self.instance.repository.writing() as writer:
            writer.create_tag(
                number, commit, write_tag_message(number, "T", digest), self.instance.clock()
            )


@pytest.fixture
def forger(instance: Instance) -> Forger:
    return Forger(instance)


def said(instance: Instance) -> str:
    found = verify(instance.repository)
    return " ".join(f"{finding.where}: {finding.sentence}" for finding in found.findings)


def decided(instance: Instance) -> None:
    closed(instance, admit(instance, SIXTEEN, "Everyone aged fifteen may vote."))
    decide(instance, CLERK_ACTOR, 1, "Yes.")


EDIT = write_message("edit", "Edit")
OPERATOR = write_message("operator", "Configuration")


def test_a_person_named_as_an_author_is_found(instance: Instance, forger: Forger) -> None:
    forger.commit(EDIT, {"drafts/blank.md": BLANK + "\nMore.\n{: #c-abcdef }\n"}, author="Ann Lee")
    assert "people may be named" in said(instance)


def test_words_typed_into_a_message_are_found(instance: Instance, forger: Forger) -> None:
    forger.commit("Edit\n\nAnn Lee asked for it.\n\nKind: edit\n")
    assert "people may be named" in said(instance)


@pytest.mark.parametrize("path", ["site/-rf", "site/a\x01", "site/CON.css", "site/.gitattributes"])
def test_a_path_that_no_report_may_hold_is_found(
    instance: Instance, forger: Forger, path: str
) -> None:
    forger.commit(OPERATOR, {path: "x"})
    assert "cannot be a path in a report" in said(instance)


def test_two_paths_that_are_one_on_some_computers_are_found(
    instance: Instance, forger: Forger
) -> None:
    forger.commit(OPERATOR, {"site/logo.svg": "x", "site/Logo.svg": "y"})
    assert "one name on some computers" in said(instance)


def test_a_first_commit_is_held_to_the_layout_too(instance: Instance, forger: Forger) -> None:
    tip = instance.tip
    tree = forger.git.TreeBuilder(forger.git[tip].peel(pygit2.Tree))
    tree.insert("setup.py", forger.git.create_blob(b"x"), FILE)
    signature = pygit2.Signature("Drafter", "drafter@localhost", 1_800_000_000, 0)
    message = write_message("first", "First draft")
    made = forger.git.create_commit(None, signature, signature, message, tree.write(), [])
    forger.git.references.create("refs/heads/main", made, force=True)
    assert "outside the report's layout" in said(instance)


@pytest.mark.parametrize("content", [None, "extra: {drafter: {rules: {quorum: 9}}}", "a: !!b c"])
def test_rules_that_cannot_be_read_are_found_where_they_came(
    instance: Instance, forger: Forger, content: str | None
) -> None:
    made = forger.commit(OPERATOR, {"mkdocs.yml": content})
    assert f"commit {made[:10]}: " in said(instance)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("amendments/comments/v1.json", '{"format": 1, "comments": []}\n'),
        ("amendments/answers/v3.json", '{"format": 1, "answers": []}\n'),
        ("amendments/notes/v3.md", "Read it.\n"),
        ("amendments/notes/v2.md", "Read it."),
        ("amendments/notes/v2.md", "Read it.\r\n"),
        ("amendments/notes/v2.md", "Read \u202eit.\n"),
        ("amendments/comments/v2.json", "Ann Lee wrote: no."),
        (
            "amendments/comments/v2.json",
            '{"format": 1, "comments": [\n{"number": 1, "clause": "c-pe0p1e", "text": "no"}]}\n',
        ),
    ],
)
def test_a_publication_writes_the_facts_of_its_version_and_nothing_else(
    instance: Instance, forger: Forger, path: str, content: str
) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    assert said(instance) == ""
    made = forger.commit(
        write_message("publication", "Version", {"Version": "v2"}), {path: content}
    )
    assert f"commit {made[:10]}: " in said(instance)


def test_an_id_that_comes_back_for_other_words_is_found(instance: Instance, forger: Forger) -> None:
    first = BLANK + "\nFish are free.\n{: #c-abcdef }\n"
    forger.commit(EDIT, {"drafts/blank.md": first})
    forger.commit(EDIT, {"drafts/blank.md": BLANK})
    forger.commit(EDIT, {"drafts/blank.md": first})
    assert said(instance) == "", "a clause restored from its history has its old id"
    forger.commit(EDIT, {"drafts/blank.md": BLANK})
    forger.commit(EDIT, {"drafts/blank.md": first.replace("Fish are", "Nobody is")})
    assert "gives the id c-abcdef, which was another clause's" in said(instance)


def test_an_id_taken_away_is_found(instance: Instance, forger: Forger) -> None:
    forger.commit(EDIT, {"drafts/values.md": VALUES.replace(" {: #c-trvth1 }", "")})
    assert "c-trvth1 has no id any more" in said(instance)


def test_ids_all_written_anew_are_found(instance: Instance, forger: Forger) -> None:
    texts = {path: forger.text(path) for path in ("drafts/values.md", "drafts/voting.md")}
    forger.commit(EDIT, {p: re.sub(r"#c-(.)", r"#c-z\1", text) for p, text in texts.items()})
    assert "the id of a clause is permanent" in said(instance)


def test_ancestors_that_nothing_accounts_for_are_found(instance: Instance, forger: Forger) -> None:
    text = VALUES.replace("#c-trvth1", '#c-trvth1 was="c-zzzzzz"')
    forger.commit(EDIT, {"drafts/values.md": text})
    assert "names as its ancestors" in said(instance)


def test_a_chapter_under_amendment_that_is_renamed_is_found(
    instance: Instance, forger: Forger
) -> None:
    forger.commit(EDIT, {"drafts/values.md": None, "drafts/other.md": VALUES})
    assert "takes drafts/values.md away" in said(instance)


def forge_decision(
    monkeypatch: pytest.MonkeyPatch, instance: Instance, forge: Callable[[list[Any]], None]
) -> None:
    """Decide an amendment, with what is written changed on the way."""
    closed(instance, admit(instance, SIXTEEN, "Everyone aged fifteen may vote."))
    honest = Writer.write_commit

    def write(writer: Writer, *given: Any) -> str:
        arguments = list(given)
        forge(arguments)
        return honest(writer, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "write_commit", write)
        decide(instance, CLERK_ACTOR, 1, "Yes.")


def test_rules_that_were_never_in_force_are_found(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forge(arguments: list[Any]) -> None:
        record = read_record(arguments[0][RECORD].decode())
        assert record.decision is not None
        assert record.decision.count is not None
        rules = dataclasses.replace(record.decision.count.rules, quorum_floor=1)
        bound = ballot_hash(record.instructions, rules.identity)
        count = dataclasses.replace(record.decision.count, rules=rules, ballot=bound)
        decision = dataclasses.replace(record.decision, count=count)
        forged = dataclasses.replace(record, decision=decision)
        arguments[0] = {**arguments[0], RECORD: write_record(forged).encode()}

    forge_decision(monkeypatch, instance, forge)
    assert "rules that were never in force" in said(instance)


def test_a_decision_that_joins_another_branch_is_found(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forge(arguments: list[Any]) -> None:
        arguments[2] = (arguments[2][0], arguments[1])

    forge_decision(monkeypatch, instance, forge)
    assert "not the branch of amendment 1" in said(instance)


def test_a_decision_that_joins_two_branches_is_found(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forge(arguments: list[Any]) -> None:
        arguments[2] = (*arguments[2], arguments[1])

    forge_decision(monkeypatch, instance, forge)
    assert "with more than its branch" in said(instance)


def test_a_message_that_tells_another_outcome_is_found(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forge(arguments: list[Any]) -> None:
        trailers = {"Amendment": "1", "Outcome": "rejected"}
        arguments[3] = write_message("decision", "Amendment 1 rejected", trailers)

    forge_decision(monkeypatch, instance, forge)
    assert "names another decision than its record" in said(instance)


def test_adopting_a_chapter_changes_neither_its_text_nor_its_other_settings(
    instance: Instance, forger: Forger
) -> None:
    before = read_report(instance.repository, instance.tip)
    adopt = Instruction("adopt", chapter="drafts/blank.md", before=chapter_hash(BLANK))

    def faults(text: str, instruction: Instruction = adopt) -> list[str]:
        commit = forger.commit(EDIT, {"drafts/blank.md": text})
        after = read_report(instance.repository, commit)
        return list(decision_faults(before, after, (instruction,)))

    adopted = BLANK.replace("phase: drafting", "phase: amending")
    assert faults(adopted) == []
    assert "changes its text as well" in faults(adopted.replace("Something", "Nothing"))[0]
    assert "beyond the phase" in faults(adopted.replace("phase", "title: New\nphase"))[0]
    assert "drafting all the same" in faults(BLANK)[0]
    other = dataclasses.replace(adopt, before="0" * 64)
    assert "another text of drafts/blank.md" in faults(adopted, other)[0]


def test_a_tag_that_was_moved_along_main_is_found(instance: Instance, forger: Forger) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    forger.git.references.delete("refs/tags/v1")
    moved = forger.commit(EDIT, {"drafts/blank.md": BLANK + "\nMore.\n{: #c-abcdef }\n"})
    forger.tag(1, moved)
    assert "names another text than commit" in said(instance)


def test_a_tag_taken_away_is_found(instance: Instance, forger: Forger) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    forger.git.references.delete("refs/tags/v1")
    assert "has no tag" in said(instance)


def test_a_tag_that_main_does_not_record_is_found(instance: Instance, forger: Forger) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    forger.tag(3, instance.tip)
    assert "v2 is missing" in said(instance)
    assert "v3: No commit on main's line records it" in said(instance)


def test_a_version_cut_off_before_its_tag_is_finished_by_the_next_publication(
    instance: Instance,
) -> None:
    def stop(step: str) -> None:
        if step == "facts recorded":
            raise KeyboardInterrupt

    instance.fault = stop
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(instance, CLERK_ACTOR)
    instance.fault = lambda step: None
    assert "v1: It is recorded in commit" in said(instance)
    publishing.publish(instance, CLERK_ACTOR)
    assert said(instance) == ""


def test_branches_are_held_to_their_records(instance: Instance, forger: Forger) -> None:
    number = admit(instance, PEOPLE, "Power is ours.")
    assert said(instance) == ""
    tip = instance.repository.tip("amendments/0001")
    assert tip is not None
    text = instance.repository.read_text(tip, "drafts/values.md").replace("is ours", "is mine")
    message = write_message("amendment", "Amendment 1 redrafted", {"Amendment": str(number)})
    forger.commit(
        message, {"drafts/values.md": text}, parents=[tip], ref="refs/heads/amendments/0001"
    )
    assert "Its words are not those that its record names" in said(instance)


def test_a_branch_without_a_record_does_not_hide_what_stands_after_it(
    instance: Instance, forger: Forger
) -> None:
    message = write_message("amendment", "Amendment", {"Amendment": "1"})
    forger.commit(message, ref="refs/heads/amendments/0001")
    forger.commit(message, ref="refs/heads/amendments/0002")
    assert "amendments/0001: There is no" in said(instance)
    assert "amendments/0002: There is no" in said(instance)


def test_a_decision_whose_branch_is_gone_is_found(instance: Instance, forger: Forger) -> None:
    decided(instance)
    assert said(instance) == ""
    forger.git.references.delete("refs/heads/amendments/0001")
    assert "amendment 1: It is decided, and its branch is missing" in said(instance)


def test_a_branch_of_another_name_is_found(instance: Instance, forger: Forger) -> None:
    forger.git.references.create("refs/heads/elsewhere", instance.tip)
    assert "refs/heads/elsewhere: No report has" in said(instance)


@pytest.mark.parametrize("what", ["commit", "folder", "file"])
def test_an_object_that_is_missing_is_a_finding(
    instance: Instance, forger: Forger, what: str
) -> None:
    first = instance.tip
    forger.commit(EDIT, {"drafts/blank.md": BLANK + "\nMore.\n{: #c-abcdef }\n"})
    forger.commit(EDIT)
    gone = {
        "commit": instance.repository.commit(instance.tip).parents[0],
        "folder": instance.repository.tree_id(first, "drafts") or "",
        "file": forger.git.revparse_single("main:mkdocs.yml").id,
    }[what]
    instance.repository.settle()  # from here on nothing brings back what is removed
    name = str(gone)
    (Path(instance.repository.folder) / "objects" / name[:2] / name[2:]).unlink()
    again = Instance.open(instance.path, finish=False)
    assert "could not be read" in said(again) or "There is no commit" in said(again)
    again.close()


def test_what_is_looked_at_is_not_finished(instance: Instance, forger: Forger) -> None:
    forger.commit(write_message("amendment", "A"), ref="refs/heads/amendments/0001")
    again = Instance.open(instance.path, finish=False)
    assert "amendments/0001: There is no" in said(again)
    again.close()


def test_the_folder_of_a_version_is_held_to_its_tag(instance: Instance) -> None:
    publishing.publish(instance, CLERK_ACTOR, "First")
    folder = instance.public / "v1"
    manifest = folder / "manifest.json"
    honest = manifest.read_text()

    def found() -> str:
        check = verify(instance.repository, None, instance.public)
        return " ".join(finding.sentence for finding in check.findings)

    assert found() == ""
    manifest.write_text(honest.replace('"First"', '"Final"'))
    assert "differ in title or date" in found()
    manifest.write_text(honest.replace('"format": 1', '"format": 2'))
    assert "another format" in found()
    manifest.write_text(honest)
    (folder / "link").symlink_to("/etc")
    assert "link is a link or a device" in found()

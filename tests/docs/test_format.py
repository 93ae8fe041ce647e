"""The examples of docs/format.md say what the program does: every hash is computed again."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import get_args

from drafter.core import amendments, diff, rules, threeway
from drafter.core.assemblies import read_assembly, resolve_origin
from drafter.core.ids import derive_id
from drafter.core.instructions import Verb
from drafter.core.marking import add_ids
from drafter.core.merge import merge_text
from drafter.core.numbering import Style
from drafter.core.reading import read_chapter
from drafter.publish.facts import read_facts, write_facts
from drafter.services.permitted import PATHS
from drafter.store.history import tree_sha256
from drafter.store.messages import (
    read_kind,
    read_tag_message,
    read_trailers,
    write_message,
    write_tag_message,
)
from drafter.store.names import MAIN
from drafter.store.repository import Repository

from .documents import ROOT, fences

TEXT = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
BLOCKS = list(fences(TEXT))


def only(language: str) -> str:
    """Give the one block of a language."""
    (found,) = (content for name, content in BLOCKS if name == language)
    return found


def section(heading: str) -> str:
    """Give what stands under a heading."""
    return re.split(r"^#+ ", TEXT.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[str]:
    """Give the words in code that the first cells of a table's rows name."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def test_the_examples_of_wordings_have_the_kinds_and_hashes_they_state():
    pairs = [
        (source, stated)
        for (one, source), (two, stated) in pairwise(BLOCKS)
        if (one, two) == ("markdown", "wording")
    ]
    assert len(pairs) == 4
    for source, stated in pairs:
        found = [
            f"{clause.kind}\t{clause.hash}\t{json.dumps(clause.wording, ensure_ascii=False)}\n"
            for clause in read_chapter("drafts/example.md", source).clauses
            if clause.type != "opaque"
        ]
        assert "".join(found) == stated


def test_a_stated_hash_is_that_of_kind_line_feed_and_wording():
    lines = [line for name, content in BLOCKS if name == "wording" for line in content.split("\n")]
    for line in filter(None, lines):
        kind, digest, wording = line.split("\t")
        stated = f"{kind}\n{json.loads(wording)}".encode()
        assert hashlib.sha256(stated).hexdigest() == digest


def test_the_markers_of_the_example_are_canonical_and_match_the_stated_form():
    source = next(content for name, content in BLOCKS if name == "markdown")
    form = next(content for name, content in BLOCKS if content.startswith(r"\{:")).strip()
    markers = re.findall(r"\{:.*\}", source)
    clauses = read_chapter("drafts/example.md", source).clauses
    assert [str(clause.marker) for clause in clauses] == markers
    assert all(re.fullmatch(form, marker) for marker in markers)


def test_the_example_of_an_id_is_what_is_derived():
    arguments, clause_id = only("id").strip().rsplit(" ", 1)
    path, words, ordinal, salt = json.loads(arguments)
    assert derive_id(path, words, ordinal, salt, ()) == clause_id
    number = hashlib.sha256("\0".join((path, words, str(ordinal), salt, "0")).encode()).digest()
    low = int.from_bytes(number[:16])
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    assert clause_id == "c-" + "".join(letters[low >> 5 * place & 31] for place in range(6))


def test_the_id_of_a_new_clause_is_derived_from_its_wording_hash():
    (clause,) = add_ids(read_chapter("drafts/values.md", "All are equal.\n")).clauses
    assert clause.id == derive_id("drafts/values.md", clause.hash, 0, "", ())


def test_the_example_of_rules_is_the_default_and_its_identity():
    canonical, identity = only("rules").split()
    assert (rules.Rules().canonical, rules.Rules().identity) == (canonical, identity)
    assert hashlib.sha256(canonical.encode()).hexdigest() == identity


def test_the_example_of_a_record_reads_and_follows_from_itself():
    record = amendments.read_record(only("record"), "the example")
    assert record.findings() == ()
    assert amendments.write_record(record) == only("record")


def test_the_example_of_a_ballot_is_what_the_record_binds():
    stated = only("ballot")
    record = amendments.read_record(only("record"), "the example")
    assert record.decision is not None
    assert record.decision.count is not None
    digest = hashlib.sha256(stated.encode()).hexdigest()
    assert digest == record.decision.count.ballot
    assert f"`{digest}`" in TEXT


def test_the_example_of_an_assembly_reads_and_its_proposal_is_an_origin():
    assembly = read_assembly("drafts/assemblies/leeds-2018.md", only("assembly"))
    assert assembly.proposals[0].votes is not None
    assert assembly.proposals[1].without_vote
    assert resolve_origin("leeds-2018/2", {assembly.id: assembly}) is not None


def test_the_example_of_a_commit_message_is_written_so():
    message = next(content for _, content in BLOCKS if "\nKind: " in content)
    subject = message.split("\n")[0]
    kind = read_kind(message)
    assert kind is not None
    assert write_message(kind, subject, dict(read_trailers(message)[1:])) == message


def test_the_example_of_a_tag_is_written_so():
    stated = next(content for _, content in BLOCKS if content.startswith("Version 3"))
    message = stated.replace("<64 hex digits>", "0" * 64)
    assert read_tag_message(message) is not None
    assert write_tag_message(3, "The second draft", "0" * 64) == message


def test_the_hash_of_a_tree_is_what_the_stated_line_prints_in_a_checkout(tmp_path: Path):
    repository = Repository.create(tmp_path / "report.git")
    files: Mapping[str, bytes | None] = {
        "mkdocs.yml": b"site_name: Tree\n",
        "drafts/a b.md": b"One.\n",
        "drafts/a/b.md": b"Two.\n",
        "drafts/tŷ.md": b"Three.\n",
    }
    with repository.writing() as writer:
        moment = datetime(2026, 11, 1, tzinfo=UTC)
        message = write_message("first", "First draft")
        commit = writer.write_commit(files, None, (), message, moment)
        writer.move_ref(MAIN, None, commit)
    checkout = tmp_path / "checkout"
    subprocess.run(["git", "clone", "-q", tmp_path / "report.git", checkout], check=True)
    line = only("sh").strip()
    printed = subprocess.run(
        ["bash", "-c", line], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout
    assert printed.split()[0] == tree_sha256(repository, commit)


def test_the_example_of_comments_facts_is_written_so():
    stated = next(content for name, content in BLOCKS if name == "json" and "suggestion" in content)
    assert write_facts(read_facts(stated, "v3.json")) == stated


def test_the_tables_name_every_kind_of_commit_style_verb_change_and_conflict():
    assert set(rows(section("Commits"))) == set(PATHS)
    assert rows(section("Numbers")) == list(get_args(Style))
    assert rows(section("Instructions")) == list(get_args(Verb))
    assert set(rows(section("Changes"))) == set(get_args(diff.Kind))
    assert set(rows(section("Merging"))) == set(get_args(threeway.Why))


def test_changes_and_merges_have_the_keys_that_the_examples_show():
    one = "Every citizen aged eighteen or over may vote. {: #c-4d8x2n }\n"
    two = one.replace("eighteen", "sixteen")
    changes, merging = (
        json.loads(content)
        for name, content in BLOCKS
        if name == "json" and ('"changes"' in content or '"competing"' in content)
    )
    found = diff.diff_text(one, two).to_dict()
    assert found.keys() == changes.keys()
    assert found["changes"][0].keys() == changes["changes"][0].keys()
    assert found["changes"][0]["old"].keys() == changes["changes"][0]["old"].keys()
    merged = merge_text(one, two, "").to_dict()
    assert merged.keys() == merging.keys()
    assert merged["competing"][0].keys() == merging["competing"][0].keys()
    assert merged["competing"][0]["why"] == merging["competing"][0]["why"]

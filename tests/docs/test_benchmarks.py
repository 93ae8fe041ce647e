"""What `make bench` measures on is what it says: as many clauses, edits and moves, each known."""

from __future__ import annotations

import hashlib

from benchmarks.comparing import edited, moved
from benchmarks.text import CHAPTERS, CLAUSES, EDITED, MOVED, generated, revised
from drafter.core.diff import diff_reports

DIGEST = "d387bf81587a691897e7a15c9c83fbe74f9cab314028e09ab11d6f8e0acb47bd"
"""Of the generated revision: figures of two runs are about the same text."""


def test_the_generated_report_has_its_size_and_is_always_the_same():
    report = generated()
    clauses = [c for chapter in report.chapters for c in chapter.clauses if c.type != "heading"]
    assert (len(report.chapters), len(clauses)) == (CHAPTERS, CLAUSES)
    assert all(clause.id for clause in clauses)
    texts = "".join(chapter.text for chapter in revised().new.chapters)
    assert hashlib.sha256(texts.encode()).hexdigest() == DIGEST
    words = [len(clause.wording.split()) for clause in clauses]
    assert 57 < sum(words) / len(words) < 63


def test_every_edit_and_move_of_the_generated_revision_is_found_with_ids_and_without():
    for ids in (True, False):
        revision = revised(ids=ids)
        assert (len(revision.edited), len(revision.moved)) == (EDITED, MOVED)
        diff = diff_reports(revision.old, revision.new)
        assert edited(diff) == revision.edited
        assert moved(diff) == revision.moved
        assert len(diff.changes) == EDITED + MOVED

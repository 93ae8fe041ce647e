"""What can be found in a version leads to the very clause, proposal, assembly or amendment."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import urlsplit

from drafter.core.clauses import Report
from drafter.core.reading import read_chapter
from drafter.publish.edition import Edition, Settings
from drafter.publish.search import KINDS, search_index
from drafter.services.instance import Instance
from tests.publish.pages import parsed

Row = tuple[int, str, str, str, str]


def rows(version: Path) -> list[Row]:
    found = json.loads((version / "search" / "index.json").read_text("utf-8"))
    assert tuple(found["kinds"]) == KINDS
    return [tuple(row) for row in found["entries"]]


def test_every_result_leads_to_its_very_place(kept: Instance) -> None:
    version = kept.public / "v3"
    found = rows(version)
    for _, _, _, url, _ in found:
        parts = urlsplit(url)
        page = version / parts.path / "index.html"
        assert page.is_file(), url
        if parts.fragment:
            assert parts.fragment in {each.get("id") for _, each in parsed(page).found}, url


def test_each_clause_assembly_proposal_and_amendment_is_there_once(kept: Instance) -> None:
    found = rows(kept.public / "v3")
    by_kind = [sum(row[0] == kind for row in found) for kind in range(len(KINDS))]
    assert by_kind == [328, 14, 85, 24]
    assert len({row[3] for row in found}) == len(found)


def test_a_clause_is_found_with_its_number_its_chapter_and_its_plain_words(kept: Instance) -> None:
    row = next(row for row in rows(kept.public / "v3") if row[4].startswith("Every citizen who"))
    assert row[:3] == (0, "5.3", "Voting and elections › Who may vote")


def test_the_index_stays_small_for_a_long_report(kept: Instance) -> None:
    """1,500 clauses, each as long as those of the example: what a reader loads to search."""
    here = search_index(Edition(settings=Settings(), report=kept.report))
    assert len(gzip.compress(here.encode())) * 1500 / here.count("#c-") < 150_000


def test_bytes_that_are_no_text_do_not_break_the_index() -> None:
    chapter = read_chapter("drafts/01-a.md", "# caf\udce9 {: #c-000001 }\n")
    found = json.loads(search_index(Edition(settings=Settings(), report=Report((chapter,)))))
    assert found["entries"] == [[0, "1", "caf\ufffd", "01-a/#c-000001", "caf\ufffd"]]

"""The page of each clause: where it stands, who brought its words, every wording it had."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from drafter.core.editing import insert, move, repeal, substitute
from drafter.core.ids import ClauseId
from drafter.publish.clause_pages import clause_pages
from drafter.publish.edition import plain_words, read_edition
from drafter.services.instance import Instance
from drafter.store.history import versions
from drafter.store.moments import read_moments
from tests.publish.pages import broken_links
from tests.publish.stories import Story

VOTES = ClauseId("c-000003")
VALUE = ClauseId("c-00000b")
POWER = ClauseId("c-00000c")

TEXT = re.compile(r'<div class="brought-text">(.*?)</div>\n<ol', re.DOTALL)
PHRASE = re.compile(r'<a class="brought by-(\w+)" href="#by-(\d+)"[^>]*>(.*?)</a>', re.DOTALL)
ENTRY = re.compile(r'<li id="by-(\d+)" class="by-(\w+)">(.*?)</li>', re.DOTALL)
SIGN = re.compile(r"<sup aria-hidden[^>]*>\d+</sup>")


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", SIGN.sub("", markup))).split())


def told(page: str) -> list[tuple[str, str]]:
    """Give each phrase, and what its entry in the list says, without the phrases."""
    entries = {
        number: plain(said.partition('<p class="brought-words')[0])
        for number, _, said in ENTRY.findall(page)
    }
    return [(plain(words), entries[number]) for _, number, words in PHRASE.findall(page)]


def written(story: Story, folder: Path) -> Path:
    """Write the clauses' pages of a report's latest version; its own pages are not built."""
    line = versions(story.repository)
    edition = read_edition(story.repository, line[-1])
    moments = read_moments(story.repository, line[-1].commit)
    for name, page in clause_pages(edition, moments, line, [each.name for each in line]):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(page, encoding="utf-8")
    return folder / "c"


def page_of(folder: Path, clause: str) -> str:
    return (folder / clause / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pages(kept: Instance) -> Path:
    """The clauses' pages of the example report."""
    return kept.public / "c"


def test_each_phrase_leads_to_who_brought_it(pages: Path) -> None:
    first = (
        "Version 1, “First draft”, 19 October 2019, the first version. "
        "From Birmingham 2019, proposal 3 and Edinburgh 2017, proposal 2."
    )
    found = told(page_of(pages, "c-ax9mry"))
    assert [words for words, _ in found] == [
        "Scotland, Wales, Northern Ireland and each region of England must have at least",
        "eight",
        "of the elected members",
        ", however few people live there.",
    ]
    assert found[0][1] == found[2][1] == first
    assert found[1][1] == (
        "Amendment 10, accepted 13 to 4 with 1 abstaining, 23 November 2019. "
        "“At least eight members from each nation and region” From comment 16. "
        "Going back to Birmingham 2019, proposal 3 and Edinburgh 2017, proposal 2."
    )
    assert found[3][1].startswith("Amendment 11, accepted 14 to 2, 30 November 2019.")


def test_what_two_amendments_of_one_version_brought_stands_apart(pages: Path) -> None:
    styles = {style for style, _, _ in PHRASE.findall(page_of(pages, "c-ax9mry"))}
    assert styles == {"first", "1", "2"}


def test_every_id_there_ever_was_has_a_page_with_its_words(kept: Instance, pages: Path) -> None:
    moments = read_moments(kept.repository, versions(kept.repository)[-1].commit)
    last: dict[str, str] = {}
    for moment in moments:
        for place in moment.report.places():
            clause = place.clause
            if clause.id and clause.type not in ("table", "code"):
                last[clause.id] = plain_words(clause.type, clause.parts)
    ever = {c for moment in moments for c in moment.report.ids}
    assert {path.name for path in pages.iterdir()} == ever
    for name, words in last.items():
        drawn = TEXT.search(page_of(pages, name))
        assert drawn, name
        assert plain(drawn[1].replace("<br>", " ")) == words, name


def test_each_phrase_has_an_entry_and_each_entry_a_phrase(pages: Path) -> None:
    for path in pages.iterdir():
        page = page_of(pages, path.name)
        entries = {(number, style) for number, style, _ in ENTRY.findall(page)}
        assert {(number, style) for style, number, _ in PHRASE.findall(page)} == entries, path.name
        assert f'aria-describedby="who-{len(entries)}"' in page


def test_every_link_of_these_pages_leads_somewhere(kept: Instance, pages: Path) -> None:
    assert list(broken_links(pages, kept.public)) == []


def test_a_removed_clause_says_who_removed_it_and_keeps_its_last_words(pages: Path) -> None:
    page = page_of(pages, "c-n71rmm")
    said = plain(page)
    assert "What was 5.6 Who may vote" in said
    assert (
        "It was removed: Amendment 9, accepted 14 to 3 with 1 abstaining, 23 November 2019. "
        "It is not in the report since version 2. Version 1 is the last that holds it, as 5.6."
    ) in said
    assert told(page)[0][0].startswith("Every voter must take part")
    assert 'href="../../v2/changes/since-v1/#c-n71rmm"' in page


def test_both_parts_of_a_split_clause_name_each_other(pages: Path) -> None:
    kept, cut = page_of(pages, "c-8xczz7"), page_of(pages, "c-2c823j")
    assert "Part of its words went on in 3.5: Amendment 14" in plain(kept)
    assert '<a href="../c-2c823j/">3.5</a>' in kept
    assert "Its words came from 3.4: Amendment 14" in plain(cut)
    assert '<a href="../c-8xczz7/">3.4</a>' in cut
    assert told(cut)[0][1].startswith("Version 1, “First draft”")


def test_wordings_stand_latest_first_each_with_its_decision(pages: Path) -> None:
    page = page_of(pages, "c-ax9mry")
    said = plain(page[page.index('id="wordings"') :])
    order = ["Version 2", "Amendment 11", "Amendment 10", "Version 1", "As it stood in the first"]
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert "Five members can be outvoted by a bad cold." in said
    assert "<del>" in page
    assert "<ins>" in page


def test_a_move_tells_from_where_to_where(pages: Path) -> None:
    said = plain(page_of(pages, "c-w8pw72"))
    assert "Moved from “Nations, regions and local government” to “Europe and the world”." in said
    assert "Version 1, as 7.11" in said


def test_an_edit_says_whose_it_was_and_that_nobody_voted(pages: Path) -> None:
    said = plain(page_of(pages, "c-6mz3br"))
    assert "Recorded edit by seat 5, 26 November 2019, outside a vote. No source recorded." in said


def test_a_joined_clause_leads_to_the_one_that_took_its_words(story: Story, tmp_path: Path) -> None:
    before = story.report
    one, two = before.locate(VALUE), before.locate(POWER)
    assert one
    assert two
    joined = substitute(before, VALUE, f"{one.clause.wording} {two.clause.wording}")
    chapter = (
        joined.chapters[0] if joined.chapters[0].path.endswith("values.md") else joined.chapters[1]
    )
    text = repeal(joined, POWER).chapter(chapter.path)
    assert text
    content = text.text.replace(f"#{VALUE} }}", f'#{VALUE} was="{POWER}" }}')
    story.commit("edit", {chapter.path: content.encode()})
    story.publish(3, "Third")
    pages = written(story, tmp_path)
    gone, now = page_of(pages, POWER), page_of(pages, VALUE)
    assert "It was joined into" in plain(gone)
    assert f'href="../{VALUE}/"' in gone
    assert "It took in the words of" in plain(now)
    assert f'href="../{POWER}/"' in now
    assert {style for style, _, _ in PHRASE.findall(now)} == {"first"}
    assert len(ENTRY.findall(now)) == 2, "each came with a clause of its own"
    assert "Written for what was 2.5." in told(now)[1][1]
    assert "Power is held in trust" in told(now)[1][0]


def test_a_clause_that_no_version_held_says_so(story: Story, tmp_path: Path) -> None:
    report = story.report
    short = ClauseId("c-sh0rt1")
    more = insert(
        report,
        path="drafts/01-values.md",
        parent=None,
        after=POWER,
        text="It did not last.",
        type="paragraph",
        taken=report.ids,
        name=short,
    )
    story.decide(4, "Put it in", more, accepted=True, comments=(9,))
    story.decide(5, "Take it out", repeal(story.report, short), accepted=True)
    story.publish(3, "Third")
    pages = written(story, tmp_path)
    page = page_of(pages, short)
    assert "It was removed: Amendment 5" in plain(page)
    assert "No published version held it." in plain(page)
    assert told(page)[0][1].startswith("Amendment 4")
    assert "From comment 9." in told(page)[0][1]


def test_what_an_amendment_did_not_change_keeps_its_source(story: Story, tmp_path: Path) -> None:
    """A moved and reworded clause: the words say which were there, and which have no source."""
    moved = move(story.report, POWER, path="drafts/01-values.md", parent=None, after=None)
    after = substitute(moved, POWER, "Power is held in trust, and it is given back each year.")
    story.decide(4, "Say when", after, accepted=True)
    story.publish(3, "Third")
    found = told(page_of(written(story, tmp_path), POWER))
    assert found[0] == (
        "Power is held in trust, and it is given back",
        "Version 1, “First draft”, 10 January 2020, the first version. No source recorded.",
    )
    assert found[1][0] == "each year."
    assert found[1][1].endswith("“Say when” No source recorded.")


def test_a_link_in_the_words_is_no_link_within_a_link(story: Story, tmp_path: Path) -> None:
    page = page_of(written(story, tmp_path), VOTES)
    assert [words for words, _ in told(page)] == [
        "Every citizen aged",
        "sixteen",
        "or over may vote. See values.",
    ]
    assert "<em>sixteen</em>" in page

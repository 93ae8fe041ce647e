"""The amendments' pages: votes, timeline, what the public changed; every figure counted anew."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from drafter.core.amendments import Amendment
from drafter.core.clauses import Report
from drafter.core.diff import diff_reports
from drafter.publish.amendment_pages import amendment_page, amendments_page, summary
from drafter.publish.changes import comparisons
from drafter.publish.comment_figures import by_chapter, from_the_public, in_all, share
from drafter.publish.edition import Edition, Settings, read_edition
from drafter.publish.ends import ends
from drafter.publish.facts import CommentFact
from drafter.publish.front_page import check_page, front_page
from drafter.publish.links import links_from
from drafter.publish.timeline import related, timeline
from drafter.publish.votes_page import LETTERS, VOTES, votes_csv, votes_page
from drafter.services.instance import Instance
from drafter.store.history import read_version
from tests.publish.test_assemblies import table


@pytest.fixture(scope="module")
def third(kept: Instance) -> Edition:
    return read_edition(kept.repository, read_version(kept.repository, "v3"))


@pytest.fixture(scope="module")
def index(kept: Instance) -> str:
    return (kept.public / "v3" / "amendments" / "index.html").read_text("utf-8")


def calls(edition: Edition) -> dict[int, dict[str, str]]:
    return {
        number: dict(each.decision.count.roll_call.votes)
        for number, each in edition.amendments.items()
        if each.decision and each.decision.count
    }


def test_the_list_has_every_amendment_with_its_outcome_and_tally(
    third: Edition, index: str
) -> None:
    _, *rows = table(index, "All amendments, the latest first")
    assert [int(row[0]) for row in rows] == sorted(third.amendments, reverse=True)
    for row in rows:
        amendment = third.amendments[int(row[0])]
        assert row[1:3] == [amendment.title, amendment.status]
        votes = Counter(calls(third).get(int(row[0]), {}).values())
        assert row[3].startswith(f"{votes['for']} to {votes['against']}" if votes else "no vote")
        assert row[5], amendment.number
    assert "24 amendments: 17 were accepted, three were rejected, two were withdrawn" in index


def test_all_votes_stand_in_one_table_and_in_a_file(kept: Instance, third: Edition) -> None:
    page = (kept.public / "v3" / "amendments" / "votes" / "index.html").read_text("utf-8")
    head, *rows = table(page, "All decisions, the latest first")
    assert head[1:] == [f"Seat {n}" for n in range(1, 21)]
    records = calls(third)
    assert len(rows) == len(records) == 20
    for row in rows:
        number = int(row[0].split()[0])
        said = [f"{LETTERS[vote]}{vote}" for vote in records[number].values()]
        assert row[1:] == said
    _, *seats = table(page, "How often each seat voted which way")
    for seat in seats:
        name = f"seat-{int(seat[0].removeprefix('Seat ')):02}"
        counted = Counter(votes[name] for votes in records.values())
        assert [int(cell) for cell in seat[2:]] == [counted[vote] for vote in VOTES]
    with (kept.public / "v3" / "amendments" / "votes.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        assert {k: v for k, v in line.items() if k.startswith("seat-")} == records[
            int(line["amendment"])
        ]
        assert [int(line[vote]) for vote in VOTES] == [
            Counter(records[int(line["amendment"])].values())[vote] for vote in VOTES
        ]


def test_a_title_that_a_table_program_would_take_for_a_formula_is_harmless(third: Edition) -> None:
    title = '=HYPERLINK("https://e.org")'
    hostile = replace(third.amendments[24], title=title)
    text = votes_csv(replace(third, amendments={24: hostile}))
    (_, row) = csv.reader(io.StringIO(text))
    assert row[1] == f"'{title}"


def test_a_seat_that_was_not_filled_is_said_to_be_so(third: Edition) -> None:
    amendment = third.amendments[24]
    assert amendment.decision is not None
    assert amendment.decision.count is not None
    votes = amendment.decision.count.roll_call.votes
    fewer = replace(
        amendment.decision.count, roll_call=type(amendment.decision.count.roll_call)(votes[:-1]),
        in_the_room=(),
    )  # fmt: skip
    later = replace(amendment, decision=replace(amendment.decision, count=fewer))
    page = votes_page(replace(third, amendments={23: third.amendments[23], 24: later})).html
    assert page.count("not filled") == 1


# What the public changed


def test_the_share_of_the_public_is_counted_from_the_texts_and_the_records(
    third: Edition, index: str
) -> None:
    first = third.earlier[0][1]
    found = diff_reports(first, third.report, style=third.settings.numbering)
    new = {
        side.id
        for change in found.changes
        if change.kind != "formatting"
        for side in change.sides("new")
    }
    by_public = {
        str(instruction.clause)
        for amendment in third.amendments.values()
        if amendment.status == "accepted" and amendment.comments
        for instruction in amendment.instructions
    }
    said = share(list(comparisons(third))[-1])
    assert (said.changed, said.asked) == (len(new), len(new & by_public))
    assert said.sentence in index
    _, clauses, amendments = table(index, "Changes since version 1")
    assert [int(cell) for cell in clauses[1:]] == [
        said.asked, said.changed - said.asked, said.changed,
    ]  # fmt: skip
    accepted = [each for each in third.amendments.values() if each.status == "accepted"]
    from_public = sum(bool(each.comments) for each in accepted)
    assert [int(cell) for cell in amendments[1:]] == [
        from_public, len(accepted) - from_public, len(accepted),
    ]  # fmt: skip
    listed = index[index.index('id="public"') : index.index('id="comments"')]
    assert listed.count("; asked for in") == len(from_the_public(third)) == from_public


def test_comments_by_chapter_add_up_to_the_facts_in_git(
    kept: Instance, third: Edition, index: str
) -> None:
    commit = read_version(kept.repository, "v3").commit
    text = kept.repository.read_text(commit, "amendments/comments/v3.json")
    facts = json.loads(text)["comments"]
    _, *rows, foot = table(index, "Comments by chapter")
    answered = sum(fact["answered"] for fact in facts)
    suggestions = sum(fact["suggestion"] for fact in facts)
    assert [int(cell) for cell in foot[2:]] == [
        len(facts), suggestions, answered, len(facts) - answered,
    ]  # fmt: skip
    for at in range(2, 6):
        assert sum(int(row[at]) for row in rows) == int(foot[at])
    front = (kept.public / "v3" / "index.html").read_text("utf-8")
    assert f"<b>{answered} of {len(facts)}</b>" in front


def test_a_comment_on_a_clause_that_is_gone_is_counted_apart(third: Edition) -> None:
    gone = CommentFact(900, "c-zzzzzz", "v1")
    edition = replace(third, comments=(*third.comments, gone))
    before, after = by_chapter(third), by_chapter(edition)
    assert in_all(edition).comments == in_all(third).comments + 1
    assert after[-1].path is None
    assert after[-1].comments == before[-1].comments + 1


# One amendment


def moments(edition: Edition, number: int) -> list[tuple[str, str]]:
    links = links_from("amendments/0001/", "/", published=True)
    return [
        (each.when, each.words) for each in timeline(edition, edition.amendments[number], links)
    ]


def test_the_timeline_says_what_git_knows_in_order(third: Edition) -> None:
    assert moments(third, 11) == [
        ("", "1 comment on version 1."),
        ("11 November 2019", "Admitted as amendment 11, from the public, to change version 1."),
        (
            "",
            "Decided in round 2: before, its words were drafted anew, or what they were to change "
            "had changed meanwhile, and it was put to the vote again.",
        ),
        ("30 November 2019", "Accepted in round 2 by 14 votes to 2."),
        ("7 December 2019", "In force with version 2."),
    ]


def test_the_timeline_of_what_was_not_accepted_has_no_date_that_git_does_not_keep(
    third: Edition,
) -> None:
    assert moments(third, 2) == [
        ("", "Admitted as amendment 2, handed in by seat 11, to change version 1."),
        ("16 November 2019", "Withdrawn by who handed it in."),
        ("7 December 2019", "On record with version 2."),
    ]
    assert moments(third, 4)[-2][1] == "Lapsed: there was nothing left to decide."


def test_related_amendments_are_named_from_both_sides(third: Edition) -> None:
    def said(number: int) -> list[tuple[str, int]]:
        return [(e.how, int(e.amendment.number)) for e in related(third, third.amendments[number])]

    assert ("Takes up again", 1) in said(22)
    assert ("As allowed by", 21) in said(22)
    assert ("Taken up again in", 22) in said(1)
    assert ("About the same clause", 2) in said(1)
    assert ("Brings together", 3) in said(8)
    assert ("Brought together with others in", 8) in said(3)


def test_an_amendments_page_tells_all_that_its_record_holds(kept: Instance, third: Edition) -> None:
    for number, amendment in third.amendments.items():
        page = (kept.public / "v3" / "amendments" / f"{number:04}" / "index.html").read_text(
            "utf-8"
        )
        if number in calls(third):
            rows = table(page, "How each seat voted")[1:]
            assert [row[1].split()[0] for row in rows] == list(calls(third)[number].values())
            for seat, interest in amendment.decision.count.interests:  # type: ignore[union-attr]
                assert f"(interest: {interest})" in rows[int(seat[-2:]) - 1][1]
        for comment in amendment.comments:
            assert page.count(f"take-part/comments/{comment}") == 2
    last = (kept.public / "v3" / "amendments" / "0024" / "index.html").read_text("utf-8")
    assert "Before it, amendment 23" in last
    assert "After it" not in last


def test_many_clauses_are_counted_and_not_named(third: Edition) -> None:
    page = amendment_page(third, third.amendments[24]).html
    assert '<p class="lede">Adds 13 clauses.</p>' in page


# Nothing yet


def test_an_empty_report_has_its_pages() -> None:
    nothing = Edition(settings=Settings(), report=Report(()))
    assert "No amendment has been decided yet." in amendments_page(nothing, None).html
    assert "Nothing has been decided by a vote yet." in votes_page(nothing).html
    assert votes_csv(nothing).startswith("amendment,title,date,outcome,for,against")
    assert summary(nothing) == "No amendment has been decided yet."
    front = front_page(nothing, None, None, ends(nothing)).html
    assert "This is the working draft." in front
    assert "<b>" not in front
    assert "manifest" not in check_page(nothing).html


def test_one_open_amendment_is_said_to_be_open(third: Edition) -> None:
    amendment: Amendment = replace(third.amendments[10], status="open", decision=None)
    edition = replace(third, amendments={10: amendment}, steps={})
    page = amendments_page(edition, None).html
    assert "1 amendment: one is open." in page
    assert "data-filters" not in page
    assert "It is open." in amendment_page(edition, amendment).html
    assert summary(edition) == "1 amendment: one is open."


def test_words_of_a_record_stay_words_on_every_page(third: Edition) -> None:
    title = "</script><script>alert(1)</script>{{ 7*191 }}"
    edition = replace(third, amendments={24: replace(third.amendments[24], title=title)})
    for html in (
        amendments_page(edition, None).html,
        votes_page(edition).html,
        amendment_page(edition, edition.amendments[24]).html,
    ):
        assert "<script" not in html
        assert "1337" not in html
        assert "&lt;/script&gt;" in html


def test_the_front_page_names_three_doors(kept: Instance) -> None:
    page = (kept.public / "v3" / "index.html").read_text("utf-8")
    doors = re.findall(r'<h2><a href="([^"]*)">([^<]*)</a></h2>', page)
    assert doors == [
        ("00-about/", "Read the report"),
        ("/take-part/", "Take part"),
        ("check/", "Check it"),
    ]
    check: Path = kept.public / "v3" / "check" / "index.html"
    assert read_version(kept.repository, "v3").tree_sha256 in check.read_text("utf-8")

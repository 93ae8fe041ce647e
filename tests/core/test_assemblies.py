"""Assembly records: their form, what is refused, and how an origin finds its proposal."""

from __future__ import annotations

import datetime

import pytest

from drafter.core.assemblies import (
    Assembly,
    Proposal,
    Question,
    Votes,
    is_record_path,
    read_assembly,
    resolve_origin,
)
from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId

PATH = "drafts/assemblies/leeds-2018.md"
RECORD = """\
---
id: leeds-2018
title: Leeds citizens' assembly
model: random-selection
organisers: [Name of body, "Another: body"]
place: Leeds
latitude: 53.80
longitude: -1.55
level: regional
dates: [2018-03-10, 2018-03-24]
participants: 96
selection: By lot.
sources: [The report of the day.]
---

# Leeds citizens' assembly {: #c-000001 }

One paragraph.

## Questions

- Who votes? {: #c-000002 }
- Who decides?

## Proposals

1. The right to vote begins at sixteen. {: #c-4d8x2n }

   Votes: 71 for, 14 against, 11 abstaining.

2. Nobody sits by birth.
   Votes: 90 for, 6 against.

3. Schools teach how democracy works.

   Votes: adopted without a vote.

4. Meet *elsewhere*,
   every other year.
"""


def read(text: str = RECORD) -> Assembly:
    return read_assembly(PATH, text)


def test_a_record_is_read_whole() -> None:
    assembly = read()
    assert assembly == Assembly(
        id="leeds-2018",
        title="Leeds citizens' assembly",
        model="random-selection",
        organisers=("Name of body", "Another: body"),
        place="Leeds",
        level="regional",
        dates=(datetime.date(2018, 3, 10), datetime.date(2018, 3, 24)),
        participants=96,
        selection="By lot.",
        questions=(
            Question("Who votes?", ClauseId("c-000002"), 22),
            Question("Who decides?", None, 23),
        ),
        proposals=(
            Proposal(
                1,
                "The right to vote begins at sixteen.",
                Votes(71, 14, 11),
                False,
                ClauseId("c-4d8x2n"),
                27,
            ),
            Proposal(2, "Nobody sits by birth.", Votes(90, 6), False, None, 31),
            Proposal(3, "Schools teach how democracy works.", None, True, None, 34),
            Proposal(4, "Meet *elsewhere*, every other year.", None, False, None, 38),
        ),
        coordinates=(53.80, -1.55),
        sources=("The report of the day.",),
    )
    assert assembly.start == datetime.date(2018, 3, 10)
    assert assembly.end == datetime.date(2018, 3, 24)


def test_line_endings_do_not_matter() -> None:
    assert read(RECORD.replace("\n", "\r\n")) == read()


def test_place_on_the_map_and_sources_may_be_left_out() -> None:
    text = RECORD.replace("latitude: 53.80\nlongitude: -1.55\n", "")
    assembly = read(text.replace("sources: [The report of the day.]\n", ""))
    assert assembly.coordinates is None
    assert assembly.sources == ()


NOT_TAKEN_UP = """not_taken_up:
  - {proposal: 4, reason: "It is *far*: too far."}
  - proposal: 2
    reason: It is so already.
"""


def with_reasons(reasons: str) -> str:
    return RECORD.replace("sources:", f"{reasons}sources:")


def test_a_proposal_that_was_not_taken_up_has_the_panels_reason_if_one_is_recorded() -> None:
    assembly = read(with_reasons(NOT_TAKEN_UP))
    assert assembly.reasons == ((2, "It is so already."), (4, "It is *far*: too far."))
    assert [assembly.reason(number) for number in (1, 2)] == ["", "It is so already."]
    assert read().reasons == ()


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ("not_taken_up: no\n", "'not_taken_up' must be a list"),
        ("not_taken_up: [4]\n", "not_taken_up, entry 1 must be a mapping"),
        ("not_taken_up: [{proposal: 5, reason: No.}]\n", "'proposal' must be a whole number from"),
        ("not_taken_up: [{proposal: 4}]\n", "entry 1: 'reason' is missing"),
        ('not_taken_up: [{proposal: 4, reason: "a\\nb"}]\n', "'reason' must be one line"),
        ("not_taken_up: [{proposal: 4, reason: No., by: me}]\n", "'by' is not known here"),
        (NOT_TAKEN_UP.replace("4", "2"), "entry 2: 'proposal' is 2 as before"),
    ],
)
def test_a_reason_of_another_form_is_refused_and_says_where(reasons: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(with_reasons(reasons))
    assert why in caught.value.sentence
    assert PATH in caught.value.sentence


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("id: leeds-2018", "id: leeds-2019", "'id' is leeds-2019, but the file's name says"),
        ("id: leeds-2018", "id: Leeds", "'id' must be small letters"),
        ("title: Leeds citizens' assembly\n", "", "'title' is missing"),
        ("title: Leeds citizens' assembly", "title: 2018", "'title' must be text"),
        ("random-selection", "lottery", "'model' must be one of civil-society, community"),
        ('[Name of body, "Another: body"]', "[]", "'organisers' is missing"),
        ('[Name of body, "Another: body"]', "[1]", "'organisers' must be a list of texts"),
        ("latitude: 53.80", "latitude: 95", "'latitude' must be degrees"),
        ("latitude: 53.80", "latitude: .nan", "'latitude' must be degrees"),
        ("latitude: 53.80", "latitude: true", "'latitude' must be degrees"),
        ("longitude: -1.55\n", "", "'longitude' must be degrees"),
        ("regional", "galactic", "'level' must be one of local, regional"),
        ("[2018-03-10, 2018-03-24]", "[2018-03-24, 2018-03-10]", "'dates' must list the days"),
        ("[2018-03-10, 2018-03-24]", "[]", "'dates' is missing"),
        ("[2018-03-10, 2018-03-24]", "[spring]", "'dates' must be a day"),
        ("[2018-03-10, 2018-03-24]", "2018-03-10", "'dates' must be a list"),
        ("2018-03-24", "2018-13-45", "line 10: no such date"),
        ("participants: 96", "participants: many", "'participants' must be a whole number"),
        ("selection: By lot.\n", "", "'selection' is missing"),
        ("sources:", "surces:", "'surces' is not known here"),
        ("## Questions", "## Question", "heading '## Questions' is missing"),
        ("## Proposals", "## Proposals\n\n## Proposals", "'## Proposals' stands twice"),
        ("- Who decides?", "- Who decides?\n\nHm.", "line 25: this is not an item"),
        ("2. Nobody", "3. Nobody", "line 31: proposals are numbered"),
        ("4. Meet", "- Meet", "line 38: proposals are numbered"),
        ("2. Nobody", "1. Nobody", "line 31: proposals are numbered"),
        ("1. The", "2. The", "line 27: proposals are numbered"),
        ("90 for, 6 against", "90 yes", "line 31: write the votes as"),
        ("2. Nobody sits by birth.\n   Votes", "2. Votes", "proposal 2 has no text"),
        ("*elsewhere*,\n", "*elsewhere*,\n   1. here\n   2. there\n\n", "a list inside a list"),
    ],
)
def test_a_record_of_another_form_is_refused_and_says_where(old: str, new: str, why: str) -> None:
    changed = RECORD.replace(old, new, 1)
    assert changed != RECORD
    with pytest.raises(BadInput) as caught:
        read(changed)
    assert why in caught.value.sentence
    assert PATH in caught.value.sentence


def test_a_record_without_front_matter_is_refused() -> None:
    with pytest.raises(BadInput, match="begins with front matter"):
        read("# Leeds\n")


def test_a_proposal_may_speak_of_votes() -> None:
    text = RECORD.replace("begins at sixteen.", "is for all. Votes: all are equal.")
    assert read(text).proposals[0].text.startswith("The right to vote is for all. Votes: all are")
    assert read(text).proposals[0].votes == Votes(71, 14, 11)
    text = RECORD.replace("by birth.", "by birth. Votes: all are equal.")
    assert read(text).proposals[1].text == "Nobody sits by birth. Votes: all are equal."


def test_an_origin_finds_its_proposal() -> None:
    assemblies = {"leeds-2018": read()}
    found = resolve_origin("leeds-2018/3", assemblies)
    assert found is not None
    assert found[0].id == "leeds-2018"
    assert found[1].number == 3


@pytest.mark.parametrize(
    "origin",
    ["leeds-2018/0", "leeds-2018/5", "leeds-2018/03", "leeds-2018", "york/1", "", "leeds-2018/-1"],
)
def test_an_origin_that_leads_nowhere_finds_nothing(origin: str) -> None:
    assert resolve_origin(origin, {"leeds-2018": read()}) is None


@pytest.mark.parametrize(
    ("path", "is_record"),
    [
        (PATH, True),
        ("drafts/assemblies/Leeds.md", False),
        ("drafts/assemblies/a/b.md", False),
        ("drafts/assemblies/leeds.txt", False),
        ("leeds-2018.md", False),
    ],
)
def test_a_record_lies_in_its_folder(path: str, is_record: bool) -> None:
    assert is_record_path(path) is is_record

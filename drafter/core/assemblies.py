"""Assembly records: the bodies that met, what they were asked and what they proposed.

A record is one file, `drafts/assemblies/<id>.md`. Its front matter:

    id: leeds-2018                      the file's name; small letters, digits, hyphens
    title: Leeds citizens' assembly
    model: random-selection             or civil-society, community, elected
    organisers: [Name of body]
    place: Leeds
    latitude: 53.80                     both or neither
    longitude: -1.55
    level: regional                     or local, national, european
    dates: [2018-03-10, 2018-03-24]     the days it met, in order, at least one
    participants: 96
    selection: One sentence on how they were selected.
    sources: [one sentence each]        may be left out
    not_taken_up:                       may be left out: the proposals that the report does not take
      - proposal: 8                     up, each once, with the panel's reason
        reason: One line that says why.

Then Markdown: whatever describes the assembly; under `## Questions` a list without numbers; under
`## Proposals` a list numbered from 1. An item's number is the proposal's. What the item says is the
proposal, up to a sentence at its end, best in a paragraph of its own: `Votes: 71 for, 14 against,
11 abstaining.` or `Votes: adopted without a vote.` Without such a sentence the votes are unknown.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Clause
from drafter.core.errors import BadInput
from drafter.core.frontmatter import Fields, read_front_matter
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.core.saying import say

Model = Literal["civil-society", "community", "random-selection", "elected"]
Level = Literal["local", "regional", "national", "european"]

FOLDER = "drafts/assemblies/"
_KEYS = (
    "id",
    "title",
    "model",
    "organisers",
    "place",
    "latitude",
    "longitude",
    "level",
    "dates",
    "participants",
    "selection",
    "sources",
    "not_taken_up",
)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ORIGIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/([1-9][0-9]{0,5})")
_VOTES = re.compile(r"(?:^|\\?\s)Votes:\s*(?P<said>(?:(?!Votes:)[^\n])*)\Z")
_FIGURES = re.compile(r"([0-9]+) for, ([0-9]+) against(?:, ([0-9]+) abstaining)?\.")
_NUMBER = re.compile(r"\s*([0-9]{1,9})[.)]")
WITHOUT_VOTE = "adopted without a vote."


@dataclass(frozen=True, slots=True)
class Votes:
    """How an assembly voted on one proposal."""

    in_favour: int
    against: int
    abstaining: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One numbered proposal of an assembly."""

    number: int
    text: str
    """Its Markdown, without the sentence on the votes."""
    votes: Votes | None
    """The figures; None where there was no vote or nobody wrote it down."""
    without_vote: bool
    """Whether the record says that it was adopted without a vote."""
    clause: ClauseId | None
    """The id of the clause that it is, once it has one."""
    line: int
    """Where it begins in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question that an assembly was asked."""

    text: str
    clause: ClauseId | None
    line: int


@dataclass(frozen=True, slots=True)
class Assembly:
    """A body that met, from its record."""

    id: str
    title: str
    model: Model
    organisers: tuple[str, ...]
    place: str
    level: Level
    dates: tuple[datetime.date, ...]
    """The days it met, in order, at least one."""
    participants: int
    selection: str
    """How the participants were selected."""
    questions: tuple[Question, ...]
    proposals: tuple[Proposal, ...]
    """In the order of their numbers, which run from 1."""
    coordinates: tuple[float, float] | None = None
    """Latitude and longitude in degrees; None where the record leaves them out."""
    sources: tuple[str, ...] = ()
    reasons: tuple[tuple[int, str], ...] = ()
    """The panel's reason for not taking a proposal up, by its number, ascending."""

    def reason(self, proposal: int) -> str:
        """Give the panel's reason for not taking a proposal up; empty where none is recorded."""
        return dict(self.reasons).get(proposal, "")

    @property
    def start(self) -> datetime.date:
        """The first day."""
        return self.dates[0]

    @property
    def end(self) -> datetime.date:
        """The last day."""
        return self.dates[-1]


def is_record_path(path: str) -> bool:
    """Tell whether an assembly's record may lie at `path`.

    >>> is_record_path("drafts/assemblies/leeds-2018.md"), is_record_path("drafts/votes.md")
    (True, False)
    """
    stem = path.removeprefix(FOLDER).removesuffix(".md")
    return path == f"{FOLDER}{stem}.md" and _ID.fullmatch(stem) is not None


def read_assembly(path: str, text: str) -> Assembly:
    """Read the record of one assembly; the module says its form.

    Raises BadInput that names the file, the field or the line, and what to do.
    """
    front = split_front_matter(text)[0]
    if not front:
        raise BadInput(
            say("{path}: an assembly's record begins with front matter; add it.", path=path),
            path=path,
        )
    given = Fields(path, read_front_matter(front, path))
    given.allow(*_KEYS)
    chapter = read_chapter(path, text)
    proposals = tuple(_proposals(chapter, text))
    return Assembly(
        id=_id(given),
        title=given.text("title"),
        model=cast(Model, given.choice("model", get_args(Model))),
        organisers=_some(given, "organisers"),
        place=given.text("place"),
        level=cast(Level, given.choice("level", get_args(Level))),
        dates=_dates(given),
        participants=given.integer("participants", 1),
        selection=given.text("selection"),
        questions=tuple(_questions(chapter)),
        proposals=proposals,
        coordinates=_coordinates(given),
        sources=given.texts("sources"),
        reasons=_reasons(given, len(proposals)),
    )


def resolve_origin(
    origin: str, assemblies: Mapping[str, Assembly]
) -> tuple[Assembly, Proposal] | None:
    """Find the proposal that `origin` ("leeds-2018/4") names; None where there is none.

    `assemblies` maps each assembly's id to it.
    """
    found = _ORIGIN.fullmatch(origin)
    assembly = assemblies.get(found[1]) if found else None
    if found is None or assembly is None or int(found[2]) > len(assembly.proposals):
        return None
    return assembly, assembly.proposals[int(found[2]) - 1]


def _id(given: Fields) -> str:
    value = given.text("id")
    if not _ID.fullmatch(value):
        raise given.bad("id", "must be small letters, digits and hyphens, such as leeds-2018")
    stem = given.name.rsplit("/", 1)[-1].removesuffix(".md")
    if value != stem:
        raise given.bad("id", f"is {value}, but the file's name says {stem}; make them one")
    return value


def _some(given: Fields, key: str) -> tuple[str, ...]:
    values = given.texts(key)
    if not values:
        raise given.bad(key, "is missing; add a list, such as [Name of body]")
    return values


def _dates(given: Fields) -> tuple[datetime.date, ...]:
    days = tuple(given.as_date("dates", day) for day in given.members("dates"))
    if not days:
        raise given.bad("dates", "is missing; add the days it met, such as [2018-03-10]")
    if list(days) != sorted(set(days)):
        raise given.bad("dates", "must list the days in order, each once")
    return days


def _coordinates(given: Fields) -> tuple[float, float] | None:
    if "latitude" not in given and "longitude" not in given:
        return None
    return _degrees(given, "latitude", 90), _degrees(given, "longitude", 180)


def _degrees(given: Fields, key: str, most: int) -> float:
    value = given.values.get(key)
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if number is None or not -most <= number <= most:
        raise given.bad(key, f"must be degrees from -{most} to {most}; give both or neither")
    return float(number)


def _reasons(given: Fields, proposals: int) -> tuple[tuple[int, str], ...]:
    found: dict[int, str] = {}
    for place, member in enumerate(given.members("not_taken_up"), 1):
        entry = Fields.of(f"{given.name}, not_taken_up, entry {place}", member)
        entry.allow("proposal", "reason")
        number = entry.integer("proposal", 1, proposals)
        if number in found:
            raise entry.bad("proposal", f"is {number} as before; give one reason for each")
        found[number] = entry.text("reason")
    return tuple(sorted(found.items()))


def _questions(chapter: Chapter) -> Iterator[Question]:
    for clause in _items_under(chapter, "Questions"):
        yield Question(clause.wording, clause.id, clause.line)


def _proposals(chapter: Chapter, text: str) -> Iterator[Proposal]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, clause in enumerate(_items_under(chapter, "Proposals"), 1):
        where = f"{chapter.path}, line {clause.line}"
        written = _NUMBER.match(lines[clause.line - 1])
        if written is None or int(written[1]) != number:
            sentence = (
                f"{where}: proposals are numbered 1, 2, 3 in one list; here {number} follows."
            )
            raise BadInput(sentence, path=chapter.path, line=clause.line)
        yield _proposal(number, clause, where)


def _proposal(number: int, clause: Clause, where: str) -> Proposal:
    found = _VOTES.search(clause.wording)
    words = clause.wording[: found.start()] if found else clause.wording
    if not words.strip():
        raise BadInput(
            say(
                "{where}: proposal {number} has no text; write it before its votes.",
                where=where,
                number=number,
            )
        )
    without_vote = found is not None and found["said"] == WITHOUT_VOTE
    votes = _votes(found["said"], where) if found and not without_vote else None
    return Proposal(number, words, votes, without_vote, clause.id, clause.line)


def _votes(said: str, where: str) -> Votes:
    figures = _FIGURES.fullmatch(said)
    if figures is None:
        raise BadInput(
            say(
                "{where}: write the votes as 'Votes: 71 for, 14 against, 11 abstaining.' "
                "or as 'Votes: {without_vote}'.",
                where=where,
                without_vote=WITHOUT_VOTE,
            )
        )
    return Votes(int(figures[1]), int(figures[2]), int(figures[3] or 0))


def _items_under(chapter: Chapter, heading: str) -> Iterator[Clause]:
    """Give the list items, none nested, between a heading of level 2 and the next heading."""
    start = _find(chapter, heading)
    for clause in chapter.clauses[start + 1 :]:
        if clause.type == "heading":
            return
        if clause.parent is not None:
            raise _misplaced(chapter, clause, "a list inside a list; write its items out")
        if clause.type != "item":
            raise _misplaced(chapter, clause, f"not an item of the list under '## {heading}'")
        yield clause


def _find(chapter: Chapter, heading: str) -> int:
    places = [
        index
        for index, clause in enumerate(chapter.clauses)
        if clause.type == "heading" and clause.level == 2 and clause.wording == heading
    ]
    if len(places) != 1:
        many = "is missing; add it" if not places else "stands twice; put them together"
        raise BadInput(
            say(
                "{path}: the heading '## {heading}' {many}.",
                path=chapter.path,
                heading=heading,
                many=many,
            ),
            path=chapter.path,
        )
    return places[0]


def _misplaced(chapter: Chapter, clause: Clause, what: str) -> BadInput:
    sentence = f"{chapter.path}, line {clause.line}: this is {what}."
    return BadInput(sentence, path=chapter.path, line=clause.line)

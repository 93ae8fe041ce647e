"""The pages of the assemblies: the index with its map and its flow, and what frames each record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from drafter.core.assemblies import Assembly, Votes
from drafter.core.clauses import Place
from drafter.publish import words
from drafter.publish.body import Body, page_links
from drafter.publish.edition import Edition, chapter_title, section_title, short_name
from drafter.publish.ends import End
from drafter.publish.flow import (
    NOT_TAKEN_UP,
    REMOVED,
    Destination,
    Source,
    count,
    draw_flow,
    is_large,
)
from drafter.publish.links import Links
from drafter.publish.mapping import draw_map
from drafter.publish.templating import fill

MODELS = {
    "civil-society": "civil-society convention",
    "community": "community meeting",
    "random-selection": "citizens drawn by lot",
    "elected": "elected forum",
}
MODELS_OF_MANY = {
    "civil-society": "Civil-society conventions",
    "community": "Community meetings",
    "random-selection": "Citizens drawn by lot",
    "elected": "Elected forums",
}
LEVELS = {"local": "Local", "regional": "Regional", "national": "National", "european": "European"}

Ends = Mapping[str, Sequence[End]]


@dataclass(frozen=True, slots=True)
class Row:
    """An assembly in the list: its page, and what became of its proposals."""

    assembly: Assembly
    name: str
    url: str
    taken_up: int
    removed: int

    @property
    def proposals(self) -> int:
        """How many it made."""
        return len(self.assembly.proposals)

    @property
    def not_taken_up(self) -> int:
        """How many the report has not taken up."""
        return self.proposals - self.taken_up - self.removed


@dataclass(frozen=True, slots=True)
class Group:
    """Assemblies of one model, level or year."""

    anchor: str
    title: str
    rows: list[Row]


def assemblies_page(edition: Edition, ends: Ends) -> Body:
    """Write the index: in a sentence, on the map, as a list, in groups, and as a flow."""
    links = page_links("assemblies/index.md", edition)
    rows = [_row(edition.assemblies[name], found, links) for name, found in ends.items()]
    sources, destinations = _sources(edition, ends), _destinations(edition)
    large = is_large(sources)
    drawn = _together(edition, ends) if large else sources
    html = fill(
        "assemblies.html",
        rows=rows,
        summary=summary(rows),
        by_model=_groups(rows, "model", MODELS_OF_MANY, lambda row: row.assembly.model),
        by_level=_groups(rows, "level", LEVELS, lambda row: row.assembly.level),
        by_year=_by_year(rows),
        map=draw_map(edition.assemblies.values()),
        flow=draw_flow(drawn, destinations, each=not large),
        table=_table(sources, destinations),
        models=MODELS,
        many=MODELS_OF_MANY,
        levels=LEVELS,
        chapters={chapter.path: links.chapter(chapter.path) for chapter in edition.report.chapters},
        links=links,
    )
    return Body("assemblies/index.md", "Assemblies", "assemblies", html, "wide.html")


def summary(rows: Sequence[Row]) -> str:
    """Say in two sentences who met, and what became of what they proposed."""
    if not rows:
        return "No assembly is recorded yet."
    people = sum(row.assembly.participants for row in rows)
    proposals = sum(row.proposals for row in rows)
    first = min(row.assembly.start.year for row in rows)
    last = max(row.assembly.end.year for row in rows)
    years = f"in {first}" if first == last else f"from {first} to {last}"
    bodies = words.counted(len(rows), "assembly", "assemblies")
    with_people = f"{bodies} of {words.counted(people, 'person', 'people')}"
    met = f"{with_people} met {years} and made {words.counted(proposals, 'proposal')}."
    return f"{met} {fate_sentence(rows)}".strip()


def fate_sentence(rows: Sequence[Row]) -> str:
    """Say how many proposals stand in the report, stood there, or were not taken up."""
    return _fates(
        sum(row.taken_up for row in rows),
        sum(row.removed for row in rows),
        sum(row.not_taken_up for row in rows),
    )


def _fates(taken: int, removed: int, rest: int) -> str:
    parts = []
    if taken:
        parts.append(f"{words.number(taken)} {'stands' if taken == 1 else 'stand'} in the report")
    if removed:
        verb = "was in an earlier version and has" if removed == 1 else "were there before and have"
        parts.append(f"{words.number(removed)} {verb} been removed since")
    if rest:
        parts.append(f"{words.number(rest)} {'was' if rest == 1 else 'were'} not taken up")
    return words.sentence(words.listed(parts)) if parts else ""


def _row(assembly: Assembly, ends: Sequence[End], links: Links) -> Row:
    fates = [end.fate for end in ends]
    return Row(
        assembly,
        short_name(assembly),
        links.assembly(assembly.id),
        fates.count("taken-up"),
        fates.count("removed"),
    )


def _groups(
    rows: Sequence[Row], kind: str, titles: Mapping[str, str], of: Callable[[Row], str]
) -> list[Group]:
    return [
        Group(f"{kind}-{name}", title, found)
        for name, title in titles.items()
        for found in [[row for row in rows if of(row) == name]]
        if found
    ]


def _by_year(rows: Sequence[Row]) -> list[Group]:
    years = sorted({row.assembly.start.year for row in rows})
    titles = {str(year): str(year) for year in years}
    return _groups(rows, "year", titles, lambda row: str(row.assembly.start.year))


# The flow


@dataclass(frozen=True, slots=True)
class FlowTable:
    """The flow in figures: a row for each assembly, a column for each destination."""

    columns: list[Destination]
    rows: list[tuple[Source, list[int]]]
    totals: list[int]
    proposals: int


def _sources(edition: Edition, ends: Ends) -> list[Source]:
    return [
        Source(name, short_name(edition.assemblies[name]), tuple(found))
        for name, found in ends.items()
    ]


def _together(edition: Edition, ends: Ends) -> list[Source]:
    return [
        Source(
            model,
            title,
            tuple(
                end
                for name, found in ends.items()
                if edition.assemblies[name].model == model
                for end in found
            ),
        )
        for model, title in MODELS_OF_MANY.items()
    ]


def _destinations(edition: Edition) -> list[Destination]:
    chapters = [
        Destination(chapter.path, chapter_title(chapter)) for chapter in edition.report.chapters
    ]
    return [
        *chapters,
        Destination(REMOVED, "In an earlier version"),
        Destination(NOT_TAKEN_UP, "Not taken up"),
    ]


def _table(sources: Sequence[Source], among: Sequence[Destination]) -> FlowTable:
    counts = count(sources)
    columns = [one for one in among if any(to == one.id for _, to in counts)]
    return FlowTable(
        columns,
        [
            (source, [counts.get((source.id, one.id), 0) for one in columns])
            for source in sources
            if source.ends
        ],
        [sum(n for (_, to), n in counts.items() if to == one.id) for one in columns],
        sum(len(source.ends) for source in sources),
    )


# One assembly


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposal in the table of an assembly's page."""

    end: End
    places: list[tuple[str, str]]
    """(label, address) of each clause of this version that names it."""
    parts: list[tuple[str, int, str]]
    """Its votes as a bar: class, figure, word."""


def assembly_facts(
    edition: Edition, assembly: Assembly, ends: Sequence[End], line: Sequence[str]
) -> tuple[str, str]:
    """Give what stands on an assembly's page under its title, and after its own text.

    Each proposal that is a clause says itself, in its note, what became of it. `line`: the ids of
    all assemblies in the order they met.
    """
    links = page_links(f"assemblies/{assembly.id}.md", edition)
    row = _row(assembly, ends, links)
    at = line.index(assembly.id)
    neighbours = [
        (label, short_name(edition.assemblies[line[other]]), links.assembly(line[other]))
        for label, other in (("Before it", at - 1), ("After it", at + 1))
        if 0 <= other < len(line)
    ]
    head = fill("assembly_head.html", assembly=assembly, models=MODELS, summary=_own_summary(row))
    foot = fill(
        "assembly_foot.html",
        shown=list(_shown(edition, ends, links)),
        seats=assembly.participants,
        neighbours=neighbours,
        links=links,
    )
    return head, foot


def _own_summary(row: Row) -> str:
    if not row.proposals:
        return "It made no proposal."
    made = f"It made {words.number(row.proposals)} proposal{'s' * (row.proposals > 1)}."
    return f"{made} {fate_sentence([row])}"


def _shown(edition: Edition, ends: Sequence[End], links: Links) -> Iterator[ProposalShown]:
    for end in ends:
        places = [reference(edition, place, links) for place in end.places]
        yield ProposalShown(end, places, vote_parts(end.proposal.votes))


def vote_parts(votes: Votes | None) -> list[tuple[str, int, str]]:
    """Give an assembly's votes on a proposal as the parts of a bar; none where none are known."""
    if votes is None:
        return []
    return [
        ("for", votes.in_favour, "for"),
        ("against", votes.against, "against"),
        ("abstaining", votes.abstaining, "abstaining"),
    ]


def reference(edition: Edition, place: Place, links: Links) -> tuple[str, str]:
    """Name a clause of this version by its number and heading, with its address."""
    number = edition.numbers.get(place.clause.id or "", "")
    title = section_title(place.chapter, place.index)
    return " ".join(filter(None, (number, title))), links.place(place)

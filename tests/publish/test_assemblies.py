"""The assemblies' pages: each figure follows from the records; where each proposal ended up."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from drafter.core.assemblies import Assembly, Proposal, read_assembly
from drafter.core.clauses import Report
from drafter.core.editing import repeal
from drafter.core.reading import read_chapter
from drafter.publish.assembly_pages import assemblies_page, assembly_facts
from drafter.publish.edition import Edition, Settings, read_edition, short_name
from drafter.publish.ends import End, ends
from drafter.publish.flow import NOT_TAKEN_UP, REMOVED, Destination, Source, draw_flow
from drafter.publish.land import outlines
from drafter.publish.mapping import WIDTH, draw_map
from drafter.publish.notes import proposal_notes
from drafter.services.instance import Instance
from drafter.store.history import read_version
from tests.publish.pages import parsed
from tests.publish.stories import FILES, tell

ORIGIN = re.compile(r'origin="([^"]*)"')


@pytest.fixture(scope="session")
def third(kept: Instance) -> Edition:
    return read_edition(kept.repository, read_version(kept.repository, "v3"))


@pytest.fixture(scope="session")
def index(kept: Instance) -> str:
    return (kept.public / "v3" / "assemblies" / "index.html").read_text("utf-8")


def fresh(kept: Instance) -> dict[str, set[str]]:
    """Count anew, from the bytes of the chapters: which chapters name which proposal."""
    found: dict[str, set[str]] = {}
    for entry in kept.repository.list_tree(read_version(kept.repository, "v3").commit, "drafts"):
        if "/assemblies/" not in entry.path:
            for origins in ORIGIN.findall(kept.repository.read_entry(entry)):
                for origin in origins.split():
                    found.setdefault(origin, set()).add(entry.path)
    return found


def table(page: str, caption: str) -> list[list[str]]:
    """Read a table of figures: its rows as plain text, the head first."""
    found = next(each for each in re.findall(r"<table[\s\S]*?</table>", page) if caption in each)
    rows = re.findall(r"<tr[\s\S]*?</tr>", found)
    cells = [re.findall(r"<t[hd][^>]*>([\s\S]*?)</t[hd]>", row) for row in rows]
    return [[unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]


def test_the_flow_counts_what_the_chapters_say(kept: Instance, third: Edition, index: str) -> None:
    head, *rows, foot = table(index, "How many proposals of each assembly")
    said = fresh(kept)
    titles = [read_chapter(c.path, c.text).path for c in third.report.chapters]
    columns = [path for path in titles if any(path in paths for paths in said.values())]
    assert len(head) == 2 + len(columns) + 2
    for row in rows:
        (assembly,) = [a for a in third.assemblies.values() if short_name(a) == row[0]]
        origins = [f"{assembly.id}/{p.number}" for p in assembly.proposals]
        assert int(row[1]) == len(origins)
        figures = [0 if cell == "–" else int(cell) for cell in row[2:]]
        expected = [sum(path in said.get(origin, ()) for origin in origins) for path in columns]
        assert figures[:-2] == expected
        assert sum(figures[-2:]) == sum(origin not in said for origin in origins)
    sums = [
        sum(0 if row[at] == "–" else int(row[at]) for row in rows) for at in range(1, len(head))
    ]
    assert [int(cell) for cell in foot[1:]] == sums
    assert len(rows) == 14


def test_the_picture_of_the_flow_says_the_figures_of_its_table(index: str) -> None:
    head, *_, foot = table(index, "How many proposals of each assembly")
    drawn = re.findall(r'<g class="end at-\d+">.*?<text[^>]*>([^<]*) \((\d+)\)</text>', index)
    assert [unescape(name) for name, _ in drawn] == head[2:]
    assert [figure for _, figure in drawn] == foot[2:]
    bands = Counter(re.findall(r'class="band to-(\d+)', index))
    assert {str(at): int(figure) for at, figure in enumerate(foot[2:], 1)} == {
        at: int(many) for at, many in bands.items()
    }
    assert index.count('class="band in"') == 85


def test_every_assembly_is_on_the_map_and_in_the_list(third: Edition, index: str) -> None:
    figure = index[index.index('<figure class="chart map">') :]
    figure = figure[: figure.index("</figure>")]
    for assembly in third.assemblies.values():
        assert (
            f'<a href="../assemblies/{assembly.id}/" aria-label="{short_name(assembly)}:' in figure
        )
    rows = table(index, "All assemblies, in the order they met")[1:]
    taken = {a.id: sum(e.fate == "taken-up" for e in found) for a, found in _ends(third)}
    assert [int(row[5]) for row in rows] == [taken[a.id] for a, _ in _ends(third)]
    assert [int(row[3]) for row in rows] == [a.participants for a, _ in _ends(third)]


def _ends(edition: Edition) -> Iterator[tuple[Assembly, tuple[End, ...]]]:
    for name, found in ends(edition).items():
        yield edition.assemblies[name], found


def test_each_proposal_says_where_it_went(kept: Instance, third: Edition) -> None:
    said = fresh(kept)
    fates = {end.origin: end for _, found in _ends(third) for end in found}
    assert len(fates) == 85
    assert {origin for origin, end in fates.items() if end.fate == "taken-up"} == set(said)
    assert [o for o, end in fates.items() if end.fate == "removed"] == ["norwich-2019/6"]
    (left,) = fates["norwich-2019/6"].left
    assert (left.version.name, [each.number for each in left.by]) == ("v1", [9])
    assert not left.still_there
    assert all(end.reason for end in fates.values() if end.fate != "taken-up")
    carried = [each.number for each in fates["leeds-2018/4"].carried_by]
    assert carried == [1, 2, 22, 23]


def test_a_proposal_not_taken_up_has_the_panels_words_on_its_page(kept: Instance) -> None:
    leeds = (kept.public / "v3" / "assemblies" / "leeds-2018" / "index.html").read_text("utf-8")
    assert leeds.count("Leeds adopted it by two votes") == 2
    norwich = (kept.public / "v3" / "assemblies" / "norwich-2019" / "index.html").read_text("utf-8")
    assert (
        'It stood in version 1, and does no longer, since <a href="../../amendments/0009/">'
        in norwich
    )
    assert "No reason is recorded" not in leeds + norwich
    first = (kept.public / "v1" / "assemblies" / "leeds-2018" / "index.html").read_text("utf-8")
    assert "Not taken up. No reason is recorded." in re.sub(r"\s+", " ", first)


def test_the_votes_in_the_table_are_the_records(kept: Instance, third: Edition) -> None:
    for name, assembly in third.assemblies.items():
        page = (kept.public / "v3" / "assemblies" / name / "index.html").read_text("utf-8")
        rows = table(page, "The votes on each proposal")[1:]
        for row, proposal in zip(rows, assembly.proposals, strict=True):
            votes = proposal.votes
            if votes is None:
                assert row[1] in ("adopted without a vote", "not recorded")
                continue
            said = f"{votes.in_favour} for, {votes.against} against, {votes.abstaining} abstaining"
            assert said in row[1]


# Made-up assemblies


def made(
    number: int, at: tuple[float, float] | None, proposals: int = 3, **facts: object
) -> Assembly:
    return Assembly(
        id=f"place-{number}-2018",
        title=f"Assembly {number}",
        model=("civil-society", "community", "random-selection", "elected")[number % 4],  # type: ignore[arg-type]
        organisers=("A body",),
        place=str(facts.get("place", f"Place {number}")),
        level="local",
        dates=(datetime.date(2018, 1, 1) + datetime.timedelta(days=number),),
        participants=10 + number,
        selection="By lot.",
        questions=(),
        proposals=tuple(
            Proposal(n, f"Proposal {n}", None, False, None, n) for n in range(1, proposals + 1)
        ),
        coordinates=at,
    )


def edition_of(*assemblies: Assembly, chapters: int = 2) -> Edition:
    origins = [f"{a.id}/{p.number}" for a in assemblies for p in a.proposals if p.number < 3]
    text = "\n".join(
        f'Words.\n{{: #c-{at:06d} origin="{origin}" }}\n' for at, origin in enumerate(origins)
    )
    names = [f"drafts/{n:02}-chapter.md" for n in range(1, chapters + 1)]
    read = [read_chapter(names[0], text), *(read_chapter(name, "# Empty\n") for name in names[1:])]
    return Edition(
        settings=Settings(),
        report=Report(tuple(read)),
        assemblies={each.id: each for each in assemblies},
    )


def grid(many: int) -> list[Assembly]:
    return [made(n, (-60 + (n * 37) % 120, -170 + (n * 61) % 340)) for n in range(many)]


def drawn(edition: Edition) -> str:
    return assemblies_page(edition, ends(edition)).html


def test_a_report_without_assemblies_says_so_and_draws_nothing() -> None:
    page = drawn(edition_of())
    assert "No assembly is recorded yet." in page
    assert "<svg" not in page
    assert "<table" not in page


def test_one_assembly_is_on_a_map_of_its_surroundings_without_filters() -> None:
    leeds = made(1, (53.8, -1.55))
    map_ = draw_map([leeds])
    assert map_ is not None
    (point,) = map_.points
    assert abs(point.x - WIDTH / 2) < 1
    assert abs(point.y - map_.height / 2) < 1
    assert map_.land.count("M") > 1
    page = drawn(edition_of(leeds))
    assert "data-filters" not in page
    assert "1 assembly of 11 people met in 2018 and made 3 proposals." in page


def test_assemblies_without_coordinates_are_named_and_not_drawn() -> None:
    assert draw_map([made(1, None)]) is None
    page = drawn(edition_of(made(1, (53.8, -1.55)), made(2, None)))
    said = page[page.index("Not on the map") :]
    assert 'href="../assemblies/place-2-2018/">Assembly 2</a>.' in said[:250]
    assert "<figure" not in drawn(edition_of(made(1, None, proposals=0)))


def test_three_hundred_assemblies_are_drawn_together_and_listed_each() -> None:
    edition = edition_of(*grid(300))
    page = drawn(edition)
    flow = page[page.index('class="flow"') : page.index("</svg>", page.index('class="flow"'))]
    assert flow.count('<g class="source">') == 4
    rows = table(page, "How many proposals of each assembly")
    assert len(rows) == 302
    assert rows[-1][1:] == ["900", "600", "300"]
    assert 'href="#model-elected"' in flow
    assert 'id="model-elected"' in page
    assert len(page) < 500_000


@pytest.mark.parametrize("many", [14, 300])
def test_no_two_names_on_the_map_meet(many: int, third: Edition) -> None:
    assemblies = list(third.assemblies.values()) if many == 14 else grid(many)
    map_ = draw_map(assemblies)
    assert map_ is not None
    boxes = []
    for point in map_.points:
        if point.name is None:
            continue
        wide = 6.5 * len(point.label)
        at = {"start": 0.0, "end": -wide, "middle": -wide / 2}[point.name.anchor]
        boxes.append((point.name.x + at, point.name.y - 10, point.name.x + at + wide, point.name.y))
    for index, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= WIDTH
        for other in boxes[:index]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    if many == 14:
        assert len(boxes) == 14


def test_the_map_and_the_flow_do_not_depend_on_the_order_of_the_records(third: Edition) -> None:
    assemblies = list(third.assemblies.values())
    assert draw_map(assemblies) == draw_map(reversed(assemblies))
    turned = Edition(
        settings=third.settings,
        report=third.report,
        assemblies=dict(reversed(list(third.assemblies.items()))),
    )
    straight = Edition(
        settings=third.settings, report=third.report, assemblies=dict(third.assemblies)
    )
    assert drawn(turned) == drawn(straight)


def test_the_map_of_both_sides_of_the_date_line_is_narrow() -> None:
    map_ = draw_map([made(1, (-17.0, 179.0)), made(2, (-18.0, -179.0))])
    assert map_ is not None
    one, other = sorted(map_.points, key=lambda point: point.assembly.id)
    assert 0 < other.x - one.x < WIDTH
    assert map_.land


def test_assemblies_of_one_place_stand_beside_each_other() -> None:
    map_ = draw_map([made(n, (51.5, -0.12)) for n in range(4)])
    assert map_ is not None
    assert len({(point.x, point.y) for point in map_.points}) == 4


def test_the_whole_world_and_its_poles_fit_the_map() -> None:
    map_ = draw_map([made(1, (90.0, 0.0)), made(2, (-90.0, 179.9)), made(3, (0.0, -90.0))])
    assert map_ is not None
    assert all(0 <= p.x <= WIDTH and 0 <= p.y <= map_.height for p in map_.points)
    assert map_.height <= 1.4 * WIDTH


def test_the_outlines_are_closed_and_on_the_earth() -> None:
    found = outlines()
    assert len(found) > 1000
    for outline in found:
        assert len(outline) > 2
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in outline)


def test_a_proposal_in_two_chapters_keeps_its_height_and_counts_in_both() -> None:
    assembly = made(1, None, proposals=1)
    chapters = tuple(
        read_chapter(f"drafts/{n}.md", f'Words.\n{{: #c-00000{n} origin="{assembly.id}/1" }}\n')
        for n in (1, 2)
    )
    edition = Edition(
        settings=Settings(), report=Report(chapters), assemblies={assembly.id: assembly}
    )
    found = ends(edition)[assembly.id]
    among = [Destination(f"drafts/{n}.md", f"Chapter {n}") for n in (1, 2)]
    among += [Destination(REMOVED, "Removed"), Destination(NOT_TAKEN_UP, "Not taken up")]
    flow = draw_flow([Source(assembly.id, "One", found)], among, each=True)
    assert flow is not None
    assert [node.count for node in flow.destinations] == [1, 1]
    assert sum(node.height for node in flow.destinations) == pytest.approx(flow.sources[0].height)
    assert draw_flow([], among, each=True) is None


def test_a_proposal_that_was_asked_for_and_rejected_leads_to_the_reason(tmp_path: Path) -> None:
    story = tell(tmp_path / "report.git", FILES)
    after = repeal(story.report, "c-000006")
    story.decide(4, "Outside London", after, accepted=False, assemblies=("leeds-2018/3",))
    story.publish(3, "Third draft")
    edition = read_edition(story.repository, read_version(story.repository, "v3"))
    found = ends(edition)
    end = found["leeds-2018"][2]
    assert (end.fate, [each.number for each in end.rejected]) == ("not-taken-up", [4])
    leeds = edition.assemblies["leeds-2018"]
    foot = assembly_facts(edition, leeds, found["leeds-2018"], ["leeds-2018"])[1]
    assert 'stands with <a href="../../amendments/0004/">amendment 4</a>, which asked' in foot
    note = proposal_notes(edition, found)["c-00000m"]
    assert note == (
        '<p>Not taken up in the report; <a href="../amendments/0004.md">amendment 4</a> '
        "asked for it and was rejected</p>"
    )


def test_a_clause_that_no_longer_names_its_proposal_says_so(tmp_path: Path) -> None:
    story = tell(tmp_path / "report.git", FILES)
    path = "drafts/02-voting.md"
    text = story.repository.read_text(story.tip, path)
    story.commit("edit", {path: text.replace(' origin="leeds-2018/2"', "").encode()})
    story.publish(3, "Third draft")
    edition = read_edition(story.repository, read_version(story.repository, "v3"))
    end = ends(edition)["leeds-2018"][1]
    assert end.fate == "removed"
    (left,) = end.left
    assert left.still_there
    assert left.by == ()
    assert left.version.name == "v2"


def test_a_hostile_record_stays_text_in_pictures_too() -> None:
    payload = '</title></svg><script>alert(1)</script>" onload="x'
    text = FILES["drafts/assemblies/leeds-2018.md"].replace("place: Leeds", "place: 'X'")
    assembly = read_assembly("drafts/assemblies/leeds-2018.md", text)
    hostile = made(1, (53.8, -1.5), place=payload)
    page = drawn(edition_of(hostile, assembly))
    assert "<script" not in page
    assert 'onload="x' not in page
    assert payload.replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;") in page


def test_no_script_is_needed_and_none_stands_in_the_page(kept: Instance) -> None:
    page = parsed(kept.public / "v3" / "assemblies" / "index.html")
    forms = [
        attributes
        for tag, attributes in page.found
        if tag == "form" and "data-filters" in attributes
    ]
    assert [("hidden" in form) for form in forms] == [True]
    assert not any("style" in attributes for tag, attributes in page.found if tag != "link")

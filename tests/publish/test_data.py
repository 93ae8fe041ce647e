"""What is taken away from a version: the files of data, their schema, the provenance, the cards."""

from __future__ import annotations

import json
import re
import struct
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import prov.model
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from drafter.publish import cards, data, data_page
from drafter.publish.build import build_version
from drafter.publish.edition import Edition, read_edition
from drafter.services.instance import Instance
from drafter.store.history import read_version
from tests.publish.pages import html_files, parsed
from tests.publish.stories import CONFIGURATION, FILES, Story, tell

SITE = "https://report.example/r/"


def edition_of(story: Story, version: str = "v2") -> Edition:
    return read_edition(story.repository, read_version(story.repository, version))


@pytest.fixture(scope="session")
def public(kept: Instance) -> Path:
    return kept.public


@pytest.fixture(scope="session")
def version(public: Path) -> Path:
    """The example's last version."""
    return public / "v3"


@pytest.fixture(scope="session")
def report(version: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((version / "report.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def clauses(report: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    return [each for chapter in report["chapters"] for each in chapter["clauses"]]


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version of a site that knows its own address."""
    folder = tmp_path_factory.mktemp("addressed")
    told = {**FILES, "mkdocs.yml": f"site_url: {SITE}\n{CONFIGURATION}"}
    return build_version(tell(folder / "report.git", told).repository, "v2", folder / "v2")


# report.json


def test_report_json_is_of_the_form_that_its_schema_states(version: Path) -> None:
    schema = json.loads((version / "report.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema, format_checker=FormatChecker())
    for each in ("v1", "v2", "v3"):
        found = json.loads((version.parent / each / "report.json").read_text("utf-8"))
        assert [error.message for error in check.iter_errors(found)] == []


@pytest.mark.parametrize("field", ["hash", "origins", "since"])
def test_the_schema_wants_every_field(version: Path, field: str) -> None:
    check = Draft202012Validator(json.loads(data.schema()))
    found = json.loads((version / "report.json").read_text("utf-8"))
    del found["chapters"][4]["clauses"][2][field]
    assert not check.is_valid(found)


def test_report_json_holds_every_clause_with_what_stands_behind_it(
    kept: Instance, clauses: list[dict[str, object]]
) -> None:
    edition = read_edition(kept.repository, read_version(kept.repository, "v3"))
    assert {each["id"] for each in clauses} == {*edition.report.ids}
    (voting,) = [each for each in clauses if each["id"] == "c-tdzamb"]
    assert voting["number"] == edition.numbers["c-tdzamb"]
    assert str(voting["wording"]).startswith("Every citizen who has reached the age of sixteen")
    assert voting["html"] == f'<p id="c-tdzamb">{voting["wording"]}</p>'
    assert (voting["first"], voting["since"]) == ("v1", "v3")
    assert 22 in voting["amendments"]
    assert {"assembly": "leeds-2018", "proposal": 4} in voting["origins"]
    assert {1, 2, 3, 4, 5} <= {*voting["comments"]}


def test_nested_entries_stand_in_report_json_once(story: Story) -> None:
    facts = json.loads(data.report_json(edition_of(story)))
    found = {each["id"]: each for chapter in facts["chapters"] for each in chapter["clauses"]}
    assert found["c-000004"]["html"] == '<li id="c-000004">The register is public.\n</li>'
    assert found["c-000005"]["parent"] == "c-000004"
    assert found["c-000007"]["html"].startswith('<table id="c-000007">')
    assert found["c-00000a"]["html"].startswith('<div class="footnote" id="c-00000a">')


def test_report_json_says_what_became_of_proposals_and_amendments(
    report: dict[str, list[dict[str, object]]], clauses: list[dict[str, object]]
) -> None:
    ids = {each["id"] for each in clauses}
    taken = [each for body in report["assemblies"] for each in body["proposals"]]
    assert all({*each["taken_up_in"]} <= ids for each in taken)
    assert any(not each["taken_up_in"] for each in taken)
    votes = report["amendments"][21]["decision"]["vote"]
    counted = Counter(votes["roll_call"].values())
    assert counted["for"] == votes["for"] == 13
    assert report["amendments"][21]["closed_in"] == "v3"


def test_every_address_in_report_json_leads_to_its_place(
    version: Path, report: dict[str, list[dict[str, object]]], clauses: list[dict[str, object]]
) -> None:
    found = [str(each["url"]) for each in clauses if each["url"]]
    found += [str(each["url"]) for key in ("assemblies", "amendments") for each in report[key]]
    assert len(found) > 340
    assert [*_nowhere(found, version / "report.json")] == []


def test_the_facts_of_comments_and_answers_are_those_in_git(kept: Instance, version: Path) -> None:
    commit = read_version(kept.repository, "v3").commit
    for name in ("comments", "answers"):
        recorded = kept.repository.read_text(commit, f"amendments/{name}/v3.json")
        assert (version / f"{name}.json").read_text("utf-8") == recorded


def test_an_earlier_version_knows_nothing_of_later_ones(public: Path) -> None:
    for name in ("report.json", "provenance.jsonld", "data/index.html", "cite.bib"):
        text = (public / "v1" / name).read_text("utf-8")
        assert not re.search(r"\bv[23]\b|[Vv]ersion [23]", text), name


# Provenance


def provenance(path: Path) -> prov.model.ProvDocument:
    """Let `prov` read it as RDF, which JSON-LD is."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rdflib")
        return prov.model.ProvDocument.deserialize(
            content=path.read_text("utf-8"),
            format="rdf",
            rdf_format="json-ld",
            publicID=f"{SITE}v3/provenance.jsonld",
        )


def test_prov_reads_the_provenance_and_nothing_in_it_dangles(
    version: Path, clauses: list[dict[str, object]]
) -> None:
    document = provenance(version / "provenance.jsonld")
    known = {each.identifier.uri for each in document.get_records() if each.is_element()}
    for relation in document.get_records():
        if relation.is_relation():
            for _, value in relation.formal_attributes:
                if isinstance(value, prov.model.Identifier):
                    assert value.uri in known, relation
    kinds = Counter(type(each).__name__ for each in document.get_records())
    assert kinds["ProvGeneration"] > 400
    assert kinds["ProvMembership"] == len(clauses)


def test_a_wording_leads_by_decision_and_proposal_to_seats_and_assembly(version: Path) -> None:
    document = provenance(version / "provenance.jsonld")
    wording, decision = f"{SITE}c/c-tdzamb/#v3", f"{SITE}v3/amendments/0022/#decision"
    assert decision in _targets(document, prov.model.ProvGeneration, wording)
    sources = _targets(document, prov.model.ProvDerivation, wording)
    assert {f"{SITE}v3/amendments/0022/", f"{SITE}c/c-tdzamb/#v1"} <= sources
    (proposal,) = [each for each in sources if "/assemblies/leeds-2018/" in each]
    body = f"{SITE}v3/assemblies/leeds-2018/"
    assert _targets(document, prov.model.ProvAttribution, proposal) == {body}
    here = f"{SITE}v3/provenance.jsonld"
    seats = _targets(document, prov.model.ProvAssociation, decision)
    assert {
        f"{here}#panel",
        f"{here}#clerk",
        *(f"{here}#seat-{n:02}" for n in range(1, 21)),
    } == seats


def test_every_name_in_the_provenance_leads_to_a_page(version: Path) -> None:
    graph = json.loads((version / "provenance.jsonld").read_text("utf-8"))["@graph"]
    names = [node["@id"] for node in graph if not node["@id"].startswith("#")]
    assert len(names) == len({*names}) > 450
    whole = [name for name in names if name.startswith("../c/")]
    assert [*_nowhere(whole, version / "provenance.jsonld")] == []
    pages = [name.split("#")[0] for name in names]
    assert [*_nowhere(pages, version / "provenance.jsonld")] == []


def test_every_clause_of_the_version_has_its_provenance(
    version: Path, clauses: list[dict[str, object]]
) -> None:
    graph = json.loads((version / "provenance.jsonld").read_text("utf-8"))["@graph"]
    (members,) = [node["hadMember"] for node in graph if node["@id"] == "../v3/"]
    assert {name.split("/")[2] for name in members} == {each["id"] for each in clauses}
    described = {node["@id"]: node for node in graph}
    assert all(described[name]["wasGeneratedBy"] in described for name in members)


def _targets(document: prov.model.ProvDocument, kind: type, start: str) -> set[str]:
    relations = (each.args for each in document.get_records(kind))
    return {args[1].uri for args in relations if args[0].uri == start and args[1] is not None}


# schema.org


def test_every_page_of_the_text_describes_itself_and_every_name_leads_somewhere(
    public: Path, version: Path, clauses: list[dict[str, object]]
) -> None:
    described = set()
    pages = [version / "index.html", *version.glob("0*/index.html"), *public.glob("c/*/index.html")]
    for page in pages:
        (block,) = parsed(page).data
        facts = json.loads(block)
        assert (facts["@context"], facts["@type"]) == ("https://schema.org", "Legislation")
        found = [*_names(facts)]
        assert [*_nowhere(found, page)] == []
        described |= {
            each["@id"][1:] for each in facts.get("hasPart", ()) if page.parent != version
        }
    titles = {each["id"] for each in clauses if each["level"] == 1}
    assert described == {each["id"] for each in clauses} - titles


def test_no_words_of_a_report_end_the_block(story: Story, tmp_path: Path) -> None:
    evil = FILES | {
        "mkdocs.yml": CONFIGURATION.replace("A small report", "</script><script>alert(1)//")
    }
    site = build_version(tell(tmp_path / "evil.git", evil).repository, "v2", tmp_path / "v2")
    for page in html_files(site):
        assert "alert" not in parsed(page).scripts


def _names(facts: object) -> Iterator[str]:
    if isinstance(facts, dict):
        yield from (facts[key] for key in ("@id", "contentUrl") if key in facts)
        for value in facts.values():
            yield from _names(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _names(value)


def _nowhere(addresses: list[str], page: Path) -> Iterator[str]:
    """Name the addresses in a file that lead to no file, or to no such place in it."""
    for address in addresses:
        parts = urlsplit(address)
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file():
            yield address
        elif parts.fragment and target.suffix == ".html":
            ids = {attributes.get("id") for _, attributes in parsed(target).found}
            if unquote(parts.fragment) not in ids:
                yield address


# The page, and citing


def test_the_page_names_every_file_of_data_with_its_size_and_hash(version: Path) -> None:
    page = (version / "data" / "index.html").read_text("utf-8")
    files = json.loads((version / "manifest.json").read_text())["files"]
    shown = [*version.glob("*.json"), *version.glob("*.jsonld"), *version.glob("changes/*.json")]
    shown += version.glob("cite.*")
    for path in shown:
        name = path.relative_to(version).as_posix()
        if name != "manifest.json":
            assert f'href="../{name}"' in page
            assert files[name] in page
    assert "report.pdf" not in page
    assert "git clone" in page
    assert "drafter verify" in page


def test_every_page_leads_to_the_data_and_to_the_feeds(public: Path, version: Path) -> None:
    for page in html_files(version):
        found = parsed(page).found
        up = "../" * len(page.relative_to(version).parts[:-1])
        links = {(tag, attributes.get("href", "")) for tag, attributes in found}
        assert ("a", f"{up}data/" if up != "../" or page.parent.name != "data" else "./") in links
        feeds = [a["href"] for tag, a in found if a.get("type") == "application/atom+xml"]
        assert [(page.parent / each).resolve() for each in feeds] == [
            public / "feeds" / "versions.xml",
            public / "feeds" / "decisions.xml",
        ]


def test_a_file_that_is_not_there_is_not_named(story: Story) -> None:
    body = data_page.data_page(edition_of(story), [("report.pdf", b"x" * 1500)])
    assert "report.pdf" in body.html
    assert "2 kB" in body.html
    assert "report.json" not in body.html


def test_a_page_cites_itself_by_its_permanent_address(addressed: Path) -> None:
    begin = "A small report, version 2 (10 January 2020)"
    front = (addressed / "index.html").read_text("utf-8")
    assert f">{begin}. {SITE}v2/<" in front
    chapter = (addressed / "02-voting" / "index.html").read_text("utf-8")
    assert f">{begin}, Voting &amp; elections. {SITE}v2/02-voting/<" in chapter
    assert "data-search-exclude" in chapter


def test_citations_for_programs_say_the_same(addressed: Path) -> None:
    (item,) = json.loads((addressed / "cite.json").read_text("utf-8"))
    assert item["type"] == "report"
    assert item["issued"] == {"date-parts": [[2020, 1, 10]]}
    assert item["URL"] == f"{SITE}v2/"
    bib = (addressed / "cite.bib").read_text("utf-8")
    assert re.search(r"^@misc\{report-v2-2020,$", bib, re.MULTILINE)
    assert f"url = {{{SITE}v2/}}" in bib
    assert bib.count("{") == bib.count("}")
    ris = (addressed / "cite.ris").read_bytes().decode().split("\r\n")
    assert ris[0] == "TY  - RPRT"
    assert ris[-2:] == ["ER  - ", ""]
    assert f"UR  - {SITE}v2/" in ris


def test_signs_that_tex_reads_are_written_for_it() -> None:
    from drafter.publish.cite import _tex

    assert _tex("Trade & ~50% {x}_^\\") == (
        r"Trade \& \textasciitilde{}50\% \{x\}\_\textasciicircum{}\textbackslash{}"
    )


# Cards


def test_pages_name_their_card_by_an_absolute_address(addressed: Path) -> None:
    for page, card in (
        ("index.html", "cards/version.png"),
        ("02-voting/index.html", "cards/02-voting.png"),
        ("amendments/0001/index.html", "cards/amendments/0001.png"),
        ("changes/index.html", "cards/version.png"),
    ):
        found = [a for tag, a in parsed(addressed / page).found if tag == "meta"]
        said = {a["property"]: a["content"] for a in found if "property" in a}
        assert said["og:image"] == f"{SITE}v2/{card}"
        assert (addressed / card).is_file()


def test_a_card_is_a_picture_of_its_size_and_always_the_same() -> None:
    card = cards.Card("A report", "Chapter 4", "Pleidleisio yng Nghymru: ŵ, ŷ", "Version 1")
    drawn = cards.draw_card(card)
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", drawn[16:24]) == (1200, 630)
    assert len(drawn) < 60_000
    assert cards.draw_card(card) == drawn
    other = cards.Card("A report", "Chapter 4", "Pleidleisio yng Nghymru: w, y", "Version 1")
    assert cards.draw_card(other) != drawn


def test_a_title_too_long_for_a_card_is_cut() -> None:
    lines = [*cards._title("Every citizen may vote " * 40)]
    assert lines[-1][0].endswith("…")
    assert all(top + size * 1.3 < cards.HEIGHT - 100 for _, top, size in lines)


def test_without_an_address_there_are_no_cards(version: Path) -> None:
    assert not (version / "cards").exists()
    found = [a for _, a in parsed(version / "index.html").found if "property" in a]
    assert "og:image" not in {a["property"] for a in found}

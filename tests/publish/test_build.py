"""A version's site is made from git alone, holds no clock, and runs nothing of the version."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from drafter.core.editing import substitute
from drafter.core.errors import BadInput, Refused
from drafter.publish.build import build_version
from drafter.publish.manifest import findings, read_manifest
from tests.publish.pages import broken_links, html_files, parsed
from tests.publish.stories import FILES, Story, tell


@pytest.fixture
def site(story: Story, tmp_path: Path) -> Path:
    return build_version(story.repository, "v2", tmp_path / "v2")


def test_the_same_tag_gives_the_same_bytes_whatever_the_clock(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_version(story.repository, "v2", tmp_path / "one")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    second = build_version(story.repository, "v2", tmp_path / "two" / "deeper")
    assert read_manifest(first) == read_manifest(second)
    assert (first / "manifest.json").read_bytes() == (second / "manifest.json").read_bytes()
    assert "sitemap.xml.gz" in read_manifest(first).files
    assert str(tmp_path).encode() not in b"".join(
        path.read_bytes() for path in first.rglob("*") if path.is_file()
    )


def test_the_sitemap_holds_the_day_of_the_tag(story: Story, tmp_path: Path) -> None:
    files = {**FILES, "mkdocs.yml": "site_url: https://e.org/\n" + FILES["mkdocs.yml"]}
    other = tell(tmp_path / "other.git", files)
    site = build_version(other.repository, "v1", tmp_path / "v1")
    sitemap = gzip.decompress((site / "sitemap.xml.gz").read_bytes()).decode()
    assert "<loc>https://e.org/v1/02-voting/</loc>" in sitemap
    assert "<lastmod>2020-01-10</lastmod>" in sitemap


def test_the_manifest_names_every_file_and_finds_what_was_changed(site: Path) -> None:
    assert findings(site) == ()
    (site / "02-voting" / "index.html").write_text("other")
    (site / "new.html").write_text("new")
    (site / "404.html").unlink()
    assert findings(site) == (
        "v2: 404.html is missing.",
        "v2: new.html is not in the manifest.",
        "v2: 02-voting/index.html has other content.",
    )


def test_each_clause_has_its_number_its_origin_and_the_way_to_comment(site: Path) -> None:
    page = (site / "02-voting" / "index.html").read_text()
    assert 'id="c-000003"' in page
    assert '<a class="n" href="#c-000003" aria-label="Clause 1.2, permanent link"' in page
    assert 'From <a href="../assemblies/leeds-2018/#c-00000j">Leeds 2018</a>' in page
    assert "No source recorded" in page
    assert 'Changed in version 2 by <a href="../amendments/0001/">amendment 1</a>' in page
    assert '<a href="../../c/c-000003/">History</a>' in page
    assert '<a href="/take-part/clause/c-000003">1 comment</a>' in page
    assert page.count('class="do" href="/take-part/clause/c-000003"') == 1


def test_the_changes_page_says_what_changed_who_asked_and_how_it_was_voted(site: Path) -> None:
    page = (site / "changes" / "since-v1" / "index.html").read_text()
    assert "One clause was reworded, one was added and one moved." in page
    assert "Two amendments were accepted and one was rejected." in page
    assert "<em>eighteen</em></del>" in page
    assert '<a href="../../amendments/0001/">Amendment 1</a>, accepted 4 to 2' in page
    assert '<a href="/take-part/comments/421">comment 421</a> and <a' in page
    assert '<a href="../../amendments/0001/">2 like it</a>' in page
    assert '<a href="../../amendments/0001/#votes">How each seat voted</a>' in page
    assert "It is <em>clearer</em>." in page
    assert '<a href="#from-c-000008">from 1.4, Voting &amp; elections</a>' in page
    assert '<b>1.4</b> <a href="#c-000008">moved to 2.1, Values</a>' in page
    assert 'href="../../../v1/02-voting/#c-000008">In version 1</a>' in page
    data = json.loads((site / "changes" / "since-v1.json").read_text())
    assert data["summary"] == {"added": 1, "edited": 1, "moved": 1}


def test_an_amendment_shows_its_vote_by_seat_its_reason_and_what_it_changed(site: Path) -> None:
    accepted = (site / "amendments" / "0001" / "index.html").read_text()
    assert "Let people vote at sixteen" in accepted
    assert re.search(r'<th scope="row">Seat 7</th><td><svg.*</svg> against</td>', accepted)
    assert re.search(r">Seat 5</th><td><svg.*</svg> against \(in the room\)</td>", accepted)
    assert "</svg> recused (interest: I sit on a &lt;board&gt;.)</td>" in accepted
    assert "I would have waited." in accepted
    assert "<h4>Before</h4>" in accepted
    assert "<em>sixteen</em></ins>" in accepted
    rejected = (site / "amendments" / "0002" / "index.html").read_text()
    assert "its wording is no part of this version" in rejected
    assert "held in trust" not in rejected


def test_a_proposal_says_where_it_ended_up_or_that_it_was_not_taken_up(site: Path) -> None:
    page = (site / "assemblies" / "leeds-2018" / "index.html").read_text()
    assert 'In the report: <a href="../../02-voting/#c-000003">1.2</a>' in page
    assert page.count("Not taken up in the report") == 1


def test_words_that_look_like_metadata_stay_words(tmp_path: Path) -> None:
    files = {**FILES, "drafts/03-note.md": "Note: this is the first paragraph.\n\nA second.\n"}
    story = tell(tmp_path / "report.git", files)
    site = build_version(story.repository, "v1", tmp_path / "v1")
    assert "Note: this is the first paragraph." in (site / "03-note" / "index.html").read_text()


def test_every_chapter_can_be_reached_and_nav_comes_first(site: Path) -> None:
    page = (site / "02-voting" / "index.html").read_text().partition('class="contents"')[2]
    assert page.index('href="./" aria-current="page"') < page.index('href="../01-values/"')


PAYLOADS = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</h1></title><svg onload=alert(1)>",
    "{{ 7*191 }}{% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_words_of_a_report_become_markup_or_a_template(payload: str, tmp_path: Path) -> None:
    quoted = json.dumps(payload)
    files = {
        "mkdocs.yml": f"site_name: {quoted}\nsite_description: {quoted}\ncopyright: {quoted}\n",
        "drafts/01-values.md": FILES["drafts/01-values.md"].replace("# Values", f"# {payload}"),
        "drafts/02-voting.md": FILES["drafts/02-voting.md"]
        .replace("title: Voting & elections", f"title: {quoted}\ntemplate: evil.html")
        .replace("The register is public.", payload),
        "drafts/assemblies/leeds-2018.md": FILES["drafts/assemblies/leeds-2018.md"]
        .replace("title: Leeds citizens’ assembly", f"title: {quoted}")
        .replace("place: Leeds", f"place: {quoted}")
        .replace("[Leeds Forum]", f"[{quoted}]")
        .replace("selection: By lot.", f"selection: {quoted}\nlatitude: 53.8\nlongitude: -1.55")
        .replace("latitude:", f"not_taken_up: [{{proposal: 3, reason: {quoted}}}]\nlatitude:")
        .replace("Parliament meets outside London.", f"Meet {payload}"),
    }
    story = Story(tmp_path / "report.git", files)
    story.publish(1, "First")
    after = substitute(story.report, "c-000003", f"Other words {payload}")
    story.decide(1, payload, after, accepted=True, reason=f"{payload}\n\n[x](javascript:alert(1))")
    story.publish(2, "Second")
    site = build_version(story.repository, "v2", tmp_path / "v2")
    for path in html_files(site):
        page = parsed(path)
        assert "alert" not in page.scripts, path
        for tag, attributes in page.found:
            assert tag != "svg" or "viewbox" in attributes, path
            assert not any(name.startswith("on") for name in attributes), (path, tag, attributes)
            assert "javascript" not in attributes.get("href", ""), path
            assert attributes.get("src") != "x", path
        assert "1337" not in path.read_text(), path


def test_nothing_that_a_version_names_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    evil = f"open({str(mark)!r}, 'w')\n"
    files = {
        **FILES,
        "mkdocs.yml": FILES["mkdocs.yml"]
        + "hooks: [site/evil.py]\nuse_directory_urls: false\nextra_javascript: [https://e.org/x.js]\n"
        + "extra_css: [https://e.org/x.css, ../../x.css, assets/extra.css]\n",
        "site/evil.py": evil,
        "site/overrides/home.html": "{% extends 'main.html' %}{% block page %}"
        "[{{ ''.__class__.__mro__ }}]{{ config.theme.dirs.append('/') }}{% endblock %}",
    }
    story = tell(tmp_path / "report.git", files)
    with pytest.raises(BadInput, match="could not be built"):
        build_version(story.repository, "v1", tmp_path / "v1")
    assert not (tmp_path / "v1").exists()
    files["site/overrides/home.html"] = "[{{ 6 * 7 }}]"
    story = tell(tmp_path / "other.git", files)
    site = build_version(story.repository, "v1", tmp_path / "v1")
    assert (site / "index.html").read_text() == "[42]"
    assert not mark.exists()
    pages = "".join(path.read_text() for path in html_files(site))
    assert "e.org" not in pages
    assert "assets/extra.css" in pages


def test_a_configuration_with_tags_is_refused(tmp_path: Path) -> None:
    evil = "site_name: !!python/object/apply:os.system ['false']\n"
    story = tell(tmp_path / "report.git", {**FILES, "mkdocs.yml": FILES["mkdocs.yml"]})
    story.commit("operator", {"mkdocs.yml": evil.encode()})
    story.publish(3, "Third")
    with pytest.raises(BadInput):
        build_version(story.repository, "v3", tmp_path / "v3")


def test_a_folder_that_is_there_is_not_built_into(story: Story, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        build_version(story.repository, "v1", tmp_path)


def test_links_within_a_version_resolve(site: Path, tmp_path: Path) -> None:
    outside = ("../c/", "../v1/", "../feeds/", "../report.git", "../latest/", "/#versions")
    found = [each for each in broken_links(site, tmp_path) if not any(o in each for o in outside)]
    assert found == []


def test_a_chapter_without_a_heading_of_its_own_begins_with_its_title(tmp_path: Path) -> None:
    text = "---\ntitle: A & B\n---\n\n## First {: #c-10000a }\n\n## Second {: #c-10000b }\n"
    story = tell(tmp_path / "report.git", {**FILES, "drafts/03-untitled.md": text})
    site = build_version(story.repository, "v1", tmp_path / "v1")
    page = (site / "03-untitled" / "index.html").read_text()
    assert '<h1 class="clause"><span class="words">A &amp; B</span></h1>' in page
    contents = page.partition('class="contents"')[2].partition("</nav>")[0]
    assert 'href="#c-10000a"' in contents
    assert 'href="#c-10000b"' in contents


def test_a_version_names_itself_and_leads_to_others_without_knowing_the_later(site: Path) -> None:
    page = (site / "02-voting" / "index.html").read_text()
    assert 'data-version="v2" data-day="10 January 2020" data-page="02-voting/"' in page
    assert '<a data-version="v1" href="../../v1/02-voting/">Version 1, 10 January 2020</a>' in page
    assert '<a class="latest" href="../../latest/02-voting/">Latest version</a>' in page
    amendment = (site / "amendments" / "0001" / "index.html").read_text()
    assert 'href="../../../v1/">Version 1, 10 January 2020</a>' in amendment


def test_none_of_the_themes_own_files_come_along(site: Path) -> None:
    assert not list(site.rglob("*.map"))
    scripts = [path.relative_to(site).as_posix() for path in site.rglob("*.js")]
    assert {path.split("/")[1] for path in scripts} == {"face"}


def test_the_page_for_lost_addresses_is_right_wherever_it_is_shown(site: Path) -> None:
    page = (site / "404.html").read_text()
    assert 'href="/v2/assets/face/face.css"' in page
    assert 'href="/v2/search/"' in page


def test_printed_pages_name_the_report_and_the_version(site: Path) -> None:
    style = (site / "assets" / "edition.css").read_text()
    assert '@top-left { content: "A small report"; }' in style
    assert r'content: "Version 2\2c  10 January 2020"' in style

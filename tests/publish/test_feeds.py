"""The feeds: read by a reader of feeds, the same wherever they lie and whenever they are made."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from drafter.publish import public
from drafter.publish.build import build_version
from drafter.publish.edition import read_edition
from drafter.publish.feeds import feeds
from drafter.services.instance import Instance
from drafter.store.history import read_version, versions
from tests.publish.stories import CONFIGURATION, FILES, Story, tell

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://report.example/r/"


def written(story: Story, version: str = "v2", known: set[str] | None = None) -> dict[str, str]:
    repository = story.repository
    edition = read_edition(repository, read_version(repository, version))
    return dict(feeds(edition, versions(repository), known or {"v1", "v2"}))


@pytest.fixture
def addressed(tmp_path: Path) -> Story:
    told = {**FILES, "mkdocs.yml": f"site_url: {SITE}\n{CONFIGURATION}"}
    return tell(tmp_path / "addressed.git", told)


def test_every_feed_of_the_example_is_a_feed(kept: Instance) -> None:
    paths = [*kept.public.glob("feeds/*.xml"), *kept.public.glob("c/*/feed.xml")]
    assert len(paths) > 300
    ids: set[str] = set()
    for path in paths:
        read = feedparser.parse(path.read_bytes())
        assert not read.bozo, (path, read.get("bozo_exception"))
        assert read.version == "atom10"
        assert read.feed.title
        assert read.feed.updated_parsed
        assert read.feed.author
        assert read.entries, path
        for entry in read.entries:
            assert entry.id.startswith("urn:uuid:")
            assert entry.id not in ids
            assert entry.title
            assert entry.updated <= read.feed.updated
            assert entry.link
            ids.add(entry.id)


def test_every_link_of_every_feed_leads_somewhere(kept: Instance) -> None:
    for path in [*kept.public.glob("feeds/*.xml"), *kept.public.glob("c/*/feed.xml")]:
        for link in ElementTree.parse(path).iter(f"{ATOM}link"):
            target = (path.parent / link.get("href", "").split("#")[0]).resolve()
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), (path, link.get("href"))


def test_versions_and_decisions_come_last_first_with_their_own_dates(kept: Instance) -> None:
    read = feedparser.parse((kept.public / "feeds" / "versions.xml").read_bytes())
    tags = {v.number: v.time for v in versions(kept.repository)}
    assert [entry.updated for entry in read.entries] == [
        f"{tags[number]:%Y-%m-%dT%H:%M:%SZ}" for number in (3, 2, 1)
    ]
    read = feedparser.parse((kept.public / "feeds" / "decisions.xml").read_bytes())
    (voting,) = [entry for entry in read.entries if entry.title.startswith("Amendment 22 ")]
    assert voting.title == "Amendment 22 accepted 13 to 6: Votes at sixteen in every election"
    assert voting.updated == "2020-01-25T00:00:00Z"
    assert voting.link.endswith("v3/amendments/0022/")
    assert "The voting age is sixteen" in voting.content[0].value
    dates = [entry.updated for entry in read.entries]
    assert dates == sorted(dates, reverse=True)


def test_addresses_are_absolute_where_the_sites_is_known(addressed: Story) -> None:
    for path, text in written(addressed).items():
        links = [link.get("href", "") for link in ElementTree.fromstring(text).iter(f"{ATOM}link")]
        assert all(link.startswith(SITE) for link in links)
        assert f"{SITE}{path}" in links


def test_ids_stay_when_the_report_goes_on(story: Story) -> None:
    before = {entry.id for text in written(story).values() for entry in _entries(text)}
    story.publish(3, "Third")
    after = {
        entry.id for text in written(story, "v3", {"v1", "v2", "v3"}).values()
        for entry in _entries(text)
    }  # fmt: skip
    assert before < after


def test_two_reports_share_no_id(story: Story, addressed: Story) -> None:
    ids = [{e.id for t in written(s).values() for e in _entries(t)} for s in (story, addressed)]
    assert ids[0]
    assert not ids[0] & ids[1]


def _entries(text: str) -> list[feedparser.FeedParserDict]:
    return list(feedparser.parse(text.encode()).entries)


def test_a_version_without_pages_is_not_in_the_feed_of_versions(story: Story) -> None:
    (entry,) = _entries(written(story, known={"v2"})["feeds/versions.xml"])
    assert entry.link.endswith("v2/")


def test_a_removed_clause_is_told_of_in_its_feed(story: Story, tmp_path: Path) -> None:
    from drafter.core.editing import repeal

    story.decide(4, "Remove it", repeal(story.report, "c-00000c"), accepted=True)
    story.publish(3, "Third")
    found = _entries(written(story, "v3", {"v3"})["c/c-00000c/feed.xml"])
    assert found[0].title == "Removed, Version 3, 10 January 2020"


def test_signs_that_xml_cannot_hold_do_not_break_a_feed(tmp_path: Path) -> None:
    told = {**FILES, "drafts/01-values.md": "Bell \x07 and bytes.\n{: #c-00000b }\n"}
    told.pop("drafts/assemblies/leeds-2018.md", None)
    story = Story(tmp_path / "bell.git", {**FILES, **told})
    story.publish(1, "First")
    edition = read_edition(story.repository, read_version(story.repository, "v1"))
    for _, text in feeds(edition, versions(story.repository), {"v1"}):
        assert not feedparser.parse(text.encode("utf-8", "replace")).bozo


def test_the_clock_is_in_no_feed(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    folder = tmp_path / "public"
    public.install(
        folder, build_version(story.repository, "v2", public.building_folder(folder, "v2"))
    )
    public.renew(folder, story.repository)
    for path in folder.rglob("*.xml"):
        assert today not in path.read_text("utf-8"), path
    shutil.rmtree(folder)

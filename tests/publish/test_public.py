"""The public folder: versions never change, and what names them is renewed around them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from drafter.core.editing import repeal
from drafter.core.errors import Corrupt, NotFound, Refused
from drafter.publish import public
from drafter.publish.build import build_version
from drafter.publish.clause_pages import missing_page
from drafter.publish.edition import read_edition, read_settings
from drafter.store.history import read_version
from tests.publish.pages import broken_links, parsed
from tests.publish.stories import Story


@pytest.fixture
def folder(story: Story, tmp_path: Path) -> Path:
    """A public folder with both versions."""
    folder = tmp_path / "public"
    for version in ("v1", "v2"):
        built = public.building_folder(folder, version)
        public.install(folder, build_version(story.repository, version, built))
    public.renew(folder, story.repository)
    return folder


def test_every_link_of_every_page_leads_somewhere(folder: Path) -> None:
    assert list(broken_links(folder, folder)) == []


def test_the_list_of_versions_has_the_latest_first(folder: Path) -> None:
    listed = json.loads((folder / "versions.json").read_text())
    assert listed == [
        {"version": "v2", "title": "Version 2, 10 January 2020", "aliases": ["latest"]},
        {"version": "v1", "title": "Version 1, 10 January 2020", "aliases": []},
    ]


def test_latest_leads_to_the_latest_version_by_a_relative_address(folder: Path) -> None:
    page = (folder / "latest" / "02-voting" / "index.html").read_text()
    assert 'content="0; url=../../v2/02-voting/"' in page
    assert (
        'url=../../v2/amendments/0001/"'
        in (folder / "amendments" / "0001" / "index.html").read_text()
    )


def test_a_clause_has_its_history_whatever_became_of_it(folder: Path) -> None:
    page = (folder / "c" / "c-000003" / "index.html").read_text()
    assert 'href="../../v2/02-voting/#c-000003"' in page
    assert 'href="../../v1/02-voting/#c-000003"' in page
    assert '<a href="../../v2/amendments/0001/">Amendment 1</a>, accepted 4 to 2' in page
    ids = {path.name for path in (folder / "c").iterdir()}
    assert {"c-000001", "c-00000a", "c-00000c"} <= ids


def test_a_clause_that_was_removed_says_so(story: Story, folder: Path) -> None:
    story.decide(4, "Remove it", repeal(story.report, "c-00000c"), accepted=True)
    story.publish(3, "Third")
    built = build_version(story.repository, "v3", public.building_folder(folder, "v3"))
    public.install(folder, built)
    public.renew(folder, story.repository)
    page = (folder / "c" / "c-00000c" / "index.html").read_text()
    assert "It is not in the report since version 3" in page
    assert list(broken_links(folder, folder)) == []


def test_installing_the_same_again_changes_nothing(story: Story, folder: Path) -> None:
    before = (folder / "v1" / "index.html").stat().st_ino
    built = build_version(story.repository, "v1", public.building_folder(folder, "v1"))
    assert public.install(folder, built) == folder / "v1"
    assert (folder / "v1" / "index.html").stat().st_ino == before
    assert not built.exists()


def test_a_published_version_is_never_replaced_by_other_content(story: Story, folder: Path) -> None:
    built = build_version(story.repository, "v1", public.building_folder(folder, "v1"))
    manifest = json.loads((built / "manifest.json").read_text())
    manifest["files"]["index.html"] = "0" * 64
    (built / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refused):
        public.install(folder, built)


def test_a_folder_without_a_manifest_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    with pytest.raises(NotFound):
        public.install(tmp_path / "public", tmp_path / "built")


def test_a_broken_manifest_is_not_taken_for_a_version_that_is_not_there(
    story: Story, folder: Path
) -> None:
    (folder / "v1" / "manifest.json").write_text("{}")
    with pytest.raises(Corrupt):
        public.renew(folder, story.repository)
    assert len(json.loads((folder / "versions.json").read_text())) == 2


def test_renewing_leaves_files_that_are_as_they_should_be(story: Story, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    before = {path: path.stat().st_ino for path in files}
    public.renew(folder, story.repository)
    assert {path: path.stat().st_ino for path in files} == before
    assert not [path for path in folder.rglob(".*") if path.is_file()]


def test_nothing_is_written_before_there_is_a_version(story: Story, tmp_path: Path) -> None:
    public.renew(tmp_path / "public", story.repository)
    assert not (tmp_path / "public").exists()


def test_no_page_asks_anybody_else(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        for tag, attributes in parsed(path).found:
            if tag in ("script", "img", "iframe") or attributes.get("rel") == "stylesheet":
                address = attributes.get("src") or attributes.get("href", "")
                assert not address.startswith(("http", "//")), (path, address)


def test_bytes_that_are_no_text_are_shown_by_a_sign_everywhere(
    story: Story, tmp_path: Path
) -> None:
    latin = b"Caf\xe9.\n{: #c-1at1n0 }\n"
    story.commit("import", {"drafts/03-latin.md": latin})
    story.publish(3, "Third draft")
    folder = tmp_path / "public"
    built = public.building_folder(folder, "v3")
    public.install(folder, build_version(story.repository, "v3", built))
    public.renew(folder, story.repository)
    for page in ("c/c-1at1n0/index.html", "v3/03-latin/index.html"):
        assert "Caf\N{REPLACEMENT CHARACTER}" in (folder / page).read_text(encoding="utf-8")


def test_a_lost_address_is_answered_from_wherever_the_site_stands(story: Story) -> None:
    edition = read_edition(story.repository, read_version(story.repository, "v2"))
    assert 'href="/assets/face/face.css"' in missing_page(edition)
    assert 'href="/v2/search/"' in missing_page(edition)
    settings = read_settings({"site_url": "https://e.org/report/"})
    moved = missing_page(dataclasses.replace(edition, settings=settings))
    assert 'href="/report/assets/face/face.css"' in moved

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.services import admitting, configuring, publishing
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from drafter.store.history import versions
from tests.services.reports import SIXTEEN, Ticking, admit, closed, make_instance, send


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Leave the pages out, which take long to build; collect the versions that were asked for."""
    asked: list[str] = []

    def skip(_instance: Instance, version: publishing.Version, _progress: object) -> None:
        asked.append(version.name)

    monkeypatch.setattr(publishing, "_build", skip)
    return asked


def test_a_version_is_a_commit_of_facts_and_a_tag(instance: Instance, unbuilt: list[str]) -> None:
    number = send(instance, SIXTEEN, "Words that stay in the app.").number
    admitting.show(instance, CLERK_ACTOR, number)
    admitting.answer(instance, CLERK_ACTOR, number, "We have read it.")
    version = publishing.publish(instance, CLERK_ACTOR, "First\n draft")
    assert (version.name, version.title, version.imported) == ("v1", "First draft", False)
    assert instance.repository.commit(version.commit).kind == "publication"
    answers = instance.repository.read_text(version.commit, "amendments/answers/v1.json")
    assert '"We have read it."' in answers
    facts = instance.repository.read_text(version.commit, "amendments/comments/v1.json")
    assert "stay in the app" not in facts
    assert unbuilt == ["v1"]
    assert verify(instance.repository, instance.database).findings == ()


def test_nothing_is_published_twice(instance: Instance, unbuilt: list[str]) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    with pytest.raises(Refused, match="Nothing has changed"):
        publishing.publish(instance, CLERK_ACTOR)
    assert [version.name for version in versions(instance.repository)] == ["v1"]
    number = send(instance, SIXTEEN, "New.").number
    admitting.show(instance, CLERK_ACTOR, number)
    assert publishing.publish(instance, CLERK_ACTOR).name == "v2"


def test_who_closed_a_vote_does_not_publish_it_unless_the_rules_allow(
    tmp_path: Path, source: Path, unbuilt: list[str]
) -> None:
    config = source / "mkdocs.yml"
    strict = config.read_text().replace(", clerk_may_publish_own: true", "")
    config.write_text(strict)
    instance = make_instance(tmp_path / "strict", source, clock=Ticking())
    assert publishing.publish(instance, CLERK_ACTOR).name == "v1"
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    with pytest.raises(Refused, match="somebody else publishes"):
        publishing.publish(instance, CLERK_ACTOR)
    assert publishing.publish(instance, OPERATOR).name == "v2"
    instance.close()


def test_a_publication_killed_before_its_tag_is_published_again(
    instance: Instance, unbuilt: list[str]
) -> None:
    class Killed(BaseException):
        pass

    def die(step: str) -> None:
        if step == "facts recorded":
            raise Killed

    quiet, instance.fault = instance.fault, die
    with pytest.raises(Killed):
        publishing.publish(instance, CLERK_ACTOR)
    instance.fault = quiet
    assert publishing.publish(instance, CLERK_ACTOR).name == "v1"
    assert verify(instance.repository, instance.database).findings == ()


def test_a_version_without_its_pages_is_built_later(instance: Instance, unbuilt: list[str]) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    assert publishing.build_missing(instance, OPERATOR) == ("v1",)
    with pytest.raises(NotFound):
        publishing.build_missing(instance, OPERATOR, ("v7",))


def test_the_pages_can_be_left_for_later(instance: Instance, unbuilt: list[str]) -> None:
    publishing.publish(instance, CLERK_ACTOR, pages=False)
    assert unbuilt == []
    assert publishing.build_missing(instance, OPERATOR) == ("v1",)
    assert unbuilt == ["v1"]


def test_the_operators_files_come_in_by_configuration_alone(
    instance: Instance, source: Path
) -> None:
    assert configuring.configure(instance, OPERATOR, source) is None
    (source / "site" / "overrides" / "main.html").rename(source / "site" / "overrides" / "x.html")
    (source / "drafts" / "values.md").write_text("# Other\n")
    commit = configuring.configure(instance, OPERATOR, source)
    assert commit == instance.tip
    paths = {entry.path for entry in instance.repository.list_tree(instance.tip)}
    assert "site/overrides/x.html" in paths
    assert "site/overrides/main.html" not in paths
    assert instance.report.locate("c-va1ves") is not None
    assert verify(instance.repository, instance.database).findings == ()


def test_a_record_of_an_assembly_is_added_and_corrected(instance: Instance, source: Path) -> None:
    text = (source / "drafts" / "assemblies" / "leeds-2018.md").read_bytes()
    bristol = text.replace(b"leeds-2018", b"bristol-2017").replace(b"1eeds", b"br1st0")
    files = {"here/bristol-2017.md": bristol, "leeds-2018.md": text}
    changed = configuring.record_assemblies(instance, CLERK_ACTOR, files)
    assert changed == ("drafts/assemblies/bristol-2017.md",)
    assert configuring.record_assemblies(instance, CLERK_ACTOR, files) == ()
    assert verify(instance.repository, instance.database).findings == ()


@pytest.mark.parametrize(
    ("settings", "template", "why"),
    [
        ("nav: [{A: 5}]", "", "nav"),
        ("site_url: 'http://'", "", "URL"),
        ("extra: {drafter: {numbering: wild}}", "", "no numbering style"),
        ("site_name: x", '{% extends "base.html" %}{% block a %}', "endblock"),
        ("site_name: x", "{{ ''.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_what_could_not_be_built_is_never_tagged(
    instance: Instance, tmp_path: Path, settings: str, template: str, why: str
) -> None:
    overrides = tmp_path / "settings" / "site" / "overrides"
    overrides.mkdir(parents=True)
    (tmp_path / "settings" / "mkdocs.yml").write_text(settings, encoding="utf-8")
    if template:
        (overrides / "main.html").write_text(template, encoding="utf-8")
    configuring.configure(instance, OPERATOR, tmp_path / "settings")
    with pytest.raises(Refused, match=f"Nothing is published: .*{why}"):
        publishing.publish(instance, OPERATOR)
    assert instance.repository.tags() == ()


@pytest.mark.parametrize("name", ["amendments.md", "values/index.md", "search/about.md"])
def test_chapters_without_a_page_of_their_own_are_never_tagged(
    tmp_path: Path, source: Path, name: str
) -> None:
    path = source / "drafts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("Words.\n", encoding="utf-8")
    instance = make_instance(tmp_path / "other", source, clock=Ticking())
    with pytest.raises(Refused, match="Nothing is published"):
        publishing.publish(instance, OPERATOR)
    assert instance.repository.tags() == ()
    instance.close()


def test_a_version_that_cannot_be_built_keeps_no_other_from_being_built(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def build(_instance: Instance, version: publishing.Version, _progress: object) -> None:
        asked.append(version.name)
        if version.name == "v1":
            raise BadInput("It cannot be built.")

    monkeypatch.setattr(publishing, "_build", build)
    for _ in range(2):
        with pytest.raises(BadInput, match="cannot be built"):
            publishing.publish(instance, CLERK_ACTOR)
        admitting.show(instance, CLERK_ACTOR, send(instance, SIXTEEN, "New.").number)
    assert asked == ["v1", "v1", "v2"]


def test_a_version_cut_off_before_its_pages_is_built_with_the_next(
    instance: Instance, unbuilt: list[str]
) -> None:
    publishing.publish(instance, CLERK_ACTOR)
    admitting.show(instance, CLERK_ACTOR, send(instance, SIXTEEN, "New.").number)
    unbuilt.clear()
    publishing.publish(instance, CLERK_ACTOR)
    assert unbuilt == ["v1", "v2"]


def test_of_two_publications_at_once_one_is_told_and_main_holds_one(
    instance: Instance, unbuilt: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = publishing._require_buildable

    def overtaken(*given: Any) -> None:
        monkeypatch.setattr(publishing, "_require_buildable", honest)
        publishing.publish(instance, CLERK_ACTOR, "The other")

    monkeypatch.setattr(publishing, "_require_buildable", overtaken)
    with pytest.raises(Conflict, match="v1 has been published meanwhile"):
        publishing.publish(instance, CLERK_ACTOR)
    assert [version.title for version in versions(instance.repository)] == ["The other"]
    assert versions(instance.repository)[0].commit == instance.tip
    assert verify(instance.repository, instance.database).findings == ()

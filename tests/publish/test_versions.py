"""What a version's pages say of it and of the versions before: never of a later one."""

from __future__ import annotations

import dataclasses

from drafter.core.clauses import Report
from drafter.publish.edition import Edition, Settings, read_edition
from drafter.publish.versions import LISTED, turning
from drafter.store.history import read_version
from tests.publish.stories import Story


def edition(story: Story, version: str) -> Edition:
    return read_edition(story.repository, read_version(story.repository, version))


def named(edition: Edition) -> list[str]:
    found = turning(edition)
    assert found is not None
    return [each["name"] for each in found["earlier"]]


def test_only_earlier_versions_are_named_the_last_first(story: Story) -> None:
    assert named(edition(story, "v1")) == []
    assert named(edition(story, "v2")) == ["v1"]


def test_a_version_that_may_have_no_pages_is_not_named(story: Story) -> None:
    second = edition(story, "v2")
    ((first, text),) = second.earlier
    imported = dataclasses.replace(first, imported=True)
    assert named(dataclasses.replace(second, earlier=((imported, text),))) == []


def test_of_many_versions_the_last_are_named(story: Story) -> None:
    second = edition(story, "v2")
    ((first, text),) = second.earlier
    many = tuple((dataclasses.replace(first, number=n, name=f"v{n}"), text) for n in range(1, 31))
    found = named(dataclasses.replace(second, earlier=many))
    assert found[0] == "v30"
    assert len(found) == LISTED


def test_a_working_draft_names_no_version() -> None:
    assert turning(Edition(settings=Settings(), report=Report(()))) is None

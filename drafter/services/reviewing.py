"""What the checks say of a draft that is about to be published: what would keep it back, and what
somebody should look at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.errors import Refused
from drafter.core.lint import lint
from drafter.publish.check_facts import provenance_faults
from drafter.publish.edition import read_edition
from drafter.services import publishing
from drafter.services.authority import Actor, authorize
from drafter.services.verifying import verify
from drafter.store import names
from drafter.store.history import Version, changed_paths, versions

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Review:
    """What the checks say, a sentence each."""

    hindrances: tuple[str, ...]
    """What would keep it from being published."""
    remarks: tuple[str, ...]
    """What departs from the dialect in chapters that have changed, and sources not there."""


def review(instance: Instance, actor: Actor) -> Review:
    """Check the present draft as publishing does, and look closer at what has changed."""
    authorize(actor, "publish")
    last = next(reversed(versions(instance.repository)), None)
    since = None if last is None else last.commit
    tip = instance.tip
    facts = publishing.facts_of(instance, 1 if last is None else last.number + 1)
    found = verify(instance.repository, instance.database, tip=tip, since=since, begun=True)
    hindrances = [f"{each.where}: {each.sentence}" for each in found.findings]
    try:
        publishing.require_publisher(instance, actor, since)
        publishing.require_change(instance, last, facts)
    except Refused as error:
        hindrances.append(error.sentence)
    return Review(tuple(hindrances), (*_linted(instance, tip, since), *_dangling(instance, tip)))


def _linted(instance: Instance, tip: str, since: str | None) -> tuple[str, ...]:
    """Name what departs from the dialect in the chapters that are new or changed."""
    changed = [
        change.path
        for change in changed_paths(instance.repository, since, tip)
        if names.is_chapter(change.path) and change.new is not None
    ]
    return tuple(
        str(found)
        for path in changed
        for found in lint(path, instance.repository.read_text(tip, path))
    )


def _dangling(instance: Instance, tip: str) -> tuple[str, ...]:
    """Name origins, comments and assemblies that something refers to and that are not there."""
    number = len(instance.repository.tags()) + 1
    name = names.version_tag(number)
    draft = Version(name, number, "", "", imported=False, commit=tip, time=instance.clock())
    edition = read_edition(instance.repository, draft)
    return tuple(str(fault) for fault in provenance_faults(edition))

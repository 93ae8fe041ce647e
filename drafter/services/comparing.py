"""The working draft beside the last version, as a page shows it; worked out once for each pair."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.publish.changes_draft import draft_html
from drafter.services.authority import Actor, authorize
from drafter.services.instance import Instance
from drafter.store.history import Version, versions


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """What has changed since a version."""

    since: Version
    html: str


def draft_changes(instance: Instance, *, actor: Actor) -> DraftChanges | None:
    """Tell what has changed in the working draft since its last version; None before the first."""
    authorize(actor, "read")
    repository, tip = instance.repository, instance.tip
    last = next(reversed(versions(repository)), None)
    if last is None:
        return None
    key = f"draft changes {last.commit} {tip}"
    html = repository.derived.get(key, lambda: draft_html(repository, tip, last))
    assert isinstance(html, str)
    return DraftChanges(last, html)

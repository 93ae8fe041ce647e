"""Replaying the story through the services, each act at its own moment."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from drafter.demo import citizens, panel
from drafter.demo.acts import Act, Stage, Verb
from drafter.demo.events import FIRST_DRAFT, Event, read_events
from drafter.demo.starter import starter
from drafter.services.instance import Instance
from drafter.services.progress import Progress, silent

VERBS: Mapping[str, Verb] = {
    "begin": panel.begin,
    "edit": panel.edit,
    "publish": panel.publish,
    "phase": panel.phase,
    "comment": citizens.comment,
    "taken_down": citizens.taken_down,
    "support": citizens.support,
    "follow": citizens.follow,
    "answer": panel.answer,
    "reasons": panel.reasons,
    "admit": panel.admit,
    "propose": panel.propose,
    "put": panel.put,
    "ballots": panel.ballots,
    "recuse": panel.recuse,
    "decide": panel.decide,
    "decide_together": panel.decide_together,
    "withdraw": panel.withdraw,
    "lapse": panel.lapse,
    "move": panel.move,
    "open_again": panel.open_again,
}
"""What can happen in a story."""


def replay(path: Path, base_url: str = "", progress: Progress | None = None) -> Instance:
    """Make an instance at `path` that has lived through the story; its pages are not built.

    Raises what a service refuses, or ValueError where it comes out otherwise than the story says:
    then the story no longer fits the services, and needs mending.
    """
    events, tell = read_events(), progress or silent
    stage = Stage(events[0].at)
    with _source() as source:
        stage.enter(Instance.create(path, source, clock=stage.clock, tokens=stage.token))
    stage.instance.base_url = base_url or stage.instance.base_url
    try:
        acts = _acts(stage, events)
        for done, act in enumerate(acts):
            tell(done, len(acts), f"{act.at.day} {act.at:%B %Y}: {act.name}")
            stage.go_on(act.at, act.name)
            act.run()
        tell(len(acts), len(acts), "The story is told")
    except BaseException:
        stage.instance.close()
        raise
    return stage.instance


def _acts(stage: Stage, events: tuple[Event, ...]) -> list[Act]:
    """Give all acts of all events in the order of time; those of one moment keep theirs."""
    acts = [act for event in events for act in VERBS[event.do](stage, event.at, event.facts)]
    return sorted(acts, key=lambda act: act.at)


@contextmanager
def _source() -> Iterator[Path]:
    """Lay out the first draft with the site's own sources, as a report is laid out."""
    with tempfile.TemporaryDirectory(prefix="drafter-") as folder:
        source = Path(folder)
        shutil.copy(starter() / "mkdocs.yml", source)
        shutil.copytree(starter() / "site", source / "site")
        shutil.copytree(FIRST_DRAFT, source / "drafts")
        yield source

"""A dry run: the next version built exactly as it would be published, and nothing recorded.

It is made in a repository of its own that reads the report's objects, so neither the report nor
its writer lock is touched. The latest one stays in `preview/` of the instance, where the app
shows it to the panel and the clerk; those before it are removed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.core.errors import Refused
from drafter.core.saying import say
from drafter.publish.build import build_version
from drafter.publish.check import check_files
from drafter.publish.check_pages import folder_files
from drafter.publish.edition import read_edition
from drafter.publish.public import installed, renew
from drafter.publish.release_notes import clean_notes
from drafter.services.authority import Actor, authorize
from drafter.services.progress import Progress, silent
from drafter.services.publishing import PREVIEWS, draft_of, facts_of, with_notes, write_version
from drafter.services.reviewing import Review, review
from drafter.store import names
from drafter.store.borrowing import borrow

if TYPE_CHECKING:
    from drafter.services.instance import Instance

_NOW = "now"
_FACTS = ".preview.json"


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: what would be published, and what the checks say."""

    version: str
    """`v4`: what it would be called."""
    tip: str
    """The working draft that it was made from."""
    time: str
    """When, as 2020-02-14T09:00:00+00:00."""
    pages: int
    faults: tuple[str, ...]
    """What is wrong with the pages, a sentence each."""
    hindrances: tuple[str, ...]
    """What would keep it from being published."""
    remarks: tuple[str, ...]
    """What else the checks say of the text."""

    @property
    def number(self) -> int:
        """The number that the version would have."""
        return int(self.version[1:])


def preview(
    instance: Instance,
    actor: Actor,
    title: str = "",
    notes: str | None = None,
    progress: Progress | None = None,
    *,
    into: Path | None = None,
) -> Preview:
    """Build the next version from the present draft as it would be published, and check it.

    With `into` the whole public folder is written there, to a folder that is not there yet;
    without, the dry run becomes the one that the panel and the clerk can look at. Raises Refused
    where `into` is there, BadInput where the site cannot be built.
    """
    authorize(actor, "publish")
    if into is not None and into.exists():
        raise Refused(say("{folder} is there already; name a new folder.", folder=into))
    notes = None if notes is None else clean_notes(notes)
    report = progress or silent
    report(0, 3, say("Checking what has changed since the last version"))
    found = review(instance, actor)
    making = _making(instance) if into is None else into
    with _one_at_a_time(instance):
        try:
            making.mkdir(parents=True)
            made = _build(instance, making, found, title, notes, progress, linked=into is None)
            if into is None:
                _show(instance, making, made)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    report(3, 3, say("It can be looked at"))
    return made


def _build(
    instance: Instance,
    folder: Path,
    found: Review,
    title: str,
    notes: str | None,
    progress: Progress | None,
    *,
    linked: bool,
) -> Preview:
    """Build the public folder as it would be, in `folder`."""
    with tempfile.TemporaryDirectory(prefix="drafter-") as borrowed:
        repository = borrow(instance.repository, Path(borrowed) / "report.git")
        tip, now = repository.resolve(names.MAIN), instance.clock()
        number = len(repository.tags()) + 1
        facts = facts_of(instance, number)
        if notes is None:
            notes = draft_of(repository, tip, number, facts, now)
        files = with_notes(facts, number, notes)
        with repository.writing() as writer:
            version = write_version(instance, writer, repository, number, title, files, now)
        edition = read_edition(repository, version)
        build_version(repository, version, folder / version.name, progress, edition)
        for earlier in installed(instance.public):
            _put_beside(instance.public / earlier.version, folder / earlier.version, linked=linked)
        renew(folder, repository, edition)
        checked = check_files(folder_files(folder), [edition], only=version.name)
    return Preview(
        version=version.name,
        tip=tip,
        time=now.isoformat(),
        pages=checked.pages,
        faults=tuple(str(fault) for fault in checked.faults),
        hindrances=found.hindrances,
        remarks=found.remarks,
    )


def _put_beside(there: Path, here: Path, *, linked: bool) -> None:
    """Let an earlier version stand beside the new one."""
    if linked:
        here.symlink_to(os.path.relpath(there, here.parent))
    else:
        shutil.copytree(there, here)


def find_preview(instance: Instance, actor: Actor) -> Preview | None:
    """Give the dry run that can be looked at; None where there is none.

    What has been published meanwhile is none any more.
    """
    authorize(actor, "preview")
    try:
        told = json.loads((preview_folder(instance) / _FACTS).read_bytes())
    except FileNotFoundError:
        return None
    lists = {key: tuple(told[key]) for key in ("faults", "hindrances", "remarks")}
    found = Preview(**{**told, **lists})
    return found if found.number > len(instance.repository.tags()) else None


def preview_folder(instance: Instance) -> Path:
    """Name the folder that holds the dry run's pages, laid out as the public one."""
    return instance.path / PREVIEWS / _NOW


def is_of_now(instance: Instance, found: Preview) -> bool:
    """Tell whether a dry run shows the draft as it is."""
    return found.tip == instance.tip


def made_at(found: Preview) -> datetime:
    """Give the time of a dry run."""
    return datetime.fromisoformat(found.time)


def _making(instance: Instance) -> Path:
    return instance.path / PREVIEWS / uuid.uuid4().hex


def _show(instance: Instance, folder: Path, made: Preview) -> None:
    """Put a dry run in the place of the one before, which is removed."""
    (folder / _FACTS).write_text(json.dumps(asdict(made)), encoding="utf-8")
    link = folder.with_name(f".{folder.name}")
    link.symlink_to(folder.name)
    link.replace(preview_folder(instance))
    for other in folder.parent.iterdir():
        if other.name not in (_NOW, folder.name) and other.is_dir() and not other.is_symlink():
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _one_at_a_time(instance: Instance) -> Iterator[None]:
    """Let one dry run be made at a time. It is no lock that a writer or a publication waits for."""
    handle = os.open(instance.path / "preview.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

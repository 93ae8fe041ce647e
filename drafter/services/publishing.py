"""Publishing a version: facts and tag under the lock, the site from the tag without it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.amendments import read_record
from drafter.core.diff import diff_reports
from drafter.core.errors import BadInput, Conflict, DrafterError, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.rules import is_final
from drafter.core.saying import say
from drafter.people import moderation
from drafter.people.amendments import amendments
from drafter.publish.build import build_version, rehearse
from drafter.publish.edition import Edition, facts_at, read_edition
from drafter.publish.facts import CommentFact, read_facts, write_facts
from drafter.publish.public import building_folder, clear_building, install, renew
from drafter.publish.release_notes import clean_notes, draft_notes
from drafter.services.authority import Actor, authorize
from drafter.services.mailing import tell_of_version, write_outbox
from drafter.services.noting import end_note, noted
from drafter.services.progress import Progress as Progress
from drafter.services.progress import silent
from drafter.services.standing import require_still
from drafter.services.verifying import verify
from drafter.store import names
from drafter.store.history import Version, changed_paths, read_version, tree_sha256, versions
from drafter.store.messages import clean_title, write_message, write_tag_message
from drafter.store.reports import read_report
from drafter.store.repository import Repository
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance

PREVIEWS = "preview"
"""Where dry runs lie in an instance (`services.previewing`); over once a version is published."""


def publish(
    instance: Instance,
    actor: Actor,
    title: str = "",
    progress: Progress | None = None,
    *,
    notes: str | None = None,
    pages: bool = True,
    milestone: bool = False,
) -> Version:
    """Publish the working draft as the next version, and build its pages.

    `notes`: the release notes, as Markdown; None for the draft of them, empty for none.
    Without `pages` they are left to `build_missing`, as where a whole history is made at once.
    With a `milestone` every later version is compared, however many there will be.
    Raises Refused where verification finds a fault, nothing has changed since the last version,
    or who closed a vote in it may not publish it; Conflict where another version came first.
    """
    authorize(actor, "publish")
    instance.require_key()
    notes = None if notes is None else clean_notes(notes)
    report = progress or silent
    last = next(reversed(versions(instance.repository)), None)
    since = None if last is None else last.commit
    report(0, 3, say("Checking what has changed since the last version"))
    checked = instance.tip
    _require_sound(instance, checked, since)
    _require_buildable(instance, checked, last)
    with instance.writing() as writer:
        report(1, 3, say("Recording the comments and the version"))
        require_still(instance, actor)
        _require_last(instance, last)
        if instance.tip != checked:
            _require_sound(instance, instance.tip, since)
            _require_buildable(instance, instance.tip, last)
        require_publisher(instance, actor, since)
        version = _tag(instance, writer, actor, title, last, notes=notes, milestone=milestone)
    if pages:
        report(2, 3, say("Building the pages of {version}", version=version.name))
        build_missing(instance, actor, (), progress)  # also those that were cut off before
    _tell(instance, version, since)
    shutil.rmtree(instance.path / PREVIEWS, ignore_errors=True)
    report(3, 3, say("{version} is published", version=version.name))
    return version


def _tell(instance: Instance, version: Version, since: str | None) -> None:
    """Tell by mail whoever follows the report, or a clause that this version changed."""
    touched: set[ClauseId] = set()
    if since is not None:
        old = read_report(instance.repository, since)
        for change in diff_reports(old, read_report(instance.repository, version.commit)).changes:
            sides = (*change.sides("old"), *change.sides("new"))
            touched |= {side.id for side in sides if side.id is not None}
    tell_of_version(instance, version, sorted(touched))
    write_outbox(instance)


def build_missing(
    instance: Instance,
    actor: Actor,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Build the versions that have a tag and no folder, or those named; return their names.

    Imported versions are built only when they are named. A folder that stands is not built again.
    Raises NotFound for a version that does not exist.
    """
    authorize(actor, "build")
    known = {version.name: version for version in versions(instance.repository)}
    for name in only:
        if name not in known:
            raise NotFound(say("There is no version {name} in this report.", name=name), name=name)
    wanted = [known[name] for name in known if (name in only if only else not known[name].imported)]
    with _only_builder(instance):
        missing = [each for each in wanted if not (instance.public / each.name).exists()]
        edition, failed = _build_each(instance, missing, progress)
        renew(instance.public, instance.repository, edition)
    if failed is not None:
        raise failed
    return tuple(version.name for version in missing)


def _require_sound(instance: Instance, tip: str, since: str | None) -> None:
    found = verify(instance.repository, instance.database, tip=tip, since=since, begun=True)
    if not found.sound:
        first = found.findings[0]
        raise Refused(
            say(
                "Nothing is published: {where}: {first} "
                "Faults found: {findings}; 'drafter verify' lists them.",
                where=first.where,
                first=first.sentence,
                findings=len(found.findings),
            ),
            findings=found.findings,
        )


def _require_last(instance: Instance, last: Version | None) -> None:
    """Refuse to publish what another publication has just published. Raises Conflict."""
    now = next(reversed(versions(instance.repository)), None)
    if now is not None and now != last:
        raise Conflict(
            say(
                "{name} has been published meanwhile. Look at it, then publish again.",
                name=now.name,
            )
        )


def _require_buildable(instance: Instance, tip: str, last: Version | None) -> None:
    """Refuse a text that could be tagged and then have no pages."""
    number = 1 if last is None else last.number + 1
    name, now = names.version_tag(number), instance.clock()
    draft = Version(name, number, name, "", imported=False, commit=tip, time=now)
    try:
        rehearse(instance.repository, draft)
    except BadInput as error:
        raise Refused(say("Nothing is published: {why}", why=error.sentence)) from error


def require_change(
    instance: Instance, last: Version | None, facts: Mapping[str, bytes | None]
) -> None:
    """Refuse to publish what is published already. Raises Refused."""
    if last is not None and instance.tip == last.commit and _same_facts(instance, last, facts):
        raise Refused(
            say("Nothing has changed since {name}, so there is nothing to publish.", name=last.name)
        )


def require_publisher(instance: Instance, publisher: Actor, since: str | None) -> None:
    """Refuse the publisher who closed a vote in this version, unless the rules allow it."""
    if instance.rules.clerk_may_publish_own:
        return
    repository, tip = instance.repository, instance.tip
    for change in changed_paths(repository, since, tip):
        if names.record_number(change.path) is None or change.new is None:
            continue
        decision = read_record(repository.read_text(tip, change.path), change.path).decision
        if decision is not None and decision.count and decision.closed_by == publisher.name:
            raise Refused(
                "You closed a vote that this version contains, so somebody else publishes it. "
                "With one clerk, 'clerk_may_publish_own' in the rules allows it.",
                path=change.path,
            )


def _tag(
    instance: Instance,
    writer: Writer,
    actor: Actor,
    title: str,
    last: Version | None,
    *,
    notes: str | None,
    milestone: bool,
) -> Version:
    now = instance.clock()
    number = 1 if last is None else last.number + 1
    facts = facts_of(instance, number)
    require_change(instance, last, facts)
    if notes is None:
        notes = draft_of(instance.repository, instance.tip, number, facts, now)
    files = with_notes(facts, number, notes)
    with noted(instance, actor.name, "publish", f"version {number}", names.version_tag(number)):
        version = write_version(
            instance, writer, instance.repository, number, title, files, now, milestone=milestone
        )
    end_note(instance)
    return version


def write_version(
    instance: Instance,
    writer: Writer,
    repository: Repository,
    number: int,
    title: str,
    files: dict[str, bytes | None],
    now: datetime,
    *,
    milestone: bool = False,
) -> Version:
    """Record a version: the commit with its files, then its tag.

    `repository` is the instance's, or one that reads its objects (`services.previewing`).
    """
    name = names.version_tag(number)
    message = write_message("publication", f"Version {number}", {"Version": name})
    tip = repository.resolve(names.MAIN)
    commit = writer.write_commit(files, tip, (tip,), message, now)
    writer.move_ref(names.MAIN, tip, commit)
    instance.fault("facts recorded")
    heading = clean_title(title) or f"The report on {now.day} {now:%B %Y}"
    tree = tree_sha256(repository, commit)
    said = write_tag_message(number, heading, tree, milestone=milestone)
    writer.create_tag(number, commit, said, now, instance.sign)
    return read_version(repository, name)


def draft_release_notes(instance: Instance, actor: Actor) -> str:
    """Draft the release notes of what would be published now."""
    authorize(actor, "publish")
    number = len(instance.repository.tags()) + 1
    facts = facts_of(instance, number)
    return draft_of(instance.repository, instance.tip, number, facts, instance.clock())


def draft_of(
    repository: Repository,
    tip: str,
    number: int,
    facts: Mapping[str, bytes | None],
    now: datetime,
) -> str:
    """Draft the release notes of a version that is not recorded yet."""
    draft = Version(names.version_tag(number), number, "", "", imported=False, commit=tip, time=now)
    path = names.comments_path(number)
    comments = read_facts((facts[path] or b"").decode(), path)
    edition = read_edition(repository, draft)
    before = facts_at(repository, edition.earlier[-1][0]) if edition.earlier else ()
    return draft_notes(edition, comments, before)


def with_notes(
    facts: Mapping[str, bytes | None], number: int, notes: str
) -> dict[str, bytes | None]:
    """Give the files of a version: its facts, and its notes where it has any."""
    own: dict[str, bytes | None] = {names.notes_path(number): notes.encode()} if notes else {}
    return {**facts, **own}


def facts_of(instance: Instance, number: int) -> dict[str, bytes | None]:
    """Give the files of the comments' facts and the panel's answers, as they are now."""
    with instance.database.reading() as session:
        known = moderation.comment_facts(session)
        given = moderation.answers(session)
        decided = {each.number for each in amendments(session) if is_final(each.state)}
    comments = [
        CommentFact(
            number=fact.number,
            clause=fact.clause_id,
            version=fact.version_seen,
            suggestion=fact.kind == "suggestion",
            answered=fact.answered_at is not None or bool(decided.intersection(fact.amendments)),
            amendment=fact.amendments[-1] if fact.amendments else None,
        )
        for fact in known
    ]
    answers = [
        {
            "number": answer.number,
            "answer": answer.answer,
            "date": answer.answered_at.date().isoformat(),
            "by": answer.answered_by,
        }
        for answer in given
    ]
    return {
        names.comments_path(number): write_facts(comments).encode("utf-8"),
        names.answers_path(number): _write_answers(answers).encode("utf-8"),
    }


def _write_answers(answers: list[dict[str, object]]) -> str:
    """Write the panel's public answers, by number, one a line: equal answers give equal bytes."""
    lines = ",\n".join(json.dumps(answer, ensure_ascii=True) for answer in answers)
    return f'{{"format": 1, "answers": [\n{lines}\n]}}\n'


def _same_facts(instance: Instance, last: Version, facts: Mapping[str, bytes | None]) -> bool:
    repository = instance.repository
    paths = (names.comments_path(last.number), names.answers_path(last.number))
    entries = [repository.find(last.commit, path) for path in paths]
    before = [None if entry is None else repository.read_blob(entry.blob_id) for entry in entries]
    return before == list(facts.values())


@contextmanager
def _only_builder(instance: Instance) -> Iterator[None]:
    """Let one process build at a time, and remove what one that was killed has left."""
    handle = os.open(instance.path / "building.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        clear_building(instance.public)
        yield
    finally:
        os.close(handle)


def _build_each(
    instance: Instance, missing: Collection[Version], progress: Progress | None
) -> tuple[Edition | None, DrafterError | None]:
    """Build what can be built; give the last of it, and why the first of the others cannot be."""
    edition: Edition | None = None
    failed: DrafterError | None = None
    for version in missing:
        try:
            edition = _build(instance, version, progress)
        except DrafterError as error:
            failed = failed or error
    return edition, failed


def _build(instance: Instance, version: Version, progress: Progress | None) -> Edition:
    """Build beside the published versions, then swap in; give what was built."""
    edition = read_edition(instance.repository, version)
    making = building_folder(instance.public, version.name)
    try:
        built = build_version(instance.repository, version, making, progress, edition)
        install(instance.public, built)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return edition

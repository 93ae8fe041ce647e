"""Importing a text that has a past: each version a commit and a tag, ids carried through."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.carrying import carry_ids
from drafter.core.clauses import Chapter, Report
from drafter.core.errors import BadInput, Refused
from drafter.core.reading import read_chapter
from drafter.publish.links import chapter_url, is_reserved
from drafter.services.authority import Actor, authorize
from drafter.services.identities import ids_ever
from drafter.services.limits import LARGEST_CHAPTER
from drafter.services.noting import end_note, noted
from drafter.services.own_numbers import leave_numbers_to
from drafter.services.progress import Progress
from drafter.services.proposals import chapter_changes
from drafter.store import names
from drafter.store.history import tree_sha256, versions
from drafter.store.messages import clean_title, write_message, write_tag_message
from drafter.store.objects import decode
from drafter.store.reports import read_amendment_records, read_report
from drafter.store.repository import Repository
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class ImportedText:
    """One version to import: its files as they were, by name."""

    files: Mapping[str, bytes]
    """Path or file name -> content; Markdown only."""
    title: str
    """Of the version, one line."""
    time: datetime | None = None
    """In UTC; None, or before 1970, which git cannot say: now."""


def import_versions(
    instance: Instance,
    actor: Actor,
    texts: Iterable[ImportedText],
    progress: Progress | None = None,
    *,
    total: int = 0,
) -> tuple[str, ...]:
    """Import texts, oldest first, each as a version; return the versions' names.

    Headings that bring their own numbers set the style of numbers `none`, before the first version
    that has them. Each version is exactly its text: chapters that it lacks are removed. `total` is
    how many texts there are, for the progress. Raises Refused after a decision, BadInput on a file
    too large.
    """
    authorize(actor, "import")
    instance.require_key()
    done: list[str] = []
    paths: dict[str, str] = {}
    with instance.writing() as writer:
        _require_no_decision(instance)
        row = _Row(
            taken=ids_ever(instance.repository, instance.tip),
            number=max((version.number for version in versions(instance.repository)), default=0),
        )
        for text in texts:
            paths = chapter_paths(text.files, paths)
            files = {paths[name]: content for name, content in text.files.items()}
            before, tag = f"{len(done)} versions" if done else "", names.version_tag(row.number + 1)
            about = f"{len(done) + 1} versions"
            with noted(instance, actor.name, "import", about, tag, otherwise=before):
                done.append(_import(instance, writer, text, files, row))
            if progress is not None:
                progress(len(done), max(total, len(done)), f"Imported {done[-1]}")
        end_note(instance)
    return tuple(done)


def import_chapters(
    instance: Instance, actor: Actor, files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Import Markdown files as chapters; return their paths. One that is there is replaced.

    Where most headings then bring their own numbers, the style of numbers becomes `none`.

    Raises Refused after a decision, BadInput on a file too large.
    """
    authorize(actor, "import")
    with instance.writing() as writer:
        _require_no_decision(instance)
        tip, now = instance.tip, instance.clock()
        before = read_report(instance.repository, tip)
        paths = chapter_paths(files)
        read = {paths[name]: content for name, content in files.items()}
        kept = [chapter for chapter in before.chapters if chapter.path not in read]
        given = Report((*kept, *_read(read).chapters))
        after = carry_ids(before, given, ids_ever(instance.repository, tip))
        changes = chapter_changes(before, after)
        if changes:
            leave_numbers_to(instance, writer, after, now)
            tip = instance.tip
            message = write_message("import", f"Import of {len(files)} chapters")
            commit = writer.write_commit(changes, tip, (tip,), message, now)
            with noted(instance, actor.name, "import", f"{len(files)} chapters", commit):
                writer.move_ref(names.MAIN, tip, commit)
            end_note(instance)
    return tuple(sorted(read))


def chapter_paths(files: Iterable[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Map foreign file names to paths that a report may hold, each with a page of its own.

    `known` is an earlier answer: its names keep their paths, so that a file stays one chapter.

    >>> chapter_paths(["Policies/2. Health.md", "A:b.md", "a-b.md"])
    {'Policies/2. Health.md': 'drafts/Policies/2. Health.md', 'A:b.md': 'drafts/A-b.md',
    'a-b.md': 'drafts/a-b-2.md'}
    """
    paths = dict(known or {})
    taken = {chapter_url(path).casefold() for path in paths.values()}
    for name in files:
        if name in paths:
            continue
        stem = "/".join(filter(None, map(_part, name.removesuffix(".md").split("/")))) or "text"
        if is_reserved(f"{names.CHAPTERS}/{stem}.md"):
            stem = f"imported-{stem}"
        path, count = f"{names.CHAPTERS}/{stem}.md", 1
        while chapter_url(path).casefold() in taken:
            count += 1
            path = f"{names.CHAPTERS}/{stem}-{count}.md"
        paths[name] = names.check_path(path)
        taken.add(chapter_url(path).casefold())
    return paths


_FORBIDDEN = re.compile(r'[\\:*?"<>|]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|git~.*)(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 150


def _part(name: str) -> str:
    """Make one part of a path of what stands in a foreign one; empty where nothing is left."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    part = _FORBIDDEN.sub("-", shown).strip(" .").lstrip("-")
    while len(part.encode("utf-8")) > _LONGEST_NAME:
        part = part[:-1].rstrip(" .")
    return f"text-{part}" if _DEVICE.fullmatch(part) else part


@dataclass(slots=True)
class _Row:
    """What one version of a row leaves to the next."""

    taken: set[str]
    """Every id that ever was."""
    number: int
    """The last version's."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The last version's, as they came, by path."""


def _import(
    instance: Instance,
    writer: Writer,
    text: ImportedText,
    files: Mapping[str, bytes],
    row: _Row,
) -> str:
    """Write one version, commit and tag."""
    repository, tip = instance.repository, instance.tip
    before = read_report(repository, tip)
    after = _carried(before, files, row)
    row.number += 1
    tag = names.version_tag(row.number)
    dated = text.time is not None and text.time.timestamp() >= 0
    now = text.time if text.time is not None and dated else instance.clock()
    message = write_message("import", f"Import of version {row.number}", {"Version": tag})
    changes = chapter_changes(before, after)
    leave_numbers_to(instance, writer, after, now)
    tip = instance.tip
    commit = writer.write_commit(changes, tip, (tip,), message, now)
    writer.move_ref(names.MAIN, tip, commit)
    _remember(repository, commit, [c for c in after.chapters if c.path in changes])
    hashed = tree_sha256(repository, commit)
    title = clean_title(text.title) or tag
    said = write_tag_message(row.number, title, hashed, imported=True)
    writer.create_tag(row.number, commit, said, now, instance.sign)
    return tag


def _remember(repository: Repository, commit: str, chapters: Iterable[Chapter]) -> None:
    """Keep chapters that have just been written, so that the next version need not parse them."""
    for chapter in chapters:
        entry = repository.find(commit, chapter.path)
        if entry is not None:
            repository.chapters.get(
                (chapter.path, entry.blob_id), functools.partial(_same, chapter)
            )


def _same(chapter: Chapter) -> Chapter:
    return chapter


def _carried(before: Report, files: Mapping[str, bytes], row: _Row) -> Report:
    """Read a version's files, with the ids of the version before.

    A file that came with the same bytes as last time is the same chapter; only the others are
    compared, so that the cost of a version follows the size of its change.
    """
    same = {path for path, content in files.items() if row.files.get(path) == content}
    kept = {chapter.path: chapter for chapter in before.chapters if chapter.path in same}
    old = Report(tuple(chapter for chapter in before.chapters if chapter.path not in kept))
    new = _read({path: content for path, content in files.items() if path not in kept})
    carried = carry_ids(old, new, row.taken)
    row.taken |= carried.ids
    row.files = files
    return Report((*kept.values(), *carried.chapters))


def _read(files: Mapping[str, bytes]) -> Report:
    for path, content in files.items():
        if len(content) > LARGEST_CHAPTER:
            most = LARGEST_CHAPTER // 1_000_000
            raise BadInput(f"{path} has more than {most} MB; divide it.", path=path)
    return Report(tuple(read_chapter(path, decode(files[path])) for path in sorted(files)))


def _require_no_decision(instance: Instance) -> None:
    if read_amendment_records(instance.repository, instance.tip):
        raise Refused(
            "The panel has decided on this report, so its text changes by votes and edits alone. "
            "Import into a new one."
        )

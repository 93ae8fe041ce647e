"""The operator's files (`mkdocs.yml`, `site/`) and the assemblies' records, taken into a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.core.assemblies import read_assembly
from drafter.core.errors import NotFound
from drafter.core.marking import add_ids
from drafter.core.reading import read_chapter
from drafter.core.saying import say
from drafter.services.authority import Actor, authorize
from drafter.services.noting import end_note, noted
from drafter.services.standing import require_still
from drafter.services.starting import check_configuration, read_folder
from drafter.store import names
from drafter.store.messages import Kind, write_message
from drafter.store.objects import decode, encode
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def configure(instance: Instance, actor: Actor, folder: Path) -> str | None:
    """Take `mkdocs.yml` and `site/` from a folder; return the commit, None where nothing changed.

    Files that the folder's `site/` lacks are removed. Raises BadInput on tags in `mkdocs.yml`,
    rules that cannot be read, or a bad path.
    """
    authorize(actor, "configure", str(folder))
    files = read_folder(Path(folder), ("site",))
    if names.SITE_CONFIGURATION not in files:
        raise NotFound(
            say("There is no mkdocs.yml in {folder}; a report needs one.", folder=folder)
        )
    check_configuration(files[names.SITE_CONFIGURATION])
    with instance.writing() as writer:
        old = instance.repository.list_tree(instance.tip, "site")
        gone: dict[str, bytes | None] = {e.path: None for e in old if e.path not in files}
        return _write(instance, writer, actor, "operator", "Configuration", gone | files)


def record_assemblies(
    instance: Instance, actor: Actor, files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Add or correct assembly records, by file name; return the paths that changed.

    Their clauses are given ids where they have none. Raises BadInput that names the file and the
    field.
    """
    authorize(actor, "record assemblies")
    records = dict(_record(name, content) for name, content in sorted(files.items()))
    with instance.writing() as writer:
        changes = _changed(instance, records)
        _write(instance, writer, actor, "assembly", "Assemblies recorded", records)
    return tuple(changes)


def _record(name: str, content: bytes) -> tuple[str, bytes]:
    path = names.assembly_path(Path(name).name.removesuffix(".md"))
    chapter = add_ids(read_chapter(path, decode(content)))
    read_assembly(path, chapter.text)
    return path, encode(chapter.text)


def _changed(instance: Instance, files: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Leave out what main holds already."""
    repository, tip = instance.repository, instance.tip
    changed: dict[str, bytes | None] = {}
    for path, content in files.items():
        entry = repository.find(tip, path)
        if entry is None or content is None or repository.read_blob(entry.blob_id) != content:
            changed[path] = content
    return changed


def _write(
    instance: Instance,
    writer: Writer,
    actor: Actor,
    kind: Kind,
    subject: str,
    files: Mapping[str, bytes | None],
) -> str | None:
    changes = _changed(instance, files)
    if not changes:
        return None
    require_still(instance, actor)
    tip, now = instance.tip, instance.clock()
    commit = writer.write_commit(changes, tip, (tip,), write_message(kind, subject), now)
    with noted(instance, actor.name, kind, "report", commit):
        writer.move_ref(names.MAIN, tip, commit)
    end_note(instance)
    return commit

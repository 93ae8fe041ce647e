"""`drafter import`: files as chapters, a row of files as versions, or a git history as versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.cli.keeping import read_files
from drafter.cli.progress import progress

if TYPE_CHECKING:
    from drafter.services.importing import ImportedText
    from drafter.store.import_source import Source

_ONE_CHAPTER = "text.md"


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("--versions", is_flag=True, help="Each FILE, or folder, is a version, oldest first.")
@click.option("--history", metavar="REPO", help="Take the first-parent line of this repository.")
@click.option("--path", "pattern", metavar="GLOB", help="The files of that history: 'Policies/**'.")
@click.option("--at", multiple=True, metavar="REV…", help="Only these commits of that history.")
@click.option("--every-change", is_flag=True, help="Each commit that changed one of the files.")
def import_command(
    path: Path,
    files: tuple[str, ...],
    versions: bool,
    history: str | None,
    pattern: str | None,
    at: tuple[str, ...],
    every_change: bool,
) -> int:
    """Take texts written elsewhere into a report. An instance that is not there is made.

    Files become chapters. With --versions each file, or each folder of files, becomes a version of
    the report; with --history the commits of a git repository do. From each version to the next
    the clauses keep their ids. Nothing can be imported once the panel has decided something.

    \b
    Examples:
      drafter import my-report values.md rights.md
      drafter import my-report --versions 2019.md 2020.md 2021.md
      drafter import my-report --history ../policies --path 'Policies/**' --every-change
      drafter import my-report --history ../policies --path '**' --at 1f0c2aa 9b17d04

    Exit codes: 0 done; 1 refused; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.importing import import_chapters, import_versions

    _check(files, versions=versions, history=history, pattern=pattern, at=at, every=every_change)
    chapters: dict[str, bytes] = {}
    if history is not None:
        texts, total = _from_history(history, pattern or "", (*at, *files), every_change)
    elif versions:
        texts, total = _from_row(files), len(files)
    else:
        chapters = read_files(files)
    _make_where_missing(path)
    with opened_instance(path) as instance, progress() as draw:
        before = instance.numbering
        if chapters:
            names = import_chapters(instance, OPERATOR, chapters)
        else:
            names = import_versions(instance, OPERATOR, texts, draw, total=total)
        numbering = instance.numbering
    for name in names:
        click.echo(name)
    if numbering != before:
        click.echo(
            "Its headings bring their own numbers, so none are computed ('numbering: none' in "
            "mkdocs.yml; 'drafter configure' sets another style).",
            err=True,
        )
    return DONE


def _check(
    files: tuple[str, ...],
    *,
    versions: bool,
    history: str | None,
    pattern: str | None,
    at: tuple[str, ...],
    every: bool,
) -> None:
    """Refuse arguments that do not belong together. Raises UsageError."""
    if history is None:
        if not files:
            raise click.UsageError("Name the files to import, or a repository with --history")
        if pattern or at or every:
            raise click.UsageError("--path, --at and --every-change go with --history")
    elif versions:
        raise click.UsageError("Take --versions or --history, not both")
    elif not pattern:
        raise click.UsageError("Say with --path which files of that history are the text")
    elif files and not at:
        raise click.UsageError("With --history no files are named; commits come after --at")
    elif at and every:
        raise click.UsageError("Take --at or --every-change, not both")


def _make_where_missing(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        return
    from drafter.services.instance import Instance

    Instance.create(path).close()
    click.echo(f"Made a report at {path}.", err=True)


def _from_row(files: tuple[str, ...]) -> Iterator[ImportedText]:
    """Read each version: a folder's files, or one file, whose chapter has one name throughout."""
    from drafter.services.importing import ImportedText

    names = {Path(name).name for name in files}
    chapter = names.pop() if len(names) == 1 else _ONE_CHAPTER
    texts = []
    for name in files:
        found = read_files((name,))
        if not Path(name).is_dir():
            found = {chapter: next(iter(found.values()))}
        texts.append(ImportedText(found, _title(Path(name).stem, name)))
    return iter(texts)


def _from_history(
    history: str, pattern: str, at: tuple[str, ...], every_change: bool
) -> tuple[Iterator[ImportedText], int]:
    from drafter.store.import_source import Source

    source = Source.open(Path(history), pattern)
    commits = source.commits(at, every_change=every_change)
    return _snapshots(source, commits), len(commits)


def _snapshots(source: Source, commits: tuple[str, ...]) -> Iterator[ImportedText]:
    from drafter.services.importing import ImportedText

    for commit in commits:
        found = source.snapshot(commit)
        yield ImportedText(found.files, _title(found.subject, commit[:10]), found.time)


def _title(words: str, instead: str) -> str:
    from drafter.store.messages import clean_title

    return clean_title(words) or clean_title(instead)

"""`drafter publish` and `drafter build`: versions, and their pages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.frame import DONE, EXPECTED
from drafter.cli.instances import opened_instance
from drafter.cli.progress import progress
from drafter.cli.sources import Opened, open_report
from drafter.core.errors import NotFound, Refused, Unreadable

if TYPE_CHECKING:
    from drafter.store.history import Version
    from drafter.store.repository import Repository


@click.command("publish")
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--title", metavar="T", default="", help="One line that names the version.")
@click.option(
    "--milestone",
    is_flag=True,
    help="Mark the version: every later one stays compared with it.",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The release notes, as Markdown; without it they are drafted from the decisions.",
)
@click.option("--dry-run", is_flag=True, help="Publish nothing; show what would be published.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With --dry-run: where the whole site goes, a folder that is not there yet.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="VERSION…",
    help="Publish nothing new; build the pages of these versions.",
)
@click.argument("more", nargs=-1, metavar="")
def publish_command(
    report: Path,
    title: str,
    milestone: bool,
    notes: Path | None,
    dry_run: bool,
    into: Path | None,
    only: tuple[str, ...],
    more: tuple[str, ...],
) -> int:
    """Publish the working draft of a report as its next version, and build its pages.

    REPORT is an instance. What has changed since the last version is verified first; then the
    version is tagged, its pages are built from the tag, and swapped in at once. A version's pages
    never change. With --only no version is made: those named are built, imported ones too.
    Above twenty earlier versions, a version is compared with the one before, the first, and those
    that were published with --milestone.

    With --dry-run nothing is recorded: the version is built as it would be, and checked; members
    of the panel and the clerk find it in the app, or with --into it is written to a folder.

    \b
    Examples:
      drafter publish my-report --title "Second draft"
      drafter publish my-report --title "The agreed text" --milestone
      drafter publish my-report --title "Second draft" --notes what-is-new.md
      drafter publish my-report --dry-run --into to-look-at
      drafter publish my-report --only v1 v2

    Exit codes: 0 done; 1 refused, or a dry run found something; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.publishing import build_missing, publish

    if more and not only:
        raise click.UsageError(f"Got an unexpected argument ({more[0]})")
    if milestone and only:
        raise click.UsageError("--milestone marks a new version; --only makes none")
    if into is not None and not dry_run:
        raise click.UsageError("--into says where a --dry-run goes")
    said_notes = None if notes is None else _notes(notes)
    if dry_run:
        return _dry_run(report, title, said_notes, into)
    with opened_instance(report) as instance, progress() as draw:
        if only:
            built = build_missing(instance, OPERATOR, (*only, *more), draw)
            said = f"Built {', '.join(built)}." if built else "All of these have their pages."
        else:
            version = publish(
                instance, OPERATOR, title, draw, notes=said_notes, milestone=milestone
            )
            said = f"Published {version.name}: {version.title}"
        public = instance.public
    click.echo(said)
    click.echo(f"Its pages are in {public}")
    return DONE


def _notes(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} could not be read as text: {error}.") from error


def _dry_run(report: Path, title: str, notes: str | None, into: Path | None) -> int:
    """Build the next version as it would be; print what the checks found."""
    from drafter.services.authority import OPERATOR
    from drafter.services.previewing import preview, preview_folder

    with opened_instance(report) as instance, progress() as draw:
        made = preview(instance, OPERATOR, title, notes, draw, into=into)
        folder = into or preview_folder(instance)
    for sentence in (*made.hindrances, *made.remarks, *made.faults):
        click.echo(sentence)
    click.echo(f"Not published. {made.version} would be {made.pages:,} pages, in {folder}")
    return EXPECTED if made.hindrances or made.faults else DONE


@click.command("build")
@click.argument("report", metavar="REPORT[@VERSION]")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the pages go: a folder that is not there, or empty.",
)
@click.option("--check", is_flag=True, help="Check the pages too, as 'drafter check' does.")
def build_command(report: str, folder: Path, check: bool) -> int:
    """Build the site of one version from git alone, into FOLDER; the report is only read.

    Anybody with a clone can do it, and gets the same bytes. Without a version: the newest one.

    \b
    Examples:
      drafter build my-report@v2 -o site-of-v2
      drafter build a-clone -o newest

    Exit codes: 0 done; 1 FOLDER is not empty, or --check found faults; 2 an error.
    """
    from drafter.publish.build import build_version

    version = _version(open_report(report), report)
    _require_empty(folder)
    making = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}.new")
    try:
        with progress() as draw:
            build_version(version[0], version[1], making, draw)
        if folder.exists():
            folder.rmdir()
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    click.echo(f"Built {version[1].name} in {folder}")
    return _check(folder, version[0]) if check else DONE


@click.command("check")
@click.argument("site", metavar="SITE", type=click.Path(path_type=Path))
@click.option(
    "--report",
    metavar="REPORT",
    help="The report that it was built from: an instance or a clone.",
)
def check_command(site: Path, report: str | None) -> int:
    """Check a built site: links, places, sums, sources, decisions.

    SITE is a public folder, the folder of one version, or an instance. Whatever a page names must
    be there: pages and places on them, amendments, assemblies and comments; each clause says
    where it came from, and has a page of its history; files are what the manifest says; nothing
    is asked of another host. With --report, and for an instance, each clause that git has must
    stand where its address says.

    \b
    Examples:
      drafter check my-report
      drafter check copy-of-the-site --report a-clone

    Exit codes: 0 nothing found; 1 faults, one a line; 2 an error.
    """
    from drafter.services.instance import REPORT

    folder, source = site, report
    if report is None and (site / REPORT).is_dir():
        folder, source = site / "public", str(site)
    if not folder.is_dir():
        raise NotFound(f"There is no built site at {folder}. Build one: drafter publish")
    return _check(folder, open_report(source).repository if source else None)


def _check(folder: Path, repository: Repository | None) -> int:
    from drafter.publish.check import check_folder
    from drafter.publish.check_pages import folder_files
    from drafter.publish.edition import read_edition
    from drafter.store.history import read_version

    files = folder_files(folder)
    editions = [
        read_edition(repository, read_version(repository, name))
        for name in (files.versions() if repository else ())
        if repository is not None
    ]
    with progress() as draw:
        found = check_folder(folder, editions, draw)
    for fault in found.faults:
        click.echo(str(fault))
    said = f"{found.pages:,} pages and {found.links:,} addresses looked at: "
    click.echo(said + (f"{len(found.faults):,} faults." if found.faults else "nothing found."))
    return EXPECTED if found.faults else DONE


def _version(opened: Opened, argument: str) -> tuple[Repository, Version]:
    """Find the version named, or the newest. Raises NotFound where it was never published."""
    from drafter.store.history import versions

    known = {version.name: version for version in versions(opened.repository)}
    if not known:
        raise NotFound(f"{argument} has no published version yet. Publish one: drafter publish")
    name = opened.version or list(known)[-1]
    if name not in known:
        raise NotFound(f"{name} is no published version of this report. It has {', '.join(known)}.")
    return opened.repository, known[name]


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Choose another folder; nothing was written.")

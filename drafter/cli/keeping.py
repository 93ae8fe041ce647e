"""`drafter init`, `configure` and `assemblies`: making a report, and the operator's files."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.files import markdown_files
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.core.errors import BadInput, NotFound, Unreadable


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Begin with the mkdocs.yml, drafts/ and site/ of this folder.",
)
@click.option(
    "--database",
    metavar="URL",
    help="Keep comments and votes in this PostgreSQL database, not in a file of the folder.",
)
def init_command(path: Path, source: Path | None, database: str | None) -> int:
    """Make a report: a folder with its repository, its database and its published pages.

    With --from the report begins with the text, the settings and the site of a folder laid out as
    a report is; clauses without an id are given one. Without it the report is empty.

    The database is a file in the folder, or with --database one in PostgreSQL that no other
    report uses. Its address is written to settings.toml, which its owner alone can read.

    \b
    Examples:
      drafter init my-report
      drafter init my-report --from my-texts
      drafter init my-report --database postgresql+psycopg://drafter@db.example.org/report

    Exit codes: 0 done; 1 a report stands there already; 2 an error.
    """
    from drafter.services.instance import Instance

    if source is not None and not source.is_dir():
        raise NotFound(f"There is no folder {source}. Name one that holds drafts/.")
    Instance.create(path, source, database=database).close()
    click.echo(f"Made a report at {path}.")
    if source is None:
        click.echo(f"Give it a text: drafter import {path} FILE…")
    click.echo(f"Give it a panel: drafter seats {path} --add 7")
    click.echo(f"Open its pages: drafter serve {path}")
    return DONE


@click.command("configure")
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
def configure_command(report: Path, folder: Path) -> int:
    """Take mkdocs.yml and site/ from FOLDER into a report, as one recorded commit.

    REPORT is an instance. The rules of the process are in mkdocs.yml; a motion that is put already
    is counted by the rules in force when it was put. Tags that run code are refused.

    \b
    Example:
      drafter configure my-report my-settings

    Exit codes: 0 done, also where nothing changed; 1 refused; 2 an error.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.configuring import configure

    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}. Name one that holds mkdocs.yml.")
    with opened_instance(report) as instance:
        commit = configure(instance, OPERATOR, folder)
    click.echo(f"Taken over, in {commit[:10]}." if commit else "Nothing has changed.")
    return DONE


@click.command("assemblies")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
def assemblies_command(path: Path, files: tuple[str, ...]) -> int:
    """Add records of assemblies to a report, or correct those it has.

    A record is a Markdown file named by the assembly's id (leeds-2018.md) with front matter and
    the numbered proposals. A folder stands for the Markdown files in it. Why the report does not
    take a proposal up goes into the same record, under not_taken_up.

    \b
    Examples:
      drafter assemblies my-report leeds-2018.md cardiff-2017.md
      drafter assemblies my-report records

    Exit codes: 0 done; 1 refused; 2 an error that names file and field, and nothing is written.
    """
    from drafter.services.authority import OPERATOR
    from drafter.services.configuring import record_assemblies

    with opened_instance(path) as instance:
        changed = record_assemblies(instance, OPERATOR, read_files(files))
    for name in changed:
        click.echo(name)
    if not changed:
        click.echo("Nothing has changed.")
    return DONE


def read_files(arguments: tuple[str, ...]) -> dict[str, bytes]:
    """Read the files named by their names, and those of folders by their paths in them.

    Raises NotFound, Unreadable, BadInput where two have one name.
    """
    found: dict[str, bytes] = {}
    for argument in arguments:
        for path in markdown_files([argument]):
            base = Path(argument) if Path(argument).is_dir() else path.parent
            name = path.relative_to(base).as_posix()
            if name in found:
                raise BadInput(f"Two files are named {name}. Rename one, or name their folder.")
            found[name] = _read(path)
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}. Check the path.") from None
    except OSError as error:
        raise Unreadable(f"{path} could not be read: {error.strerror}.") from error

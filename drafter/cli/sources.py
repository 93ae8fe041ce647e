"""What REPORT, REPORT@VERSION, a folder or a file on the command line stands for.

An instance holds its repository in `report.git`; a bare repository is one; a checkout is read
from its files without a version, and from its git with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.cli.files import decode, markdown_files, read_text
from drafter.core.clauses import Chapter, Place, Report
from drafter.core.errors import BadInput, DrafterError, NotFound, Unreadable
from drafter.core.ids import ClauseId, is_clause_id
from drafter.core.numbering import Numbers, number_report
from drafter.core.reading import read_chapter

if TYPE_CHECKING:
    from drafter.store.repository import Repository

USUAL_STYLE = "clauses"
CONFIGURATION = "mkdocs.yml"


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was named: what it says, and how its clauses are numbered."""

    name: str
    """As typed."""
    report: Report
    style: str
    """A style of `drafter.core.numbering`."""
    commit: str | None
    """Where it was read from git."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A report's repository, opened, and the commit that the name stands for."""

    path: Path
    """The folder named: the instance, the bare repository or the checkout."""
    repository: Repository
    commit: str
    version: str | None
    """As typed behind the `@`."""
    is_instance: bool


def split_version(argument: str) -> tuple[Path, str | None]:
    """Split REPORT@VERSION; a path that exists as it stands has no version.

    >>> split_version("no-such-folder@v2")
    (PosixPath('no-such-folder'), 'v2')
    """
    path, at, version = argument.rpartition("@")
    if not at or Path(argument).exists():
        return Path(argument), None
    if not version:
        raise BadInput(f"{argument} names no version behind the @; write for instance {path}@v2.")
    return Path(path), version


def read_source(argument: str, called: str | None = None) -> Source:
    """Read what `argument` names: a file, a folder, or REPORT[@VERSION].

    `called` is the path that a file's chapter gets instead of its own. Raises NotFound, BadInput,
    Unreadable.
    """
    path, version = split_version(argument)
    if version is None and not path.is_dir():
        chapter = read_chapter(called or argument, read_text(path))
        return Source(argument, Report((chapter,)), USUAL_STYLE, None)
    if version is None and not _is_bare(path) and not _is_instance(path):
        return _read_folder(argument, path)
    opened = open_report(argument)
    from drafter.store.reports import read_report

    report = read_report(opened.repository, opened.commit)
    return Source(argument, report, style_at(opened), opened.commit)


def open_report(argument: str) -> Opened:
    """Open the repository of REPORT[@VERSION]; without a version main, of a checkout its HEAD.

    Raises NotFound, BadInput, Unreadable.
    """
    path, version = split_version(argument)
    if not path.is_dir():
        raise NotFound(f"There is no report at {path}. Name an instance, or a git repository.")
    from drafter.store.repository import Repository

    is_instance = _is_instance(path)
    repository = Repository.open(path / "report.git" if is_instance else path)
    usual = "main" if repository.writable else "HEAD"
    commit = _resolve(repository, version or usual, path)
    return Opened(path, repository, commit, version, is_instance)


def find_clause(opened: Opened, clause: str) -> ClauseId:
    """Give the id that `clause` means: itself an id, or a number as readers see it.

    Raises NotFound where no clause has the number.
    """
    if is_clause_id(clause):
        return ClauseId(clause)
    from drafter.store.reports import read_report

    report = read_report(opened.repository, opened.commit)
    place = place_of_number(report, number_report(report, style_at(opened)), clause)
    if place is None or place.clause.id is None:
        raise NotFound(f"No clause has the number {clause[:40]}; name one by its id (c-7k3m9q).")
    return place.clause.id


def place_of_number(report: Report, numbers: Numbers, number: str) -> Place | None:
    """Find the clause that readers see under a number; None where there is none."""
    return next(
        (at for at in report.places() if numbers.get((at.chapter.path, at.index)) == number), None
    )


def style_at(opened: Opened) -> str:
    """Read from `mkdocs.yml` at that commit how clauses are numbered."""
    entry = opened.repository.find(opened.commit, CONFIGURATION)
    return USUAL_STYLE if entry is None else _style(opened.repository.read_entry(entry))


def _resolve(repository: Repository, version: str, path: Path) -> str:
    try:
        return repository.resolve(version)
    except (NotFound, BadInput) as error:
        raise _with_versions(error, repository, version, path) from error


def _with_versions(
    error: DrafterError, repository: Repository, version: str, path: Path
) -> DrafterError:
    known = ", ".join(repository.tags())
    if version in ("main", "HEAD"):
        return NotFound(f"The report at {path} has no text yet. Import one, or begin it.")
    has = f"It has the versions {known}, and main" if known else "It has main, and no version yet"
    return type(error)(f"There is no {version[:80]} in {path}. {has}.")


def _is_instance(path: Path) -> bool:
    return (path / "report.git").is_dir()


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _read_folder(argument: str, path: Path) -> Source:
    """Read a folder's files: the chapters under `drafts/` where it has one, else all Markdown."""
    if not (path / "drafts").is_dir():
        chapters = (_read_file(path, file) for file in markdown_files([str(path)]))
        return Source(argument, Report(tuple(chapters)), USUAL_STYLE, None)
    from drafter.store.names import is_chapter
    from drafter.store.reports import reading_order

    configuration = path / CONFIGURATION
    text = read_text(configuration) if configuration.is_file() else ""
    found = [file.relative_to(path).as_posix() for file in markdown_files([str(path / "drafts")])]
    order = reading_order(text, tuple(name for name in found if is_chapter(name)))
    report = Report(tuple(_read_file(path, path / name) for name in order))
    return Source(argument, report, _style(text), None)


def _read_file(folder: Path, file: Path) -> Chapter:
    return read_chapter(file.relative_to(folder).as_posix(), decode(file.read_bytes()))


def _style(configuration: str) -> str:
    import yaml

    try:
        loaded = yaml.safe_load(configuration)
    except yaml.YAMLError as error:
        raise Unreadable(f"{CONFIGURATION} could not be read: {error}") from error
    for key in ("extra", "drafter", "numbering"):
        loaded = loaded.get(key) if isinstance(loaded, dict) else None
    return USUAL_STYLE if loaded is None else str(loaded)

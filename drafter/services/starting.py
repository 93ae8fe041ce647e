"""The files of a report's first commit: from a folder laid out like a report, or the least ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from drafter.core.clauses import Report
from drafter.core.errors import BadInput, NotFound, Unreadable
from drafter.core.frontmatter import load_yaml
from drafter.core.marking import add_ids_to_report
from drafter.core.reading import read_chapter
from drafter.core.rules import read_rules
from drafter.core.saying import say
from drafter.services.limits import LARGEST_CHAPTER
from drafter.store import names
from drafter.store.objects import decode, encode

LEAST_CONFIGURATION = """\
# The public site, and the rules of the process.
site_name: A report
docs_dir: drafts
site_dir: build/site

theme:
  name: material
  font: false

plugins:
  - drafter

markdown_extensions:
  - drafter.publish.markdown_extension

extra:
  drafter:
    numbering: sections
    rules:
      quorum: 1/2
      quorum_floor: 3
      majority: simple
      clerk_may_publish_own: true
"""

_FOLDERS = ("drafts", "site")


def first_files(source: Path | None, salt: str) -> dict[str, bytes]:
    """Return path -> content of a first commit, with an id for each clause that has none.

    Raises NotFound, Unreadable, and BadInput on a path, configuration or rules of a wrong form.
    """
    if source is None:
        return {names.SITE_CONFIGURATION: LEAST_CONFIGURATION.encode()}
    files = read_folder(Path(source))
    if names.SITE_CONFIGURATION not in files:
        raise NotFound(
            say("There is no mkdocs.yml in {source}; a report needs one.", source=source)
        )
    check_configuration(files[names.SITE_CONFIGURATION])
    return files | with_ids(files, salt)


def read_folder(source: Path, folders: tuple[str, ...] = _FOLDERS) -> dict[str, bytes]:
    """Read `mkdocs.yml` and everything under `folders`, but for hidden files."""
    paths = [source / names.SITE_CONFIGURATION, *_walk(source, folders)]
    return {path.relative_to(source).as_posix(): _read(path) for path in paths if path.is_file()}


def check_configuration(content: bytes) -> None:
    """Refuse a `mkdocs.yml` that the safe loader does not read, or whose rules make no sense."""
    loaded = load_yaml(decode(content), names.SITE_CONFIGURATION)
    if not isinstance(loaded, dict):
        raise BadInput("mkdocs.yml must be a mapping of settings.", path="mkdocs.yml")
    read_rules(loaded)


def with_ids(files: dict[str, bytes], salt: str) -> dict[str, bytes]:
    """Return the chapters among `files`, each clause with an id."""
    paths = sorted(path for path in files if names.is_chapter(path))
    report = Report(tuple(read_chapter(path, decode(files[path])) for path in paths))
    marked = add_ids_to_report(report, salt=salt)
    return {chapter.path: encode(chapter.text) for chapter in marked.chapters}


def _walk(source: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((source / folder).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
            if path.is_file() and not path.is_symlink() and not hidden:
                names.check_path(path.relative_to(source).as_posix())
                yield path


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            say("{path} could not be read: {why}.", path=path, why=error.strerror)
        ) from error
    if path.suffix == ".md" and len(content) > LARGEST_CHAPTER:
        raise BadInput(
            say(
                "{path} has more than {size} MB; divide it.",
                path=path,
                size=LARGEST_CHAPTER // 1_000_000,
            )
        )
    return content

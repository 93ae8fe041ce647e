"""The site of a version, from git alone.

Nothing of the version is run: its `mkdocs.yml` is read as plain values, of which a few are kept;
theme, plugins and extensions are named here; its templates are filled in a sandbox.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from drafter.core.clauses import Report
from drafter.core.errors import BadInput, Refused
from drafter.core.frontmatter import load_yaml
from drafter.core.numbering import number_report
from drafter.publish.edition import Edition, read_edition, site_url
from drafter.publish.links import require_addresses
from drafter.publish.manifest import write_manifest
from drafter.publish.markdown_extension import NAME as EXTENSION
from drafter.store import names
from drafter.store.history import Version, read_version
from drafter.store.repository import Repository

Progress = Callable[[int, int, str], None]
"""Called with pages done, pages in all, and a sentence."""

_SITE = "site"
_OVERRIDES = "site/overrides"


def build_version(
    repository: Repository,
    version: Version | str,
    destination: Path,
    progress: Progress | None = None,
    edition: Edition | None = None,
) -> Path:
    """Build the site of a published version into `destination`, a folder that is not there yet.

    The same tag gives the same bytes. `edition` is what was read of it, where somebody has.
    Raises Refused where the folder is there, NotFound where the version is not, BadInput where a
    record or `mkdocs.yml` cannot be used.
    """
    destination = destination.absolute()
    if destination.exists():
        raise Refused(f"{destination} is there already; name a new folder.")
    found = read_version(repository, version) if isinstance(version, str) else version
    edition = edition or read_edition(repository, found)
    try:
        _make(repository, found, edition, destination, progress)
        write_manifest(destination, found)
    except BaseException:
        shutil.rmtree(destination, ignore_errors=True)
        raise
    return destination


def rehearse(repository: Repository, version: Version) -> None:
    """Build a site of one chapter with a version's settings and templates, and throw it away.

    A version that is tagged stays for good, so whether it can be built is asked before; `version`
    has no tag yet. Raises BadInput where it cannot.
    """
    edition = read_edition(repository, version)
    require_addresses(chapter.path for chapter in edition.report.chapters)
    number_report(edition.report, edition.settings.numbering)
    first = Report(edition.report.chapters[:1])
    small = Edition(settings=edition.settings, report=first, version=version)
    with tempfile.TemporaryDirectory(prefix="drafter-") as folder:
        _make(repository, version, small, Path(folder) / "built", None)


def _make(
    repository: Repository,
    version: Version,
    edition: Edition,
    destination: Path,
    progress: Progress | None,
) -> None:
    with tempfile.TemporaryDirectory(prefix="drafter-") as folder:
        source = Path(folder)
        _export(repository, version.commit, source, edition)
        _run(_configuration(repository, version, source, destination), source, edition, progress)


def _export(repository: Repository, commit: str, folder: Path, edition: Edition) -> None:
    """Write an edition's chapters and records, and the site's own files, below `folder`."""
    records = (names.assembly_path(name) for name in edition.assemblies)
    wanted = {*(chapter.path for chapter in edition.report.chapters), *records}
    for top in (names.CHAPTERS, _SITE):
        (folder / top).mkdir()
        for entry in repository.list_tree(commit, top):
            names.check_path(entry.path)
            if entry.regular and (top == _SITE or entry.path in wanted):
                path = folder / entry.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(repository.read_blob(entry.blob_id))


def _configuration(
    repository: Repository, version: Version, source: Path, destination: Path
) -> dict[str, Any]:
    """Make MkDocs' configuration: ours, with the few values of the version's that are only words.

    Hooks, plugins, extensions, themes and folders that its `mkdocs.yml` names are not taken.
    """
    entry = repository.find(version.commit, names.SITE_CONFIGURATION)
    loaded = load_yaml(repository.read_entry(entry), names.SITE_CONFIGURATION) if entry else {}
    given: Mapping[str, Any] = loaded if isinstance(loaded, Mapping) else {}
    theme: dict[str, Any] = {"name": "material", "font": False, "language": _language(given)}
    if (source / _OVERRIDES).is_dir():
        theme["custom_dir"] = str(source / _OVERRIDES)
    return {
        "site_name": str(given.get("site_name") or "Report"),
        "site_description": str(given.get("site_description") or ""),
        "copyright": str(given.get("copyright") or ""),
        "docs_dir": str(source / names.CHAPTERS),
        "site_dir": str(destination),
        "use_directory_urls": True,
        "theme": theme,
        "extra_css": _styles(given, source),
        "nav": given.get("nav"),
        "plugins": [{"drafter": {}}],
        "markdown_extensions": [EXTENSION],
        "validation": {"omitted_files": "ignore", "absolute_links": "relative_to_docs"},
        "extra": {"drafter": {}},
        **_address(given, version),
    }


def _language(given: Mapping[str, Any]) -> str:
    theme = given.get("theme")
    language = theme.get("language") if isinstance(theme, Mapping) else None
    return language if isinstance(language, str) and language.isalpha() else "en"


def _styles(given: Mapping[str, Any], source: Path) -> list[str]:
    """Keep the stylesheets that lie in the version itself: no page asks a third party."""
    styles = given.get("extra_css")
    named = [name for name in styles if isinstance(name, str)] if isinstance(styles, list) else []
    top = source / _OVERRIDES
    return [n for n in named if ".." not in n.split("/") and n[:1] != "/" and (top / n).is_file()]


def _address(given: Mapping[str, Any], version: Version) -> dict[str, str]:
    """Give the address that pages name as their own, where the site's is known."""
    address = site_url(given)
    return {"site_url": f"{address}{version.name}/"} if address else {}


def _run(
    settings: Mapping[str, Any], source: Path, edition: Edition, progress: Progress | None
) -> None:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # read when Material is imported
    from mkdocs.commands.build import build
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.exceptions import Abort, BuildError, ConfigurationError

    from drafter.publish.plugin import DrafterPlugin

    config = MkDocsConfig(config_file_path=str(source / names.SITE_CONFIGURATION))
    config.load_dict(dict(settings))
    with _quiet():
        errors, _ = config.validate()
        if errors:
            sentence = "; ".join(f"{key}: {error}" for key, error in errors)
            raise BadInput(f"mkdocs.yml cannot be used: {sentence}.")
        plugin = config.plugins["drafter"]
        assert isinstance(plugin, DrafterPlugin)
        plugin.edition, plugin.progress = edition, progress
        try:
            build(config)
        except (Abort, BuildError, ConfigurationError, TemplateError) as error:
            raise BadInput(f"The site could not be built: {str(error).rstrip('.')}.") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MkDocs' warnings out of standard error where nobody has asked for a log."""
    handler = logging.NullHandler()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)

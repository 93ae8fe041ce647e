"""What one site shows: a version, or the working draft, with all that stands behind its text.

Reads a checkout's files, or a version's tree and the versions before it. Does not know HTML.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from drafter.core.amendments import Amendment, read_record
from drafter.core.assemblies import (
    Assembly,
    Proposal,
    is_record_path,
    read_assembly,
    resolve_origin,
)
from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Place, Report
from drafter.core.errors import BadInput, Unreadable
from drafter.core.frontmatter import load_yaml, read_chapter_settings
from drafter.core.numbering import number_report
from drafter.core.provenance import ClauseHistory, Snapshot, histories
from drafter.core.reading import read_chapter
from drafter.core.wording import tokens_of
from drafter.publish.facts import CommentFact, read_facts
from drafter.store import names
from drafter.store.history import Version, versions, walk_changes
from drafter.store.objects import Commit
from drafter.store.reports import (
    read_amendment_records,
    read_assemblies,
    read_report,
    reading_order,
)
from drafter.store.repository import Repository

DRAFT = "draft"
"""The name of the working draft among the versions."""

_APP = re.compile(r"(?:https?://[^\s\"'<>]+|/[^\s\"'<>/][^\s\"'<>]*|/)")


@dataclass(frozen=True, slots=True)
class Settings:
    """What `mkdocs.yml` says to the pages."""

    name: str = "Report"
    description: str = ""
    copyright: str = ""
    app_url: str = "/"
    """Where the app lives, ending with a slash."""
    numbering: str = "clauses"
    site_url: str = ""
    """Where the public folder's top is on the web, ending with a slash; empty where not known."""
    top: str = "/"
    """The path of the public site on its host, from `site_url`, ending with a slash."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an accepted amendment did to the text on main: before it and after it."""

    before: Report
    after: Report
    drafted: tuple[datetime, ...] = ()
    """When its words were written onto its branch, the first time at its admission."""


@dataclass(frozen=True, slots=True)
class Source:
    """An assembly as a clause names it: its id, and place and year."""

    id: str
    short_name: str


@dataclass(frozen=True)
class Edition:
    """One version of the report, or its working draft, with its records."""

    settings: Settings
    report: Report
    assemblies: Mapping[str, Assembly] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """By assembly, the Markdown of its record without the front matter."""
    amendments: Mapping[int, Amendment] = field(default_factory=dict)
    comments: tuple[CommentFact, ...] = ()
    version: Version | None = None
    """None for the working draft."""
    earlier: tuple[tuple[Version, Report], ...] = ()
    """The versions before this one, oldest first."""
    steps: Mapping[int, Step] = field(default_factory=dict)
    """By amendment, what the accepted ones changed; empty where no history is at hand."""
    notes: str = ""
    """The release notes, as Markdown; empty where there are none."""
    closed_in: Mapping[int, int] = field(default_factory=dict)
    """By amendment, the number of the first version that holds its record."""
    facts: Mapping[str, bytes] = field(default_factory=dict)
    """"comments.json" and "answers.json" as the publication put them into git."""
    first_commit: str = ""
    """Where main begins: what names this report for good, wherever its site lies."""

    @functools.cached_property
    def numbers(self) -> dict[str, str]:
        """The number of each clause that has an id and a number."""
        by_place = number_report(self.report, self.settings.numbering)
        found: dict[str, str] = {}
        for place in self.report.places():
            number = by_place.get((place.chapter.path, place.index))
            if place.clause.id and number:
                found.setdefault(place.clause.id, number)
        return found

    @functools.cached_property
    def history(self) -> dict[str, ClauseHistory]:
        """The history of every clause up to this version; empty for a text without versions."""
        if self.version is None:
            return {}
        shots = [Snapshot(version.name, report) for version, report in self.earlier]
        present = Snapshot(self.version.name, self.report)
        found = histories([*shots, present], style=self.settings.numbering)
        return {str(clause): history for clause, history in found.items()}

    def report_of(self, version: str) -> Report:
        """Give the text of this version or an earlier one, by its name."""
        return next((text for other, text in self.earlier if other.name == version), self.report)

    @property
    def edition_line(self) -> str:
        """What stands under the report's name: "Version 3, 14 February 2020"."""
        return edition_line(self.version) if self.version else "Working draft"

    def origins(self, place_origins: tuple[str, ...]) -> Iterator[tuple[Assembly, Proposal]]:
        """Resolve the origins of a clause; one that names nothing is left out."""
        for origin in place_origins:
            found = resolve_origin(origin, self.assemblies)
            if found is not None:
                yield found

    def bodies(self, place_origins: tuple[str, ...]) -> list[Source]:
        """Give the assemblies that a clause goes back to, each once."""
        found = {assembly.id: assembly for assembly, _ in self.origins(place_origins)}
        return [Source(assembly.id, short_name(assembly)) for assembly in found.values()]

    @functools.cached_property
    def taken_up(self) -> dict[str, list[Place]]:
        """For each origin as written ("leeds-2018/4") the clauses that name it."""
        found: dict[str, list[Place]] = {}
        for place in self.report.places():
            for origin in dict.fromkeys(place.clause.origin):
                found.setdefault(origin, []).append(place)
        return found

    @functools.cached_property
    def comments_by_clause(self) -> dict[str, list[CommentFact]]:
        """The comments on each clause."""
        found: dict[str, list[CommentFact]] = {}
        for comment in self.comments:
            found.setdefault(comment.clause, []).append(comment)
        return found

    def accepted_on(self, clause: str) -> list[Amendment]:
        """Give the accepted amendments that touched a clause, in the order of their numbers."""
        return self._accepted_on.get(clause, [])

    @functools.cached_property
    def _accepted_on(self) -> dict[str, list[Amendment]]:
        found: dict[str, list[Amendment]] = {}
        for _, amendment in sorted(self.amendments.items()):
            if amendment.status == "accepted":
                for instruction in amendment.instructions:
                    if instruction.clause:
                        found.setdefault(instruction.clause, []).append(amendment)
        return found


def edition_line(version: Version) -> str:
    """Name a version with its day: "Version 3, 14 February 2020"."""
    return f"Version {version.number}, {day(version.time)}"


def short_name(assembly: Assembly) -> str:
    """Name an assembly as the notes do: "Leeds 2018"."""
    return f"{assembly.place} {assembly.end.year}"


def day(when: object) -> str:
    """Write a date or a time as "14 February 2020"."""
    return f"{when:%d %B %Y}".lstrip("0")


@functools.lru_cache(maxsize=2_000)
def chapter_title(chapter: Chapter) -> str:
    """Give a chapter's title: from its front matter, its own heading, or the name of its file.

    A heading is the chapter's own where it is of the first level, or stands before all else.
    """
    title = _title_in_front(chapter)
    if title:
        return title
    clauses = [clause for clause in chapter.clauses if clause.type != "opaque"]
    own = [clause for clause in clauses if clause.level == 1] or clauses[:1]
    if own and own[0].type == "heading":
        return plain_words(own[0].type, own[0].parts)
    stem = chapter.path.rsplit("/", 1)[-1].removesuffix(".md")
    return stem.lstrip("0123456789-_. ").replace("-", " ").replace("_", " ").capitalize() or stem


def _title_in_front(chapter: Chapter) -> str | None:
    front = split_front_matter(chapter.text)[0]
    try:
        return read_chapter_settings(front, chapter.path).title if front else None
    except BadInput:
        return None


def plain_words(clause_type: str, parts: tuple[str, ...]) -> str:
    """Give a clause's words without their formatting."""
    tokens = tokens_of(clause_type, parts)
    text = "".join([token.space + token.shown for token in tokens])
    return " ".join(text.split())


def section_title(place_chapter: Chapter, index: int) -> str:
    """Give the words of the heading that a clause stands under, or its own where it is one."""
    for clause in reversed(place_chapter.clauses[: index + 1]):
        if clause.type == "heading":
            return plain_words(clause.type, clause.parts)
    return chapter_title(place_chapter)


def read_settings(configuration: object, name: str = "mkdocs.yml") -> Settings:
    """Take the settings out of a parsed `mkdocs.yml`. Raises BadInput that names the setting."""
    top = configuration if isinstance(configuration, Mapping) else {}
    extra = top.get("extra")
    ours = extra.get("drafter") if isinstance(extra, Mapping) else None
    ours = ours if isinstance(ours, Mapping) else {}
    usual = Settings()
    app_url = str(ours.get("app_url", "/"))
    if not _APP.fullmatch(app_url):
        raise BadInput(f"{name}: 'app_url' must be an address such as https://… or /.", path=name)
    return Settings(
        name=str(top.get("site_name") or usual.name),
        description=str(top.get("site_description") or ""),
        copyright=str(top.get("copyright") or ""),
        app_url=app_url if app_url.endswith("/") else f"{app_url}/",
        numbering=str(ours.get("numbering", usual.numbering)),
        site_url=site_url(top),
        top=f"{urlsplit(str(top.get('site_url') or '')).path.rstrip('/')}/",
    )


def site_url(configuration: Mapping[str, object]) -> str:
    """Take the site's address, ending with a slash, out of `mkdocs.yml`; empty without one.

    >>> site_url({"site_url": "https://report.example"}), site_url({"site_url": "/report/"})
    ('https://report.example/', '')
    """
    address = configuration.get("site_url")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        return ""
    return f"{address.rstrip('/')}/"


# A checkout


def read_folder(root: Path) -> Edition:
    """Read the working draft from a folder's files: no git, and so no history.

    Raises BadInput on a record that cannot be read, Unreadable on a file that cannot.
    """
    configuration = _text(root / names.SITE_CONFIGURATION)
    found = {path: _text(root / path) for path in _markdown_files(root, names.CHAPTERS)}
    order = reading_order(configuration, tuple(path for path in found if names.is_chapter(path)))
    records = {path: _text(root / path) for path in _markdown_files(root, names.AMENDMENTS)}
    return Edition(
        settings=read_settings(load_yaml(configuration, names.SITE_CONFIGURATION)),
        report=Report(tuple(read_chapter(path, found[path]) for path in order)),
        assemblies=_assemblies(found.items()),
        texts=_texts(found.items()),
        amendments=_amendments(records.items()),
        comments=_latest_facts(root),
    )


def _markdown_files(root: Path, folder: str) -> list[str]:
    paths = (path for path in (root / folder).rglob("*.md") if path.is_file())
    return sorted(path.relative_to(root).as_posix() for path in paths)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise Unreadable(f"{path} could not be read: {error}.", path=str(path)) from error


def _latest_facts(root: Path) -> tuple[CommentFact, ...]:
    folder = root / names.AMENDMENTS / "comments"
    numbered = [(names.version_number(path.stem), path) for path in folder.glob("v*.json")]
    known = sorted((number, path) for number, path in numbered if number is not None)
    return read_facts(_text(known[-1][1]), known[-1][1].name) if known else ()


def _assemblies(files: Iterable[tuple[str, str]]) -> dict[str, Assembly]:
    found = [read_assembly(path, text) for path, text in files if is_record_path(path)]
    return {assembly.id: assembly for assembly in found}


def _texts(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {
        path.rsplit("/", 1)[-1].removesuffix(".md"): split_front_matter(text)[1]
        for path, text in files
        if is_record_path(path)
    }


def _amendments(files: Iterable[tuple[str, str]]) -> dict[int, Amendment]:
    found = [read_record(text, path) for path, text in files if names.record_number(path)]
    return {int(amendment.number): amendment for amendment in found}


# A version


def read_edition(repository: Repository, version: Version) -> Edition:
    """Read a version from git, with the versions before it and what each amendment changed.

    Only what the tag's commit leads to is read, so that the same tag always gives the same.
    """
    commit = version.commit
    line = [other for other in versions(repository) if other.number < version.number]
    records = read_assemblies(repository, commit)
    return Edition(
        settings=settings_at(repository, commit),
        report=read_report(repository, commit),
        assemblies=_assemblies(records),
        texts=_texts(records),
        amendments=_amendments(
            (names.amendment_path(number), text)
            for number, text in read_amendment_records(repository, commit)
        ),
        comments=facts_at(repository, version),
        notes=_notes_at(repository, version),
        version=version,
        earlier=tuple((other, read_report(repository, other.commit)) for other in line),
        steps=_steps(repository, [*line, version]),
        closed_in=_closed_in(repository, [*line, version]),
        facts=_fact_files(repository, version),
        first_commit=list(repository.commits(commit))[-1].id,
    )


def read_draft(repository: Repository, tip: str, last: Version) -> Edition:
    """Read the working draft with its records, after its last version; no history, no comments.

    What was closed since counts as closed in the version that is to come.
    """
    records = read_assemblies(repository, tip)
    before = _closed_in(repository, [last])
    amendments = _amendments(
        (names.amendment_path(number), text)
        for number, text in read_amendment_records(repository, tip)
    )
    return Edition(
        settings=settings_at(repository, tip),
        report=read_report(repository, tip),
        assemblies=_assemblies(records),
        amendments=amendments,
        closed_in={number: before.get(number, last.number + 1) for number in amendments},
    )


def settings_at(repository: Repository, commit: str) -> Settings:
    """Read the settings in force in a commit; without `mkdocs.yml`, the defaults."""
    entry = repository.find(commit, names.SITE_CONFIGURATION)
    if entry is None:
        return Settings()
    return read_settings(load_yaml(repository.read_entry(entry), names.SITE_CONFIGURATION))


def facts_at(repository: Repository, version: Version) -> tuple[CommentFact, ...]:
    """Read the facts of the comments that a version records."""
    path = names.comments_path(version.number)
    entry = repository.find(version.commit, path)
    return () if entry is None else read_facts(repository.read_entry(entry), path)


def _fact_files(repository: Repository, version: Version) -> dict[str, bytes]:
    paths = (names.comments_path(version.number), names.answers_path(version.number))
    entries = zip(("comments.json", "answers.json"), paths, strict=True)
    found = {name: repository.find(version.commit, path) for name, path in entries}
    return {name: repository.read_blob(entry.blob_id) for name, entry in found.items() if entry}


def _notes_at(repository: Repository, version: Version) -> str:
    entry = repository.find(version.commit, names.notes_path(version.number))
    return "" if entry is None else repository.read_entry(entry)


def _closed_in(repository: Repository, line: list[Version]) -> dict[int, int]:
    found: dict[int, int] = {}
    for version in line:
        for entry in repository.list_tree(version.commit, names.AMENDMENTS):
            number = names.record_number(entry.path)
            if number:
                found.setdefault(number, version.number)
    return found


def _steps(repository: Repository, line: list[Version]) -> dict[int, Step]:
    """Find the commits on main that carried an amendment, from the first version to the last."""
    found: dict[int, Step] = {}
    until: str | None = None
    for version in line:
        for commit, changes in walk_changes(repository, version.commit, until):
            numbers = [names.record_number(change.path) for change in changes]
            if commit.kind != "decision" or len(commit.parents) < 2:
                continue
            for number in filter(None, numbers):
                before = read_report(repository, commit.parents[0])
                drafted = _drafted(repository, commit, number)
                found[number] = Step(before, read_report(repository, commit.id), drafted)
        until = version.commit
    return found


def _drafted(repository: Repository, decision: Commit, number: int) -> tuple[datetime, ...]:
    """Tell when the commits of an accepted amendment's branch were made, the first one first."""
    text = repository.read_text(decision.id, names.amendment_path(number))
    base = read_record(text, names.amendment_path(number)).base_commit
    branch = repository.commits(decision.parents[1], base)
    return tuple(reversed([commit.time for commit in branch if commit.kind == "amendment"]))

"""The history of a clause: its wordings, the decisions behind them, where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drafter.core.assemblies import Assembly, Proposal, read_assembly, resolve_origin
from drafter.core.clauses import Chapter, Clause
from drafter.core.errors import NotFound
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.core.saying import say
from drafter.core.worddiff import Piece, changed_words
from drafter.core.wording import join, tokens_of
from drafter.core.wordorigins import word_origins
from drafter.store import names
from drafter.store.history import Change, versions, walk_changes
from drafter.store.moments import Moment, read_moments
from drafter.store.objects import Commit, decode
from drafter.store.reports import read_assemblies
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Step:
    """One moment at which the clause came, changed or went."""

    commit: str
    time: datetime
    kind: str
    """Of the commit: first, import, decision, edit."""
    amendment: int | None
    version: str | None
    """The first version that contains it, or None."""
    wording: str | None
    """What the clause said from then on; None where it was removed."""
    pieces: tuple[Piece, ...]
    """Against the wording before, word by word."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A proposal that a clause came from; `proposal` is None where nothing answers to the name."""

    name: str
    assembly: Assembly | None
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class ClauseStory:
    """Everything the record knows of one clause."""

    id: ClauseId
    steps: tuple[Step, ...]
    """Oldest first."""
    origins: tuple[Origin, ...]
    came_from: tuple[ClauseId, ...]
    """Clauses that it was split off from or joined out of."""
    became: tuple[ClauseId, ...]
    """Clauses that came out of it."""


def clause_story(repository: Repository, clause_id: ClauseId, tip: str = names.MAIN) -> ClauseStory:
    """Tell a clause's history along main up to `tip`. Raises NotFound for an id never used.

    Only the chapters that each commit changed are read.
    """
    last = repository.resolve(tip)
    line = [commit.id for commit in repository.commits(last)]
    first_in = _first_versions(repository, line)
    steps: list[Step] = []
    before: Clause | None = None
    latest: Clause | None = None
    became: dict[ClauseId, None] = {}
    for commit, changes in reversed([*walk_changes(repository, last)]):
        touched = [change for change in changes if names.is_chapter(change.path)]
        now = _find(repository, touched, clause_id, new=True)
        gone = now is None and _find(repository, touched, clause_id, new=False) is not None
        became |= dict.fromkeys(_heirs(repository, touched, clause_id))
        if now is not None and (before is None or now.hash != before.hash):
            steps.append(_step(commit, changes, first_in[commit.id], before, now))
        elif gone:
            steps.append(_step(commit, changes, first_in[commit.id], before, None))
        before = None if gone else now or before
        latest = before or latest
    if latest is None:
        raise _never_was(clause_id)
    origins = origins_of(repository, last, latest.origin)
    return ClauseStory(clause_id, tuple(steps), origins, latest.was, tuple(became))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a clause's last wording, and what brought it."""

    text: str
    moment: Moment
    came_with: ClauseId
    """The clause with which it came: another where that was split or joined since."""


def words_brought(
    repository: Repository, clause_id: ClauseId, tip: str = names.MAIN
) -> tuple[Phrase, ...]:
    """Tell who brought the words of a clause, in the order of its text.

    Of one that is gone, the last words. Raises NotFound for an id never used.
    """
    moments = read_moments(repository, repository.resolve(tip))
    found = word_origins((moment, moment.report) for moment in moments).get(clause_id)
    if found is None:
        raise _never_was(clause_id)
    return tuple(Phrase(join(span.tokens).strip(), span.step, span.clause) for span in found)


def _never_was(clause_id: ClauseId) -> NotFound:
    return NotFound(
        say("There never was a clause {clause_id} in this report.", clause_id=clause_id),
        clause=clause_id,
    )


def origins_of(repository: Repository, commit: str, names: tuple[str, ...]) -> tuple[Origin, ...]:
    """Resolve origins as written (`leeds-2018/4`) against the assemblies of a commit."""
    if not names:
        return ()
    assemblies = _assemblies(repository, commit)
    return tuple(_origin(name, assemblies) for name in names)


def _assemblies(repository: Repository, commit: str) -> dict[str, Assembly]:
    """Read the assemblies of a commit; the same folder is read once."""
    tree = repository.tree_id(commit, names.ASSEMBLIES)
    found: object = repository.derived.get(
        f"assemblies {tree}",
        lambda: {
            assembly.id: assembly
            for assembly in (read_assembly(*each) for each in read_assemblies(repository, commit))
        },
    )
    assert isinstance(found, dict)
    return found


def _origin(name: str, assemblies: dict[str, Assembly]) -> Origin:
    found = resolve_origin(name, assemblies)
    return Origin(name, None, None) if found is None else Origin(name, *found)


def _first_versions(repository: Repository, line: list[str]) -> dict[str, str | None]:
    """For each commit of main's line, newest first, the first version that contains it."""
    tags = {version.commit: version.name for version in reversed(versions(repository))}
    found: dict[str, str | None] = {}
    current: str | None = None
    for commit in line:
        current = tags.get(commit, current)
        found[commit] = current
    return found


def _step(
    commit: Commit,
    changes: tuple[Change, ...],
    version: str | None,
    before: Clause | None,
    now: Clause | None,
) -> Step:
    pieces: tuple[Piece, ...] = ()
    if before is not None and now is not None:
        pieces = changed_words(tokens_of(before.type, before.parts), tokens_of(now.type, now.parts))
    numbers = (names.record_number(change.path) for change in changes)
    return Step(
        commit=commit.id,
        time=commit.time,
        kind=commit.kind or "unknown",
        amendment=next((number for number in numbers if number), None),
        version=version,
        wording=None if now is None else now.wording,
        pieces=pieces,
    )


def _find(
    repository: Repository, changes: list[Change], clause_id: ClauseId, *, new: bool
) -> Clause | None:
    for change in changes:
        blob = change.new if new else change.old
        chapter = _chapter(repository, change.path, blob, clause_id)
        for clause in chapter.clauses if chapter else ():
            if clause.id == clause_id:
                return clause
    return None


def _heirs(repository: Repository, changes: list[Change], clause_id: ClauseId) -> list[ClauseId]:
    chapters = (_chapter(repository, change.path, change.new, clause_id) for change in changes)
    return [
        clause.id
        for chapter in chapters
        for clause in (chapter.clauses if chapter else ())
        if clause.id and clause_id in clause.was
    ]


def _chapter(
    repository: Repository, path: str, blob: str | None, naming: ClauseId
) -> Chapter | None:
    """Read one state of a chapter, if it names the clause at all; most do not, and cost little."""
    if blob is None or naming.encode() not in repository.read_blob(blob):
        return None
    return repository.chapters.get(
        (path, blob), lambda: read_chapter(path, decode(repository.read_blob(blob)))
    )

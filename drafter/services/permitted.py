"""What each kind of commit on main may change: asked before writing, and again when verifying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Report
from drafter.core.diff import Change, diff_reports
from drafter.core.effects import instructions_between
from drafter.core.errors import DrafterError
from drafter.core.frontmatter import Phase, read_chapter_settings, set_phase
from drafter.core.instructions import Instruction, chapter_hash
from drafter.core.rules import Rules
from drafter.store import names
from drafter.store.messages import Kind


def _is_record(path: str) -> bool:
    return names.record_number(path) is not None


def _is_fact(path: str) -> bool:
    return path.startswith((f"{names.AMENDMENTS}/comments/", f"{names.AMENDMENTS}/answers/"))


def _is_assembly(path: str) -> bool:
    return path.startswith(f"{names.ASSEMBLIES}/")


def _is_operators(path: str) -> bool:
    return path == names.SITE_CONFIGURATION or path.startswith("site/")


PATHS: Mapping[Kind, Callable[[str], bool]] = MappingProxyType(
    {
        "first": lambda _: True,
        "import": names.is_chapter,
        "decision": lambda path: names.is_chapter(path) or _is_record(path),
        "edit": names.is_chapter,
        "publication": _is_fact,
        "assembly": _is_assembly,
        "operator": _is_operators,
    }
)
"""For each kind of commit on main, the paths that it may change."""


def path_faults(kind: Kind, paths: Iterable[str]) -> Iterator[str]:
    """Name each path that a commit of this kind may not change."""
    allowed = PATHS.get(kind)
    for path in paths:
        if allowed is None or not allowed(path):
            yield f"It is of the kind '{kind}' and changes {path}, which that kind may not."


def edit_faults(before: Report, after: Report, rules: Rules) -> Iterator[str]:
    """Name each change that is neither in a drafting chapter nor editorial under the rules."""
    yield from _phase_faults(before, after, frozenset())
    for change in diff_reports(before, after).changes:
        if change.kind not in rules.editorial and not _is_drafting(change, before):
            clause = change.clause or "a block without an id"
            yield (
                f"{clause} stands in a chapter under amendment; only a vote of the panel may "
                f"change it ({change.kind})."
            )


def decision_faults(
    before: Report, after: Report, instructions: tuple[Instruction, ...]
) -> Iterator[str]:
    """Name what an acceptance changed beyond its instructions, or left undone."""
    adopted = frozenset(each.chapter for each in instructions if each.chapter)
    yield from _phase_faults(before, after, adopted)
    for each in instructions:
        chapter = before.chapter(each.chapter) if each.chapter else None
        if each.chapter and (chapter is None or chapter_hash(chapter.text) != each.before):
            yield f"It adopts another text of {each.chapter} than its record says."
    try:
        found = set(instructions_between(_bodies(before, adopted), _bodies(after, adopted)))
    except DrafterError as error:
        yield error.sentence
        return
    wanted = {each for each in instructions if each.clause is not None}
    for each in sorted(found - wanted, key=lambda each: each.line):
        yield f"It changes {each.subject} as no instruction of its record says ({each.verb})."
    for each in sorted(wanted - found, key=lambda each: each.line):
        yield f"Its record says that {each.subject} changes ({each.verb}), and it does not so."


def _is_drafting(change: Change, before: Report) -> bool:
    paths = {side.path for side in (*change.sides("old"), *change.sides("new"))}
    chapters = [before.chapter(path) for path in paths]
    return all(chapter is not None and phase_of(chapter) == "drafting" for chapter in chapters)


def phase_of(chapter: Chapter) -> Phase:
    """Give the phase of a chapter; one whose settings cannot be read is amending."""
    front, _ = split_front_matter(chapter.text)
    try:
        return read_chapter_settings(front, chapter.path).phase
    except DrafterError:
        return "amending"  # what cannot be read gives nobody a right to edit


def _phase_faults(before: Report, after: Report, adopted: frozenset[str]) -> Iterator[str]:
    for chapter in before.chapters:
        now = after.chapter(chapter.path)
        if now is chapter and chapter.path in adopted:
            yield f"It adopts {chapter.path}, which is drafting all the same."
        if now is None or now is chapter:
            continue
        fronts = [split_front_matter(each.text)[0] for each in (chapter, now)]
        if chapter.path in adopted:
            if phase_of(chapter) != "drafting":
                yield f"It adopts {chapter.path}, which was adopted already."
            elif now.text != set_phase(chapter.text, "amending", chapter.path):
                yield f"It adopts {chapter.path} and changes more of it than its phase."
        elif fronts[0] != fronts[1]:
            yield f"It changes the front matter of {chapter.path}, which no edit or vote may."


def _bodies(report: Report, without: frozenset[str]) -> Report:
    if not without:
        return report
    return Report(tuple(c for c in report.chapters if c.path not in without))

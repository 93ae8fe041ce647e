"""What each kind of commit on main may change: asked before writing, and again when verifying."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Report
from drafter.core.diff import Change, diff_reports
from drafter.core.effects import instructions_between
from drafter.core.errors import DrafterError
from drafter.core.frontmatter import Phase, Value, read_chapter_settings, read_front_matter
from drafter.core.instructions import Instruction, chapter_hash
from drafter.core.kinds import becomes, is_editorial
from drafter.core.pairing import pair_reports
from drafter.core.rules import Rules
from drafter.store import names
from drafter.store.messages import Kind


def _is_record(path: str) -> bool:
    return names.record_number(path) is not None


def _is_fact(path: str) -> bool:
    folders = ("comments", "answers", "notes")
    return path.startswith(tuple(f"{names.AMENDMENTS}/{folder}/" for folder in folders))


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
    drafting = {chapter.path for chapter in before.chapters if phase_of(chapter) == "drafting"}
    yield from _phase_faults(before, after, (), drafting)
    changes = diff_reports(before, after).changes
    yield from _name_faults(before, after, _ids_of(changes), drafting)
    for change in changes:
        if not is_editorial(change, rules) and not _is_drafting(change, before):
            clause = change.clause or "a block without an id"
            yield (
                f"{clause} stands in a chapter under amendment; only a vote of the panel may "
                f"change it ({becomes(change) or change.kind})."
            )


def decision_faults(
    before: Report, after: Report, instructions: tuple[Instruction, ...]
) -> Iterator[str]:
    """Name what an acceptance changed beyond its instructions, or left undone."""
    adopted = {each.chapter: each for each in instructions if each.chapter}
    yield from _phase_faults(before, after, adopted.keys(), ())
    for path, adoption in adopted.items():
        yield from _adoption_faults(before.chapter(path), after.chapter(path), adoption)
    named = {each.clause for each in instructions if each.clause is not None}
    yield from _name_faults(before, after, named, ())
    try:
        without = adopted.keys()
        found = set(instructions_between(_bodies(before, without), _bodies(after, without)))
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


def _phase_faults(
    before: Report, after: Report, adopted: Collection[str], drafting: Collection[str]
) -> Iterator[str]:
    for chapter in before.chapters:
        now = after.chapter(chapter.path)
        if now is None and chapter.path not in drafting:
            yield f"It takes {chapter.path} away or gives it another name, which no vote asks for."
        if now is None or now is chapter or chapter.path in adopted:
            continue
        if split_front_matter(chapter.text)[0] != split_front_matter(now.text)[0]:
            yield f"It changes the front matter of {chapter.path}, which no edit or vote may."


def _adoption_faults(
    before: Chapter | None, after: Chapter | None, adoption: Instruction
) -> Iterator[str]:
    """Adopting ends a chapter's drafting, and changes neither its text nor its other settings."""
    if before is None or after is None:
        yield f"It adopts {adoption.chapter}, which is not there."
        return
    if chapter_hash(before.text) != adoption.before:
        yield f"It adopts another text of {before.path} than its record says."
    if chapter_hash(after.text) != chapter_hash(before.text):
        yield f"It adopts {before.path}, and changes its text as well."
    if phase_of(before) != "drafting":
        yield f"It adopts {before.path}, which was adopted already."
    elif phase_of(after) != "amending":
        yield f"It adopts {before.path}, which is drafting all the same."
    if _settings(before) != _settings(after):
        yield f"It adopts {before.path}, and changes its front matter beyond the phase."


def _settings(chapter: Chapter) -> dict[str, Value]:
    front = read_front_matter(split_front_matter(chapter.text)[0], chapter.path)
    return {key: value for key, value in front.items() if key != "phase"}


def _name_faults(
    before: Report, after: Report, touched: Collection[str], drafting: Collection[str]
) -> Iterator[str]:
    """Name each clause that lost or changed its id, and ancestors that nothing accounts for.

    `touched` are the clauses that the change is about, `drafting` the chapters open to any edit.
    """
    pairing = pair_reports(*_changed(before, after))
    for node in pairing.new:
        old = pairing.old_of.get(node.number)
        if old is None:
            continue
        one, two = pairing.old[old].clause, node.clause
        if one.id is not None and one.id != two.id and one.id not in two.was:
            now = f"is called {two.id} now" if two.id else "has no id any more"
            yield f"{one.id} {now}; the id of a clause is permanent."
        elif set(one.was) != set(two.was) and not (
            two.id in touched or one.id in two.was or node.chapter.path in drafting
        ):
            yield f"It changes what {two.id} names as its ancestors, and not the clause."


def _changed(before: Report, after: Report) -> tuple[Report, Report]:
    """Leave out the chapters that are the same in both."""
    same = {
        chapter.path
        for chapter in before.chapters
        if (now := after.chapter(chapter.path)) and chapter.same_text(now)
    }
    return _bodies(before, same), _bodies(after, same)


def _ids_of(changes: Iterable[Change]) -> set[str]:
    sides = (side for each in changes for side in (*each.sides("old"), *each.sides("new")))
    return {side.id for side in sides if side.id}


def _bodies(report: Report, without: Collection[str]) -> Report:
    if not without:
        return report
    return Report(tuple(c for c in report.chapters if c.path not in without))

"""What a person asks for while drafting, step by step, before anything is an amendment.

A step names clauses by id and holds words as somebody typed them. Steps are applied in their
order; one that does not fit the text (any more) is named with the reason and left out, so that
its words are never lost. Does not know who drafts, nor how a clause's instruction is bound.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from drafter.core import editing
from drafter.core.clauses import Clause, ClauseType, Report, kind_of
from drafter.core.errors import BadInput, DrafterError, NotFound
from drafter.core.ids import ClauseId, is_clause_id
from drafter.core.marking import add_ids
from drafter.core.reading import read_chapter
from drafter.core.saying import say

ADDABLE: Final[tuple[ClauseType, ...]] = ("paragraph", "heading", "item", "quote", "table", "code")
"""The types of clause that a step can add; a footnote comes with the words that cite it."""

LONGEST_SLUG: Final = 45
"""Characters of a new chapter's title in its path."""

_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")


RECASTABLE: Final[tuple[ClauseType, ...]] = ("paragraph", "heading", "item", "quote")
"""The types that a clause can have one instead of the other."""


@dataclass(frozen=True, slots=True)
class Reword:
    """Other words for a clause, as `editing.typed_text` gives them; with `type`, another kind.

    The words of one of another kind are given without marks, a quotation's with or without.
    """

    clause: ClauseId
    wording: str
    type: ClauseType | None = None
    """None: it stays what it is."""
    ordered: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """A new clause behind `after`, or first under `parent` (an item) or in the chapter `path`."""

    path: str
    parent: ClauseId | None
    after: ClauseId | None
    text: str
    type: ClauseType = "paragraph"
    ordered: bool = False
    level: int | None = None
    id: ClauseId | None = None
    """The id by which later steps call it. It gets another where that one is taken."""
    origin: tuple[str, ...] = ()
    was: tuple[ClauseId, ...] = ()
    """The clauses whose words it takes over, as where one is split."""


@dataclass(frozen=True, slots=True)
class Remove:
    """The clause goes, with what is nested in it."""

    clause: ClauseId


@dataclass(frozen=True, slots=True)
class Move:
    """The clause stands behind `after`, or first under `parent` or in the chapter `path`."""

    clause: ClauseId
    path: str
    parent: ClauseId | None
    after: ClauseId | None


@dataclass(frozen=True, slots=True)
class NewChapter:
    """A new chapter: its whole text, beginning with its heading. Clauses may have their ids."""

    path: str
    text: str


Step = Reword | Add | Remove | Move | NewChapter

_VERBS: Final[Mapping[str, type[Step]]] = {
    "reword": Reword,
    "add": Add,
    "remove": Remove,
    "move": Move,
    "new-chapter": NewChapter,
}
_NAMES: Final = {kind: verb for verb, kind in _VERBS.items()}


@dataclass(frozen=True, slots=True)
class Unfit:
    """A step that does not fit the text, and why, as a sentence that says what to do."""

    index: int
    sentence: str


@dataclass(frozen=True)
class Applied:
    """A text with steps made in it. `unfit` were left out; `made[i]` is what step i is about."""

    report: Report
    unfit: tuple[Unfit, ...]
    made: tuple[str | None, ...]
    """A clause's id or a chapter's path for each step; None for one that does not fit."""


def apply_steps(report: Report, steps: Sequence[Step], taken_ids: Collection[str]) -> Report:
    """Make all steps in the text. Raises BadInput or NotFound where one does not fit.

    `taken_ids`: every id that ever was; a new clause stays clear of them.
    """
    done = try_steps(report, steps, taken_ids)
    if done.unfit:
        first = done.unfit[0]
        raise BadInput(first.sentence, step=first.index)
    return done.report


def try_steps(report: Report, steps: Sequence[Step], taken_ids: Collection[str]) -> Applied:
    """Make those steps that fit, in their order, and name the others."""
    renamed: dict[str, ClauseId] = {}
    unfit: list[Unfit] = []
    made: list[str | None] = []
    for index, step in enumerate(steps):
        meant = _renamed(step, renamed)
        try:
            report, about = _apply(report, meant, taken_ids)
        except DrafterError as error:
            unfit.append(Unfit(index, error.sentence))
            made.append(None)
            continue
        if isinstance(step, Add) and step.id is not None and step.id != about:
            renamed[step.id] = ClauseId(about)
        made.append(about)
    return Applied(report, tuple(unfit), tuple(made))


def section_of(report: Report, heading: ClauseId) -> tuple[ClauseId, ...]:
    """Name a heading and all that stands under it, up to the next heading as high.

    What is nested in an item goes along with it and is not named.
    """
    place = report.locate(heading)
    if place is None or place.clause.type != "heading":
        return (heading,)
    found = [heading]
    for clause in place.chapter.clauses[place.index + 1 :]:
        if clause.type == "heading" and (clause.level or 1) <= (place.clause.level or 1):
            break
        if clause.parent is None and clause.id:
            found.append(clause.id)
    return tuple(found)


def chapter_path(title: str, used: Collection[str]) -> str:
    """Make a path for a new chapter of its title; a figure is added where it is in use.

    >>> chapter_path("Yr iaith Gymraeg: tŷ a thir", ())
    'drafts/yr-iaith-gymraeg-tŷ-a-thir.md'
    >>> chapter_path("Voting", {"drafts/voting.md"})
    'drafts/voting-2.md'
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    slug = re.sub(r"[^\w]+|_+", "-", plain)[:LONGEST_SLUG].strip("-") or "chapter"
    slug = f"chapter-{slug}" if _DEVICE.fullmatch(slug) else slug
    path, count = f"drafts/{slug}.md", 1
    while path in used:
        count += 1
        path = f"drafts/{slug}-{count}.md"
    return path


def new_chapter_text(title: str, text: str) -> str:
    """Give a new chapter's text: its title as the heading, then what was written."""
    title = " ".join(title.split())
    if not title:
        raise BadInput("Give the new chapter a title.")
    heading = read_chapter("", f"# {title}\n").clauses
    if len(heading) != 1 or heading[0].type != "heading" or not heading[0].wording:
        raise BadInput("The title of a chapter is one line of plain words.")
    body = text.replace("\r\n", "\n").strip("\n")
    return f"# {title}\n\n{body}\n" if body.strip() else f"# {title}\n"


def to_json(steps: Iterable[Step]) -> str:
    """Write steps as JSON, to be kept; `from_json` reads them."""
    return json.dumps([_facts(step) for step in steps], ensure_ascii=False)


def from_json(text: str) -> tuple[Step, ...]:
    """Read steps as `to_json` wrote them. Raises BadInput on anything else."""
    try:
        found = json.loads(text)
        return tuple(_read(facts) for facts in found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput("These are not the steps of a draft.") from error


def _facts(step: Step) -> dict[str, Any]:
    given = {field.name: getattr(step, field.name) for field in fields(step)}
    usual = {field.name: field.default for field in fields(step)}
    return {"do": _NAMES[type(step)]} | {k: v for k, v in given.items() if v != usual[k]}


def _read(facts: dict[str, Any]) -> Step:
    kind = _VERBS[facts["do"]]
    known = {field.name for field in fields(kind)}
    given = {key: value for key, value in facts.items() if key != "do"}
    if not given.keys() <= known:
        raise ValueError("an unknown field")
    for name in {"origin", "was"} & given.keys():
        given[name] = tuple(given[name])
    step = kind(**{"parent": None, "after": None, **given} if kind in (Add, Move) else given)
    named = [getattr(step, name, None) for name in ("clause", "parent", "after", "id")]
    for value in (*named, *getattr(step, "was", ())):
        if value is not None and not is_clause_id(value):
            raise ValueError("no clause id")
    return step


# One step.


def _apply(report: Report, step: Step, taken: Collection[str]) -> tuple[Report, str]:
    """Make one step; give the new text and what it is about. Raises BadInput, NotFound."""
    if isinstance(step, Reword):
        return _reword(report, step), step.clause
    if isinstance(step, Add):
        return _add(report, step, taken)
    if isinstance(step, Remove):
        _require(report, step.clause, "It may have been removed meanwhile; take this step out.")
        return editing.repeal(report, step.clause), step.clause
    if isinstance(step, Move):
        return _move(report, step), step.clause
    return _new_chapter(report, step, taken), step.path


def _reword(report: Report, step: Reword) -> Report:
    clause = _require(
        report, step.clause, "It was removed meanwhile. Add its words as a new clause if you wish."
    )
    if not step.wording.strip():
        raise BadInput("The wording is empty. To remove the clause, propose its removal.")
    if (
        step.type is not None
        and kind_of(step.type, ordered=step.ordered, level=step.level) != clause.kind
    ):
        return _recast(report, step, clause)
    changed = editing.substitute(report, step.clause, step.wording)
    if changed is report and clause.hash:
        raise BadInput("These are the words that the clause has already.")
    return changed


def _recast(report: Report, step: Reword, clause: Clause) -> Report:
    assert step.type is not None
    if step.type not in RECASTABLE or clause.type not in RECASTABLE:
        raise BadInput("A clause of this kind stays what it is. Add a new one in its place.")
    text = _as_quote(step.wording) if step.type == "quote" else step.wording
    if clause.type == "quote" and step.type != "quote":
        text = without_marks(text)
    if step.type == "heading":
        text = " ".join(text.split())
    changed = editing.recast(
        report, step.clause, text, type=step.type, level=step.level, ordered=step.ordered
    )
    place = report.locate(step.clause)
    assert place is not None
    _check_stands(changed, step.clause, place.chapter.path, place.parent, place.after)
    return changed


def _add(report: Report, step: Add, taken: Collection[str]) -> tuple[Report, str]:
    if step.type not in ADDABLE:
        raise BadInput("A clause of this kind cannot be added by itself.")
    if not step.text.strip():
        raise BadInput("Write the words of the new clause.")
    for each in step.was:
        _require(report, each, "Name as its ancestors only clauses whose words it takes over.")
    _check_place(report, step.path, step.parent, step.after, step.type)
    text = _as_quote(step.text) if step.type == "quote" else step.text
    changed = editing.insert(
        report,
        path=step.path,
        parent=step.parent,
        after=step.after,
        text=text,
        type=step.type,
        level=step.level or (2 if step.type == "heading" else None),
        ordered=step.ordered,
        taken=taken,
        origin=step.origin,
        was=step.was,
        name=step.id if step.id and step.id not in taken and step.id not in report.ids else None,
    )
    new = next(iter(changed.ids - report.ids))
    _check_stands(changed, ClauseId(new), step.path, step.parent, step.after)
    return changed, new


def _move(report: Report, step: Move) -> Report:
    clause = _require(report, step.clause, "It may have been removed meanwhile.")
    if step.after == step.clause:
        raise BadInput("A clause cannot stand behind itself: choose another place.")
    _check_place(report, step.path, step.parent, step.after, clause.type)
    place = report.locate(step.clause)
    assert place is not None
    here = (place.chapter.path, place.parent, place.after)
    if here == (step.path, step.parent, step.after):
        raise BadInput("The clause stands there already: choose another place.")
    changed = editing.move(
        report, step.clause, path=step.path, parent=step.parent, after=step.after
    )
    _check_stands(changed, step.clause, step.path, step.parent, step.after)
    return changed


def _new_chapter(report: Report, step: NewChapter, taken: Collection[str]) -> Report:
    if report.chapter(step.path) is not None:
        raise BadInput("The report has a chapter of this name already: choose another title.")
    chapter = read_chapter(step.path, step.text)
    used = {*taken, *report.ids}
    if any(clause.id in used for clause in chapter.clauses if clause.id):
        chapter = read_chapter(step.path, editing.unmarked_text(chapter))
    blocks = [clause for clause in chapter.clauses if clause.type == "opaque"]
    if blocks:
        raise BadInput(
            say(
                "Line {line} of the new chapter holds something that no vote could name, "
                "such as raw HTML. Write it as plain paragraphs, lists or tables.",
                line=blocks[0].line,
            )
        )
    if not chapter.clauses:
        raise BadInput("Write the first words of the new chapter.")
    return Report((*report.chapters, add_ids(chapter, used)))


def _check_place(
    report: Report,
    path: str,
    parent: ClauseId | None,
    after: ClauseId | None,
    kind: ClauseType,
) -> None:
    if report.chapter(path) is None:
        raise NotFound("The chapter is not in the draft any more: choose another place.")
    if parent is not None:
        above = _require(report, parent, "Choose another place.")
        if above.type != "item" or kind != "item":
            raise BadInput("Only a list entry can stand inside another: choose another place.")
    if after is not None:
        _require(report, after, "The place is gone with it: choose another one.")
        place = report.locate(after)
        assert place is not None
        if place.chapter.path != path or place.parent != parent:
            raise BadInput(
                "The clause before this place has moved meanwhile: choose the place again."
            )


def _check_stands(
    report: Report,
    clause: ClauseId,
    path: str,
    parent: ClauseId | None,
    after: ClauseId | None,
) -> None:
    place = report.locate(clause)
    if place is None or (place.chapter.path, place.parent, place.after) != (path, parent, after):
        raise BadInput("A clause of this kind cannot stand there: choose another place.")


def _require(report: Report, clause_id: ClauseId, advice: str) -> Clause:
    place = report.locate(clause_id)
    if place is None:
        raise NotFound(
            say("The clause is not in the draft any more. {advice}", advice=advice),
            clause=clause_id,
        )
    return place.clause


def _as_quote(text: str) -> str:
    lines = text.strip("\n").split("\n")
    if all(line.startswith(">") for line in lines):
        return text
    return "\n".join(f"> {line}" if line.strip() else ">" for line in lines)


def without_marks(text: str) -> str:
    """Take the marks of a quotation off its lines.

    >>> without_marks("> To be, or\\n>not to be.")
    'To be, or\\nnot to be.'
    """
    return "\n".join(re.sub(r"^ {0,3}> ?", "", line) for line in text.split("\n"))


def _renamed(step: Step, renamed: Mapping[str, ClauseId]) -> Step:
    given: dict[str, Any] = {
        name: renamed[getattr(step, name)]
        for name in ("clause", "parent", "after")
        if getattr(step, name, None) in renamed
    }
    return replace(step, **given) if given else step

"""`drafter propose`, `admit`, `redraft`, `combine`: amendments by the command.

The operator's machine acts for a seat or the clerk, named by `--as`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from drafter.cli.changewords import visible
from drafter.cli.files import read_text
from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.cli.people import actor_named
from drafter.core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from drafter.core.clauses import Report
    from drafter.core.ids import ClauseId
    from drafter.core.steps import Step
    from drafter.people.proposals import Proposal
    from drafter.services.authority import Actor
    from drafter.services.instance import Instance

Command = TypeVar("Command", bound=Callable[..., Any])

KINDS = ("paragraph", "entry", "numbered", "heading", "quote", "table", "code")


def _step_options(command: Command) -> Command:
    """Add the options that name changes; each may stand several times."""
    pairs = (
        ("--reword", "CLAUSE FILE", "Other words for a clause."),
        ("--add", "PLACE FILE", "A new clause at a place."),
        ("--move", "CLAUSE PLACE", "Another place for a clause."),
        ("--new-chapter", "TITLE FILE", "A new chapter at the end."),
    )
    for name, metavar, line in reversed(pairs):
        command = click.option(name, metavar=metavar, nargs=2, multiple=True, help=line)(command)
    command = click.option(
        "--remove", metavar="CLAUSE", multiple=True, help="Remove a clause, with what is in it."
    )(command)
    command = click.option(
        "--kind", type=click.Choice(KINDS), help="What --add adds; else like its neighbour."
    )(command)
    who = click.option("--as", "who", metavar="WHO", required=True, help="seat-07, or clerk.")
    comments = click.option("--comments", metavar="N,N", default="", help="Comments taken up.")
    keep = click.option("--keep", is_flag=True, help="Keep the draft; do not hand it in yet.")
    return keep(comments(who(command)))


@click.command("propose")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--title", metavar="LINE", required=True, help="What would happen, in one line.")
@_step_options
def propose_command(
    path: Path, title: str, who: str, comments: str, keep: bool, **asked: Any
) -> int:
    """Draft an amendment for a seat or the clerk, and hand it to the clerk.

    CLAUSE is an id or a number of today (4.2). PLACE is the CLAUSE it stands behind, inside:CLAUSE
    for the first entry inside a list entry, or the path of a chapter for its beginning. FILE holds
    the words; - is the standard input. Changes are made in the order reword, add, move, remove,
    new chapter, each in the order given.

    \b
    Examples:
      drafter propose my-report --as seat-07 --title "Votes at sixteen" --reword 4.2 words.md
      drafter propose my-report --as clerk --title "Shorter" --remove 4.3 --comments 12,15

    Exit codes: 0 done, and the draft's number is printed; 1 refused; 2 an error, nothing is kept.
    """
    from drafter.services import proposing

    actor = actor_named(who)
    with opened_instance(path) as instance:
        steps = _steps(instance.report, instance, **asked)
        made = proposing.start(
            instance, actor, title=title, steps=steps, comments=numbers(comments)
        )
        return _handed_in(instance, actor, made, keep)


@click.command("redraft")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("number", type=click.IntRange(min=1))
@click.option("--title", metavar="LINE", help="Another title.")
@click.option("--afresh", is_flag=True, help="Leave out what it asked for until now.")
@_step_options
def redraft_command(
    path: Path,
    number: int,
    title: str | None,
    afresh: bool,
    who: str,
    comments: str,
    keep: bool,
    **asked: Any,
) -> int:
    """Give an open amendment other words: a seat its own, the clerk any.

    It begins with what the amendment asks for now; a change named here takes the place of an
    earlier one on the same clause. Options as for `drafter propose`.

    \b
    Example:
      drafter redraft my-report 3 --as clerk --reword 4.2 words.md

    Exit codes: 0 done, and the draft's number is printed; 1 refused; 2 an error.
    """
    from drafter.services import proposing

    actor = actor_named(who)
    with opened_instance(path) as instance:
        made = proposing.start_redraft(instance, actor, number)
        return _carried_on(instance, actor, made, title, afresh, numbers(comments), keep, asked)


@click.command("combine")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("amendments", nargs=-1, required=True, type=click.IntRange(min=1), metavar="N N…")
@click.option("--title", metavar="LINE", help="What would happen, in one line.")
@_step_options
def combine_command(
    path: Path,
    amendments: tuple[int, ...],
    title: str | None,
    who: str,
    comments: str,
    keep: bool,
    **asked: Any,
) -> int:
    """Draft an amendment that brings several together; it is voted on by itself.

    Words that do not touch are merged; where they compete, those of the first amendment named
    stand, unless a change named here says otherwise. Options as for `drafter propose`.

    \b
    Example:
      drafter combine my-report 3 5 --as seat-07 --title "Votes at seventeen" --reword 4.2 words.md

    Exit codes: 0 done, and the draft's number is printed; 1 refused; 2 an error.
    """
    from drafter.services import competing

    actor = actor_named(who)
    with opened_instance(path) as instance:
        made = competing.start_combined(instance, actor, amendments, title=title or "")
        return _carried_on(instance, actor, made, None, False, numbers(comments), keep, asked)


@click.command("admit")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("draft", type=click.IntRange(min=1), required=False, metavar="[DRAFT]")
@click.option("--comments", metavar="N,N", default="", help="Admit these suggestions instead.")
@click.option("--title", metavar="LINE", default="", help="Its title, or another one.")
@click.option("--names-nobody", is_flag=True, help="I have read it; it names no private person.")
@click.option("--give-back", metavar="REASON", help="Give the draft back to its author instead.")
def admit_command(
    path: Path,
    draft: int | None,
    comments: str,
    title: str,
    names_nobody: bool,
    give_back: str | None,
) -> int:
    """Make an amendment of a draft that was handed in, or of suggestions; list the drafts.

    Acts as the clerk. Without DRAFT and --comments it lists the drafts that wait.

    \b
    Examples:
      drafter admit my-report
      drafter admit my-report 4 --names-nobody
      drafter admit my-report --comments 12,15 --title "Votes at sixteen" --names-nobody

    Exit codes: 0 done, and the amendment's number is printed; 1 refused; 2 an error.
    """
    from drafter.services import admitting, receiving
    from drafter.services.authority import CLERK_ACTOR

    with opened_instance(path) as instance:
        if draft is None and not comments:
            for one in receiving.waiting(instance, CLERK_ACTOR):
                click.echo(visible(f"{one.id:4d}  {one.author:<8}  {one.title}"))
            return DONE
        if give_back is not None and draft is not None:
            receiving.give_back(instance, CLERK_ACTOR, draft, give_back)
            click.echo(f"Draft {draft} is given back.")
            return DONE
        if not names_nobody:
            raise BadInput("Read the wording; then say with --names-nobody that it names nobody.")
        if draft is not None:
            number = receiving.admit_proposal(instance, CLERK_ACTOR, draft, title=title)
        else:
            number = admitting.admit(instance, CLERK_ACTOR, numbers(comments), title)
        click.echo(f"Amendment {number}")
    return DONE


def numbers(text: str) -> list[int]:
    """Read numbers with commas between. Raises BadInput."""
    if text and not re.fullmatch(r"\s*\d{1,9}(\s*,\s*\d{1,9})*\s*", text):
        raise BadInput(f"{text[:40]!r} is no list of numbers; write 12,15.")
    return [int(number) for number in re.findall(r"\d+", text)]


def _carried_on(
    instance: Instance,
    actor: Actor,
    made: Proposal,
    title: str | None,
    afresh: bool,
    comments: list[int],
    keep: bool,
    asked: dict[str, Any],
) -> int:
    """Put the changes asked for into a draft just begun; throw it away where one does not fit."""
    from drafter.services import proposing

    with _or_thrown_away(instance, actor, made):
        new = _steps(instance.report, instance, **asked)
        about = {getattr(step, "clause", None) for step in new} - {None}
        old = [step for step in made.steps if getattr(step, "clause", None) not in about]
        if new or afresh:
            steps = [*([] if afresh else old), *new]
            made = proposing.set_steps(instance, actor, made.id, steps)
        if title or comments:
            made = proposing.describe(
                instance, actor, made.id, title=title or made.title, comments=comments
            )
    return _handed_in(instance, actor, made, keep)


@contextmanager
def _or_thrown_away(instance: Instance, actor: Actor, made: Proposal) -> Iterator[None]:
    """Leave no half a draft behind where something is refused."""
    from drafter.services import proposing

    try:
        yield
    except BaseException:
        proposing.discard(instance, actor, made.id)
        raise


def _handed_in(instance: Instance, actor: Actor, made: Proposal, keep: bool) -> int:
    from drafter.services import proposing

    if keep:
        click.echo(f"Draft {made.id}")
        return DONE
    with _or_thrown_away(instance, actor, made):
        proposing.submit(instance, actor, made.id)
    click.echo(f"Draft {made.id}, handed in")
    return DONE


def _steps(
    report: Report,
    instance: Instance,
    *,
    reword: tuple[tuple[str, str], ...],
    add: tuple[tuple[str, str], ...],
    move: tuple[tuple[str, str], ...],
    remove: tuple[str, ...],
    new_chapter: tuple[tuple[str, str], ...],
    kind: str | None,
) -> list[Step]:
    from drafter.core.steps import Move, NewChapter, Remove, Reword, chapter_path, new_chapter_text

    names = _Names(report, instance.numbering)
    found: list[Step] = []
    for clause, file in reword:
        found.append(Reword(names.clause(clause), _words(file).strip("\n")))
    for place, file in add:
        found.append(names.added(place, _words(file).strip("\n"), kind))
    for clause, place in move:
        found.append(Move(names.clause(clause), *names.place(place)))
    found += [Remove(names.clause(clause)) for clause in remove]
    used = {chapter.path for chapter in report.chapters}
    for title, file in new_chapter:
        path = chapter_path(title, used)
        used.add(path)
        found.append(NewChapter(path, new_chapter_text(title, _words(file))))
    return found


def _words(file: str) -> str:
    return click.get_text_stream("stdin").read() if file == "-" else read_text(file)


class _Names:
    """Clauses and places of a text as somebody types them."""

    def __init__(self, report: Report, style: str) -> None:
        from drafter.core.numbering import number_report

        self.report = report
        self.by_number = {
            number: report.chapter(path).clauses[index].id  # type: ignore[union-attr]
            for (path, index), number in number_report(report, style).items()
        }

    def clause(self, name: str) -> ClauseId:
        from drafter.core.ids import ClauseId

        found = self.by_number.get(name) or name
        if self.report.locate(found) is None:
            raise NotFound(f"There is no clause {name[:40]!r} in the draft.")
        return ClauseId(found)

    def place(self, name: str) -> tuple[str, ClauseId | None, ClauseId | None]:
        """Give chapter, parent and the clause before."""
        if self.report.chapter(name):
            return name, None, None
        inside = name.removeprefix("inside:")
        place = self.report.locate(self.clause(inside))
        assert place is not None
        if inside != name:
            return place.chapter.path, place.clause.id, None
        return place.chapter.path, place.parent, place.clause.id

    def added(self, name: str, text: str, kind: str | None) -> Step:
        from drafter.core.steps import Add

        path, parent, after = self.place(name)
        beside = self.report.locate(str(after or parent))
        if kind is None and beside and beside.clause.type == "item":
            kind = "numbered" if beside.clause.ordered else "entry"
        item = kind in ("entry", "numbered")
        types = {"entry": "item", "numbered": "item", None: "paragraph"}
        return Add(
            path,
            parent,
            after,
            text,
            "item" if item else types.get(kind, kind),  # type: ignore[arg-type]
            kind == "numbered",
            2 if kind == "heading" else None,
        )

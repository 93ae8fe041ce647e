"""Texts and edits for the laws of the core, drawn from a seeded source of chance."""

from __future__ import annotations

import random
import re

from drafter.core import editing
from drafter.core.clauses import Clause, Report
from drafter.core.errors import BadInput
from drafter.core.marking import add_ids
from drafter.core.reading import read_chapter

PATH = "drafts/chapter.md"

WORDS = (
    *(
        "assembly",
        "ballot",
        "bench",
        "border",
        "budget",
        "charter",
        "chamber",
        "citizen",
        "council",
    ),
    *("court", "county", "decree", "duty", "election", "freedom", "harbour", "island", "judge"),
    *("jury", "law", "liberty", "member", "ministry", "nation", "office", "parish", "petition"),
    *("quorum", "region", "right", "river", "school", "senate", "session", "statute", "tax"),
    *("term", "treaty", "union", "vote"),
)

PIECES = (
    *["# ", "## ", "- ", "1. ", "> ", "    ", "  ", "\t", "\n", "\n\n", "a", "b c", "words", "+ "],
    *["```\n", "~~~", "| a | b |\n", "|--|--|\n", "---\n", "===\n", "<div>", "</div>", "<!-- "],
    *["-->", "<b>", "[x]: /u\n", "[^1]: ", "[^1]", "{: #c-7k3m9q }", "{: #c-7k3m9r }\n", "\\"],
    *[' {: #c-000000 origin="a/1" }', "`", "**", "*", "\r\n", "\r", "\0", "#", "2) ", "<script>"],
    *["&amp;", "é", "ŷ", "\x0b", "\u2028", "\ufeff", " ##\n", "---\ntitle: x\n---\n", "\udc80"],
)
"""Bits of Markdown, good and bad, that make awkward files when thrown together."""


def sentence(chance: random.Random, length: int | None = None) -> str:
    """Make a sentence without punctuation inside."""
    words = [chance.choice(WORDS) for _ in range(length or chance.randint(4, 14))]
    return " ".join(words).capitalize() + "."


def items(chance: random.Random) -> str:
    """Make a list, some of its items with nested ones."""
    ordered = chance.random() < 0.4
    lines = []
    for number in range(chance.randint(1, 3)):
        mark = f"{number + 1}. " if ordered else "- "
        lines.append(mark + sentence(chance))
        for _ in range(chance.choice((0, 0, 1, 2))):
            lines.append(" " * len(mark) + "- " + sentence(chance))
    return "\n".join(lines)


def document(chance: random.Random, *, blocks: tuple[int, int] = (2, 6)) -> str:
    """Make a chapter of headings, paragraphs, lists, quotes and tables, without ids."""
    makers = (
        lambda: "## " + sentence(chance, 3),
        lambda: sentence(chance),
        lambda: sentence(chance) + " " + sentence(chance),
        lambda: items(chance),
        lambda: items(chance),
        lambda: f"> {sentence(chance)}\n>\n> {sentence(chance)}",
        lambda: f"| a | b |\n|---|---|\n| {sentence(chance, 2)} | {sentence(chance, 2)} |",
    )
    return "\n\n".join(chance.choice(makers)() for _ in range(chance.randint(*blocks))) + "\n"


def report(chance: random.Random, taken: set[str]) -> Report:
    """Make a report of one chapter with ids, and note them in `taken`."""
    made = Report((add_ids(read_chapter(PATH, document(chance))),))
    taken |= made.ids
    return made


def edited(chance: random.Random, text: Report, salt: str, taken: set[str]) -> Report:
    """Edit a report by clause one to four times; `salt` marks this side's words."""
    for _ in range(chance.randint(1, 4)):
        clauses = [c for ch in text.chapters for c in ch.clauses if c.id]
        if not clauses:
            break
        try:
            text = _one_edit(chance, text, chance.choice(clauses), clauses, salt, taken)
        except BadInput:
            continue
        taken |= text.ids
    return text


def _one_edit(
    chance: random.Random,
    text: Report,
    clause: Clause,
    clauses: list[Clause],
    salt: str,
    taken: set[str],
) -> Report:
    assert clause.id is not None
    kind = chance.random()
    if kind < 0.4:
        return editing.substitute(text, clause.id, _retyped(chance, clause, salt))
    if kind < 0.6:
        return editing.repeal(text, clause.id)
    place = text.locate(str(chance.choice(clauses).id))
    assert place is not None
    is_item = place.clause.type == "item"
    if kind < 0.8 and (is_item or place.parent is None):
        return editing.insert(
            text,
            path=PATH,
            parent=place.parent,
            after=place.clause.id,
            text=sentence(chance, 5)[:-1] + salt + ".",
            type="item" if is_item else "paragraph",
            ordered=place.clause.ordered,
            taken=taken,
            salt=salt,
        )
    if place.clause.id == clause.id or (place.parent and clause.type != "item"):
        return text
    return editing.move(text, clause.id, path=PATH, parent=place.parent, after=place.clause.id)


def _retyped(chance: random.Random, clause: Clause, salt: str) -> str:
    typed = editing.typed_text(clause)
    if clause.type in ("table", "quote", "code"):
        old = chance.choice(re.findall(r"[a-z]{2,}", typed) or ["a"])
        return typed.replace(old, chance.choice(WORDS) + salt, 1)
    words = typed.split(" ")
    at, kind = chance.randrange(len(words)), chance.random()
    if kind < 0.4:
        words[at] = chance.choice(WORDS) + salt
    elif kind < 0.7:
        words.insert(at, chance.choice(WORDS) + salt)
    elif len(words) > 2:
        del words[at]
    return " ".join(words)

"""Reads drafting cases: Markdown documents that say what a merge or a comparison must give.

The form is told in tests/cases/README.md. This module knows the form and nothing of the program.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MERGE_TEXTS = ("base", "a", "b")
COMPARISON_TEXTS = ("old", "new")
SECTIONS = (*MERGE_TEXTS, *COMPARISON_TEXTS, "expected", "merged", "markup")
CHANGE_KINDS = (
    "edited",
    "formatting",
    "moved",
    "moved+edited",
    "added",
    "removed",
    "split",
    "joined",
    "origins",
)

_EXPECTATION = re.compile(
    r"""(?:(?P<alone>clean|no\ change)
        |(?P<quoting>conflict\ on|applied):\s*"(?P<quoted>.+)"
        |(?P<kind>[a-z+]+):\s*(?P<words>.+))""",
    re.VERBOSE,
)
_MARKER = re.compile(r"\{:[^{}]*\}")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_LINE_MARKS = re.compile(
    r"^(?:[ \t]*(?:>|\||\#{1,6}(?=\s)|[-*+](?=\s)|\d{1,9}[.)](?=\s)|\[\^[^\]\s]+\]:))+",
    re.MULTILINE,
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_INLINE_MARKS = re.compile(r"[*`|]|\\$", re.MULTILINE)
_DELETED = re.compile(r"\{--(.*?)--\}", re.DOTALL)
_INSERTED = re.compile(r"\{\+\+(.*?)\+\+\}", re.DOTALL)


class CaseError(ValueError):
    """A case document is not in the form; the message begins with file and line."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line under `## expected`."""

    kind: str  # "clean", "no change", "conflict on", "applied" or one of CHANGE_KINDS
    words: str  # the words named, without quotation marks; "" for "clean" and "no change"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `texts` has the keys base, a, b for a merge, old, new for a comparison."""

    file: Path
    line: int  # 1-based line of the title
    title: str
    texts: dict[str, str]
    expected: tuple[Expectation, ...]
    merged: str | None  # the whole result of a clean merge
    markup: str | None  # the compared text with {--deleted--} and {++inserted++} words

    @property
    def is_merge(self) -> bool:
        return "base" in self.texts

    @property
    def name(self) -> str:
        return f"{self.file.stem}:{self.line}"

    def named(self, *kinds: str) -> list[Expectation]:
        """Give the expectations of these kinds."""
        return [expectation for expectation in self.expected if expectation.kind in kinds]


def read_folder(folder: Path) -> list[Case]:
    """Read every `.md` file below `folder` but the READMEs, in the order of their paths."""
    files = sorted(path for path in folder.rglob("*.md") if path.name != "README.md")
    return [case for file in files for case in read_cases(file, file.read_text("utf-8"))]


def read_cases(file: Path, text: str) -> list[Case]:
    """Read one document; raise CaseError where it is not in the form."""
    lines = text.split("\n")
    titles = [number for number, line in enumerate(lines) if line.startswith("# ")]
    opening = titles[0] if titles else len(lines)
    if any(line.strip() for line in lines[:opening]):
        raise CaseError(f"{file}:1: begin the document with a title, '# …'")
    ends = [*titles[1:], len(lines)]
    return [
        _read_case(file, start, lines[start:end]) for start, end in zip(titles, ends, strict=True)
    ]


def _read_case(file: Path, start: int, lines: list[str]) -> Case:
    place = f"{file}:{start + 1}"
    sections = dict(_read_sections(place, lines[1:]))
    kinds = MERGE_TEXTS if "base" in sections else COMPARISON_TEXTS
    allowed = {*kinds, "expected", "merged" if kinds is MERGE_TEXTS else "markup"}
    if missing := [kind for kind in (*kinds, "expected") if kind not in sections]:
        raise CaseError(f"{place}: write '## {missing[0]}'")
    if strange := [kind for kind in sections if kind not in allowed]:
        raise CaseError(f"{place}: '## {strange[0]}' does not belong to this sort of case")
    case = Case(
        file=file,
        line=start + 1,
        title=lines[0][2:].strip(),
        texts={kind: sections[kind] for kind in kinds},
        expected=_read_expectations(place, sections["expected"], kinds is MERGE_TEXTS),
        merged=sections.get("merged"),
        markup=sections.get("markup"),
    )
    if case.is_merge and bool(case.named("clean")) != (case.merged is not None):
        raise CaseError(f"{place}: a clean merge needs '## merged', and only a clean one has it")
    return case


def _read_sections(place: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    openings = [number for number, line in enumerate(lines) if line.startswith("## ")]
    if any(line.strip() for line in lines[: openings[0] if openings else len(lines)]):
        raise CaseError(f"{place}: put every text under a '## …' line")
    seen: set[str] = set()
    for start, end in zip(openings, [*openings[1:], len(lines)], strict=False):
        name = lines[start][3:].strip()
        if name not in SECTIONS:
            raise CaseError(f"{place}: '## {name}' is none of {', '.join(SECTIONS)}")
        if name in seen:
            raise CaseError(f"{place}: '## {name}' stands twice")
        seen.add(name)
        yield name, _without_blank_edges(lines[start + 1 : end])


def _without_blank_edges(lines: list[str]) -> str:
    full = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[full[0] : full[-1] + 1]) + "\n" if full else ""


def _read_expectations(place: str, text: str, merge: bool) -> tuple[Expectation, ...]:
    allowed = ("clean", "conflict on", "applied") if merge else ("no change", *CHANGE_KINDS)
    expected = [_read_expectation(place, line, allowed) for line in text.split("\n") if line]
    alone = [one for one in expected if one.kind in ("clean", "no change")]
    if not expected or (alone and len(expected) > 1):
        raise CaseError(f"{place}: under '## expected' write {allowed[0]!r} or what changes")
    return tuple(expected)


def _read_expectation(place: str, line: str, allowed: tuple[str, ...]) -> Expectation:
    match = _EXPECTATION.fullmatch(line.strip())
    kind = match and (match["alone"] or match["quoting"] or match["kind"])
    if not match or kind not in allowed:
        raise CaseError(f"{place}: cannot read the expectation {line.strip()!r}")
    return Expectation(kind, match["quoted"] or match["words"] or "")


def plain(text: str) -> str:
    """Give the words of a text in one line, as expectations quote them.

    Taken out: ids, fences, the marks that open headings, items, quotes, notes and table rows,
    and bold, emphasis, code and link marks.

    >>> plain("1. **Every** [voter](v.md) counts. {: #c-7k3m9q }")
    'Every voter counts.'
    >>> plain("| Body | Term |")
    'Body Term'
    """
    for pattern, replacement in (
        (_MARKER, ""),
        (_FENCE, ""),
        (_LINE_MARKS, ""),
        (_LINK, r"\1"),
    ):
        text = pattern.sub(replacement, text)
    return " ".join(_INLINE_MARKS.sub("", text).split())


def one_line(text: str) -> str:
    """Give the text with every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Give the text without ids and without any white space."""
    return "".join(_MARKER.sub("", text).split())


def without_inserted(markup: str) -> str:
    """Take the inserted words out of a markup and leave the deleted ones: the old text.

    >>> without_inserted("a {--red--}{++blue++} flag")
    'a red flag'
    """
    return _DELETED.sub(r"\1", _INSERTED.sub("", markup))


def without_deleted(markup: str) -> str:
    """Take the deleted words out of a markup and leave the inserted ones: the new text."""
    return _INSERTED.sub(r"\1", _DELETED.sub("", markup))


def faults(case: Case) -> list[str]:
    """Say what contradicts itself in a case that has the right form."""
    found = [
        f"the words {one.words!r} stand in none of the texts"
        for one in case.expected
        if not any(plain(one.words) in plain(text) for text in case.texts.values())
    ]
    if case.markup is not None:
        for side, text in (("old", without_inserted), ("new", without_deleted)):
            if squeezed(text(case.markup)) != squeezed(case.texts[side]):
                found.append(f"the markup does not give the {side} text")
    return found

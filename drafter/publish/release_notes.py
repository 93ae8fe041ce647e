"""Release notes: what a version brings, in words. Drafted from the decisions, then anybody's.

In git they are `amendments/notes/vN.md`: Markdown, one form for equal words. They are typed by
people and stay for good, so whoever publishes is told to name nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from drafter.core.amendments import Amendment
from drafter.core.errors import BadInput
from drafter.core.rendering import render
from drafter.core.saying import say
from drafter.publish import words
from drafter.publish.body import Body, page_url
from drafter.publish.changes import Comparison, comparisons, summary
from drafter.publish.edition import Edition, chapter_title
from drafter.publish.facts import CommentFact
from drafter.publish.links import Links, links_from
from drafter.publish.markdown_extension import parse_html, serialize
from drafter.publish.templating import fill

LONGEST: Final = 20_000
"""Characters."""
PAGE: Final = "notes.md"

_HEADINGS = {
    "accepted": "Accepted",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
    "lapsed": "Lapsed",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
_SENTENCE = re.compile(r"(.+?[.!?…][”’\"')]*)(?:\s+(?=[A-Z“‘\"'0-9])|$)", re.DOTALL)
_MENTION = re.compile(r"\b([Aa]mendment) (\d{1,9})\b")


def clean_notes(text: str) -> str:
    r"""Give the one form that notes have in git; empty where there are none.

    Raises BadInput where they are too long.

    >>> clean_notes(" \r\nTwo chapters\x00 are new.  \r\n\r\n\r\n\r\nRead them.\r\n")
    'Two chapters are new.\n\nRead them.\n'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    seen = ["".join(filter(_is_seen, line)).rstrip() for line in lines]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(seen)).strip("\n")
    if len(joined) > LONGEST:
        raise BadInput(say("Release notes have at most {most} characters.", most=LONGEST))
    return f"{joined}\n" if joined.strip() else ""


def _is_seen(sign: str) -> bool:
    return sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def notes_faults(content: bytes) -> Iterator[str]:
    """Name what keeps a file from being release notes."""
    try:
        text = content.decode("utf-8")
        canonical = clean_notes(text)
    except (UnicodeDecodeError, BadInput):
        yield "Its release notes are no text, or too long."
        return
    if canonical != text or not text:
        yield "Its release notes are not in the form that Drafter writes."


# The draft


def draft_notes(
    edition: Edition, comments: Sequence[CommentFact], before: Sequence[CommentFact]
) -> str:
    """Write the notes of a version that is about to be published, from what was decided.

    `edition`: the text that it will have, with the versions before. `comments`: its facts;
    `before`: those of the last version.
    """
    comparison = next(comparisons(edition), None)
    parts = [_first(edition)] if comparison is None else [summary(comparison)]
    decided = comparison.decided if comparison else list(edition.amendments.values())
    for status, heading in _HEADINGS.items():
        lines = [_decision(each) for each in decided if each.status == status]
        if lines:
            parts.append(f"## {heading}\n\n" + "\n".join(lines))
    if comparison is not None and not (edition.version and edition.version.imported):
        edits = list(_edits(comparison))
        if edits:
            parts.append("## Edited without a vote\n\n" + "\n".join(edits))
    if comments:
        parts.append(f"## Comments\n\n{_answered(comparison, comments, before)}")
    return clean_notes("\n\n".join(parts))


def _first(edition: Edition) -> str:
    clauses = sum(place.clause.type != "opaque" for place in edition.report.places())
    chapters = words.counted(len(edition.report.chapters), "chapter")
    return f"The first version: {chapters} with {words.counted(clauses, 'clause')}."


def _decision(amendment: Amendment) -> str:
    """Name an amendment, with the first sentence of the reason that the panel gave."""
    reason = amendment.decision.reason if amendment.decision else ""
    said = first_sentence(reason)
    name = f"- Amendment {amendment.number}, “{_escaped(amendment.title)}”"
    return f"{name}: {_escaped(said)}" if said else f"{name}."


def first_sentence(text: str) -> str:
    """Give the first sentence of a Markdown text, without its formatting.

    >>> first_sentence("It is *clearer*. And it is short.")
    'It is clearer.'
    """
    plain = " ".join("".join(parse_html(render(text)).itertext()).split())
    found = _SENTENCE.match(plain)
    return found[1] if found else plain


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _edits(comparison: Comparison) -> Iterator[str]:
    """Count by chapter the changes that no amendment asked for, formatting apart."""
    counts: Counter[str] = Counter()
    for change in comparison.diff.changes:
        if change.kind != "formatting" and not comparison.behind(change):
            side = (change.sides("new") or change.sides("old"))[0]
            counts[side.path] += 1
    for path, count in sorted(counts.items()):
        chapter = comparison.edition.report.chapter(path) or comparison.before.chapter(path)
        title = _escaped(chapter_title(chapter)) if chapter else path
        yield f"- {title}: {words.counted(count, 'clause')}"


def _answered(
    comparison: Comparison | None, comments: Sequence[CommentFact], before: Sequence[CommentFact]
) -> str:
    answered = sum(comment.answered for comment in comments)
    have = "has" if answered == 1 else "have"
    text = f"Of {words.counted(len(comments), 'comment')}, {answered:,} {have} an answer"
    earlier = {comment.number for comment in before if comment.answered}
    new = sum(comment.answered and comment.number not in earlier for comment in comments)
    if comparison is not None and new:
        return f"{text}, {new:,} of them since version {comparison.since.number}."
    return f"{text}."


# The page


def notes_page(edition: Edition) -> Body:
    """Write the page of a version's release notes."""
    version = edition.version
    assert version is not None
    links = links_from(page_url(PAGE), edition.settings.app_url, published=True)
    html = fill(
        "notes.html",
        version=version,
        notes=_shown(edition, edition.notes, links),
        changes=links.page("changes/") if edition.earlier else None,
        links=links,
    )
    return Body(PAGE, f"What version {version.number} brings", "changes", html)


def notes_begin(edition: Edition) -> str:
    """Render the first paragraph of the notes, for the version's front page."""
    links = links_from("", edition.settings.app_url, published=True)
    return _shown(edition, edition.notes.split("\n\n")[0], links) if edition.notes else ""


def _shown(edition: Edition, text: str, links: Links) -> str:
    """Render notes by the one renderer; amendments that they name lead to their pages.

    Headings of the first level go down one, below the page's own.
    """
    tree = parse_html(render(words.readable(text)))
    pages = {int(number): links.amendment(number) for number in edition.amendments}
    for element in list(tree.iter()):
        element.attrib.pop("id", None)
        if not element.get("href", "").startswith(("http://", "https://", "mailto:")):
            element.attrib.pop("href", None)
        if element.tag == "h1":
            element.tag = "h2"
        if element.tag not in ("a", "code"):
            _link(element, pages)
    return serialize(tree)[len("<div>") : -len("</div>")]


def _link(element: Element, pages: dict[int, str]) -> None:
    """Turn "amendment 17" into a link, in the words that stand in an element itself."""
    for child in reversed(list(element)):
        child.tail, found = _linked(child.tail or "", pages)
        position = list(element).index(child) + 1
        element[position:position] = found
    element.text, found = _linked(element.text or "", pages)
    element[0:0] = found


def _linked(text: str, pages: dict[int, str]) -> tuple[str, list[Element]]:
    """Cut a text at the amendments that it names: what is before the first, and the links."""
    found: list[Element] = []
    for mention in reversed(list(_MENTION.finditer(text))):
        if int(mention[2]) in pages:
            link = Element("a", {"href": pages[int(mention[2])]})
            link.text, link.tail = mention[0], text[mention.end() :]
            text = text[: mention.start()]
            found.insert(0, link)
    return text, found

"""Puts the project's one renderer behind Python-Markdown, and lays the clauses out in rows.

MkDocs only knows Python-Markdown. This extension swaps its block parser for one that asks
`drafter.core.rendering.render`, empties every other stage, and writes the tree back as HTML does,
so that a page holds the bytes of the preview. Link checking, contents and search go on working,
because they look at the tree. It knows nothing of numbers and notes: the plugin hands them in.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, TreeBuilder

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.extensions.toc import nest_toc_tokens, slugify, unique
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry
from mkdocs.utils.rendering import get_heading_text

from drafter.core.ids import is_clause_id
from drafter.core.rendering import render

NAME = "drafter.publish.markdown_extension"
"""The extension's name in `mkdocs.yml`, and its key in MkDocs' `mdx_configs`."""

Notes = Callable[[str], str | None]
"""Given a clause id, the trusted HTML that stands beside the clause, or nothing."""

VOID = frozenset({"br", "hr", "img", "input", "wbr"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ol", "ul"})

_UNSOUGHT = {"data-search-exclude": ""}
_WIDE = {
    tag: {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": name}
    for tag, name in (("table", "Table"), ("pre", "Text as typed"))
}

AS_IS = "as-is:"
"""Begins an address in a note that MkDocs is to leave alone: to the app, or outside the version.

No address that people type can begin so: the renderer keeps a few schemes, and not this one.
"""

_CONTENTS = 6.0  # before MkDocs collects anchors (5) and reads the title (1)
_ROWS = 0.5  # after the title is read, before links are resolved (0), so that notes' links are too
_ADDRESSES = -1.0  # after links are resolved


class _Tree(HTMLParser):
    """Builds the element tree of well-formed HTML; XML would refuse control characters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def parse_html(text: str) -> Element:
    """Give well-formed HTML as the children of one `div`."""
    tree = _Tree()
    tree.feed(f"<div>{text}</div>")
    tree.close()
    return tree.builder.close()


def serialize(element: Element) -> str:
    """Write an element as the HTML standard serialises it.

    Source: HTML, "Serializing HTML fragments" (text: & < > and no-break space; attributes: " too).

    >>> serialize(parse_html('<p>1 &lt; 2 &amp;amp; 3<br>4</p>'))
    '<div><p>1 &lt; 2 &amp;amp; 3<br>4</p></div>'
    """
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{_escape(value)}"' for name, value in element.items())
    yield f"<{element.tag}{attributes}>"
    if element.tag in VOID:
        return
    yield _escape(element.text or "", quote=False)
    for child in element:
        yield from _pieces(child)
        yield _escape(child.tail or "", quote=False)
    yield f"</{element.tag}>"


def _escape(text: str, *, quote: bool = True) -> str:
    escaped = html.escape(text, quote=False).replace("\xa0", "&nbsp;")
    return escaped.replace('"', "&quot;") if quote else escaped


def no_notes(_clause: str) -> None:
    """Put nothing beside a clause."""


def lay_out(root: Element, numbers: Mapping[str, str], notes: Notes = no_notes) -> None:
    """Give each block of `root` its row, in place: number in the margin, words, notes.

    Ids stay on the elements that carry them. A heading becomes a row itself and its notes follow
    it, because search reads a section as a heading and its later siblings; a list stays a list
    and each of its items is a row; any other block is wrapped.
    """
    rows = _Rows(numbers, notes)
    blocks = list(root)
    for block in blocks:
        root.remove(block)
    for block in blocks:
        block.tail = "\n"
        root.extend(rows.of_block(block))


class _Rows:
    """The rows of one page."""

    def __init__(self, numbers: Mapping[str, str], notes: Notes) -> None:
        self.numbers = numbers
        self.notes = notes

    def of_block(self, block: Element) -> list[Element]:
        if block.tag in HEADINGS:
            return self._heading(block)
        if block.tag in LISTS:
            return [self._list(block)]
        return [self._wrapped(block)]

    def _heading(self, heading: Element) -> list[Element]:
        clause = _clause_id(heading)
        words = Element("span", {"class": "words"})
        _move(heading, words)
        _add_class(heading, "clause")
        heading.extend([*self._number(clause), words])
        return [heading, *self._notes(clause)]

    def _wrapped(self, block: Element) -> Element:
        clause = _clause_id(block)
        row, words = Element("div", {"class": "clause"}), Element("div", {"class": "words"})
        row.tail, block.tail = block.tail, None
        holder = SubElement(words, "div", _WIDE[block.tag]) if block.tag in _WIDE else words
        holder.append(block)
        row.extend([*self._number(clause), words, *self._notes(clause)])
        return row

    def _list(self, block: Element) -> Element:
        _add_class(block, "clauses")
        for entry in block:
            self._entry(entry)
        return block

    def _entry(self, entry: Element) -> None:
        """Take nested lists out of the item's words, so that their rows are as wide as its own."""
        clause = _clause_id(entry)
        text, children = entry.text, list(entry)
        entry.text = None
        for child in children:
            entry.remove(child)
        _add_class(entry, "clause")
        entry.extend(self._number(clause))
        first = SubElement(entry, "div", {"class": "words"})
        first.text = text
        entry.extend(self._notes(clause))
        self._fill(entry, first, children)

    def _fill(self, entry: Element, first: Element, children: list[Element]) -> None:
        words: Element | None = first
        for child in children:
            if child.tag in LISTS:
                entry.append(self._list(child))
                words, child.tail = None, None
                continue
            if words is None:
                words = SubElement(entry, "div", {"class": "words"})
            words.append(child)

    def _number(self, clause: str | None) -> list[Element]:
        if clause is None:
            return []
        number = self.numbers.get(clause)
        label = f"Clause {number}, permanent link" if number else "Permanent link"
        link = Element("a", {"class": "n", "href": f"#{clause}", "aria-label": label, **_UNSOUGHT})
        link.text = number or "¶"
        return [link]

    def _notes(self, clause: str | None) -> list[Element]:
        words = self.notes(clause) if clause else None
        if not words:
            return []
        notes = parse_html(words)
        notes.attrib.update({"class": "notes", **_UNSOUGHT})
        return [notes]


def _clause_id(element: Element) -> str | None:
    """Give the clause that an element is; a fence carries its id on the `code` in its `pre`."""
    name = (element[0] if element.tag == "pre" and len(element) else element).get("id", "")
    return name if is_clause_id(name) else None


def _move(source: Element, target: Element) -> None:
    target.text, source.text = source.text, None
    for child in list(source):
        source.remove(child)
        target.append(child)


def _add_class(element: Element, name: str) -> None:
    element.set("class", " ".join([*element.get("class", "").split(), name]))


class _Parser(BlockParser):
    """Renders the whole page with the project's renderer instead of parsing blocks."""

    def parseDocument(self, lines: Any) -> ElementTree:
        return ElementTree(parse_html(render("\n".join(lines))))


class _Contents(Treeprocessor):
    """Lists the headings for MkDocs' table of contents; names those that have no id."""

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in HEADINGS]
        taken = {element.get("id", "") for element in root.iter()}
        tokens = []
        for heading in headings:
            name = get_heading_text(heading, self.md)
            if not heading.get("id"):
                heading.set("id", unique(slugify(html.unescape(name), "-") or "section", taken))
            tokens.append({"level": int(heading.tag[1]), "id": heading.get("id"), "name": name})
        self.md.toc_tokens = nest_toc_tokens(tokens)


class _Layout(Treeprocessor):
    def __init__(self, md: Markdown, numbers: Mapping[str, str], notes: Notes) -> None:
        super().__init__(md)
        self.numbers = numbers
        self.notes = notes

    def run(self, root: Element) -> None:
        lay_out(root, self.numbers, self.notes)


class _Addresses(Treeprocessor):
    """Takes `AS_IS` off the addresses that MkDocs was to leave alone."""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            if link.get("href", "").startswith(AS_IS):
                link.set("href", link.get("href", "").removeprefix(AS_IS))


class DrafterExtension(Extension):
    """Options: `numbers` (clause id to number) and `notes` (clause id to HTML), from the plugin."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "numbers": [{}, "What the margin shows for each clause id"],
            "notes": [no_notes, "What stands beside each clause"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        self.md = md
        md.registerExtension(self)
        md.parser = _Parser(md)
        md.preprocessors, md.treeprocessors, md.postprocessors = Registry(), Registry(), Registry()
        numbers, notes = self.getConfig("numbers"), self.getConfig("notes")
        md.treeprocessors.register(_Contents(md), "drafter_contents", _CONTENTS)
        md.treeprocessors.register(_Layout(md, numbers, notes), "drafter_rows", _ROWS)
        md.treeprocessors.register(_Addresses(md), "drafter_addresses", _ADDRESSES)

    def reset(self) -> None:
        """Set the serializer last: Python-Markdown chooses its own after it loads extensions."""
        self.md.serializer = serialize


def makeExtension(**options: Any) -> DrafterExtension:
    """Make the extension; Python-Markdown calls it by this name."""
    return DrafterExtension(**options)

"""Where the formatting of one paragraph stands in its source.

markdown-it's inline tokens carry no positions. Its rules are wrapped here so that each token
they push notes the span it came from; what no token claims is plain text. Nothing is parsed
a second time by rules of our own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from drafter.core.markdown import dialect

InlineRule = Callable[[StateInline, bool], bool]

_SPECIAL = frozenset("*_`[]!<&\\\n")
_ATOMS = {"code_inline": "code", "image": "image", "autolink": "autolink"}


class Span(NamedTuple):
    """A stretch of a paragraph's source with one role and one formatting.

    `role`: `text` (plain words), `mark` (delimiters that only format), `atom` (a code span, an
    image, an automatic link: one word, however long), `escape` (shown as another character),
    `break` (a hard line break). `shown` is what a reader sees; for `text` the source itself.
    """

    start: int
    end: int
    role: str
    format: tuple[str, ...]
    shown: str


def spans(content: str) -> list[Span]:
    """Cut a paragraph's content (lines joined by line feeds) into spans that cover all of it."""
    if not _SPECIAL.intersection(content):
        return [Span(0, len(content), "text", (), content)]
    tokens: list[Token] = []
    parser = _parser()
    parser.inline.parse(content, parser, {}, tokens)
    return _cover(content, _claims(tokens))


class _Claim(NamedTuple):
    start: int
    end: int
    token: Token


def _claims(tokens: list[Token]) -> list[_Claim]:
    claimed = []
    for token in tokens:
        if "span" in token.meta:
            start, end = token.meta["span"]
            claimed.append(_Claim(start, end, token))
    return sorted(claimed, key=lambda claim: (claim.start, claim.end))


def _cover(content: str, claims: list[_Claim]) -> list[Span]:
    found: list[Span] = []
    formats: list[str] = []
    position = 0
    for start, end, token in claims:
        if token.type == "covered":
            continue
        if start > position:
            _add(found, _text(content, position, start, formats))
        _add(found, _claimed(content, start, end, token, formats))
        position = end
    if position < len(content):
        _add(found, _text(content, position, len(content), formats))
    return found


def _text(content: str, start: int, end: int, formats: list[str]) -> Span:
    return Span(start, end, "text", tuple(sorted(formats)), content[start:end])


def _add(found: list[Span], span: Span) -> None:
    """Append a span, joined to the one before where both are text or marks of one formatting."""
    last = found[-1] if found else None
    joins = last and last.role == span.role in ("text", "mark") and last.format == span.format
    if last and joins:
        found[-1] = last._replace(end=span.end, shown=last.shown + span.shown)
    else:
        found.append(span)


def _claimed(content: str, start: int, end: int, token: Token, formats: list[str]) -> Span:
    kind = token.type
    if kind in ("em_open", "strong_open", "link_open"):
        formats.append(_name(token))
        return Span(start, end, "mark", (), "")
    if kind in ("em_close", "strong_close", "link_close"):
        formats.pop()
        return Span(start, end, "mark", (), "")
    if kind == "text" and token.content == "":
        return Span(start, end, "mark", (), "")
    now = tuple(sorted(formats))
    if kind in _ATOMS:
        name = f"image {token.attrGet('src')}" if kind == "image" else _ATOMS[kind]
        return Span(start, end, "atom", tuple(sorted((*formats, name))), token.content)
    if kind == "hardbreak":
        return Span(start, end, "break", now, "\n")
    if kind == "text_special":
        return Span(start, end, "escape", now, token.content)
    return Span(start, end, "text", now, content[start:end])


def _name(token: Token) -> str:
    if token.type != "link_open":
        return token.tag
    return f"link {token.attrGet('href')} {token.attrGet('title') or ''}".rstrip()


@functools.cache
def _parser() -> MarkdownIt:
    parser = dialect(html=False)
    parser.inline.ruler2.disable("fragments_join")
    for rule in parser.inline.ruler.get_all_rules():
        parser.inline.ruler.at(rule, _noting(parser, rule))
    return parser


def _noting(parser: MarkdownIt, name: str) -> InlineRule:
    """Wrap one inline rule so that the tokens it pushes note their spans."""
    wrapped: InlineRule = next(
        rule.fn for rule in parser.inline.ruler.__rules__ if rule.name == name
    )

    def noting(state: StateInline, silent: bool) -> bool:
        start, count, pending = state.pos, len(state.tokens), bool(state.pending)
        matched = wrapped(state, silent)
        if matched and not silent:
            pushed = state.tokens[count:]
            _note(name, pushed[1:] if pending and pushed else pushed, start, state.pos)
        return matched

    return noting


def _note(rule: str, tokens: list[Token], start: int, end: int) -> None:
    if rule == "autolink" and tokens:
        tokens[0].type, tokens[0].content = "autolink", tokens[1].content
        tokens[0].meta["span"] = (start, end)
        for token in tokens[1:]:
            token.type, token.meta["span"] = "covered", (end, end)
    elif rule == "link":
        inner = [token.meta["span"] for token in tokens if "span" in token.meta]
        tokens[0].meta["span"] = (start, start + 1)
        last = _label_end(tokens, start + 1, inner)
        tokens[-1].meta["span"] = (last, end)
    else:
        for offset, token in enumerate(tokens):
            many = rule == "emphasis"
            token.meta["span"] = (start + offset, start + offset + 1) if many else (start, end)


def _label_end(tokens: list[Token], start: int, inner: list[tuple[int, int]]) -> int:
    """Find where a link's words end: after its last claimed span and the plain text behind it."""
    last = max((span[1] for span in inner), default=start)
    if len(tokens) > 2 and "span" not in tokens[-2].meta:
        last += len(tokens[-2].content)
    return last

"""Markdown to HTML, for site and app alike: HTML off, markers taken out, the result cleaned.

What stands around a clause on a page (number, notes) is put there by the pages themselves.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Sequence
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from drafter.core.markdown import Marker, dialect, siblings, split_marker

_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
    ),
    *("li", "ol", "p", "pre", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr"),
    "ul",
}
_ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title", "class", "id", "role"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "class", "id"},
}
_SCHEMES = {"http", "https", "mailto"}


def render(text: str) -> str:
    """Render a chapter's body (front matter already cut) to clean HTML, clause ids as anchors."""
    return clean(renderer().render(text if text.endswith("\n") else f"{text}\n", {}))


def clean(markup: str) -> str:
    """Keep only the short list of tags and attributes that the dialect can make."""
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        generic_attribute_prefixes=set(),
    )


@functools.cache
def renderer() -> MarkdownIt:
    """Give the rendering parser: HTML off, markers taken out, clauses framed."""
    parser = dialect(html=False)
    parser.core.ruler.after("block", "clause_markers", _take_markers)
    parser.add_render_rule("footnote_ref", _footnote_ref)
    parser.add_render_rule("footnote_reference_open", _footnote_open)
    parser.add_render_rule("footnote_reference_close", _footnote_close)
    for name in ("th_open", "td_open"):
        parser.add_render_rule(name, _cell_open)
    return parser


# Taking markers out: the same grammar as in reading (clauses.py), on the tokens of one page.

_MARKED_AFTER = {"table_close", "blockquote_close", "fence", "code_block"}


@dataclass(slots=True)
class _Pass:
    tokens: list[Token]
    lines: list[str]
    kept: list[Token] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def adjoin(self, block: Token, paragraph: Token) -> bool:
        """Tell whether only blank lines stand between: a link definition makes no token."""
        if block.map is None or paragraph.map is None:
            return False
        return not any(line.strip() for line in self.lines[block.map[1] : paragraph.map[0]])

    def name(self, token: Token, marker: Marker) -> None:
        """Anchor the clause at its block; of two with one id only the first."""
        if marker.id not in self.seen:
            self.seen.add(marker.id)
            token.attrSet("id", marker.id)


def _take_markers(state: StateCore) -> None:
    walk = _Pass(state.tokens, state.src.split("\n"))
    _blocks(walk, 0, len(state.tokens), top=True)
    state.tokens = walk.kept


def _blocks(walk: _Pass, start: int, end: int, *, top: bool, owner: Token | None = None) -> None:
    """Copy the blocks of one container from `walk.tokens` to `walk.kept`, markers taken out."""
    markable: Token | None = None
    for position, (i, j) in enumerate(siblings(walk.tokens, start, end)):
        token = walk.tokens[i]
        if token.type in ("paragraph_open", "heading_open"):
            first = position == 0 and token.type == "paragraph_open"
            target = token if top else owner if first else None
            _paragraph(walk, i, j, target, markable)
            markable = None
            continue
        markable = token if top and walk.tokens[j - 1].type in _MARKED_AFTER else None
        if token.type in ("bullet_list_open", "ordered_list_open", "footnote_reference_open"):
            _container(walk, i, j)
        else:
            walk.kept.extend(walk.tokens[i:j])


def _paragraph(walk: _Pass, i: int, j: int, target: Token | None, markable: Token | None) -> None:
    content, marker = split_marker(walk.tokens[i + 1].content)
    alone = marker is not None and content == "" and walk.tokens[i].type == "paragraph_open"
    if marker and alone and markable is not None and walk.adjoin(markable, walk.tokens[i]):
        walk.name(markable, marker)
        return
    if marker and not alone and target is not None:
        walk.tokens[i + 1].content = content
        walk.name(target, marker)
    walk.kept.extend(walk.tokens[i:j])


def _container(walk: _Pass, start: int, end: int) -> None:
    opening = walk.tokens[start]
    walk.kept.append(opening)
    if opening.type == "footnote_reference_open":
        _blocks(walk, start + 1, end - 1, top=False, owner=opening)
    else:
        for i, j in siblings(walk.tokens, start + 1, end - 1):
            walk.kept.append(walk.tokens[i])
            _blocks(walk, i + 1, j - 1, top=False, owner=walk.tokens[i])
            walk.kept.append(walk.tokens[j - 1])
    walk.kept.append(walk.tokens[end - 1])


# Render rules.


def _footnote_number(token: Token, env: EnvType) -> int | None:
    """Give the number of a footnote in the order of first citation; None where never cited."""
    position = env.get("footnotes", {}).get("refs", {}).get(":" + token.meta["label"], -1)
    return None if position < 0 else position + 1


def _footnote_ref(
    _: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    number, again = tokens[index].meta["id"] + 1, tokens[index].meta["subId"]
    name = f"fnref-{number}-{again + 1}" if again else f"fnref-{number}"
    return (
        f'<sup class="footnote-ref"><a id="{name}" href="#fn-{number}" '
        f'role="doc-noteref">{number}</a></sup>'
    )


def _footnote_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    anchor, number = token.attrGet("id"), _footnote_number(token, env)
    name = f' id="{anchor}"' if anchor else ""
    if number is None:
        mark = f'<span class="footnote-n">{html.escape(token.meta["label"])}</span>'
    else:
        mark = f'<a class="footnote-n" id="fn-{number}" href="#fnref-{number}">{number}</a>'
    return f'<div class="footnote"{name}>{mark}\n'


def _footnote_close(
    _: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return "</div>\n"


def _cell_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Give the alignment of a cell as a class: the pages allow no inline style."""
    style = str(tokens[index].attrs.pop("style", ""))
    if style:
        tokens[index].attrSet("class", style.replace("text-align:", "align-"))
    return self.renderToken(tokens, index, options, env)

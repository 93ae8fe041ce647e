"""A change as prose with pencil marks: HTML out of tokens, for the site and the app alike.

Always well formed: each piece opens and closes its own formatting. What changed is decided in
`drafter.core.worddiff`; here it is only drawn.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Literal, NamedTuple

from drafter.core.diff import Change, comparable_tokens
from drafter.core.worddiff import Chunk, Mark, phrases
from drafter.core.wording import Token

View = Literal["both", "old", "new"]

_AS_TYPED = ("code", "opaque")
_SPOKEN = {"-": "removed: ", "+": "added: "}
_TAGS = {"-": "del", "+": "ins"}
_SIMPLE = ("strong", "em", "code")
_ADDRESSES = ("http://", "https://", "mailto:")


class _Drawn(NamedTuple):
    """A token with its mark; `space` stands before it, with a mark of its own."""

    mark: Mark
    token: Token
    space: str
    space_mark: Mark


def marked(change: Change, view: View = "both") -> str:
    """Draw a change as one block of HTML: a paragraph, a table, or text as it was typed.

    `view`: `old` leaves out what was added, `new` what was removed.
    """
    sides = (change.sides("old"), change.sides("new"))
    key = tuple(tuple((side.type, side.parts) for side in group) for group in sides)
    return _marked(_Words((key, type(change.old), type(change.new)), change), view)


@dataclass(frozen=True, slots=True)
class _Words:
    """A change by its words alone: the same change stands on the pages of many versions."""

    key: object
    change: Change = field(compare=False)


@functools.lru_cache(maxsize=4096)
def _marked(words: _Words, view: View) -> str:
    change = words.change
    old, new, regrouped = comparable_tokens(change.old, change.new)
    types = {side.type for which in ("old", "new") for side in change.sides(which)}
    clause_type = types.pop() if len(types) == 1 else "paragraph"
    return marked_words(old, new, clause_type, view, regrouped=regrouped)


def marked_words(
    old: Sequence[Token],
    new: Sequence[Token],
    clause_type: str,
    view: View = "both",
    *,
    regrouped: bool = False,
) -> str:
    """Draw the change from one wording to another of a clause of this type.

    `regrouped`: one side is several clauses, as in `phrases`.
    """
    chunks = phrases(old, new, regrouped=regrouped)
    drawn = [piece for piece in _draw(chunks) if _is_seen(piece, view)]
    if clause_type in _AS_TYPED:
        return f'<pre class="passage"><code>{"".join(_typed(drawn))}</code></pre>'
    table = _table(drawn) if clause_type == "table" else None
    return table or f'<p class="passage">{_inline(drawn)}</p>'


def _is_seen(piece: _Drawn, view: View) -> bool:
    return piece.mark != {"both": "", "old": "+", "new": "-"}[view]


def _draw(chunks: Sequence[Chunk]) -> Iterator[_Drawn]:
    lost = False
    for chunk in chunks:
        if chunk.same:
            for index, (old, token) in enumerate(zip(chunk.old, chunk.new, strict=True)):
                space = old.space if lost and index == 0 else ""
                yield _Drawn("=", token, token.space or space, "=")
            continue
        # The first word of a clause has no space before it; what was removed there still ends.
        lost = not chunk.new
        both = bool(chunk.old and chunk.new)
        yield from _side(chunk.old, "-", apart=both)
        yield from _side(chunk.new, "+", apart=both)


def _side(tokens: Sequence[Token], mark: Mark, *, apart: bool) -> Iterator[_Drawn]:
    """Give one side of a change; between old and new the space before them is nobody's."""
    for index, token in enumerate(tokens):
        yield _Drawn(mark, token, token.space, "=" if index == 0 and apart else mark)


def _inline(drawn: Sequence[_Drawn]) -> str:
    found: list[str] = []
    before: Mark = "="
    for mark, group in groupby(_seen(drawn), key=lambda piece: piece.mark):
        pieces = list(group)
        if (before, mark) == ("-", "+"):
            pieces[0] = pieces[0]._replace(space=" ", space_mark="=")
        if pieces[0].space_mark == "=" != mark:
            found.append(pieces[0].space)
            pieces[0] = pieces[0]._replace(space="")
        found.append(_wrapped(mark, _formatted(pieces)))
        before = mark
    return "".join(found)


def _wrapped(mark: Mark, markup: str) -> str:
    if mark == "=":
        return markup
    return f'<{_TAGS[mark]}><span class="sr">{_SPOKEN[mark]}</span>{markup}</{_TAGS[mark]}>'


def _seen(drawn: Sequence[_Drawn]) -> Iterator[_Drawn]:
    """Leave out marks that only format, and hand the space before them to the next word."""
    held = ""
    for piece in drawn:
        if piece.token.shown or piece.token.kind == "break":
            yield piece._replace(space=held) if held and not piece.space else piece
            held = ""
        else:
            held = held or piece.space


def _formatted(pieces: Sequence[_Drawn]) -> str:
    """Write words of one mark, each run of one formatting in its own elements."""
    found: list[str] = []
    for form, group in groupby(pieces, key=lambda piece: piece.token.format):
        words = list(group)
        opening, closing = _elements(form, words[0].token)
        found.append(words[0].space)
        text = [_text(words[0].token), *(w.space + _text(w.token) for w in words[1:])]
        found.append(opening + "".join(text) + closing)
    return "".join(found)


def _text(token: Token) -> str:
    return "<br>" if token.kind == "break" else escape(token.shown)


def _elements(form: tuple[str, ...], token: Token) -> tuple[str, str]:
    opening, closing = "", ""
    for name in form:
        kind, _, target = name.partition(" ")
        if kind in _SIMPLE:
            start, tag = f"<{kind}>", kind
        elif kind in ("link", "autolink"):
            start, tag = _link(target.split(" ")[0] or token.shown), "a"
        elif kind == "image":
            start, tag = f'<span class="image" title="{escape(target)}">', "span"
        else:
            continue
        if tag == "a" and not start:
            start, tag = f'<span title="{escape(target)}">', "span"
        opening, closing = opening + start, f"</{tag}>" + closing
    return opening, closing


def _link(target: str) -> str:
    """Open a link whose address works on any page; the report's own relative ones would not."""
    if not target.lower().startswith(_ADDRESSES):
        return ""
    return f'<a href="{escape(target)}">'


def _typed(drawn: Sequence[_Drawn]) -> Iterator[str]:
    """Write text whose white space counts."""
    for mark, group in groupby(drawn, key=lambda piece: piece.mark):
        text = "".join([piece.token.space + piece.token.text for piece in group])
        yield _wrapped(mark, escape(text))


# Tables


Row = list[list[_Drawn]]


def _table(drawn: Sequence[_Drawn]) -> str | None:
    """Draw a table where every row, old and new, has equally many cells; None where not."""
    rows = [_cells(row) for row in _rows(drawn)]
    rows = [row for row in rows if row and not _is_rule(row)]
    if not rows or len({len(row) for row in rows}) != 1:
        return None
    lines = [_row(row, "th" if index == 0 else "td") for index, row in enumerate(rows)]
    return (
        '<div class="scroll passage" tabindex="0" role="group" aria-label="Table"><table>'
        f"<thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table></div>"
    )


def _rows(drawn: Sequence[_Drawn]) -> Iterator[list[_Drawn]]:
    row: list[_Drawn] = []
    for piece in drawn:
        if piece.token.kind == "break" or (row and piece.mark == "+" and _closes(row, piece)):
            yield row
            row = []
        if piece.token.kind != "break":
            row.append(piece)
    yield row


def _closes(row: Sequence[_Drawn], piece: _Drawn) -> bool:
    """Tell whether a whole removed row ends here, because an added one begins without a break."""
    return piece.token.kind == "bar" and all(before.mark == "-" for before in row)


def _cells(row: Sequence[_Drawn]) -> Row:
    cells: Row = [[]]
    for piece in row:
        if piece.token.kind == "bar":
            cells.append([])
        else:
            cells[-1].append(piece if cells[-1] else piece._replace(space=""))
    return cells[1:-1] if not cells[0] and not cells[-1] else cells if any(cells) else []


def _is_rule(row: Row) -> bool:
    pieces = [piece for cell in row for piece in cell]
    return bool(pieces) and all(
        piece.token.kind == "mark" and piece.token.shown.strip(":") == "---" for piece in pieces
    )


def _row(row: Row, tag: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    cells = "".join(f"<{tag}{scope}>{_inline(cell).strip()}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"

"""A change as prose with pencil marks: HTML out of tokens, for the site and the app alike.

Always well formed: each piece opens and closes its own formatting. What changed is decided in
`drafter.core.worddiff`; here it is only drawn.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Literal, NamedTuple

from drafter.core.diff import Change, comparable_tokens
from drafter.core.worddiff import Chunk, phrases
from drafter.core.wording import Token, tokens_of

View = Literal["both", "old", "new"]
Parts = tuple[str, ...]
"""A clause's own Markdown, as `Clause.parts`."""

Wrap = Callable[[str, str], str]
"""Given a mark and the markup of what bears it, gives the markup with its mark."""

_AS_TYPED = ("code", "opaque")
_SPOKEN = {"-": "removed: ", "+": "added: "}
_TAGS = {"-": "del", "+": "ins"}
_SIMPLE = ("strong", "em", "code")
_ADDRESSES = ("http://", "https://", "mailto:")


class _Drawn(NamedTuple):
    """A token with its mark; `space` stands before it, with a mark of its own.

    A mark is `=`, `-`, `+`, or what `labelled_words` was given.
    """

    mark: str
    token: Token
    space: str
    space_mark: str


def marked(change: Change, view: View = "both") -> str:
    """Draw a change as one block of HTML: a paragraph, a table, or text as it was typed.

    `view`: `old` leaves out what was added, `new` what was removed.
    """
    old, new = change.old, change.new
    types = {side.type for which in ("old", "new") for side in change.sides(which)}
    if len(types) == 1 and not isinstance(old, tuple) and not isinstance(new, tuple):
        return _one(types.pop(), old.parts if old else (), new.parts if new else (), view)
    clause_type = types.pop() if len(types) == 1 else "paragraph"
    first, second, regrouped = comparable_tokens(old, new)
    return marked_words(first, second, clause_type, view, regrouped=regrouped)


@functools.lru_cache(maxsize=10_000)
def _one(clause_type: str, old: Parts, new: Parts, view: View) -> str:
    """Draw a clause that keeps its type: the versions of a report ask for the same many times."""
    return _block(_seen_from(_chunks(clause_type, old, new), view), clause_type, _wrapped)


@functools.lru_cache(maxsize=8)
def _chunks(clause_type: str, old: Parts, new: Parts) -> Sequence[Chunk]:
    """Compare two wordings once for the three views of them."""
    return phrases(
        tokens_of(clause_type, old) if old else (), tokens_of(clause_type, new) if new else ()
    )


def marked_parts(change: Change) -> list[str]:
    """Draw each clause of the side that is several, with what is new, or gone, in it marked."""
    view: Literal["old", "new"] = "new" if isinstance(change.new, tuple) else "old"
    sides = change.sides(view)
    old, new, regrouped = comparable_tokens(change.old, change.new)
    drawn = _seen_from(phrases(old, new, regrouped=regrouped), view)
    found, at = [], 0
    for side in sides:
        pieces = drawn[at : at + len(side.tokens)]
        at += len(pieces) + 1  # between two clauses stands the break that `tokens_of_sides` puts
        first = [piece._replace(space="") for piece in pieces[:1]]
        found.append(_block([*first, *pieces[1:]], side.type, _wrapped))
    return found


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
    return _block(_seen_from(chunks, view), clause_type, _wrapped)


def labelled_words(
    phrases: Sequence[tuple[str, Sequence[Token]]], clause_type: str, wrap: Wrap
) -> str:
    """Draw a wording of a clause of this type phrase by phrase, each within what `wrap` gives.

    `phrases`: labels and tokens in the order of the text. A phrase that reaches over several cells
    of a table is wrapped in each.
    """
    drawn = [
        _Drawn(label, token, token.space, label if index else "=")
        for label, tokens in phrases
        for index, token in enumerate(tokens)
    ]
    return _block(drawn, clause_type, wrap)


def _seen_from(chunks: Sequence[Chunk], view: View) -> list[_Drawn]:
    return [piece for piece in _draw(chunks, view) if _is_seen(piece, view)]


def _block(drawn: Sequence[_Drawn], clause_type: str, wrap: Wrap) -> str:
    if clause_type in _AS_TYPED:
        return f'<pre class="passage"><code>{"".join(_typed(drawn, wrap))}</code></pre>'
    table = _table(drawn, wrap) if clause_type == "table" else None
    return table or f'<p class="passage">{_inline(drawn, wrap)}</p>'


def _is_seen(piece: _Drawn, view: View) -> bool:
    return piece.mark != {"both": "", "old": "+", "new": "-"}[view]


def _draw(chunks: Sequence[Chunk], view: View) -> Iterator[_Drawn]:
    lost = False
    for chunk in chunks:
        if chunk.same and view == "old":
            yield from (_Drawn("=", token, token.space, "=") for token in chunk.old)
        elif chunk.same:
            for index, (old, token) in enumerate(zip(chunk.old, chunk.new, strict=True)):
                space = old.space if lost and index == 0 else ""
                yield _Drawn("=", token, token.space or space, "=")
        else:
            # The first word of a clause has no space before it; what was removed there still ends.
            lost = not chunk.new
            both = bool(chunk.old and chunk.new)
            yield from _side(chunk.old, "-", apart=both)
            yield from _side(chunk.new, "+", apart=both)


def _side(tokens: Sequence[Token], mark: str, *, apart: bool) -> Iterator[_Drawn]:
    """Give one side of a change; between old and new the space before them is nobody's."""
    for index, token in enumerate(tokens):
        yield _Drawn(mark, token, token.space, "=" if index == 0 and apart else mark)


def _inline(drawn: Sequence[_Drawn], wrap: Wrap) -> str:
    found: list[str] = []
    before = "="
    for mark, group in groupby(_seen(drawn), key=lambda piece: piece.mark):
        pieces = list(group)
        if (before, mark) == ("-", "+"):
            pieces[0] = pieces[0]._replace(space=" ", space_mark="=")
        if pieces[0].space_mark == "=" != mark:
            found.append(pieces[0].space)
            pieces[0] = pieces[0]._replace(space="")
        found.append(wrap(mark, _formatted(pieces)))
        before = mark
    return "".join(found)


def _wrapped(mark: str, markup: str) -> str:
    if mark == "=":
        return markup
    return f'<{_TAGS[mark]}><span class="sr">{_SPOKEN[mark]}</span>{markup}</{_TAGS[mark]}>'


def _seen(drawn: Sequence[_Drawn]) -> Iterator[_Drawn]:
    """Leave out marks that only format, and hand the space before them to the next word."""
    held = ""
    for piece in drawn:
        if piece.token.shown or piece.token.kind == "break":
            yield piece if piece.space or not held else piece._replace(space=held)
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


def _typed(drawn: Sequence[_Drawn], wrap: Wrap) -> Iterator[str]:
    """Write text whose white space counts."""
    for mark, group in groupby(drawn, key=lambda piece: piece.mark):
        text = "".join([piece.token.space + piece.token.text for piece in group])
        yield wrap(mark, escape(text))


# Tables


Row = list[list[_Drawn]]


def _table(drawn: Sequence[_Drawn], wrap: Wrap) -> str | None:
    """Draw a table where every row, old and new, has equally many cells; None where not."""
    rows = [_cells(row) for row in _rows(drawn)]
    rows = [row for row in rows if row and not _is_rule(row)]
    if not rows or len({len(row) for row in rows}) != 1:
        return None
    lines = [_row(row, "th" if index == 0 else "td", wrap) for index, row in enumerate(rows)]
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


def _row(row: Row, tag: str, wrap: Wrap) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    cells = "".join(f"<{tag}{scope}>{_inline(cell, wrap).strip()}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"

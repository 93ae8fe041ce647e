"""Changes as one page of HTML that needs nothing else: no script, no other file, no address."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import groupby

from drafter.cli.changewords import details_of, kind_of, number_of, path_of, summary_of, visible
from drafter.core.diff import Change, Diff
from drafter.core.worddiff import Piece
from drafter.face import folder

_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--text); }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 0.5rem; }
h2 { font: 600 1rem/1.4 var(--face); margin: 2.5rem 0 0; overflow-wrap: anywhere; }
p.lead { color: var(--muted); margin: 0 0 1rem; }
.change { border-top: 1px solid var(--rule); padding: 1.25rem 0; }
.change header { display: flex; flex-wrap: wrap; gap: 0.3rem 0.8rem; align-items: baseline; }
h3 { font: 600 1rem/1.4 var(--face); margin: 0; }
.kind, .detail { font: 0.875rem/1.5 var(--face); color: var(--muted); margin: 0; }
.id { font: 0.8125rem/1.5 var(--code); color: var(--muted); text-decoration: none; }
.id:hover { text-decoration: underline; }
.words { margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.code .words { font: 0.9rem/1.5 var(--code); }
ins { color: var(--added); background: var(--added-wash); text-underline-offset: 0.2em; }
del { color: var(--removed); background: var(--removed-wash); }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { body { font-size: 11pt; } .change { break-inside: avoid; } }
"""


def write_page(diff: Diff, old: str, new: str) -> str:
    """Write the whole page; `old` and `new` name the two texts in its title."""
    title = f"What changed from {_text(old)} to {_text(new)}"
    tokens = (folder() / "tokens.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>\n{tokens}{_STYLE}</style>\n</head>\n<body>\n<main>",
            f'<h1>{title}</h1>\n<p class="lead">{_text(summary_of(diff))}</p>',
            *_changes(diff),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _changes(diff: Diff) -> Iterator[str]:
    number = 0
    for path, changes in groupby(diff.changes, path_of):
        if path:
            yield f"<h2>{_text(path)}</h2>"
        for change in changes:
            number += 1
            yield _change(change, number)


def _change(change: Change, number: int) -> str:
    details = "".join(f'<p class="detail">{_text(said)}</p>\n' for said in details_of(change))
    title = _text(number_of(change)) or f"Change {number}"
    name = f'<a class="id" href="#change-{number}">{_text(change.clause or "no id")}</a>'
    form = " code" if change.type in ("code", "table") else ""
    return (
        f'<article class="change{form}" id="change-{number}">\n'
        f'<header><h3>{title}</h3><p class="kind">{_text(kind_of(change))}</p>{name}</header>\n'
        f'{details}<p class="words">{_words(change.words)}</p>\n</article>'
    )


def _words(words: Sequence[Piece]) -> str:
    return "".join(_piece(mark, _text(text)) for mark, text in words)


def _piece(mark: str, text: str) -> str:
    if mark == "-":
        return f'<del><span class="sr">removed: </span>{text}</del>'
    if mark == "+":
        return f'<ins><span class="sr">added: </span>{text}</ins>'
    return text


def _text(text: str) -> str:
    return html.escape(visible(text))

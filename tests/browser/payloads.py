"""Strings that would run a script, or break out of where they stand, on a page that let them.

Each calls `ran()`, which the test defines before anything else on the page. They are combined out
of ways to reach a script, ways to break out of where text stands, and ways to hide both.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Final

RUN: Final = "ran()"

EVENTS: Final = (
    "onerror",
    "onload",
    "onfocus",
    "onmouseover",
    "onpointerenter",
    "onanimationstart",
    "ontoggle",
    "onbegin",
    "onpageshow",
    "onbeforeinput",
)

TAGS: Final = (
    "<script>{run}</script>",
    "<script src=data:text/javascript,{run}></script>",
    "<ScRiPt\t>{run}</sCrIpT >",
    "<script\x00>{run}</script>",
    "<script/x>{run}</script/x>",
    "<img src=x {event}={run}>",
    "<img src=x {event}='{run}'>",
    '<img src="x" {event}="{run}">',
    "<img/src=x/{event}={run}>",
    "<img src=x\n{event}\n=\n{run}>",
    "<svg {event}={run}>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<svg><script>{run}</script></svg>",
    "<svg><a xlink:href=javascript:{run}><text y=20>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml,{run}></use></svg>",
    "<math><mtext><script>{run}</script></mtext></math>",
    "<math href=javascript:{run}>x</math>",
    "<details open {event}={run}><summary>x</summary></details>",
    "<body {event}={run}>",
    "<video><source {event}={run}></video>",
    "<audio src=x {event}={run}>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "<iframe src=javascript:parent.{run}></iframe>",
    "<object data=javascript:{run}></object>",
    "<embed src=javascript:{run}>",
    "<input autofocus {event}={run}>",
    "<select autofocus {event}={run}><option>x</select>",
    "<textarea autofocus {event}={run}></textarea>",
    "<button formaction=javascript:{run}>x</button>",
    "<form action=javascript:{run}><button>x</button></form>",
    "<a href=javascript:{run}>x</a>",
    "<a href='java\tscript:{run}'>x</a>",
    "<a href=' javascript:{run}'>x</a>",
    "<a href=vbscript:{run}>x</a>",
    "<base href=//elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>",
    "<link rel=stylesheet href=//elsewhere.example/x.css>",
    "<style>@keyframes x{{}}</style><p style='animation-name:x' onanimationstart={run}>x</p>",
    "<marquee onstart={run}>x</marquee>",
    "<keygen autofocus {event}={run}>",
    "<template><img src=x {event}={run}></template>",
    "<noscript><p title='</noscript><img src=x {event}={run}>'>",
    "<xmp><p title='</xmp><img src=x {event}={run}>'>",
    "<p style=x:expression({run})>x</p>",
    "<isindex action=javascript:{run} type=image>",
)
"""Markup: `{run}` is the script, `{event}` the name of an event."""

MARKDOWN: Final = (
    "[x](javascript:{run})",
    "[x](JaVaScRiPt:{run})",
    "[x](javascript&colon;{run})",
    "[x](&#106;avascript:{run})",
    "[x](java%0ascript:{run})",
    "[x](<javascript:{run}>)",
    "[x](data:text/html,<script>{run}</script>)",
    "[x](vbscript:{run})",
    '[x](https://elsewhere.example/"{event}="{run})',
    "[x](x 'a\" {event}=\"{run}')",
    "![x](x \"a' {event}='{run}\")",
    "![x](javascript:{run})",
    '![x" {event}="{run}](x)',
    "<javascript:{run}>",
    '<https://elsewhere.example/"{event}={run}>',
    "[x]: javascript:{run}\n\n[x]",
    "`<script>{run}</script>`",
    "words {{: {event}={run} }}",
    "words {{: #c-7k3m9q {event}={run} }}",
    'words {{: onclick="{run}" style="x" }}',
    '~~~ "{event}={run}\nx\n~~~',
    "```<img src=x {event}={run}>\nx\n```",
    "| a |\n|---|\n| <img src=x {event}={run}> |",
    "[^<img src=x {event}={run}>]",
    "*<b {event}={run}>*x",
    "&lt;script&gt;{run}&lt;/script&gt;",
    "&#60;script>{run}&#60;/script>",
    "\\<script>{run}\\</script>",
    '--8<-- "/etc/passwd"',
)
"""What Markdown might make of it."""

TEMPLATES: Final = (
    "{{{{ {run} }}}}",
    "{{{{ ''.__class__.__mro__ }}}}",
    "{{% include '/etc/passwd' %}}",
    "{{# {run} #}}",
    "${{{run}}}",
    "#{{{run}}}",
    "<%= {run} %>",
    "%s%n%(x)s",
    '=HYPERLINK("javascript:{run}")',
    "@SUM(1+1)|cmd",
    "-2+3+cmd|' /C calc'!A0",
)
"""What a template, a format or a spreadsheet might make of it."""

WAYS_OUT: Final = (
    "{0}",
    '">{0}',
    "'>{0}",
    "</textarea>{0}",
    "</title>{0}",
    "</script>{0}",
    "</style>{0}",
    "-->{0}",
    "]]>{0}",
    "</p></div></main>{0}",
    '" {event}={run} x="{0}',
    "' {event}={run} x='{0}",
    "\u2028{0}",
    "\u202e{0}",
    "\ufeff{0}",
    "Pleidlais i bawb: {0}",
)
"""Out of the place where a page might put the text."""


def corpus(count: int, seed: int = 7) -> tuple[str, ...]:
    """Give `count` different strings, the same each time, every form among the first.

    >>> len(set(corpus(2500))) == 2500 and all(corpus(300))
    True
    """
    every = list(dict.fromkeys(_all()))
    first = list(dict.fromkeys(_plain()))
    chance = random.Random(seed)
    rest = [one for one in every if one not in set(first)]
    chance.shuffle(rest)
    return tuple([*first, *rest][:count])


def _plain() -> Iterator[str]:
    for form, event in zip((*TAGS, *MARKDOWN, *TEMPLATES), itertools.cycle(EVENTS), strict=False):
        yield form.format(run=RUN, event=event)


def _all() -> Iterator[str]:
    forms = (*TAGS, *MARKDOWN, *TEMPLATES)
    for event, form, way in itertools.product(EVENTS, forms, WAYS_OUT):
        inner = form.format(run=RUN, event=event)
        yield way.format(inner, run=RUN, event=event)

"""What people type never runs: a corpus of hostile strings through every field, with the content
security policy switched off, so that escaping alone has to hold.

`make test` sends the plain forms of all of them; at full size, more than two thousand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle, islice

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId
from drafter.core.steps import NewChapter, Reword
from drafter.services import (
    admitting,
    amending,
    commenting,
    deciding,
    moderating,
    proposing,
    signing_in,
    statements,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance

from .payloads import corpus

FULL = os.environ.get("DRAFTER_FULL") == "1"
COMMENTS = 2400 if FULL else 160
VOTES = 120 if FULL else 6
A_PAGE = 40
"""Comments on one clause: all of them on one page."""

WATCH = "window.ran = () => { window.times = (window.times || 0) + 1; };"

SUSPICIOUS = """
() => {
  const found = window.times ? ['ran ' + window.times + ' times'] : [];
  const bad = /^[\\u0000-\\u0020]*(javascript|vbscript|data:text)/i;
  for (const one of document.querySelectorAll('*')) {
    for (const attribute of one.attributes) {
      if (/^on/i.test(attribute.name)) found.push(one.outerHTML.slice(0, 200));
      const leads = /^(href|src|action|formaction|xlink:href|data|srcdoc|background)$/i;
      if (leads.test(attribute.name) && bad.test(attribute.value.replace(/[\\t\\n\\r]/g, '')))
        found.push(one.outerHTML.slice(0, 200));
    }
  }
  const own = 'main script:not([src^="/"]), main iframe, main object, main embed, main base, ' +
    'main style, main link, main meta, main svg:not(.own), main math, main template';
  for (const one of document.querySelectorAll(own)) found.push(one.outerHTML.slice(0, 200));
  return found;
}
"""
"""Whatever ran, or would with a click: event attributes, script addresses, foreign elements."""


@pytest.fixture
def unguarded(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A browser that obeys no content security policy, and notes what runs."""
    context = browser.new_context(base_url=server, bypass_csp=True)
    context.add_init_script(WATCH)
    yield context
    context.close()


def send(instance: Instance, clause: ClauseId, text: str, wording: str | None) -> int:
    """Send and confirm a comment; a wording that is no clause is left out."""
    try:
        sent = commenting.comment(instance, clause, text, wording, "ada@e.org")
    except BadInput:
        sent = commenting.comment(instance, clause, text, None, "ada@e.org")
    assert sent.confirm_token is not None
    commenting.confirm(instance, sent.confirm_token)
    return sent.number


def paragraphs(instance: Instance) -> list[ClauseId]:
    places = instance.report.places()
    return [p.clause.id for p in places if p.clause.type == "paragraph" and p.clause.id]


def say(instance: Instance, strings: Iterable[str]) -> list[str]:
    """Comment with each string, as remark and as wording; show, hold and answer; give the pages."""
    clauses, pages = paragraphs(instance), set()
    for index, (text, other) in enumerate(strings_in_pairs(strings)):
        clause = clauses[index // A_PAGE % len(clauses)]
        number = send(instance, clause, text, f"Everybody may say {other}")
        pages |= {f"/take-part/clause/{clause}", f"/take-part/comments/{number}"}
        if index % 4 == 3:
            moderating.hold(instance, CLERK_ACTOR, number, text[:300], reason="other")
        else:
            moderating.show(instance, CLERK_ACTOR, number)
        if index % 4 == 2:
            moderating.answer(instance, CLERK_ACTOR, number, text)
    entered = moderating.enter(
        instance, CLERK_ACTOR, clauses[0], text, source="spoken", place=other[:80],
        taken_on=date(2026, 1, 2),
    )  # fmt: skip
    assert entered
    return sorted(pages)


def strings_in_pairs(strings: Iterable[str]) -> Iterator[tuple[str, str]]:
    every = list(strings)
    yield from zip(every, islice(cycle(every), 7, None), strict=False)


def vote_on(instance: Instance, clause: ClauseId, strings: list[str]) -> int:
    """Take one suggestion through the whole process, a string in every field on the way."""
    one, two, three, four, five = strings
    number = admitting.admit(
        instance,
        CLERK_ACTOR,
        [send(instance, clause, one, f"Nobody may say this of {clause}.")],
        two[:200],
    )
    motion = amending.put(instance, CLERK_ACTOR, number, question=three[:200])
    for seat, choice in ((1, "for"), (2, "for"), (3, "for"), (4, "against")):
        voting.cast(instance, Actor("seat", seat), number, choice, motion.ballot_hash)  # type: ignore[arg-type]
    voting.cast(
        instance, Actor("seat", 5), number, "recused", motion.ballot_hash, interest=four[:200]
    )
    voting.close(instance, CLERK_ACTOR, number)
    statements.file_dissent(instance, Actor("seat", 4), number, five)
    seen = amending.view_amendment(instance, number, actor=CLERK_ACTOR).statements.digest
    deciding.decide(instance, CLERK_ACTOR, number, one, seen=seen)
    return number


def draft(instance: Instance, clause: ClauseId, strings: list[str]) -> int:
    made = proposing.start(instance, Actor("seat", 1), title=strings[0][:200])
    for step in (Reword(clause, f"Say {strings[1]}"), NewChapter(strings[2][:100], strings[3])):
        try:
            made = proposing.add_step(instance, Actor("seat", 1), made.id, step)
        except BadInput:
            continue
    return made.id


def test_nothing_that_people_type_runs(
    instance: Instance, unguarded: BrowserContext, server: str
) -> None:
    strings = corpus(COMMENTS)
    instance.clock = lambda: datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    pages = say(instance, strings)
    some = cycle(strings)
    clauses = paragraphs(instance)
    votes = [
        vote_on(instance, clause, [next(some) for _ in range(5)])
        for clause in islice(cycle(clauses[5:]), VOTES)
    ]
    drafts = [draft(instance, clause, [next(some) for _ in range(4)]) for clause in clauses[:VOTES]]
    addresses = {
        None: [
            *pages, "/take-part/", "/take-part/log", "/take-part/?find=<script>ran()</script>",
            *(f"/take-part/amendments/{n}" for n in votes), "/nowhere/<script>ran()</script>",
        ],
        Actor("seat", 1): ["/panel/", "/panel/drafts/", *(f"/panel/drafts/{d}" for d in drafts),
                           *(f"/panel/amendments/{n}" for n in votes)],
        CLERK_ACTOR: ["/clerk/", "/clerk/comments?list=all", "/clerk/comments?list=shown",
                      *(f"/clerk/comments/{n}" for n in range(1, COMMENTS, 9)),
                      *(f"/clerk/amendments/{n}" for n in votes)],
    }  # fmt: skip
    wrong: list[object] = []
    for who, where in addresses.items():
        page = unguarded.new_page()
        page.on("dialog", partial(note_dialog, wrong))
        if who is not None:
            page.goto(signing_in.mint_link(instance, OPERATOR, who))
            page.get_by_role("button", name="Sign in", exact=True).click()
        wrong += [fault for address in where for fault in look(page, address)]
        page.close()
    assert wrong == []


def note_dialog(wrong: list[object], dialog: Dialog) -> None:
    wrong.append(dialog.message)
    dialog.dismiss()


def look(page: Page, address: str) -> list[object]:
    page.goto(address, wait_until="load")
    return [(address, fault) for fault in page.evaluate(SUSPICIOUS)]


def test_the_watch_would_see_a_script_that_runs_and_one_that_waits(
    unguarded: BrowserContext,
) -> None:
    page = unguarded.new_page()
    for markup in (
        "<script>ran()</script>",
        "<img src=x onerror=ran()>",
        "<a href=' java\tscript:ran()'>x</a>",
        "<iframe srcdoc='x'></iframe>",
    ):
        page.goto("/healthz")
        page.set_content(f"<main>{markup}</main>")
        page.wait_for_timeout(100)
        assert page.evaluate(SUSPICIOUS), markup

"""Pages at full size, 10,000 open amendments and 100,000 comments: in process, and by gunicorn.

Each run of a page asks for another amendment, clause or receipt, so that what is measured is a
page that nobody has just looked at; then the same again, warm.
"""

from __future__ import annotations

import random
import shutil
import statistics
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from benchmarks.clients import Browser, gunicorn, timed
from benchmarks.size import (
    AMENDMENTS,
    COMMENTS,
    PUT,
    busy_clause,
    kept_instance,
    receipt_token,
)
from benchmarks.text import SEED
from benchmarks.timing import Line
from drafter.cli.server import make_ready, spare_the_collector
from drafter.people.links import redeem_link
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.signing_in import begin, mint_link
from drafter.web.app import create_app

RUNS = 60
MEDIAN, SLOWEST = 150.0, 400.0
"""Milliseconds wanted, at the median and at the 99th percentile."""

Get = Callable[[str], int]


def application(path: str) -> Flask:
    """What gunicorn serves."""
    instance = Instance.open(Path(path))
    app = create_app(instance)
    make_ready(app, instance)
    spare_the_collector()
    return app


def measure(folder: Path) -> Iterator[Line]:
    """Measure every kind of page, both ways."""
    path = folder / "instance"
    shutil.copytree(kept_instance(), path)
    Instance.open(path).close()
    yield _first(path)
    with closing(Instance.open(path)) as instance:
        app = create_app(instance)
        clients = [app.test_client() for _ in range(3)]
        spare_the_collector()
        cookies = [_cookie(app, instance, who) for who in (Actor("seat", 1), CLERK_ACTOR)]
        for client, cookie in zip(clients, cookies, strict=False):
            client.set_cookie("drafter", cookie)
        gets: list[Get] = [lambda at, c=c: c.get(at).status_code for c in clients]  # type: ignore[misc]
        yield from _each(instance, "in process", gets)
        with gunicorn(f"benchmarks.pages:application('{path}')", folder=folder) as port:
            browsers = [Browser(port) for _ in range(3)]
            for browser, cookie in zip(browsers, cookies, strict=False):
                browser.cookies["drafter"] = cookie
            served: list[Get] = [lambda at, b=b: b.get(at).status for b in browsers]  # type: ignore[misc]
            yield from _each(instance, "by gunicorn", served)


def _cookie(app: Flask, instance: Instance, who: Actor) -> str:
    """Sign somebody in, both factors given, and give what their browser then holds."""
    token = urlsplit(mint_link(instance, OPERATOR, who)).path.rpartition("/")[2]
    with instance.database.writing() as session:
        holder = redeem_link(session, token, instance.clock())
        signed = begin(session, instance, holder, second=True)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"id": signed.token, "_permanent": True}))


def _first(path: Path) -> Line:
    """Ask for an amendment as the first page after a start, in an instance opened anew."""
    address = f"/take-part/amendments/{AMENDMENTS // 2}"
    spent = []
    for _ in range(3):
        with closing(Instance.open(path)) as instance:
            app = create_app(instance)
            make_ready(app, instance)
            get = app.test_client().get
            spent.append(timed(lambda _, g=get: g(address), 1)[0])  # type: ignore[misc]
    found, met = statistics.median(spent), statistics.median(spent) < SLOWEST
    return Line("an open amendment, first after a start", f"{found:.0f} ms", f"{SLOWEST:g} ms", met)


def _each(instance: Instance, how: str, gets: list[Get]) -> Iterator[Line]:
    seat, clerk, citizen = gets
    chance = random.Random(SEED)
    clauses = sorted(
        str(clause.id)
        for chapter in instance.report.chapters
        for clause in chapter.clauses
        if clause.type == "paragraph" and clause.id
    )
    busy = busy_clause(instance.report)
    put = [chance.randint(1, PUT) for _ in range(RUNS)]
    open_ones = [chance.randint(PUT + 1, AMENDMENTS) for _ in range(RUNS)]
    asked = [chance.choice(clauses) for _ in range(RUNS)]
    receipts = [receipt_token(chance.randint(1, COMMENTS)) for _ in range(RUNS)]
    pages: list[tuple[str, Get, Callable[[int], str]]] = [
        ("a member's desk", seat, lambda _: "/panel/"),
        ("the clerk's queue", clerk, lambda _: "/clerk/"),
        ("an amendment that is voted on", seat, lambda n: f"/panel/amendments/{put[n]}"),
        ("an open amendment", citizen, lambda n: f"/take-part/amendments/{open_ones[n]}"),
        ("amendments that compete", citizen, lambda n: f"/take-part/competing/{open_ones[n]}"),
        ("what nobody contests", clerk, lambda _: "/clerk/together"),
        ("the clerk's lists of comments", clerk, lambda _: "/clerk/comments?list=unanswered"),
        ("where one takes part", citizen, lambda _: "/take-part/"),
        ("any clause, some 70 comments", citizen, lambda n: f"/take-part/clause/{asked[n]}"),
        ("the clause with 50 comments", citizen, lambda _: f"/take-part/clause/{busy}"),
        ("a receipt", citizen, lambda n: f"/take-part/receipt/{receipts[n]}"),
    ]
    for what, get, address in pages:
        yield _line(f"{what}, {how}", get, address)


def _line(what: str, get: Get, address: Callable[[int], str]) -> Line:
    def act(turn: int) -> None:
        status = get(address(turn))
        if status != 200:
            raise RuntimeError(f"{address(turn)} answered {status}")

    median, slowest = timed(act, RUNS)
    met = median < MEDIAN and slowest < SLOWEST
    found = f"{median:.0f} / {slowest:.0f} ms"
    return Line(what, found, f"{MEDIAN:g} / {SLOWEST:g} ms", met)

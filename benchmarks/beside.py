"""The clause page and a comment beside otterwiki's page and save: the same text, the same gunicorn,
eight clients on loopback.

Otterwiki (https://pypi.org/project/otterwiki/) is Flask and git as well. It is installed into an
environment of its own in the temporary folder, with its usual settings; whoever wishes may write.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.clients import CLIENTS, Browser, gunicorn, rate
from benchmarks.size import COMMENTS, busy_clause, kept_instance
from benchmarks.timing import Line
from drafter.people.comments import find_comment
from drafter.services.commenting import comments_on
from drafter.services.instance import Instance

OTTERWIKI = "otterwiki==2.26.1"
ROUNDS = 3
SECONDS = 4.0
FORMS = 400
"""Forms that each client opens before a round of sending them."""
INSTALL_WITHIN = 300.0
"""Seconds."""
VIEWS, SAVES = 25.0, 20.0
"""How many times as many views and durable saves a second are wanted."""


def measure(folder: Path) -> Iterator[Line]:
    """Measure; where otterwiki cannot be had or one of the two does not answer, say so."""
    try:
        yield from _measure(folder)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        yield Line(f"not measured: {error}", "")


def _measure(folder: Path) -> Iterator[Line]:
    """Serve both at once, ask one and then the other, and count what is there afterwards."""
    path = folder / "instance"
    shutil.copytree(kept_instance(), path)
    (path / "settings.toml").write_text("proxies = 1\n", encoding="utf-8")
    with closing(Instance.open(path)) as instance:
        busy = busy_clause(instance.report)
        text = _as_wiki_page(instance)
    wiki = folder / "wiki"
    python = str(environment("otterwiki", (OTTERWIKI, "gunicorn")) / "bin" / "python")
    _make_wiki(wiki, text)
    with (
        gunicorn(f"benchmarks.pages:application('{path}')", folder=folder) as ours,
        gunicorn("otterwiki.server:app", python=python, folder=wiki, **_settings(wiki)) as theirs,
    ):
        views = _views(ours, f"/take-part/clause/{busy}"), _views(theirs, "/Clause")
        yield from _compared("page views a second", "the clause page", views, VIEWS)
        sent: list[int] = []
        saved: list[int] = []
        writers = [_Writer(ours, f"/take-part/clause/{busy}", n, sent) for n in range(CLIENTS)]
        posts = [writer.send for writer in writers], _saves(theirs, saved)
        yield from _compared(
            "durable saves a second", "a comment", posts, SAVES, [w.open_forms for w in writers]
        )
    with closing(Instance.open(path)) as instance, instance.database.reading() as session:
        there = itertools.takewhile(
            lambda n: find_comment(session, n) is not None, itertools.count(COMMENTS + 1)
        )
        kept = sum(1 for _ in there)
    yield Line(
        "comments acknowledged, and there", f"{sum(sent)}, {kept}", "the same", sum(sent) == kept
    )
    log = ["git", "-C", str(wiki / "repository"), "rev-list", "--count", "HEAD"]
    commits = int(subprocess.run(log, capture_output=True, check=True).stdout) - CLIENTS - 1
    yield Line("saves acknowledged by otterwiki, and there", f"{sum(saved)}, {commits}")


Act = Callable[[], bool]


def _compared(
    what: str,
    ours: str,
    acts: tuple[list[Act], list[Act]],
    least: float,
    before: Sequence[Callable[[], None]] = (),
) -> Iterator[Line]:
    """Measure both in turn; what is in `before` is done untimed before each round of ours."""
    rounds = []
    for _ in range(ROUNDS):
        for prepare in before:
            prepare()
        rounds.append((rate(SECONDS, acts[0]), rate(SECONDS, acts[1])))
    mine, other = (statistics.median(found) for found in zip(*rounds, strict=True))
    yield Line(f"otterwiki: {what}", f"{other:.1f}")
    yield Line(f"{ours}: {what}", f"{mine:.0f}")
    found = mine / other
    yield Line("    as many times", f"{found:.1f} ×", f"at least {least:g} ×", found >= least)


def _views(port: int, path: str) -> list[Act]:
    browsers = [Browser(port) for _ in range(CLIENTS)]
    return [lambda b=b: b.get(path).status == 200 for b in browsers]


class _Writer:
    """A client who sends comments from many networks, each on a form opened for it before."""

    def __init__(self, port: int, path: str, index: int, sent: list[int]) -> None:
        self.browser, self.path, self.index, self.sent = Browser(port), path, index, sent
        self.forms: list[dict[str, str]] = []
        self.turn = itertools.count()
        page = self.browser.get(path).body.decode()
        found = re.search(r'<textarea id="wording"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
        assert found is not None
        self.words = found[1]

    def open_forms(self) -> None:
        """Open forms, as readers do who then take their time to write."""
        while len(self.forms) < FORMS:
            self.forms.append(self.browser.form(self.path))

    def send(self) -> bool:
        """Send a comment; it is recorded once the answer is there."""
        said = next(self.turn)
        self.browser.network = f"10.{self.index}.{said // 250 % 250}.{said % 250}"
        form = self.forms.pop() if self.forms else self.browser.form(self.path)
        text = f"Client {self.index} says it for the {said}th time."
        fields = {"do": "send", "email": "", "consent": "yes", "comment": text}
        answer = self.browser.post(self.path, form | fields | {"wording": self.words})
        done = answer.status == 303 and "/receipt/" in answer.headers["location"]
        self.sent.append(int(done))
        return done


def _saves(port: int, saved: list[int]) -> list[Act]:
    """Save pages, a page of its own for each client, on a form that was opened once."""

    def client(index: int):  # type: ignore[no-untyped-def]
        browser = Browser(port)
        page = f"/Page{index}"
        form = browser.form(f"{page}/edit")
        cookies = dict(browser.cookies)
        turn = itertools.count()

        def act() -> bool:
            said = f"Client {index} says it for the {next(turn)}th time."
            fields = {"csrf_token": form.get("csrf_token", ""), "content": said, "commit": said}
            browser.cookies = dict(cookies)  # else each save's message would lengthen it
            answer = browser.post(f"{page}/save", fields)
            saved.append(int(answer.status == 302))
            return answer.status == 302

        return act

    return [client(index) for index in range(CLIENTS)]


def _as_wiki_page(instance: Instance) -> str:
    """Write the clause and its comments as a page of the wiki."""
    busy = busy_clause(instance.report)
    place = instance.report.locate(busy)
    assert place is not None
    said = [
        f"### Comment {one.number}\n\n{one.text}\n\n{one.suggested_wording or ''}\n"
        for one in comments_on(instance, busy)
    ]
    return f"# Clause\n\n{place.clause.wording}\n\n## What others said\n\n" + "\n".join(said)


def environment(name: str, packages: Sequence[str]) -> Path:
    """Give the folder of an environment with these packages, made where it is not there."""
    digest = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"drafter-bench-{name}-{digest}"
    if not (folder / "ready").exists():
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        subprocess.run(
            [uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)],
            check=True,
            timeout=INSTALL_WITHIN,
        )
        python = folder / "bin" / "python"
        install = [uv, "pip", "install", "-q", "--python", str(python), *packages]
        subprocess.run(install, check=True, timeout=INSTALL_WITHIN)
        (folder / "ready").touch()
    return folder


def _make_wiki(folder: Path, text: str) -> None:
    repository = folder / "repository"
    repository.mkdir(parents=True)
    pages = {"clause.md": text} | {f"page{n}.md": f"Page {n}.\n" for n in range(CLIENTS)}
    git = ["git", "-C", str(repository)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    for name, content in pages.items():
        (repository / name).write_text(content, encoding="utf-8")
        subprocess.run([*git, "add", name], check=True)
        who = ["-c", "user.name=Wiki", "-c", "user.email=wiki@localhost"]
        subprocess.run([*git, *who, "commit", "-q", "-m", name], check=True)


def _settings(folder: Path) -> dict[str, str]:
    return {
        "REPOSITORY": str(folder / "repository"),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'wiki.sqlite'}",
        "SECRET_KEY": "a benchmark's own secret key",
        "READ_ACCESS": "ANONYMOUS",
        "WRITE_ACCESS": "ANONYMOUS",
        "LOG_LEVEL": "ERROR",
        "LOG_LEVEL_WERKZEUG": "ERROR",
        "PATH": os.environ["PATH"],
    }

"""`drafter serve` and `drafter demo` as real processes that real requests reach."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, PYTHON_PATH, Run

Begin = Callable[..., "Server"]
PATIENCE = 60.0


class Server:
    """A server under way: what it printed, and how to ask it."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.out = folder / "server.out"
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*PROGRAM, *map(str, arguments)],
                cwd=folder,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**PYTHON_PATH, "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)},
            )

    @property
    def said(self) -> str:
        return self.out.read_text()

    def wait_for(self, pattern: str) -> str:
        """Wait until it has printed something, and return it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(pattern, self.said)
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"{pattern} was not printed, but: {self.said}")

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=PATIENCE)


def ask(url: str) -> tuple[int, str]:
    """Ask for a page; a server that is about to listen queues the request."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    begun: list[Server] = []

    def begin(*arguments: object) -> Server:
        begun.append(Server(tmp_path, *arguments))
        return begun[-1]

    yield begin
    for server in begun:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


@pytest.fixture
def report(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "values.md").write_text("# Values\n\nOne value.\n")
    run("import", tmp_path / "report", tmp_path / "values.md")
    return tmp_path / "report"


def test_serving_says_where_and_what_becomes_of_mail_and_ends_quietly(
    begin: Begin, report: Path
) -> None:
    server = begin("serve", report, "--port", 0)
    address = server.wait_for(r"http://127\.0\.0\.1:\d+")
    assert ask(f"{address}/healthz")[0] == 200
    assert f"each mail is written to {report / 'outbox'}/" in server.said
    assert server.stop() == 0
    assert "Traceback" not in server.said
    assert "rror" not in server.said


def test_serving_is_ended_by_the_signal_of_a_service_manager(begin: Begin, report: Path) -> None:
    server = begin("serve", report, "--port", 0)
    ask(server.wait_for(r"http://127\.0\.0\.1:\d+") + "/healthz")
    assert server.stop(signal.SIGTERM) == 0


def test_the_address_of_the_settings_is_the_one_that_links_name(
    begin: Begin, report: Path, run: Run
) -> None:
    (report / "settings.toml").write_text('base_url = "https://report.example.org"\n')
    server = begin("serve", report, "--port", 0)
    server.wait_for("Sign in as the clerk")
    assert "Set base_url" not in server.said
    assert run("link", report, "clerk").out.startswith("https://report.example.org/sign-in/")


def test_only_the_demo_has_a_mailbox(begin: Begin, report: Path) -> None:
    address = begin("serve", report, "--port", 0).wait_for(r"http://127\.0\.0\.1:\d+")
    assert ask(f"{address}/demo/mailbox")[0] == 404


def test_a_port_in_use_is_one_sentence(run: Run, report: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("serve", report, "--port", taken.getsockname()[1])
    assert (ended.code, ended.out) == (2, "")
    assert "address already in use. Try another --port." in ended.err


def test_the_demo_prints_links_that_open_and_leaves_nothing_behind(
    begin: Begin, tmp_path: Path
) -> None:
    server = begin("demo")
    server.wait_for("Ctrl-C stops it")
    links = re.findall(r"http://127\.0\.0\.1:\d+\S*", server.said)
    assert [re.sub(r"^http://[^/]+|[^/]*$", "", link) for link in links] == [
        "/",
        "/take-part/clause/",
        "/demo/",
        "/sign-in/",
        "/sign-in/",
    ]
    assert [ask(link)[0] for link in links] == [200] * 5
    assert "citizen@example.org" in ask(links[2])[1]
    assert "lacks one ballot of its quorum" in server.said
    assert server.stop() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["server.out"]


def test_the_demo_outlives_the_process_that_answers(begin: Begin) -> None:
    server = begin("demo")
    server.wait_for("Ctrl-C stops it")
    page = re.findall(r"http://127\.0\.0\.1:\d+\S*", server.said)[1]
    assert ask(page)[0] == 200
    main = server.process.pid
    (worker,) = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    os.kill(int(worker), signal.SIGTERM)
    while Path(f"/proc/{worker}").exists():
        time.sleep(0.05)
    assert ask(page)[0] == 200


def test_the_demo_can_be_made_without_serving_and_goes_on_where_it_was(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "demo"
    first, second = run("demo", path, "--no-serve"), run("demo", path, "--no-serve")
    assert (first.code, second.code) == (0, 0)
    assert first.err == f"Preparing the example report at {path} …\n"
    assert second.err == ""
    for ended in (first, second):
        assert len(re.findall("/sign-in/", ended.out)) == 2
        assert f"drafter serve {path}\n" in ended.out
    assert run("verify", path).code == 0


def test_the_demo_refuses_a_folder_that_holds_something_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Mine.")
    ended = run("demo", tmp_path, "--no-serve")
    assert ended.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

"""`drafter serve` and `drafter demo`: the pages where people take part."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.frame import DONE
from drafter.cli.instances import opened_instance
from drafter.cli.progress import progress
from drafter.core.errors import BadInput

if TYPE_CHECKING:
    from drafter.demo.making import Tour

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8000


@click.command("serve")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=USUAL_PORT, show_default=True)
def serve_command(path: Path, host: str, port: int) -> int:
    """Run the pages of a report: the published site, taking part, the panel's and the clerk's.

    Links in mails begin with base_url of PATH/settings.toml. Mail leaves by the SMTP server named
    there; without one each mail is written to PATH/outbox/. To be reached from elsewhere, put a
    web server with a certificate in front. Ctrl-C stops it.

    \b
    Examples:
      drafter serve my-report
      drafter serve my-report --host 0.0.0.0 --port 8080

    Exit codes: 0 stopped; 2 an error, such as a port in use.
    """
    from drafter.cli.server import serve

    with opened_instance(path) as instance:
        settings = instance.settings
    with listening(host, port) as (listener, address):
        base_url = settings.base_url if settings.base_url != _usual() else address
        click.echo(f"Serving {path} at {address}")
        if settings.smtp is None:
            click.echo(f"No SMTP server is set: each mail is written to {path / 'outbox'}/")
        if base_url != settings.base_url:
            click.echo(f"Set base_url in {path / 'settings.toml'} so that drafter link knows it.")
        click.echo(f"Sign in as the clerk: drafter link {path} clerk")
        serve(path, listener, base_url)
    return DONE


@click.command("demo")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--no-serve", is_flag=True, help="Make it and print the links; do not serve it.")
def demo_command(path: Path | None, no_serve: bool) -> int:
    """Try everything: a report with a panel, a clerk, and a vote that lacks one ballot.

    Makes the example report at PATH, or goes on with the one that is there, and serves it on this
    machine only, at a free port. Without PATH it is thrown away at the end. No mail leaves: it
    lies in a mailbox page.

    \b
    Examples:
      drafter demo
      drafter demo my-demo --no-serve

    Exit codes: 0 stopped; 2 an error.
    """
    with _demo_folder(path, keep=no_serve) as folder:
        if no_serve:
            _print_tour(_make(folder, f"http://{LOOPBACK}:{USUAL_PORT}"), folder, served=False)
            return DONE
        from drafter.cli.server import serve

        with listening(LOOPBACK, 0) as (listener, address):
            _print_tour(_make(folder, address), folder, served=True)
            serve(folder, listener, address, demo=True)
    return DONE


@contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """Listen at an address, and give its URL. Raises BadInput where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise BadInput(f"{host}:{port} cannot be used: {why}. Try another --port.") from error
        listener.listen(64)
        yield listener, _url(host, listener.getsockname()[1])


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": LOOPBACK, "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _usual() -> str:
    from drafter.services.settings import Settings

    return Settings().base_url


@contextmanager
def _demo_folder(path: Path | None, *, keep: bool) -> Iterator[Path]:
    """Give the folder named, or a new one that is thrown away by the process that made it."""
    if path is not None:
        yield path
        return
    made = Path(tempfile.mkdtemp(prefix="drafter-demo-"))
    owner = os.getpid()
    try:
        yield made / "report"
    finally:
        if os.getpid() == owner and not keep:
            shutil.rmtree(made, ignore_errors=True)


def _make(folder: Path, base_url: str) -> Tour:
    from drafter.demo.making import make_demo

    if not folder.exists():
        click.echo(f"Preparing the example report at {folder} …", err=True)
    with progress() as draw:
        return make_demo(folder, base_url, progress=draw)


def _print_tour(tour: Tour, folder: Path, *, served: bool) -> None:
    sections = [
        ("The published report:", tour.site),
        ("You are a citizen. Read a clause, comment on it, suggest other wording:", tour.citizen),
    ]
    if served:
        sections.append(("Mails to citizens, such as your confirmation, lie here:", tour.mailbox))
    sections += [
        (f"You hold {tour.seat}. {tour.waiting} Sign in once with:", tour.member),
        (
            "You are the clerk: the queue, the votes, the next version. Sign in once with:",
            tour.clerk,
        ),
    ]
    for said, link in sections:
        click.echo(f"\n{said}\n  {link}")
    if served:
        click.echo("\nUse one browser window for each role, or a private one. Ctrl-C stops it.")
    else:
        click.echo(f"\nThese links open while this runs:\n  drafter serve {folder}")

"""The outer frame of the command: every end it can come to, as one sentence and an exit code.

DRAFTER_DEBUG=1 shows where an error came from; without it nobody sees a traceback.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from drafter.core import errors

DONE: Final = 0
EXPECTED: Final = 1
"""An expected answer that is not "all is well": differences, competing places, findings, no."""
ERROR: Final = 2
BROKEN_PIPE: Final = 141
"""Whoever was reading has gone: what a shell sees of a process ended by SIGPIPE."""
INTERRUPTED: Final = 130

EXIT_CODES: Final[dict[type[errors.DrafterError], int]] = {
    errors.DrafterError: ERROR,
    errors.BadInput: ERROR,
    errors.NotFound: ERROR,
    errors.NotAllowed: EXPECTED,
    errors.NotSignedIn: EXPECTED,
    errors.Refused: EXPECTED,
    errors.Conflict: EXPECTED,
    errors.Busy: ERROR,
    errors.TooMany: EXPECTED,
    errors.Unreadable: ERROR,
    errors.Corrupt: ERROR,
}


def exit_code_of(error: errors.DrafterError) -> int:
    """Give the exit code of an error by its class, or by the nearest class above it."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def run(arguments: Sequence[str] | None) -> int:
    """Run the command and return its exit code; what goes wrong is one sentence on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except BrokenPipeError:
        _let_go_of_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        say("Stopped.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outer frame: a sentence, not a traceback
        return _unexpected(error)


def say(sentence: str) -> None:
    """Print one sentence to stderr."""
    click.echo(f"drafter: {sentence}" if sentence else "", err=True)


def _run(arguments: Sequence[str] | None) -> int:
    from drafter.cli.verbs import drafter

    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        with drafter.make_context("drafter", given) as context:
            found = drafter.invoke(context)
        sys.stdout.flush()
        return found if isinstance(found, int) else DONE
    except click.exceptions.Exit as end:  # --help, --version
        sys.stdout.flush()
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ERROR
    except click.UsageError as error:
        say(_what_is_wrong(error))
        return ERROR
    except click.ClickException as error:
        say(error.format_message())
        return ERROR
    except click.Abort:
        raise KeyboardInterrupt from None
    except errors.DrafterError as error:
        _show_origin()
        say(error.sentence)
        return exit_code_of(error)


def _what_is_wrong(error: click.UsageError) -> str:
    sentence = error.format_message().rstrip(".")
    asked = error.ctx.command_path if error.ctx else "drafter"
    return f"{sentence}. See: {asked} --help"


def _unexpected(error: Exception) -> int:
    _show_origin()
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        say(f"{error.strerror or error}{where}. Check the path and the space left, then try again.")
    else:
        kind = type(error).__name__
        say(
            f"This should not have happened ({kind}: {error}). "
            "Run the same command with DRAFTER_DEBUG=1 and report what it prints."
        )
    return ERROR


def _show_origin() -> None:
    if os.environ.get("DRAFTER_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _let_go_of_stdout() -> None:
    """Keep Python from complaining once more when it closes stdout at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""The `drafter` command: arguments in, the verbs' answers out as text, JSON or a page.

Law: nothing is decided here. A verb reads its arguments, calls the core or a service, prints what
came back and gives an exit code: 0 done, 1 an expected answer, 2 an error. Modules are loaded when
their verb is used, so that comparing two files does not wait for a web server.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (the process's own without any); return its exit code."""
    from drafter.cli.frame import run

    return run(arguments)

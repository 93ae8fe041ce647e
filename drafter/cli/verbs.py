"""The table of verbs: where each lives and what it does in one line. Loads none of them."""

from __future__ import annotations

import importlib
from typing import Final, NamedTuple

import click


class Verb(NamedTuple):
    """One verb: the module that holds its command, and the line that `drafter --help` shows."""

    module: str
    line: str


GROUPS: Final[dict[str, dict[str, Verb]]] = {
    "Texts": {
        "diff": Verb("diff", "What changed between two texts, clause by clause."),
        "merge": Verb("merge", "Put together two texts made from one base."),
        "lint": Verb("texts", "Name what departs from the dialect, and what to do."),
        "ids": Verb("texts", "Give every clause its permanent id."),
    },
    "A report": {
        "show": Verb("show", "The report, or one clause of it."),
        "history": Verb("record", "Every wording that a clause ever had."),
        "amendments": Verb("record", "The amendments, and what became of them."),
        "verify": Verb("record", "Check the whole record; name what fails."),
        "build": Verb("publishing", "Build the site of a version; writes nothing to the report."),
        "check": Verb("publishing", "Check a built site: links, sums, sources, decisions."),
    },
    "Keeping a report": {
        "init": Verb("keeping", "Make a report."),
        "configure": Verb("keeping", "Take settings and site sources from a folder."),
        "import": Verb("importing", "Make chapters and versions of texts written elsewhere."),
        "assemblies": Verb("keeping", "Add or correct records of assemblies."),
        "publish": Verb("publishing", "Publish the next version."),
    },
    "Amendments": {
        "propose": Verb("proposing", "Draft an amendment and hand it in."),
        "redraft": Verb("proposing", "Give an open amendment other words."),
        "combine": Verb("proposing", "Bring amendments together in a new one."),
        "admit": Verb("proposing", "Make an amendment of what was handed in."),
        "redact": Verb("redacting", "Remove an amendment's wording for good."),
    },
    "Votes": {
        "put": Verb("voting", "Put an amendment to the vote, or several together."),
        "vote": Verb("voting", "Cast a vote, or enter a roll call taken in the room."),
        "close": Verb("voting", "Close a vote, and print what it comes to."),
        "dissent": Verb("voting", "Put a seat's dissent on record."),
        "decide": Verb("voting", "Record the decision, with the panel's reason."),
        "reopen": Verb("voting", "Begin the next round of a vote that ended without one."),
        "separate": Verb("motions", "Vote on one by itself that was put with others."),
        "lapse": Verb("voting", "Close an amendment that asks for nothing any more."),
        "withdraw": Verb("voting", "Close an amendment as withdrawn."),
        "adopt": Verb("motions", "Move to end the drafting of a chapter."),
        "reconsider": Verb("motions", "Move to open a decision again."),
    },
    "People": {
        "seats": Verb("people", "List the seats of the panel; give and vacate them."),
        "clerks": Verb("people", "List clerks and administrators; appoint them."),
        "link": Verb("people", "Print a one-time sign-in link."),
        "comments": Verb("comments", "List comments; set until when they are taken."),
        "comment": Verb("comments", "Show, hold or answer comments; take one down."),
        "erase": Verb("comments", "Erase whoever stands behind an address."),
        "serve": Verb("serving", "Run the pages where people take part."),
        "demo": Verb("serving", "Try everything with an example report."),
    },
}
VERBS: Final = {name: verb for verbs in GROUPS.values() for name, verb in verbs.items()}


class Verbs(click.Group):
    """The group of all verbs; loads a verb's module when that verb is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the verbs in the order in which the help shows them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb; None where there is none of this name."""
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        module = importlib.import_module(f"drafter.cli.{verb.module}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs in their groups, without loading one."""
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, verb.line) for name, verb in verbs.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drafter")
def drafter() -> None:
    """Draft a citizens' report in public: clauses, amendments, recorded votes, versions.

    REPORT is an instance (a folder that `drafter init` made), a bare git repository, or a
    checkout of one. REPORT@VERSION names one moment of it: a version (v2), main, an amendment's
    branch (amendments/0007) or a commit id.

    \b
    Try it:       drafter demo
    Begin:        drafter init my-report && drafter serve my-report
    Compare:      drafter diff old.md new.md

    Exit codes: 0 done; 1 an expected answer (differences, competing places, findings, a refusal);
    2 an error, with one sentence on stderr that says what to do. DRAFTER_DEBUG=1 shows where an
    error came from.
    """

"""What has changed in the working draft since the last version: the same list, for the app.

Nothing of it is adopted, and whoever shows it says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from drafter.publish.changes import compare
from drafter.publish.changes_page import TOLD, changes_html
from drafter.publish.edition import day, read_draft
from drafter.publish.links import Links
from drafter.store.history import Version
from drafter.store.reports import read_assemblies, read_report
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class DraftLinks(Links):
    """The addresses as a page of the app writes them: the draft in the app, what is published on
    the site.
    """

    clauses: frozenset[str] = frozenset()
    """The ids that the last version has; of others the site knows nothing yet."""
    assemblies: frozenset[str] = frozenset()
    """The assemblies that the last version has."""

    def clause(self, path: str, clause: str | None) -> str:
        """Link to where a clause of the draft is commented on."""
        return self.clause_in_app(clause) if clause else self.take_part

    def amendment(self, number: int) -> str:
        """Link to an amendment's page in the app."""
        return self.amendment_in_app(number)

    def vote(self, number: int) -> str:
        """Link to how each seat voted."""
        return self.amendment_in_app(number)

    def dissent(self, number: int) -> str:
        """Link to what seats put on record against a decision."""
        return self.amendment_in_app(number)

    def assembly(self, assembly: str) -> str:
        """Link to an assembly's page; to the list of all where it came after the last version."""
        known = assembly in self.assemblies
        return self.page(f"assemblies/{assembly}/" if known else "assemblies/")

    def history(self, clause: str) -> str | None:
        """Link to the history of a clause; None where it came after the last version."""
        return f"{self.top}c/{clause}/" if clause in self.clauses else None


def draft_html(repository: Repository, tip: str, last: Version) -> str:
    """Write what has changed in the working draft since its last version."""
    before = read_report(repository, last.commit)
    comparison = compare(read_draft(repository, tip, last), last, before)
    links = DraftLinks("/latest/", "/", "/", before.ids, _bodies(repository, last))
    return changes_html(
        comparison,
        links,
        title=f"What has changed since version {last.number}, in the working draft",
        purpose=(
            f"Every change of the text since version {last.number} was published on "
            f"{day(last.time)}: {TOLD}"
        ),
        newer="Working draft",
    )


def _bodies(repository: Repository, version: Version) -> frozenset[str]:
    paths = (path for path, _ in read_assemblies(repository, version.commit))
    return frozenset(path.rsplit("/", 1)[-1].removesuffix(".md") for path in paths)

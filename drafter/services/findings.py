"""What verification says: a place, and a sentence about what is not as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drafter.core.errors import DrafterError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    where: str
    """The commit, record, version, clause or file, as people name it."""
    sentence: str


def guarded(where: str, found: Iterator[Finding]) -> list[Finding]:
    """Collect findings; what cannot be read ends the row with a finding of its own."""
    findings: list[Finding] = []
    try:
        findings.extend(found)
    except DrafterError as error:
        findings.append(Finding(where, error.sentence))
    return findings


def short(commit: str) -> str:
    """Name a commit as findings do."""
    return f"commit {commit[:10]}"

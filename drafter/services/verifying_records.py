"""What records say of each other: motions to reconsider, and amendments that combine others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from drafter.core.amendments import Amendment, read_record
from drafter.services.findings import Finding
from drafter.services.proposals import record_at
from drafter.store import names
from drafter.store.reports import read_amendment_records
from drafter.store.repository import Repository


def motion_findings(repository: Repository, tip: str) -> Iterator[Finding]:
    """Check motions to reconsider: each names a decision, and opens one amendment if carried."""
    records = {n: read_record(text) for n, text in read_amendment_records(repository, tip)}
    opened: set[int] = set()
    for number, record in records.items():
        path = names.amendment_path(number)
        old = records.get(record.instructions[0].amendment or record.number)
        if old is None or (old is not record and old.status not in ("accepted", "rejected")):
            yield Finding(path, "It reconsiders what was not decided by a vote.")
        if record.by_motion is None:
            continue
        motion = records.get(record.by_motion)
        asked = motion.instructions[0].amendment if motion else None
        if motion is None or motion.status != "accepted" or asked != record.reconsiders:
            yield Finding(path, f"Motion {record.by_motion} did not open it again.")
        if record.by_motion in opened:
            yield Finding(path, f"Motion {record.by_motion} opened another amendment already.")
        opened.add(record.by_motion)


def combining_findings(
    repository: Repository, tip: str, known: Collection[int]
) -> Iterator[Finding]:
    """Check that what an amendment combines is among the numbers that there ever were."""
    for number, record in _all_records(repository, tip).items():
        for source in record.combines:
            if source not in known:
                yield Finding(f"amendment {number}", f"It combines {source}, which never was.")


def _all_records(repository: Repository, tip: str) -> dict[int, Amendment]:
    """Read the record of every amendment: on main where it is decided, else on its branch."""
    found = {
        number: record_at(repository, branch_tip, number)
        for name, branch_tip in repository.branches()
        if (number := names.amendment_number(name))
    }
    return found | {
        number: read_record(text, names.amendment_path(number))
        for number, text in read_amendment_records(repository, tip)
    }

"""An instance at full size: 10,000 open amendments and 100,000 comments on the generated report.

Made once and kept in the temporary folder between runs. The branches are real, written by
`git fast-import`; the rows are written in bulk; what a page then reads is what it always reads.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from benchmarks import text as texts
from benchmarks.comparing import write
from benchmarks.text import SEED, generated
from drafter.core import amendments as records
from drafter.core.amendments import Number, write_record
from drafter.core.clauses import Clause, Report
from drafter.core.ids import ClauseId
from drafter.core.instructions import Instruction
from drafter.core.wording import wording_hash
from drafter.people.tables import (
    AmendmentRow,
    CommentAmendmentRow,
    CommentRow,
    ContributorRow,
    CounterRow,
)
from drafter.people.tokens import token_hash
from drafter.services import amending, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.signing_in import add_seats
from drafter.store import names
from drafter.store.messages import write_message

AMENDMENTS = 10_000
COMMENTS = 100_000
PUT = 30
"""Of the amendments: what a panel has before it at once."""
SEATS = 20
BUSY_CLAUSE = 50
"""Comments on the clause whose page is measured; the others share the rest."""
BEGUN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

CONFIGURATION = """\
site_name: A generated report
docs_dir: drafts
extra:
  drafter:
    numbering: decimal
    rules: {quorum: 1/2, quorum_floor: 3, clerk_may_publish_own: true}
"""


def kept_instance(database: str | None = None) -> Path:
    """Give the folder of the instance, made where it is not there; copy it before writing to it."""
    sources = [Path(module) for module in (__file__, str(texts.__file__))]
    versions = Path(records.__file__).parents[1].glob("people/migrations/versions/*.py")
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in (*sources, *sorted(versions))))
    folder = Path(tempfile.gettempdir()) / f"drafter-bench-size-{digest.hexdigest()[:12]}"
    if not folder.exists():
        making = Path(tempfile.mkdtemp(prefix="drafter-bench-size-making-"))
        try:
            make_instance(making / "instance", database)
            (making / "instance").rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return folder


def make_instance(path: Path, database: str | None = None) -> None:
    """Make the instance at `path`."""
    report = generated()
    source = path.parent / "source"
    write(report, source)
    (source / names.SITE_CONFIGURATION).write_text(CONFIGURATION, encoding="utf-8")
    instance = Instance.create(path, source, database=database)
    report = instance.report
    add_seats(instance, OPERATOR, SEATS)
    changes = list(_changes(report))
    _write_branches(instance, report, changes)
    tips = dict(instance.repository.branches())
    _write_rows(instance, report, changes, tips)
    for number in range(1, PUT + 1):
        motion = amending.put(instance, CLERK_ACTOR, number, closes_at=_closing(number))
        for seat in range(2, 2 + number % 10):
            voting.cast(instance, Actor("seat", seat), number, "for", motion.ballot_hash)
    instance.close()


def busy_clause(report: Report) -> ClauseId:
    """Name the clause whose page is measured."""
    return ClauseId(str(report.chapters[7].clauses[9].id))


def receipt_token(number: int) -> str:
    """Give the token of a comment's receipt."""
    return f"receipt-{number}"


def _closing(number: int) -> datetime:
    return datetime(2099, 1, 1, tzinfo=UTC) + timedelta(days=number % 7)


def _changes(report: Report) -> Iterator[tuple[str, Clause, str]]:
    """Choose 10,000 changes, each of three words in one clause: chapter, clause, new words."""
    chance = random.Random(SEED)
    plain = [
        (chapter.path, clause)
        for chapter in report.chapters
        for clause in chapter.clauses
        if clause.type in ("paragraph", "item") and clause.id
    ]
    for number in range(AMENDMENTS):
        path, clause = plain[number % len(plain)]
        words = clause.wording.split()
        at = chance.randrange(len(words) - 4)
        words[at : at + 3] = ["citizens", "may", f"decide{number}"]
        yield path, clause, " ".join(words)


def _record(instance: Instance, number: int, clause: Clause, words: str) -> str:
    after = wording_hash(clause.kind, words)
    record = records.Amendment(
        number=Number(number),
        title=f"Three other words, proposal {number}",
        status="open",
        base_commit=instance.tip,
        base_version=None,
        instructions=(
            Instruction(
                "substitute",
                clause=ClauseId(str(clause.id)),
                type=clause.type,
                ordered=clause.ordered,
                before=clause.hash,
                after=after,
            ),
        ),
        submitter=f"p-{number}",
        supporters=0,
        comments=(number,),
        assemblies=(),
    )
    return write_record(record)


def _write_branches(
    instance: Instance, report: Report, changes: list[tuple[str, Clause, str]]
) -> None:
    """Write a branch for each change, by one process of git."""
    base, when = instance.tip, int(BEGUN.timestamp())
    by = f"{names.IDENTITY_NAME} <{names.IDENTITY_ADDRESS}> {when} +0000"
    chapters = {chapter.path: chapter.text for chapter in report.chapters}
    git = ["git", "-C", str(instance.repository.folder)]
    writing = subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert writing.stdin is not None
    for number, (path, clause, words) in enumerate(changes, 1):
        message = write_message(
            "amendment", f"Amendment {number} opened", {"Amendment": str(number)}
        )
        files = {
            path: chapters[path].replace(clause.wording, words, 1),
            records.record_path(Number(number)): _record(instance, number, clause, words),
        }
        out = [
            f"commit {names.branch_ref(names.amendment_branch(number))}\n",
            f"committer {by}\n",
            _data(message),
            f"from {base}\n",
            *(f"M 100644 inline {name}\n{_data(content)}" for name, content in files.items()),
            "\n",
        ]
        writing.stdin.write("".join(out).encode())
    writing.stdin.close()
    if writing.wait() != 0:
        raise RuntimeError("git fast-import failed")
    subprocess.run([*git, "pack-refs", "--all"], check=True)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _write_rows(
    instance: Instance,
    report: Report,
    changes: list[tuple[str, Clause, str]],
    tips: dict[str, str],
) -> None:
    amendments = [
        {
            "number": number,
            "title": f"Three other words, proposal {number}",
            "state": "open",
            "round": 1,
            "branch_tip": tips[names.amendment_branch(number)],
            "submitter": f"p-{number}",
            "updated_at": BEGUN,
        }
        for number in range(1, AMENDMENTS + 1)
    ]
    comments = list(_comments(report, changes))
    people = [{"id": each["contributor"], "email": None, "created_at": BEGUN} for each in comments]
    links = [
        {"comment": number, "amendment": number, "linked_at": BEGUN}
        for number in range(1, AMENDMENTS + 1)
    ]
    with instance.database.writing() as session:
        for table, rows in (
            (AmendmentRow, amendments),
            (CommentRow, comments),
            (ContributorRow, people),
            (CommentAmendmentRow, links),
        ):
            session.execute(insert(table), rows)
        for name, last in (("amendment", AMENDMENTS), ("comment", COMMENTS)):
            session.execute(update(CounterRow).where(CounterRow.name == name).values(last=last))


def _comments(
    report: Report, changes: list[tuple[str, Clause, str]]
) -> Iterator[dict[str, object]]:
    """Make the comments: first what became amendments, then remarks and more suggestions."""
    chance = random.Random(SEED + 1)
    busy = busy_clause(report)
    place = report.locate(busy)
    assert place is not None
    all_clauses = [clause for _, clause, _ in changes if clause.id != busy]
    on_busy = sum(clause.id == busy for _, clause, _ in changes)
    for number in range(1, COMMENTS + 1):
        if number <= AMENDMENTS:
            _, clause, words = changes[number - 1]
            kind, state, text, wording = "suggestion", "shown", "It would be clearer.", words
        else:
            left = BUSY_CLAUSE - on_busy - (number - AMENDMENTS - 1)
            clause = place.clause if left > 0 else chance.choice(all_clauses)
            words = " ".join(clause.wording.split()[:40])
            kind, wording = (
                ("suggestion", f"{words} {number}") if number % 5 == 0 else ("remark", None)
            )
            state = "confirmed" if number % 10 == 3 and left <= 0 else "shown"
            text = f"Remark {number}: {words}"
        yield {
            "number": number,
            "clause_id": clause.id,
            "wording_hash": clause.hash,
            "words_seen": clause.wording,
            "version_seen": None,
            "kind": kind,
            "text": text,
            "suggested_wording": wording,
            "contributor": f"p-{number}",
            "state": state,
            "created_at": BEGUN,
            "confirmed_at": BEGUN,
            "receipt_hash": token_hash(receipt_token(number)),
            "confirm_hash": token_hash(f"confirm-{number}"),
        }

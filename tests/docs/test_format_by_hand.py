"""A report written by git and hashlib alone, as `docs/format.md` says: verification accepts it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from drafter.services.verifying import verify
from drafter.store.repository import Repository

TEXT = """\
# Votes {: #c-7k3m9q }

Every citizen aged eighteen or over may vote.
{: #c-4d8x2n origin="leeds-2018/1" }

1. The register is public. {: #c-9w2t5v }
"""
AFTER = TEXT.replace("eighteen", "sixteen") + "2. It is corrected every year. {: #c-5e9y3p }\n"
LEEDS = """\
---
id: leeds-2018
title: Leeds citizens' assembly
model: random-selection
organisers: [Institute for Local Democracy]
place: Leeds
level: regional
dates: [2018-03-10, 2018-03-24]
participants: 96
selection: By lot.
---

# Leeds citizens' assembly {: #c-aaaaaa }

## Questions {: #c-aaaaab }

- Who should have the vote? {: #c-aaaaac }

## Proposals {: #c-aaaaad }

1. Citizens aged sixteen or over should have the vote. {: #c-aaaaae }
"""
RULES = (
    '{"clerk_may_publish_own":false,"editorial":["formatting"],"majority":"simple",'
    '"quorum":"1/2","quorum_floor":3}'
)
RECORD = """\
---
schema: 1
number: 1
title: "Votes at sixteen"
status: {status}
round: 1
base_commit: "{base}"
submitter: "p-3k9d"
supporters: 0
comments: []
assemblies: ["leeds-2018/1"]
instructions:
  - verb: substitute
    clause: c-4d8x2n
    type: paragraph
    before: "{b}"
    after: "{a}"
  - verb: insert
    clause: c-5e9y3p
    type: item
    ordered: true
    after: "{ins}"
    parent: "drafts/votes.md"
    preceding: c-9w2t5v
{decision}---

# Amendment 1
{reason}"""
DECISION = """\
decision:
  date: 2026-11-02
  outcome: accepted
  closed_by: "clerk"
  question: "Shall it be made?"
  for: 3
  against: 1
  abstaining: 0
  absent: 1
  recused: 0
  roll_call:
    seat-01: for
    seat-02: for
    seat-03: for
    seat-04: against
    seat-05: absent
  ballot: "{ballot}"
  rules:
    identity: "{rid}"
    clerk_may_publish_own: false
    editorial: ["formatting"]
    majority: "simple"
    quorum: "1/2"
    quorum_floor: 3
"""
FACTS = """\
{"format": 1, "comments": [
{"number": 421, "clause": "c-7k3m9q", "version": null, "suggestion": true, "answered": true,\
 "amendment": 1}
]}
"""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Hand:
    """Runs git, with the one identity and a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = 1_700_000_000
        self.git("init", "-q", "--bare", "-b", "main", str(folder))

    def git(self, *arguments: str, given: str | None = None) -> str:
        environment = {"GIT_INDEX_FILE": f"{self.folder}.index"}
        for role in ("AUTHOR", "COMMITTER"):
            environment[f"GIT_{role}_NAME"] = "Drafter"
            environment[f"GIT_{role}_EMAIL"] = "drafter@localhost"
            environment[f"GIT_{role}_DATE"] = f"{self.time} +0000"
        done = subprocess.run(
            ["git", f"--git-dir={self.folder}", *arguments],
            input=None if given is None else given.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, **environment},
        )
        return done.stdout.decode().strip()

    def commit(self, files: Mapping[str, str], parents: list[str], message: str, ref: str) -> str:
        self.time += 60
        self.git("read-tree", *(parents[:1] or ["--empty"]))
        for path, content in files.items():
            blob = self.git("hash-object", "-w", "--stdin", given=content)
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        named = [word for parent in parents for word in ("-p", parent)]
        made = self.git("commit-tree", self.git("write-tree"), *named, given=message)
        self.git("update-ref", f"refs/heads/{ref}", made)
        return made

    def tree_sha256(self, commit: str) -> str:
        paths = sorted(self.git("ls-tree", "-r", "--name-only", commit).split("\n"))
        lines = (f"{sha256(self.read(commit, path))}  {path}\n" for path in paths)
        return sha256("".join(lines))

    def read(self, commit: str, path: str) -> str:
        return self.git("show", f"{commit}:{path}") + "\n"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    hand = Hand(tmp_path / "report.git")
    files = {"mkdocs.yml": "site_name: By hand\n", "drafts/votes.md": TEXT}
    files["drafts/assemblies/leeds-2018.md"] = LEEDS
    first = hand.commit(files, [], "First draft\n\nKind: first\n", "main")
    before = sha256("paragraph\nEvery citizen aged eighteen or over may vote.")
    after = sha256("paragraph\nEvery citizen aged sixteen or over may vote.")
    inserted = sha256("numbered item\nIt is corrected every year.")
    place = ("drafts/votes.md", "c-9w2t5v")
    lines = [
        ("c-4d8x2n", "substitute", "paragraph", "-", before, after, "-", "-", "-", "-"),
        ("c-5e9y3p", "insert", "numbered item", "-", "-", inserted, *place, "-", "-"),
    ]
    bound = ["drafter ballot 1", f"rules {sha256(RULES)}", *sorted(map("\t".join, lines))]
    known = {"base": first, "b": before, "a": after, "ins": inserted}
    count = DECISION.format(ballot=sha256("\n".join(bound) + "\n"), rid=sha256(RULES))
    opened = RECORD.format(**known, status="open", decision="", reason="")
    reason = "\n## Reason\n\n> Leeds asked for it.\n"
    closed = RECORD.format(**known, status="accepted", decision=count, reason=reason)
    path = "amendments/0001.md"
    branch = hand.commit(
        {"drafts/votes.md": AFTER, path: opened},
        [first],
        "Amendment 1 opened\n\nKind: amendment\nAmendment: 1\n",
        "amendments/0001",
    )
    decision = hand.commit(
        {"drafts/votes.md": AFTER, path: closed},
        [first, branch],
        "Amendment 1 accepted\n\nKind: decision\nAmendment: 1\nOutcome: accepted\n",
        "main",
    )
    answers = '{"format": 1, "answers": [\n\n]}\n'
    publication = hand.commit(
        {"amendments/comments/v1.json": FACTS, "amendments/answers/v1.json": answers},
        [decision],
        "Version 1\n\nKind: publication\nVersion: v1\n",
        "main",
    )
    message = f"Version 1: By hand\n\nTree-SHA256: {hand.tree_sha256(publication)}\n"
    tag = ("tag", "-a", "--cleanup=verbatim", "-F", "-", "v1", publication)
    hand.git(*tag, given=message)
    return hand.folder


def test_a_report_that_another_program_wrote_from_the_specification_holds(written: Path) -> None:
    assert verify(Repository.open(written)).findings == ()

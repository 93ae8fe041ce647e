"""A small report in a real repository: a version, an accepted and a rejected amendment, another."""

from __future__ import annotations

import datetime
from datetime import UTC, timedelta
from datetime import datetime as Time
from pathlib import Path

from drafter.core.amendments import (
    Amendment,
    Count,
    Decision,
    Dissent,
    RollCall,
    ballot_hash,
    write_record,
)
from drafter.core.clauses import Report
from drafter.core.editing import insert, move, repeal, substitute
from drafter.core.effects import instructions_between
from drafter.core.ids import ClauseId
from drafter.core.instructions import Number
from drafter.core.rules import Rules
from drafter.publish.facts import CommentFact, write_facts
from drafter.store.history import tree_sha256
from drafter.store.messages import write_message, write_tag_message
from drafter.store.reports import read_report
from drafter.store.repository import Repository

CONFIGURATION = """site_name: A small report
site_description: What a small report is about.
copyright: "An example."
docs_dir: drafts
site_dir: build/site
theme:
  name: material
  custom_dir: site/overrides
  font: false
nav: [02-voting.md]
plugins: [search, drafter]
markdown_extensions: [drafter.publish.markdown_extension]
extra:
  drafter:
    app_url: /
    numbering: decimal
"""

VOTING = """---
title: Voting & elections
---

# Voting & elections {: #c-000001 }

## Who may vote {: #c-000002 }

Every citizen aged *eighteen* or over may vote. See [values](01-values.md#c-00000b).
{: #c-000003 origin="leeds-2018/1" }

1. The register is public. {: #c-000004 }
   - It is kept by an office. {: #c-000005 }
2. Anyone may look it up. {: #c-000006 origin="leeds-2018/2" }

| Body | Members |
|---|---|
| House | 650 |

{: #c-000007 }

> Nothing about us without us.

{: #c-000008 }

A note.[^1]
{: #c-000009 }

[^1]: The note itself. {: #c-00000a }
"""

VALUES = """# Values

Everyone is equal before the law.
{: #c-00000b }

Power is held in trust, and it is given back when its time is over.
{: #c-00000c }
"""

LEEDS = """---
id: leeds-2018
title: Leeds citizens’ assembly
model: random-selection
organisers: [Leeds Forum]
place: Leeds
level: regional
dates: [2018-03-10]
participants: 96
selection: By lot.
---

# Leeds citizens’ assembly {: #c-00000d }

It met on one Saturday.
{: #c-00000e }

## Questions {: #c-00000f }

- Who should have a say? {: #c-00000g }

## Proposals {: #c-00000h }

1. The right to vote begins at sixteen. Votes: 71 for, 14 against, 11 abstaining. {: #c-00000j }
2. The register is open. Votes: adopted without a vote. {: #c-00000k }
3. Parliament meets outside London. {: #c-00000m }
"""

START = Time(2020, 1, 10, 9, 0, tzinfo=UTC)


class Story:
    """Writes a report's history commit by commit, with a clock of its own."""

    def __init__(self, path: Path, files: dict[str, str]) -> None:
        self.repository = Repository.create(path)
        self.now = START
        self.commit("first", {name: text.encode() for name, text in files.items()})

    def tick(self) -> Time:
        self.now += timedelta(hours=1)
        return self.now

    @property
    def tip(self) -> str:
        return self.repository.resolve("main")

    @property
    def report(self) -> Report:
        return read_report(self.repository, self.tip)

    def commit(self, kind: str, changes: dict[str, bytes | None], *parents: str) -> str:
        with self.repository.writing() as writer:
            tip = self.repository.tip("main")
            line = () if tip is None else (tip,)
            message = write_message(kind, f"A {kind}")  # type: ignore[arg-type]
            new = writer.write_commit(changes, tip, (*line, *parents), message, self.tick())
            writer.move_ref("main", tip, new)
        return new

    def decide(
        self, number: int, title: str, after: Report, *, accepted: bool, **facts: object
    ) -> None:
        before, tip = self.report, self.tip
        instructions = instructions_between(before, after)
        rules = Rules()
        votes = {f"seat-{n:02}": "for" if (n < 5) == accepted else "against" for n in range(1, 8)}
        votes["seat-06"] = "recused"
        decision = Decision(
            date=datetime.date(2020, 2, 1),
            outcome="accepted" if accepted else "rejected",
            closed_by="clerk",
            reason=str(facts.pop("reason", "It is *clearer*.")),
            count=Count(
                f"Shall amendment {number} be accepted?",
                RollCall.of(votes),  # type: ignore[arg-type]
                rules,
                ballot_hash(instructions, rules.identity),
                interests=(("seat-06", "I sit on a <board>."),),
                in_the_room=("seat-05",),
            ),
            dissents=(Dissent("seat-07", "I would have waited."),),
        )
        amendment = Amendment(
            number=Number(number),
            title=title,
            status=decision.outcome,
            base_commit=tip,
            instructions=instructions,
            submitter="k3n9",
            decision=decision,
            **facts,  # type: ignore[arg-type]
        )
        record = {f"amendments/{number:04}.md": write_record(amendment).encode()}
        changed = {
            chapter.path: chapter.text.encode()
            for chapter, old in zip(after.chapters, before.chapters, strict=True)
            if chapter.text != old.text
        }
        if not accepted:
            self.commit("decision", record)
            return
        with self.repository.writing() as writer:
            message = write_message("amendment", "An amendment")
            branch = writer.write_commit(changed, tip, (tip,), message, self.tick())
            writer.move_ref(f"amendments/{number:04}", None, branch)
        self.commit("decision", {**record, **changed}, branch)

    def publish(self, number: int, title: str, comments: list[CommentFact] | None = None) -> None:
        facts = write_facts(comments or []).encode()
        self.commit("publication", {f"amendments/comments/v{number}.json": facts})
        message = write_tag_message(number, title, tree_sha256(self.repository, self.tip))
        with self.repository.writing() as writer:
            writer.create_tag(number, self.tip, message, self.tick())


FILES = {
    "mkdocs.yml": CONFIGURATION,
    "drafts/01-values.md": VALUES,
    "drafts/02-voting.md": VOTING,
    "drafts/assemblies/leeds-2018.md": LEEDS,
    "site/overrides/assets/extra.css": "/* none */\n",
}


def tell(path: Path, files: dict[str, str] = FILES) -> Story:
    """Write the small report's two versions."""
    story = Story(path, files)
    story.publish(1, "First draft")
    after = substitute(
        story.report,
        "c-000003",
        "Every citizen aged *sixteen* or over may vote. See [values](01-values.md#c-00000b).",
    )
    story.decide(
        1, "Let people vote at sixteen", after, accepted=True, comments=(421, 430, 431),
        assemblies=("leeds-2018/1",), supporters=12,
    )  # fmt: skip
    after = repeal(story.report, "c-00000c")
    story.decide(2, "Leave out the trust", after, accepted=False)
    after = insert(
        story.report, path="drafts/01-values.md", parent=None, after=ClauseId("c-00000b"),
        text="Nobody is above the law.", taken=story.report.ids,
    )  # fmt: skip
    after = move(after, "c-000008", path="drafts/01-values.md", parent=None, after=None)
    story.decide(3, "Say that nobody is above the law", after, accepted=True)
    comments = [CommentFact(421, "c-000003", "v1", suggestion=True, answered=True, amendment=1)]
    story.publish(2, "Second draft", comments)
    return story

"""One comment that becomes a published clause."""

from __future__ import annotations

import json

from drafter.core.amendments import read_record
from drafter.people.motions import Motion
from drafter.publish.facts import read_facts
from drafter.services import admitting, amending, commenting, publishing, signing_in, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.deciding import Decided, decide
from drafter.services.history import clause_story
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import SIXTEEN

YOUNGER = "Every citizen aged fifteen or over may vote in every election."


def signed_in(instance: Instance, who: Actor) -> Actor:
    link = signing_in.mint_link(instance, OPERATOR, who)
    return signing_in.redeem(instance, link.rpartition("/")[2]).claimed


def vote(instance: Instance, motion: Motion) -> None:
    choices: tuple[voting.Choice, ...] = ("for", "for", "against", "for")
    for seat, choice in enumerate(choices, 1):
        member = signed_in(instance, Actor("seat", seat))
        voting.cast(instance, member, motion.amendment, choice, motion.ballot_hash)


def everything_in_git(instance: Instance) -> bytes:
    return b"".join(
        instance.repository.read_blob(entry.blob_id)
        for commit in instance.repository.commits(instance.tip)
        for entry in instance.repository.list_tree(commit.id)
    )


def test_one_comment_becomes_a_published_clause(instance: Instance) -> None:
    clerk = signed_in(instance, CLERK_ACTOR)
    publishing.publish(instance, clerk, "First draft")

    preview = commenting.preview_suggestion(instance, SIXTEEN, YOUNGER)
    assert preview.problems == ()
    assert ("-", "sixteen") in preview.pieces
    sent = commenting.comment(
        instance, SIXTEEN, "They work too.", YOUNGER, "ada@example.org", version_seen="v1"
    )
    mails = sorted(instance.outbox.glob("*.eml"))
    assert sent.confirm_token is not None
    assert sent.confirm_token in mails[0].read_text()
    assert admitting.queue(instance, clerk).to_admit == ()
    commenting.confirm(instance, sent.confirm_token)
    assert [c.number for c in admitting.queue(instance, clerk).to_admit] == [sent.number]

    admitting.show(instance, clerk, sent.number)
    number = admitting.admit(instance, clerk, [sent.number], "Votes at fifteen")
    vote(instance, amending.put(instance, clerk, number))
    view = amending.view_amendment(instance, number, actor=Actor("seat", 3))
    assert view.motion is not None
    assert [ballot.choice for ballot in view.motion.ballots] == ["against"]
    assert view.diff.changes[0].clause == SIXTEEN
    voting.close(instance, clerk, number)
    result = decide(instance, clerk, number, "Who works may vote.")
    assert isinstance(result, Decided)

    before = commenting.receipt(instance, sent.receipt_token)
    assert before.outcomes[0].state == "accepted"
    assert before.outcomes[0].version is None
    version = publishing.publish(instance, clerk, "Votes at fifteen")
    assert version.name == "v2"

    after = commenting.receipt(instance, sent.receipt_token)
    [outcome] = after.outcomes
    assert outcome.version == "v2"
    assert outcome.reason == "Who works may vote."
    assert outcome.tally.startswith("Carried: 3 for, 1 against")
    assert ("+", "fifteen") in after.changed_since

    text = instance.repository.read_text(version.commit, "amendments/comments/v2.json")
    [fact] = read_facts(text, "v2.json")
    assert (fact.number, fact.amendment, fact.answered) == (sent.number, number, True)
    record = read_record(instance.repository.read_text(version.commit, "amendments/0001.md"))
    assert record.comments == (sent.number,)
    story = clause_story(instance.repository, SIXTEEN)
    assert [(step.amendment, step.version) for step in story.steps] == [(None, "v1"), (1, "v2")]
    found = verify(instance.repository, instance.database, instance.public)
    assert found.findings == ()
    pages = instance.public / "v2"
    assert json.loads((pages / "manifest.json").read_text())["version"] == "v2"
    assert "fifteen" in (pages / "voting" / "index.html").read_text()
    told = [mail.read_text() for mail in sorted(instance.outbox.glob("*.eml"))]
    assert any("Amendment 1 is accepted" in mail for mail in told)
    assert b"They work too" not in everything_in_git(instance)
    assert b"example.org" not in everything_in_git(instance)

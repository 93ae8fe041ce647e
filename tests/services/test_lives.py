"""Every comment's relation to the text, against the truth of how the text was changed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drafter.core import editing as core
from drafter.core.clauses import Report
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.people.comments import Comment, find_comment
from drafter.services import admitting, commenting, deciding, editing, publishing
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.identities import ids_ever
from drafter.services.instance import Instance
from drafter.services.lives import lives_at
from drafter.services.proposals import chapter_changes
from drafter.services.verifying import verify
from drafter.store import names
from drafter.store.messages import write_message
from tests.core.texts import sentence
from tests.services.reports import Ticking, closed, make_instance, send, write_source

SEAT = Actor("seat", 1)
RUNS = 40 if os.environ.get("DRAFTER_FULL") else 4
PATHS = ("drafts/one.md", "drafts/two.md")


@dataclass
class Truth:
    """What was really done, in order, and the comments with the moment at which each was made."""

    done: list[tuple[str, ClauseId, tuple[ClauseId, ...], int | None]] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)

    def note(self, verb: str, clause: ClauseId, *others: ClauseId, by: int | None = None) -> None:
        self.done.append((verb, clause, others, by))


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_build", lambda *_: None)
    monkeypatch.setattr(publishing, "renew", lambda *_: None)


@pytest.fixture
def drafting(tmp_path: Path) -> Iterator[Instance]:
    """A report of two chapters that are drafted, of paragraphs of two sentences."""
    chance, source = random.Random(3), write_source(tmp_path / "source")
    for number, path in enumerate(PATHS):
        lines = ["---", "phase: drafting", "---", f"# Chapter {number} {{: #c-head0{number} }}", ""]
        for place in range(6):
            lines += [
                f"{sentence(chance)} {sentence(chance)}",
                f"{{: #c-{number}p{place}aaa }}",
                "",
            ]
        (source / path).write_text("\n".join(lines), encoding="utf-8")
    made = make_instance(tmp_path / "instance", source, clock=Ticking())
    yield made
    made.close()


def paragraphs(report: Report) -> list[ClauseId]:
    found = [place.clause for place in report.places() if place.chapter.path in PATHS]
    return [one.id for one in found if one.type == "paragraph" and one.id]


def write(instance: Instance, after: Report) -> None:
    """Write a text to main as a seat's recorded edit."""
    with instance.writing() as writer:
        tip, before = instance.tip, instance.report
        message = write_message("edit", "Edit by seat-01", {"Seat": "seat-01"})
        now = instance.clock()
        commit = writer.write_commit(chapter_changes(before, after), tip, (tip,), message, now)
        writer.move_ref(names.MAIN, tip, commit)


def replaced(report: Report, path: str, old: str, new: str) -> Report:
    chapter = report.chapter(path)
    assert chapter is not None
    assert old in chapter.text
    fresh = read_chapter(path, chapter.text.replace(old, new, 1))
    return Report(tuple(fresh if one is chapter else one for one in report.chapters))


KINDS = ("edit", "insert", "move", "split", "join", "remove", "decide")


def speak(instance: Instance, clause: ClauseId, truth: Truth) -> None:
    sent = commenting.comment(instance, clause, "What I think.")
    truth.comments.append((sent.number, len(truth.done)))


def act(instance: Instance, chance: random.Random, truth: Truth, kind: str) -> None:
    """Do one thing to the text, and note it; somebody had commented on what it is done to."""
    report = instance.report
    clause = chance.choice(paragraphs(report))
    place = report.locate(clause)
    assert place is not None
    speak(instance, clause, truth)
    if kind == "edit":
        editing.edit(instance, SEAT, clause, f"{place.clause.wording} {sentence(chance)}")
        truth.note("edit", clause)
    elif kind == "insert":
        editing.insert(instance, SEAT, sentence(chance), path=place.chapter.path, after=clause)
    elif kind == "move":
        path = next(path for path in PATHS if path != place.chapter.path)
        write(instance, core.move(report, clause, path=path, parent=None, after=None))
        truth.note("move", clause)
    elif kind == "split":
        split(instance, clause, truth)
    elif kind == "join":
        join(instance, chance, truth)
    elif len(paragraphs(report)) > 4 and kind == "remove":
        editing.repeal(instance, SEAT, clause)
        truth.note("remove", clause)
    else:
        decide(instance, clause, f"{place.clause.wording} {sentence(chance)}", truth)


def split(instance: Instance, clause: ClauseId, truth: Truth) -> None:
    report = instance.report
    place = report.locate(clause)
    assert place is not None
    first, stop, rest = place.clause.wording.partition(". ")
    if not stop:
        return
    new = f"c-s{len(truth.done):05}"
    assert new not in ids_ever(instance.repository, instance.tip)
    old = f"{place.clause.wording}\n{{: #{clause}"
    text = f"{first}.\n{{: #{clause}"
    marker = place.chapter.text[place.chapter.text.index(old) + len(old) :].split("}", 1)[0]
    after = f'{text}{marker}}}\n\n{rest}\n{{: #{new} was="{clause}" }}'
    write(instance, replaced(report, place.chapter.path, f"{old}{marker}}}", after))
    truth.note("split", clause, ClauseId(new))


def join(instance: Instance, chance: random.Random, truth: Truth) -> None:
    report = instance.report
    chapter = report.chapter(chance.choice(PATHS))
    assert chapter is not None
    whole = [one for one in chapter.clauses if one.type == "paragraph" and not one.was]
    if len(whole) < 3:
        return
    one, two = whole[0], whole[1]
    assert one.id is not None
    assert two.id is not None
    old = f"{one.wording}\n{{: #{one.id} }}\n\n{two.wording}\n{{: #{two.id} }}"
    if old not in chapter.text:
        return
    new = f'{one.wording} {two.wording}\n{{: #{one.id} was="{two.id}" }}'
    for each in (one.id, two.id):
        speak(instance, each, truth)
    write(instance, replaced(report, chapter.path, old, new))
    truth.note("join", two.id, one.id)
    truth.note("take in", one.id, two.id)


def decide(instance: Instance, clause: ClauseId, wording: str, truth: Truth) -> None:
    sent = send(instance, clause, "", wording)
    truth.comments.append((sent.number, len(truth.done)))
    number = admitting.admit(instance, CLERK_ACTOR, [sent.number], "Say more")
    closed(instance, number)
    assert isinstance(deciding.decide(instance, CLERK_ACTOR, number, "Yes."), deciding.Decided)
    truth.note("edit", clause, by=number)


def expected(instance: Instance, comment: Comment, made_at: int, truth: Truth) -> dict[str, object]:
    place = instance.report.locate(comment.clause_id)
    since = [one for one in truth.done[made_at:] if one[1] == comment.clause_id]
    ended = [one for one in since if one[0] in ("remove", "join")]
    end = ended[-1] if ended and place is None else None
    return {
        "present": place is not None,
        "changed": place is not None and place.clause.wording != comment.words_seen,
        "moved": place is not None and any(one[0] == "move" for one in since),
        "parts": tuple(other for one in since if one[0] == "split" for other in one[2]),
        "taken_in": tuple(other for one in since if one[0] == "take in" for other in one[2]),
        "end": None if end is None else ("joined" if end[0] == "join" else "removed", end[2]),
    }


@pytest.mark.parametrize("seed", range(RUNS))
def test_after_three_versions_every_comment_stands_in_its_true_relation(
    drafting: Instance, unbuilt: None, seed: int
) -> None:
    chance, truth, instance = random.Random(seed), Truth(), drafting
    kinds = [*KINDS, *chance.choices(KINDS, k=8)]
    chance.shuffle(kinds)
    for version in range(3):
        for kind in kinds[5 * version : 5 * version + 5]:
            act(instance, chance, truth, kind)
        publishing.publish(instance, CLERK_ACTOR)
    at = lives_at(instance.repository, instance.tip)
    wrong = []
    for number, made_at in truth.comments:
        with instance.database.reading() as session:
            comment = find_comment(session, number)
        assert comment is not None
        found = at.standing(comment)
        told = {
            "present": found.present,
            "changed": found.changed,
            "moved": found.moved,
            "parts": found.parts,
            "taken_in": found.taken_in,
            "end": found.end and (found.end.happening, found.end.others),
        }
        wanted = expected(instance, comment, made_at, truth)
        if told != wanted:
            wrong.append((number, comment.clause_id, told, wanted, truth.done))
    assert wrong == []
    assert {verb for verb, _, _, _ in truth.done} >= {"edit", "move", "split", "join", "remove"}
    assert verify(instance.repository, instance.database).findings == ()


def test_a_life_that_is_carried_on_is_the_one_that_is_read_anew(drafting: Instance) -> None:
    clause = paragraphs(drafting.report)[0]
    for words in ("One.", "Two.", "Three."):
        lives_at(drafting.repository, drafting.tip).life(clause)
        editing.edit(drafting, SEAT, clause, words)
    carried = lives_at(drafting.repository, drafting.tip).life(clause)
    again = Instance.open(drafting.path)
    assert lives_at(again.repository, again.tip).life(clause) == carried
    assert [turn.happening for turn in carried] == ["came", "reworded", "reworded", "reworded"]
    again.close()


def test_a_removed_clause_is_found_as_it_stood_last_with_what_removed_it(
    drafting: Instance,
) -> None:
    clause = paragraphs(drafting.report)[2]
    place = drafting.report.locate(clause)
    assert place is not None
    editing.repeal(drafting, SEAT, clause)
    last = lives_at(drafting.repository, drafting.tip).last_seen(clause)
    assert last is not None
    assert last.place.clause.wording == place.clause.wording
    assert (last.turn.happening, last.turn.kind) == ("removed", "edit")
    still = paragraphs(drafting.report)[0]
    assert lives_at(drafting.repository, drafting.tip).last_seen(still) is None

"""The story: it replays alike, its tip is the project's top level, and it shows what it should."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drafter.core.amendments import Amendment, read_record
from drafter.core.assemblies import is_record_path, read_assembly
from drafter.core.diff import diff_reports
from drafter.demo.events import Event, read_events
from drafter.demo.making import CITIZENS_CLAUSE
from drafter.demo.replay import VERBS, replay
from drafter.demo.toplevel import files_in, files_of, write
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance
from drafter.services.moderating import count_comments
from drafter.services.phases import commenting_phase
from drafter.store import names
from drafter.store.history import versions
from drafter.store.reports import read_report

TOP_LEVEL = Path(__file__).parents[2]


def records(instance: Instance) -> list[Amendment]:
    entries = instance.repository.list_tree(instance.tip, names.AMENDMENTS)
    return [
        read_record(instance.repository.read_entry(entry), entry.path)
        for entry in entries
        if names.record_number(entry.path) is not None
    ]


def test_the_same_events_make_the_same_commits_whoever_replays_them(
    kept: Instance, tmp_path: Path
) -> None:
    again = replay(tmp_path / "again", "https://elsewhere.example.org")
    try:
        assert again.tip == kept.tip
        assert again.repository.branches() == kept.repository.branches()
        for name in ("v1", "v2", "v3"):
            assert again.repository.tip(name) == kept.repository.tip(name)
    finally:
        again.close()


def test_the_top_level_is_the_tip_of_the_story(kept: Instance) -> None:
    told, here = files_of(kept), files_in(TOP_LEVEL)
    advice = "Run 'make story': an event, mkdocs.yml or site/ has changed since."
    assert sorted(here) == sorted(told), advice
    assert [name for name in told if here[name] != told[name]] == [], advice
    for name in ("mkdocs.yml", "site/overrides/assets/extra.css"):
        assert kept.repository.read_text(kept.tip, name) == (TOP_LEVEL / name).read_text()


def test_what_the_story_no_longer_holds_is_gone_from_the_top_level(tmp_path: Path) -> None:
    (tmp_path / "amendments").mkdir()
    (tmp_path / "amendments" / "9999.md").write_text("old")
    (tmp_path / "README.md").write_text("kept")
    write(tmp_path, {"drafts/a.md": b"a", "amendments/comments/v1.json": b"{}"})
    assert files_in(tmp_path) == {"drafts/a.md": b"a", "amendments/comments/v1.json": b"{}"}
    assert (tmp_path / "README.md").read_text() == "kept"


def test_no_two_events_are_at_one_moment(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[[lapse]]\nat = 2020-01-01 09:00:00\n")
    assert read_events(tmp_path) == (Event(datetime(2020, 1, 1, 9, tzinfo=UTC), "lapse", {}),)
    (tmp_path / "b.toml").write_text("[[put]]\nat = 2020-01-01 09:00:00\n")
    with pytest.raises(ValueError, match="2020-01-01 09:00:00"):
        read_events(tmp_path)


def test_a_story_that_comes_out_otherwise_than_it_says_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = read_events()[0]
    wrong = Event(begin.at.replace(hour=23), "publish", {"version": "v7", "title": "Wrong"})
    monkeypatch.setattr("drafter.demo.replay.read_events", lambda: (begin, wrong))
    with pytest.raises(ValueError, match="The story says version v7"):
        replay(tmp_path / "report")


def test_every_verb_of_the_story_is_used() -> None:
    assert {event.do for event in read_events()} == set(VERBS)


def test_amendments_come_to_every_end_there_is(kept: Instance) -> None:
    found = records(kept)
    ends = Counter(record.status for record in found)
    assert ends["accepted"] >= 12
    assert min(ends[end] for end in ("rejected", "withdrawn", "lapsed")) >= 2
    dissents = [record for record in found if record.decision and record.decision.dissents]
    assert sum(record.status == "rejected" for record in dissents) >= 2
    verbs = {each.verb for record in found for each in record.instructions}
    assert verbs == {"insert", "substitute", "repeal", "move", "adopt", "reconsider"}
    assert any(record.combines for record in found)
    assert any(record.round > 1 for record in found)
    votes = [record.decision.count for record in found if record.decision and record.decision.count]
    assert any(count.interests for count in votes)
    assert any(count.in_the_room for count in votes)
    assert any(count.roll_call.tally.absent for count in votes)


def test_comments_come_in_every_state_and_the_phase_is_open(kept: Instance) -> None:
    with kept.database.reading() as session:
        rows = session.connection().exec_driver_sql("select state, source from comments").all()
    states, sources = (Counter(column) for column in zip(*rows, strict=True))
    assert len(rows) >= 40
    assert set(states) == {"received", "confirmed", "shown", "held", "withdrawn"}
    assert set(sources) == {"online", "paper", "spoken"}
    assert count_comments(kept, CLERK_ACTOR, "waiting") == 1
    assert commenting_phase(kept).is_open(datetime.now(UTC))


def test_assemblies_of_all_models_and_levels_have_proposals_taken_up_and_not(
    kept: Instance,
) -> None:
    texts = {
        path: content.decode() for path, content in files_of(kept).items() if is_record_path(path)
    }
    found = [read_assembly(path, text) for path, text in texts.items()]
    assert len(found) >= 10
    assert len({one.model for one in found}) == len({one.level for one in found}) == 4
    clauses = [clause for chapter in kept.report.chapters for clause in chapter.clauses]
    taken = {origin for clause in clauses for origin in clause.origin}
    left = {f"{one.id}/{each.number}" for one in found for each in one.proposals} - taken
    said = "\n".join(clause.wording for clause in clauses)
    for name in sorted(left):
        assert f"assemblies/{name.partition('/')[0]}.md#" in said, f"{name}: no reason is given."
    assert len(clauses) >= 120
    kinds = {clause.type for clause in clauses}
    assert kinds - {"opaque"} == {"heading", "paragraph", "item", "table", "quote", "code", "note"}


def test_a_journalist_finds_what_became_of_the_voting_age(kept: Instance) -> None:
    one, _, three = (
        read_report(kept.repository, version.commit) for version in versions(kept.repository)
    )
    changes = {change.clause: change for change in diff_reports(one, three).changes}
    assert changes[CITIZENS_CLAUSE].kind == "edited"
    place, before = three.locate(CITIZENS_CLAUSE), one.locate(CITIZENS_CLAUSE)
    assert place is not None
    assert before is not None
    assert "eighteen" in before.clause.wording
    assert place.clause.wording.startswith("Every citizen who has reached the age of sixteen")
    assert place.clause.origin == ("leeds-2018/4", "bristol-2017/2")
    about = [
        record
        for record in records(kept)
        if any(each.clause == CITIZENS_CLAUSE for each in record.instructions)
    ]
    assert [(record.number, record.status) for record in about] == [
        (1, "rejected"),
        (2, "withdrawn"),
        (22, "accepted"),
        (23, "rejected"),
    ]
    accepted = about[2]
    assert (accepted.reconsiders, accepted.by_motion) == (1, 21)
    assert accepted.comments[:2] == (1, 2)
    assert accepted.decision is not None
    assert accepted.decision.count is not None
    assert accepted.decision.count.roll_call.tally.seats == 20

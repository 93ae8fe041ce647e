"""Proposals are kept as they were saved, and no window overwrites another's work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from drafter.core.errors import BadInput, Conflict, NotFound
from drafter.core.ids import ClauseId
from drafter.core.steps import Remove, Reword
from drafter.people.database import Database
from drafter.people.proposals import (
    NewProposal,
    Proposal,
    add_proposal,
    find_proposal,
    proposals,
    save_proposal,
)

STEPS = (Reword(ClauseId("c-4d8x2n"), "Tŷ a “thir”"), Remove(ClauseId("c-9w2t5v")))


def begun(database: Database, now: datetime, author: str = "seat-07", **more: object) -> Proposal:
    with database.writing() as session:
        new = NewProposal("new", author, "a" * 40, "A title", STEPS, **more)  # type: ignore[arg-type]
        return add_proposal(session, new, now)


def test_a_proposal_is_read_as_it_was_written(database: Database, now: datetime) -> None:
    made = begun(database, now, comments=(9, 3, 9))
    assert (made.steps, made.comments, made.state, made.revision) == (STEPS, (3, 9), "drafting", 1)
    with database.reading() as session:
        assert find_proposal(session, made.id) == made
        assert find_proposal(session, 99) is None


def test_saving_counts_and_the_second_window_is_told(database: Database, now: datetime) -> None:
    made = begun(database, now)
    later = now + timedelta(hours=1)
    with database.writing() as session:
        saved = save_proposal(session, replace(made, title="Another"), later)
    assert (saved.title, saved.revision, saved.updated_at) == ("Another", 2, later)
    with pytest.raises(Conflict, match="another window"), database.writing() as session:
        save_proposal(session, replace(made, title="Overwritten"), later)
    with database.reading() as session:
        assert find_proposal(session, made.id) == saved
    with pytest.raises(NotFound), database.writing() as session:
        save_proposal(session, replace(made, id=99), later)


def test_lists_hold_the_states_and_the_author_asked_for(database: Database, now: datetime) -> None:
    mine, other = begun(database, now), begun(database, now, "seat-02")
    with database.writing() as session:
        sent = save_proposal(session, replace(other, state="submitted", submitted_at=now), now)
    with database.reading() as session:
        assert proposals(session, ("drafting",)) == (mine,)
        assert proposals(session, ("drafting", "submitted")) == (mine, sent)
        assert proposals(session, ("drafting", "submitted"), author="seat-02") == (sent,)


def test_what_the_database_cannot_keep_is_refused(database: Database, now: datetime) -> None:
    made = begun(database, now)
    for broken in (replace(made, title="\0"), replace(made, note="\ud800")):
        with pytest.raises(BadInput), database.writing() as session:
            save_proposal(session, broken, now)


@pytest.mark.parametrize(
    "changes",
    [{"state": "returned"}, {"state": "admitted"}, {"state": "submitted"}, {"amendment": 1}],
)
def test_no_state_stands_without_what_it_needs(
    database: Database, now: datetime, changes: dict[str, object]
) -> None:
    made = begun(database, now)
    with pytest.raises(Conflict, match="contradicts"), database.writing() as session:
        save_proposal(session, replace(made, **changes), now)  # type: ignore[arg-type]


def test_a_redraft_names_what_it_drafts_anew(database: Database, now: datetime) -> None:
    with pytest.raises(Conflict, match="contradicts"), database.writing() as session:
        add_proposal(session, NewProposal("redraft", "clerk", "a" * 40), now)

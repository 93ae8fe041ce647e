"""A proposal from its first step to an amendment, in every way it can arise."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from drafter.core.errors import BadInput, Conflict, DrafterError, NotAllowed, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.steps import Add, Move, NewChapter, Remove, Reword, Step, apply_steps
from drafter.people.amendments import comments_of_amendment
from drafter.people.counters import count_from
from drafter.people.mail import recent_mail
from drafter.people.proposals import Proposal
from drafter.services import (
    admitting,
    amending,
    commenting,
    competing,
    deciding,
    drafting,
    editing,
    limits,
    proposing,
    receiving,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, PUBLIC, Actor
from drafter.services.instance import Instance
from drafter.services.opening import Opening, move_branch, open_amendment
from drafter.services.proposals import record_at
from drafter.services.verifying import verify
from tests.services.reports import DONE, PEOPLE, REGISTER, SIXTEEN, admit, closed, send, suggest

SEAT, OTHER = Actor("seat", 1), Actor("seat", 2)
VOTING = "drafts/voting.md"
FIFTEEN = "Every citizen aged fifteen or over may vote in every election."
TRUTH, FAIR = ClauseId("c-trvth1"), ClauseId("c-fa1r00")


def drafted(instance: Instance, *steps: Step, who: Actor = SEAT, **more: object) -> Proposal:
    return proposing.start(instance, who, title="A change", steps=steps, **more)  # type: ignore[arg-type]


def through(instance: Instance, *steps: Step, who: Actor = SEAT, **more: object) -> int:
    made = drafted(instance, *steps, who=who, **more)
    proposing.submit(instance, who, made.id)
    return receiving.admit_proposal(instance, CLERK_ACTOR, made.id)


def accept(instance: Instance, number: int) -> None:
    closed(instance, number, "ffff-")
    assert isinstance(deciding.decide(instance, CLERK_ACTOR, number, "Yes."), deciding.Decided)


def shown(
    instance: Instance, clause: ClauseId, wording: str, email: str | None = "ada@example.org"
) -> int:
    number = suggest(instance, clause, wording, email)
    admitting.show(instance, CLERK_ACTOR, number)
    return number


def words(instance: Instance, clause: str) -> str | None:
    place = instance.report.locate(clause)
    return place.clause.wording if place else None


def asked(instance: Instance, number: int) -> list[str]:
    view = amending.view_amendment(instance, number)
    return [each.verb for each in view.record.instructions]


WAYS: dict[str, tuple[list[Step], list[str]]] = {
    "other words": ([Reword(SIXTEEN, FIFTEEN)], ["substitute"]),
    "a new clause": ([Add(VOTING, None, SIXTEEN, "Ŵyr pawb hynny.")], ["insert"]),
    "a new list entry": ([Add("drafts/values.md", None, FAIR, "Calm.", "item")], ["insert"]),
    "a nested entry": ([Add("drafts/values.md", FAIR, None, "Calm.", "item")], ["insert"]),
    "a removal": ([Remove(REGISTER)], ["repeal"]),
    "a move": ([Move(REGISTER, "drafts/values.md", None, PEOPLE)], ["move"]),
    "several at once": (
        [Reword(SIXTEEN, FIFTEEN), Remove(TRUTH), Add(VOTING, None, REGISTER, "More.")],
        ["repeal", "substitute", "insert"],
    ),
    "a new chapter": (
        [NewChapter("drafts/money.md", "# Money\n\nParties publish their money.\n\n- Monthly\n")],
        ["insert", "insert", "insert"],
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_amendment_arises_in_every_way_and_can_be_accepted(instance: Instance, way: str) -> None:
    steps, verbs = WAYS[way]
    number = through(instance, *steps)
    assert sorted(asked(instance, number)) == sorted(verbs)
    record = amending.view_amendment(instance, number).record
    assert (record.submitter, record.supporters, record.round) == ("seat-01", 0, 1)
    accept(instance, number)
    assert verify(instance.repository, instance.database).findings == ()


def test_each_kind_of_clause_can_be_added(instance: Instance) -> None:
    steps = [
        Add(VOTING, None, REGISTER, "A heading", "heading", level=2),
        Add(VOTING, None, REGISTER, "Said so", "quote"),
        Add(VOTING, None, REGISTER, "| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        Add(VOTING, None, REGISTER, "An entry", "item", ordered=True),
    ]
    number = through(instance, *steps)
    accept(instance, number)
    chapter = instance.report.chapter(VOTING)
    assert chapter is not None
    assert {"heading", "quote", "table", "item"} <= {c.type for c in chapter.clauses}


def test_nothing_of_a_proposal_is_in_git_before_it_is_admitted(instance: Instance) -> None:
    before = instance.repository.branches()
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    proposing.submit(instance, SEAT, made.id)
    assert instance.repository.branches() == before
    number = receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    assert len(instance.repository.branches()) == len(before) + 1
    with pytest.raises(Refused, match="has become an amendment"):
        receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert (view.proposal.state, view.proposal.amendment) == ("admitted", number)


def test_steps_are_added_replaced_and_taken_out(instance: Instance) -> None:
    made = drafted(instance)
    made = proposing.add_step(instance, SEAT, made.id, Reword(SIXTEEN, "Nobody may vote."))
    made = proposing.add_step(instance, SEAT, made.id, Add(VOTING, None, SIXTEEN, "New."))
    new = made.steps[1]
    assert isinstance(new, Add)
    assert new.id is not None
    made = proposing.add_step(instance, SEAT, made.id, Add(VOTING, None, new.id, "Newer."))
    made = proposing.replace_step(instance, SEAT, made.id, 0, Reword(SIXTEEN, FIFTEEN))
    assert made.steps[0] == Reword(SIXTEEN, FIFTEEN)
    made = proposing.remove_step(instance, SEAT, made.id, 1)
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert [one.index for one in view.drafted.applied.unfit] == [1]
    with pytest.raises(BadInput, match="does not fit"):
        proposing.submit(instance, SEAT, made.id)
    with pytest.raises(NotFound):
        proposing.remove_step(instance, SEAT, made.id, 2)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Reword(SIXTEEN, "word " * 10_000), "10000 characters"),
        (Reword(SIXTEEN, "[" * 99), "too many brackets"),
        (Reword(SIXTEEN, " "), "propose its removal"),
        (Reword(ClauseId("c-n0such"), "x"), "not in the draft"),
        (NewChapter("drafts/x.md", "# X\n\n<div>\n"), "raw HTML"),
        (NewChapter("drafts/x.md", "x" * 200_000), "100000 characters"),
    ],
)
def test_a_step_that_cannot_be_is_refused_kindly_and_not_kept(
    instance: Instance, step: Step, said: str
) -> None:
    made = drafted(instance)
    with pytest.raises(BadInput, match=said):
        proposing.add_step(instance, SEAT, made.id, step)
    assert said[:9] in drafting.preview_steps(instance, SEAT, [step]).problem
    assert drafting.view_proposal(instance, SEAT, made.id).proposal == made


def test_what_changes_nothing_or_has_no_title_is_not_handed_in(instance: Instance) -> None:
    made = proposing.start(instance, SEAT)
    with pytest.raises(BadInput, match="title"):
        proposing.submit(instance, SEAT, made.id)
    proposing.describe(instance, SEAT, made.id, title="A title")
    with pytest.raises(BadInput, match="changes nothing"):
        proposing.submit(instance, SEAT, made.id)


def test_a_draft_is_its_authors_alone_until_it_is_handed_in(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    for who in (OTHER, CLERK_ACTOR):
        with pytest.raises(NotAllowed):
            drafting.view_proposal(instance, who, made.id)
    for verb in (proposing.submit, proposing.discard, proposing.refresh):
        with pytest.raises(NotAllowed):
            verb(instance, OTHER, made.id)
    with pytest.raises(NotAllowed):
        proposing.add_step(instance, OTHER, made.id, Remove(SIXTEEN))
    proposing.submit(instance, SEAT, made.id)
    assert drafting.view_proposal(instance, CLERK_ACTOR, made.id).proposal.id == made.id
    for who in (OTHER, CLERK_ACTOR):
        with pytest.raises(NotAllowed):
            proposing.take_draft_back(instance, who, made.id)
    with pytest.raises(NotAllowed):
        drafting.view_proposal(instance, OTHER, made.id)
    with pytest.raises(NotAllowed):
        proposing.remove_step(instance, CLERK_ACTOR, made.id, 0)
    for who in (PUBLIC, OPERATOR):
        with pytest.raises(NotAllowed):
            proposing.start(instance, who)


def test_handed_in_it_rests_until_it_is_taken_or_given_back(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    with pytest.raises(Refused, match="not been handed in"):
        receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    proposing.submit(instance, SEAT, made.id)
    assert [one.id for one in receiving.waiting(instance, CLERK_ACTOR)] == [made.id]
    with pytest.raises(Refused, match="with the clerk"):
        proposing.remove_step(instance, SEAT, made.id, 0)
    proposing.take_draft_back(instance, SEAT, made.id)
    proposing.submit(instance, SEAT, made.id)
    with pytest.raises(BadInput, match="why"):
        receiving.give_back(instance, CLERK_ACTOR, made.id, " \n")
    back = receiving.give_back(instance, CLERK_ACTOR, made.id, "It names somebody.")
    assert (back.state, back.reason) == ("returned", "It names somebody.")
    assert receiving.waiting(instance, CLERK_ACTOR) == ()
    proposing.add_step(instance, SEAT, made.id, Remove(REGISTER))
    again = proposing.submit(instance, SEAT, made.id)
    assert (again.state, again.reason) == ("submitted", "")
    assert receiving.admit_proposal(instance, CLERK_ACTOR, made.id, title="Renamed") == 1
    assert amending.view_amendment(instance, 1).title == "Renamed"


def test_a_discarded_draft_is_out_of_the_way_and_its_words_are_kept(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    assert proposing.own_proposals(instance, SEAT) == (made,)
    gone = proposing.discard(instance, SEAT, made.id)
    assert proposing.own_proposals(instance, SEAT) == ()
    assert gone.steps == made.steps
    with pytest.raises(Refused, match="thrown away"):
        proposing.submit(instance, SEAT, made.id)


def test_two_windows_do_not_overwrite_each_other(instance: Instance) -> None:
    made = drafted(instance)
    proposing.add_step(instance, SEAT, made.id, Reword(SIXTEEN, FIFTEEN), revision=made.revision)
    for late in (
        lambda: proposing.add_step(instance, SEAT, made.id, Remove(SIXTEEN), revision=1),
        lambda: proposing.describe(instance, SEAT, made.id, title="x", revision=1),
        lambda: proposing.submit(instance, SEAT, made.id, revision=1),
    ):
        with pytest.raises(Conflict, match="another window"):
            late()
    proposing.submit(instance, SEAT, made.id)
    with pytest.raises(Conflict, match="another window"):
        receiving.admit_proposal(instance, CLERK_ACTOR, made.id, revision=2)


# The draft moves on under a proposal.


def test_what_changed_elsewhere_merges_and_is_told(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    accept(instance, admit(instance, REGISTER, "The register is kept by an office."))
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert view.drafted.moved_on
    assert [change.clause for change in view.since] == [REGISTER]
    assert [change.clause for change in view.diff.changes] == [SIXTEEN]
    number = through(instance, Reword(SIXTEEN, FIFTEEN))
    assert amending.view_amendment(instance, number).record.base_commit == instance.tip


def test_what_competes_is_not_handed_in_until_it_is_brought_up_to_date(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN), Remove(REGISTER))
    other = "Every citizen aged twelve or over may vote in every election."
    accept(instance, admit(instance, SIXTEEN, other))
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert [one.clause for one in view.drafted.competing] == [SIXTEEN]
    assert [change.clause for change in view.since] == [SIXTEEN]
    with pytest.raises(Refused, match="the same words since"):
        proposing.submit(instance, SEAT, made.id)
    fresh = proposing.refresh(instance, SEAT, made.id)
    assert fresh.steps == made.steps
    proposing.submit(instance, SEAT, made.id)
    number = receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    accept(instance, number)
    assert words(instance, SIXTEEN) == FIFTEEN
    assert words(instance, REGISTER) is None


def test_the_clerk_cannot_admit_what_has_begun_to_compete(instance: Instance) -> None:
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
    proposing.submit(instance, SEAT, made.id)
    other = "Every citizen aged twelve or over may vote in every election."
    accept(instance, admit(instance, SIXTEEN, other))
    with pytest.raises(Refused, match="the same words since"):
        receiving.admit_proposal(instance, CLERK_ACTOR, made.id)


def test_a_step_on_a_clause_that_was_removed_keeps_its_words(instance: Instance) -> None:
    made = drafted(instance, Reword(REGISTER, "The register is kept."))
    accept(instance, through(instance, Remove(REGISTER), who=OTHER))
    fresh = proposing.refresh(instance, SEAT, made.id)
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert fresh.steps == made.steps
    assert "removed meanwhile" in view.drafted.applied.unfit[0].sentence
    with pytest.raises(BadInput, match="does not fit"):
        proposing.submit(instance, SEAT, made.id)


def test_an_insertion_behind_a_clause_that_moved_goes_along_or_is_named(instance: Instance) -> None:
    made = drafted(instance, Add(VOTING, None, SIXTEEN, "Behind sixteen."))
    accept(instance, through(instance, Move(SIXTEEN, "drafts/values.md", None, PEOPLE), who=OTHER))
    view = drafting.view_proposal(instance, SEAT, made.id)
    assert view.drafted.moved_on
    assert view.diff.changes
    fresh = proposing.refresh(instance, SEAT, made.id)
    (step,) = fresh.steps
    assert isinstance(step, Add)
    assert step.text == "Behind sixteen."
    proposing.submit(instance, SEAT, made.id)
    accept(instance, receiving.admit_proposal(instance, CLERK_ACTOR, made.id))


def test_two_insertions_at_one_place_are_two_amendments_that_compete(instance: Instance) -> None:
    one = through(instance, Add(VOTING, None, SIXTEEN, "One."))
    two = through(instance, Add(VOTING, None, SIXTEEN, "Two."), who=OTHER)
    (effect,) = amending.view_amendment(instance, one).consequences
    assert (effect.number, effect.effect) == (two, "competes")
    assert [a.number for a in competing.rivals_of(instance, one)] == [two]


def test_the_same_new_clause_twice_has_two_ids(instance: Instance) -> None:
    same = Add(VOTING, None, SIXTEEN, "The same.")
    first, second = (drafted(instance, same, who=who) for who in (SEAT, OTHER))
    for who, made in ((SEAT, first), (OTHER, second)):
        proposing.submit(instance, who, made.id)
    numbers = [receiving.admit_proposal(instance, CLERK_ACTOR, each.id) for each in (first, second)]
    ids = {amending.view_amendment(instance, n).record.instructions[0].clause for n in numbers}
    assert len(ids) == 2


def test_an_id_of_an_earlier_round_is_never_given_out_again(instance: Instance) -> None:
    number = through(instance, Add(VOTING, None, SIXTEEN, "The same."))
    (old,) = (i.clause for i in amending.view_amendment(instance, number).record.instructions)
    made = proposing.start_redraft(instance, SEAT, number)
    proposing.replace_step(instance, SEAT, made.id, 0, Reword(SIXTEEN, FIFTEEN))
    proposing.submit(instance, SEAT, made.id)
    receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    assert old not in amending.view_amendment(instance, number).diff.to_dict()["changes"]
    again = drafted(instance, Add(VOTING, None, SIXTEEN, "The same."))
    (step,) = again.steps
    assert isinstance(step, Add)
    assert step.id != old


def test_an_empty_report_gets_its_first_chapter(tmp_path: object) -> None:
    from pathlib import Path

    from tests.services.reports import Ticking

    assert isinstance(tmp_path, Path)
    empty = Instance.create(tmp_path / "empty", clock=Ticking())
    made = drafted(empty, NewChapter("drafts/one.md", "# One\n\nThe first words.\n"))
    proposing.submit(empty, SEAT, made.id)
    assert receiving.admit_proposal(empty, CLERK_ACTOR, made.id) == 1
    assert asked(empty, 1) == ["insert", "insert"]
    empty.close()


# Comments.


def test_from_several_comments_all_are_credited(instance: Instance) -> None:
    numbers = [shown(instance, SIXTEEN, FIFTEEN), shown(instance, SIXTEEN, FIFTEEN + " Soon.")]
    remark = send(instance, SIXTEEN, "Too old.").number
    made = proposing.start_from_comments(instance, CLERK_ACTOR, [*numbers, remark], title="Youth")
    assert made.steps == (Reword(SIXTEEN, FIFTEEN),)
    proposing.submit(instance, CLERK_ACTOR, made.id)
    number = receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    record = amending.view_amendment(instance, number).record
    assert record.comments == (*numbers, remark)
    assert (record.submitter[:2], record.supporters) == ("p-", 1)


def test_where_the_clerk_changed_the_words_nobody_else_is_their_author(instance: Instance) -> None:
    asking = shown(instance, SIXTEEN, FIFTEEN)
    made = proposing.start_from_comments(instance, CLERK_ACTOR, [asking], title="Youth")
    proposing.replace_step(
        instance, CLERK_ACTOR, made.id, 0, Reword(SIXTEEN, FIFTEEN + " From 2030.")
    )
    proposing.submit(instance, CLERK_ACTOR, made.id)
    record = amending.view_amendment(
        instance, receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    ).record
    assert (record.submitter, record.supporters, record.comments) == ("clerk", 1, (asking,))


def test_a_member_takes_up_comments_that_are_shown_and_no_others(instance: Instance) -> None:
    asking, hidden = shown(instance, SIXTEEN, FIFTEEN), suggest(instance, SIXTEEN, FIFTEEN)
    number = through(instance, Reword(SIXTEEN, FIFTEEN + " Soon."), comments=[asking])
    record = amending.view_amendment(instance, number).record
    assert (record.submitter, record.supporters, record.comments) == ("seat-01", 1, (asking,))
    for unknown in (hidden, 99):
        with pytest.raises(NotFound):
            drafted(instance, Remove(SIXTEEN), comments=[unknown])
    made = drafted(instance, Remove(SIXTEEN))
    with pytest.raises(NotFound):
        proposing.describe(instance, SEAT, made.id, title="T", comments=[hidden])


def test_a_comment_taken_back_meanwhile_is_not_credited(instance: Instance) -> None:
    sent = send(instance, SIXTEEN, "Because.", FIFTEEN)
    admitting.show(instance, CLERK_ACTOR, sent.number)
    made = drafted(instance, Reword(SIXTEEN, FIFTEEN), comments=[sent.number])
    proposing.submit(instance, SEAT, made.id)
    commenting.withdraw_comment(instance, sent.receipt_token)
    number = receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    assert amending.view_amendment(instance, number).record.comments == ()


# Redrafts.


def redraft(instance: Instance, number: int, *steps: Step, who: Actor = CLERK_ACTOR) -> Proposal:
    made = proposing.start_redraft(instance, who, number)
    for _ in made.steps:
        made = proposing.remove_step(instance, who, made.id, 0)
    for step in steps:
        made = proposing.add_step(instance, who, made.id, step)
    return proposing.submit(instance, who, made.id)


def test_a_redraft_is_the_same_amendment_in_its_next_round(instance: Instance) -> None:
    asking = shown(instance, SIXTEEN, FIFTEEN, "ada@example.org")
    number = admitting.admit(instance, CLERK_ACTOR, [asking], "Fifteen")
    old = amending.view_amendment(instance, number)
    again = shown(instance, SIXTEEN, FIFTEEN + " Soon.")
    made = redraft(instance, number, Reword(SIXTEEN, FIFTEEN + " Soon."))
    proposing.take_draft_back(instance, CLERK_ACTOR, made.id)
    proposing.describe(instance, CLERK_ACTOR, made.id, title="Fifteen, soon", comments=[again])
    proposing.submit(instance, CLERK_ACTOR, made.id)
    assert receiving.admit_proposal(instance, CLERK_ACTOR, made.id) == number
    new = amending.view_amendment(instance, number)
    assert (new.amendment.round, new.record.round, new.title) == (2, 2, "Fifteen, soon")
    assert new.record.submitter == old.record.submitter
    assert new.record.comments == (asking, again)
    assert new.record.supporters == 1
    assert instance.repository.contains(
        str(new.amendment.branch_tip), str(old.amendment.branch_tip)
    )
    with instance.database.reading() as session:
        told = [mail for mail in recent_mail(session) if "have changed" in mail.subject]
        assert comments_of_amendment(session, number) == (asking, again)
    assert [mail.to_address for mail in told] == ["ada@example.org"]
    assert f"/take-part/amendments/{number}" in told[0].body
    accept(instance, number)
    assert words(instance, SIXTEEN) == FIFTEEN + " Soon."
    assert verify(instance.repository, instance.database).findings == ()


def test_a_redraft_begins_with_the_steps_of_the_amendment(instance: Instance) -> None:
    steps = (Remove(REGISTER), Add(VOTING, None, SIXTEEN, "New."), Reword(SIXTEEN, FIFTEEN))
    number = through(instance, *steps)
    made = proposing.start_redraft(instance, SEAT, number)
    assert sorted(map(str, map(type, made.steps))) == sorted(map(str, map(type, steps)))
    proposing.submit(instance, SEAT, made.id)
    before = amending.view_amendment(instance, number).record
    receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    after = amending.view_amendment(instance, number).record
    assert (after.instructions, after.round) == (before.instructions, 2)


def test_a_redraft_mends_what_competes_with_the_draft(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, FIFTEEN)
    other = "Every citizen aged twelve or over may vote in every election."
    accept(instance, admit(instance, SIXTEEN, other))
    with pytest.raises(Refused, match="redrafted"):
        amending.put(instance, CLERK_ACTOR, number)
    made = proposing.start_redraft(instance, CLERK_ACTOR, number)
    assert made.steps == (Reword(SIXTEEN, FIFTEEN),)
    proposing.submit(instance, CLERK_ACTOR, made.id)
    receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    accept(instance, number)
    assert words(instance, SIXTEEN) == FIFTEEN
    assert verify(instance.repository, instance.database).findings == ()


def test_only_an_open_amendment_is_drafted_anew_and_by_whom_it_concerns(instance: Instance) -> None:
    number = through(instance, Reword(SIXTEEN, FIFTEEN))
    with pytest.raises(NotAllowed, match="one of your own"):
        proposing.start_redraft(instance, OTHER, number)
    made = redraft(instance, number, Remove(SIXTEEN), who=SEAT)
    amending.put(instance, CLERK_ACTOR, number)
    for late in (
        lambda: receiving.admit_proposal(instance, CLERK_ACTOR, made.id),
        lambda: proposing.start_redraft(instance, CLERK_ACTOR, number),
    ):
        with pytest.raises(Refused, match="redrafted"):
            late()
    with pytest.raises(NotFound):
        proposing.start_redraft(instance, CLERK_ACTOR, 99)


def test_ballots_of_the_round_before_do_not_count(instance: Instance) -> None:
    number = through(instance, Reword(SIXTEEN, FIFTEEN))
    old = amending.put(instance, CLERK_ACTOR, number).ballot_hash
    must = "Every citizen aged sixteen or over must vote in every election."
    for seat in (1, 2, 3):
        voting.cast(instance, Actor("seat", seat), number, "for", old)
    accept(instance, admit(instance, SIXTEEN, must))
    assert amending.view_amendment(instance, number).state == "stale"
    amending.reopen(instance, CLERK_ACTOR, number)
    made = proposing.start_redraft(instance, CLERK_ACTOR, number)
    proposing.submit(instance, CLERK_ACTOR, made.id)
    receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    motion = amending.put(instance, CLERK_ACTOR, number)
    assert motion.round == 3
    assert motion.ballot_hash != old


class Killed(BaseException):
    pass


@pytest.mark.parametrize("step", ["amendment recorded", "branch made"])
@pytest.mark.parametrize("kind", ["new", "redraft"])
def test_an_opening_cut_off_is_finished_at_the_next_start(
    instance: Instance, step: str, kind: str
) -> None:
    if kind == "new":
        made = drafted(instance, Reword(SIXTEEN, FIFTEEN))
        proposing.submit(instance, SEAT, made.id)
    else:
        made = redraft(instance, admit(instance, SIXTEEN, FIFTEEN), Remove(SIXTEEN))

    def die(at: str) -> None:
        if at == step:
            raise Killed

    instance.fault = die
    with pytest.raises(Killed):
        receiving.admit_proposal(instance, CLERK_ACTOR, made.id)
    again = Instance.open(instance.path)
    assert verify(again.repository, again.database).findings == ()
    assert amending.view_amendment(again, 1).amendment.round == (1 if kind == "new" else 2)
    assert receiving.waiting(again, CLERK_ACTOR) == ()
    again.close()


# Combining.


def combined(instance: Instance, numbers: Sequence[int], who: Actor = SEAT) -> int:
    made = competing.start_combined(instance, who, numbers)
    proposing.submit(instance, who, made.id)
    return receiving.admit_proposal(instance, CLERK_ACTOR, made.id)


def test_what_merges_is_combined_and_credits_its_sources(instance: Instance) -> None:
    asking = [
        shown(instance, SIXTEEN, FIFTEEN),
        shown(instance, SIXTEEN, "Every citizen aged sixteen or over may vote in every ballot."),
    ]
    one, two = (admitting.admit(instance, CLERK_ACTOR, [n], f"T{n}") for n in asking)
    number = combined(instance, (one, two))
    record = amending.view_amendment(instance, number).record
    assert (record.combines, record.comments) == ((one, two), tuple(asking))
    assert (record.submitter, record.supporters) == ("seat-01", 2)
    accept(instance, number)
    assert words(instance, SIXTEEN) == (
        "Every citizen aged fifteen or over may vote in every ballot."
    )
    assert {a.state for a in amending.list_amendments(instance) if a.number in (one, two)} == {
        "open"
    }
    assert record_at(instance.repository, instance.tip, number).combines == (one, two)
    assert verify(instance.repository, instance.database).findings == ()


def test_where_words_compete_the_first_named_goes_before(instance: Instance) -> None:
    one = through(instance, Reword(SIXTEEN, FIFTEEN), Add(VOTING, None, REGISTER, "One."))
    twelve = "Every citizen aged twelve or over may vote in every election."
    two = through(instance, Reword(SIXTEEN, twelve), Remove(TRUTH), who=OTHER)
    first = competing.start_combined(instance, SEAT, (one, two))
    assert Reword(SIXTEEN, FIFTEEN) in first.steps
    assert Remove(TRUTH) in first.steps
    second = competing.start_combined(instance, SEAT, (two, one))
    assert Reword(SIXTEEN, twelve) in second.steps
    new = next(step for step in first.steps if isinstance(step, Add))
    source = amending.view_amendment(instance, one).record
    assert new.id in {each.clause for each in source.instructions}


def test_a_combined_amendment_makes_its_sources_lapse_where_it_has_all_of_them(
    instance: Instance,
) -> None:
    one = through(instance, Reword(SIXTEEN, FIFTEEN))
    two = through(instance, Remove(TRUTH), Add(VOTING, None, SIXTEEN, "New."), who=OTHER)
    number = combined(instance, (one, two))
    effects = {c.number: c.effect for c in amending.view_amendment(instance, number).consequences}
    assert effects == {one: "lapses", two: "lapses"}


def test_a_record_that_combines_what_never_was_is_found(instance: Instance) -> None:
    with instance.database.writing() as session:
        count_from(session, "amendment", 5)
    number = admit(instance, SIXTEEN, FIFTEEN)
    texts = drafting.text_before(instance, SEAT)
    after = apply_steps(texts, [Remove(SIXTEEN)], ())
    asked = Opening(
        "T", instance.tip, texts, after, "seat-01", 0, (), "clerk", combines=(4, number)
    )
    with instance.writing() as writer:
        with instance.database.writing() as session:
            opened = open_amendment(instance, writer, session, asked)
        move_branch(instance, writer, opened)
    (found,) = verify(instance.repository, instance.database).findings
    assert "combines 4" in found.sentence


def test_what_can_be_combined(instance: Instance) -> None:
    one = through(instance, Reword(SIXTEEN, FIFTEEN))
    decided = through(instance, Remove(TRUTH))
    accept(instance, decided)
    for numbers, error in (
        ((one,), BadInput),
        ((one, one), BadInput),
        ((one, decided), Refused),
        ((one, 99), NotFound),
        (tuple(range(1, 30)), BadInput),
    ):
        with pytest.raises(error):
            competing.start_combined(instance, SEAT, numbers)


def test_rivals_stand_side_by_side_clause_by_clause(instance: Instance) -> None:
    one = through(instance, Reword(SIXTEEN, FIFTEEN), Add(VOTING, None, REGISTER, "More."))
    two = through(instance, Remove(SIXTEEN), who=OTHER)
    through(instance, Remove(TRUTH), who=OTHER)
    view = competing.view_competing(instance, two)
    assert [a.number for a in view.amendments] == [two, one]
    contested, place = view.contested
    assert contested.clause is not None
    assert contested.clause.id == SIXTEEN
    assert [(a.amendment.number, a.verb) for a in contested.alternatives] == [
        (two, "repeal"),
        (one, "substitute"),
    ]
    assert (place.clause, place.after) == (None, REGISTER)
    with pytest.raises(NotFound):
        competing.view_competing(instance, 99)


# Withdrawing.


def test_a_seat_withdraws_its_own_amendment_and_no_other(instance: Instance) -> None:
    number = through(instance, Reword(SIXTEEN, FIFTEEN))
    with pytest.raises(NotAllowed):
        deciding.withdraw_amendment(instance, OTHER, number, "No.")
    deciding.withdraw_amendment(instance, SEAT, number, "Thought better.")
    view = amending.view_amendment(instance, number)
    assert view.state == "withdrawn"
    assert view.record.decision is not None
    assert view.record.decision.closed_by == "seat-01"
    with pytest.raises(Refused):
        deciding.withdraw_amendment(instance, SEAT, number, "Again.")
    other = through(instance, Reword(SIXTEEN, FIFTEEN), who=OTHER)
    deciding.withdraw_amendment(instance, CLERK_ACTOR, other, "Asked to.")


def test_a_citizen_withdraws_by_receipt_what_nobody_else_asked_for(instance: Instance) -> None:
    mine = send(instance, SIXTEEN, "Because.", FIFTEEN)
    other = send(instance, SIXTEEN, "Because.", FIFTEEN)
    shared = admitting.admit(instance, CLERK_ACTOR, [mine.number, other.number], "Shared")
    with pytest.raises(Refused, match="Others asked"):
        proposing.withdraw_by_receipt(instance, mine.receipt_token, shared, "No.")
    with pytest.raises(NotAllowed):
        proposing.withdraw_by_receipt(instance, other.receipt_token, shared, "No.")
    with pytest.raises(NotFound):
        proposing.withdraw_by_receipt(instance, "nobody's", shared, "No.")
    own = admitting.admit(instance, CLERK_ACTOR, [mine.number], "Mine")
    with pytest.raises(BadInput):
        proposing.withdraw_by_receipt(instance, mine.receipt_token, own, " ")
    proposing.withdraw_by_receipt(instance, mine.receipt_token, own, "I was wrong.")
    view = amending.view_amendment(instance, own)
    assert view.state == "withdrawn"
    assert view.record.decision is not None
    assert view.record.decision.closed_by == view.record.submitter
    assert verify(instance.repository, instance.database).findings == ()


# Recorded edits.


def test_a_drafting_chapter_takes_every_kind_of_edit(instance: Instance) -> None:
    blank = "drafts/blank.md"
    for step in (
        Add(blank, None, DONE, "A section", "heading", level=2),
        Move(DONE, blank, None, None),
        Reword(DONE, "Something must be done."),
        Remove(DONE),
    ):
        editing.record(instance, SEAT, [step])
    assert words(instance, DONE) is None
    assert verify(instance.repository, instance.database).findings == ()


def test_an_edit_that_is_not_allowed_says_so_before_and_after(instance: Instance) -> None:
    step = Reword(SIXTEEN, FIFTEEN)
    assert "under amendment" in drafting.preview_steps(instance, SEAT, [step]).edit_fault
    with pytest.raises(Refused, match="under amendment"):
        editing.record(instance, SEAT, [step])
    assert drafting.preview_steps(instance, SEAT, [Reword(DONE, "Well done.")]).edit_fault == ""
    seen = "0" * 64
    with pytest.raises(Conflict):
        editing.record(instance, SEAT, [Reword(DONE, "Well done.")], seen=seen)
    for bad in (Reword(DONE, "x " * limits.LONGEST_WORDING), Remove(ClauseId("c-n0such"))):
        with pytest.raises(DrafterError):
            editing.record(instance, SEAT, [bad])

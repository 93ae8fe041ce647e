"""The whole process against a small model of it: random steps, two processes taking turns.

After every step the states are the model's; what was predicted before a
decision is what happened; and at the end database and git agree.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.steps import Reword
from drafter.people.amendments import amendments
from drafter.people.ballots import ballots_of
from drafter.people.decisions import unapplied_decisions
from drafter.people.mail import recent_mail
from drafter.people.seats import fill_seat, vacate_seat
from drafter.services import (
    amending,
    deciding,
    editing,
    moving,
    proposing,
    receiving,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.services.mailing import tell_of_decisions
from drafter.services.verifying import verify
from tests.services.reports import DONE, Ticking, make_instance, write_source
from tests.story.model import BEGUN, BLANK, CLAUSES, FLOOR, SEATS, TEXTS, Asked, Model, ask

CHOICES = st.sampled_from(["fffff", "ffaa-", "faaab", "ffrrf", "fff--", "ra-f-"]) | st.text(
    "fabr-", min_size=SEATS, max_size=SEATS
)


class Process(RuleBasedStateMachine):
    """Everything that clerk and seats can do, in any order."""

    template: Path
    clock: Ticking
    """The template's own, so that time never goes back."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(mkdtemp(dir=self.template.parent))
        shutil.copytree(self.template, self.folder / "i")
        self.instances = [Instance.open(self.folder / "i", clock=self.clock) for _ in range(2)]
        self.model, self.turn = Model(), 0
        for number, (slot, word) in enumerate(BEGUN, 1):
            self.model.asked[number] = Asked("word", slot, word, CLAUSES[slot][1][0])

    @property
    def instance(self) -> Instance:
        """The two processes take turns."""
        self.turn += 1
        return self.instances[self.turn % 2]

    def pick(self, index: int, *states: str) -> tuple[int, Asked]:
        found = [(n, o) for n, o in self.model.asked.items() if not states or o.state in states]
        return found[index % len(found)]

    def likely(self, index: int, fits: Callable[[Asked], bool]) -> tuple[int, Asked]:
        """Pick one that fits, but for one time in ten: what does not fit has to be refused."""
        found = [(n, o) for n, o in self.model.asked.items() if fits(o)]
        return found[index % len(found)] if found and index % 10 else self.pick(index)

    def expect(self, allowed: bool, act: Callable[[], object]) -> object:
        """Do it, and see that it is refused exactly where the model says so."""
        try:
            result = act()
        except (Refused, Conflict, NotFound) as error:
            if allowed:
                raise AssertionError(error.sentence) from error
            return None
        assert allowed, result
        return result

    def has(*states: str) -> Callable[[Process], bool]:  # type: ignore[misc]
        return lambda self: any(
            not states or each.state in states for each in self.model.asked.values()
        )

    @rule(slot=st.sampled_from(sorted(CLAUSES)), choice=st.integers(1, 2))
    def open(self, slot: str, choice: int) -> None:
        words = CLAUSES[slot][1]
        word = words[(words.index(self.model.words[slot]) + choice) % 3]
        number = ask(self.instance, self.model.words, slot, word)
        base = self.model.words[slot]
        self.model.asked[number] = Asked("word", slot, word, base)

    @precondition(has("open"))
    @rule(index=st.integers(0, 99), choice=st.integers(1, 2))
    def redraft(self, index: int, choice: int) -> None:
        """Give an open amendment other words: made in the draft as it stands now."""
        fits = lambda o: o.kind == "word" and o.state == "open"  # noqa: E731
        number, one = self.likely(index, fits)
        if one.kind != "word":
            return
        clause, words = CLAUSES[one.slot]
        now = self.model.words[one.slot]
        word = words[(words.index(now) + choice) % 3]
        text = TEXTS[clause].format(**{**self.model.words, one.slot: word})
        instance = self.instance
        made = self.expect(
            one.state == "open", lambda: proposing.start_redraft(instance, CLERK_ACTOR, number)
        )
        if made is None:
            return
        id = made.id  # type: ignore[attr-defined]
        proposing.set_steps(instance, CLERK_ACTOR, id, [Reword(clause, text)])
        proposing.submit(instance, CLERK_ACTOR, id)
        assert receiving.admit_proposal(instance, CLERK_ACTOR, id) == number
        one.word, one.base, one.round = word, now, one.round + 1

    @rule()
    def adopt(self) -> None:
        running = ("open", "put", "stale")
        free = not any(o.kind == "adopt" and o.state in running for o in self.model.asked.values())
        instance = self.instance
        number = self.expect(
            self.model.drafting and free, lambda: moving.move_adoption(instance, CLERK_ACTOR, BLANK)
        )
        if isinstance(number, int):
            self.model.asked[number] = Asked("adopt")

    @precondition(has("accepted", "rejected"))
    @rule(index=st.integers(0, 99))
    def reconsider(self, index: int) -> None:
        final = ("accepted", "rejected")
        number, old = self.likely(index, lambda o: o.kind == "word" and o.state in final)
        undecided = ("open", "put", "stale")
        busy = any(o.about == number and o.state in undecided for o in self.model.asked.values())
        instance = self.instance
        motion = self.expect(
            old.kind == "word" and old.state in final and not busy,
            lambda: moving.move_reconsideration(instance, CLERK_ACTOR, number),
        )
        if isinstance(motion, int):
            self.model.asked[motion] = Asked("reconsider", about=number)

    @precondition(has("accepted"))
    @rule(index=st.integers(0, 99))
    def open_again(self, index: int) -> None:
        number, motion = self.likely(index, lambda o: o.kind == "reconsider" and not o.used)
        instance = self.instance
        if motion.kind != "reconsider" or motion.used or motion.state != "accepted":
            self.expect(False, lambda: moving.open_again(instance, CLERK_ACTOR, number))
            return
        old = self.model.asked[motion.about]
        word, base = (old.word, old.base) if old.state == "rejected" else (old.base, old.word)
        new = Asked("word", old.slot, word, base, about=motion.about)
        effect = self.model.effect(new)
        made = self.expect(
            effect is not None, lambda: moving.open_again(instance, CLERK_ACTOR, number)
        )
        if isinstance(made, int):
            motion.used = True
            self.model.asked[made] = new

    @precondition(has())
    @rule(index=st.integers(0, 99))
    def put(self, index: int) -> None:
        self.put_one(*self.likely(index, lambda o: o.state in ("open", "stale")))

    def put_one(self, number: int, one: Asked) -> None:
        effect = self.model.effect(one)
        allowed = one.state in ("open", "stale") and effect not in (None, "competes")
        instance = self.instance
        motion = self.expect(allowed, lambda: amending.put(instance, CLERK_ACTOR, number))
        if motion is not None:
            one.round += one.state == "stale"
            one.state, one.closed, one.ballots, one.bound = "put", False, {}, effect
            assert motion.round == one.round  # type: ignore[attr-defined]

    @precondition(has("put"))
    @rule(index=st.integers(0, 99), choices=CHOICES)
    def cast(self, index: int, choices: str) -> None:
        fits = lambda o: o.state == "put" and not o.closed  # noqa: E731
        number, one = self.likely(index, fits)
        if one.state == "put":
            self.cast_on(number, one, choices)

    def cast_on(self, number: int, one: Asked, choices: str) -> None:
        instance = self.instance
        motion = amending.view_amendment(instance, number).motion
        assert motion is not None
        for seat, letter in enumerate(choices, 1):
            names = {"f": "for", "a": "against", "b": "abstaining", "r": "recused"}
            choice = names.get(letter)
            if choice is None:
                continue
            stuck = one.ballots.get(seat) == "recused" != choice
            allowed = not one.closed and seat in self.model.filled and not stuck

            def vote(seat: int = seat, choice: str = choice) -> object:
                interest = "I keep a register." if choice == "recused" else None
                who, hash_ = Actor("seat", seat), motion.motion.ballot_hash
                return voting.cast(instance, who, number, choice, hash_, interest=interest)  # type: ignore[arg-type]

            if self.expect(allowed, vote) is not None:
                one.ballots[seat] = choice

    @precondition(has("open", "stale"))
    @rule(
        index=st.integers(0, 99),
        choices=st.sampled_from(["fffff", "fffa-", "aaaff", "frffa"]),
        ends=st.sampled_from(["put", "close", "decide", "decide"]),
    )
    def sit(self, index: int, choices: str, ends: str) -> None:
        """Put one, vote on it, and maybe close the vote and decide, all in one sitting."""
        number, one = self.pick(index, "open", "stale")
        if self.model.effect(one) in (None, "competes"):
            return
        self.put_one(number, one)
        self.cast_on(number, one, choices)
        if ends != "put":
            self.close_one(number, one)
        if ends == "decide":
            self.decide_one(number, one)

    @precondition(has("put"))
    @rule(index=st.integers(0, 99), seat=st.integers(1, SEATS))
    def take_back(self, index: int, seat: int) -> None:
        number, one = self.pick(index, "put")
        allowed = not one.closed and one.ballots.get(seat) == "recused"
        instance = self.instance

        def act() -> bool:
            voting.take_back(instance, Actor("seat", seat), number)
            return True

        if self.expect(allowed, act):
            del one.ballots[seat]

    @precondition(has())
    @rule(index=st.integers(0, 99))
    def close(self, index: int) -> None:
        fits = lambda o: o.state == "put" and len(o.ballots) >= FLOOR  # noqa: E731
        self.close_one(*self.likely(index, fits))

    def close_one(self, number: int, one: Asked) -> None:
        one_voters = frozenset(self.model.filled | set(one.ballots))
        instance = self.instance
        before, one.voters = one.voters, one_voters
        quorum = self.model.carried(one) is not None
        allowed = one.state == "put" and not one.closed and quorum
        if self.expect(allowed, lambda: voting.close(instance, CLERK_ACTOR, number)) is not None:
            one.closed = True
        else:
            one.voters = before

    @precondition(has())
    @rule(index=st.integers(0, 99))
    def decide(self, index: int) -> None:
        self.decide_one(*self.likely(index, lambda o: o.state == "put" and o.closed))

    def decide_one(self, number: int, one: Asked) -> None:
        instance = self.instance
        view = amending.view_amendment(instance, number)
        told = self.told(instance)
        allowed = one.state == "put" and one.closed
        seen = view.statements.digest
        if one.state == "stale":
            found = deciding.decide(instance, CLERK_ACTOR, number, "Yes.", seen=seen)
            assert isinstance(found, deciding.Stale)
            return
        found = self.expect(
            allowed, lambda: deciding.decide(instance, CLERK_ACTOR, number, "Yes.", seen=seen)
        )
        assert (self.told(instance) > told) == (found is not None and bool(view.comments))
        if found is None:
            return
        carried = self.model.carried(one)
        one.state = "accepted" if carried else "rejected"
        assert found.outcome == one.state  # type: ignore[attr-defined]
        if not carried:
            return
        was = {n: self.model.effect(other) for n, other in self.model.asked.items()}
        if one.kind == "word":
            self.model.words[one.slot] = one.word
        elif one.kind == "adopt":
            self.model.drafting = False
        for each in view.consequences:
            other = self.model.asked[each.number]
            assert each.effect in self.became(was[each.number], self.model.effect(other)), each
        self.model.refresh()

    def became(self, before: object, now: object) -> set[str]:
        """Name what a decision did to another amendment, in the words of the prediction."""
        name = "lapses" if now is None else "competes" if now == "competes" else "merges"
        # One that asked for nothing, or competed, before is said to stay so where it is touched.
        still = {name} - {"merges"}
        return {"unchanged"} | still if now == before else {name}

    def told(self, instance: Instance) -> int:
        tell_of_decisions(instance)
        with instance.database.reading() as session:
            mails = recent_mail(session, limit=10_000)
            assert unapplied_decisions(session) == ()
        return sum("has decided" in mail.body for mail in mails)

    @precondition(has())
    @rule(index=st.integers(0, 99), lapse=st.sampled_from([True, True, True, False]))
    def close_without_a_vote(self, index: int, lapse: bool) -> None:
        number, one = self.likely(index, lambda o: not lapse or self.model.may_lapse(o))
        instance = self.instance
        running = one.state in ("open", "put", "stale") and not (one.state == "put" and one.closed)
        act = deciding.lapse_amendment if lapse else deciding.withdraw_amendment
        allowed = running and (not lapse or self.model.may_lapse(one))
        again = one.state == "stale"
        found = self.expect(allowed, lambda: act(instance, CLERK_ACTOR, number, "So it is."))
        if found is not None:
            one.state, one.round = "lapsed" if lapse else "withdrawn", one.round + again

    @precondition(has("stale"))
    @rule(index=st.integers(0, 99))
    def reopen(self, index: int) -> None:
        number, one = self.pick(index, "stale")
        one.state, one.round = "open", one.round + 1
        assert amending.reopen(self.instance, CLERK_ACTOR, number) == one.round

    @rule()
    def edit(self) -> None:
        instance = self.instance
        text = f"Something will have to be done {self.model.chapter + 1} times."
        found = self.expect(
            self.model.drafting, lambda: editing.edit(instance, Actor("seat", 1), DONE, text)
        )
        if found is not None:
            self.model.chapter += 1
            self.model.refresh()

    @rule(seat=st.integers(1, SEATS))
    def reseat(self, seat: int) -> None:
        instance = self.instance
        with instance.database.writing() as session:
            if seat in self.model.filled:
                vacate_seat(session, seat, instance.clock())
            else:
                fill_seat(session, seat)
        self.model.filled ^= {seat}

    @invariant()
    def the_states_are_the_models(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.instance.database.reading() as session:
            found = {each.number: (each.state, each.round) for each in amendments(session)}
            for number, one in self.model.asked.items():
                if one.state == "put":
                    cast = ballots_of(session, number, one.round)
                    assert {b.seat: b.choice for b in cast} == one.ballots
        assert found == {n: (each.state, each.round) for n, each in self.model.asked.items()}

    def teardown(self) -> None:
        if not hasattr(self, "instances"):
            return
        try:
            one = self.instances[0]
            report = one.report
            for clause, text in TEXTS.items():
                place = report.locate(ClauseId(clause))
                assert place is not None
                assert place.clause.wording == text.format(**self.model.words)
            assert verify(one.repository, one.database).findings == ()
        finally:
            for each in self.instances:
                each.close()
            shutil.rmtree(self.folder)


def run(tmp_path: Path, *, examples: int, steps: int) -> None:
    source = write_source(tmp_path / "source")
    clock = Ticking()
    instance = make_instance(tmp_path / "template", source, seats=SEATS, clock=clock)
    for slot, word in BEGUN:
        ask(instance, Model().words, slot, word)
    instance.close()
    machine = type("Machine", (Process,), {"template": tmp_path / "template", "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            phases=(Phase.generate,),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_row_of_steps_leads_where_the_model_says(tmp_path: Path) -> None:
    run(tmp_path, examples=8, steps=40)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_ten_thousand_steps_lead_where_the_model_says(tmp_path: Path) -> None:
    run(tmp_path, examples=100, steps=100)

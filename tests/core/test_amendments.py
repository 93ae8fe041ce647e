"""Amendments: instructions, what a ballot is bound to, and the record byte for byte."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.core.amendments import Amendment, Removed, read_record, record_path, write_record
from drafter.core.decisions import Count, Decision, Dissent, RollCall, one_line, statement
from drafter.core.errors import BadInput
from drafter.core.ids import ALPHABET, ClauseId
from drafter.core.instructions import (
    Instruction,
    Number,
    ballot_hash,
    chapter_hash,
    origins_hash,
)
from drafter.core.rules import Rules, Vote

A, B, C = "a" * 64, "b" * 64, "c" * 64
COMMIT = "0123456789abcdef0123456789abcdef01234567"
VOTES = ClauseId("c-4d8x2n")
SUBSTITUTE = Instruction("substitute", clause=VOTES, type="paragraph", before=A, after=B)
INSERT = Instruction(
    "insert",
    clause=ClauseId("c-9w2t5v"),
    type="item",
    ordered=True,
    after=C,
    parent="drafts/votes.md",
    preceding=VOTES,
)
REPEAL = Instruction("repeal", clause=ClauseId("c-7k3m9q"), type="heading", level=2, before=A)
MOVE = Instruction(
    "move", clause=ClauseId("c-000000"), type="item", before=A, after=A, parent="c-111111"
)
ADOPT = Instruction("adopt", chapter="drafts/votes.md", before=A)
RECONSIDER = Instruction("reconsider", amendment=Number(3))
RULES = Rules(quorum_floor=2)


def amendment(**changes: object) -> Amendment:
    base = Amendment(
        number=Number(17),
        title="Votes at sixteen",
        status="open",
        base_commit=COMMIT,
        instructions=(SUBSTITUTE, INSERT),
        submitter="k7q2m9x4",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def decided(**changes: object) -> Amendment:
    instructions = (SUBSTITUTE, INSERT)
    count = Count(
        "That amendment 17 be accepted.",
        RollCall.of({"seat-01": "for", "seat-02": "for", "seat-03": "against"}),
        RULES,
        ballot_hash(instructions, RULES.identity),
    )
    decision = Decision(
        date=datetime.date(2026, 2, 3),
        outcome="accepted",
        closed_by="clerk-1",
        reason="Sixteen is the age in Wales.\n\n---\n## Reason\n> indeed",
        count=count,
        dissents=(Dissent("seat-03", "Not yet."),),
    )
    return amendment(status="accepted", decision=replace(decision, **changes))  # type: ignore[arg-type]


# The record as a document: this text is the format.
RECORD = """\
---
schema: 1
number: 17
title: "Votes at sixteen"
status: accepted
round: 1
base_commit: "0123456789abcdef0123456789abcdef01234567"
submitter: "k7q2m9x4"
supporters: 0
comments: []
assemblies: []
instructions:
  - verb: substitute
    clause: c-4d8x2n
    type: paragraph
    before: "{A}"
    after: "{B}"
  - verb: insert
    clause: c-9w2t5v
    type: item
    ordered: true
    after: "{C}"
    parent: "drafts/votes.md"
    preceding: c-4d8x2n
decision:
  date: 2026-02-03
  outcome: accepted
  closed_by: "clerk-1"
  question: "That amendment 17 be accepted."
  for: 2
  against: 1
  abstaining: 0
  absent: 0
  recused: 0
  roll_call:
    seat-01: for
    seat-02: for
    seat-03: against
  ballot: "{ballot}"
  rules:
    identity: "{rules}"
    clerk_may_publish_own: false
    editorial: ["formatting"]
    majority: "simple"
    quorum: "1/2"
    quorum_floor: 2
---

# Amendment 17

## Reason

> Sixteen is the age in Wales.
>
> ---
> ## Reason
> > indeed

## Dissent of seat-03

> Not yet.
"""


def record() -> str:
    ballot = ballot_hash((SUBSTITUTE, INSERT), RULES.identity)
    text = RECORD.replace("{A}", A).replace("{B}", B).replace("{C}", C)
    return text.replace("{ballot}", ballot).replace("{rules}", RULES.identity)


def test_a_record_is_written_as_the_format_says() -> None:
    assert write_record(decided()) == record()


def test_a_record_is_read_back_as_what_was_written() -> None:
    assert read_record(record()) == decided()


def test_an_open_amendment_has_no_decision_and_no_statements() -> None:
    text = write_record(amendment())
    assert "decision" not in text
    assert text.endswith("---\n\n# Amendment 17\n")
    assert read_record(text) == amendment()


def test_records_lie_under_at_least_four_digits() -> None:
    assert record_path(Number(7)) == "amendments/0007.md"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("for: 2\n", "for: 3\n"),
        ("round: 1\n", "round:  1\n"),
        ("supporters: 0\n", "supporters: 00\n"),
        ("> Not yet.\n", "> Not yet."),
        ("> Not yet.\n", "> Not yet.\n\n"),
        ("\n>\n", "\n> \n"),
        ("# Amendment 17", "# Amendment 18"),
        ("seat-01: for\n    seat-02: for\n", "seat-02: for\n    seat-01: for\n"),
        ('majority: "simple"', "majority: simple"),
        ("## Dissent of", "## Note by"),
        ("comments: []\nassemblies: []\n", "assemblies: []\ncomments: []\n"),
        ('title: "Votes', 'surplus: 1\ntitle: "Votes'),
    ],
)
def test_a_record_written_otherwise_is_refused_with_its_line(old: str, new: str) -> None:
    changed = record().replace(old, new, 1)
    pairs = zip_longest(changed.split("\n"), record().split("\n"))
    line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
    with pytest.raises(BadInput, match=rf"amendments/0017.md, line {line}: ") as caught:
        read_record(changed, "amendments/0017.md")
    assert caught.value.data["line"] == line


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(BadInput, match="'number' is missing; add it"):
        read_record(record().replace("number: 17\n", ""))


def test_stray_text_in_the_body_is_refused_with_its_line() -> None:
    changed = record().replace("## Reason\n", "Slipped in.\n", 1)
    line = changed.split("\n").index("Slipped in.") + 1
    with pytest.raises(BadInput, match=f"line {line}: expected a heading"):
        read_record(changed)


def test_an_identity_that_is_not_that_of_its_rules_is_refused() -> None:
    with pytest.raises(BadInput, match="expected"):
        read_record(record().replace(RULES.identity, A))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_record_with_other_line_ends_is_refused(newline: str) -> None:
    with pytest.raises(BadInput):
        read_record(record().replace("\n", newline))


def test_a_record_of_a_later_schema_says_so() -> None:
    with pytest.raises(BadInput, match="newer than this program"):
        read_record(record().replace("schema: 1", "schema: 2"))


@pytest.mark.parametrize("text", ["", "---\n", "---\n---\n", "# Amendment 17\n", "---\n- a\n---\n"])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_record(text)


# ---- laws -----------------------------------------------------------------------------------

NASTY = st.sampled_from(
    [
        "---",
        "...",
        "## Reason",
        "## Dissent of seat-01",
        "# Amendment 17",
        "> quoted",
        ">",
        "    code",
        " leading",
        "trailing ",
        "{{ config }}",
        "{% raw %}",
        "<script>alert(1)</script>",
        "<!--",
        "```",
        "Pleidleisiau i bobl ifanc: ŵ ŷ â ï",
        "- a\n- b",
        "a: b # c",
        "'\"\\",
        "\r\n",
        "\r",
        "\x85",
        "\u2028",
        "\x00",
        "\ufeff",
        "\ud800",
        "\uffff",
        "\u202e",
        "!tag",
        "&anchor *alias",
        "",
    ]
)
TYPED = st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=6).map("\n".join)
LINE = st.one_of(NASTY, st.text(max_size=30)).filter(lambda text: bool(one_line(text)))
DIGESTS = st.sampled_from([A, B, C, "1" * 64, "0" * 62 + "e7"])
IDS = st.text(ALPHABET, min_size=6, max_size=8).map(lambda digits: ClauseId(f"c-{digits}"))
PATHS = st.sampled_from(["drafts/votes.md", 'drafts/rhan 1/ŵ #2: "x".md', "drafts/a/b.md"])
ORIGINS = st.one_of(st.none(), DIGESTS)


@st.composite
def instructions_of_words(draw: st.DrawFn) -> tuple[Instruction, ...]:
    result = []
    for clause in draw(st.lists(IDS, min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from(["heading", "paragraph", "item", "table", "note"]))
        about = {
            "clause": clause,
            "type": kind,
            "level": draw(st.integers(1, 6)) if kind == "heading" else None,
            "ordered": kind == "item" and draw(st.booleans()),
        }
        place = {"parent": draw(st.one_of(PATHS, IDS)), "preceding": draw(st.none() | IDS)}
        verb = draw(st.sampled_from(["insert", "substitute", "repeal", "move"]))
        if verb == "insert":
            about |= place | {"after": draw(DIGESTS), "origins_after": draw(ORIGINS)}
        elif verb == "substitute":
            about |= {"before": A, "after": draw(st.sampled_from([B, C]))}
        elif verb == "repeal":
            about |= {"before": draw(DIGESTS)}
        else:
            origins = {"origins_before": draw(ORIGINS), "origins_after": draw(ORIGINS)}
            about |= place | origins | {"before": draw(DIGESTS), "after": draw(DIGESTS)}
        result.append(Instruction(verb, **about))  # type: ignore[arg-type]
    return tuple(result)


INSTRUCTIONS = st.one_of(
    instructions_of_words(), st.just((ADOPT,)), st.just((RECONSIDER,)), st.just((INSERT, MOVE))
)


@st.composite
def decisions(draw: st.DrawFn, ballot: str) -> Decision:
    outcome = draw(st.sampled_from(["accepted", "rejected", "withdrawn", "lapsed"]))
    votes = st.sampled_from(["for", "against", "abstaining", "absent", "recused"])
    seats = st.integers(0, 120).map(lambda seat: f"seat-{seat:02}")
    roll_call = draw(st.dictionaries(seats, votes, min_size=1, max_size=6))
    rules = Rules(
        quorum=Fraction(draw(st.integers(0, 7)), 7),
        quorum_floor=draw(st.integers(1, 9)),
        majority=draw(st.sampled_from(["simple", "absolute", "two-thirds"])),
        editorial=draw(st.sampled_from([(), ("formatting",), ("formatting", "moved")])),
        clerk_may_publish_own=draw(st.booleans()),
    )
    count = None
    if outcome in ("accepted", "rejected"):
        count = Count(draw(LINE), RollCall.of(roll_call), rules, ballot)
    return Decision(
        date=draw(st.dates()),
        outcome=outcome,  # type: ignore[arg-type]
        closed_by=draw(st.sampled_from(["clerk-1", "seat-07", "12e4", "2018-03-10", "null"])),
        reason=draw(TYPED),
        count=count,
        dissents=tuple(
            Dissent(seat, draw(TYPED.filter(lambda text: bool(statement(text)))))
            for seat in (list(roll_call)[:2] if count else [])
        ),
    )


@st.composite
def amendments(draw: st.DrawFn) -> Amendment:
    instructions = draw(INSTRUCTIONS)
    decision = draw(st.none() | decisions(ballot_hash(instructions, RULES.identity)))
    number = draw(st.integers(1, 10**6))
    earlier = st.integers(1, max(1, number - 1)).map(Number)
    return Amendment(
        number=Number(number),
        combines=tuple(draw(st.lists(earlier, max_size=3))) if number > 1 else (),
        title=draw(LINE),
        status=decision.outcome if decision else draw(st.sampled_from(["open", "put", "stale"])),
        base_commit=draw(st.sampled_from([COMMIT, "1" * 40, "0" * 37 + "1e9", A])),
        instructions=instructions,
        submitter=draw(st.sampled_from(["seat-07", "1e5", "yes", "0x1f", "k7q2m9x4"])),
        round=draw(st.integers(1, 9)),
        base_version=draw(st.sampled_from([None, "v1", "v12"])),
        supporters=draw(st.integers(0, 10**6)),
        comments=tuple(draw(st.lists(st.integers(1, 999), max_size=4))),
        assemblies=tuple(draw(st.lists(st.sampled_from(["leeds-2018/4", "bristol", "7"])))),
        decision=decision,
    )


@settings(max_examples=150, deadline=None)
@given(amendments())
def test_every_record_that_is_written_reads_back_and_writes_the_same_bytes(
    value: Amendment,
) -> None:
    text = write_record(value)
    assert read_record(text) == value
    assert write_record(read_record(text)) == text
    assert text.encode("utf-8").decode("utf-8") == text


@settings(max_examples=60, deadline=None)
@given(amendments())
def test_any_yaml_reader_finds_the_same_facts(value: Amendment) -> None:
    front = write_record(value).split("\n---\n")[0]
    facts = yaml.safe_load(front.removeprefix("---\n"))
    assert facts["title"] == value.title
    assert facts["submitter"] == value.submitter
    assert [each["verb"] for each in facts["instructions"]] == [
        each.verb for each in value.instructions
    ]


@settings(max_examples=150, deadline=None)
@given(amendments(), st.data())
def test_a_record_with_one_change_is_never_read_as_the_same(
    value: Amendment, data: st.DataObject
) -> None:
    text = write_record(value)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(list("\n\r >#-'\"0a")))
    changed = text[:place] + other + text[place + 1 :]
    try:
        read = read_record(changed)
    except BadInput:
        return
    assert write_record(read) == changed


@given(st.text())
def test_typed_text_made_regular_is_regular(text: str) -> None:
    assert statement(statement(text)) == statement(text)
    assert one_line(one_line(text)) == one_line(text)


def test_typed_text_keeps_its_words_and_leading_spaces() -> None:
    assert statement("\n  Pam?\r\n\vAchos.\n") == "  Pam?\n\nAchos."
    assert statement("a\x85b\u2028c\u2029d\fe") == "a\nb\nc\nd\ne"
    assert statement("a\x00b\ud800c\ufffe") == "a\ufffdb\ufffdc\ufffd"
    assert statement(" \r\n\t") == ""


# ---- what a ballot is bound to ----------------------------------------------------------------


def test_the_ballot_hash_is_over_the_bytes_that_its_docstring_names() -> None:
    expected = (
        "drafter ballot 1\n"
        f"rules {RULES.identity}\n"
        f"c-4d8x2n\tsubstitute\tparagraph\t-\t{A}\t{B}\t-\t-\t-\t-\n"
        f"c-7k3m9q\trepeal\theading\t2\t{A}\t-\t-\t-\t-\t-\n"
        f"c-9w2t5v\tinsert\tnumbered item\t-\t-\t{C}\tdrafts/votes.md\tc-4d8x2n\t-\t-\n"
    )
    given_order = (INSERT, REPEAL, SUBSTITUTE)
    digest = hashlib.sha256(expected.encode()).hexdigest()
    assert ballot_hash(given_order, RULES.identity) == digest


@given(st.permutations([SUBSTITUTE, INSERT, REPEAL, MOVE]))
def test_the_order_of_the_instructions_is_nothing_to_a_ballot(order: list[Instruction]) -> None:
    expected = ballot_hash((SUBSTITUTE, INSERT, REPEAL, MOVE), RULES.identity)
    assert ballot_hash(order, RULES.identity) == expected


@pytest.mark.parametrize(
    "other",
    [
        replace(INSERT, clause=ClauseId("c-9w2t5w")),
        replace(INSERT, type="paragraph", ordered=False),
        replace(INSERT, ordered=False),
        replace(INSERT, type="heading", ordered=False, level=1),
        replace(INSERT, after=B),
        replace(INSERT, parent="drafts/values.md"),
        replace(INSERT, preceding=None),
        replace(INSERT, origins_after=A),
    ],
)
def test_every_part_of_an_instruction_binds_the_ballot(other: Instruction) -> None:
    usual = ballot_hash([INSERT], RULES.identity)
    assert ballot_hash([other], RULES.identity) != usual


def test_a_ballot_is_bound_to_the_rules_in_force() -> None:
    other = replace(RULES, majority="absolute")
    assert ballot_hash([INSERT], RULES.identity) != ballot_hash([INSERT], other.identity)


def test_origins_are_bound_as_a_set() -> None:
    assert origins_hash(["b/2", "a/1"]) == hashlib.sha256(b"a/1 b/2").hexdigest()
    changed = replace(
        SUBSTITUTE, after=A, origins_before=origins_hash([]), origins_after=origins_hash(["a/1"])
    )
    assert changed.changes_origins
    assert not changed.changes_wording


def test_adopting_is_bound_to_the_words_and_not_to_the_phase() -> None:
    drafting = "---\nphase: drafting\n---\n\nText.\n"
    assert chapter_hash(drafting) == chapter_hash(drafting.replace("drafting", "amending"))
    assert chapter_hash(drafting) != chapter_hash(drafting.replace("Text", "Words"))


# ---- what may not be said ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"verb": "insert", "clause": VOTES, "type": "item", "after": A}, "needs 'parent'"),
        ({"verb": "repeal", "clause": VOTES, "type": "item"}, "needs 'before'"),
        ({"verb": "adopt", "chapter": "drafts/a.md"}, "needs 'before'"),
        ({"verb": "adopt", "chapter": VOTES, "before": A}, "by its path"),
        ({"verb": "reconsider"}, "needs 'amendment'"),
        ({"verb": "reconsider", "amendment": 0}, "from 1"),
        ({"verb": "adopt", "chapter": "drafts/../x.md", "before": A}, "no chapter"),
        ({"verb": "adopt", "chapter": "drafts/.git/x.md", "before": A}, "no chapter"),
        ({"verb": "adopt", "chapter": "mkdocs.yml", "before": A}, "no chapter"),
        ({"verb": "adopt", "chapter": "drafts/a\nb.md", "before": A}, "no chapter"),
    ],
)
def test_an_instruction_that_lacks_or_misnames_something_is_refused(
    fields: dict[str, object], why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        Instruction(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parent": "drafts/votes.md"}, "cannot have 'parent'"),
        ({"after": A}, "changes nothing"),
        ({"clause": "c-il0u00"}, "no clause id"),
        ({"before": "A" * 64}, "SHA-256"),
        ({"type": "opaque"}, "no type of clause"),
        ({"type": "heading"}, "level from 1 to 6"),
        ({"level": 2}, "level from 1 to 6"),
        ({"type": "heading", "level": 7}, "level from 1 to 6"),
        ({"ordered": True}, "numbered"),
    ],
)
def test_an_instruction_with_a_wrong_field_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        replace(SUBSTITUTE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"instructions": ()}, "at least one"),
        ({"instructions": (SUBSTITUTE, SUBSTITUTE)}, "make them one"),
        ({"instructions": (SUBSTITUTE, ADOPT)}, "make it two"),
        ({"title": " \n"}, "no title"),
        ({"number": 0}, "start at 1"),
        ({"round": 0}, "start at 1"),
        ({"supporters": -1}, "start at 1"),
        ({"base_commit": "main"}, "hex"),
        ({"base_version": "latest"}, "v2"),
        ({"comments": (0,)}, "from 1"),
        ({"assemblies": ("Leeds",)}, "no assembly"),
        ({"submitter": "Ann Jones"}, "who submitted"),
        ({"status": "accepted"}, "different things"),
    ],
)
def test_an_amendment_with_a_wrong_fact_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        amendment(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"outcome": "lapsed", "dissents": ()}, "A vote belongs"),
        ({"count": None, "dissents": ()}, "A vote belongs"),
        ({"closed_by": "Ann Jones"}, "who closed"),
        ({"dissents": (Dissent("seat-09", "No."),)}, "Only a seat"),
        ({"dissents": (Dissent("seat-03", "No."), Dissent("seat-03", "No!"))}, "twice"),
    ],
)
def test_a_decision_with_a_wrong_fact_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        decided(**changes)


def test_a_dissent_of_nobody_or_of_no_words_is_refused() -> None:
    with pytest.raises(BadInput, match="no seat"):
        Dissent("Ann", "No.")
    with pytest.raises(BadInput, match="empty"):
        Dissent("seat-03", " \n")


def test_a_roll_call_has_each_seat_once_and_in_order() -> None:
    call = RollCall.of({"seat-100": "for", "seat-02": "absent"})
    assert [seat for seat, _vote in call.votes] == ["seat-02", "seat-100"]
    with pytest.raises(BadInput, match="empty"):
        RollCall(())
    with pytest.raises(BadInput, match="twice"):
        RollCall((("seat-02", "for"), ("seat-02", "for")))


# ---- what a record says about itself ------------------------------------------------------------


def test_a_true_record_has_no_findings() -> None:
    assert amendment().findings() == ()
    assert decided().findings() == ()


def _with_votes(seats: dict[str, str], **rules: object) -> Amendment:
    counted = decided().decision
    assert counted is not None
    assert counted.count is not None
    force = replace(RULES, **rules)  # type: ignore[arg-type]
    ballot = ballot_hash((SUBSTITUTE, INSERT), force.identity)
    call = RollCall.of(seats)  # type: ignore[arg-type]
    return decided(
        count=replace(counted.count, roll_call=call, rules=force, ballot=ballot), dissents=()
    )


def test_an_acceptance_against_the_count_is_found() -> None:
    (finding,) = _with_votes({"seat-01": "for", "seat-02": "against"}).findings()
    assert finding.startswith("Amendment 17: It was accepted against the count.")


def test_an_acceptance_without_a_quorum_is_found() -> None:
    (finding,) = _with_votes({"seat-01": "for", "seat-02": "absent"}).findings()
    assert finding.startswith("Amendment 17: It was accepted without a quorum.")


def test_ballots_bound_to_something_else_are_found() -> None:
    (finding,) = replace(decided(), instructions=(SUBSTITUTE,)).findings()
    assert finding == "Amendment 17: Its ballots were bound to other instructions or other rules."


def test_interests_and_votes_in_the_room_stand_in_the_record_in_the_order_of_the_seats() -> None:
    votes: dict[str, Vote] = {"seat-10": "recused", "seat-01": "for", "seat-02": "recused"}
    count = Count(
        "Shall it be made?",
        RollCall.of(votes),
        RULES,
        A,
        interests=(("seat-10", "I keep\na register."), ("seat-02", 'A "friend" does.')),
        in_the_room=("seat-02", "seat-01"),
    )
    record = decided(count=count, dissents=())
    text = write_record(record)
    assert (
        "  interests:\n"
        '    seat-02: "A \\"friend\\" does."\n'
        '    seat-10: "I keep a register."\n'
        '  in_the_room: ["seat-01", "seat-02"]\n'
        "  ballot:"
    ) in text
    assert read_record(text) == record


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"interests": (("seat-01", "I keep a register."),)}, "recused"),
        ({"interests": (("seat-03", " "),)}, "in words"),
        ({"interests": (("seat-03", "One."), ("seat-03", "Two."))}, "once"),
        ({"in_the_room": ("seat-02",)}, "in the room"),
        ({"in_the_room": ("seat-09",)}, "in the room"),
    ],
)
def test_what_no_roll_call_says_is_no_interest_and_no_vote_in_the_room(
    changes: dict[str, object], sentence: str
) -> None:
    votes: dict[str, Vote] = {"seat-01": "for", "seat-02": "absent", "seat-03": "recused"}
    count = Count("Shall it be made?", RollCall.of(votes), RULES, A)
    with pytest.raises(BadInput, match=sentence):
        replace(count, **changes)  # type: ignore[arg-type]


def test_what_was_opened_again_names_the_amendment_and_the_motion() -> None:
    record = amendment(reconsiders=Number(3), by_motion=Number(7))
    text = write_record(record)
    assert "assemblies: []\nreconsiders: 3\nby_motion: 7\ninstructions:\n" in text
    assert read_record(text) == record
    with pytest.raises(BadInput, match="by a motion, or not at all"):
        amendment(reconsiders=Number(3))


def test_what_an_amendment_combines_stands_in_its_record_and_nowhere_else() -> None:
    combined = amendment(combines=(Number(5), Number(3), Number(5)))
    assert combined.combines == (3, 5)
    assert "\ncombines: [3, 5]\n" in write_record(combined)
    assert read_record(write_record(combined)) == combined
    assert "combines" not in write_record(amendment())


@pytest.mark.parametrize("numbers", [(17,), (18,), (0,), (-1,)])
def test_an_amendment_combines_only_earlier_ones(numbers: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="earlier"):
        amendment(combines=tuple(Number(each) for each in numbers))


def test_a_record_with_an_empty_list_of_what_it_combines_is_not_canonical() -> None:
    text = write_record(amendment()).replace("instructions:", "combines: []\ninstructions:", 1)
    with pytest.raises(BadInput, match="not how a record is written"):
        read_record(text)


def test_a_tombstone_says_when_and_why_the_words_went_and_is_read_again() -> None:
    removed = Removed(
        datetime.date(2026, 11, 2), "It named *somebody*.\r\n\r\nSo.", (ClauseId("c-5e9y3p"),) * 2
    )
    tombstone = amendment(removed=removed)
    text = write_record(tombstone)
    assert 'removed:\n  date: 2026-11-02\n  ids: ["c-5e9y3p"]\n---\n' in text
    assert text.endswith("## Wording removed\n\n> It named *somebody*.\n>\n> So.\n")
    assert read_record(text) == tombstone


def test_a_tombstone_has_a_reason_and_no_decision() -> None:
    with pytest.raises(BadInput, match="reason"):
        amendment(removed=Removed(datetime.date(2026, 11, 2), " \n"))
    closed = Decision(datetime.date(2026, 11, 1), "withdrawn", "clerk", "No.")
    with pytest.raises(BadInput, match="no decision"):
        amendment(
            status="withdrawn",
            decision=closed,
            removed=Removed(datetime.date(2026, 11, 2), "Why."),
        )

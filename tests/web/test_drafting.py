"""The editor and the drafts: every kind of change by form, nothing typed lost, nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from drafter.core.ids import ClauseId
from drafter.core.steps import Remove, Reword
from drafter.services import (
    admitting,
    amending,
    deciding,
    drafting,
    editing,
    proposing,
    receiving,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance

from .visitor import CLAUSE, Visitor, send_comment

PATH = "drafts/01-voting.md"
SIXTEEN = "Every citizen aged sixteen or over may vote in every election."
ENTRY = "c-9w2t5v"
SEAT = Actor("seat", 1)


def opened(visitor: Visitor, what: str, **query: object) -> str:
    where = f"/panel/text/{what}?{urlencode({k: v for k, v in query.items() if v})}"
    assert visitor.get(where).status_code == 200
    return where


def hidden(visitor: Visitor) -> dict[str, str]:
    form = visitor.page.split('id="change"')[1].split("</form>")[0]
    names = ("clause", "path", "draft", "at", "seen", "since", "revision")
    found = {n: re.search(rf'name="{n}" value="([^"]*)"', form) for n in names}
    return {name: match[1] for name, match in found.items() if match}


def ask(visitor: Visitor, what: str, do: str, query: dict[str, object], **typed: str) -> int:
    opened(visitor, what, **query)
    return visitor.send(f"/panel/text/{what}", do=do, **hidden(visitor), **typed).status_code


def begin(visitor: Visitor, **typed: str) -> int:
    """Begin a draft with other words for the clause; return its number."""
    opened(visitor, "reword", clause=CLAUSE)
    words = {"wording": SIXTEEN, **typed}
    sent = visitor.send("/panel/text/reword", do="propose", **hidden(visitor), **words)
    assert sent.status_code == 303, sent.text
    return int(urlsplit(sent.headers["Location"]).path.rsplit("/", 1)[1])


def hand_in(visitor: Visitor, id: int, **fields: str) -> int:
    visitor.get(f"/panel/drafts/{id}")
    given = {"title": "Let people vote at sixteen", "do": "hand-in", **fields}
    revision = visitor.field("revision")
    return visitor.send(f"/panel/drafts/{id}", revision=revision, **given).status_code


def decided(instance: Instance, number: int) -> None:
    motion = amending.put(instance, CLERK_ACTOR, number)
    for each in (1, 2):
        voting.cast(instance, Actor("seat", each), number, "for", motion.ballot_hash)
    voting.close(instance, CLERK_ACTOR, number)
    deciding.decide(instance, CLERK_ACTOR, number, "Yes.")


def elsewhere(instance: Instance, wording: str, clause: str = CLAUSE) -> None:
    """Let the panel accept other words meanwhile."""
    number = send_comment(instance, clause, "", wording).number
    decided(instance, admitting.admit(instance, CLERK_ACTOR, (number,), "Elsewhere"))


def drafting_chapter(instance: Instance) -> None:
    """Add a chapter that is being written."""
    from drafter.store.messages import write_message

    with instance.repository.writing() as writer:
        text = (
            b"---\nphase: drafting\n---\n# Blank {: #c-b1ank0 }\n\nTo be written.\n{: #c-t0d000 }\n"
        )
        tip, message = instance.tip, write_message("import", "A chapter")
        made = writer.write_commit(
            {"drafts/02-blank.md": text}, tip, (tip,), message, instance.clock()
        )
        writer.move_ref("main", tip, made)


WAYS: dict[str, tuple[str, dict[str, object], dict[str, str], str]] = {
    "reword": ("reword", {"clause": CLAUSE}, {"wording": SIXTEEN}, "sixteen"),
    "add": ("add", {"clause": CLAUSE}, {"wording": "Ŵyr pawb.", "kind": "paragraph"}, "Ŵyr pawb."),
    "add first": ("add", {"path": PATH}, {"wording": "First.", "kind": "quote"}, "First."),
    "add inside": (
        "add",
        {"clause": ENTRY},
        {"wording": "Inside.", "kind": "entry", "place": f"inside {ENTRY}"},
        "Inside.",
    ),
    "add behind the list": (
        "add",
        {"clause": ENTRY},
        {"wording": "Own *words*.", "kind": "paragraph", "place": f"inside {ENTRY}"},
        "Own",
    ),
    "add a table": (
        "add",
        {"clause": CLAUSE},
        {"wording": "| a | b |\n|---|---|\n| x1 | y1 |", "kind": "table"},
        "x1",
    ),
    "remove": ("remove", {"clause": ENTRY}, {}, "register"),
    "remove a section": ("remove", {"clause": "c-7k3m9q"}, {"whole": "section"}, "register"),
    "move": ("move", {"clause": CLAUSE}, {"place": f"after {ENTRY}"}, "Moved"),
    "move a section": (
        "move",
        {"clause": "c-7k3m9q"},
        {"place": "first", "whole": "section"},
        "Moved",
    ),
    "chapter": (
        "new-chapter",
        {},
        {"title": "Money", "wording": "Parties publish it.\n\n- Monthly\n- Online"},
        "Parties publish it.",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_kind_of_change_becomes_a_draft_and_an_amendment(
    seat: Visitor, clerk: Visitor, instance: Instance, way: str
) -> None:
    what, query, typed, said = WAYS[way]
    assert ask(seat, what, "preview", query, **typed) == 200
    assert "What would change" in seat.page
    assert said in seat.page
    place = {"place": "first"} if what == "add" and "place" not in typed else {}
    assert ask(seat, what, "propose", query, **typed, **place) == 303
    page = seat.get("/panel/drafts/1").text
    assert "Hand it to the clerk" in page
    assert said in page
    assert hand_in(seat, 1) == 303
    assert "Let people vote at sixteen" in clerk.get("/clerk/").text
    assert said in clerk.get("/clerk/drafts/1").text
    fields = {"revision": clerk.field("revision"), "title": "Let people vote at sixteen"}
    assert clerk.send("/clerk/drafts/1/take-up", **fields).status_code == 400
    assert "names no private person" in clerk.page
    done = clerk.send("/clerk/drafts/1/take-up", no_names="yes", **fields)
    assert done.headers["Location"] == "/clerk/amendments/1"
    decided(instance, 1)


def test_a_section_moves_with_what_stands_under_it_in_its_order(
    seat: Visitor, instance: Instance
) -> None:
    drafting_chapter(instance)
    query: dict[str, object] = {"clause": "c-7k3m9q", "path": "drafts/02-blank.md"}
    assert ask(seat, "move", "propose", query, place="after c-b1ank0", whole="section") == 303
    chapter = drafting.text_before(instance, SEAT, 1).chapter("drafts/02-blank.md")
    assert chapter is not None
    assert [clause.id for clause in chapter.clauses if clause.id] == [
        *("c-b1ank0", "c-7k3m9q", CLAUSE, ENTRY, "c-9w2t5w", "c-t0d000")
    ]


def test_several_changes_stand_in_one_draft_and_each_can_be_changed_and_taken_out(
    seat: Visitor, instance: Instance
) -> None:
    id = begin(seat)
    assert ask(seat, "remove", "keep", {"clause": ENTRY, "draft": id}) == 303
    words = {"wording": "A new one.", "kind": "paragraph", "place": f"after {CLAUSE}"}
    assert ask(seat, "add", "keep", {"clause": CLAUSE, "draft": id}, **words) == 303
    page = seat.get(f"/panel/drafts/{id}").text
    assert page.count(">Take it out<") == 3
    opened(seat, "reword", draft=id, at="0")
    query: dict[str, object] = {"draft": id, "at": "0"}
    assert SIXTEEN in seat.page
    better = SIXTEEN.replace("sixteen", "fifteen")
    assert ask(seat, "reword", "keep", query, wording=better) == 303
    chapter = seat.get(f"/panel/text/chapter?path={PATH}&draft={id}").text
    assert "fifteen" in chapter
    assert "New in your draft" in chapter
    seat.get(f"/panel/drafts/{id}")
    fields = {"revision": seat.field("revision"), "at": "1"}
    assert seat.send(f"/panel/drafts/{id}/undo", **fields).status_code == 303
    assert seat.get(f"/panel/drafts/{id}").text.count(">Take it out<") == 2
    assert [type(s).__name__ for s in proposing.own_proposals(instance, SEAT)[0].steps] == [
        "Reword",
        "Add",
    ]


@pytest.mark.parametrize(
    ("what", "query", "typed", "said"),
    [
        ("reword", {"clause": CLAUSE}, {"wording": "a word " * 10_000}, "10000 characters"),
        ("reword", {"clause": CLAUSE}, {"wording": "One.\n\nTwo."}, "one paragraph"),
        ("reword", {"clause": CLAUSE}, {"wording": " "}, "propose its removal"),
        ("add", {"clause": CLAUSE}, {"wording": "One.", "kind": "sonnet"}, "what kind"),
        ("remove", {"clause": "c-7k3m9q"}, {}, "Choose what should go"),
        ("move", {"clause": CLAUSE}, {}, "Choose where"),
        ("move", {"clause": "c-7k3m9q"}, {"place": "first"}, "Choose what should move"),
        ("new-chapter", {}, {"wording": "Words."}, "a title"),
        ("new-chapter", {}, {"title": "X", "wording": "<div>kept</div>"}, "raw HTML"),
    ],
)
def test_what_cannot_be_says_what_to_do_and_keeps_what_was_typed(
    seat: Visitor, what: str, query: dict[str, object], typed: dict[str, str], said: str
) -> None:
    for do in ("preview", "propose"):
        assert ask(seat, what, do, query, **typed) == 400
        assert said in seat.page
        assert 'role="alert"' in seat.page
        for text in (typed[name] for name in typed if name != "kind"):
            assert text.strip()[:10].replace("<", "&lt;").replace(">", "&gt;") in seat.page


def test_a_clause_that_changed_meanwhile_is_shown_with_what_changed(
    seat: Visitor, instance: Instance
) -> None:
    opened(seat, "reword", clause=CLAUSE)
    fields = hidden(seat)
    elsewhere(instance, "Every citizen aged twelve or over may vote in every election.")
    late = seat.send("/panel/text/reword", do="propose", **fields, wording=SIXTEEN)
    assert late.status_code == 409
    assert "Somebody has changed this clause" in late.text
    assert re.search("<ins>.*twelve", late.text)
    assert SIXTEEN in late.text
    again = seat.send("/panel/text/reword", do="propose", **hidden(seat), wording=SIXTEEN)
    assert again.status_code == 303


def test_a_clause_that_was_removed_meanwhile_leaves_the_words_on_the_page(
    seat: Visitor, instance: Instance
) -> None:
    opened(seat, "reword", clause=ENTRY)
    fields = hidden(seat)
    made = proposing.start(instance, Actor("seat", 2), title="Out", steps=[Remove(ClauseId(ENTRY))])
    proposing.submit(instance, Actor("seat", 2), made.id)
    decided(instance, receiving.admit_proposal(instance, CLERK_ACTOR, made.id))
    late = seat.send("/panel/text/reword", do="propose", **fields, wording="Words that I wrote.")
    assert late.status_code == 409
    assert "not in the draft any more" in late.text
    assert "Words that I wrote." in late.text


def test_two_windows_keep_both_what_was_typed(seat: Visitor) -> None:
    id = begin(seat)
    opened(seat, "remove", clause=ENTRY, draft=id)
    first = hidden(seat)
    assert ask(seat, "remove", "keep", {"clause": "c-9w2t5w", "draft": id}) == 303
    seat.get("/panel/drafts/")
    late = seat.send("/panel/text/remove", do="keep", **first)
    assert late.status_code == 409
    assert "another window" in late.text
    assert seat.send("/panel/text/remove", do="keep", **hidden(seat)).status_code == 303
    seat.get(f"/panel/drafts/{id}")
    assert seat.page.count(">Take it out<") == 3
    stale = seat.send(f"/panel/drafts/{id}", revision="1", title="Kept title", do="save")
    assert stale.status_code == 409
    assert "Kept title" in stale.text


def test_the_draft_tells_what_changed_under_it(seat: Visitor, instance: Instance) -> None:
    id = begin(seat)
    elsewhere(instance, "Every citizen aged twelve or over may vote in every election.")
    page = seat.get(f"/panel/drafts/{id}").text
    assert "changed the same words since you began" in page
    assert "twelve" in page
    assert hand_in(seat, id) == 409
    assert "the same words since" in seat.page
    assert seat.send(f"/panel/drafts/{id}/refresh").status_code == 303
    assert hand_in(seat, id) == 303


def test_somebody_elses_draft_is_nobody_elses(
    seat: Visitor, clerk: Visitor, signed_in: Callable[[Actor], Visitor], instance: Instance
) -> None:
    id = begin(seat)
    other = signed_in(Actor("seat", 2))
    for who in (other, clerk):
        for where in (f"/panel/drafts/{id}", f"/panel/text/reword?clause={CLAUSE}&draft={id}"):
            assert who.get(where).status_code == 403
        who.get("/panel/drafts/")
        for end in ("", "/undo", "/refresh", "/take-back", "/discard"):
            assert who.send(f"/panel/drafts/{id}{end}", title="Mine", at="0").status_code == 403
        fields = {"do": "keep", "draft": str(id), "clause": CLAUSE, "wording": SIXTEEN}
        assert who.send("/panel/text/reword", **fields).status_code == 403
    assert clerk.get(f"/clerk/drafts/{id}").status_code == 403
    assert drafting.view_proposal(instance, SEAT, id).proposal.steps == (
        Reword(ClauseId(CLAUSE), SIXTEEN),
    )


def test_the_clerk_gives_a_draft_back_with_a_reason(seat: Visitor, clerk: Visitor) -> None:
    id = begin(seat)
    assert hand_in(seat, id, note="Please be quick.") == 303
    assert "Please be quick." in clerk.get(f"/clerk/drafts/{id}").text
    assert clerk.send(f"/clerk/drafts/{id}/give-back", reason=" ").status_code == 400
    assert clerk.send(f"/clerk/drafts/{id}/give-back", reason="It names X.").status_code == 303
    assert "Nothing waits for you" in clerk.get("/clerk/").text
    page = seat.get(f"/panel/drafts/{id}").text
    assert "It names X." in page
    desk = seat.get("/panel/").text
    assert "A draft was given back to you" in desk
    assert f'href="/panel/drafts/{id}"' in desk
    assert "It names X." in desk
    assert hand_in(seat, id) == 303
    assert "Take it back" in seat.get(f"/panel/drafts/{id}").text
    assert "Given back to you" not in seat.get("/panel/").text
    assert seat.send(f"/panel/drafts/{id}/take-back").status_code == 303
    assert seat.send(f"/panel/drafts/{id}/discard").status_code == 303
    assert "You have no draft" in seat.get("/panel/drafts/").text


def test_comments_taken_up_are_named_by_number(
    seat: Visitor, instance: Instance, suggested: int
) -> None:
    admitting.show(instance, CLERK_ACTOR, suggested)
    id = begin(seat, wording=SIXTEEN + " Soon.")
    for typed in ("twelve", "99", "1" * 40):
        assert hand_in(seat, id, comments=typed) == 400
        assert typed in seat.page
    assert hand_in(seat, id, comments=f"comment {suggested}") == 303
    number = receiving.admit_proposal(instance, CLERK_ACTOR, id)
    assert amending.view_amendment(instance, number).record.comments == (suggested,)


def test_the_clerk_drafts_out_of_several_comments(clerk: Visitor, instance: Instance) -> None:
    for wording in (SIXTEEN, SIXTEEN + " Soon.", None):
        send_comment(instance, CLAUSE, "Because I say so.", wording)
    page = clerk.get(f"/clerk/drafts/from-comments?clause={CLAUSE}").text
    assert page.count('name="comment"') == 3
    assert clerk.send("/clerk/drafts/from-comments").status_code == 400
    client, token = clerk.client, clerk.field("csrf_token")
    sent = client.post(
        "/clerk/drafts/from-comments",
        data={"csrf_token": token, "comment": ["1", "2", "3"]},
    )
    assert sent.headers["Location"] == "/panel/drafts/1"
    assert hand_in(clerk, 1) == 303
    record = amending.view_amendment(
        instance, receiving.admit_proposal(instance, CLERK_ACTOR, 1)
    ).record
    assert record.comments == (1, 2, 3)


# Recorded edits.


def test_a_chapter_says_in_plain_words_what_a_change_in_it_means(
    seat: Visitor, clerk: Visitor, instance: Instance
) -> None:
    drafting_chapter(instance)
    page = seat.get("/panel/text/").text
    assert "Being written: changes are saved at once." in page
    assert "Changes are voted on." in page
    assert "is being written" in seat.get("/panel/text/chapter?path=drafts/02-blank.md").text
    assert "voted on, word by word" in seat.get(f"/panel/text/chapter?path={PATH}").text
    assert "Save this edit" in seat.get("/panel/text/reword?clause=c-t0d000").text
    assert "Save this edit" not in clerk.get("/panel/text/reword?clause=c-t0d000").text
    assert "Save this edit" not in seat.get(f"/panel/text/reword?clause={CLAUSE}").text


def test_a_drafting_chapter_is_edited_at_once(seat: Visitor, instance: Instance) -> None:
    drafting_chapter(instance)
    words = {"wording": "It is written now."}
    assert ask(seat, "reword", "edit", {"clause": "c-t0d000"}, **words) == 303
    assert "It is written now." in seat.get("/panel/text/chapter?path=drafts/02-blank.md").text
    new = {"wording": "And more.", "kind": "heading-2", "place": "after c-t0d000"}
    assert ask(seat, "add", "edit", {"clause": "c-t0d000"}, **new) == 303
    assert ask(seat, "remove", "edit", {"clause": "c-t0d000"}) == 303
    assert instance.report.locate("c-t0d000") is None


def test_an_edit_that_needs_a_vote_is_offered_as_an_amendment(
    seat: Visitor, instance: Instance
) -> None:
    before = instance.tip
    assert ask(seat, "reword", "edit", {"clause": CLAUSE}, wording=SIXTEEN) == 409
    assert "under amendment" in seat.page
    assert "Make it an amendment instead" in seat.page
    assert SIXTEEN in seat.page
    sent = seat.send("/panel/text/reword", do="propose", **hidden(seat), wording=SIXTEEN)
    assert sent.status_code == 303
    assert instance.tip == before


def test_marks_alone_may_be_edited_without_a_vote(seat: Visitor, instance: Instance) -> None:
    strong = "Every citizen aged eighteen or over may vote in **every** election."
    assert ask(seat, "reword", "preview", {"clause": CLAUSE}, wording=strong) == 200
    assert "No word changes" in seat.page
    assert ask(seat, "reword", "edit", {"clause": CLAUSE}, wording=strong) == 303
    place = instance.report.locate(CLAUSE)
    assert place is not None
    assert place.clause.wording == strong


def test_an_edit_of_what_changed_meanwhile_is_not_saved(seat: Visitor, instance: Instance) -> None:
    drafting_chapter(instance)
    opened(seat, "reword", clause="c-t0d000")
    fields = hidden(seat)
    editing.record(instance, Actor("seat", 2), [Reword(ClauseId("c-t0d000"), "Faster.")])
    late = seat.send("/panel/text/reword", do="edit", **fields, wording="Slower.")
    assert late.status_code == 409
    assert "Slower." in late.text
    assert "Faster." in late.text


# Competing amendments.


@pytest.fixture
def rivals(instance: Instance) -> tuple[int, int]:
    made = []
    for age in ("sixteen", "twelve"):
        wording = SIXTEEN.replace("sixteen", age)
        sent = send_comment(instance, CLAUSE, "", wording)
        admitting.show(instance, CLERK_ACTOR, sent.number)
        made.append(admitting.admit(instance, CLERK_ACTOR, (sent.number,), f"Vote at {age}"))
    return made[0], made[1]


def test_competing_amendments_stand_side_by_side_for_everybody(
    visitor: Visitor, seat: Visitor, rivals: tuple[int, int], instance: Instance
) -> None:
    assert "/take-part/competing/1" in visitor.get("/take-part/amendments/1").text
    page = visitor.get("/take-part/competing/1").text
    assert "Two amendments on the same words" in page
    assert "As it stands" in page
    assert "How it differs from amendment 1" in page
    assert re.search("<del>.*sixteen.*<ins>.*twelve", page, re.DOTALL)
    assert "Combine these" not in page
    amending.put(instance, CLERK_ACTOR, 2)
    page = seat.get("/take-part/competing/1").text
    assert "Combine these" in page
    assert '/panel/amendments/2">Vote on amendment 2' in page


def test_what_competes_with_nothing_says_so(visitor: Visitor, admitted: int) -> None:
    page = visitor.get(f"/take-part/competing/{admitted}").text
    assert "Nothing competes with this amendment" in page
    assert visitor.get("/take-part/competing/99").status_code == 404


def test_a_decided_amendment_competes_no_more(
    visitor: Visitor, closed: int, instance: Instance
) -> None:
    deciding.decide(instance, CLERK_ACTOR, closed, "Yes.")
    assert visitor.get(f"/take-part/competing/{closed}").status_code == 409


def combined(visitor: Visitor, *numbers: int) -> str:
    visitor.get("/take-part/competing/1")
    data = {
        "csrf_token": visitor.field("csrf_token"),
        "about": "1",
        "number": list(map(str, numbers)),
    }
    sent = visitor.client.post("/panel/drafts/combine", data=data)
    assert sent.status_code == 303
    return sent.headers["Location"]


def test_rivals_are_combined_clause_by_clause(
    seat: Visitor, clerk: Visitor, instance: Instance, rivals: tuple[int, int]
) -> None:
    assert combined(seat, 1) == "/take-part/competing/1#combine"
    where = combined(seat, *rivals)
    page = seat.get(where).text
    assert "Combine amendments 1 and 2" in page
    assert page.count("<textarea") == 1
    both = "Every citizen aged fourteen or over may vote in every election."
    field = {f"words-{CLAUSE}": both, "revision": seat.field("revision")}
    shown = seat.send(where, do="preview", **field)
    assert "fourteen" in shown.text
    empty = seat.send(where, do="keep", **{**field, f"words-{CLAUSE}": " "})
    assert empty.status_code == 400
    assert seat.send(where, do="keep", **field).status_code == 303
    assert hand_in(seat, 1, title="Meet in the middle") == 303
    clerk.get("/clerk/drafts/1")
    fields = {"revision": clerk.field("revision"), "title": "Middle", "no_names": "yes"}
    assert clerk.send("/clerk/drafts/1/take-up", **fields).status_code == 303
    record = amending.view_amendment(instance, 3).record
    assert (record.combines, record.comments) == (rivals, (1, 2))
    assert "it combines amendments 1, 2" in clerk.get("/take-part/competing/3").text


def test_a_script_gets_the_previews_of_the_combined_clauses_alone(
    seat: Visitor, rivals: tuple[int, int]
) -> None:
    where = combined(seat, *rivals)
    page = seat.get(where).text
    assert f'id="preview-{CLAUSE}"' in page
    token = seat.field("csrf_token")
    for words, said in (("Everybody may vote.", "Everybody"), (" ", "Write the words")):
        data = {"csrf_token": token, "do": "preview", f"words-{CLAUSE}": words}
        drawn = seat.client.post(where, data=data, headers={"X-Drafter-Preview": "1"})
        assert drawn.status_code == 200
        assert said in drawn.text
        assert drawn.text.count(f'id="preview-{CLAUSE}"') == 1
        assert "<html" not in drawn.text
        assert "<textarea" not in drawn.text


def test_combining_can_leave_a_clause_out(
    seat: Visitor, instance: Instance, rivals: tuple[int, int]
) -> None:
    where = combined(seat, *rivals)
    seat.get(where)
    fields = {f"words-{CLAUSE}": "x", f"gone-{CLAUSE}": "yes", "revision": seat.field("revision")}
    assert seat.send(where, do="keep", **fields).status_code == 303
    assert proposing.own_proposals(instance, SEAT)[0].steps == (Remove(ClauseId(CLAUSE)),)


# Redrafts and withdrawals.


def test_the_clerk_drafts_an_amendment_anew(
    clerk: Visitor, seat: Visitor, instance: Instance, admitted: int
) -> None:
    assert "Draft it anew" in clerk.get(f"/clerk/amendments/{admitted}").text
    assert "Draft it anew" not in seat.get(f"/panel/amendments/{admitted}").text
    sent = clerk.send("/panel/drafts/redraft", number=str(admitted))
    where = sent.headers["Location"]
    assert "drafted anew" in clerk.get(where).text
    assert ask(clerk, "reword", "keep", {"draft": 1, "at": "0"}, wording=SIXTEEN + " Soon.") == 303
    assert hand_in(clerk, 1) == 303
    assert receiving.admit_proposal(instance, CLERK_ACTOR, 1) == admitted
    assert amending.view_amendment(instance, admitted).amendment.round == 2
    seat.get("/panel/drafts/")
    assert seat.send("/panel/drafts/redraft", number=str(admitted)).status_code == 403


def test_an_amendment_is_withdrawn_by_its_seat_or_the_clerk(
    seat: Visitor, signed_in: Callable[[Actor], Visitor], instance: Instance
) -> None:
    id = begin(seat)
    hand_in(seat, id)
    number = receiving.admit_proposal(instance, CLERK_ACTOR, id)
    other = signed_in(Actor("seat", 2))
    assert "Withdraw it" not in other.get(f"/panel/amendments/{number}").text
    fields = {"number": str(number), "withdrawal": "I was wrong."}
    assert other.send(f"/panel/amendments/{number}/withdraw", **fields).status_code == 403
    assert "Withdraw it" in seat.get(f"/panel/amendments/{number}").text
    seat.get("/panel/drafts/")
    assert seat.send(f"/panel/amendments/{number}/withdraw", **fields).status_code == 303
    view = amending.view_amendment(instance, number)
    assert view.record.decision is not None
    assert (view.state, view.record.decision.reason) == ("withdrawn", "I was wrong.")


# Edges.


def test_a_long_chapter_is_shown_in_parts(seat: Visitor, instance: Instance) -> None:
    from drafter.services.importing import import_chapters

    text = "# Long\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(5_000))
    import_chapters(instance, OPERATOR, {"long.md": text.encode()})
    path = next(c.path for c in instance.report.chapters if "long" in c.path)
    assert "5,001 clauses" in seat.get("/panel/text/").text
    page = seat.get(f"/panel/text/chapter?path={path}").text
    assert "Part 1 of 34" in page
    assert "Paragraph 5." in page
    assert "Paragraph 4999." not in page
    assert "Paragraph 4999." in seat.get(f"/panel/text/chapter?path={path}&page=34").text
    assert seat.get(f"/panel/text/chapter?path={path}&page=99").status_code == 200


def test_an_empty_report_begins_with_a_chapter(tmp_path: object) -> None:
    from pathlib import Path

    from drafter.services import signing_in
    from drafter.web.app import create_app

    assert isinstance(tmp_path, Path)
    empty = Instance.create(tmp_path / "empty")
    signing_in.add_seats(empty, OPERATOR, 3)
    visitor = Visitor(create_app(empty).test_client())
    link = urlsplit(signing_in.mint_link(empty, OPERATOR, SEAT)).path
    visitor.get(link)
    visitor.send(link)
    assert "The report is empty" in visitor.get("/panel/text/").text
    opened(visitor, "new-chapter")
    sent = visitor.send("/panel/text/new-chapter", do="propose", title="One", wording="Words.")
    assert sent.status_code == 303
    empty.close()


@pytest.mark.parametrize(
    "where",
    [
        "/panel/text/chapter?path=drafts/none.md",
        "/panel/text/sonnet",
        "/panel/text/reword?clause=c-n0such&draft=99",
        "/panel/text/?draft=x",
        "/panel/drafts/99",
        "/panel/drafts/99/combine",
        "/clerk/drafts/99",
    ],
)
def test_what_is_not_there_is_not_found(seat: Visitor, clerk: Visitor, where: str) -> None:
    who = clerk if where.startswith("/clerk") else seat
    assert who.get(where).status_code == 404


@pytest.mark.parametrize("at", ["1", "-1", "-99"])
def test_a_change_that_a_draft_has_not_is_not_found(seat: Visitor, at: str) -> None:
    where = f"/panel/text/reword?draft={begin(seat)}"
    assert seat.get(f"{where}&at=0").status_code == 200
    assert seat.get(f"{where}&at={at}").status_code == 404


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("/panel/drafts/combine", "number"),
        ("/clerk/comments/answer", "numbers"),
        ("/clerk/drafts/from-comments", "comment"),
        ("/clerk/together", "number"),
    ],
)
def test_a_choice_that_is_no_number_is_none(
    seat: Visitor, clerk: Visitor, where: str, name: str
) -> None:
    who = clerk if where.startswith("/clerk") else seat
    who.get("/panel/drafts/")
    assert who.send(where, **{name: "9" * 5000}).status_code in (303, 400)


def test_the_preview_alone_is_a_piece_of_a_page(seat: Visitor, app: Flask) -> None:
    opened(seat, "reword", clause=CLAUSE)
    data = {"csrf_token": seat.field("csrf_token"), "clause": CLAUSE, "wording": SIXTEEN}
    piece = seat.client.post(
        "/panel/text/reword", data={**data, "do": "preview"}, headers={"X-Drafter-Preview": "1"}
    )
    assert piece.status_code == 200
    assert "<html" not in piece.text
    assert re.search("<ins>.*sixteen", piece.text)


def test_the_editor_shows_words_and_never_runs_them(seat: Visitor) -> None:
    bad = 'x <script>alert(1)</script> [y](javascript:alert(1)) {{ 7 * 7 }} "><img src=x>'
    assert ask(seat, "reword", "propose", {"clause": CLAUSE}, wording=bad) == 303
    for where in ("/panel/drafts/1", f"/panel/text/chapter?path={PATH}&draft=1"):
        page = seat.get(where).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "{{ 7 * 7 }}" in page


def test_a_paragraph_becomes_a_heading_and_every_page_says_so(
    seat: Visitor, clerk: Visitor, instance: Instance
) -> None:
    opened(seat, "reword", clause=CLAUSE)
    assert '<option value="paragraph" selected>' in seat.page
    fields = hidden(seat)
    refused = seat.send("/panel/text/reword", do="preview", **fields, wording="W", kind="table")
    assert refused.status_code == 400
    id = begin(seat, wording="Votes at sixteen", kind="heading-3")
    said = "becomes a heading of level 3, was a paragraph"
    assert said.capitalize() in seat.get(f"/panel/drafts/{id}").text
    assert drafting.view_proposal(instance, SEAT, id).proposal.steps == (
        Reword(ClauseId(CLAUSE), "Votes at sixteen", "heading", level=3),
    )
    opened(seat, "reword", draft=id, at="0")
    assert '<option value="heading-3" selected>' in seat.page
    assert hand_in(seat, id) == 303
    assert said in clerk.get(f"/clerk/drafts/{id}").text
    number = receiving.admit_proposal(instance, CLERK_ACTOR, id)
    assert said in seat.get(f"/panel/amendments/{number}").text
    decided(instance, number)
    place = instance.report.locate(CLAUSE)
    assert place is not None
    assert (place.clause.type, place.clause.level) == ("heading", 3)


def test_a_list_entry_is_offered_what_it_can_become(seat: Visitor) -> None:
    opened(seat, "reword", clause=ENTRY)
    kinds = re.findall(r'<option value="([\w-]+)"', seat.page)
    assert {"entry", "numbered"} <= set(kinds)
    assert "table" not in kinds

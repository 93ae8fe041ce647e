"""The walk's second half: votes, drafts, what comes after a decision, and every refusal."""

from __future__ import annotations

import re

from drafter.core.errors import Busy
from drafter.core.ids import ClauseId
from drafter.core.steps import Remove, Reword
from drafter.services import (
    amending,
    batching,
    commenting,
    deciding,
    moderating,
    proposing,
    receiving,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, Actor

from .tour import (
    ADA,
    CHAPTER,
    DRAFTING,
    HEADING,
    ITEM,
    REASON,
    REGISTER,
    RESIDENTS,
    SIXTEEN,
    WRITTEN,
    Tour,
)
from .tour_publishing import finish_work, look_first


def votes(here: Tour) -> None:
    """Amendments through every state of a vote."""
    here.send("clerk", "clerk, admit incomplete", "/clerk/comments/1/admit")
    title = {"title": "Let nobody have to ask", "no_names": "yes"}
    here.send("clerk", "clerk, amendment open", "/clerk/comments/1/admit", **title)
    here.get("seat", "panel, nothing to vote on", "/panel/")
    here.get("citizen", "amendment, open", "/take-part/amendments/1")
    here.get("citizen", "competing, none", "/take-part/competing/1")
    for number, title["title"] in ((5, "Two years"), (6, "Three years"), (7, "Nor given away")):
        here.send("clerk", f"clerk, admitted {number}", f"/clerk/comments/{number}/admit", **title)
    here.get("clerk", "clerk, together", "/clerk/together")
    here.send("clerk", "clerk, together none", "/clerk/together", closes_at="soon")
    here.send("clerk", "clerk, put at a wrong time", "/clerk/amendments/1/put", closes_at="soon")
    here.send(
        "clerk", "clerk, amendment put", "/clerk/amendments/1/put", closes_at="2026-11-09T12:00"
    )
    here.get("clerk", "clerk, desk while voting", "/clerk/")
    here.get("citizen", "amendment, put", "/take-part/amendments/1")
    here.get("citizen", "competing", "/take-part/competing/2")
    here.get("seat", "competing, seat", "/take-part/competing/2")
    here.get("seat", "panel, desk", "/panel/")
    here.get("seat", "panel, amendment", "/panel/amendments/1")
    here.get("seat", "panel, amendment side by side", "/panel/amendments/1?view=side")
    words = {"ballot_hash": here.field("ballot_hash")}
    here.send("seat", "panel, vote missing", "/panel/amendments/1", **words)
    here.send(
        "seat", "panel, words changed", "/panel/amendments/1", ballot_hash="0" * 64, choice="for"
    )
    here.send("seat", "panel, interest missing", "/panel/amendments/1", **words, choice="recused")
    here.send("seat", "panel, recused", "/panel/amendments/1", **words, choice="recused",
              interest="I run a registry.")  # fmt: skip
    here.get("seat", "panel, recused, seen", "/panel/amendments/1")
    here.send("seat", "panel, taken back", "/panel/amendments/1/take-back")
    here.send("seat", "panel, voted", "/panel/amendments/1", **words, choice="against")
    here.get("seat", "panel, voted, seen", "/panel/amendments/1")
    here.get("clerk", "clerk, too few votes", "/clerk/amendments/1")
    here.get("clerk", "clerk, roll call", "/clerk/amendments/1/roll-call")
    here.send("clerk", "clerk, roll call empty", "/clerk/amendments/1/roll-call", **words)
    votes = {"vote-1": "for", "vote-2": "for", "vote-4": "recused"}
    here.send("clerk", "clerk, roll call wrong", "/clerk/amendments/1/roll-call", **words, **votes)
    votes = {"vote-2": "for", "vote-4": "for", "vote-5": "recused", "interest-5": "A registry."}
    here.send(
        "clerk", "clerk, roll call entered", "/clerk/amendments/1/roll-call", **words, **votes
    )
    here.get("clerk", "clerk, roll call again", "/clerk/amendments/1/roll-call")


def decisions(here: Tour) -> None:
    """The first vote is closed and decided, with a dissent."""
    here.send("clerk", "clerk, vote closed", "/clerk/amendments/1/close")
    here.get("seat", "panel, may dissent, desk", "/panel/")
    here.get("seat", "panel, may dissent", "/panel/amendments/1")
    here.send("seat", "panel, dissent too long", "/panel/amendments/1/dissent", dissent="x" * 9000)
    here.send(
        "seat", "panel, dissent", "/panel/amendments/1/dissent", dissent="It comes too early."
    )
    here.get("clerk", "clerk, to decide", "/clerk/amendments/1")
    here.send("clerk", "clerk, decide without reason", "/clerk/amendments/1/decide", reason="")
    here.send("clerk", "clerk, decide unread", "/clerk/amendments/1/decide", reason=REASON)
    here.get("clerk", "clerk, desk to decide", "/clerk/")
    here.get("clerk", "clerk, to decide", "/clerk/amendments/1")
    here.send("clerk", "clerk, decided", "/clerk/amendments/1/decide", reason=REASON,
              seen=here.field("seen"), statements="yes")  # fmt: skip
    here.get("seat", "panel, decided", "/panel/amendments/1")
    here.get("seat", "panel, desk with decided", "/panel/")
    here.get("citizen", "amendment, decided", "/take-part/amendments/1")
    here.get("citizen", "clause, changed since a comment", f"/take-part/clause/{SIXTEEN}")
    here.get("clerk", "clerk, comment after a change", "/clerk/comments/1")


def drafts(here: Tour) -> None:
    """Drafts of each kind, handed in, given back, combined."""
    here.get("seat", "drafts, none", "/panel/drafts/")
    here.get("seat", "draft, chapters", "/panel/text/")
    here.get("seat", "draft, chapter", f"/panel/text/chapter?path={CHAPTER}")
    here.get("seat", "draft, chapter being written", f"/panel/text/chapter?path={DRAFTING}")
    forms = {"reword": ITEM, "add": ITEM, "remove": HEADING, "move": HEADING, "new-chapter": ""}
    for what, clause in forms.items():
        where = f"/panel/text/{what}"
        here.get("seat", f"draft, {what}", f"{where}?clause={clause}")
        here.send("seat", f"draft, {what}, incomplete", where, clause=clause, do="propose")
    here.get("seat", "draft, remove an item", "/panel/text/remove?clause=c-h98p1c")
    here.get("seat", "draft, remove one", f"/panel/text/remove?clause={RESIDENTS}")
    here.get("seat", "draft, add at the beginning", f"/panel/text/add?path={CHAPTER}")
    here.send("seat", "draft, add a wrong kind", "/panel/text/add", path=CHAPTER, kind="x",
              wording="x", place="first")  # fmt: skip


def edits(here: Tour) -> None:
    """What the editor shows and refuses; an edit of a chapter that is being written."""
    new = {"wording": "The register is sold to nobody.", "clause": ITEM}
    here.send("seat", "draft, change shown", "/panel/text/reword", do="preview", **new)
    here.send("seat", "draft, changed meanwhile", "/panel/text/reword", do="propose",
              seen="0" * 64, since=here.instance.tip, **new)  # fmt: skip
    here.ask("seat", "/panel/text/reword", do="preview", **new)
    here.ask("seat", "/panel/text/reword", do="preview", clause=ITEM, wording="# x\n\ny")
    plain = here.words(SIXTEEN)
    here.send("seat", "draft, no word changes", "/panel/text/reword", do="preview",
              clause=SIXTEEN, wording=plain.replace("sixteen", "*sixteen*"))  # fmt: skip
    here.send("seat", "draft, edit refused", "/panel/text/reword", do="edit",
              since=here.instance.tip, clause=SIXTEEN, wording=f"{plain} Always.")  # fmt: skip
    here.send("seat", "draft, kind wrong", "/panel/text/reword", do="preview", kind="x",
              clause=SIXTEEN, wording=plain)  # fmt: skip
    written = f"/panel/text/reword?clause={WRITTEN}"
    here.get("seat", "edit of a chapter being written", written)
    seen, now = here.field("seen"), here.words(WRITTEN)
    here.send("seat", "draft, chapter after an edit", "/panel/text/reword", do="edit",
              clause=WRITTEN, seen=seen, since=here.instance.tip,
              wording=now.replace("wrong", "mistaken"))  # fmt: skip
    here.send("seat", "draft, clause gone", "/panel/text/reword", clause="c-zzzzzz", wording="x")


def handing_in(here: Tour) -> None:
    """A draft handed in, given back, and made an amendment."""
    new = {"wording": "The register is sold to nobody.", "clause": ITEM}
    here.send("seat", "draft, begun", "/panel/text/reword", do="propose", **new)
    here.get("seat", "draft, step within it", f"/panel/text/add?clause={ITEM}&draft=1")
    here.send("seat", "draft, step from an old page", "/panel/text/remove", do="keep", draft=1,
              clause="c-3hy19w", revision=0)  # fmt: skip
    here.send("seat", "draft, two steps", "/panel/text/remove", do="keep", draft=1,
              clause="c-3hy19w", revision=1)  # fmt: skip
    here.get("seat", "draft, chapter with changes", f"/panel/text/chapter?path={CHAPTER}&draft=1")
    here.send("seat", "draft, hand in without title", "/panel/drafts/1", do="hand-in", revision=9)
    here.send("seat", "draft, comments wrong", "/panel/drafts/1", do="hand-in", comments="x, y",
              title="T", revision=here.field("revision"))  # fmt: skip
    here.send("seat", "draft, handed in", "/panel/drafts/1", do="hand-in", comments="7",
              title="Sell it to nobody", note="As we said.",
              revision=here.field("revision"))  # fmt: skip
    here.get("clerk", "clerk, desk with a draft", "/clerk/")
    here.get("clerk", "clerk, draft handed in", "/clerk/drafts/1")
    here.send("clerk", "clerk, draft incomplete", "/clerk/drafts/1/take-up", title="")
    here.send("clerk", "clerk, give back incomplete", "/clerk/drafts/1/give-back", reason="")
    here.send(
        "clerk", "clerk, given back", "/clerk/drafts/1/give-back", reason="It names somebody."
    )
    here.get("clerk", "clerk, draft given back", "/clerk/drafts/1")
    here.get("seat", "panel, desk with a draft given back", "/panel/")
    here.get("seat", "draft, step of a titled one", f"/panel/text/reword?clause={ITEM}&draft=1")
    here.get("seat", "draft, chapter, titled", f"/panel/text/chapter?path={CHAPTER}&draft=1")
    here.get("seat", "draft, move within it", f"/panel/text/move?clause={HEADING}&draft=1&at=0")
    here.get("seat", "drafts, several", "/panel/drafts/")
    here.get("seat", "draft, given back", "/panel/drafts/1")
    here.send("seat", "draft, in again", "/panel/drafts/1", do="hand-in", title="Sell it to nobody",
              comments="7", revision=here.field("revision"))  # fmt: skip
    here.get("clerk", "clerk, draft in again", "/clerk/drafts/1")
    here.send("clerk", "clerk, draft taken up", "/clerk/drafts/1/take-up", no_names="yes",
              title="Sell it to nobody", revision=here.field("revision"))  # fmt: skip
    here.get("clerk", "clerk, draft is an amendment", "/clerk/drafts/1")
    here.get("seat", "draft, is an amendment", "/panel/drafts/1")
    here.get("seat", "panel, own amendment", "/panel/amendments/5")
    here.get("clerk", "clerk, from comments", "/clerk/drafts/from-comments")
    here.send("clerk", "clerk, from no comment", "/clerk/drafts/from-comments", clause=SIXTEEN)
    here.send("clerk", "clerk, from comments begun", "/clerk/drafts/from-comments", comment="3")
    here.get("clerk", "drafts, of the clerk", "/panel/drafts/")


def combining(here: Tour) -> None:
    """Rivals, brought together."""
    here.send("seat", "competing, none chosen", "/panel/drafts/combine", about=2)
    here.send("seat", "combine", "/panel/drafts/combine", about=2, number=["2", "3"])
    where = here.shown[-1].address
    words = re.search(r'name="(words-[^"]+)"', here.html)
    assert words
    revision = here.field("revision")
    typed = {words[1]: "", "revision": revision}
    here.send("seat", "combine, empty", where, do="keep", **typed)
    gone = {words[1].replace("words", "gone"): "yes"}
    here.send("seat", "combine, gone", where, do="preview", revision=revision, **gone)
    here.ask("seat", where, do="preview", **typed)
    typed[words[1]] = here.words(RESIDENTS).replace("five", "two or three")
    here.send("seat", "combine, shown", where, do="preview", **typed)
    here.send("seat", "draft, combined", where, do="keep", **typed)
    draft = where.removesuffix("/combine")
    here.send("seat", "draft, combined, in", draft, do="hand-in", title="Two or three", comments="",
              revision=here.field("revision"))  # fmt: skip
    made = draft.rpartition("/")[2]
    here.get("clerk", "clerk, combined handed in", f"/clerk/drafts/{made}")
    here.send("clerk", "clerk, combined taken up", f"/clerk/drafts/{made}/take-up", no_names="yes",
              title="Two or three", revision=here.field("revision"))  # fmt: skip
    here.get("citizen", "competing, with a combined one", "/take-part/competing/2")
    amending.put(here.instance, CLERK_ACTOR, 2)
    here.get("seat", "competing, to vote on", "/take-part/competing/2")
    here.send("seat", "draft, anew", "/panel/drafts/redraft", number=5)
    anew = here.shown[-1].address
    step = re.search(r'href="(/panel/text/reword[^"]*)"', here.html)
    assert step
    here.get("seat", "draft, its step again", step[1].replace("&amp;", "&"))
    here.send("seat", "draft, anew, changed", "/panel/text/reword", do="keep", clause=ITEM, at=0,
              draft=anew.rpartition("/")[2], revision=here.field("revision"),
              since=here.field("since"), wording="The register is never sold.")  # fmt: skip
    here.get("seat", "draft, anew, to hand in", anew)
    here.send("seat", "draft, anew, in", anew, do="hand-in", title="Never sell it", comments="7",
              revision=here.field("revision"))  # fmt: skip
    here.get("clerk", "clerk, draft anew", anew.replace("/panel/", "/clerk/"))


def batches(here: Tour) -> None:
    """Two put together."""
    words = here.words(REGISTER).rstrip(".") + ", always."
    for title, step in (
        ("Always", Reword(ClauseId(REGISTER), words)),
        ("Without it", Remove(ClauseId("c-pfgjg2"))),
    ):
        made = proposing.start(here.instance, Actor("seat", 2), title=title, steps=[step])
        proposing.submit(here.instance, Actor("seat", 2), made.id)
        receiving.admit_proposal(here.instance, CLERK_ACTOR, made.id)
    here.get("clerk", "clerk, desk with open ones", "/clerk/")
    here.send("clerk", "clerk, batch", "/clerk/together", number=["7", "8"],
              closes_at="2026-11-09T12:00")  # fmt: skip
    here.get("clerk", "clerk, amendment of a batch", "/clerk/amendments/7")
    here.get("clerk", "clerk, desk with a batch", "/clerk/")
    here.get("seat", "panel, desk with a batch", "/panel/")
    here.get("seat", "panel, amendment of a batch", "/panel/amendments/7")
    here.get("seat", "panel, batch", "/panel/together/1")
    digest = here.field("digest")
    here.send("seat", "panel, batch, vote missing", "/panel/together/1", digest=digest)
    here.send("seat", "panel, batch, changed", "/panel/together/1", digest="0" * 64, choice="for")
    here.send("seat", "panel, batch, voted", "/panel/together/1", digest=digest, choice="for")
    for seat in (2, 3, 4):
        batching.cast_together(here.instance, Actor("seat", seat), 1, "for", digest)
    view = amending.view_amendment(here.instance, 7)
    assert view.motion
    bound = view.motion.motion.ballot_hash
    voting.cast(here.instance, Actor("seat", 5), 7, "recused", bound, interest="A registry.")
    here.send("clerk", "clerk, batch closed", "/clerk/together/1/close")
    here.get("clerk", "clerk, closed one of a batch", "/clerk/amendments/7")
    here.send("clerk", "clerk, batch, no reason", "/clerk/together/1/decide", reason="")
    here.send("clerk", "clerk, batch, unread", "/clerk/together/1/decide", reason=REASON)
    here.get("clerk", "clerk, batch to decide", "/clerk/together/1")
    seen = dict(re.findall(r'name="(seen-\d+)" value="([^"]*)"', here.html))
    here.send("clerk", "clerk, batch decided", "/clerk/together/1/decide", reason=REASON,
              statements="yes", **seen)  # fmt: skip
    here.get("seat", "panel, batch decided", "/panel/together/1")
    here.get("clerk", "clerk, batch decided, seen", "/clerk/together/1")
    here.send("clerk", "clerk, batch of two", "/clerk/together", number=["4"])


def _carry(here: Tour, number: int, choice: str = "for", reason: str = REASON) -> None:
    view = amending.view_amendment(here.instance, number)
    if view.motion is None or view.amendment.state != "put":
        amending.put(here.instance, CLERK_ACTOR, number)
        view = amending.view_amendment(here.instance, number)
    assert view.motion
    for seat in (1, 2, 3, 4):
        voting.cast(
            here.instance, Actor("seat", seat), number, choice, view.motion.motion.ballot_hash
        )  # type: ignore[arg-type]
    voting.close(here.instance, CLERK_ACTOR, number)
    deciding.decide(here.instance, CLERK_ACTOR, number, reason)


def _propose(here: Tour, title: str, *steps: object) -> int:
    made = proposing.start(here.instance, Actor("seat", 2), title=title, steps=steps)  # type: ignore[arg-type]
    proposing.submit(here.instance, Actor("seat", 2), made.id)
    return receiving.admit_proposal(here.instance, CLERK_ACTOR, made.id)


def changing(here: Tour) -> None:
    """Words that move under a vote, a request that is fulfilled, time that is over."""
    words = here.words(REGISTER)
    first = _propose(here, "One office", Reword(ClauseId(REGISTER), "One office" + words[21:]))
    other = _propose(here, "Never", Reword(ClauseId(REGISTER), words.replace("always", "never")))
    same = _propose(here, "Never too", Reword(ClauseId(REGISTER), words.replace("always", "never")))
    late = proposing.start(here.instance, Actor("seat", 1), title="Late", steps=[
        Reword(ClauseId(REGISTER), words.replace("always", "at all times"))])  # fmt: skip
    fits = proposing.start(here.instance, Actor("seat", 1), title="It fits", steps=[
        Reword(ClauseId(REGISTER), words.replace("must keep", "keeps"))])  # fmt: skip
    waits = proposing.start(here.instance, Actor("seat", 1), title="It waits", steps=[
        Reword(ClauseId(REGISTER), words.replace("always", "today"))])  # fmt: skip
    proposing.submit(here.instance, Actor("seat", 1), waits.id)
    here.get("citizen", "amendment, merges with others", f"/take-part/amendments/{first}")
    here.get("citizen", "competing, of members", f"/take-part/competing/{other}")
    amending.put(here.instance, CLERK_ACTOR, other)
    view = amending.view_amendment(here.instance, other)
    assert view.motion
    voting.cast(here.instance, Actor("seat", 1), other, "for", view.motion.motion.ballot_hash)
    _carry(here, first)
    for who, where in (("citizen", "/take-part"), ("seat", "/panel"), ("clerk", "/clerk")):
        here.get(who, f"{who}, amendment stale", f"{where}/amendments/{other}")
    here.get("clerk", "clerk, desk with a stale one", "/clerk/")
    here.get("seat", "panel, desk with a stale one", "/panel/")
    here.send("clerk", "clerk, put again", f"/clerk/amendments/{other}/put")
    here.get("seat", "panel, put again", f"/panel/amendments/{other}")
    _carry(here, other)
    here.get("clerk", "clerk, may lapse", f"/clerk/amendments/{same}")
    here.send("clerk", "clerk, lapse without reason", f"/clerk/amendments/{same}/lapse", reason="")
    here.send("clerk", "clerk, withdraw wrong", f"/clerk/amendments/{3}/withdraw", withdrawal="")
    here.send("clerk", "clerk, lapsed", f"/clerk/amendments/{same}/lapse", reason="It is so.")
    here.get("seat", "draft, fits all the same", f"/panel/drafts/{fits.id}")
    here.get("seat", "draft, competes with the report", f"/panel/drafts/{late.id}")
    here.get("clerk", "clerk, draft that competes", f"/clerk/drafts/{waits.id}")
    here.send("seat", "draft, brought up to date", f"/panel/drafts/{late.id}/refresh")
    overdue = _propose(here, "Too late", Remove(ClauseId("c-3hy19w")))
    here.send("clerk", "clerk, put until tomorrow", f"/clerk/amendments/{overdue}/put",
              closes_at="2026-11-03T12:00")  # fmt: skip
    here.get("citizen", "take part, voting", "/take-part/")
    here.clock.pass_time(days=2)
    for name, actor in (("seat", Actor("seat", 1)), ("clerk", CLERK_ACTOR)):
        here.enter_again(name, actor)
    here.get("clerk", "clerk, time is over", f"/clerk/amendments/{overdue}")
    here.get("clerk", "clerk, desk with one overdue", "/clerk/")


def motions(here: Tour) -> None:
    """Motions that change no words."""
    here.get("clerk", "clerk, motions", "/clerk/motions")
    here.get("seat", "panel, motions", "/panel/motions")
    here.send("seat", "panel, adoption moved", "/panel/motions/adopt", path=DRAFTING)
    number = int(here.shown[-1].address.rpartition("/")[2])
    _carry(here, number)
    here.get("seat", "panel, motions, none", "/panel/motions")
    here.get("clerk", "clerk, motions, none", "/clerk/motions")
    here.send("seat", "panel, reconsideration moved", "/panel/amendments/1/reconsider")
    number = int(here.shown[-1].address.rpartition("/")[2])
    _carry(here, number)
    here.get("clerk", "clerk, reconsideration carried", f"/clerk/amendments/{number}")
    here.get("clerk", "clerk, desk with one to open", "/clerk/")
    here.send("clerk", "clerk, opened again", f"/clerk/amendments/{number}/open-again")


def ends(here: Tour) -> None:
    """What becomes of comments: taken up, answered, taken back, erased; a clause that is gone."""
    item = here.comment(ITEM, "Keep it safe.", "The register is sold to no one, ever.")
    number = int(re.findall(r"Comment (\d+)", here.shown[-3].html)[0])
    here.send("clerk", "clerk, shown", f"/clerk/comments/{number}/show")
    here.send(
        "clerk", "clerk, admitted", f"/clerk/comments/{number}/admit", title="Ever", no_names="yes"
    )
    own = here.shown[-1].address.rpartition("/")[2]
    here.get("citizen", "receipt, own amendment", item)
    where = f"/clerk/amendments/{own}"
    here.send("clerk", "clerk, redact without reason", f"{where}/redact", removal="")
    here.send("citizen", "receipt, withdrawal empty", f"{item}/withdraw-amendment", number=own)
    here.send("citizen", "receipt, amendment withdrawn", f"{item}/withdraw-amendment", number=own,
              withdrawal="I was wrong.")  # fmt: skip
    here.send("clerk", "clerk, redacted", f"{where}/redact", removal="It names a *private* person.")
    for who, at in (("seat", "/panel"), ("citizen", "/take-part")):
        here.get(who, f"{who}, amendment redacted", f"{at}/amendments/{own}")
    here.send("citizen", "receipt, erase nothing", f"{item}/erase")
    here.send("citizen", "receipt, erased", f"{item}/erase", what="words")
    other = here.comment(ITEM, "Once more.")
    here.send("citizen", "receipt, taken back", other)
    beside = proposing.start(here.instance, Actor("seat", 1), title="Beside it", steps=[
        Reword(ClauseId(HEADING), "Who votes"),
        Reword(ClauseId(RESIDENTS), "All residents vote.")])  # fmt: skip
    _carry(here, _propose(here, "Away with it", Remove(ClauseId(ITEM))))
    here.get("seat", "draft, removed beside it", f"/panel/drafts/{beside.id}")
    gone = Remove(ClauseId(RESIDENTS))
    proposing.replace_step(here.instance, Actor("seat", 1), beside.id, 0, gone)
    here.get("seat", "draft, one step ends another", f"/panel/drafts/{beside.id}")
    here.get("citizen", "clause, gone", f"/take-part/clause/{ITEM}")
    here.get("citizen", "receipt, clause gone", other)
    for receipt in dict.fromkeys(one.address for one in here.shown if "/receipt/" in one.address):
        if one_of(here, receipt):
            here.get("citizen", "receipt, at the end", receipt)
    here.send("clerk", "clerk, answered", "/clerk/comments/3/answer", answer="We think so too.")
    here.get("clerk", "clerk, answer corrected", "/clerk/comments/3")
    here.send("clerk", "clerk, answered together", "/clerk/comments/answer", numbers="8",
              answer="No.")  # fmt: skip
    end = here.mailed("take-part/follow/end")
    here.get("citizen", "following, end asked", end)
    here.send("citizen", "following, ended", end)
    back = here.mailed("take-part/support/take-back")
    here.get("citizen", "support, end asked", back)
    here.send("citizen", "support, taken back", back)
    here.get("citizen", "log, long", "/take-part/log")


def crowds(here: Tour) -> None:
    """More comments than a page holds; until when one may comment."""
    for number in range(60):
        made = commenting.comment(
            here.instance, ClauseId(SIXTEEN), f"A remark, the {number}th.", None, f"a{number}@e.org"
        )
        assert made.confirm_token
        commenting.confirm(here.instance, made.confirm_token)
    here.get("clerk", "clerk, comments, many", "/clerk/comments?list=waiting")
    for number in range(made.number - 59, made.number + 1):
        moderating.show(here.instance, CLERK_ACTOR, number)
    many = [str(number) for number in range(made.number - 49, made.number + 1)]
    here.send("clerk", "clerk, answered many", "/clerk/comments/answer", numbers=many, answer="No.")
    here.get("citizen", "log, pages", "/take-part/log")
    here.get("citizen", "clause, pages of comments", f"/take-part/clause/{SIXTEEN}")
    here.get("citizen", "clause, second page of comments", f"/take-part/clause/{SIXTEEN}?page=2")
    here.send("clerk", "clerk, until set", "/clerk/comments/until", closes_at="2026-11-20T12:00")
    here.get("citizen", "take part, until", "/take-part/")
    here.get("citizen", "clause, until", f"/take-part/clause/{SIXTEEN}")
    here.send("clerk", "clerk, until passed", "/clerk/comments/until", closes_at="2026-11-01T12:00")
    here.get("citizen", "clause, closed", f"/take-part/clause/{SIXTEEN}")


def one_of(here: Tour, receipt: str) -> bool:
    """Tell whether an address is a receipt and not one of its forms."""
    return receipt.count("/") == 3


def publications(here: Tour) -> None:
    """A vote that a rival has ended; a version in the making, published, and refused."""
    _carry(here, 3)
    here.get("clerk", "clerk, stale and competing", "/clerk/amendments/2")
    here.send("clerk", "clerk, next round", "/clerk/amendments/2/reopen")
    here.get("clerk", "clerk, publication", "/clerk/publication")
    here.send("clerk", "clerk, publication wrong", "/clerk/publication", title="x" * 300)
    here.get("seat", "dry run, none", "/panel/preview/")
    look_first(here, 1)
    here.send("clerk", "clerk, publishing", "/clerk/publication", title="After the first votes")
    finish_work()
    here.get("clerk", "clerk, published", "/clerk/publication/2")
    look_first(here, 3)
    here.get("clerk", "clerk, publication forgotten", "/clerk/publication/9")
    here.get("clerk", "clerk, next publication", "/clerk/publication")
    here.get("citizen", "draft, nothing changed", "/take-part/draft/")
    here.get("citizen", "clause, with history", f"/take-part/clause/{SIXTEEN}")
    for one in [one for one in here.shown if one.name == "receipt, just sent"][:1]:
        here.get("citizen", "receipt, in a version", one.address)


def failing(here: Tour) -> None:
    """Every refusal."""
    here.get("citizen", "problem, 404", "/nowhere")
    here.get("citizen", "problem, 403", "/panel/")
    here.get("citizen", "problem, 405", "/take-part/receipt/x/erase")
    here.send("seat", "problem, 409", "/panel/amendments/1", choice="for", ballot_hash="0" * 64)
    here.send("citizen", "problem, 413", f"/take-part/clause/{SIXTEEN}", comment="x" * 3_000_000)
    here.app.config["WTF_CSRF_ENABLED"] = True
    typed = {"comment": "It should come by itself. " * 5, "email": ADA}
    here.send("citizen", "problem, 400", f"/take-part/clause/{SIXTEEN}", **typed)
    here.app.config["WTF_CSRF_ENABLED"] = False
    for _ in range(70):
        here.client("flood").post("/sign-in/" + "x" * 30)
    here.send("flood", "problem, 429", "/sign-in/" + "x" * 30)
    view = here.app.view_functions["take_part.privacy"]
    here.app.logger.disabled = True
    for name, error in (
        ("503", Busy("The report is being written just now. Try again in a moment.")),
        ("500, disk", OSError("full")),
        ("500", ValueError("unforeseen")),
    ):

        def fail(error: Exception = error) -> str:
            raise error

        fail.__dict__.update(view.__dict__)
        here.app.view_functions["take_part.privacy"] = fail
        here.get("citizen", f"problem, {name}", "/take-part/privacy")
    here.app.view_functions["take_part.privacy"] = view
    here.app.logger.disabled = False


PARTS = (
    votes,
    decisions,
    drafts,
    edits,
    handing_in,
    combining,
    batches,
    changing,
    motions,
    ends,
    crowds,
    publications,
    failing,
)

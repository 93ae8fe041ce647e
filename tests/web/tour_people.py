"""The walk's first half: citizens, signing in, the clerk's work with comments."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from drafter.people import credentials
from drafter.services import seating, signing_in
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor

from .tour import ADA, BO, ITEM, RESIDENTS, SIXTEEN, Tour


def beginnings(here: Tour) -> None:
    """An instance of which nothing is known yet."""
    here.get("citizen", "front, nothing published", "/")
    here.get("citizen", "take part", "/take-part/")
    here.get("citizen", "take part, found", "/take-part/?find=vote")
    here.get("citizen", "take part, nothing found", "/take-part/?find=zebra")
    here.get("citizen", "draft, nothing published", "/take-part/draft/")
    for name in ("privacy", "policy", "log", "follow", "send-again", "receipt"):
        here.get("citizen", f"{name}, at first", f"/take-part/{name}")
    here.get("citizen", "mailbox, empty", "/demo/mailbox")
    here.get("citizen", "sign in, asked", "/sign-in")
    here.send("citizen", "sign in, no address", "/sign-in", email="ada at example")
    here.send("citizen", "sign in, mail sent", "/sign-in", email=ADA)


def citizens(here: Tour) -> None:
    """Comments of every kind."""
    where, words = f"/take-part/clause/{SIXTEEN}", here.words(SIXTEEN)
    here.get("citizen", "clause, nobody has said anything", where)
    both = {"seen": here.field("seen"), "form": here.field("form")}
    other = words.rstrip(".") + ", and nobody has to ask for it."
    typed = {"comment": "It should come by itself.", "wording": other, "email": ADA}
    agreed = {**typed, "consent": "yes"}
    here.send("citizen", "clause, consent missing", where, **both, **typed)
    here.send("citizen", "clause, address wrong", where, **both, comment="x", email="ada")
    here.send("citizen", "clause, empty", where, **both, consent="yes")
    here.send("citizen", "clause, change shown", where, do="preview", **both, **typed)
    here.ask("citizen", f"{where}/preview", **both, **typed)
    here.ask("citizen", f"{where}/preview", **both, wording="# x\n\ny")
    here.send("citizen", "clause, broken", where, **both, **(agreed | {"wording": "# x\n\ny"}))
    here.send(
        "citizen", "clause, changed meanwhile", where, **(both | {"seen": "0" * 64}), **agreed
    )
    here.clock.pass_time(seconds=30)
    here.send("citizen", "receipt, just sent", where, **both, **agreed)
    here.send("citizen", "clause, sent before", where, **both, **(agreed | {"comment": "Other."}))
    receipt = here.comment(SIXTEEN, typed["comment"], other)
    here.get("citizen", "receipt, confirmed", receipt)
    here.send("citizen", "receipt, rewritten emptily", f"{receipt}/rewrite", comment="", wording="")
    nameless = here.comment(RESIDENTS, "Five years are long.", email="")
    here.send("citizen", "receipt, address wrong", f"{nameless}/send-again", email="x")
    here.comment(SIXTEEN, typed["comment"], other, BO)
    here.comment(SIXTEEN, "Why not at fourteen?")
    here.comment(RESIDENTS, "Two.", here.words(RESIDENTS).replace("five", "two"), BO)
    here.comment(RESIDENTS, "Three.", here.words(RESIDENTS).replace("five", "three"))
    here.comment(ITEM, "Nor given away.", "The register is neither sold nor given to anyone.")
    here.get("citizen", "clause, comments not read yet", where)
    bot = {"seen": here.field("seen"), "form": here.field("form"), "website": "https://x.example"}
    here.send(
        "citizen", "receipt, of a machine", where, comment="Buy.", email=BO, consent="yes", **bot
    )
    here.send("citizen", "confirm, done", here.mailed("take-part/confirm"))
    here.get("citizen", "mailbox", "/demo/mailbox")
    here.send("citizen", "send again, wrong", "/take-part/send-again", email="x")
    here.send("citizen", "send again, done", "/take-part/send-again", email=ADA)
    here.send("citizen", "find receipt, unknown", "/take-part/receipt", code="abc")
    here.get("citizen", "confirm, asked", "/take-part/confirm/" + "x" * 30)
    here.send("citizen", "confirm, no longer", "/take-part/confirm/" + "x" * 30)


def signing(here: Tour) -> None:
    """Everybody signs in; who has an office sets up a second factor."""
    here.enter("seat", Actor("seat", 1))
    here.enter("clerk", CLERK_ACTOR)
    link = urlsplit(signing_in.mint_link(here.instance, OPERATOR, CLERK_ACTOR)).path
    here.send("again", "second factor, asked", link)
    here.send("again", "second factor, wrong again", "/sign-in/second", code="000000")
    here.enter("administrator", ADMINISTRATOR)
    here.get("seat", "you, seat", "/you/")
    here.get("seat", "you, app", "/you/app")
    here.send("seat", "you, app wrong", "/you/app", code="1")
    here.get("clerk", "you, clerk", "/you/")
    here.send("clerk", "you, new codes", "/you/codes")
    here.get("administrator", "admin", "/admin/")
    here.get("administrator", "admin, seat not noted", "/admin/seats/3")
    here.send("administrator", "admin, seat wrong", "/admin/seats/3", email="x")
    here.send("administrator", "admin, seat given", "/admin/seats/3", email=ADA)
    here.get("administrator", "admin, seat held", "/admin/seats/3")
    here.send("administrator", "admin, seat vacated", "/admin/seats/3/vacate")
    here.get("administrator", "admin, seat vacant", "/admin/seats/3")
    here.send("administrator", "admin, office wrong", "/admin/offices", email="x")
    here.send("administrator", "admin, office given", "/admin/offices", email=BO, role="clerk")
    here.send("administrator", "admin, seats wrong", "/admin/seats", count="x")
    here.send("administrator", "admin, seats added", "/admin/seats", count="1")


def moderating(here: Tour) -> None:
    """The clerk reads, shows, holds, answers, takes down."""
    here.get("clerk", "clerk, desk", "/clerk/")
    for name in ("waiting", "unanswered", "held", "shown", "all"):
        here.get("clerk", f"clerk, comments {name}", f"/clerk/comments?list={name}")
    here.get("clerk", "clerk, comment", "/clerk/comments/1")
    several = f"/clerk/drafts/from-comments?clause={SIXTEEN}"
    here.get("clerk", "clerk, from comments, several", several)
    here.get("clerk", "clerk, comment with copies", "/clerk/comments/3")
    here.send("clerk", "clerk, hold incomplete", "/clerk/comments/4/hold")
    here.send("clerk", "clerk, held", "/clerk/comments/4/hold", reason="person", sentence="A name.")
    here.get("clerk", "clerk, comment held", "/clerk/comments/4?list=held")
    here.get("citizen", "clause, one held back", f"/take-part/clause/{SIXTEEN}")
    for number in (1, 3, 5, 6, 7):
        here.send("clerk", f"clerk, shown {number}", f"/clerk/comments/{number}/show")
    here.send("clerk", "clerk, answer empty", "/clerk/comments/3/answer", answer="")
    here.send("clerk", "clerk, answered", "/clerk/comments/3/answer", answer="We think so too.")
    here.get("clerk", "clerk, comment answered", "/clerk/comments/3")
    here.send("clerk", "clerk, answer to none", "/clerk/comments/answer", list="shown", answer="x")
    here.get("clerk", "clerk, take down", "/clerk/comments/new")
    here.send("clerk", "clerk, take down incomplete", "/clerk/comments/new", clause="99")
    taken = {"clause": "5.3", "source": "spoken", "place": "Leeds, town hall"}
    taken |= {"taken_on": "2026-11-01", "comment": "My grandson asked me why he may not."}
    here.send("clerk", "printed receipt", "/clerk/comments/new", **taken)
    here.get("clerk", "clerk, comment taken down", "/clerk/comments/9")
    here.get("clerk", "clerk, comment of a machine", "/clerk/comments/8")
    code = re.search(r'class="code">([^<]+)<', here.shown[-3].html)
    if code:
        here.send("citizen", "receipt, of paper", "/take-part/receipt", code=code[1])
    here.get("clerk", "clerk, until", "/clerk/comments/until")
    here.send("clerk", "clerk, until wrong", "/clerk/comments/until", closes_at="soon")
    here.get("citizen", "clause, with comments", f"/take-part/clause/{SIXTEEN}")
    support = "/take-part/comments/1/support"
    here.get("citizen", "support, asked", support)
    here.send("citizen", "support, wrong", support, email="x")
    here.send("citizen", "support, mail sent", support, email="cy@example.org")
    token = here.mailed("take-part/confirm")
    here.send("citizen", "support, confirmed", token)
    here.send("citizen", "support, twice", support, email="cy@example.org")
    here.send("citizen", "confirm, supported before", here.mailed("take-part/confirm"))
    here.get("citizen", "clause, supported", f"/take-part/clause/{SIXTEEN}")
    follow = f"/take-part/follow?what=clause&about={SIXTEEN}"
    here.get("citizen", "follow, clause", follow)
    here.send("citizen", "follow, wrong", follow, email="x")
    here.send("citizen", "follow, mail sent", follow, email="cy@example.org")
    here.send("citizen", "confirm, following", here.mailed("take-part/confirm"))
    here.get("citizen", "log", "/take-part/log")


def give_passkey(here: Tour, seat: int) -> None:
    """Let whoever holds a seat have set up a device yesterday."""
    yesterday = here.clock.now - timedelta(days=1)
    with here.instance.database.writing() as session:
        person = signing_in.persons.holder_of(session, seat)
        assert person is not None
        credentials.add_passkey(session, person, f"k{seat}", "x", 0, "My phone", yesterday)


def holding(here: Tour) -> None:
    """Somebody with a seat and an office, a passkey, and a second device."""
    seating.seat_person(here.instance, OPERATOR, 3, "di@example.org")
    seating.appoint(here.instance, OPERATOR, "clerk", "di@example.org")
    seating.add_clerk(here.instance, OPERATOR, "eve@example.org")
    here.enter("both", Actor("seat", 3))
    here.enter("both, elsewhere", Actor("seat", 3))
    give_passkey(here, 3)
    here.get("both", "you, a passkey and two devices", "/you/")
    link = urlsplit(signing_in.mint_link(here.instance, OPERATOR, Actor("seat", 3))).path
    here.get("both", "sign in, while signed in", link)
    here.get("administrator", "admin, with several", "/admin/")
    here.get("citizen", "take part, one chapter", "/take-part/?chapter=1")
    here.get("administrator", "admin, seat with devices", "/admin/seats/3")


def owning(here: Tour) -> None:
    """Tokens for programs, and another address of one's own."""
    seating.seat_person(here.instance, OPERATOR, 4, "fay@example.org")
    here.enter("owner", Actor("seat", 4))
    here.send("owner", "you, token wrong", "/you/tokens", purpose="", days="x")
    made = here.send("owner", "you, token", "/you/tokens", purpose="The screen", days="30")
    here.get("owner", "you, a token not used", "/you/")
    secret = re.search(r'class="secret">(drafter_[\w-]+)<', made)
    assert secret
    shown = {"Authorization": f"Bearer {secret[1]}"}
    assert here.client("program").get("/api/v1/me", headers=shown).status_code == 200
    here.get("owner", "you, a token used", "/you/")
    here.send("owner", "you, address wrong", "/you/address", email="fay")
    here.send("owner", "you, address asked", "/you/address", email="fay@example.net")
    link = here.mailed("you/address", "fay@example.net")
    here.get("owner", "address, asked", link)
    here.send("owner", "you, address changed", link)
    here.get("owner", "address, no longer", link)
    here.clock.pass_time(minutes=20)
    here.get("owner", "you, not fresh", "/you/")
    here.get("owner", "confirm it is you, by mail", "/you/confirm")
    here.get("clerk", "confirm it is you, by code", "/you/confirm")
    here.send("clerk", "confirm it is you, wrong", "/you/confirm", code="000000")
    here.get("both", "confirm it is you, by passkey", "/you/confirm")
    here.get("seat", "confirm it is you, no address", "/you/confirm")
    give_passkey(here, 4)
    here.get("owner", "confirm it is you, by passkey or mail", "/you/confirm")


PARTS = (beginnings, citizens, signing, moderating, holding, owning)

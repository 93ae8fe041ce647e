"""Confirming, deadlines, supporting, following, moderating: what pages and command lean on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from drafter.core.errors import BadInput, NotFound, Refused, Unreadable
from drafter.people.comments import PAGE
from drafter.people.contributors import contributions_of
from drafter.people.mail import recent_mail
from drafter.people.moderation_log import acts
from drafter.services import (
    admitting,
    commenting,
    mailing,
    moderating,
    phases,
    publishing,
    receipts,
    seating,
    supporting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.limits import MOST_MAILS_A_DAY
from drafter.services.verifying import verify
from tests.services.reports import REGISTER, SIXTEEN, closed, mailed, send, suggest

YOUNGER = "Every citizen aged fifteen or over may vote in every election."
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(instance: Instance) -> Iterator[Clock]:
    own, before = Clock(), instance.clock
    instance.clock = own
    yield own
    instance.clock = before


def mails(instance: Instance) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(instance.outbox.glob("*.eml"))]


def test_a_link_confirms_for_seven_days_and_can_be_sent_again(
    instance: Instance, clock: Clock
) -> None:
    sent = commenting.comment(instance, SIXTEEN, "Good.", email="ada@example.org")
    assert sent.confirm_token is not None
    clock.now += timedelta(days=7)
    with pytest.raises(Refused, match="seven days"):
        commenting.confirm(instance, sent.confirm_token)
    assert commenting.send_again(instance, sent.receipt_token)
    fresh = mailed(instance, "confirm")[-1]
    assert fresh != sent.confirm_token
    assert commenting.confirm(instance, fresh).state == "confirmed"
    assert commenting.confirm(instance, fresh).state == "confirmed"
    with pytest.raises(Refused, match="nothing left"):
        commenting.send_again(instance, sent.receipt_token)


def test_an_address_gets_no_more_than_its_share_of_mails_a_day_and_nothing_tells_so(
    instance: Instance, clock: Clock
) -> None:
    for _ in range(MOST_MAILS_A_DAY + 3):
        commenting.comment(instance, SIXTEEN, "Flood.", email="victim@example.org")
        commenting.send_again_to(instance, "VICTIM@example.org")
    commenting.send_again_to(instance, "nobody@example.org")
    assert len(mails(instance)) == MOST_MAILS_A_DAY
    commenting.comment(instance, SIXTEEN, "Else.", email="else@example.org")
    assert len(mails(instance)) == MOST_MAILS_A_DAY + 1
    clock.now += timedelta(days=1)
    commenting.comment(instance, SIXTEEN, "Tomorrow.", email="victim@example.org")
    assert len(mails(instance)) == MOST_MAILS_A_DAY + 2


def test_what_is_recorded_is_acknowledged_though_its_mail_cannot_be_written_and_the_mail_follows(
    instance: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    shown = suggest(instance, SIXTEEN, YOUNGER)
    moderating.show(instance, CLERK_ACTOR, shown)
    before = len(mails(instance))
    instance.outbox.rename(instance.path / "aside")
    instance.outbox.write_text("what stands where the folder should be", encoding="utf-8")
    sent = commenting.comment(instance, SIXTEEN, "Good.", email="ada@example.org")
    assert commenting.receipt(instance, sent.receipt_token).comment.number == sent.number
    assert commenting.send_again(instance, sent.receipt_token)
    commenting.send_again_to(instance, "ada@example.org")
    supporting.support(instance, shown, "bob@example.org")
    supporting.follow(instance, "report", "", "bob@example.org")
    moderating.answer(instance, CLERK_ACTOR, shown, "We have heard you.")
    seating.appoint(instance, OPERATOR, "clerk", "cleo@example.org")
    assert "example.org" not in caplog.text
    assert "Unreadable" in caplog.text
    with pytest.raises(Unreadable, match="outbox"):
        mailing.deliver(instance)
    instance.outbox.unlink()
    (instance.path / "aside").rename(instance.outbox)
    assert mailing.deliver(instance) == 7
    assert len(mails(instance)) == before + 7


def test_a_comment_is_changed_within_the_hour_and_not_once_it_was_read(
    instance: Instance, clock: Clock
) -> None:
    sent = send(instance, SIXTEEN, "Typo.")
    clock.now += timedelta(minutes=59)
    changed = commenting.rewrite(instance, sent.receipt_token, "", YOUNGER)
    assert (changed.kind, changed.text, changed.suggested_wording) == ("suggestion", "", YOUNGER)
    with pytest.raises(BadInput):
        commenting.rewrite(instance, sent.receipt_token, " ")
    clock.now += timedelta(minutes=1)
    with pytest.raises(Refused, match="new comment"):
        commenting.rewrite(instance, sent.receipt_token, "Late.")
    read = send(instance, SIXTEEN, "Seen.")
    moderating.show(instance, CLERK_ACTOR, read.number)
    with pytest.raises(Refused):
        commenting.rewrite(instance, read.receipt_token, "Another thing.")


def test_the_same_form_makes_one_comment_and_another_text_is_asked_about(
    instance: Instance,
) -> None:
    first = commenting.comment(instance, SIXTEEN, "Once.", form_key="key")
    again = commenting.comment(instance, SIXTEEN, "Once.", form_key="key")
    assert (again.number, again.receipt_token) == (first.number, first.receipt_token)
    assert again.sent_before
    with pytest.raises(Refused, match="sent before") as caught:
        commenting.comment(instance, SIXTEEN, "Twice.", form_key="key")
    assert caught.value.data["receipt"] == first.receipt_token
    assert commenting.comment(instance, SIXTEEN, "Once.", form_key="other").number == 2


def test_a_deadline_is_judged_by_the_moment_of_arrival_with_its_grace(
    instance: Instance, clock: Clock
) -> None:
    end = NOON + timedelta(hours=1)
    phases.set_phase(instance, CLERK_ACTOR, None, end)
    late = end + phases.GRACE
    assert commenting.comment(instance, SIXTEEN, "In time.", received_at=end).number == 1
    clock.now = late + timedelta(minutes=1)
    before = late - timedelta(seconds=1)
    assert commenting.comment(instance, SIXTEEN, "Slow.", received_at=before).number == 2
    with pytest.raises(Refused, match="is over"):
        commenting.comment(instance, SIXTEEN, "Late.", received_at=late)
    phases.set_phase(instance, CLERK_ACTOR, late + timedelta(days=1), None)
    with pytest.raises(Refused, match="not open yet"):
        commenting.comment(instance, SIXTEEN, "Early.")
    with pytest.raises(BadInput):
        phases.set_phase(instance, CLERK_ACTOR, end, end)


def test_support_counts_once_confirmed_and_once_for_an_address(instance: Instance) -> None:
    number = suggest(instance, SIXTEEN, YOUNGER)
    with pytest.raises(Refused, match="shown"):
        supporting.support(instance, number, "bo@example.org")
    moderating.show(instance, CLERK_ACTOR, number)
    for address in ("bo@example.org", "BO@example.org", "cy@example.org"):
        supporting.support(instance, number, address)
    assert supporting.supports_of(instance, [number]) == {}
    confirmed = [supporting.confirm_any(instance, t) for t in mailed(instance, "confirm")[1:]]
    assert [one.support is not None for one in confirmed] == [True, False, True]
    assert supporting.supports_of(instance, [number]) == {number: 2}
    admitting.admit(instance, CLERK_ACTOR, [number], "Fifteen")
    tip = instance.repository.tip("amendments/0001")
    assert tip is not None
    assert "supporters: 2" in instance.repository.read_text(tip, "amendments/0001.md")


def test_supporters_are_told_once_that_the_words_changed_and_can_take_it_back(
    instance: Instance,
) -> None:
    number = suggest(instance, SIXTEEN, YOUNGER)
    moderating.show(instance, CLERK_ACTOR, number)
    supporting.support(instance, number, "bo@example.org")
    supporting.confirm_any(instance, mailed(instance, "confirm")[-1])
    admitting.admit(instance, CLERK_ACTOR, [number], "Fifteen")
    for _ in range(2):
        with instance.database.writing() as session:
            mailing.tell_of_redraft(session, instance, 1, 2, [])
    mailing.write_outbox(instance)
    told = [mail for mail in mails(instance) if "have changed" in mail]
    assert len(told) == 1
    assert "To: bo@example.org" in told[0]
    assert "List-Unsubscribe: <" in told[0]
    assert supporting.take_support_back(instance, mailed(instance, "take-back")[-1]) == number
    assert supporting.supports_of(instance, [number]) == {}
    assert not any("bo@example.org" in mail for mail in mails(instance))


def test_followers_are_told_of_decisions_and_versions_until_they_end_it(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_build", lambda *_: None)
    publishing.publish(instance, CLERK_ACTOR)
    number = admitting.admit(
        instance, CLERK_ACTOR, [suggest(instance, SIXTEEN, YOUNGER)], "Fifteen"
    )
    wishes = (("clause", SIXTEEN), ("clause", REGISTER), ("amendment", "1"), ("report", ""))
    for place, (what, about) in enumerate(wishes):
        supporting.follow(instance, what, about, f"f{place}@example.org")  # type: ignore[arg-type]
    for token in mailed(instance, "confirm")[1:]:
        assert supporting.confirm_any(instance, token).following is not None
    supporting.follow(instance, "report", "", "unconfirmed@example.org")
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    mailing.write_outbox(instance)
    told = [mail for mail in mails(instance) if "is accepted" in mail]
    whom = [f"f{n}@example.org" for n in range(4) if any(f"To: f{n}@" in mail for mail in told)]
    assert whom == ["f0@example.org", "f2@example.org", "f3@example.org"]
    assert all("Because." not in mail and YOUNGER not in mail for mail in told)
    publishing.publish(instance, CLERK_ACTOR)
    news = [mail for mail in mails(instance) if "Version 2 of the report" in mail]
    assert sorted(mail.split("To: ")[1][:2] for mail in news) == ["f0", "f3"]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in news[0]
    for token in dict.fromkeys(mailed(instance, "end")):
        supporting.end_follow(instance, token)
    with pytest.raises(NotFound, match="ended already"):
        supporting.end_follow(instance, token)
    with pytest.raises(NotFound):
        supporting.follow(instance, "clause", "c-000000", "x@example.org")


def test_every_act_stands_in_the_log_and_the_first_break_is_named(instance: Instance) -> None:
    numbers = [send(instance, SIXTEEN, "One.").number for _ in range(3)]
    for number in numbers:
        moderating.show(instance, CLERK_ACTOR, number)
    moderating.show(instance, CLERK_ACTOR, numbers[0])
    moderating.hold(instance, CLERK_ACTOR, numbers[0], "It insults.", reason="threat")
    moderating.answer_many(instance, CLERK_ACTOR, numbers, "To all.")
    found, total = moderating.log(instance)
    assert total == 7
    assert [one.action for one in reversed(found)] == [*["shown"] * 3, "held", *["answered"] * 3]
    assert verify(instance.repository, instance.database).findings == ()
    changes = (
        ("UPDATE moderation_log SET sentence = 'x' WHERE number = 4", "Entry 4 was changed"),
        ("DELETE FROM moderation_log WHERE number = 2", "Entry 2 is missing"),
        ("DELETE FROM moderation_log WHERE number > 6", "7 entries were written, and 6"),
    )
    for change, sentence in changes:
        with instance.database.writing() as session:
            kept = session.execute(text("SELECT * FROM moderation_log")).mappings().all()
            session.execute(text(change))
        findings = verify(instance.repository, instance.database).findings
        assert [one.sentence[: len(sentence)] for one in findings] == [sentence]
        with instance.database.writing() as session:
            session.execute(text("DELETE FROM moderation_log"))
            columns = ", ".join(kept[0])
            values = ", ".join(f":{name}" for name in kept[0])
            for row in kept:
                session.execute(
                    text(f"INSERT INTO moderation_log ({columns}) VALUES ({values})"), dict(row)
                )
    assert verify(instance.repository, instance.database).findings == ()


def test_holding_needs_a_reason_of_the_policy_and_a_sentence(instance: Instance) -> None:
    number = send(instance, SIXTEEN, "Rude.").number
    with pytest.raises(BadInput, match="policy"):
        moderating.hold(instance, CLERK_ACTOR, number, "I dislike it.", reason="dislike")
    with pytest.raises(BadInput, match="sentence"):
        moderating.hold(instance, CLERK_ACTOR, number, " ", reason="threat")
    with instance.database.reading() as session:
        assert acts(session) == ()


def test_copies_stand_together_and_each_counts(instance: Instance) -> None:
    same = [send(instance, SIXTEEN, said).number for said in ("Me too!", "me  TOO!", "Me too!")]
    send(instance, REGISTER, "Me too!")
    found = moderating.read_comment(instance, CLERK_ACTOR, same[0])
    assert found.copies == tuple(same[1:])
    assert (found.before, found.after) == (None, same[1])
    assert moderating.count_comments(instance, CLERK_ACTOR, "waiting") == 4


def test_what_was_said_at_a_meeting_counts_and_its_code_opens_its_receipt(
    instance: Instance,
) -> None:
    day = date(2026, 2, 27)
    made = moderating.enter(
        instance, CLERK_ACTOR, SIXTEEN, "Spoken.", source="spoken", place=" Leeds ", taken_on=day
    )
    found, again = moderating.printed(instance, CLERK_ACTOR, made.number)
    assert (found.state, found.place, found.taken_on) == ("confirmed", "Leeds", day)
    assert again == made
    assert receipts.receipt_by_code(instance, 1, made.code.upper()) == made.receipt_token
    assert receipts.receipt(instance, made.receipt_token).comment.number == made.number
    other = send(instance, SIXTEEN, "Online.").number
    for number, code in ((1, "aaaa-bbbb-cccc"), (other, made.code), (77, made.code), (1, "ŷ")):
        with pytest.raises(NotFound):
            receipts.receipt_by_code(instance, number, code)
    with pytest.raises(NotFound):
        moderating.printed(instance, CLERK_ACTOR, other)
    with pytest.raises(BadInput, match="still to come"):
        moderating.enter(
            instance,
            CLERK_ACTOR,
            SIXTEEN,
            "Spoken.",
            source="paper",
            place="Leeds",
            taken_on=date(2030, 1, 1),
        )


def test_comments_are_paged_and_a_number_finds_its_page(instance: Instance) -> None:
    first = send(instance, SIXTEEN, "1").number
    with instance.database.writing() as session:
        columns = session.execute(text("SELECT * FROM comments")).mappings().one()
        for number in range(2, 2 * PAGE + 2):
            row = dict(columns) | {
                "number": number,
                "contributor": f"p-{number}",
                "receipt_hash": f"{number:064}",
            }
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            session.execute(text(f"INSERT INTO comments ({names}) VALUES ({values})"), row)
        session.execute(text("UPDATE comments SET state = 'shown'"))
    page = commenting.page_of_comments(instance, SIXTEEN, 3)
    assert (page.number, page.pages, page.total) == (3, 3, 2 * PAGE + 1)
    assert [one.number for one in page.comments] == [2 * PAGE + 1]
    assert commenting.place_of_comment(instance, first) == (SIXTEEN, 1)
    assert commenting.place_of_comment(instance, PAGE) == (SIXTEEN, 1)
    assert commenting.place_of_comment(instance, PAGE + 1) == (SIXTEEN, 2)
    assert commenting.page_of_comments(instance, SIXTEEN, 99).number == 3


@pytest.mark.parametrize(
    "said",
    ["Tŷ Hywel, Llanfairpwllgwyngyll – ŵ ŷ â", "Ana\u202ebi \u2067rtl\u2069", "👩‍⚖️ yes 🏴󠁧󠁢󠁷󠁬󠁳󠁿"],
)
def test_every_script_is_kept_as_it_was_written(instance: Instance, said: str) -> None:
    sent = send(instance, SIXTEEN, said)
    assert commenting.receipt(instance, sent.receipt_token).comment.text == said
    nul = send(instance, SIXTEEN, f"{said}\0")
    assert "\0" not in commenting.receipt(instance, nul.receipt_token).comment.text


def test_mail_that_left_is_forgotten_after_thirty_days(instance: Instance, clock: Clock) -> None:
    commenting.comment(instance, SIXTEEN, "Good.", email="ada@example.org")
    clock.now += timedelta(days=29)
    commenting.comment(instance, SIXTEEN, "Better.", email="bo@example.org")
    clock.now += timedelta(days=1, minutes=1)
    mailing.forget_sent(instance)
    assert ["bo@example.org" in mail for mail in mails(instance)] == [True]
    with instance.database.reading() as session:
        assert {mail.to_address for mail in recent_mail(session)} == {"bo@example.org"}


def test_who_never_confirmed_support_or_following_is_forgotten(
    instance: Instance, clock: Clock
) -> None:
    number = suggest(instance, SIXTEEN, YOUNGER)
    moderating.show(instance, CLERK_ACTOR, number)
    supporting.support(instance, number, "old@example.org")
    supporting.follow(instance, "report", "", "old@example.org")
    supporting.follow(instance, "report", "", "kept@example.org")
    supporting.confirm_any(instance, mailed(instance, "confirm")[-1])
    clock.now += timedelta(days=7, minutes=1)
    supporting.follow(instance, "report", "", "new@example.org")
    assert supporting.forget_unconfirmed(instance) == 2
    assert supporting.forget_unconfirmed(instance) == 0
    left = "".join(mails(instance))
    assert [name in left for name in ("old@", "kept@", "new@")] == [False, True, True]
    with instance.database.reading() as session:
        assert contributions_of(session, "old@example.org") == ()
        assert len(contributions_of(session, "kept@example.org")) == 1

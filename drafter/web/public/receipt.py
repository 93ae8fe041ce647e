"""The receipt's pages: follow, confirm, send again, change, take back, erase, find by its code."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.saying import say
from drafter.services import commenting, erasing, proposing, receipts, supporting
from drafter.services.limits import MOST_MAILS_A_DAY
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.draft import clause_url
from drafter.web.policy import policy
from drafter.web.receipts import receipt_page
from drafter.web.tongue import in_words, tell

SENT = say("The mail is on its way. Open its link within seven days.")
ENOUGH = say(
    "This address had {most_mails_a_day} mails from us today, and more would be a nuisance. "
    "Have it sent again tomorrow.",
    most_mails_a_day=MOST_MAILS_A_DAY,
)


def add_to(blueprint: Blueprint) -> None:
    """Add the receipt's routes."""
    at = "/receipt/<token>"
    blueprint.add_url_rule("/receipt", view_func=find_receipt)
    blueprint.add_url_rule("/receipt", view_func=open_receipt, methods=["POST"])
    blueprint.add_url_rule(at, view_func=receipt)
    blueprint.add_url_rule(at, view_func=withdraw, methods=["POST"])
    for view in (send_again, rewrite, withdraw_amendment, erase):
        name = view.__name__.replace("_", "-")
        blueprint.add_url_rule(f"{at}/{name}", view_func=view, methods=["POST"])
    blueprint.add_url_rule("/confirm/<token>", view_func=ask_to_confirm)
    blueprint.add_url_rule("/confirm/<token>", view_func=confirm, methods=["POST"])
    blueprint.add_url_rule("/send-again", view_func=ask_to_send_again)
    blueprint.add_url_rule("/send-again", view_func=send_again_to, methods=["POST"])


@policy("follow")
def receipt(token: str) -> str:
    """Follow a comment to the end."""
    return _page(token, {})


@policy("withdraw comment")
def withdraw(token: str) -> ResponseReturnValue:
    """Take a comment back."""
    commenting.withdraw_comment(instance(), token, actor=current_actor())
    return _back(token)


@policy("follow")
def send_again(token: str) -> ResponseReturnValue:
    """Send the mail to confirm again; add the address first where none was given."""
    try:
        sent = commenting.send_again(
            instance(), token, request.form.get("email"), actor=current_actor()
        )
    except BadInput as error:
        return _page(token, {"email": error.sentence}), 400
    flash(in_words(SENT if sent else ENOUGH), "good" if sent else "warn")
    return _back(token)


@policy("withdraw comment")
def rewrite(token: str) -> ResponseReturnValue:
    """Change a comment's words, within the hour."""
    page = receipt_page(token)
    text = request.form.get("comment", "").replace("\r\n", "\n")
    wording = request.form.get("wording", page.wording).replace("\r\n", "\n")
    view = receipts.receipt(instance(), token, actor=current_actor())
    suggests = view.comment.suggested_wording is not None or wording.strip() != page.wording.strip()
    try:
        commenting.rewrite(
            instance(), token, text, wording if suggests else None, actor=current_actor()
        )
    except BadInput as error:
        field = "wording" if suggests and text.strip() else "comment"
        return _page(token, {field: error.sentence}), 400
    flash(tell("Your comment is changed."), "good")
    return _back(token)


@policy("withdraw comment")
def withdraw_amendment(token: str) -> ResponseReturnValue:
    """Withdraw the amendment that the comment has become."""
    number = request.form.get("number", 0, type=int)
    reason = request.form.get("withdrawal", "").replace("\r\n", "\n").strip()
    if not reason:
        return _page(token, {"withdrawal": tell("Say why, in a sentence.")}), 400
    result = proposing.withdraw_by_receipt(instance(), token, number, reason, actor=current_actor())
    flash(in_words(result.sentence), "good")
    return _back(token)


@policy("erase")
def erase(token: str) -> ResponseReturnValue:
    """Erase who wrote a comment, and the words too where asked."""
    what = request.form.get("what", "")
    if what not in ("me", "words"):
        return _page(token, {"what": tell("Choose what shall be erased.")}), 400
    erasing.erase(instance(), token, words=what == "words", actor=current_actor())
    flash(tell("It is erased. Nothing that could tell who you are is left with us."), "good")
    return _back(token)


@policy("confirm")
def ask_to_confirm(token: str) -> str:
    """Show the button that confirms: a mail scanner that opens the link confirms nothing."""
    return render_template("public/confirm.html", token=token, done=None)


@policy("confirm")
def confirm(token: str) -> ResponseReturnValue:
    """Confirm whatever the mail was sent for."""
    try:
        done = supporting.confirm_any(instance(), token, actor=current_actor())
    except (Refused, NotFound) as error:
        return render_template("public/send_again.html", why=error.sentence, done=False), 409
    where = clause_url(done.comment.clause_id) if done.comment else ""
    return render_template("public/confirm.html", token=token, done=done, where=where)


@policy("follow")
def ask_to_send_again() -> str:
    """Ask for the address to which the mails to confirm shall be sent again."""
    return render_template("public/send_again.html", why="", done=False)


@policy("follow")
def send_again_to() -> ResponseReturnValue:
    """Send them again. The answer is the same for every address."""
    try:
        commenting.send_again_to(instance(), request.form.get("email", ""), actor=current_actor())
    except BadInput as error:
        return render_template("public/send_again.html", why=error.sentence, done=False), 400
    return render_template("public/send_again.html", why="", done=True)


@policy("follow")
def find_receipt() -> str:
    """Ask for the number and the code of a printed receipt."""
    return render_template("public/find_receipt.html", error="")


@policy("follow")
def open_receipt() -> ResponseReturnValue:
    """Open the receipt that belongs to a number and a code."""
    number, code = request.form.get("number", ""), request.form.get("code", "")
    try:
        known = int(number) if number.strip().isdecimal() and len(number) < 10 else 0
        token = receipts.receipt_by_code(instance(), known, code, actor=current_actor())
    except NotFound as error:
        return render_template("public/find_receipt.html", error=error.sentence), 404
    return redirect(url_for("take_part.receipt", token=token), 303)


def _page(token: str, errors: dict[str, str]) -> str:
    page = receipt_page(token)
    return render_template(
        "public/receipt.html", page=page, token=token, errors=errors, typed=request.form
    )


def _back(token: str) -> ResponseReturnValue:
    return redirect(url_for("take_part.receipt", token=token), 303)

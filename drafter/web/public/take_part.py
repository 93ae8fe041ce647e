"""Where citizens take part: what is open, a clause and its form, the receipt, the confirmation."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId
from drafter.core.rules import State
from drafter.services import amending, commenting
from drafter.web import amendments, clauses, reading, receipts
from drafter.web.actors import current_actor
from drafter.web.clauses import ClauseForm, ClausePage
from drafter.web.current import instance
from drafter.web.draft import clause_url
from drafter.web.kept import kept
from drafter.web.policy import policy

blueprint = Blueprint("take_part", __name__, url_prefix="/take-part")


@blueprint.get("/")
@policy("read")
def open_clauses() -> str:
    """List what the panel votes on, and every clause that takes comments."""
    running: tuple[State, ...] = ("put",)
    put = amending.list_amendments(instance(), running, actor=current_actor())
    motions = [amendments.line(one.number, current_actor()) for one in put]
    return render_template("public/take_part.html", motions=motions, chapters=clauses.contents())


@blueprint.get("/clause/<clause_id>")
@policy("read")
@kept
def clause(clause_id: str) -> str:
    """Show a clause with its comments and the form."""
    page = clauses.clause_page(ClauseId(clause_id))
    form = ClauseForm(wording=page.typed, seen=page.wording_hash)
    return render_template("public/clause.html", page=page, form=form, preview=None)


@blueprint.post("/clause/<clause_id>")
@policy("comment")
def send(clause_id: str) -> ResponseReturnValue:
    """Send a comment, or show what the suggestion in it would change."""
    page = clauses.clause_page(ClauseId(clause_id), comments=False)
    form = clauses.read_form(page)
    if request.form.get("do") == "preview":
        form, preview = clauses.preview(page, form)
        return _form(page, form, preview)
    form = clauses.checked(form)
    if not form.ready:
        return _form(page, form)
    try:
        sent = commenting.comment(
            instance(),
            page.id,
            form.text,
            form.suggestion,
            form.email or None,
            actor=current_actor(),
        )
    except BadInput as error:
        return _form(page, form.wrong(_field_of(form, error), error.sentence))
    return redirect(url_for("take_part.receipt", token=sent.receipt_token), 303)


def _form(page: ClausePage, form: ClauseForm, preview: Markup | None = None) -> ResponseReturnValue:
    page = clauses.clause_page(page.id)
    status = 200 if preview is not None else 400
    return render_template("public/clause.html", page=page, form=form, preview=preview), status


def _field_of(form: ClauseForm, error: BadInput) -> str:
    named = error.data.get("field")
    if named in ("comment", "wording", "email"):
        return str(named)
    return "comment" if form.suggestion is None else "wording"


@blueprint.get("/comments/<int:number>")
@policy("read")
def comment(number: int) -> ResponseReturnValue:
    """Lead from a comment's number to where it stands."""
    about = reading.clause_of_comment(current_actor(), number)
    return redirect(f"{clause_url(about)}#comment-{number}")


@blueprint.get("/amendments/<int:number>")
@policy("read")
def amendment(number: int) -> str:
    """Show an amendment to everyone, in whatever state it is."""
    page = amendments.amendment_page(number, current_actor())
    return render_template("public/amendment.html", page=page)


@blueprint.get("/receipt/<token>")
@policy("follow")
def receipt(token: str) -> str:
    """Follow a comment to the end."""
    page = receipts.receipt_page(token)
    return render_template("public/receipt.html", page=page, token=token)


@blueprint.post("/receipt/<token>")
@policy("withdraw comment")
def withdraw(token: str) -> ResponseReturnValue:
    """Take a comment back."""
    commenting.withdraw_comment(instance(), token, actor=current_actor())
    return redirect(url_for("take_part.receipt", token=token), 303)


@blueprint.get("/confirm/<token>")
@policy("confirm")
def ask_to_confirm(token: str) -> str:
    """Show the button that confirms: a mail scanner that opens the link confirms nothing."""
    return render_template("public/confirm.html", token=token, comment=None)


@blueprint.post("/confirm/<token>")
@policy("confirm")
def confirm(token: str) -> str:
    """Confirm a comment."""
    found = commenting.confirm(instance(), token, actor=current_actor())
    return render_template("public/confirm.html", token=token, comment=found)

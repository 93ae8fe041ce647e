"""Where citizens take part: what is open, a clause and its form, a comment by its number."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.errors import BadInput, Refused
from drafter.core.ids import ClauseId
from drafter.core.rules import State
from drafter.services import amending, commenting, comparing
from drafter.services.phases import commenting_phase
from drafter.web import amendments, clauses, contents, lines
from drafter.web.actors import current_actor
from drafter.web.clauses import ClauseForm, ClausePage
from drafter.web.current import instance, now
from drafter.web.draft import Link, clause_url
from drafter.web.forms import key_of, new_key, read_sent, remember
from drafter.web.kept import kept
from drafter.web.policy import policy, verdict
from drafter.web.public import following, pledges, receipt
from drafter.web.tongue import tell

blueprint = Blueprint("take_part", __name__, url_prefix="/take-part")
for part in (receipt, following, pledges):
    part.add_to(blueprint)


@blueprint.get("/")
@policy("read")
def open_clauses() -> ResponseReturnValue:
    """List what the panel votes on, and every clause that takes comments; or find one."""
    wanted = request.args.get("find", "").strip()
    found = contents.find(wanted)
    if len(found) == 1:
        return redirect(clause_url(found[0].id))
    running: tuple[State, ...] = ("put",)
    put = amending.list_amendments(instance(), running, actor=current_actor())
    return render_template(
        "public/take_part.html",
        motions=[lines.line(one.number, current_actor()) for one in put],
        chapters=contents.contents(request.args.get("chapter", type=int)),
        phase=clauses.phase_sentence(),
        wanted=wanted,
        found=found,
    )


@blueprint.get("/draft/")
@policy("read")
def draft_changes() -> str:
    """Show what has changed in the working draft since the last version: not adopted."""
    found = comparing.draft_changes(instance(), actor=current_actor())
    changes = Markup(found.html) if found else None
    return render_template("public/draft_changes.html", changes=changes)


@blueprint.get("/clause/<clause_id>")
@policy("read")
@kept
def clause(clause_id: str) -> str:
    """Show a clause with its comments and the form."""
    page = clauses.clause_page(ClauseId(clause_id), request.args.get("page", 1, type=int))
    return render_template(
        "public/clause.html", page=page, form=clauses.blank_form(page), preview=None
    )


@blueprint.post("/clause/<clause_id>")
@policy("comment")
def send(clause_id: str) -> ResponseReturnValue:
    """Send a comment, or show what the suggestion in it would change."""
    came_in = now()
    page = clauses.clause_page(ClauseId(clause_id), with_comments=False)
    form = clauses.read_form(page)
    if request.form.get("do") == "preview":
        form, preview = clauses.preview(page, form)
        return _form(page, form, preview)
    form = clauses.checked(form)
    if not form.consent:
        form = form.wrong("consent", tell("Tick that we may keep and show what you write."))
    if not commenting_phase(instance()).takes(came_in):
        form = form.wrong("comment", page.until or tell("Comments are closed."))
    if not form.ready:
        return _form(page, form)
    sent, words = read_sent(), (page.id, form.text, form.suggestion or "")
    key = key_of(sent, *words)
    try:
        receipt = commenting.comment(
            instance(),
            page.id,
            form.text,
            form.suggestion,
            form.email or None,
            actor=current_actor(),
            received_at=came_in,
            form_key=key,
            suspected=sent.suspected or verdict().hold,
            consent=clauses.CONSENT,
        )
    except BadInput as error:
        return _form(page, form.wrong(_field_of(form, error), error.sentence))
    except Refused as error:
        return _sent_before(page, form, error)
    remember(key, *words)
    return redirect(url_for("take_part.receipt", token=receipt.receipt_token), 303)


@blueprint.post("/clause/<clause_id>/preview")
@policy("comment")
def preview(clause_id: str) -> str:
    """Give the change alone, for the page that shows it while one types."""
    page = clauses.clause_page(ClauseId(clause_id), with_comments=False)
    form, marked = clauses.preview(page, clauses.read_form(page))
    problem = form.errors.get("wording", "") if form.suggestion is not None else ""
    return render_template("public/preview.html", marked=marked, problem=problem)


def _sent_before(page: ClausePage, form: ClauseForm, error: Refused) -> ResponseReturnValue:
    """Show the form again, with a key of its own, where it had made a comment with other words."""
    token = error.data.get("receipt")
    if not isinstance(token, str):
        raise error
    before = Link(
        tell("comment {data}", data=error.data["number"]), url_for("take_part.receipt", token=token)
    )
    return _form(page, form.again(new_key(), before))


def _form(page: ClausePage, form: ClauseForm, preview: Markup | None = None) -> ResponseReturnValue:
    status = 200 if preview is not None else 400
    page = clauses.clause_page(page.id)
    return render_template("public/clause.html", page=page, form=form, preview=preview), status


def _field_of(form: ClauseForm, error: BadInput) -> str:
    named = error.data.get("field")
    if named in ("comment", "wording", "email"):
        return str(named)
    if "e-mail" in error.sentence:
        return "email"
    return "comment" if form.suggestion is None else "wording"


@blueprint.get("/comments/<int:number>")
@policy("read")
def comment(number: int) -> ResponseReturnValue:
    """Lead from a comment's number to the page on which it stands."""
    about, page = commenting.place_of_comment(instance(), number, actor=current_actor())
    where = url_for("take_part.clause", clause_id=about, page=page if page > 1 else None)
    return redirect(f"{where}#comment-{number}")


@blueprint.get("/amendments/<int:number>")
@policy("read")
def amendment(number: int) -> str:
    """Show an amendment to everyone, in whatever state it is."""
    page = amendments.amendment_page(number, current_actor())
    side = request.args.get("view") == "side"
    return render_template("public/amendment.html", page=page, side=side)

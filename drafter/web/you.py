"""The page of whoever is signed in: how they sign in, on which devices, and as what."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, NotAllowed, Refused
from drafter.services import factors, own_address, passkeys, signing_in, tokens
from drafter.services.authority import Actor
from drafter.services.limits import TOKEN_LONGEST
from drafter.services.signing_in import SignedIn, Unproven
from drafter.web import challenges, confirming
from drafter.web.actors import going_on, label, sign_in, signed_in
from drafter.web.current import instance
from drafter.web.pictures import qr_code
from drafter.web.policy import policy
from drafter.web.public.sign_in import welcome
from drafter.web.tongue import tell

blueprint = Blueprint("you", __name__, url_prefix="/you")
blueprint.register_error_handler(Unproven, confirming.lead)


@blueprint.get("/")
@policy("own sign-in")
def page() -> str:
    """Show what is set up, and where the person is signed in."""
    shown = _page()
    if signing_in.is_fresh(instance(), _signed()):
        confirming.forget()
    return shown


@blueprint.get("/confirm")
@policy("own sign-in")
def confirm() -> str:
    """Show the ways to confirm that it is oneself, on a device that signed in a while ago."""
    return _confirm_page()


@blueprint.post("/confirm")
@policy("own sign-in")
def confirm_by_code() -> ResponseReturnValue:
    """Take a code of the app, or a recovery code, and lead back to where the person was."""
    try:
        done = factors.give_code(instance(), _signed(), request.form.get("code", ""))
    except BadInput as error:
        return _confirm_page({"code": error.sentence}), 400
    return _confirmed(done.signed)


@blueprint.post("/confirm/passkey")
@policy("own sign-in")
def confirm_by_passkey() -> ResponseReturnValue:
    """Take a passkey's answer, and lead back to where the person was."""
    answer, challenge = request.form.get("answer", ""), challenges.answered()
    return _confirmed(passkeys.authenticate(instance(), answer, challenge, _signed()))


@blueprint.post("/address")
@policy("own sign-in")
def ask_for_address() -> ResponseReturnValue:
    """Mail a link to the address that the person wants from now on."""
    email = request.form.get("email", "")
    try:
        own_address.ask_for_address(instance(), _signed(), email)
    except (BadInput, Refused) as error:
        status = 400 if isinstance(error, BadInput) else 409
        return _page({"email": error.sentence}), status
    return _home(
        tell("A link is on its way to the new address. Open it there, and press its button.")
    )


@blueprint.get("/address/<token>")
@policy("own sign-in")
def new_address(token: str) -> str:
    """Show the button that changes the address: opening the link alone changes nothing."""
    waits = own_address.waiting_address(instance(), _signed())
    return render_template("you/address.html", token=token, waits=waits)


@blueprint.post("/address/<token>")
@policy("own sign-in")
def confirm_address(token: str) -> ResponseReturnValue:
    """Use the link up: the person has the new address from now on."""
    sign_in(own_address.confirm_address(instance(), _signed(), token))
    return _home(tell("Your address is changed. Every other device was signed out."))


@blueprint.post("/address/keep")
@policy("own sign-in")
def keep_address() -> ResponseReturnValue:
    """Drop the change that waits."""
    own_address.drop_address(instance(), _signed())
    return _home(tell("Your address stays as it is."))


@blueprint.post("/act")
@policy("own sign-in")
def act() -> ResponseReturnValue:
    """Go on in another role that one holds."""
    given = request.form.get("seat", "")
    seat = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None
    role = request.form.get("role", "")
    return welcome(signing_in.act_as(instance(), _signed(), role, seat))


@blueprint.post("/passkey/options")
@policy("sign in")
def passkey_options() -> Response:
    """Give the browser what it asks this device for; also to who is setting up a second factor."""
    return challenges.ask(passkeys.ask_to_register(instance(), _signed()))


@blueprint.post("/passkey")
@policy("sign in")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that this device made; also of who is setting up a second factor."""
    signed = _signed()
    name = request.form.get("label", "")
    done = passkeys.register(
        instance(), signed, request.form.get("answer", ""), challenges.answered(), name
    )
    if signed.second_due:
        return welcome(done.signed, done.codes)
    return _back(done, tell("This device can sign you in from now on."))


@blueprint.post("/passkeys/<id>/remove")
@policy("own sign-in")
def remove_passkey(id: str) -> ResponseReturnValue:
    """Remove a passkey."""
    passkeys.remove(instance(), _signed(), id)
    return _home(tell("The passkey is removed."))


@blueprint.get("/app")
@policy("own sign-in")
def app() -> str:
    """Show what an authenticator app is set up with."""
    return _app_page()


@blueprint.post("/app")
@policy("own sign-in")
def confirm_app() -> ResponseReturnValue:
    """Finish setting up the app with its first code."""
    try:
        done = factors.confirm_app(instance(), _signed(), request.form.get("code", ""))
    except BadInput as error:
        return _app_page({"code": error.sentence}), 400
    return _back(done, tell("Your app is set up."))


@blueprint.post("/app/remove")
@policy("own sign-in")
def remove_app() -> ResponseReturnValue:
    """Remove the app."""
    factors.remove_app(instance(), _signed())
    return _home(tell("The authenticator app is removed."))


@blueprint.post("/codes")
@policy("own sign-in")
def codes() -> str:
    """Make new recovery codes, and show them this once."""
    made = factors.new_codes(instance(), _signed())
    return render_template("you/codes.html", codes=made, onward=url_for("you.page"))


@blueprint.post("/tokens")
@policy("own sign-in")
def make_token() -> ResponseReturnValue:
    """Make a token for a program, and show it this once."""
    given = request.form.get("days", "")
    days = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    try:
        made = tokens.make_token(instance(), _signed(), request.form.get("purpose", ""), days)
    except BadInput as error:
        return _page({str(error.data.get("field", "purpose")): error.sentence}), 400
    return render_template("you/token.html", secret=made.secret, token=made.token)


@blueprint.post("/tokens/<int:id>/end")
@policy("own sign-in")
def end_token(id: int) -> ResponseReturnValue:
    """End a token."""
    tokens.end_token(instance(), _signed(), id)
    return _home(tell("The token is ended. The program that used it can do nothing more."))


@blueprint.post("/sign-out-others")
@policy("own sign-in")
def sign_out_others() -> ResponseReturnValue:
    """Sign out every other device."""
    ended = signing_in.sign_out_others(instance(), _signed())
    return _home(
        tell("No other device was signed in.") if not ended else tell("All others are signed out.")
    )


def _signed() -> SignedIn:
    signed = signed_in()
    if signed is None:
        raise NotAllowed("Sign in first. What you typed stands below.")
    return signed


def _confirmed(signed: SignedIn) -> ResponseReturnValue:
    sign_in(signed)
    flash(tell("It is you. Now go on: you have a quarter of an hour."), "good")
    return redirect(confirming.back(), 303)


def _confirm_page(errors: dict[str, str] | None = None) -> str:
    found = factors.factors(instance(), _signed())
    return render_template(
        "you/confirm.html",
        found=found,
        errors=errors or {},
        passkeys=bool(found.passkeys) and passkeys.are_possible(instance()),
    )


def _page(errors: dict[str, str] | None = None) -> str:
    signed = _signed()
    return render_template(
        "you/page.html",
        errors=errors or {},
        waits=own_address.waiting_address(instance(), signed),
        fresh=signing_in.is_fresh(instance(), signed),
        found=factors.factors(instance(), signed),
        here=signed.session,
        who=label(signed.claimed),
        roles=[
            (each, going_on(each))
            for each in signing_in.roles_of(instance(), signed)
            if (each.role, each.seat) != (signed.claimed.role, signed.claimed.seat)
        ],
        passkeys=passkeys.are_possible(instance()),
        tokens=[
            (each, label(Actor(each.role, each.seat)))
            for each in tokens.own_tokens(instance(), signed)
        ],
        longest=TOKEN_LONGEST,
        typed=request.form or confirming.kept(),
    )


def _app_page(errors: dict[str, str] | None = None) -> str:
    setup = factors.begin_app(instance(), _signed())
    picture = qr_code(setup.uri)
    return render_template("you/app.html", setup=setup, picture=picture, errors=errors or {})


def _back(done: factors.Proven, sentence: str) -> ResponseReturnValue:
    sign_in(done.signed)
    if done.codes:
        return render_template("you/codes.html", codes=done.codes, onward=url_for("you.page"))
    return _home(sentence)


def _home(sentence: str) -> ResponseReturnValue:
    flash(sentence, "good")
    return redirect(url_for("you.page"), 303)

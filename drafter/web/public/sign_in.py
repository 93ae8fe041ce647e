"""Signing in: by a link in a mail or a passkey, the second factor after it, and signing out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput
from drafter.services import factors, passkeys, signing_in
from drafter.services.signing_in import SignedIn
from drafter.web import challenges, confirming
from drafter.web.actors import (
    current_actor,
    label,
    network,
    sign_in,
    sign_out,
    signed_in,
    signed_in_as,
)
from drafter.web.current import instance
from drafter.web.masthead import HOMES
from drafter.web.pictures import qr_code
from drafter.web.policy import policy

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@policy("sign in")
def ask_for_link() -> str:
    """Show the two ways in: a link by mail, and this device's fingerprint or PIN."""
    return _ask_page()


@blueprint.post("/sign-in")
@policy("sign in")
def send_link() -> ResponseReturnValue:
    """Mail a link, if the address belongs to somebody; the answer is the same either way."""
    email = request.form.get("email", "")
    try:
        signing_in.ask_for_link(instance(), email, network=network(), actor=current_actor())
    except BadInput as error:
        return _ask_page(email, {"email": error.sentence}), 400
    return render_template("public/sign_in_sent.html")


@blueprint.get("/sign-in/<token>")
@policy("sign in")
def ask(token: str) -> str:
    """Show the button that signs in: a mail scanner that opens the link uses up nothing."""
    return render_template("public/sign_in.html", token=token)


@blueprint.post("/sign-in/<token>")
@policy("sign in")
def redeem(token: str) -> ResponseReturnValue:
    """Use up the link and begin a session."""
    return welcome(signing_in.redeem(instance(), token, actor=current_actor()))


@blueprint.get("/sign-in/second")
@policy("sign in")
def second() -> ResponseReturnValue:
    """Ask for the second factor, or help to set one up where there is none."""
    signed = _waiting()
    return _second_page(signed) if signed else _elsewhere()


@blueprint.post("/sign-in/second")
@policy("sign in")
def give_second() -> ResponseReturnValue:
    """Take a code of the app, or a recovery code; the first code of an app sets it up."""
    signed = _waiting()
    if signed is None:
        return _elsewhere()
    code = request.form.get("code", "")
    has_one = factors.factors(instance(), signed).any
    give = factors.give_code if has_one else factors.confirm_app
    try:
        done = give(instance(), signed, code)
    except BadInput as error:
        return _second_page(signed, {"code": error.sentence}), 400
    return welcome(done.signed, done.codes)


@blueprint.post("/sign-in/passkey/options")
@policy("sign in")
def passkey_options() -> Response:
    """Give the browser what it asks the device for."""
    return challenges.ask(passkeys.ask_to_authenticate(instance(), actor=current_actor()))


@blueprint.post("/sign-in/passkey")
@policy("sign in")
def passkey() -> ResponseReturnValue:
    """Sign in by a passkey, or give it as the second factor."""
    done = passkeys.authenticate(
        instance(),
        request.form.get("answer", ""),
        challenges.answered(),
        _waiting(),
        actor=current_actor(),
    )
    return welcome(done)


@blueprint.post("/sign-out")
@policy("sign in")
def leave() -> ResponseReturnValue:
    """End the session."""
    sign_out()
    return redirect(url_for("site.front"), 303)


def welcome(signed: SignedIn, codes: tuple[str, ...] = ()) -> ResponseReturnValue:
    """Keep the session and lead to where it begins, by way of new recovery codes."""
    sign_in(signed)
    if signed.second_due:
        return redirect(url_for("sign_in.second"), 303)
    home = url_for(HOMES[signed.actor.role].url)
    if codes:
        return render_template("you/codes.html", codes=codes, onward=home)
    flash(signed_in_as(signed.actor), "good")
    return redirect(confirming.back() if confirming.is_under_way() else home, 303)


def _waiting() -> SignedIn | None:
    signed = signed_in()
    return signed if signed and signed.second_due else None


def _elsewhere() -> ResponseReturnValue:
    """Lead whoever is in already to their own pages, and everybody else to where one signs in."""
    signed = signed_in()
    where = HOMES[signed.actor.role].url if signed else "sign_in.ask_for_link"
    return redirect(url_for(where), 303)


def _ask_page(email: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template(
        "public/sign_in_ask.html",
        email=email,
        errors=errors or {},
        passkeys=passkeys.are_possible(instance()),
    )


def _second_page(signed: SignedIn, errors: dict[str, str] | None = None) -> str:
    found = factors.factors(instance(), signed)
    setup = None if found.any else factors.begin_app(instance(), signed)
    return render_template(
        "public/second.html",
        found=found,
        setup=setup,
        picture=qr_code(setup.uri) if setup else None,
        who=label(signed.claimed),
        errors=errors or {},
        passkeys=passkeys.are_possible(instance()) and (setup is not None or found.passkeys),
    )

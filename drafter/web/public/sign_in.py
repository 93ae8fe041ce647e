"""Signing in by a one-time link, and signing out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from drafter.services import signing_in
from drafter.web.actors import current_actor, label, sign_in, sign_out
from drafter.web.current import instance
from drafter.web.policy import policy

blueprint = Blueprint("sign_in", __name__)

HOME = {"seat": "panel.desk", "clerk": "clerk.desk"}


@blueprint.get("/sign-in/<token>")
@policy("sign in")
def ask(token: str) -> str:
    """Show the button that signs in: a mail scanner that opens the link uses up nothing."""
    return render_template("public/sign_in.html", token=token)


@blueprint.post("/sign-in/<token>")
@policy("sign in")
def redeem(token: str) -> ResponseReturnValue:
    """Use up the link and begin a session."""
    who = signing_in.redeem(instance(), token, actor=current_actor())
    sign_in(who)
    flash(f"You are signed in as {label(who)[0].lower()}{label(who)[1:]}.", "good")
    return redirect(url_for(HOME[who.role]), 303)


@blueprint.post("/sign-out")
@policy("sign in")
def leave() -> ResponseReturnValue:
    """End the session."""
    sign_out()
    return redirect(url_for("site.front"), 303)

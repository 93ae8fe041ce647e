"""What somebody does about their own sign-in, each verb as it is called."""

from __future__ import annotations

from collections.abc import Callable

from drafter.services import factors, own_address, passkeys, signing_in, tokens
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import Device

CHANGES: dict[str, Callable[[Instance, SignedIn], object]] = {
    "begin_app": factors.begin_app,
    "confirm_app": lambda i, s: factors.confirm_app(i, s, "123456"),
    "remove_app": factors.remove_app,
    "new_codes": factors.new_codes,
    "ask_to_register": passkeys.ask_to_register,
    "register": lambda i, s: passkeys.register(i, s, (d := Device()).make(c := "eHh4"), c, d.host),
    "remove": lambda i, s: passkeys.remove(i, s, "key"),
    "ask_for_address": lambda i, s: own_address.ask_for_address(i, s, "new@example.org"),
    "confirm_address": lambda i, s: own_address.confirm_address(i, s, "t"),
}
"""Whatever changes how somebody signs in."""

SETS_UP: dict[str, Callable[[Instance, SignedIn], object]] = {
    **{name: CHANGES[name] for name in CHANGES if not name.startswith(("remove", "confirm_addr"))},
    "make_token": lambda i, s: tokens.make_token(i, s, "A screen", 30),
}
"""Whatever lets somebody in for long."""

OWN: dict[str, Callable[[Instance, SignedIn], object]] = {
    **CHANGES,
    "factors": factors.factors,
    "waiting_address": own_address.waiting_address,
    "drop_address": own_address.drop_address,
    "give_code": lambda i, s: factors.give_code(i, s, "123456"),
    "make_token": lambda i, s: tokens.make_token(i, s, "A screen", 30),
    "own_tokens": tokens.own_tokens,
    "end_token": lambda i, s: tokens.end_token(i, s, 1),
    "sign_out_others": signing_in.sign_out_others,
    "roles_of": signing_in.roles_of,
    "act_as": lambda i, s: signing_in.act_as(i, s, "seat", 2),
}
"""Whatever somebody does about their own sign-in."""

"""A program that asks the interface: with a token, or without."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from drafter.services import signing_in, tokens
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance


def token_of(instance: Instance, who: Actor) -> str:
    """Sign somebody in and make a token."""
    link = signing_in.mint_link(instance, OPERATOR, who)
    signed = signing_in.redeem(instance, link.rpartition("/")[2])
    return tokens.make_token(instance, signed, "A program", 30).secret


class Program:
    """Asks below `/api/v1`, and shows its token where it has one."""

    def __init__(self, app: Flask, secret: str = "") -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, where: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{where}", headers={**self.headers, **headers})

    def send(self, method: str, where: str, sent: object = None, **headers: str) -> TestResponse:
        return self.client.open(
            f"/api/v1{where}", method=method, json=sent, headers={**self.headers, **headers}
        )
